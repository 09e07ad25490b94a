//! A panic is a mistake in the program. It ends in one line that says what and where, and the backtrace below it where
//! `RUST_BACKTRACE` asks for one.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, Once};
use std::thread;

use super::store::unpoisoned;

/// Where a panic was.
struct Place {
    place: String,
    /// How the program got there, on lines of its own; empty unless asked for.
    backtrace: String,
}

/// Calls to [`caught`] under way, over all threads.
static IN_FLIGHT: AtomicUsize = AtomicUsize::new(0);

/// What panicked on helper threads, and where: they hand a panic on to whoever waits.
static HANDED_ON: Mutex<Vec<(String, Place)>> = Mutex::new(Vec::new());

thread_local! {
    /// Where the last panic of this thread was, while it is watched.
    static PLACE: RefCell<Option<Place>> = const { RefCell::new(None) };
    static WATCHED: RefCell<bool> = const { RefCell::new(false) };
}

/// Calls `work`; a panic in it, or in a thread that works for it, comes back as one line with its place.
///
/// # Errors
/// What was said in the panic, and where that was.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    install_hook();
    IN_FLIGHT.fetch_add(1, Ordering::Relaxed);
    let before = WATCHED.replace(true);
    PLACE.set(None);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    WATCHED.set(before);
    IN_FLIGHT.fetch_sub(1, Ordering::Relaxed);
    result.map_err(|payload| {
        let message = message(payload.as_ref());
        match PLACE.take().or_else(|| handed_on(message)) {
            Some(Place { place, backtrace }) => format!("it panicked at {place}: {message}{backtrace}"),
            None => format!("it panicked: {message}"),
        }
    })
}

/// Keeps watched panics to themselves and leaves all others to the hook that was there.
fn install_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let place = info.location().map_or_else(String::new, |place| format!("{}:{}", place.file(), place.line()));
            let backtrace = Backtrace::capture();
            let asked_for = backtrace.status() == BacktraceStatus::Captured;
            let backtrace = if asked_for { told(&backtrace.to_string()) } else { String::new() };
            let place = Place { place, backtrace };
            if WATCHED.with_borrow(|watched| *watched) {
                PLACE.set(Some(place));
            } else if IN_FLIGHT.load(Ordering::Relaxed) > 0 && helps(thread::current().name()) {
                unpoisoned(&HANDED_ON).push((message(info.payload()).to_owned(), place));
            } else {
                previous(info);
            }
        }));
    });
}

/// Whether a thread is a helper by its name: rayon's have none, those of the tables' reader begin with the library's.
fn helps(name: Option<&str>) -> bool {
    name.is_none_or(|name| name.starts_with("polars-"))
}

/// A backtrace, or how to get one that names functions: a program as it is shipped holds no names.
fn told(backtrace: &str) -> String {
    match backtrace.contains(concat!(env!("CARGO_CRATE_NAME"), "::")) {
        true => format!("\n{backtrace}"),
        false => "\nthis build has no names of functions; `cargo run --profile symbols` shows the calls".to_owned(),
    }
}

/// Where a helper thread panicked with this message.
fn handed_on(message: &str) -> Option<Place> {
    let mut panics = unpoisoned(&HANDED_ON);
    let found = panics.iter().rposition(|(said, _)| said == message)?;
    Some(panics.remove(found).1)
}

fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use super::{caught, told};

    #[test]
    fn a_panic_tells_its_place_on_whichever_thread_it_was() {
        let line = |told: Result<(), String>| told.unwrap_err().lines().next().unwrap().to_owned();
        let here = line(caught(|| panic!("no {}", "grip")));
        assert!(here.starts_with("it panicked at src/pipeline/panics.rs:") && here.ends_with(": no grip"), "{here}");
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        let there = line(caught(|| pool.install(|| panic!("lost"))));
        assert!(there.starts_with("it panicked at src/pipeline/panics.rs:") && there.ends_with(": lost"), "{there}");
        assert_eq!(caught(|| 1), Ok(1));
    }

    #[test]
    fn a_backtrace_without_names_says_where_names_are_to_be_had() {
        let named = "0: redistill::pipeline::panics::caught";
        assert_eq!(told(named), format!("\n{named}"));
        assert!(told("0: <unknown>\n1: <unknown>").contains("--profile symbols"));
    }
}
