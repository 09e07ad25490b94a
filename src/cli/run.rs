//! `run`: makes what is stale and says where it is and how well it agrees.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::pipeline::{self, Stopwatch, Summary};
use crate::workflow::Output;

use super::args::Common;
use super::closing;
use super::make::{Made, Settings, make};
use super::run_args::RunOptions;
use super::{Failure, broken, print_json, provenance, target};

/// Runs the targets, or everything, or shows what would run.
pub(super) fn run(common: &Common, options: &RunOptions) -> Result<(), Failure> {
    let (started, mut watch) = (pipeline::timestamp(), Stopwatch::start());
    let (workflow, folders) = common.workflow(&options.sizes)?;
    let settings = Settings {
        targets: target::stages(&workflow, &options.targets)?,
        shard: options.shard,
        jobs: options.jobs,
        keep_going: options.keep_going,
        force: options.force,
    };
    let missing = broken::missing(&workflow.project.broken, &settings.targets);
    broken::warn(&workflow.project.broken);
    if options.dry_run {
        let plan =
            pipeline::plan(&workflow.graph, &settings.selection(&workflow)?, &folders, &settings.forced(&workflow))?;
        if options.json {
            print_json(&plan)?;
        } else {
            write!(std::io::stdout(), "{plan}")?;
        }
        return broken::ended(missing);
    }
    let Made { summary, seconds } = make(&workflow, &folders, &settings).map_err(|failure| match missing {
        [] => failure,
        missing => Failure { message: format!("{}\n{}", failure.message, broken::told(missing)), ..failure },
    })?;
    let elapsed = watch.lap();
    let whole = settings.targets.is_empty() && settings.shard.is_none();
    if whole {
        if !summary.ran.is_empty() || !provenance::is_whole(&folders.out) {
            let about = provenance::about(&workflow, settings.options(&workflow).threads(), started, elapsed);
            provenance::leave(&workflow, &folders, &summary, about)?;
        }
        closing::step_summary(&folders.out);
    }
    let lines = match settings.shard {
        Some(_) => Vec::new(),
        None => closing::figures(&workflow, &folders, &settings.targets)?,
    };
    let verdicts = if whole { closing::verdicts(&folders)? } else { Vec::new() };
    let report = whole.then(|| folders.out.join(Output::Page.path()));
    if options.json {
        let Summary { ran, fresh, contradicting } = &summary;
        let left_out: Vec<_> =
            missing.iter().map(|figure| json!({ "figure": figure.id, "error": figure.error.to_string() })).collect();
        print_json(&json!({
            "ran": ran, "fresh": fresh, "contradicting": contradicting, "out": folders.out.display().to_string(),
            "report": report.as_ref().map(|path| path.display().to_string()), "figures": lines,
            "claims": verdicts, "broken": left_out,
        }))?;
    } else {
        let mut out = std::io::stdout().lock();
        closing::write(&mut out, &workflow, &lines, &verdicts, &closing::seconds(&workflow, &seconds)?)?;
        closing::write_verdicts(&mut out, &verdicts)?;
        let (ran, fresh) = (summary.ran.len(), summary.fresh.len());
        writeln!(
            out,
            "{ran} stages ran, {fresh} were fresh, in {elapsed:.1} s at profile {}",
            workflow.project.profile
        )?;
        match &report {
            Some(report) => writeln!(out, "report: {}", report.display())?,
            None => writeln!(out, "outputs: {}", folders.out.display())?,
        }
    }
    if let Some(report) = report.filter(|_| options.open) {
        open(&report);
    }
    broken::ended(missing)
}

/// The program that opens a file as a click would.
const OPENER: &[&str] = if cfg!(target_os = "macos") {
    &["open"]
} else if cfg!(windows) {
    &["cmd", "/C", "start", ""]
} else {
    &["xdg-open"]
};

/// Tenths of a second in which a program that cannot open a page will have said so.
const PATIENCE: usize = 20;

/// Opens a page with what the system has for it. The run has succeeded whether or not that does.
fn open(page: &Path) {
    let [program, arguments @ ..] = OPENER else { return };
    let opened = Command::new(program)
        .args(arguments)
        .arg(page)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let problem = match opened {
        Ok(mut child) => {
            // a browser may stay as long as its window; what fails does so at once
            let ended = (0..PATIENCE).find_map(|_| {
                std::thread::sleep(Duration::from_millis(100));
                child.try_wait().ok().flatten()
            });
            match ended {
                None => return,
                Some(status) if status.success() => return,
                Some(status) => status.to_string(),
            }
        }
        Err(error) => error.to_string(),
    };
    let _ = writeln!(std::io::stderr(), "warning: {program} could not open {}: {problem}", page.display());
}
