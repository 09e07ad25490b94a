//! Ctrl-C and termination: a flag that long work asks for, and an end for what does not.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// How long a run may take to stop by itself; the whole must be over within two seconds.
const PATIENCE: Duration = Duration::from_millis(1500);
/// Exit code of a command that Ctrl-C has ended, as shells have it: 128 and the number of the signal.
const INTERRUPTED: u8 = 130;
/// Exit code by the signal that came last.
static CODE: AtomicU8 = AtomicU8::new(INTERRUPTED);
/// What an interrupted command leaves.
static WORK: Mutex<Work> = Mutex::new(Work::Run);

/// What a command is at.
#[derive(Debug)]
enum Work {
    /// A run, of which finished chunks are kept.
    Run,
    /// A file that it is writing, of which nothing is to be left.
    File(PathBuf),
    /// An answer, which it would print when it has it all.
    Answer,
}

/// Has the end of an interrupted process remove an unfinished file, if there is one.
pub(super) fn removes(file: Option<&Path>) {
    set(file.map_or(Work::Run, |file| Work::File(file.to_owned())));
}

/// The flag of a command that keeps nothing when it is interrupted.
pub(super) fn answering() -> Arc<AtomicBool> {
    set(Work::Answer);
    flag()
}

fn set(work: Work) {
    *WORK.lock().unwrap_or_else(PoisonError::into_inner) = work;
}

/// The exit code of an interrupted command.
pub(super) fn code() -> u8 {
    CODE.load(Ordering::Relaxed)
}

/// The flag that a signal sets, one for the process. The first call listens for signals.
pub(super) fn flag() -> Arc<AtomicBool> {
    static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    let flag = FLAG.get_or_init(|| {
        let flag = Arc::new(AtomicBool::new(false));
        listen(Arc::clone(&flag));
        flag
    });
    Arc::clone(flag)
}

/// Waits for signals on a thread of its own. Without it the system ends the process at once, which loses no finished
/// chunk either.
#[cfg(unix)]
fn listen(flag: Arc<AtomicBool>) {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP]) else { return };
    let wait = move || {
        for signal in signals.forever() {
            CODE.store(u8::try_from(128 + signal).unwrap_or(INTERRUPTED), Ordering::Relaxed);
            end(&flag);
        }
    };
    let _ = std::thread::Builder::new().name("signals".to_owned()).spawn(wait);
}

#[cfg(not(unix))]
fn listen(flag: Arc<AtomicBool>) {
    let _ = ctrlc::set_handler(move || end(&flag));
}

/// Raises the flag, and ends what does not stop by itself.
fn end(flag: &AtomicBool) {
    flag.store(true, Ordering::Relaxed);
    std::thread::sleep(PATIENCE);
    let told = match &*WORK.lock().unwrap_or_else(PoisonError::into_inner) {
        Work::Run => "finished chunks are kept, and the same command continues",
        Work::File(file) => {
            let _ = std::fs::remove_file(file);
            "no file is written"
        }
        Work::Answer => "there is no answer",
    };
    let _ = writeln!(std::io::stderr(), "error: interrupted; {told}");
    std::process::exit(code().into());
}
