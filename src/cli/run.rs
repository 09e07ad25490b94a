//! `run`: makes what is stale and says where it is and how well it agrees.

use std::io::Write;

use serde_json::json;

use crate::pipeline::{self, Stopwatch, Summary};

use super::args::{Common, RunOptions};
use super::closing;
use super::make::{Settings, make};
use super::{Failure, print_json, provenance, target};

/// Runs the targets, or everything, or shows what would run.
pub(super) fn run(common: &Common, options: &RunOptions) -> Result<(), Failure> {
    let (started, watch) = (pipeline::timestamp(), Stopwatch::start());
    let (workflow, folders) = common.workflow()?;
    let settings = Settings {
        targets: target::stages(&workflow, &options.targets)?,
        shard: options.shard,
        jobs: options.jobs,
        keep_going: options.keep_going,
        force: options.force,
    };
    if options.dry_run {
        let plan =
            pipeline::plan(&workflow.graph, &settings.selection(&workflow)?, &folders, &settings.forced(&workflow))?;
        return if options.json { print_json(&plan) } else { Ok(write!(std::io::stdout(), "{plan}")?) };
    }
    let summary = make(&workflow, &folders, &settings)?;
    let whole = settings.targets.is_empty() && settings.shard.is_none();
    if whole {
        if !summary.ran.is_empty() || !provenance::is_whole(&folders.out) {
            let about = provenance::about(&workflow, settings.options(&workflow).threads(), started, watch);
            provenance::leave(&workflow, &folders, &summary, about)?;
        }
        closing::step_summary(&folders.out);
    }
    let lines = match settings.shard {
        Some(_) => Vec::new(),
        None => closing::figures(&workflow, &folders, &settings.targets)?,
    };
    let verdicts = if whole { closing::verdicts(&folders)? } else { Vec::new() };
    let report = whole.then(|| folders.out.join("report/report.html"));
    if options.json {
        let Summary { ran, fresh, contradicting } = &summary;
        return print_json(&json!({
            "ran": ran, "fresh": fresh, "contradicting": contradicting, "out": folders.out.display().to_string(),
            "report": report.map(|path| path.display().to_string()), "figures": lines,
            "claims": verdicts,
        }));
    }
    let mut out = std::io::stdout().lock();
    closing::write(&mut out, &lines)?;
    closing::write_verdicts(&mut out, &verdicts)?;
    writeln!(out, "{} stages ran, {} were fresh", summary.ran.len(), summary.fresh.len())?;
    match report {
        Some(report) => writeln!(out, "report: {}", report.display())?,
        None => writeln!(out, "outputs: {}", folders.out.display())?,
    }
    Ok(())
}
