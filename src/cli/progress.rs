//! The progress bar: on stderr, on a terminal only.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};

use crate::pipeline::{Event, Hold, Progress};

use super::{Failure, interrupt};

/// Shows a run's progress, weighted by what stages are expected to cost.
pub(super) struct Bar {
    bar: Option<ProgressBar>,
    weights: Mutex<BTreeMap<String, u64>>,
}

/// Waits for the run that writes to an output folder, if there is one, and keeps others from writing to it.
pub(super) fn hold(out: &Path) -> Result<Hold, Failure> {
    Ok(Hold::on(out, &interrupt::flag(), say_waiting)?)
}

/// Says what a command waits for.
pub(super) fn say_waiting(lock: &Path) {
    let _ = writeln!(std::io::stderr(), "waiting for another run to release {}", lock.display());
}

/// A bar of so many units on a terminal, nothing elsewhere.
pub(super) fn counting(units: u64) -> Option<ProgressBar> {
    std::io::stderr().is_terminal().then(|| {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let template = if plain {
            "{elapsed:>4} [{bar:32}] {percent:>3}% {wide_msg}"
        } else {
            "{elapsed:>4} {bar:32.cyan/dim} {percent:>3}% {wide_msg:.dim}"
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        ProgressBar::new(units).with_style(style.progress_chars("━╸─"))
    })
}

/// Units of the bar per unit of weight.
const RESOLUTION: f64 = 1000.0;

impl Bar {
    /// A bar on a terminal, nothing elsewhere.
    pub fn new() -> Self {
        Self { bar: counting(1), weights: Mutex::default() }
    }

    /// Removes the bar.
    pub fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Bar {
    fn event(&self, event: &Event<'_>) {
        if let Event::Waiting { lock } = event {
            say_waiting(lock);
        }
        let (Some(bar), Ok(mut weights)) = (&self.bar, self.weights.lock()) else { return };
        match event {
            Event::Planned { plan } => {
                let stale = plan.entries.iter().filter(|entry| !entry.verdict.reasons().is_empty());
                *weights = stale.map(|entry| (entry.stage.clone(), 1 + (entry.weight * RESOLUTION) as u64)).collect();
                bar.set_length(weights.values().sum());
            }
            Event::Started { stage } => bar.set_message(stage.about.clone()),
            Event::Finished { stage, .. } | Event::Fresh { stage } => {
                if let Some(weight) = weights.remove(&stage.id) {
                    bar.inc(weight);
                }
            }
            Event::Failed { .. } | Event::Waiting { .. } => {}
        }
    }
}
