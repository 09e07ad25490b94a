//! `measure`: what runs cost on this machine, written down where the report finds it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;

use serde::Deserialize;

use crate::pipeline::{self, Folders, MANIFEST, Platform, Stopwatch};
use crate::table::{OfFigure, TableName};
use crate::workflow::{
    COSTS_FILE, Case, Circumstances, FigureCost, Output, RunCost, Scaling, ScalingPoint, Workflow, cases,
};

use super::args::{Common, MeasureCommand};
use super::run_args::SizeOptions;
use super::{Failure, broken, provenance};

/// Runs of a case, of which the fastest counts.
const REPEATS: usize = 3;

/// Measures and writes the committed file anew; what it is not asked for stays.
pub(super) fn measure(common: &Common, command: &MeasureCommand) -> Result<(), Failure> {
    let (workflow, folders) = common.workflow(&SizeOptions::default())?;
    let mut costs = workflow.project.costs.clone().unwrap_or_default();
    match command {
        MeasureCommand::Run => costs.record(run_cost(&workflow, &folders)?),
        MeasureCommand::Scaling => costs.scaling = Some(scaling()?),
    }
    let path = folders.root.join(COSTS_FILE);
    let text = costs.to_text().map_err(Failure::failed)?;
    pipeline::write(&path, text.as_bytes())?;
    writeln!(std::io::stdout(), "{}", path.display())?;
    broken::ended(&workflow.project.broken, "the rest is measured")
}

/// Times every case of the scaling on this thread, one line each.
fn scaling() -> Result<Scaling, Failure> {
    let mut points = Vec::new();
    for case in cases() {
        let Case { series, n, samples, curves } = case;
        let mut point = ScalingPoint { series, n, samples, curves, seconds: f64::INFINITY, flops: 0.0, bytes: 0.0 };
        let _ = writeln!(std::io::stderr(), "measuring {}: N = {n}, M = {samples}, {curves} curves …", series.name());
        for _ in 0..REPEATS {
            let mut watch = Stopwatch::start();
            let work = case.run().map_err(Failure::failed)?;
            point.seconds = point.seconds.min(rounded(watch.lap()));
            (point.flops, point.bytes) = (work.flops as f64, work.bytes as f64);
        }
        let seconds = point.seconds;
        writeln!(std::io::stdout(), "{}: N = {n}, M = {samples}, {curves} curves: {seconds} s", series.name())?;
        points.push(point);
    }
    Ok(Scaling { measured: circumstances(1, &pipeline::timestamp()), points })
}

/// What the manifest of the output folder tells; other keys are not needed here.
#[derive(Deserialize)]
struct Told {
    profile: String,
    threads: usize,
    finished: String,
    wall_seconds: f64,
    peak_bytes: Option<f64>,
    stages: BTreeMap<String, ToldStage>,
}

#[derive(Deserialize)]
struct ToldStage {
    kind: String,
    ran: bool,
    seconds: f64,
    measures: BTreeMap<String, f64>,
}

/// Takes the cost of the last whole run from its manifest.
fn run_cost(workflow: &Workflow, folders: &Folders) -> Result<RunCost, Failure> {
    let path = folders.out.join(MANIFEST);
    let profile = &workflow.project.profile.name;
    let refuse = |why: &str| {
        Failure::input(format!(
            "{}: {why}; valid: the manifest of a whole run, made by `run --profile {profile}`",
            path.display()
        ))
    };
    // a pipe in its place would be waited for without end
    let there = fs::metadata(&path).map_err(|error| refuse(&error.to_string()))?;
    if !there.is_file() || !provenance::is_whole(&folders.out) {
        return Err(refuse("does not have the bytes it was written with; `run` writes it anew"));
    }
    let text = fs::read_to_string(&path).map_err(|error| refuse(&error.to_string()))?;
    let told: Told = serde_json::from_str(&text).map_err(|error| refuse(&error.to_string()))?;
    if told.profile != *profile {
        return Err(refuse(&format!("is of profile {}", told.profile)));
    }
    if let Some(stage) = workflow.graph.stages().iter().find(|stage| !told.stages.contains_key(&stage.id)) {
        return Err(refuse(&format!("does not hold {}", stage.id)));
    }
    let whole = told.stages.values().all(|stage| stage.ran);
    let sum = |ids: &mut dyn Iterator<Item = &str>| {
        let mut total = [0.0; 3];
        for stage in ids.filter_map(|id| told.stages.get(id)) {
            let measure = |name: &str| stage.measures.get(name).copied().unwrap_or(0.0);
            let parts = [stage.seconds, measure("flops"), measure("bytes")];
            total.iter_mut().zip(parts).for_each(|(total, part)| *total += part);
        }
        total
    };
    let [seconds, flops, bytes] = sum(&mut told.stages.keys().map(String::as_str));
    let mut theory = told.stages.iter().filter(|(_, stage)| stage.kind == "theory").map(|(id, _)| id.as_str());
    let [theory_seconds, ..] = sum(&mut theory);
    let mut figures = Vec::new();
    for figure in &workflow.project.figures {
        let targets =
            [Output::of(&figure.id), TableName::Of(&figure.id, OfFigure::FiniteSize).into()].map(Output::stage);
        let selection = workflow.graph.select(&targets)?;
        let [seconds, flops, bytes] = sum(&mut workflow.graph.selected(&selection).map(|stage| stage.id.as_str()));
        figures.push(FigureCost { id: figure.id.clone(), seconds: rounded(seconds), flops, bytes });
    }
    Ok(RunCost {
        profile: told.profile.clone(),
        measured: circumstances(told.threads, &told.finished),
        wall_seconds: whole.then(|| rounded(told.wall_seconds)),
        seconds: rounded(seconds),
        theory_seconds: rounded(theory_seconds),
        peak_bytes: told.peak_bytes,
        flops,
        bytes,
        figures,
    })
}

/// This machine, and the day of a time stamp.
fn circumstances(threads: usize, timestamp: &str) -> Circumstances {
    let platform = Platform::current();
    let cores = platform.cores.map_or(String::new(), |cores| format!(", {cores} cores"));
    let machine = format!("{}{cores}", platform.cpu.unwrap_or_else(|| platform.arch.to_owned()));
    Circumstances { machine, date: timestamp.split('T').next().unwrap_or_default().to_owned(), threads }
}

/// Seconds to a tenth of a millisecond: more would be noise.
fn rounded(seconds: f64) -> f64 {
    (seconds * 1e4).round() / 1e4
}
