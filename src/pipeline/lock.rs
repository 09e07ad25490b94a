//! The lock of an output folder: one writer at a time, released by the kernel however the writer ends.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

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
        fs::create_dir_all(out).map_err(Error::io("create", out))?;
        let path = out.join(LOCK);
        let options = File::options().create(true).truncate(false).write(true).open(&path);
        let file = options.map_err(Error::io("write", &path))?;
        let mut waiting = Some(waiting);
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::Error(source)) => return Err(Error::io("lock", &path)(source)),
                Err(TryLockError::WouldBlock) => {
                    if let Some(waiting) = waiting.take() {
                        waiting(&path);
                    }
                    if interrupt.load(Ordering::Relaxed) {
                        return Err(Error::Interrupted { finished: 0, left: 0 });
                    }
                    thread::sleep(POLL);
                }
            }
        }
    }
}

/// Does `work` while no run writes to the output folder; waits for the one that does.
///
/// # Errors
/// The folder or the lock file cannot be made.
pub fn exclusively<T>(out: &Path, work: impl FnOnce() -> T) -> Result<T, Error> {
    let _lock = Lock::acquire(out, &AtomicBool::new(false), |_| ())?;
    Ok(work())
}
