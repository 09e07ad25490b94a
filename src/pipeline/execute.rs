//! The executor: makes what is stale, in the order of the graph, on several threads.
//!
//! Units (single stages or groups) become ready when everything they read is settled. Ready units are taken fresh ones
//! first; then one thread takes the lightest and the others the heaviest. Which thread makes a stage, and when, cannot reach its bytes: a stage sees
//! nothing but its declared inputs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use std::{env, thread};

use rayon::ThreadPoolBuilder;
use serde::Serialize;

use super::clock::Stopwatch;
use super::digest::Digest;
use super::error::{Error, Failure};
use super::event::{Event, Progress};
use super::graph::{Graph, Selection};
use super::lock::Lock;
use super::panics;
use super::plan::{self, Assessment, Verdict};
use super::queue::{Queue, Take};
use super::store::{Folders, Store, unpoisoned};
use super::work::{Context, Done, Work, WorkError};

/// How often idle threads look whether the run was interrupted; a tenth of what a stage is asked to keep to.
const POLL: Duration = Duration::from_millis(100);

/// How to run.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Number of threads; by default `RAYON_NUM_THREADS`, else as many as the machine runs at once.
    pub jobs: Option<usize>,
    /// Whether stages that don't depend on a failed one still run.
    pub keep_going: bool,
    /// Stages that run even if they are fresh.
    pub force: BTreeSet<String>,
    /// Set by the caller to stop the run; what has finished is kept.
    pub interrupt: Arc<AtomicBool>,
}

impl Options {
    /// The number of threads these options amount to, at least one.
    #[must_use]
    pub fn threads(&self) -> usize {
        let declared = || env::var("RAYON_NUM_THREADS").ok().and_then(|text| text.trim().parse().ok());
        let machine = || thread::available_parallelism().map_or(1, usize::from);
        self.jobs.or_else(|| declared().filter(|&count| count > 0)).unwrap_or_else(machine).max(1)
    }
}

/// What a run did; ids in the order of the graph.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Stages that ran.
    pub ran: Vec<String>,
    /// Stages that were fresh or became so without running.
    pub fresh: Vec<String>,
    /// Stages that ran under a key of an earlier run and gave other bytes than then: they are not deterministic.
    pub contradicting: Vec<String>,
}

/// Makes every selected stage that is stale.
///
/// # Errors
/// The first of: the folder can't be used, the plan can't be made, an output can't be written, the run was interrupted,
/// stages failed (the others that had to stop because of it are not listed).
pub fn run(
    graph: &Graph,
    selection: &Selection,
    folders: &Folders,
    work: &dyn Work,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Summary, Error> {
    let waiting = |lock: &std::path::Path| progress.event(&Event::Waiting { lock });
    let lock = Lock::acquire(&folders.out, &options.interrupt, waiting)?;
    let store = Store::writable(folders, lock)?;
    let plan = plan::forecast(graph, selection, &store, &options.force)?;
    progress.event(&Event::Planned { plan: &plan });
    if plan.is_fresh() {
        let fresh = plan.entries.into_iter().map(|entry| entry.stage).collect();
        return Ok(Summary { fresh, ..Summary::default() });
    }
    let queue = Queue::new(graph, selection, &plan);
    let pool = ThreadPoolBuilder::new().num_threads(options.threads().min(queue.units)).build()?;
    let executor = Executor {
        graph,
        selection,
        store: &store,
        work,
        options,
        progress,
        give_up: AtomicBool::new(false),
        queue: Mutex::new(queue),
        changed: Condvar::new(),
    };
    // every thread takes its own stages: none waits for another's in the midst of one of its own
    pool.broadcast(|thread| executor.serve(if thread.index() == 0 { Take::Lightest } else { Take::Heaviest }));
    executor.conclude()
}

struct Executor<'a> {
    graph: &'a Graph,
    selection: &'a Selection,
    store: &'a Store,
    work: &'a dyn Work,
    options: &'a Options,
    progress: &'a dyn Progress,
    /// Set when another stage failed and the rest is to stop.
    give_up: AtomicBool,
    queue: Mutex<Queue>,
    changed: Condvar,
}

impl Executor<'_> {
    fn stopped(&self) -> bool {
        self.give_up.load(Ordering::Relaxed) || self.options.interrupt.load(Ordering::Relaxed)
    }

    /// One thread's loop: take a ready unit, settle it, until nothing is left.
    fn serve(&self, take: Take) {
        while let Some((unit, digests)) = self.next(take) {
            let outcome = self.settle(unit, &digests);
            let mut queue = unpoisoned(&self.queue);
            self.absorb(&mut queue, outcome);
            for reader in queue.done(unit) {
                if self.lacks_input(&queue, unit, reader) {
                    queue.abandon(reader);
                } else {
                    queue.release(reader);
                }
            }
            drop(queue);
            self.changed.notify_all();
        }
    }

    /// The next unit and the digests of its inputs, waiting for one if need be; `None` when the run is over.
    fn next(&self, take: Take) -> Option<(usize, BTreeMap<usize, Digest>)> {
        let mut queue = unpoisoned(&self.queue);
        loop {
            if self.stopped() || queue.units == 0 {
                return None;
            }
            if let Some(unit) = queue.pop(take) {
                return Some((unit, self.inputs_of(&queue, unit)));
            }
            queue = self.changed.wait_timeout(queue, POLL).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The digests the members of `unit` read, by stage.
    fn inputs_of(&self, queue: &Queue, unit: usize) -> BTreeMap<usize, Digest> {
        let members = self.graph.units()[unit].stages.iter();
        let inputs = members.flat_map(|&member| self.graph.inputs(member));
        inputs.filter_map(|&input| queue.digests[input].clone().map(|digest| (input, digest))).collect()
    }

    /// Whether a selected member of `reader` reads a stage of `unit` that did not get done.
    fn lacks_input(&self, queue: &Queue, unit: usize, reader: usize) -> bool {
        let missing = |input: &usize| self.graph.unit_of(*input) == unit && queue.digests[*input].is_none();
        let mut members = self.graph.units()[reader].stages.iter().filter(|member| self.selection.0.contains(member));
        members.any(|&member| self.graph.inputs(member).iter().any(missing))
    }

    /// Assesses the members of `unit` and makes the stale ones.
    fn settle(&self, unit: usize, digests: &BTreeMap<usize, Digest>) -> Outcome {
        let mut outcome = Outcome::default();
        let mut members: BTreeMap<usize, Assessment> = BTreeMap::new();
        for &member in self.graph.units()[unit].stages.iter().filter(|member| self.selection.0.contains(member)) {
            let stage = &self.graph.stages()[member];
            let (known, force) = (|input| digests.get(&input).cloned(), self.options.force.contains(&stage.id));
            match plan::assess(self.graph, member, self.store, known, force) {
                Ok(Assessment { verdict: Verdict::Fresh, digest: Some(digest), .. }) => {
                    self.progress.event(&Event::Fresh { stage });
                    outcome.fresh.push((member, digest));
                }
                Ok(stale) => {
                    members.insert(member, stale);
                }
                Err(error) => return Outcome { error: Some((member, error.into())), ..outcome },
            }
        }
        if !members.is_empty() {
            self.make(members, &mut outcome);
        }
        outcome
    }

    fn make(&self, members: BTreeMap<usize, Assessment>, outcome: &mut Outcome) {
        let positions: Vec<usize> = members.keys().copied().collect();
        let stages: Vec<_> = positions.iter().map(|&position| &self.graph.stages()[position]).collect();
        for stage in &stages {
            self.progress.event(&Event::Started { stage });
        }
        let context = Context {
            graph: self.graph,
            store: self.store,
            progress: self.progress,
            stops: [&self.options.interrupt, &self.give_up],
            members,
            finished: Mutex::default(),
            watch: Mutex::new(Stopwatch::start()),
        };
        let result = panics::caught(|| self.work.run(&stages, &context));
        outcome.ran = context.finished.into_inner().unwrap_or_else(PoisonError::into_inner);
        let unfinished = positions.iter().copied().find(|position| !outcome.ran.contains_key(position));
        outcome.error = match (result, unfinished) {
            (Err(panic), missing) => Some((missing.unwrap_or(positions[0]), WorkError::failed(panic))),
            (Ok(Err(error)), missing) => Some((missing.unwrap_or(positions[0]), error)),
            (Ok(Ok(())), Some(missing)) => Some((missing, WorkError::failed("the work left it unfinished"))),
            (Ok(Ok(())), None) => None,
        };
    }

    /// Takes `outcome` into the books.
    fn absorb(&self, queue: &mut Queue, outcome: Outcome) {
        for (member, digest) in outcome.fresh {
            queue.digests[member] = Some(digest);
            queue.fresh.insert(member);
        }
        for (member, done) in outcome.ran {
            queue.digests[member] = Some(done.digest);
            queue.ran.insert(member);
            if done.contradicts {
                queue.contradicting.insert(member);
            }
        }
        let Some((member, error)) = outcome.error else {
            return;
        };
        match error {
            WorkError::Interrupted if self.stopped() => {}
            WorkError::Store(error) => {
                // A disk that refuses one output refuses the next: going on would only repeat the message.
                queue.fatal.get_or_insert(error);
                self.give_up.store(true, Ordering::Relaxed);
            }
            other @ (WorkError::Interrupted | WorkError::Failed(_)) => {
                let stage = self.graph.stages()[member].id.clone();
                let failure = Failure { stage, reason: other.to_string() };
                self.progress.event(&Event::Failed { failure: &failure });
                queue.failures.push(failure);
                if !self.options.keep_going {
                    self.give_up.store(true, Ordering::Relaxed);
                }
            }
        }
    }

    fn conclude(self) -> Result<Summary, Error> {
        let mut queue = self.queue.into_inner().unwrap_or_else(PoisonError::into_inner);
        let finished = queue.ran.len() + queue.fresh.len();
        let left = self.selection.len() - finished;
        if let Some(error) = queue.fatal {
            return Err(error);
        }
        if left > 0 && self.options.interrupt.load(Ordering::Relaxed) {
            return Err(Error::Interrupted { finished, left });
        }
        if !queue.failures.is_empty() {
            queue.failures.sort_by(|a, b| a.stage.cmp(&b.stage));
            let skipped = left.saturating_sub(queue.failures.len());
            return Err(Error::Failed { failures: queue.failures, skipped });
        }
        let in_order = |set: &BTreeSet<usize>| {
            let members = self.graph.in_order(self.selection).filter(|position| set.contains(position));
            members.map(|position| self.graph.stages()[position].id.clone()).collect()
        };
        Ok(Summary {
            ran: in_order(&queue.ran),
            fresh: in_order(&queue.fresh),
            contradicting: in_order(&queue.contradicting),
        })
    }
}

/// What came of one unit.
#[derive(Default)]
struct Outcome {
    fresh: Vec<(usize, Digest)>,
    ran: BTreeMap<usize, Done>,
    /// The member that is to blame, and why.
    error: Option<(usize, WorkError)>,
}
