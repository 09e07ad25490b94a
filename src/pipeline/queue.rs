//! The executor's books: which units are ready, in what order they are taken, what came of the settled ones.

use std::collections::BTreeSet;

use super::digest::Digest;
use super::error::{Error, Failure};
use super::graph::{Graph, Selection};
use super::plan::{Plan, Verdict};

/// Value of [`Queue::waiting`] for units that can't run any more.
const ABANDONED: usize = usize::MAX;

/// Which of the ready units a thread takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Take {
    /// The lightest, so that a run that is killed early has something to keep.
    Lightest,
    /// The heaviest, so that none of them is left to run alone at the end.
    Heaviest,
}

/// Rank of the units with nothing to do, before all others.
const FRESH: usize = 0;

/// What is left to do and what came of the rest.
pub(super) struct Queue {
    /// Ready units, by rank.
    ready: BTreeSet<(usize, usize)>,
    /// Rank of every unit: [`FRESH`], then the heaviest before the lighter, equal weights sharing one.
    rank: Vec<usize>,
    /// Inputs each unit still waits for.
    waiting: Vec<usize>,
    /// Selected units that read from each unit.
    readers: Vec<Vec<usize>>,
    /// Units that are still to come.
    pub units: usize,
    /// Digests of the outputs of settled stages.
    pub digests: Vec<Option<Digest>>,
    pub ran: BTreeSet<usize>,
    pub fresh: BTreeSet<usize>,
    pub contradicting: BTreeSet<usize>,
    pub failures: Vec<Failure>,
    /// An error that ends the run whatever the options say.
    pub fatal: Option<Error>,
}

impl Queue {
    pub(super) fn new(graph: &Graph, selection: &Selection, plan: &Plan) -> Self {
        let count = graph.units().len();
        let units: BTreeSet<usize> = selection.0.iter().map(|&position| graph.unit_of(position)).collect();
        let mut waiting = vec![0; count];
        let mut readers = vec![Vec::new(); count];
        for &position in &selection.0 {
            for &input in graph.inputs(position) {
                readers[graph.unit_of(input)].push(graph.unit_of(position));
            }
        }
        for unit_readers in &mut readers {
            unit_readers.sort_unstable();
            unit_readers.dedup();
            for &reader in unit_readers.iter() {
                waiting[reader] += 1;
            }
        }
        let mut weight = vec![0.0; count];
        for entry in plan.entries.iter().filter(|entry| entry.verdict != Verdict::Fresh) {
            if let Some(position) = graph.position(&entry.stage) {
                weight[graph.unit_of(position)] += entry.weight.max(f64::MIN_POSITIVE);
            }
        }
        let mut weights: Vec<f64> = weight.iter().copied().filter(|&weight| weight > 0.0).collect();
        weights.sort_by(|a, b| b.total_cmp(a));
        weights.dedup();
        let place = |weight: f64| weights.partition_point(|&heavier| heavier > weight) + 1;
        let rank: Vec<usize> = weight.iter().map(|&w| if w == 0.0 { FRESH } else { place(w) }).collect();
        let ready = units.iter().filter(|&&unit| waiting[unit] == 0).map(|&unit| (rank[unit], unit)).collect();
        Self {
            ready,
            rank,
            waiting,
            readers,
            units: units.len(),
            digests: vec![None; graph.stages().len()],
            ran: BTreeSet::new(),
            fresh: BTreeSet::new(),
            contradicting: BTreeSet::new(),
            failures: Vec::new(),
            fatal: None,
        }
    }

    /// The unit to take next: a fresh one, or else the lightest or the heaviest that is ready.
    pub(super) fn pop(&mut self, take: Take) -> Option<usize> {
        let (first, last) = (*self.ready.first()?, *self.ready.last()?);
        let taken = match take {
            Take::Lightest if first.0 != FRESH => *self.ready.range((last.0, 0)..).next()?,
            Take::Lightest | Take::Heaviest => first,
        };
        self.ready.remove(&taken);
        Some(taken.1)
    }

    /// Strikes `unit` off; returns those that read from it, each of which is to be released or abandoned.
    pub(super) fn done(&mut self, unit: usize) -> Vec<usize> {
        self.units -= 1;
        std::mem::take(&mut self.readers[unit])
    }

    /// Tells `reader` that one of its inputs is settled; it becomes ready if that was the last.
    pub(super) fn release(&mut self, reader: usize) {
        if self.waiting[reader] == ABANDONED {
            return;
        }
        self.waiting[reader] -= 1;
        if self.waiting[reader] == 0 {
            self.ready.insert((self.rank[reader], reader));
        }
    }

    /// Takes `reader`, and all that waits for it, out of the count of units to come.
    pub(super) fn abandon(&mut self, reader: usize) {
        let mut open = vec![reader];
        while let Some(unit) = open.pop() {
            if self.waiting[unit] != ABANDONED {
                self.waiting[unit] = ABANDONED;
                self.units -= 1;
                open.append(&mut self.readers[unit]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::plan::Entry;
    use crate::pipeline::stage::{Place, Stage};

    #[test]
    fn fresh_ones_come_first_then_both_ends_of_the_rest() {
        let stage = |(id, weight): (&str, f64)| Stage { weight, ..Stage::new(id, "toy", Place::Cache) };
        let stages = [("done", 9.0), ("large", 3.0), ("middle", 2.0), ("small", 1.0), ("tiny", 1.0)].map(stage);
        let graph = Graph::new(stages.to_vec()).unwrap();
        let entry = |stage: &Stage| Entry {
            stage: stage.id.clone(),
            kind: stage.kind,
            about: String::new(),
            weight: stage.weight,
            verdict: if stage.id == "done" { Verdict::Fresh } else { Verdict::Runs(Vec::new()) },
        };
        let plan = Plan { entries: graph.stages().iter().map(entry).collect() };
        let mut queue = Queue::new(&graph, &graph.all(), &plan);
        let taken = [Take::Lightest, Take::Lightest, Take::Heaviest, Take::Lightest, Take::Lightest]
            .map(|take| graph.units()[queue.pop(take).unwrap()].name.clone());
        assert_eq!(taken, ["done", "small", "large", "tiny", "middle"]);
        assert_eq!(queue.pop(Take::Heaviest), None);
    }
}
