//! A panic in a stage is an error of that stage, told in one line: what was said and where.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Stages being made, over all threads.
static IN_FLIGHT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// Where the last panic of this thread was, while it makes a stage.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
    static IN_STAGE: RefCell<bool> = const { RefCell::new(false) };
}

/// Calls `work`; a panic in it comes back as its message, with nothing printed.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    install_hook();
    IN_FLIGHT.fetch_add(1, Ordering::Relaxed);
    IN_STAGE.set(true);
    PLACE.set(None);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    IN_STAGE.set(false);
    IN_FLIGHT.fetch_sub(1, Ordering::Relaxed);
    result.map_err(|payload| match PLACE.take() {
        Some(place) => format!("it panicked at {place}: {}", message(payload.as_ref())),
        None => format!("it panicked: {}", message(payload.as_ref())),
    })
}

/// Lets the panics of stages pass in silence and leaves all others to the hook that was there.
fn install_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if IN_STAGE.with_borrow(|in_stage| *in_stage) {
                PLACE.set(info.location().map(|place| format!("{}:{}", place.file(), place.line())));
            } else if !from_a_helper_thread(info) {
                previous(info);
            }
        }));
    });
}

/// Whether this thread works for a stage: rayon's threads have no name, and hand the panic on to the stage.
fn from_a_helper_thread(_info: &PanicHookInfo<'_>) -> bool {
    IN_FLIGHT.load(Ordering::Relaxed) > 0 && thread::current().name().is_none()
}

fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
