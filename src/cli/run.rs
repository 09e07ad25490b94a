//! `run`: makes what is stale and says where it is.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::pipeline::{self, Folders, Graph, Options, Selection, Summary};
use crate::workflow::Workflow;

use super::Failure;
use super::args::{Common, RunOptions};
use super::progress::Bar;

/// How targets are made.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    pub jobs: Option<usize>,
    pub keep_going: bool,
    pub force: bool,
}

/// Runs the targets, or everything, or shows what would run.
pub(super) fn run(common: &Common, options: &RunOptions) -> Result<(), Failure> {
    let (workflow, folders) = common.workflow()?;
    let targets = targets(&workflow, &options.targets)?;
    let _ = (options.dry_run, options.json);
    let settings = Settings { jobs: options.jobs, keep_going: options.keep_going, force: options.force };
    let summary = make(&workflow, &folders, &targets, &settings)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} stages ran, {} were fresh", summary.ran.len(), summary.fresh.len())?;
    Ok(())
}

/// Stages behind the words of the user: a figure stands for its drawings, any stage for itself.
pub(super) fn targets(workflow: &Workflow, words: &[String]) -> Result<Vec<String>, Failure> {
    let stage = |word: &String| {
        if workflow.graph.stage(word).is_some() {
            return Ok(word.clone());
        }
        let figure = workflow.project.figure(word)?;
        Ok(format!("figure/{}", figure.id))
    };
    words.iter().map(stage).collect()
}

/// The selection of the targets and all they need; everything when there is no target.
pub(super) fn selection(graph: &Graph, targets: &[String]) -> Result<Selection, Failure> {
    Ok(if targets.is_empty() { graph.all() } else { graph.select(targets)? })
}

/// Makes the targets under a progress bar, until done or Ctrl-C.
pub(super) fn make(workflow: &Workflow, folders: &Folders, targets: &[String], settings: &Settings) -> Result<Summary, Failure> {
    let interrupt = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupt);
    // only one handler can be set; a second command in one process keeps the first
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
    let selection = selection(&workflow.graph, targets)?;
    let forced = if targets.is_empty() { workflow.graph.stages().iter().map(|stage| stage.id.clone()).collect() } else { targets.to_vec() };
    let options = Options {
        jobs: settings.jobs,
        keep_going: settings.keep_going,
        force: if settings.force { forced.into_iter().collect() } else { Default::default() },
        interrupt,
    };
    let bar = Bar::new();
    let outcome = pipeline::run(&workflow.graph, &selection, folders, workflow, &options, &bar);
    bar.clear();
    Ok(outcome?)
}
