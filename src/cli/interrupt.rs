//! Ctrl-C and termination: a flag that long work asks for, and an end for what does not.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// How long a run may take to stop by itself; the whole must be over within two seconds.
const PATIENCE: Duration = Duration::from_millis(1500);
/// Exit code of an interrupted command, as shells have it.
pub(super) const INTERRUPTED: u8 = 130;
/// The file that a command is writing, of which nothing is to be left.
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Has the end of an interrupted process remove an unfinished file, if there is one.
pub(super) fn removes(file: Option<&Path>) {
    *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner) = file.map(Path::to_owned);
}

/// The flag that a signal sets, one for the process. The first call listens for signals.
pub(super) fn flag() -> Arc<AtomicBool> {
    static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    let flag = FLAG.get_or_init(|| {
        let flag = Arc::new(AtomicBool::new(false));
        let raised = Arc::clone(&flag);
        // without a handler the system ends the process at once, which loses no finished chunk either
        let _ = ctrlc::set_handler(move || {
            raised.store(true, Ordering::Relaxed);
            std::thread::sleep(PATIENCE);
            let told = match UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).take() {
                Some(file) => {
                    let _ = std::fs::remove_file(file);
                    "no file is written"
                }
                None => "finished chunks are kept, and the same command continues",
            };
            let _ = writeln!(std::io::stderr(), "error: interrupted; {told}");
            std::process::exit(INTERRUPTED.into());
        });
        flag
    });
    Arc::clone(flag)
}
