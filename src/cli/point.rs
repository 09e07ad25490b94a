//! `solve` and `simulate`: one point of the model on the command line.

use std::io::Write;

use serde_json::{Map, Value, json};

use crate::experiment::{Protocol, Sampling, Status, Trial, run_trials, summarise};
use crate::model::{Learner, Mixture, ProxyVariance, Setting, Student, TeacherKind};
use crate::table::{Cell, csv};
use crate::theory;
use crate::workflow::{parameter_cells, solution_cells, trial_cells};

use super::Failure;
use super::point_args::{LearnerChoice, PointOptions, SimulateOptions};
use super::table::value;

/// The paper's "unregularised" ridge.
const UNREGULARISED: f64 = 1e-5;
/// Keys of the JSON object: the columns of the reference points, in their order.
const KEYS: [&str; 23] = [
    "alpha", "eta", "delta", "rho", "lambda_t", "epsilon", "lambda", "chi", "T", "m_t", "q_t", "b_t", "V_t", "eg_t",
    "m", "q", "b", "S", "V", "eg", "ce", "mse_out", "mse_pre",
];

impl PointOptions {
    /// The setting that the options name.
    fn setting(&self) -> Result<Setting, Failure> {
        let Self { alpha, eta, delta, rho, epsilon, chi, temperature, .. } = *self;
        let student = Student { lambda: self.lambda.unwrap_or(UNREGULARISED), chi, temperature };
        let ridge = self.teacher_lambda.unwrap_or(UNREGULARISED);
        let distilled = |teacher| Learner::Distilled { teacher, student };
        let learner = match self.learner {
            LearnerChoice::Teacher => {
                Learner::Teacher { lambda: self.teacher_lambda.or(self.lambda).unwrap_or(UNREGULARISED), epsilon }
            }
            LearnerChoice::Direct => Learner::Direct { lambda: student.lambda, epsilon },
            LearnerChoice::Distilled => distilled(TeacherKind::Logistic { lambda: ridge, epsilon }),
            LearnerChoice::KdBayes => distilled(TeacherKind::BayesOptimalProxy { variance: ProxyVariance::Derived }),
            LearnerChoice::KdHebbian => distilled(TeacherKind::Hebbian),
        };
        let setting = Setting { mixture: Mixture { alpha, eta, delta, rho }, learner };
        setting.validate().map_err(|error| {
            Failure::input(format!(
                "--{}: {} is out of range; valid: {}",
                error.parameter.replace('_', "-"),
                error.value,
                error.valid
            ))
        })?;
        Ok(setting)
    }
}

/// Solves the theory at one point.
pub(super) fn solve(options: &PointOptions) -> Result<(), Failure> {
    let setting = options.setting()?;
    let solution = theory::solve(&setting).map_err(Failure::input)?;
    let mut cells = parameter_cells(&setting);
    cells.extend(solution_cells(&setting, &solution));
    let mut object = keyed(&setting, &cells);
    for key in ["status", "iterations", "residual", "quadrature_error"] {
        object.insert(key.to_owned(), cell(&cells, key));
    }
    print(&object, options.json)
}

/// Trains at one point and prints means and standard errors.
pub(super) fn simulate(options: &SimulateOptions) -> Result<(), Failure> {
    let setting = options.point.setting()?;
    if options.replicates == 0 {
        return Err(Failure::input("--replicates: 0 is out of range; valid: an integer ≥ 1"));
    }
    let protocol = Protocol { n: options.n, sampling: Sampling::Stratified, seed: options.seed };
    let mut trials: Vec<Trial> = Vec::new();
    for replicate in 0..options.replicates {
        let trained = run_trials(&setting.mixture, &[setting.learner], replicate, &protocol, &|| false);
        trials.extend(trained.map_err(Failure::input)?.trials);
    }
    let converged: Vec<&Trial> = trials.iter().filter(|trial| trial.status == Status::Converged).collect();
    let mut object = keyed(&setting, &parameter_cells(&setting));
    for key in KEYS.into_iter().skip(9) {
        let of = |trial: &&Trial| {
            trial_cells(trial).into_iter().find(|(name, _)| *name == key).and_then(|(_, cell)| match cell {
                Cell::Real(number) => Some(number),
                _ => None,
            })
        };
        let summary = summarise(&converged.iter().filter_map(of).collect::<Vec<f64>>());
        object.insert(key.to_owned(), json!(summary.mean));
        object.insert(format!("{key}_se"), json!(summary.standard_error));
    }
    let gradient = trials.iter().map(|trial| trial.gradient_norm).fold(0.0, f64::max);
    let status = if converged.len() == trials.len() { "converged" } else { "not_converged" };
    for (key, field) in [
        ("n", json!(options.n)),
        ("replicates", json!(converged.len())),
        ("seed", json!(options.seed)),
        ("status", json!(status)),
        ("residual", json!(gradient)),
        ("gradient_norm", json!(gradient)),
        ("quadrature_error", Value::Null),
    ] {
        object.insert(key.to_owned(), field);
    }
    print(&object, options.point.json)
}

fn cell(cells: &[(&str, Cell<'_>)], name: &str) -> Value {
    cells.iter().find(|(known, _)| *known == name).map_or(Value::Null, |(_, cell)| value(*cell))
}

/// The kind and every key of the reference points, null where the learner has no such value.
fn keyed(setting: &Setting, cells: &[(&str, Cell<'_>)]) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("kind".to_owned(), setting.learner.kind().into());
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
