//! How far a run is: a bar on a terminal, elsewhere a line every few seconds. All of it goes to stderr.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::pipeline::{Event, Hold, Progress};

use super::{Failure, interrupt};

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
            "{elapsed:>4} [{bar:24}] {percent:>3}% {eta:>4} left {wide_msg}"
        } else {
            "{elapsed:>4} {bar:24.cyan/dim} {percent:>3}% {eta:>4} left {wide_msg:.dim}"
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        ProgressBar::new(units).with_style(style.progress_chars("━╸─"))
    })
}

/// Units of the bar per unit of weight.
const RESOLUTION: f64 = 1000.0;
/// Time between two lines where there is no terminal, and the share of the time so far that it grows to.
const PERIOD: Duration = Duration::from_secs(3);
const SHARE: u32 = 10;
/// The share of the work after which it can be said how long the rest will take.
const FORESEEN: f64 = 0.01;

/// What is known of a run, in units of weight.
#[derive(Debug)]
struct State {
    weights: BTreeMap<String, u64>,
    done: u64,
    all: u64,
    /// What is being done.
    about: String,
    /// Seconds of each stage that was made.
    seconds: BTreeMap<String, f64>,
    started: Instant,
}

impl State {
    /// How far the run is, and how long it will take from here at the pace it had.
    fn line(&self) -> String {
        let elapsed = self.started.elapsed().as_secs_f64();
        let share = if self.all == 0 { 0.0 } else { self.done as f64 / self.all as f64 };
        let left = match share > FORESEEN {
            true => format!(", about {:.0} s left", elapsed * (1.0 - share) / share),
            false => String::new(),
        };
        format!("{:>3.0} % after {elapsed:.0} s{left}: {}", 100.0 * share, self.about)
    }
}

/// Lines on their way to stderr, until the sender is dropped.
struct Lines {
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Lines {
    /// None where the system gives no thread: a run is not held up for it.
    fn new(state: Arc<Mutex<State>>) -> Option<Self> {
        let (end, ended) = channel::<()>();
        let lines = move || {
            let mut period = PERIOD;
            while ended.recv_timeout(period) == Err(RecvTimeoutError::Timeout) {
                let Ok(state) = state.lock() else { return };
                period = PERIOD.max(state.started.elapsed() / SHARE);
                if state.all > 0 {
                    let _ = writeln!(std::io::stderr(), "{}", state.line());
                }
            }
        };
        let thread = std::thread::Builder::new().spawn(lines).ok()?;
        Some(Self { end: Some(end), thread: Some(thread) })
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.end = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Shows a run's progress, weighted by what stages are expected to cost, and takes down what they did.
pub(super) struct Bar {
    bar: Option<ProgressBar>,
    _lines: Option<Lines>,
    state: Arc<Mutex<State>>,
}

impl Bar {
    /// A bar on a terminal, lines elsewhere.
    pub fn new() -> Self {
        let state = Arc::new(Mutex::new(State {
            weights: BTreeMap::new(),
            done: 0,
            all: 0,
            about: String::new(),
            seconds: BTreeMap::new(),
            started: Instant::now(),
        }));
        let bar = counting(1);
        let lines = if bar.is_none() { Lines::new(Arc::clone(&state)) } else { None };
        Self { bar, _lines: lines, state }
    }

    /// Removes the bar; gives the seconds of every stage that was made.
    pub fn clear(self) -> BTreeMap<String, f64> {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        self.state.lock().map(|mut state| std::mem::take(&mut state.seconds)).unwrap_or_default()
    }
}

impl Progress for Bar {
    fn event(&self, event: &Event<'_>) {
        if let Event::Waiting { lock } = event {
            say_waiting(lock);
        }
        let Ok(mut state) = self.state.lock() else { return };
        match event {
            Event::Planned { plan } => {
                let stale = plan.entries.iter().filter(|entry| !entry.verdict.reasons().is_empty());
                state.weights =
                    stale.map(|entry| (entry.stage.clone(), 1 + (entry.weight * RESOLUTION) as u64)).collect();
                state.all = state.weights.values().sum();
                state.started = Instant::now();
                if let Some(bar) = &self.bar {
                    bar.set_length(state.all);
                }
            }
            Event::Started { stage } => {
                state.about.clone_from(&stage.about);
                if let Some(bar) = &self.bar {
                    bar.set_message(stage.about.clone());
                }
            }
            Event::Finished { stage, .. } | Event::Fresh { stage } => {
                if let Event::Finished { seconds, .. } = event {
                    state.seconds.insert(stage.id.clone(), *seconds);
                }
                if let Some(weight) = state.weights.remove(&stage.id) {
                    state.done += weight;
                    if let Some(bar) = &self.bar {
                        bar.inc(weight);
                    }
                }
            }
            Event::Failed { .. } | Event::Waiting { .. } => {}
        }
    }
}
