//! Folders for what is made only to be looked at once, inside the cache, so that a kill leaves nothing elsewhere.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::disk;
use super::error::Error;
use super::stage::CACHE;

/// An empty folder, removed when dropped; one whose owner was killed is removed by the next run.
#[derive(Debug)]
pub struct Scratch {
    folder: PathBuf,
    owner: PathBuf,
    _lock: File,
}

impl Scratch {
    /// Makes a folder in the cache of the output folder `out`.
    ///
    /// # Errors
    /// It can't be made.
    pub fn new(out: &Path) -> Result<Self, Error> {
        let parent = parent(out);
        disk::no_link_between(out, &parent.join("any"))?;
        fs::create_dir_all(&parent).map_err(Error::io("create", &parent))?;
        sweep(out)?;
        let builder = tempfile::Builder::new().suffix(".owner").tempfile_in(&parent);
        let (lock, owner) = builder.and_then(|file| Ok(file.keep()?)).map_err(Error::io("create", &parent))?;
        lock.lock().map_err(Error::io("lock", &owner))?;
        let folder = owner.with_extension("");
        fs::create_dir(&folder).map_err(Error::io("create", &folder))?;
        Ok(Self { folder, owner, _lock: lock })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // what cannot be removed now is removed by the next run
        let _ = disk::remove(&self.folder).and_then(|()| disk::remove(&self.owner));
    }
}

/// Removes the folders whose owners are no more: a living one holds its lock.
pub(super) fn sweep(out: &Path) -> Result<(), Error> {
    let parent = parent(out);
    if !disk::look(&parent)?.is_some_and(|found| found.is_dir()) {
        return disk::remove(&parent);
    }
    let entries = fs::read_dir(&parent).map_err(Error::io("read", &parent))?;
    let paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    for owner in paths.iter().filter(|path| path.extension().is_some_and(|end| end == "owner")) {
        if let Ok(Some(found)) = disk::look(owner)
            && (!found.is_file() || File::open(owner).is_ok_and(|file| file.try_lock().is_ok()))
        {
            disk::remove(&owner.with_extension(""))?;
            disk::remove(owner)?;
        }
    }
    Ok(())
}

fn parent(out: &Path) -> PathBuf {
    out.join(CACHE).join("scratch")
}
