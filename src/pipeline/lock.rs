//! The lock of an output folder: one writer at a time, released by the kernel however the writer ends.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::disk;
use super::error::Error;

/// Name of the lock file in the output folder.
pub(super) const LOCK: &str = ".lock";

/// How often a waiting run looks again: short against a human's patience, long against the cost of looking.
const POLL: Duration = Duration::from_millis(50);

/// The right to write to an output folder, given up when dropped or when the process dies.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Creates the output folder and locks it, calling `waiting` once if another run has it.
    ///
    /// # Errors
    /// The folder or the lock file cannot be made, or the run was interrupted while it waited.
    pub(super) fn acquire(out: &Path, interrupt: &AtomicBool, waiting: impl FnOnce(&Path)) -> Result<Self, Error> {
        create(out)?;
        let path = out.join(LOCK);
        disk::make_way(&path)?;
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(Error::io("write", &path))?;
        wait(&path, || file.try_lock(), interrupt, waiting)?;
        Ok(Self { _file: file })
    }
}

/// An output folder in which no run writes for as long as this lives; others may look at it too.
#[derive(Debug)]
pub struct Hold {
    _file: Option<File>,
}

impl Hold {
    /// Waits for the run that writes to `out`, if there is one, calling `waiting` once with the lock's path.
    ///
    /// A folder that no run has written to has no lock, and nothing to wait for.
    ///
    /// # Errors
    /// The lock cannot be read, or `interrupt` was set while it waited.
    pub fn on(out: &Path, interrupt: &AtomicBool, waiting: impl FnOnce(&Path)) -> Result<Self, Error> {
        let path = out.join(LOCK);
        if !disk::look(&path)?.is_some_and(|found| found.is_file()) {
            return Ok(Self { _file: None });
        }
        let file = File::open(&path).map_err(Error::io("read", &path))?;
        wait(&path, || file.try_lock_shared(), interrupt, waiting)?;
        Ok(Self { _file: Some(file) })
    }
}

/// Tries again and again to get a lock.
fn wait(
    path: &Path,
    mut attempt: impl FnMut() -> Result<(), TryLockError>,
    interrupt: &AtomicBool,
    waiting: impl FnOnce(&Path),
) -> Result<(), Error> {
    let mut waiting = Some(waiting);
    loop {
        match attempt() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(source)) => return Err(Error::io("lock", path)(source)),
            Err(TryLockError::WouldBlock) => {
                if let Some(waiting) = waiting.take() {
                    waiting(path);
                }
                if interrupt.load(Ordering::Relaxed) {
                    return Err(Error::InterruptedWaiting);
                }
                thread::sleep(POLL);
            }
        }
    }
}

/// Makes the output folder; it may be a link to one.
fn create(out: &Path) -> Result<(), Error> {
    fs::create_dir_all(out).map_err(|source| match fs::read_link(out) {
        Ok(to) if source.kind() == ErrorKind::AlreadyExists && !out.exists() => {
            Error::DanglingOut { path: out.to_owned(), to }
        }
        _ => Error::io("create", out)(source),
    })
}

/// Does `work` while no run writes to the output folder; waits for the one that does.
///
/// # Errors
/// The folder or the lock file cannot be made, or `interrupt` was set while it waited.
pub fn exclusively<T>(out: &Path, interrupt: &AtomicBool, work: impl FnOnce() -> T) -> Result<T, Error> {
    let _lock = Lock::acquire(out, interrupt, |_| ())?;
    Ok(work())
}
