//! `solve` and `simulate`: one point of the model on the command line.

use std::io::Write;

use clap::ValueEnum;
use serde_json::{Map, Value, json};

use crate::experiment::lineage::{LineageTrial, Status, run};
use crate::experiment::summarise;
use crate::model::{LearnerName, LearnerParameters, Lineage, Mixture, Setting};
use crate::spec::Subject;
use crate::spec::points::kind;
use crate::table::{Cell, csv};
use crate::theory;
use crate::workflow::{Solved, parameter_cells, solution_cells, trial_cells, value_cells};

use super::failure::ended;
use super::point_args::{LearnerChoice, PointOptions, SimulateOptions, SolveOptions};
use super::table::value;
use super::{Failure, lineage};

/// ε at which labels say nothing.
const SILENT: f64 = 0.5;
/// Keys of the JSON object: the columns of the reference points, in their order.
const KEYS: [&str; 23] = [
    "alpha", "eta", "delta", "rho", "lambda_t", "epsilon", "lambda", "chi", "T", "m_t", "q_t", "b_t", "V_t", "eg_t",
    "m", "q", "b", "S", "V", "eg", "ce", "mse_out", "mse_pre",
];

impl PointOptions {
    /// The parameters of the learner, by the names of their flags, as far as they were given.
    fn given(&self) -> [(&'static str, Option<f64>); 5] {
        [
            ("teacher-lambda", self.teacher_lambda),
            ("epsilon", self.epsilon),
            ("lambda", self.lambda),
            ("chi", self.chi),
            ("temperature", self.temperature),
        ]
    }

    /// Refuses a flag that the learner does not look at: whoever gave it expects something of it.
    fn refuse_idle_flags(&self) -> Result<(), Failure> {
        for (flag, _) in self.given().into_iter().filter(|(_, value)| value.is_some()) {
            if !self.learner.parameters().contains(&flag) {
                let users = LearnerChoice::value_variants().iter().filter(|choice| choice.parameters().contains(&flag));
                let users = users.map(|choice| choice.name()).collect::<Vec<_>>().join(", ");
                let learner = self.learner.name();
                return Err(Failure::input(format!(
                    "--{flag}: has no effect with --learner {learner}; valid with --learner {users}"
                )));
            }
        }
        if self.learner == LearnerChoice::Teacher && self.lambda.is_some() && self.teacher_lambda.is_some() {
            return Err(Failure::input(
                "--lambda: has no effect beside --teacher-lambda with --learner teacher; valid: one of the two",
            ));
        }
        Ok(())
    }

    /// The learner that the options name, and its lineage.
    fn lineage(&self) -> Result<(Option<LearnerName>, Lineage), Failure> {
        self.refuse_idle_flags()?;
        let Self { alpha, eta, delta, rho, .. } = *self;
        let default = LearnerParameters::default();
        let own_ridge = self.learner == LearnerChoice::Teacher;
        let teacher_lambda = self.teacher_lambda.or(self.lambda.filter(|_| own_ridge));
        let told = LearnerParameters {
            teacher_lambda: teacher_lambda.unwrap_or(default.teacher_lambda),
            epsilon: self.epsilon.unwrap_or(default.epsilon),
            lambda: self.lambda.unwrap_or(default.lambda),
            chi: self.chi.unwrap_or(default.chi),
            temperature: self.temperature.unwrap_or(default.temperature),
            variance: default.variance,
        };
        let learner = self.learner.name_of().with(&told);
        let setting = Setting { mixture: Mixture { alpha, eta, delta, rho }, learner };
        setting.validate().map_err(|error| {
            let flag = match error.parameter {
                "teacher_lambda" if self.teacher_lambda.is_none() => "lambda".to_owned(),
                other => other.replace('_', "-"),
            };
            Failure::input(format!("--{flag}: {:?} is out of range; valid: {}", error.value, error.valid))
        })?;
        let lineage = setting.lineage().ok_or_else(|| Failure::input("a bound is not learned"))?;
        Ok((Some(learner.name()), lineage))
    }

    /// What a reader of the answer must know about it, if anything.
    fn note(&self) -> Option<&'static str> {
        let smoothed = self.epsilon.filter(|epsilon| *epsilon > 0.0)?;
        match self.learner {
            LearnerChoice::Distilled if smoothed == SILENT => Some(
                "epsilon smooths the labels of the teacher alone; smoothed by 1/2 they say nothing, the teacher's \
                 weights are zero, and zero weights have no test error",
            ),
            LearnerChoice::Distilled => {
                Some("epsilon smooths the labels of the teacher alone; the student's own labels stay hard")
            }
            LearnerChoice::Teacher | LearnerChoice::Direct if smoothed == SILENT => {
                Some("labels smoothed by 1/2 say nothing: all weights are zero, and zero weights have no test error")
            }
            LearnerChoice::Teacher | LearnerChoice::Direct | LearnerChoice::KdBayes | LearnerChoice::KdHebbian => None,
        }
    }
}

/// The point that the options name; the arguments ask for one where there is no lineage.
fn named(point: Option<&PointOptions>) -> Result<&PointOptions, Failure> {
    point.ok_or_else(|| Failure::input("nothing to solve; valid: --learner and --alpha, or --lineage"))
}

/// Solves the theory at one point, or of a lineage.
pub(super) fn solve(options: &SolveOptions) -> Result<(), Failure> {
    let point = match (&options.lineage, &options.point) {
        (Some(file), _) => return lineage::solve(file, options.json),
        (None, point) => named(point.as_ref())?,
    };
    let (learner, lineage) = point.lineage()?;
    let solution = theory::lineage::solve(&lineage).map_err(Failure::input)?;
    let solved = Solved::Lineage(lineage, solution.clone());
    let mut cells = parameter_cells(learner, &solved.subject());
    cells.extend(value_cells(learner, &solved));
    let mut object = keyed(learner, &cells);
    let certificate = solution_cells(learner, &solved);
    for key in ["status", "iterations", "error"] {
        object.insert(key.to_owned(), cell(&certificate, key));
    }
    finish(object, point, options.json, solution.reason().map(str::to_owned))
}

/// Prints the answer, the best there is where it did not converge, which is then a failure that says why.
fn finish(
    mut object: Map<String, Value>,
    point: &PointOptions,
    json: bool,
    reason: Option<String>,
) -> Result<(), Failure> {
    object.insert("reason".to_owned(), json!(reason));
    object.insert("note".to_owned(), json!(point.note()));
    print(&object, json)?;
    ended(reason)
}

/// Trains at one point, or a lineage, and prints means and standard errors.
pub(super) fn simulate(options: &SimulateOptions) -> Result<(), Failure> {
    let point = match (&options.solve.lineage, &options.solve.point) {
        (Some(file), _) => return lineage::simulate(file, options),
        (None, point) => named(point.as_ref())?,
    };
    let (learner, lineage) = point.lineage()?;
    let n = options.features(None);
    options.check_sizes(n, point.alpha)?;
    let protocol = options.protocol(n);
    let trials: Vec<LineageTrial> = (0..options.replicates)
        .map(|replicate| run(&lineage, replicate, &protocol, &|| false).map_err(Failure::input))
        .collect::<Result<_, _>>()?;
    let status_of = |trial: &LineageTrial| trial.stages.last().map(|stage| stage.status);
    let converged: Vec<&LineageTrial> =
        trials.iter().filter(|trial| status_of(trial) == Some(Status::Converged)).collect();
    let mut object = keyed(learner, &parameter_cells(learner, &Subject::Lineage(lineage.clone())));
    for key in KEYS.into_iter().skip(9) {
        let of = |trial: &&LineageTrial| {
            let cells = trial_cells(learner, &lineage, trial);
            cells.into_iter().find(|(name, _)| *name == key).and_then(|(_, cell)| match cell {
                Cell::Real(number) => Some(number),
                Cell::Null | Cell::Integer(_) | Cell::Text(_) => None,
            })
        };
        let summary = summarise(&converged.iter().filter_map(of).collect::<Vec<f64>>());
        object.insert(key.to_owned(), json!(summary.mean));
        object.insert(format!("{key}_se"), json!(summary.standard_error));
    }
    let residuals = trials.iter().flat_map(|trial| trial.stages.iter().filter_map(|stage| stage.residual));
    let gradient = residuals.fold(0.0, f64::max);
    let status = if converged.len() == trials.len() { "converged" } else { "not_converged" };
    for (key, field) in [
        ("n", json!(n)),
        ("replicates", json!(converged.len())),
        ("seed", json!(options.seed)),
        ("status", json!(status)),
        ("gradient_norm", json!(gradient)),
    ] {
        object.insert(key.to_owned(), field);
    }
    let lost = trials.len() - converged.len();
    let reason = (lost > 0).then(|| {
        format!("{lost} of {} trials reached no minimum: the largest gradient left is {gradient:.1e}", trials.len())
    });
    finish(object, point, options.solve.json, reason)
}

fn cell(cells: &[(&str, Cell<'_>)], name: &str) -> Value {
    cells.iter().find(|(known, _)| *known == name).map_or(Value::Null, |(_, cell)| value(*cell))
}

/// The kind and every key of the reference points, null where the learner has no such value.
fn keyed(learner: Option<LearnerName>, cells: &[(&str, Cell<'_>)]) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("kind".to_owned(), kind(learner).into());
    for key in KEYS {
        let column = match key {
            "lambda_t" => "teacher_lambda",
            "T" => "temperature",
            other => other,
        };
        object.insert(key.to_owned(), cell(cells, column));
    }
    object
}

/// Prints the object: JSON on one line, or one aligned line a key that has a value.
fn print(object: &Map<String, Value>, json: bool) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", Value::Object(object.clone()))?;
        return Ok(());
    }
    let rest = object.keys().map(String::as_str).filter(|key| *key != "kind" && !KEYS.contains(key));
    let keys = ["kind"].into_iter().chain(KEYS).chain(rest.filter(|key| !key.ends_with("_se")));
    for key in keys {
        let Some(text) = object.get(key).and_then(shown) else { continue };
        match object.get(&format!("{key}_se")).and_then(shown) {
            Some(error) => writeln!(out, "{key:<18}{text} ± {error}")?,
            None => writeln!(out, "{key:<18}{text}")?,
        }
    }
    Ok(())
}

/// A value as a person reads it; nothing for a null.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_f64() => number.as_f64().map(csv::real),
        other => Some(other.to_string()),
    }
}
