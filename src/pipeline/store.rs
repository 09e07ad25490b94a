//! The output folder as the pipeline sees it: visible outputs, cached chunks, receipts.
//!
//! ```text
//! <out>/.lock                    who may write
//! <out>/.cache/journal.jsonl     receipts
//! <out>/.cache/objects/ab/ab…    chunks under the digest of their bytes
//! <out>/.cache/tmp/              files being written; emptied by the next run after a kill
//! <out>/.cache/scratch/          folders of commands that make everything twice; likewise
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::digest::Digest;
use super::disk;
use super::error::Error;
use super::journal::{self, Journal, Receipts};
use super::lock::Lock;
use super::receipt::{Product, Receipt};
use super::scratch;
use super::stage::{CACHE, Place, Stage};

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
        disk::no_link_between(&folders.out, &temporary)?;
        disk::remove(&temporary)?;
        scratch::sweep(&folders.out)?;
        fs::create_dir_all(&temporary).map_err(Error::io("create", &temporary))?;
        let path = journal_path(&folders.out);
        disk::make_way(&path)?;
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

    /// Digest of a source file, relative to the root, `None` if there is none.
    pub(super) fn source(&self, file: &Path) -> Result<Option<Digest>, Error> {
        self.digest(&self.folders.root.join(file), disk::read)
    }

    /// Digest of the output at `path`, `None` if no file of ours is there.
    pub(super) fn output(&self, path: &Path) -> Result<Option<Digest>, Error> {
        disk::no_link_between(&self.folders.out, path)?;
        self.digest(path, disk::read_own)
    }

    fn digest(
        &self,
        path: &Path,
        read: impl FnOnce(&Path) -> Result<Option<Vec<u8>>, Error>,
    ) -> Result<Option<Digest>, Error> {
        if let Some(known) = unpoisoned(&self.digests).get(path) {
            return Ok(known.clone());
        }
        let digest = read(path)?.map(|bytes| Digest::of(&bytes));
        unpoisoned(&self.digests).insert(path.to_owned(), digest.clone());
        Ok(digest)
    }

    /// Whether every product of `receipt` is on the disk with its recorded bytes.
    pub(super) fn intact(&self, receipt: &Receipt) -> Result<bool, Error> {
        for product in &receipt.products {
            if self.output(&self.path(receipt.place(), product))?.as_ref() != Some(&product.digest) {
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
            if self.output(&target)?.as_ref() != Some(&product.digest) {
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

/// Replaces the file at `target`, below `out`, by `bytes`, all or nothing; the holder of the lock calls this.
pub(super) fn write_atomically(out: &Path, target: &Path, bytes: &[u8]) -> Result<(), Error> {
    disk::write_below(out, &temporary(out), target, bytes)
}

/// A panic in a stage leaves the maps behind these locks whole: every insertion is one call.
pub(super) fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
