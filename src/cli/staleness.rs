//! `status` and `why`: what is stale, and which change made it so.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use crate::pipeline::{self, Entry, Plan, Staleness, Verdict};
use crate::workflow::Workflow;

use super::args::{Common, StatusOptions, WhyOptions};
use super::columns::counted;
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
    broken::ended(broken::missing(&workflow.project.broken, &targets), "the rest is told")?;
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
        let line = format!("{word:<7} {family}\t({})", reason(entry));
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
    text + &summed(plan)
}

/// The first reason of a stage, and how many more there are.
fn reason(entry: &Entry) -> String {
    let told = in_words(entry.verdict.reasons(), None);
    let first = told.first().cloned().unwrap_or_default();
    match told.len().saturating_sub(1) {
        0 => first,
        more => format!("{first}, and {more} more"),
    }
}

/// One line a stage that would run, with its first reason, then the counts.
pub(super) fn planned(plan: &Plan) -> String {
    let stale = plan.entries.iter().filter_map(|entry| Some((word(&entry.verdict)?, entry)));
    let lines = stale.map(|(word, entry)| format!("{word:<7} {}  ({})\n", entry.stage, reason(entry)));
    lines.collect::<String>() + &summed(plan)
}

/// How many stages run, may run and are fresh.
fn summed(plan: &Plan) -> String {
    let (runs, may_run) = (plan.runs().len(), plan.may_run().len());
    format!("{runs} to run, {may_run} may run, {} fresh\n", plan.entries.len() - runs - may_run)
}

/// Says why a stage would run: what changed at the bottom of it, then the stages through which that comes to it.
pub(super) fn why(common: &Common, options: &WhyOptions) -> Result<(), Failure> {
    let (workflow, folders) = common.workflow(&options.sizes)?;
    let stage = target::stage(&workflow, &options.target)?;
    let selection = target::selection(&workflow.graph, std::slice::from_ref(&stage))?;
    let plan = pipeline::plan(&workflow.graph, &selection, &folders, &BTreeSet::new())?;
    let chain = plan.chain(&stage);
    if options.json {
        return print_json(&chain);
    }
    Ok(write!(std::io::stdout(), "{}", explained(&chain, &workflow))?)
}

/// Changes, and stages, that are told one by one.
const MOST: usize = 12;

/// The stage at the beginning of a chain, every change in the chain once, and the stages that it waits for.
fn explained(chain: &[&Entry], workflow: &Workflow) -> String {
    let [target, waited @ ..] = chain else { return String::new() };
    let about = format!("{} ({})", target.stage, target.about);
    let Some(word) = word(&target.verdict) else { return format!("{about} is fresh\n") };
    let mut changes: Vec<String> = Vec::new();
    // chunks that were never made are many
    let mut unmade: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in chain {
        if let [Staleness::NeverBuilt] = entry.verdict.reasons()
            && entry.stage != target.stage
        {
            let family = workflow.graph.stage(&entry.stage).map_or(entry.stage.as_str(), pipeline::Stage::family);
            unmade.entry(family).or_default().push(&entry.stage);
            continue;
        }
        // what a stage reads is told by the reasons of what it reads
        let own = entry.verdict.reasons().iter().filter(|reason| !matches!(reason, Staleness::InputStale { .. }));
        for change in in_words(&own.cloned().collect::<Vec<_>>(), Some(&entry.stage)) {
            if !changes.contains(&change) {
                changes.push(change);
            }
        }
    }
    changes.extend(unmade.into_iter().map(|(family, stages)| match stages[..] {
        [only] => format!("{only} was never made here"),
        _ => format!("{} chunks of {family} were never made here", stages.len()),
    }));
    let mut text = format!("{about} {}:\n", if word == "run" { "runs" } else { "may run" });
    for change in changes.iter().take(MOST) {
        text.push_str(&format!("  {change}\n"));
    }
    if changes.len() > MOST {
        text.push_str(&format!("  and {} more; --json has them all\n", changes.len() - MOST));
    }
    if !waited.is_empty() {
        let stages = counted(waited.len(), "stage is", "stages are");
        text.push_str(&format!("{stages} made anew before it:\n"));
        for entry in waited.iter().take(MOST) {
            text.push_str(&format!("  {} ({})\n", entry.stage, entry.about));
        }
        if waited.len() > MOST {
            text.push_str(&format!("  and {} more\n", waited.len() - MOST));
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
