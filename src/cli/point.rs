//! `solve` and `simulate`: one point of the model on the command line.

use std::io::Write;

use clap::ValueEnum;
use serde_json::{Map, Value, json};

use crate::experiment::{Status, Trial, run_trials, summarise};
use crate::model::{Learner, Mixture, ProxyVariance, Setting, Student, TeacherKind};
use crate::table::{Cell, csv};
use crate::theory::{self, silent};
use crate::workflow::{parameter_cells, solution_cells, trial_cells, value_cells};

use super::ask_args::DerivativeOptions;
use super::derivatives::Slopes;
use super::point_args::{LearnerChoice, PointOptions, SimulateOptions};
use super::table::value;
use super::{Failure, lineage};

/// The paper's "unregularised" ridge.
const UNREGULARISED: f64 = 1e-5;
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

    /// The setting that the options name.
    fn setting(&self) -> Result<Setting, Failure> {
        self.refuse_idle_flags()?;
        let Self { alpha, eta, delta, rho, .. } = *self;
        let epsilon = self.epsilon.unwrap_or(0.0);
        let student = Student {
            lambda: self.lambda.unwrap_or(UNREGULARISED),
            chi: self.chi.unwrap_or(1.0),
            temperature: self.temperature.unwrap_or(1.0),
        };
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
            let flag = match error.parameter {
                "teacher_lambda" if self.teacher_lambda.is_none() => "lambda".to_owned(),
                other => other.replace('_', "-"),
            };
            Failure::input(format!("--{flag}: {:?} is out of range; valid: {}", error.value, error.valid))
        })?;
        Ok(setting)
    }

    /// What a reader of the answer must know about it, if anything.
    fn note(&self) -> Option<&'static str> {
        let smoothed = self.epsilon.filter(|epsilon| *epsilon > 0.0)?;
        match self.learner {
            LearnerChoice::Distilled if smoothed == silent::SILENT => Some(
                "epsilon smooths the labels of the teacher alone; smoothed by 1/2 they say nothing, the teacher's \
                 weights are zero, and zero weights have no test error",
            ),
            LearnerChoice::Distilled => {
                Some("epsilon smooths the labels of the teacher alone; the student's own labels stay hard")
            }
            LearnerChoice::Teacher | LearnerChoice::Direct if smoothed == silent::SILENT => {
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
pub(super) fn solve(asked: &DerivativeOptions) -> Result<(), Failure> {
    let options = &asked.solve;
    let point = match (&options.lineage, &options.point) {
        (Some(file), _) => return lineage::solve(file, asked),
        (None, point) => named(point.as_ref())?,
    };
    let setting = point.setting()?;
    let solution = theory::solve(&setting).map_err(Failure::input)?;
    let mut cells = parameter_cells(&setting);
    cells.extend(value_cells(&setting, &solution));
    let mut object = keyed(&setting, &cells);
    let certificate = solution_cells(&setting, &solution);
    for key in ["status", "iterations", "residual", "quadrature_error"] {
        object.insert(key.to_owned(), cell(&certificate, key));
    }
    let doubt = solution.certificate.doubt().map(|doubt| doubt.to_string());
    if asked.derivatives.is_empty() {
        return finish(object, point, options.json, doubt);
    }
    let slopes = Slopes::of_learner(point, asked)?;
    if options.json {
        object.extend(slopes.objects().map(|(key, slopes)| (key.to_owned(), slopes)));
        return finish(object, point, true, doubt);
    }
    finish(object, point, false, doubt)?;
    Ok(write!(std::io::stdout(), "{}", slopes.table())?)
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

/// Success, or a failure that says why the answer is no more than the best there is.
pub(super) fn ended(reason: Option<String>) -> Result<(), Failure> {
    match reason {
        Some(reason) => Err(Failure::failed(format!("not converged: {reason}; printed is the best that was found"))),
        None => Ok(()),
    }
}

/// Trains at one point, or a lineage, and prints means and standard errors.
pub(super) fn simulate(options: &SimulateOptions) -> Result<(), Failure> {
    let point = match (&options.solve.lineage, &options.solve.point) {
        (Some(file), _) => return lineage::simulate(file, options),
        (None, point) => named(point.as_ref())?,
    };
    let setting = point.setting()?;
    let n = options.features(None);
    options.check_sizes(n, setting.mixture.alpha)?;
    let protocol = options.protocol(n);
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
        ("n", json!(n)),
        ("replicates", json!(converged.len())),
        ("seed", json!(options.seed)),
        ("status", json!(status)),
        ("residual", json!(gradient)),
        ("gradient_norm", json!(gradient)),
        ("quadrature_error", Value::Null),
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
