//! The output folder as the pipeline sees it: visible outputs, cached chunks, receipts.
//!
//! ```text
//! <out>/.lock                    who may write
//! <out>/.cache/journal.jsonl     receipts
//! <out>/.cache/objects/ab/ab…    chunks under the digest of their bytes
//! <out>/.cache/tmp/              files being written; emptied by the next run after a kill
//! ```
//!
//! A file is written under a temporary name in the same file system, flushed to the disk, then renamed:
//! at its own path there are always either all of its old bytes or all of its new ones.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::digest::Digest;
use super::error::Error;
use super::journal::{self, Journal, Receipts};
use super::lock::Lock;
use super::receipt::{Product, Receipt};
use super::stage::{Place, Stage};

/// Name of the private folder inside the output folder.
pub(super) const CACHE: &str = ".cache";

/// The two folders a pipeline works between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// The project's root, to which source files are relative.
    pub root: PathBuf,
    /// The output folder.
    pub out: PathBuf,
}

/// Receipts and digests of one output folder; hashes every file at most once.
#[derive(Debug)]
pub(super) struct Store {
    folders: Folders,
    receipts: Mutex<Receipts>,
    digests: Mutex<BTreeMap<PathBuf, Option<Digest>>>,
    writer: Option<Writer>,
}

#[derive(Debug)]
struct Writer {
    journal: Mutex<Journal>,
    _lock: Lock,
}

impl Store {
    /// Opens the folder to look at it; nothing is written and no lock is needed.
    pub(super) fn read_only(folders: &Folders) -> Result<Self, Error> {
        let receipts = journal::read(&journal_path(&folders.out))?.receipts;
        Ok(Self::new(folders, receipts, None))
    }

    /// Opens the folder to write to it, and removes what a killed run left behind.
    pub(super) fn writable(folders: &Folders, lock: Lock) -> Result<Self, Error> {
        let temporary = temporary(&folders.out);
        match fs::remove_dir_all(&temporary) {
            Err(source) if source.kind() != ErrorKind::NotFound => return Err(Error::io("remove", &temporary)(source)),
            _ => fs::create_dir_all(&temporary).map_err(Error::io("create", &temporary))?,
        }
        let path = journal_path(&folders.out);
        let mut contents = journal::read(&path)?;
        if let Some(bytes) = journal::compacted(&contents) {
            write_atomically(&folders.out, &path, &bytes.map_err(Error::io("write", &path))?)?;
            contents = journal::read(&path)?;
        }
        let journal = Mutex::new(Journal::open(&path, &contents)?);
        Ok(Self::new(folders, contents.receipts, Some(Writer { journal, _lock: lock })))
    }

    fn new(folders: &Folders, receipts: Receipts, writer: Option<Writer>) -> Self {
        let digests = Mutex::default();
        Self { folders: folders.clone(), receipts: Mutex::new(receipts), digests, writer }
    }

    pub(super) fn receipts(&self) -> MutexGuard<'_, Receipts> {
        unpoisoned(&self.receipts)
    }

    pub(super) fn root(&self) -> &Path {
        &self.folders.root
    }

    /// Where a product is, whichever place it lives in.
    pub(super) fn path(&self, place: Place, product: &Product) -> PathBuf {
        path_in(&self.folders.out, place, product)
    }

    /// Digest of the file at `path`, `None` if there is none.
    pub(super) fn digest(&self, path: &Path) -> Result<Option<Digest>, Error> {
        if let Some(known) = unpoisoned(&self.digests).get(path) {
            return Ok(known.clone());
        }
        let digest = match fs::read(path) {
            Ok(bytes) => Some(Digest::of(&bytes)),
            Err(source) if matches!(source.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => None,
            Err(source) => return Err(Error::io("read", path)(source)),
        };
        unpoisoned(&self.digests).insert(path.to_owned(), digest.clone());
        Ok(digest)
    }

    /// Whether every product of `receipt` is on the disk with its recorded bytes.
    pub(super) fn intact(&self, receipt: &Receipt) -> Result<bool, Error> {
        for product in &receipt.products {
            if self.digest(&self.path(receipt.place(), product))?.as_ref() != Some(&product.digest) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Writes the outputs of `stage` where they are not there already, and describes them.
    pub(super) fn save(&self, stage: &Stage, outputs: &[Vec<u8>]) -> Result<Vec<Product>, Error> {
        let mut products = Vec::with_capacity(outputs.len());
        for (path, bytes) in stage.outputs.iter().zip(outputs) {
            let product = Product { path: path.clone(), digest: Digest::of(bytes), bytes: bytes.len() as u64 };
            let target = self.path(stage.place, &product);
            if self.digest(&target)?.as_ref() != Some(&product.digest) {
                unpoisoned(&self.digests).remove(&target);
                write_atomically(&self.folders.out, &target, bytes)?;
                unpoisoned(&self.digests).insert(target, Some(product.digest.clone()));
            }
            products.push(product);
        }
        Ok(products)
    }

    /// Makes `receipt` count, now and after a kill.
    ///
    /// # Errors
    /// The journal cannot be written, which for a store that was opened to look includes every call.
    pub(super) fn record(&self, receipt: Receipt) -> Result<(), Error> {
        let Some(writer) = &self.writer else {
            let path = journal_path(&self.folders.out);
            return Err(Error::io("write", &path)(ErrorKind::PermissionDenied.into()));
        };
        unpoisoned(&writer.journal).append(&receipt)?;
        self.receipts().insert(receipt);
        Ok(())
    }
}

pub(super) fn path_in(out: &Path, place: Place, product: &Product) -> PathBuf {
    match place {
        Place::Folder => out.join(&product.path),
        Place::Cache => {
            let digest = product.digest.as_str();
            out.join(CACHE).join("objects").join(&digest[..2]).join(digest)
        }
    }
}

pub(super) fn journal_path(out: &Path) -> PathBuf {
    out.join(CACHE).join("journal.jsonl")
}

fn temporary(out: &Path) -> PathBuf {
    out.join(CACHE).join("tmp")
}

/// Replaces the file at `target` by `bytes`, all or nothing; the holder of the lock calls this.
pub(super) fn write_atomically(out: &Path, target: &Path, bytes: &[u8]) -> Result<(), Error> {
    let temporary = temporary(out);
    fs::create_dir_all(&temporary).map_err(Error::io("create", &temporary))?;
    let folder = target.parent().unwrap_or(out);
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What a plain create asks for; the umask takes its share as usual.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(&temporary).map_err(Error::io("write", target))?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(Error::io("write", target))?;
    file.persist(target).map_err(|error| Error::io("write", target)(error.error))?;
    flush_folder(folder)
}

/// Makes a rename in `folder` survive a power cut, where folders can be opened and flushed.
fn flush_folder(folder: &Path) -> Result<(), Error> {
    if cfg!(unix) {
        File::open(folder).and_then(|file| file.sync_all()).map_err(Error::io("write", folder))
    } else {
        Ok(())
    }
}

/// A panic in a stage leaves the maps behind these locks whole: every insertion is one call.
pub(super) fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
