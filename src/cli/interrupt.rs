//! Ctrl-C and termination: a flag that stages ask for, and an end for those that do not.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How long a run may take to stop by itself; the whole must be over within two seconds.
const PATIENCE: Duration = Duration::from_millis(1500);
/// Exit code of an interrupted command, as shells have it.
const INTERRUPTED: i32 = 130;

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
            let _ = writeln!(
                std::io::stderr(),
                "error: interrupted; finished chunks are kept, and the same command continues"
            );
            std::process::exit(INTERRUPTED);
        });
        flag
    });
    Arc::clone(flag)
}
