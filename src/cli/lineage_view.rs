//! What is told of the stages of a lineage, as JSON and as tables: the digits that an error leaves, and no more.

use std::io::Write;

use serde_json::{Map, Value, json};

use crate::experiment::lineage::{LineageTrial, Measured};
use crate::experiment::{Protocol, Summary, summarise};
use crate::model::lineage::{Needs, OBSERVABLES, ObservableDescriptor, ObservableKind};
use crate::model::{Lineage, Status};
use crate::theory::lineage::{LineageSolution, StageSolution};
use crate::verdict::{normal_equivalent, t_of, varies};

use super::Failure;
use super::columns::{Column, counted, table, width};
use super::derivatives::Slopes;
use super::lineage_table::{aligned, digits, finite, measured, significant};

/// Which stage of a solution did not converge first, and why.
pub(super) fn doubt(solution: &LineageSolution) -> Option<String> {
    let mut reasons = solution.stages.iter().enumerate();
    reasons.find_map(|(i, stage)| stage.reason.as_ref().map(|reason| format!("stage {}: {reason}", i + 1)))
}

pub(super) fn status(converged: bool) -> &'static str {
    if converged { Status::Converged.name() } else { Status::NotConverged.name() }
}

/// The observables that the JSON of a lineage has one key for: all but the overlaps with earlier stages.
fn keyed() -> impl Iterator<Item = (&'static str, &'static ObservableDescriptor)> {
    OBSERVABLES.iter().filter_map(|row| Some((row.key?, row)))
}

/// The stage as an object of the theory.
fn theory_object(stage: &StageSolution) -> Value {
    let mut object = Map::new();
    for (key, row) in keyed() {
        let value = stage.value(row.kind, None);
        if row.needs == Needs::Nothing || value.is_some() {
            object.insert(key.to_owned(), json!(value));
        }
    }
    object.insert("s".to_owned(), stage.s.iter().map(|s| json!(finite(*s))).collect());
    Value::Object(object)
}

/// Prints the solution of a lineage: one object, or a column a stage.
pub(super) fn print_solution(
    lineage: &Lineage,
    solution: &LineageSolution,
    reason: Option<&str>,
    slopes: Option<&Slopes>,
    json: bool,
) -> Result<(), Failure> {
    if json {
        let stages: Vec<Value> = solution.stages.iter().map(theory_object).collect();
        let (status, error) = (status(reason.is_none()), finite(solution.error()));
        let mut object = json!({ "status": status, "reason": reason, "error": error, "stages": stages });
        for (key, slopes) in slopes.into_iter().flat_map(Slopes::objects) {
            object[key] = slopes;
        }
        return Ok(writeln!(std::io::stdout(), "{object}")?);
    }
    let names = lineage.stages.iter().enumerate().map(|(k, stage)| format!("{} {}", k + 1, stage.loss.name()));
    write_solution(&names.collect::<Vec<String>>(), solution, reason)?;
    slopes.map_or(Ok(()), |slopes| Ok(write!(std::io::stdout(), "{}", slopes.table())?))
}

/// Writes a solution as a table: a row a number, a column a stage, with the digits that its error leaves.
pub(super) fn write_solution(
    names: &[String],
    solution: &LineageSolution,
    reason: Option<&str>,
) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let shown = |stage: &StageSolution, value: Option<f64>| {
        // of a best iterate no error is known
        let error = if stage.status == Status::Converged { stage.error } else { f64::NAN };
        value.map_or("–".to_owned(), |value| significant(value, digits(error)))
    };
    let mut rows: Vec<(String, Vec<String>, &str)> = Vec::new();
    let mut add = |symbol: String, meaning, of: &dyn Fn(&StageSolution) -> Option<f64>| {
        let values: Vec<Option<f64>> = solution.stages.iter().map(|stage| of(stage).and_then(finite)).collect();
        if values.iter().any(Option::is_some) {
            let cells = solution.stages.iter().zip(values).map(|(stage, value)| shown(stage, value));
            rows.push((symbol, cells.collect(), meaning));
        }
    };
    for (_, row) in keyed() {
        add(row.symbol.to_owned(), row.doc, &|stage| stage.value(row.kind, None));
    }
    for from in 0..solution.stages.len() {
        add(format!("S_{}", from + 1), "overlap with an earlier stage", &|stage| stage.s.get(from).copied());
    }
    let mut columns = vec![Column::words("", rows.iter().map(|row| row.0.clone()), None)];
    for (k, name) in names.iter().enumerate() {
        columns.push(Column::numbers(name, rows.iter().map(|row| row.1[k].clone()), None));
    }
    let meanings = Column::words("", rows.iter().map(|row| row.2.to_owned()), None);
    columns.push(Column { rank: Some(0), ..meanings });
    write!(out, "{}", table(columns, width()))?;
    let told = finite(solution.error())
        .filter(|error| reason.is_none() && *error > 0.0)
        .map_or(String::new(), |error| format!(", relative error at most {error:.0e}"));
    Ok(writeln!(out, "{}{told}", status(reason.is_none()))?)
}

/// Trials of a lineage beside its theory.
pub(super) struct Simulation<'a> {
    pub lineage: &'a Lineage,
    pub trials: &'a [LineageTrial],
    /// Of the same features.
    pub solution: &'a LineageSolution,
    pub protocol: Protocol,
    /// Why some trials have no answer.
    pub reason: Option<&'a str>,
}

/// One observable over the trials of a stage.
pub(super) struct Row {
    pub descriptor: &'static ObservableDescriptor,
    key: &'static str,
    symbol: String,
    pub summary: Summary,
    pub theory: Option<f64>,
}

impl Row {
    fn standard_error(&self) -> Option<f64> {
        let mean = self.summary.mean?;
        self.summary.standard_error.filter(|error| varies(mean, *error))
    }

    /// The distance to the theory as the normal deviate that is as improbable.
    pub fn z(&self) -> Option<f64> {
        let t = t_of(self.summary.mean?, self.summary.standard_error?, self.theory?)?;
        normal_equivalent(t, self.summary.replicates)
    }
}

impl Simulation<'_> {
    /// The rows of stage `k`, counted from 0: the observables, and the overlaps in order.
    pub fn rows(&self, k: usize) -> (Vec<Row>, Vec<Row>) {
        let all: Vec<&Measured> = self.trials.iter().filter_map(|trial| trial.stages[k].measured.as_ref()).collect();
        let theory = Some(&self.solution.stages[k]).filter(|stage| stage.status == Status::Converged);
        let over = |of: &dyn Fn(&Measured) -> Option<f64>| -> Summary {
            summarise(&all.iter().filter_map(|measured| of(measured)).collect::<Vec<f64>>())
        };
        let row = |descriptor: &'static ObservableDescriptor, key, symbol, source| Row {
            descriptor,
            key,
            symbol,
            summary: over(&|measured| measured.value(descriptor.kind, source)),
            theory: theory.and_then(|stage| stage.value(descriptor.kind, source)),
        };
        let observables = keyed().map(|(key, found)| row(found, key, found.symbol.to_owned(), None));
        let overlap = ObservableKind::SourceOverlap.descriptor();
        let overlaps = (0..k).map(|j| row(overlap, overlap.name, format!("{}_{}", overlap.symbol, j + 1), Some(j)));
        (observables.collect(), overlaps.collect())
    }

    /// Certificates of the fits at their worst.
    pub fn residual(&self) -> f64 {
        let stages = self.trials.iter().flat_map(|trial| &trial.stages);
        stages.filter_map(|stage| stage.residual).fold(0.0, f64::max)
    }

    fn stage_object(&self, k: usize) -> Value {
        let (observables, overlaps) = self.rows(k);
        let mut object = Map::new();
        let mut z = Map::new();
        for row in observables.iter().filter(|row| row.descriptor.needs == Needs::Nothing || row.summary.mean.is_some())
        {
            object.insert(row.key.to_owned(), json!(row.summary.mean));
            object.insert(format!("{}_se", row.key), json!(row.summary.standard_error));
            z.insert(row.key.to_owned(), json!(row.z()));
        }
        let list = |of: &dyn Fn(&Row) -> Option<f64>| -> Value { overlaps.iter().map(|row| json!(of(row))).collect() };
        z.insert("s".to_owned(), list(&Row::z));
        object.insert("s".to_owned(), list(&|row| row.summary.mean));
        object.insert("s_se".to_owned(), list(&|row| row.summary.standard_error));
        let replicates = self.trials.iter().filter(|trial| trial.stages[k].measured.is_some()).count();
        object.insert("replicates".to_owned(), json!(replicates));
        let solved = &self.solution.stages[k];
        let converged = solved.status == Status::Converged;
        object.insert("theory".to_owned(), if converged { theory_object(solved) } else { Value::Null });
        object.insert("z".to_owned(), if converged { Value::Object(z) } else { Value::Null });
        Value::Object(object)
    }
}

/// Prints a simulation: one object, or a row a stage and observable.
pub(super) fn print_simulation(simulation: &Simulation<'_>, json: bool) -> Result<(), Failure> {
    let Simulation { lineage, trials, solution, protocol, reason } = simulation;
    let mut out = std::io::stdout().lock();
    let doubt = doubt(solution);
    let stages = 0..lineage.stages.len();
    if json {
        let object = json!({
            "status": status(reason.is_none()),
            "reason": reason,
            "error": simulation.residual(),
            "n": protocol.n,
            "replicates": trials.len(),
            "seed": protocol.seed,
            "sampling": protocol.sampling.name(),
            "theory": { "status": status(doubt.is_none()), "reason": doubt, "error": finite(solution.error()) },
            "stages": stages.map(|k| simulation.stage_object(k)).collect::<Vec<Value>>(),
        });
        return Ok(writeln!(out, "{object}")?);
    }
    drop(out);
    let names: Vec<String> = stages.map(|k| (k + 1).to_string()).collect();
    write_simulation(&names, simulation)
}

/// Writes a simulation as a table: a row a stage and number, with mean, theory and z.
pub(super) fn write_simulation(names: &[String], simulation: &Simulation<'_>) -> Result<(), Failure> {
    let Simulation { trials, solution, protocol, reason, .. } = simulation;
    let mut out = std::io::stdout().lock();
    let mut rows: Vec<Vec<String>> = vec![["stage", "symbol", "mean", "theory", "z"].map(str::to_owned).to_vec()];
    for (k, name) in names.iter().enumerate() {
        let (observables, overlaps) = simulation.rows(k);
        for row in observables.iter().chain(&overlaps) {
            let Some(mean) = row.summary.mean else { continue };
            let [mean, theory] = measured(mean, row.standard_error(), row.theory);
            let z = row.z().map_or(String::new(), |z| format!("{z:+.1}"));
            rows.push(vec![name.clone(), row.symbol.clone(), mean, theory, z]);
        }
    }
    write!(out, "{}", aligned(&rows))?;
    let theory = doubt(solution).map_or(String::new(), |doubt| format!("; no theory to hold it against: {doubt}"));
    let (n, sampling) = (protocol.n, protocol.sampling.name());
    let count = counted(trials.len(), "replicate", "replicates");
    Ok(writeln!(out, "{}: {count}, N = {n}, {sampling}{theory}", status(reason.is_none()))?)
}
