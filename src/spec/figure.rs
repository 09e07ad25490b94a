//! The figure file as written: one struct a table of the TOML.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Column, Curve, Data, MapAxis, Swept};

/// One figure: `figures/<id>/figure.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// Figure id, equal to the folder's name: `fig05`.
    pub id: String,
    /// Short title of our own.
    pub title: String,
    /// Where the paper shows it: `Figure 5`; absent where a figure goes beyond the paper.
    #[serde(default)]
    pub paper: String,
    /// One-sentence caption, may use the mini markup of axis labels.
    pub caption: String,
    /// The print's name of the figure, as in the files of `data/paper`, if it is there.
    pub published: Option<String>,
    /// Parameters of the data, the paper's defaults where absent.
    #[serde(default)]
    pub data: Data,
    /// The swept parameter.
    pub x: Sweep,
    /// What is drawn, one panel a quantity.
    #[serde(rename = "panel")]
    pub panels: Vec<Panel>,
    /// The curves.
    #[serde(rename = "curve")]
    pub curves: Vec<Curve>,
    /// Labelled verticals.
    #[serde(default, rename = "line")]
    pub lines: Vec<Vertical>,
    /// Labelled horizontals.
    #[serde(default, rename = "horizontal")]
    pub horizontals: Vec<Horizontal>,
    /// Typed checks of the paper's claims.
    #[serde(default, rename = "claim")]
    pub claims: Vec<super::Claim>,
    /// Numbers for the text.
    #[serde(default, rename = "number")]
    pub numbers: Vec<super::Number>,
    /// The directions of a grid over the data, at whose nodes theory judges every check: at most three.
    #[serde(default)]
    pub map: Vec<MapAxis>,
    /// Points that are also run at other sizes, to see what is the finite size.
    #[serde(default)]
    pub finite_size: Vec<FiniteSize>,
    /// The folder the file was read from.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// Experiment points of one curve that are also run at other N.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FiniteSize {
    /// The curve.
    pub curve: String,
    /// The points, experiment x of that curve.
    pub x: Vec<f64>,
    /// Every N, of which a profile runs those up to four times its own; below its own with as many data sets as cost
    /// the same. Two sizes that the profile chooses when absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sizes: Vec<usize>,
}

impl Figure {
    /// True for a figure of the paper; the others go beyond it.
    #[must_use]
    pub fn is_in_paper(&self) -> bool {
        self.paper.starts_with("Figure")
    }

    /// True where a curve has measured values.
    #[must_use]
    pub fn is_measured(&self) -> bool {
        self.curves.iter().any(|curve| curve.measured.is_some())
    }

    /// What the figure is called: as in the paper, or by its id.
    #[must_use]
    pub fn name(&self) -> &str {
        if self.is_in_paper() { &self.paper } else { &self.id }
    }

    /// The panel a curve is bound to, if it is bound to one.
    #[must_use]
    pub fn panel_of(&self, curve: &Curve) -> Option<&Panel> {
        let name = curve.panel.as_ref()?;
        self.panels.iter().find(|panel| panel.id.as_ref() == Some(name))
    }

    /// The sweep of a curve: its panel's, or the figure's.
    #[must_use]
    pub fn sweep_of(&self, curve: &Curve) -> &Sweep {
        self.panel_of(curve).and_then(|panel| panel.x.as_ref()).unwrap_or(&self.x)
    }

    /// The print's name of a panel: its own, or the figure's.
    #[must_use]
    pub fn print_of<'a>(&'a self, panel: &'a Panel) -> Option<&'a str> {
        panel.published.as_deref().or(self.published.as_deref())
    }

    /// True when a panel shows a curve.
    #[must_use]
    pub fn shows(&self, panel: &Panel, curve: &Curve) -> bool {
        curve.panel.is_none() || curve.panel == panel.id
    }
}

/// The x axis and where theory and experiment are evaluated on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// Which parameter x binds; a curve may bind another.
    pub parameter: Swept,
    /// First and last x of the theory; also the axis unless `axis` is given.
    pub range: [f64; 2],
    /// Number of theory points, evenly spaced on the axis's scale.
    pub points: usize,
    /// Stretches with points of their own besides, where a curve bends too sharply for the others.
    #[serde(default)]
    pub finer: Vec<Finer>,
    /// Axis limits, when they differ from the sweep.
    pub axis: Option<[f64; 2]>,
    /// Linear or logarithmic.
    #[serde(default)]
    pub scale: Scale,
    /// Where the experiments are.
    #[serde(default)]
    pub experiment: Vec<f64>,
    /// Axis label; the parameter's symbol when absent.
    pub label: Option<String>,
}

/// A stretch of a sweep with points of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finer {
    /// First and last x.
    pub range: [f64; 2],
    /// Number of points, evenly spaced on the axis's scale.
    pub points: usize,
}

/// Scale of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Linear.
    #[default]
    Linear,
    /// Base-10 logarithmic.
    Log,
}

/// One panel: a column against x.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// Name by which a curve says that it belongs to this panel only.
    pub id: Option<String>,
    /// The print's name of the panel, when it is not the figure's.
    pub published: Option<String>,
    /// The panel's own sweep, when it is not the figure's.
    pub x: Option<Sweep>,
    /// The column shown.
    pub y: Column,
    /// Axis limits.
    pub range: [f64; 2],
    /// Linear or logarithmic.
    #[serde(default)]
    pub scale: Scale,
    /// Panel title.
    pub title: Option<String>,
    /// Axis label; the column's when absent.
    pub label: Option<String>,
}

/// A labelled vertical.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vertical {
    /// Where it stands.
    pub at: Place,
    /// Its label; the place's symbol when absent.
    pub label: Option<String>,
}

/// A labelled horizontal, drawn in the panels that show the test error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Horizontal {
    /// Where it stands.
    pub at: Level,
    /// Its label; the level's symbol when absent.
    pub label: Option<String>,
}

/// Where a horizontal stands: a number, or the error of always naming the larger class.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a number or \"rho\"")]
pub enum Level {
    /// A fixed y.
    At(f64),
    /// `"rho"`.
    MajorityClass(MajorityClass),
}

/// The one word a level may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MajorityClass {
    /// ρ, the share of the smaller class.
    Rho,
}

/// Where a vertical stands: a number or a threshold the theory gives exactly.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "expected a number, \"interpolation\", \"student_separability\" or \"teacher_separability\""
)]
pub enum Place {
    /// A fixed x.
    At(f64),
    /// A threshold by name.
    Threshold(Threshold),
}

/// The exact thresholds of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Threshold {
    /// α_I = η.
    Interpolation,
    /// α_S, linear separability on the student's features.
    StudentSeparability,
    /// α̃_S, linear separability on all features.
    TeacherSeparability,
}
