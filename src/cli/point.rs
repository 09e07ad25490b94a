//! `solve` and `simulate` of the paper's learners by their names: each is a short lineage, or a closed form.

use std::io::Write;

use serde_json::{Map, Value, json};

use crate::experiment::ExperimentError;
use crate::experiment::lineage::{LineageTrial, run};
use crate::model::lineage::{OBSERVABLES, Source};
use crate::model::{Lineage, bayes};
use crate::theory::{self, lineage::LineageSolution};

use super::ask_args::DerivativeOptions;
use super::closed;
use super::derivatives::Slopes;
use super::failure::ended;
use super::lineage_table::finite;
use super::lineage_view::{Simulation, doubt, status, write_simulation, write_solution};
use super::named::values;
use super::point_args::{PointOptions, SimulateOptions};
use super::{Failure, lineage, rounding};

/// The point that the options name; the arguments ask for one where there is no lineage.
fn named(point: Option<&PointOptions>) -> Result<&PointOptions, Failure> {
    point.ok_or_else(|| Failure::input("nothing to solve; valid: --learner and --alpha, or --lineage"))
}

/// Solves the theory at one point, or of a lineage.
pub(super) fn solve(asked: &DerivativeOptions) -> Result<(), Failure> {
    let options = &asked.solve;
    let point = match (&options.lineage, &options.point) {
        (Some(file), _) => return lineage::solve(file, asked),
        (None, point) => named(point.as_ref())?,
    };
    point.check()?;
    let lineage = point.lineage();
    let solution = match &lineage {
        Some(lineage) => theory::lineage::solve(lineage).map_err(Failure::input)?,
        None => closed::bayes(point.learner, &point.mixture()),
    };
    let reason = doubt(&solution);
    let slopes = match asked.derivatives.is_empty() {
        true => None,
        false => Some(Slopes::of_learner(point, asked)?),
    };
    if options.json {
        let mut object = solution_object(point, lineage.as_ref(), &solution, reason.as_deref());
        let told = slopes.iter().flat_map(Slopes::objects);
        object.extend(told.map(|(key, slopes)| (key.to_owned(), slopes)));
        writeln!(std::io::stdout(), "{}", Value::Object(object))?;
    } else {
        writeln!(std::io::stdout(), "{}", point.line())?;
        write_solution(&point.stages(), &solution, reason.as_deref())?;
        if let Some(slopes) = &slopes {
            write!(std::io::stdout(), "{}", slopes.table())?;
        }
        write_note(point)?;
    }
    ended(reason)
}

/// The answer as one flat object.
fn solution_object(
    point: &PointOptions,
    lineage: Option<&Lineage>,
    solution: &LineageSolution,
    reason: Option<&str>,
) -> Map<String, Value> {
    let mut object = point.object();
    let fixed = lineage.and_then(|lineage| lineage.stages.first()?.targets).map(|targets| targets.source);
    if let Some(Source::Teacher(teacher)) = fixed {
        let error = bayes::test_error(&point.mixture(), teacher.m, teacher.q, teacher.b);
        let own = [("m_t", teacher.m), ("q_t", teacher.q), ("b_t", teacher.b), ("eg_t", error)];
        object.extend(own.map(|(key, value)| (key.to_owned(), json!(value))));
    }
    for (k, stage) in solution.stages.iter().enumerate() {
        for row in &OBSERVABLES {
            if let Some(value) = stage.value(row.kind, Some(0)) {
                object.extend(point.keys(k, row).map(|key| (key, json!(value))));
            }
        }
    }
    let residual = solution.stages.iter().map(|stage| stage.residual).fold(0.0, f64::max);
    let rest = [
        ("status", json!(status(reason.is_none()))),
        ("iterations", json!(solution.sweeps)),
        ("residual", json!(finite(residual))),
        ("error", json!(finite(solution.error()))),
        ("reason", json!(reason)),
        ("note", json!(point.note())),
    ];
    object.extend(rest.map(|(key, field)| (key.to_owned(), field)));
    object
}

fn write_note(point: &PointOptions) -> Result<(), Failure> {
    point.note().map_or(Ok(()), |note| Ok(writeln!(std::io::stdout(), "{note}")?))
}

/// Trains at one point, or a lineage, and prints means and standard errors beside the theory.
pub(super) fn simulate(options: &SimulateOptions) -> Result<(), Failure> {
    let point = match (&options.solve.lineage, &options.solve.point) {
        (Some(file), _) => return lineage::simulate(file, options),
        (None, point) => named(point.as_ref())?,
    };
    point.check()?;
    let Some(lineage) = point.lineage() else {
        return Err(Failure::input(format!(
            "--learner {}: is a closed form, and there is nothing to train; valid: `solve`, or another learner",
            point.learner.name()
        )));
    };
    let n = options.features(None);
    options.check_sizes(n, point.alpha)?;
    let protocol = options.protocol(n);
    let trained = lineage::trained(options.replicates, |replicate, stop| run(&lineage, replicate, &protocol, stop))?;
    let trials = trained.map_err(|error| match error {
        ExperimentError::Interrupted => Failure::interrupted("there is no answer"),
        ExperimentError::OneClass { samples } => lineage::too_few(samples, n),
        other => Failure::input(other),
    })?;
    let solution = theory::lineage::solve(&lineage).map_err(Failure::input)?;
    let reason = lineage::lost(&lineage, &trials);
    let simulation =
        Simulation { lineage: &lineage, trials: &trials, solution: &solution, protocol, reason: reason.as_deref() };
    if options.solve.json {
        writeln!(std::io::stdout(), "{}", Value::Object(simulation_object(point, &simulation)))?;
    } else {
        writeln!(std::io::stdout(), "{}", point.line())?;
        write_simulation(&point.stages(), &simulation)?;
        write_note(point)?;
    }
    rounding::tell(&lineage.data, &protocol);
    ended(reason)
}

/// Means, standard errors, theory and z as one flat object.
fn simulation_object(point: &PointOptions, simulation: &Simulation<'_>) -> Map<String, Value> {
    let mut object = point.object();
    let suffixes = ["se", "theory", "z"];
    object.extend(values().flat_map(|key| suffixes.map(|suffix| (format!("{key}_{suffix}"), Value::Null))));
    let stages = simulation.lineage.stages.len();
    for k in 0..stages {
        let (observables, overlaps) = simulation.rows(k);
        for row in observables.iter().chain(&overlaps).filter(|row| row.summary.mean.is_some() || row.theory.is_some())
        {
            for key in point.keys(k, row.descriptor) {
                let fields = [json!(row.summary.standard_error), json!(row.theory), json!(row.z())];
                object.extend(suffixes.iter().zip(fields).map(|(suffix, field)| (format!("{key}_{suffix}"), field)));
                object.insert(key, json!(row.summary.mean));
            }
        }
    }
    let measured = |trial: &&LineageTrial| trial.stages.iter().all(|stage| stage.measured.is_some());
    let rest = [
        ("n", json!(simulation.protocol.n)),
        ("replicates", json!(simulation.trials.iter().filter(measured).count())),
        ("seed", json!(simulation.protocol.seed)),
        ("status", json!(status(simulation.reason.is_none()))),
        ("residual", json!(simulation.residual())),
        ("reason", json!(simulation.reason)),
        ("note", json!(point.note())),
    ];
    object.extend(rest.map(|(key, field)| (key.to_owned(), field)));
    object
}
