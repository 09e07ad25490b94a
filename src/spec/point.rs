//! One point of a curve: the lineage that theory and experiment evaluate.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::lineage::{LineageError, Parameter, ParameterError, Place};
use crate::model::{DomainError, LearnerName, Lineage, Mixture};

/// What is evaluated at a point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The last stage of a lineage.
    Lineage(Lineage),
    /// The Bayes-optimal bound on these features, in closed form.
    Bound(Mixture),
}

/// One point of a curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The value on the x axis.
    pub x: f64,
    /// The name of the learner, if it has one.
    pub learner: Option<LearnerName>,
    /// What is evaluated there; the values of [`Point::optimal`] are placeholders.
    pub subject: Subject,
    /// The parameters that together minimise the test error.
    pub optimal: Vec<Parameter>,
}

/// What tables say of a curve that gives its stages.
const UNNAMED: &str = "lineage";

impl Point {
    /// What tables call the learner.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        kind(self.learner)
    }
}

/// What tables call a learner.
#[must_use]
pub fn kind(learner: Option<LearnerName>) -> &'static str {
    learner.map_or(UNNAMED, LearnerName::name)
}

/// A point whose parameters are out of their domains.
#[derive(Debug, Clone, PartialEq)]
pub struct PointError {
    /// The parameter, in the words of the curve: `lambda`, `stage[1].lambda`, `data.alpha`.
    pub parameter: String,
    /// What is wrong.
    pub problem: String,
    /// What would be valid.
    pub valid: String,
}

impl fmt::Display for PointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; valid: {}", self.parameter, self.problem, self.valid)
    }
}

impl std::error::Error for PointError {}

impl From<DomainError> for PointError {
    fn from(error: DomainError) -> Self {
        let DomainError { parameter, value, valid } = error;
        Self { parameter: parameter.to_owned(), problem: format!("{value:?} is out of range"), valid: valid.to_owned() }
    }
}

impl From<LineageError> for PointError {
    fn from(error: LineageError) -> Self {
        let parameter = match error.place {
            Place::Data => error.parameter.to_owned(),
            Place::Stage(number) => format!("stage[{}].{}", number - 1, error.parameter),
        };
        Self { parameter, problem: format!("{} is out of range", error.value), valid: error.valid }
    }
}

impl PointError {
    pub(super) fn of(parameter: Parameter, error: ParameterError) -> Self {
        let (problem, valid) = match error {
            ParameterError::Absent { problem, valid, .. } => (problem, valid),
            ParameterError::Range { value, valid, .. } => (format!("{value:?} is out of range"), valid.to_owned()),
            ParameterError::Unknown { text, valid } | ParameterError::Number { text, valid } => {
                (format!("`{text}` is no parameter"), valid)
            }
        };
        Self { parameter: parameter.to_string(), problem, valid }
    }
}
