//! `status` and `why`: what is stale, and which change made it so.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use crate::pipeline::{self, Entry, Plan, Staleness, Verdict};
use crate::workflow::Workflow;

use super::args::{Common, StatusOptions, WhyOptions};
use super::inspect::refuse_broken;
use super::words::in_words;
use super::{Failure, broken, print_json, target};

/// Says what is stale.
pub(super) fn status(common: &Common, options: &StatusOptions) -> Result<(), Failure> {
    let (workflow, folders) = common.workflow(&options.sizes)?;
    let targets = target::stages(&workflow, &options.targets)?;
    let plan =
        pipeline::plan(&workflow.graph, &target::selection(&workflow.graph, &targets)?, &folders, &BTreeSet::new())?;
    if options.json {
        print_json(&plan)?;
    } else {
        write!(std::io::stdout(), "{}", overview(&workflow, &plan))?;
    }
    refuse_broken(broken::missing(&workflow.project.broken, &targets))?;
    if options.check && !plan.is_fresh() {
        let stale = plan.runs().len() + plan.may_run().len();
        return Err(Failure::verdict(3, format!("stale: {stale} of {} stages; `run` makes them", plan.entries.len())));
    }
    Ok(())
}

/// One line a family of stages with the same verdict and first reason, then the counts.
fn overview(workflow: &Workflow, plan: &Plan) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for entry in &plan.entries {
        let Some(word) = word(&entry.verdict) else { continue };
        let family = workflow.graph.stage(&entry.stage).map_or(entry.stage.as_str(), pipeline::Stage::family);
        let reason = entry.verdict.reasons().first().map(ToString::to_string).unwrap_or_default();
        let line = format!("{word:<7} {family}\t({reason})");
        let count = counts.entry(line.clone()).or_default();
        *count += 1;
        if *count == 1 {
            lines.push(line);
        }
    }
    let mut text = String::new();
    for line in lines {
        let number = match counts.get(&line) {
            Some(&count) if count > 1 => format!(" ×{count}"),
            _ => String::new(),
        };
        text.push_str(&line.replace('\t', &format!("{number}  ")));
        text.push('\n');
    }
    let (runs, may_run) = (plan.runs().len(), plan.may_run().len());
    text + &format!("{runs} to run, {may_run} may run, {} fresh\n", plan.entries.len() - runs - may_run)
}

/// Says why a stage would run, down to the changes at the bottom of it.
pub(super) fn why(common: &Common, options: &WhyOptions) -> Result<(), Failure> {
    let (workflow, folders) = common.workflow(&options.sizes)?;
    let stage = target::stage(&workflow, &options.target)?;
    let selection = target::selection(&workflow.graph, std::slice::from_ref(&stage))?;
    let plan = pipeline::plan(&workflow.graph, &selection, &folders, &BTreeSet::new())?;
    let chain = plan.chain(&stage);
    if options.json {
        return print_json(&chain);
    }
    let mut out = std::io::stdout().lock();
    for entry in chain {
        write!(out, "{}", explained(entry, &workflow))?;
    }
    Ok(())
}

/// Reasons of one stage that are told.
const MOST: usize = 12;

/// The stage with its reasons; inputs that are rebuilt have their own paragraphs and are only counted.
fn explained(entry: &Entry, workflow: &Workflow) -> String {
    let about = format!("{} ({})", entry.stage, entry.about);
    let Some(word) = word(&entry.verdict) else { return format!("{about} is fresh\n") };
    let mut text = format!("{about} {}\n", if word == "run" { "runs:" } else { "may run:" });
    let stale: Vec<&str> = (entry.verdict.reasons().iter())
        .filter_map(|reason| if let Staleness::InputStale { input } = reason { Some(input.as_str()) } else { None })
        .collect();
    let own = entry.verdict.reasons().iter().filter(|reason| !matches!(reason, Staleness::InputStale { .. }));
    let own: Vec<String> = own.map(|reason| in_words(reason, &workflow.project.figures)).collect();
    for reason in own.iter().take(MOST) {
        text.push_str(&format!("  {reason}\n"));
    }
    if own.len() > MOST {
        text.push_str(&format!("  and {} more; --json has them all\n", own.len() - MOST));
    }
    match stale.as_slice() {
        [] => {}
        [first] => text.push_str(&format!("  {first}, which it reads, is made anew\n")),
        [first, rest @ ..] => {
            text.push_str(&format!("  {first} and {} more, which it reads, are made anew\n", rest.len()));
        }
    }
    text
}

/// The verdict as a word, nothing for a fresh stage.
fn word(verdict: &Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::Fresh => None,
        Verdict::Runs(_) => Some("run"),
        Verdict::MayRun(_) => Some("may run"),
    }
}
