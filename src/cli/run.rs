//! `run`: makes what is stale and says where it is and how well it agrees.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::pipeline::{self, Clean, Stopwatch, Summary};
use crate::workflow::Output;

use super::args::Common;
use super::closing;
use super::columns::counted;
use super::make::{Made, Settings, make};
use super::progress::say_waiting;
use super::run_args::RunOptions;
use super::staleness::planned;
use super::{Failure, broken, interrupt, print_json, provenance, rounding, target};

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
            write!(std::io::stdout(), "{}", planned(&plan))?;
        }
        return broken::ended(missing, "the rest is planned");
    }
    let Made { summary, seconds } = make(&workflow, &folders, &settings).map_err(|failure| match missing {
        [] => failure,
        missing => Failure { message: format!("{}\n{}", failure.message, broken::told(missing)), ..failure },
    })?;
    let elapsed = watch.lap();
    let whole = settings.targets.is_empty() && settings.shard.is_none();
    let gone = match whole && workflow.project.broken.is_empty() {
        // what a broken figure has made is wanted again when it is mended
        false => Vec::new(),
        true => pipeline::clean(&folders.out, Clean::Orphans(&workflow.graph), &[], &interrupt::flag(), say_waiting)?,
    };
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
    let (verdicts, errata) = match whole {
        true => (closing::verdicts(&folders, "claim")?, closing::verdicts(&folders, "erratum")?),
        false => (Vec::new(), Vec::new()),
    };
    let report = whole.then(|| folders.out.join(Output::Page.path()));
    if options.json {
        let Summary { ran, fresh, contradicting } = &summary;
        let left_out: Vec<_> =
            missing.iter().map(|figure| json!({ "figure": figure.id, "error": figure.error.to_string() })).collect();
        print_json(&json!({
            "ran": ran, "fresh": fresh, "contradicting": contradicting, "out": folders.out.display().to_string(),
            "report": report.as_ref().map(|path| path.display().to_string()), "figures": lines,
            "claims": verdicts, "broken": left_out, "removed": gone,
        }))?;
    } else {
        let mut out = std::io::stdout().lock();
        closing::write(&mut out, &workflow, &lines, &verdicts, &closing::seconds(&workflow, &seconds)?)?;
        closing::write_verdicts(&mut out, &verdicts)?;
        closing::write_absent(&mut out, &errata, "errata")?;
        if !gone.is_empty() {
            let gone = counted(gone.len(), "output", "outputs");
            let removed = format!("{gone} that no figure makes any more removed from {}", folders.out.display());
            closing::write_line(&mut out, &removed)?;
        }
        let (ran, fresh) = (counted(summary.ran.len(), "stage", "stages"), summary.fresh.len());
        let were = if fresh == 1 { "was" } else { "were" };
        let profile = &workflow.project.profile;
        closing::write_line(
            &mut out,
            &format!("{ran} ran, {fresh} {were} fresh, in {elapsed:.1} s at profile {profile}"),
        )?;
        match &report {
            Some(report) => writeln!(out, "report: {}", report.display())?,
            None => writeln!(out, "outputs: {}", folders.out.display())?,
        }
    }
    let told = |figure: &&crate::spec::Figure| lines.iter().any(|row| row["figure"] == figure.id.as_str());
    rounding::tell_figures(workflow.project.figures.iter().filter(told), &workflow.project.profile);
    if let Some(report) = report.filter(|_| options.open) {
        open(&report);
    }
    broken::ended(missing, "the rest was made")
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
