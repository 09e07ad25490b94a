//! The threads of the commands that compute without a run.

use std::sync::OnceLock;

use rayon::ThreadPoolBuilder;

use crate::pipeline::Options;

use super::Failure;
use super::run_args::MOST_THREADS;

/// Starts them, as many as `RAYON_NUM_THREADS` or the machine says and no more than a run may have.
pub(super) fn start() -> Result<(), Failure> {
    static STARTED: OnceLock<Result<(), String>> = OnceLock::new();
    let count = Options::default().threads().min(MOST_THREADS);
    let started = STARTED
        .get_or_init(|| ThreadPoolBuilder::new().num_threads(count).build_global().map_err(|error| error.to_string()));
    started.clone().map_err(|error| {
        Failure::failed(format!("cannot start {count} threads: {error}; a smaller RAYON_NUM_THREADS asks for fewer"))
    })
}
