//! One curve of a figure: who learns, what is swept, how it is drawn.

use serde::{Deserialize, Serialize};

use crate::model::ProxyVariance;

use super::Parameter;

/// Names of learners in figure files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LearnerName {
    /// Logistic regression on all features.
    Teacher,
    /// Logistic regression on the student's features, from labels.
    Direct,
    /// Student of a teacher.
    Distilled,
    /// Bayes bound on all features (line only).
    BayesTeacher,
    /// Bayes bound on the student's features (line only).
    BayesStudent,
}

impl LearnerName {
    /// True for a bound in closed form: nothing is learned, so there is nothing to simulate.
    #[must_use]
    pub fn is_bound(self) -> bool {
        match self {
            Self::BayesTeacher | Self::BayesStudent => true,
            Self::Teacher | Self::Direct | Self::Distilled => false,
        }
    }
}

/// Names of teacher kinds in figure files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeacherName {
    /// Ridge logistic regression on the same data.
    #[default]
    Logistic,
    /// Bayes-optimal weights of independent data.
    BayesOptimalProxy,
    /// Hebbian rule on the same data.
    Hebbian,
}

/// A ridge strength: a number, or the one that minimises the learner's test error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a number > 0 or \"optimal\"")]
pub enum Ridge {
    /// A fixed strength.
    Fixed(f64),
    /// `"optimal"`.
    Optimal(Optimal),
}

/// The one word a ridge may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Optimal {
    /// Minimises ε_g at each x.
    Optimal,
}

/// The paper's "unregularised" ridge.
pub const UNREGULARISED: f64 = 1e-5;

impl Default for Ridge {
    fn default() -> Self {
        Self::Fixed(UNREGULARISED)
    }
}

/// The teacher of a distilled student, or the learner itself when it is a teacher.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TeacherSpec {
    /// How its weights came about.
    pub kind: TeacherName,
    /// λ̃.
    pub lambda: Ridge,
    /// Which reading of Eq. 112 the proxy teacher uses.
    pub variance: Option<ProxyVariance>,
}

/// The student's settings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StudentSpec {
    /// λ.
    pub lambda: Ridge,
    /// χ.
    pub chi: f64,
    /// T.
    pub temperature: f64,
}

impl Default for StudentSpec {
    fn default() -> Self {
        Self { lambda: Ridge::default(), chi: 1.0, temperature: 1.0 }
    }
}

/// What a curve changes of the figure's data.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CurveData {
    /// α.
    pub alpha: Option<f64>,
    /// η.
    pub eta: Option<f64>,
    /// Δ.
    pub delta: Option<f64>,
    /// ρ.
    pub rho: Option<f64>,
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
    /// Who learns.
    pub learner: LearnerName,
    /// Its teacher, or itself.
    #[serde(default)]
    pub teacher: TeacherSpec,
    /// Its own settings.
    #[serde(default)]
    pub student: StudentSpec,
    /// ε, smoothing of the labels that are learned from (the teacher's, for a distilled student).
    #[serde(default)]
    pub epsilon: f64,
    /// Changes to the figure's data.
    #[serde(default)]
    pub data: CurveData,
    /// The parameter x binds; the figure's when absent, `"none"` for a horizontal.
    #[serde(default)]
    pub x: Option<Parameter>,
    /// The only panel that shows it; all of them when absent.
    #[serde(default)]
    pub panel: Option<String>,
    /// The printed series it is held against; those of the curve's id when absent.
    #[serde(default)]
    pub published: Option<Published>,
    /// First and last x of the theory, when they differ from the figure's.
    #[serde(default)]
    pub range: Option<[f64; 2]>,
    /// Number of theory points, when it differs from the figure's.
    #[serde(default)]
    pub points: Option<usize>,
    /// Whether there are experiments at the figure's experiment x (`true`, `false`) or where (a list).
    #[serde(default)]
    pub experiment: Experiments,
    /// How the theory is drawn.
    #[serde(default)]
    pub style: LineStyle,
    /// Palette slot; the curve's place in the file when absent.
    #[serde(default)]
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
