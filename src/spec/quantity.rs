//! A number out of a figure's tables: statistic(curve, column, range, arm).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Threshold;
use crate::model::lineage::{OBSERVABLES, ObservableDescriptor};
use crate::table::{Kind, schema};

/// A first and a last value.
pub type Interval = [f64; 2];

/// What is wrong with an expression, and what would be valid in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong.
    pub problem: String,
    /// What would be valid.
    pub valid: String,
}

impl Wrong {
    /// Both.
    pub(super) fn new(problem: impl Into<String>, valid: impl Into<String>) -> Self {
        Self { problem: problem.into(), valid: valid.into() }
    }

    /// The same, of something with a name.
    pub(super) fn of(self, what: impl fmt::Display) -> Self {
        Self { problem: format!("{what}: {}", self.problem), ..self }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; valid: {}", self.problem, self.valid)
    }
}

/// What a series of values along a curve is reduced to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statistic {
    /// The value at `at`.
    Value,
    /// The largest value.
    Max,
    /// The smallest value.
    Min,
    /// The largest absolute value.
    Largest,
    /// The x of the largest value.
    Argmax,
    /// The x of the smallest value.
    Argmin,
    /// How far the largest value stands above the lower of its two sides: the smaller of the two drops.
    Prominence,
    /// The first x at which the values change sign.
    Crossing,
    /// The share of values between −1 and 1: of printed vertices within their reading error, with the arm `print_readings`.
    ShareWithin,
    /// An exact threshold of the model; no curve.
    Threshold,
}

/// Where the values come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arm {
    /// The replica theory.
    #[default]
    Theory,
    /// The replica theory at the simulated points alone.
    Expected,
    /// The mean over simulated data sets.
    Simulation,
    /// The standard error of that mean; of a difference, on the same data sets.
    StandardError,
    /// The mean over simulated data sets of the largest other N at which a point is run.
    OtherSize,
    /// Simulation minus theory in standard errors, as a normal deviate.
    Z,
    /// The curve read off print.
    Print,
    /// Theory minus print.
    PrintDifference,
    /// Theory minus print over what the reading allows.
    PrintReadings,
    /// c of (simulation − theory)/theory = c/N, at the points that are run at several sizes.
    OneOverN,
    /// The standard error of that c.
    OneOverNError,
    /// What was measured.
    Measured,
    /// (measured − theory)/theory.
    MeasuredDifference,
}

/// A curve of the figure, or several, of which the lowest counts at every x.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a curve or a list of curves")]
pub enum Curves {
    /// One curve.
    One(String),
    /// The lowest of several.
    Lowest(Vec<String>),
}

/// One number out of a figure's tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// The reduction.
    pub statistic: Statistic,
    /// Whose values; absent for a threshold only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curve: Option<Curves>,
    /// A curve that is subtracted at every x.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minus: Option<String>,
    /// Whether the difference is divided by the subtracted curve.
    #[serde(default)]
    pub relative: bool,
    /// The column of the tables.
    #[serde(default = "test_error")]
    pub column: String,
    /// The x that count, ends included; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<Interval>,
    /// The x of `value`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<f64>,
    /// The threshold of `threshold`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Threshold>,
    /// Where the values come from: theory in a number; in a claim every voice reads its own, unless one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arm: Option<Arm>,
}

fn test_error() -> String {
    "eg".to_owned()
}

impl Statistic {
    /// Whether the number is a place on the x axis rather than a value there.
    #[must_use]
    pub fn is_place(self) -> bool {
        match self {
            Self::Argmax | Self::Argmin | Self::Crossing | Self::Threshold => true,
            Self::Value | Self::Max | Self::Min | Self::Largest | Self::Prominence | Self::ShareWithin => false,
        }
    }
}

impl Curves {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let all = match self {
            Self::One(curve) => std::slice::from_ref(curve),
            Self::Lowest(curves) => curves,
        };
        all.iter().map(String::as_str)
    }
}

impl Quantity {
    /// Ids of the curves it reads, the subtracted one last.
    pub fn curves(&self) -> impl Iterator<Item = &str> {
        self.curve.iter().flat_map(Curves::iter).chain(self.minus.as_deref())
    }

    /// The lone curve whose extremum is asked for, and whether it is the largest value: what theory refines. Where a
    /// certified error is largest is chance, so only observables have one.
    #[must_use]
    pub fn optimum(&self) -> Option<(&str, bool)> {
        let (Some(Curves::One(curve)), None) = (&self.curve, &self.minus) else { return None };
        let named = |row: &ObservableDescriptor| [row.column, row.teacher.map(|teacher| teacher.column)];
        if !OBSERVABLES.iter().any(|row| named(row).contains(&Some(self.column.as_str()))) {
            return None;
        }
        match self.statistic {
            Statistic::Max | Statistic::Argmax | Statistic::Prominence => Some((curve, true)),
            Statistic::Min | Statistic::Argmin => Some((curve, false)),
            Statistic::Value
            | Statistic::Largest
            | Statistic::Crossing
            | Statistic::ShareWithin
            | Statistic::Threshold => None,
        }
    }

    /// Checks names, intervals, and that the keys are those of the statistic.
    ///
    /// # Errors
    /// The first wrong key, with what would be valid.
    pub fn validate(&self, curves: &[&str]) -> Result<(), Wrong> {
        let threshold = self.statistic == Statistic::Threshold;
        let value = self.statistic == Statistic::Value;
        let word = word_of(&self.statistic);
        let needed = |given: bool, wanted: bool, key: &str| match (given, wanted) {
            (false, true) => {
                Err(Wrong::new(format!("statistic \"{word}\" lacks `{key}`"), format!("`{key}` beside it")))
            }
            (true, false) => {
                Err(Wrong::new(format!("`{key}` has no meaning for statistic \"{word}\""), format!("no `{key}` there")))
            }
            (true, true) | (false, false) => Ok(()),
        };
        needed(self.curve.is_some(), !threshold, "curve")?;
        needed(self.name.is_some(), threshold, "name")?;
        needed(self.at.is_some(), value, "at")?;
        if threshold || value {
            needed(self.range.is_some(), false, "range")?;
        }
        if self.arm == Some(Arm::OneOverNError) && self.minus.is_some() {
            return Err(Wrong::new("`minus` with the errors of c, which do not subtract", "no `minus` there"));
        }
        if self.relative && self.minus.is_none() {
            return Err(Wrong::new("`relative` without a curve to divide by", "`minus` = a curve, beside it"));
        }
        if let Some(Curves::Lowest(list)) = &self.curve
            && list.len() < 2
        {
            return Err(Wrong::new("`curve` is a list of less than two", "a curve, or a list of two at least"));
        }
        for (key, name) in self
            .curve
            .iter()
            .flat_map(Curves::iter)
            .map(|name| ("curve", name))
            .chain(self.minus.iter().map(|name| ("minus", name.as_str())))
        {
            if !curves.contains(&name) {
                let problem = format!("`{key}` = \"{name}\" is not a curve of this figure");
                return Err(Wrong::new(problem, curves.join(", ")));
            }
        }
        known_column(&self.column)?;
        if let Some(at) = self.at.filter(|at| !at.is_finite()) {
            return Err(Wrong::new(format!("`at` = {at} is not finite"), "a finite number"));
        }
        self.range.as_ref().map_or(Ok(()), |range| ordered("range", range))
    }
}

/// The word of a unit variant as figure files write it.
#[must_use]
pub fn word_of<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A column must be a real column of the theory table.
fn known_column(name: &str) -> Result<(), Wrong> {
    let columns = schema::THEORY.columns.iter().filter(|column| column.kind == Kind::Real);
    if columns.clone().any(|column| column.name == name) {
        return Ok(());
    }
    let names: Vec<&str> = columns.map(|column| column.name).collect();
    Err(Wrong::new(format!("`column` = \"{name}\" is not a column of the theory table"), names.join(", ")))
}

/// An interval must be finite and ordered.
pub(super) fn ordered(key: &str, interval: &Interval) -> Result<(), Wrong> {
    let [low, high] = *interval;
    if low.is_finite() && high.is_finite() && low <= high {
        return Ok(());
    }
    Err(Wrong::new(format!("{key} = [{low}, {high}]"), "two finite numbers in increasing order"))
}
