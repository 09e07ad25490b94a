//! What is told of the stages of a lineage, as JSON and as tables: the digits that an error leaves, and no more.

use std::io::Write;

use serde_json::{Map, Value, json};

use crate::experiment::lineage::{LineageTrial, Measured};
use crate::experiment::{Protocol, Summary, summarise};
use crate::model::{Lineage, lineage::Loss};
use crate::theory::lineage::{LineageSolution, StageSolution, Status};
use crate::verdict::normal_equivalent;

use super::Failure;
use super::derivatives::Slopes;
use super::lineage::doubt;
use super::lineage_table::{aligned, digits, measured, significant};

/// A number that both arms may tell of a stage.
struct Observable {
    /// Its key in JSON.
    key: &'static str,
    /// Its symbol in tables.
    symbol: &'static str,
    /// Whether JSON has it as a null where it has no value.
    always: bool,
    theory: fn(&StageSolution) -> Option<f64>,
    experiment: fn(&Measured) -> Option<f64>,
}

const fn observable(
    key: &'static str,
    symbol: &'static str,
    always: bool,
    theory: fn(&StageSolution) -> Option<f64>,
    experiment: fn(&Measured) -> Option<f64>,
) -> Observable {
    Observable { key, symbol, always, theory, experiment }
}

/// Every number of a stage but its overlaps with earlier ones.
const OBSERVABLES: [Observable; 12] = [
    observable("m", "m", true, |s| Some(s.m), |x| Some(x.m)),
    observable("q", "q", true, |s| Some(s.q), |x| Some(x.q)),
    observable("variance", "Q", true, |s| Some(s.variance), |x| Some(x.variance)),
    observable("b", "b", true, |s| Some(s.b), |x| Some(x.b)),
    observable("v", "V", true, |s| Some(s.v), |_| None),
    observable("eg", "ε_g", true, |s| Some(s.eg), |x| Some(x.test_error)),
    observable("train_loss", "train loss", true, |s| Some(s.train_loss), |x| Some(x.train_loss)),
    observable("teacher_overlap", "w·u/N", false, |s| s.teacher_overlap, |x| x.teacher_overlap),
    observable("held_out_error", "held out", false, |_| None, |x| x.held_out_error),
    observable("m_over_sqrt_q", "m/√q", false, |s| s.margin.map(|margin| margin.m), |_| None),
    observable("b_over_sqrt_q", "b/√q", false, |s| s.margin.map(|margin| margin.b), |_| None),
    observable("margin", "margin", false, |s| s.margin.map(|margin| margin.margin), |_| None),
];

/// A finite number; a limit that does not exist has none.
fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}

fn status(converged: bool) -> &'static str {
    if converged { "converged" } else { "not_converged" }
}

/// The stage as an object of the theory.
fn theory_object(stage: &StageSolution) -> Value {
    let mut object = Map::new();
    for observable in OBSERVABLES {
        let value = (observable.theory)(stage);
        if observable.always || value.is_some() {
            object.insert(observable.key.to_owned(), json!(value.and_then(finite)));
        }
    }
    object.insert("s".to_owned(), stage.s.iter().map(|s| json!(finite(*s))).collect());
    Value::Object(object)
}

/// Prints a solution: one object, or a row a stage.
pub(super) fn print_solution(
    lineage: &Lineage,
    solution: &LineageSolution,
    reason: Option<&str>,
    slopes: Option<&Slopes>,
    json: bool,
) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let status = status(reason.is_none());
    let error = finite(solution.error());
    if json {
        let stages: Vec<Value> = solution.stages.iter().map(theory_object).collect();
        let mut object = json!({ "status": status, "reason": reason, "error": error, "stages": stages });
        for (key, slopes) in slopes.into_iter().flat_map(Slopes::objects) {
            object[key] = slopes;
        }
        return Ok(writeln!(out, "{object}")?);
    }
    let shown = |stage: &StageSolution, value: Option<f64>| {
        // of a best iterate no error is known
        let error = if stage.status == Status::Converged { stage.error } else { f64::NAN };
        value.and_then(finite).map_or("–".to_owned(), |value| significant(value, digits(error)))
    };
    let mut columns: Vec<Vec<String>> = Vec::new();
    let numbers = (1..=solution.stages.len()).map(|number| number.to_string());
    columns.push(["stage".to_owned()].into_iter().chain(numbers).collect());
    let losses = lineage.stages.iter().map(|stage| name(stage.loss).to_owned());
    columns.push(["loss".to_owned()].into_iter().chain(losses).collect());
    let mut add = |symbol: String, of: &dyn Fn(&StageSolution) -> Option<f64>| {
        let values: Vec<Option<f64>> = solution.stages.iter().map(of).collect();
        if values.iter().any(Option::is_some) {
            let cells = solution.stages.iter().zip(values).map(|(stage, value)| shown(stage, value));
            columns.push([symbol].into_iter().chain(cells).collect());
        }
    };
    for observable in OBSERVABLES {
        add(observable.symbol.to_owned(), &observable.theory);
    }
    for from in 0..solution.stages.len() {
        add(format!("S_{}", from + 1), &|stage| stage.s.get(from).copied());
    }
    let rows: Vec<Vec<String>> =
        (0..=solution.stages.len()).map(|row| columns.iter().map(|column| column[row].clone()).collect()).collect();
    write!(out, "{}", aligned(&rows))?;
    if let Some(slopes) = slopes {
        write!(out, "{}", slopes.table())?;
    }
    let told = error
        .filter(|_| reason.is_none())
        .map_or(String::new(), |error| format!(", relative error at most {error:.0e}"));
    Ok(writeln!(out, "{status}{told}")?)
}

fn name(loss: Loss) -> &'static str {
    match loss {
        Loss::Logistic => "logistic",
        Loss::Square => "square",
        Loss::Hinge => "hinge",
        Loss::Linear => "linear",
    }
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
struct Row {
    key: &'static str,
    symbol: String,
    always: bool,
    summary: Summary,
    theory: Option<f64>,
}

/// Errors of a mean below this share of it are rounding: the number is fixed, not measured.
const FIXED: f64 = 1e-12;

impl Row {
    fn standard_error(&self) -> Option<f64> {
        let mean = self.summary.mean?;
        self.summary.standard_error.filter(|error| *error > FIXED * mean.abs())
    }

    /// The distance to the theory as the normal deviate that is as improbable.
    fn z(&self) -> Option<f64> {
        let t = (self.summary.mean? - self.theory?) / self.standard_error()?;
        normal_equivalent(t, self.summary.replicates)
    }
}

impl Simulation<'_> {
    /// The rows of stage `k`, counted from 0: the observables, and the overlaps in order.
    fn rows(&self, k: usize) -> (Vec<Row>, Vec<Row>) {
        let all: Vec<&Measured> = self.trials.iter().filter_map(|trial| trial.stages[k].measured.as_ref()).collect();
        let theory = Some(&self.solution.stages[k]).filter(|stage| stage.status == Status::Converged);
        let over = |of: &dyn Fn(&Measured) -> Option<f64>| -> Summary {
            summarise(&all.iter().filter_map(|measured| of(measured)).collect::<Vec<f64>>())
        };
        let observables = OBSERVABLES.iter().map(|observable| Row {
            key: observable.key,
            symbol: observable.symbol.to_owned(),
            always: observable.always,
            summary: over(&observable.experiment),
            theory: theory.and_then(|stage| (observable.theory)(stage)).and_then(finite),
        });
        let overlaps = (0..k).map(|j| Row {
            key: "s",
            symbol: format!("S_{}", j + 1),
            always: true,
            summary: over(&|measured| measured.cross_overlaps[j]),
            theory: theory.and_then(|stage| finite(stage.s[j])),
        });
        (observables.collect(), overlaps.collect())
    }

    /// Certificates of the fits at their worst.
    fn residual(&self) -> f64 {
        let stages = self.trials.iter().flat_map(|trial| &trial.stages);
        stages.filter_map(|stage| stage.residual).fold(0.0, f64::max)
    }

    fn stage_object(&self, k: usize) -> Value {
        let (observables, overlaps) = self.rows(k);
        let mut object = Map::new();
        let mut z = Map::new();
        for row in observables.iter().filter(|row| row.always || row.summary.mean.is_some()) {
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
    let mut rows: Vec<Vec<String>> = vec![["stage", "symbol", "mean", "theory", "z"].map(str::to_owned).to_vec()];
    for k in stages {
        let (observables, overlaps) = simulation.rows(k);
        for row in observables.iter().chain(&overlaps) {
            let Some(mean) = row.summary.mean else { continue };
            let [mean, theory] = measured(mean, row.standard_error(), row.theory);
            let z = row.z().map_or(String::new(), |z| format!("{z:+.1}"));
            rows.push(vec![(k + 1).to_string(), row.symbol.clone(), mean, theory, z]);
        }
    }
    write!(out, "{}", aligned(&rows))?;
    let theory = doubt.map_or(String::new(), |doubt| format!("; no theory to hold it against: {doubt}"));
    let (count, n, sampling) = (trials.len(), protocol.n, protocol.sampling.name());
    Ok(writeln!(out, "{}: {count} replicates, N = {n}, {sampling}{theory}", status(reason.is_none()))?)
}
