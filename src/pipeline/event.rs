//! What a run tells whoever watches it.

use std::path::Path;

use super::error::Failure;
use super::plan::Plan;
use super::stage::Stage;

/// Something that happened in a run.
#[derive(Debug)]
pub enum Event<'a> {
    /// Another run holds the lock; this one waits for it.
    Waiting {
        /// The lock file.
        lock: &'a Path,
    },
    /// The plan, before its first stage.
    Planned {
        /// What is going to happen.
        plan: &'a Plan,
    },
    /// The stage begins.
    Started {
        /// The stage.
        stage: &'a Stage,
    },
    /// The stage is made and stored.
    Finished {
        /// The stage.
        stage: &'a Stage,
        /// Wall time, see [`Receipt::seconds`](super::Receipt::seconds).
        seconds: f64,
    },
    /// The stage need not run: it was fresh from the start, or its inputs came out with their old bytes.
    Fresh {
        /// The stage.
        stage: &'a Stage,
    },
    /// The stage failed.
    Failed {
        /// Which and why.
        failure: &'a Failure,
    },
}

/// Watches a run; called from several threads.
pub trait Progress: Sync {
    /// Takes note of `event`.
    fn event(&self, event: &Event<'_>);
}

/// Watches nothing.
impl Progress for () {
    fn event(&self, _event: &Event<'_>) {}
}
