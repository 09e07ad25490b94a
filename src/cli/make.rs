//! Making targets under a progress bar, for every command that needs some.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::num::NonZeroUsize;

use crate::pipeline::{self, Folders, Options, Selection, Summary};
use crate::workflow::Workflow;

use super::Failure;
use super::progress::{Bar, hold};
use super::run_args::Shard;
use super::{interrupt, target};

/// What is made, and how.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    /// Stages; everything when empty.
    pub targets: Vec<String>,
    pub shard: Option<Shard>,
    pub jobs: Option<NonZeroUsize>,
    pub keep_going: bool,
    pub force: bool,
}

impl Settings {
    /// The stages that these settings are about.
    pub fn selection(&self, workflow: &Workflow) -> Result<Selection, Failure> {
        let selection = target::selection(&workflow.graph, &self.targets)?;
        match self.shard {
            Some(Shard { index, count }) => Ok(workflow.graph.shard(&selection, index, count)?),
            None => Ok(selection),
        }
    }

    /// The stages that run even if they are fresh.
    pub fn forced(&self, workflow: &Workflow) -> BTreeSet<String> {
        match (self.force, self.targets.is_empty()) {
            (false, _) => BTreeSet::new(),
            (true, true) => workflow.graph.stages().iter().map(|stage| stage.id.clone()).collect(),
            (true, false) => self.targets.iter().cloned().collect(),
        }
    }

    /// Options for the executor.
    pub fn options(&self, workflow: &Workflow) -> Options {
        Options {
            jobs: self.jobs.map(NonZeroUsize::get),
            keep_going: self.keep_going,
            force: self.forced(workflow),
            interrupt: interrupt::flag(),
        }
    }
}

/// What was made, and what it took.
pub(super) struct Made {
    pub summary: Summary,
    /// Seconds of every stage that ran.
    pub seconds: BTreeMap<String, f64>,
}

/// Makes a stage to look at, where it is not there yet. One that is there needs nothing written: a folder that cannot be
/// written to will do.
pub(super) fn look(workflow: &Workflow, folders: &Folders, target: String) -> Result<(), Failure> {
    let settings = Settings { targets: vec![target], ..Settings::default() };
    let selection = settings.selection(workflow)?;
    let held = hold(&folders.out)?;
    if pipeline::plan(&workflow.graph, &selection, folders, &BTreeSet::new())?.is_fresh() {
        return Ok(());
    }
    drop(held);
    make(workflow, folders, &settings).map(|_| ())
}

/// Makes the targets, until done or Ctrl-C.
pub(super) fn make(workflow: &Workflow, folders: &Folders, settings: &Settings) -> Result<Made, Failure> {
    let selection = settings.selection(workflow)?;
    let options = settings.options(workflow);
    let bar = Bar::new();
    let outcome = pipeline::run(&workflow.graph, &selection, folders, workflow, &options, &bar);
    let seconds = bar.clear();
    let summary = outcome?;
    for stage in &summary.contradicting {
        let _ =
            writeln!(std::io::stderr(), "warning: {stage} gave other bytes than an earlier run from the same inputs");
    }
    Ok(Made { summary, seconds })
}
