//! One curve of a figure: who learns, what is swept, how it is drawn.

use serde::{Deserialize, Serialize};

use crate::model::lineage::{Parameter, Spectrum, Stage};
use crate::model::{LearnerName, ProxyVariance, domain};

use super::{Measured, Swept};

/// A parameter of a learner: a number, or the one that minimises its test error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a number or \"optimal\"")]
pub enum Value {
    /// A number.
    Fixed(f64),
    /// `"optimal"`: together with the others of the curve that are.
    Optimal(Optimal),
}

/// The one word a parameter may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Optimal {
    /// Minimises ε_g at each x.
    Optimal,
}

/// What of the data is given in a figure, for all of its curves, or in a curve.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Data {
    /// A number, or a list with one for each data set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alpha: Option<Alpha>,
    /// Of a student: a half where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eta: Option<f64>,
    /// 1 where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delta: Option<f64>,
    /// 0.2 where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rho: Option<f64>,
    /// 0 where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_noise: Option<f64>,
    /// How the variance is spread over the features.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spectrum: Option<Spectrum>,
}

/// α of one data set, or of several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "alpha is a number or a list of numbers, one a data set")]
pub enum Alpha {
    /// One data set.
    One(f64),
    /// One value a data set.
    Sets(Vec<f64>),
}

impl Data {
    /// These, and `other`'s where these are silent.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        Self {
            alpha: self.alpha.clone().or_else(|| other.alpha.clone()),
            eta: self.eta.or(other.eta),
            delta: self.delta.or(other.delta),
            rho: self.rho.or(other.rho),
            label_noise: self.label_noise.or(other.label_noise),
            spectrum: self.spectrum.clone().or_else(|| other.spectrum.clone()),
        }
    }

    /// η, the paper's ½ where nothing is said.
    #[must_use]
    pub fn eta(&self) -> f64 {
        self.eta.unwrap_or(domain::ETA.usual())
    }

    /// Δ, the paper's 1 where nothing is said.
    #[must_use]
    pub fn delta(&self) -> f64 {
        self.delta.unwrap_or(domain::DELTA.usual())
    }

    /// ρ, the paper's 0.2 where nothing is said.
    #[must_use]
    pub fn rho(&self) -> f64 {
        self.rho.unwrap_or(domain::RHO.usual())
    }
}

/// How the theory is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineStyle {
    /// Solid line.
    #[default]
    Solid,
    /// Dashed line.
    Dashed,
    /// Dotted line.
    Dotted,
    /// Separate dots, one a theory point.
    Dots,
    /// In the tables and the checks, but not drawn.
    Hidden,
}

/// One curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Curve {
    /// Curve id.
    pub id: String,
    /// Label in the legend, in the mini markup.
    pub label: String,
    /// Who learns, by one of the paper's names; or else its stages are given.
    pub learner: Option<LearnerName>,
    /// The stages of a lineage, as in a lineage file. What is shown is the last.
    #[serde(default, rename = "stage", skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
    /// Of a named learner: a number or `"optimal"`.
    pub teacher_lambda: Option<Value>,
    /// Of a named learner: a number or `"optimal"`; the teacher's for a distilled student.
    pub epsilon: Option<Value>,
    /// Of a named learner: a number or `"optimal"`.
    pub lambda: Option<Value>,
    /// Of a named learner: a number or `"optimal"`.
    pub chi: Option<Value>,
    /// Of a named learner: a number or `"optimal"`.
    pub temperature: Option<Value>,
    /// Which reading of Eq. 112 the Bayes-optimal proxy teacher has.
    pub variance: Option<ProxyVariance>,
    /// Parameters of the stages that together minimise the test error at each x.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub optimal: Vec<Parameter>,
    /// Changes to the figure's data.
    #[serde(default)]
    pub data: Data,
    /// The parameter x binds; the figure's when absent, `"none"` for a horizontal.
    pub x: Option<Swept>,
    /// The only panel that shows it; all of them when absent.
    pub panel: Option<String>,
    /// The printed series it is held against; those of the curve's id when absent.
    pub published: Option<Published>,
    /// First and last x of the theory, when they differ from the figure's.
    pub range: Option<[f64; 2]>,
    /// Number of theory points, when it differs from the figure's.
    pub points: Option<usize>,
    /// Whether there are experiments at the figure's experiment x (`true`, `false`) or where (a list).
    #[serde(default)]
    pub experiment: Experiments,
    /// How the theory is drawn.
    #[serde(default)]
    pub style: LineStyle,
    /// What was measured of it, as points with error bars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<Measured>,
    /// Palette slot; the curve's place in the file when absent.
    pub color: Option<usize>,
}

/// What print has of a curve: one name for its line and its points, or names for each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "expected a name, or { curve = a name, points = a list of names, range = [low, high] }, each optional"
)]
pub enum Published {
    /// The print's name of the line and of the points.
    Name(String),
    /// Other names for the line and for the points; `{}` where print has nothing of the curve.
    Series(PublishedSeries),
}

/// The print's names of a curve's line and of its points.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PublishedSeries {
    /// The line.
    pub curve: Option<String>,
    /// The points, which may be several series.
    pub points: Vec<String>,
    /// Where the line is held against theory, when not everywhere: the frame cuts a stroke at its sides.
    pub range: Option<[f64; 2]>,
}

impl Curve {
    /// What a named learner is told, by name.
    #[must_use]
    pub fn told(&self) -> [(&'static str, Option<Value>); 5] {
        [
            ("teacher_lambda", self.teacher_lambda),
            ("epsilon", self.epsilon),
            ("lambda", self.lambda),
            ("chi", self.chi),
            ("temperature", self.temperature),
        ]
    }

    /// The print's name of its line, if it may have one.
    #[must_use]
    pub fn printed_curve(&self) -> Option<&str> {
        match &self.published {
            None => Some(&self.id),
            Some(Published::Name(name)) => Some(name),
            Some(Published::Series(series)) => series.curve.as_deref(),
        }
    }

    /// True at an x where the printed line is held against theory.
    #[must_use]
    pub fn printed_at(&self, x: f64) -> bool {
        match &self.published {
            Some(Published::Series(PublishedSeries { range: Some([low, high]), .. })) => (*low..=*high).contains(&x),
            None | Some(Published::Name(_) | Published::Series(_)) => true,
        }
    }

    /// The print's names of its points.
    #[must_use]
    pub fn printed_points(&self) -> Vec<&str> {
        match &self.published {
            None => vec![&self.id],
            Some(Published::Name(name)) => vec![name],
            Some(Published::Series(series)) => series.points.iter().map(String::as_str).collect(),
        }
    }
}

/// Where a curve's experiments are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected true, false or a list of numbers")]
pub enum Experiments {
    /// At the figure's experiment x, or nowhere.
    Switch(bool),
    /// At these x.
    At(Vec<f64>),
}

impl Default for Experiments {
    fn default() -> Self {
        Self::Switch(true)
    }
}
