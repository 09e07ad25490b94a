//! What a figure is made of, as plain data

use super::style::{Color, Dash};

/// A figure: one to many panels under one title, with one legend.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// Identifier, also the prefix of every id inside the document.
    pub id: String,
    /// Accessible title (plain text).
    pub title: String,
    /// Accessible description (plain text): what the figure shows.
    pub description: String,
    /// The panels, in one column if alone.
    pub panels: Vec<Panel>,
    /// How large they are, and how many stand side by side.
    pub grid: Grid,
    /// Where the legend goes.
    pub legend: LegendPlacement,
}

/// How large panels are, and how many stand side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grid {
    /// Two, for curves.
    #[default]
    Pairs,
    /// Three small ones, where each shows little.
    Triples,
}

/// Where the legend goes: never over the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LegendPlacement {
    /// Under the panels, wrapped; panels that show different curves have one each.
    #[default]
    Below,
    /// No legend.
    Hidden,
}

/// One pair of axes and what is drawn on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Heading above the panel (mini markup).
    pub title: Option<String>,
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// Shaded ranges of y, under everything else.
    pub bands: Vec<Band>,
    /// Curves and points, in drawing order.
    pub series: Vec<Series>,
    /// Labelled vertical lines, such as thresholds.
    pub verticals: Vec<Vertical>,
    /// Labelled horizontal lines, such as bounds.
    pub horizontals: Vec<Horizontal>,
}

impl Panel {
    /// An empty panel on two axes.
    pub fn new(x: Axis, y: Axis) -> Self {
        Self {
            title: None,
            x,
            y,
            bands: Vec::new(),
            series: Vec::new(),
            verticals: Vec::new(),
            horizontals: Vec::new(),
        }
    }

    /// An empty panel for residuals in standard errors: bands at ±2 and ±4, a line at 0.
    ///
    /// `reach` is the largest |z| to be shown; the axis extends to at least ±5.
    pub fn residuals(x: Axis, reach: f64) -> Self {
        let top = if reach > 5.0 { (reach * 1.1).ceil() } else { 5.0 };
        let mut panel = Self::new(x, Axis::linear("z (standard errors)", (-top, top)));
        panel.bands = vec![Band { low: -4.0, high: 4.0 }, Band { low: -2.0, high: 2.0 }];
        panel.horizontals = vec![Horizontal { at: 0.0, label: String::new() }];
        panel
    }
}

/// One axis of a panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Label (mini markup).
    pub label: String,
    /// Lower and upper end, in data units.
    pub range: (f64, f64),
    /// Linear or logarithmic.
    pub scale: Scale,
    /// Ticks of its own, each a value and a label (mini markup); round values where there are none.
    pub named: Vec<(f64, String)>,
}

impl Axis {
    /// A linear axis.
    pub fn linear(label: impl Into<String>, range: (f64, f64)) -> Self {
        Self { label: label.into(), range, scale: Scale::Linear, named: Vec::new() }
    }

    /// A linear axis on which names stand at equal steps from 0, with room beside the outermost.
    pub fn steps(label: impl Into<String>, names: Vec<String>, room: f64) -> Self {
        let last = names.len().saturating_sub(1) as f64;
        let named = names.into_iter().enumerate().map(|(step, name)| (step as f64, name)).collect();
        Self { named, ..Self::linear(label, (-room, last + room)) }
    }

    /// A base-10 logarithmic axis.
    pub fn log(label: impl Into<String>, range: (f64, f64)) -> Self {
        Self { label: label.into(), range, scale: Scale::Log, named: Vec::new() }
    }
}

/// How values are spaced along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Equal differences are equally long.
    Linear,
    /// Equal ratios are equally long.
    Log,
}

/// A range of y that is shaded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Lower end, in data units.
    pub low: f64,
    /// Upper end, in data units.
    pub high: f64,
}

/// A labelled vertical line.
#[derive(Debug, Clone, PartialEq)]
pub struct Vertical {
    /// Position on the x axis, in data units.
    pub at: f64,
    /// Label above the panel (mini markup).
    pub label: String,
}

/// A labelled horizontal line.
#[derive(Debug, Clone, PartialEq)]
pub struct Horizontal {
    /// Position on the y axis, in data units.
    pub at: f64,
    /// Label right of the panel (mini markup).
    pub label: String,
}

/// Where a series comes from; it decides the layer and the CSS class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Our theory: a line.
    Theory,
    /// A line fitted to points.
    Fit,
    /// The curve read off the paper: a thin overlay.
    Published,
    /// Points read off the paper: thin hollow markers, with bars where they have any.
    PrintedPoints,
    /// Our simulation: markers with error bars.
    Experiment,
    /// What was measured of real data: markers with error bars.
    Measured,
    /// Differences from theory, in standard errors.
    Residual,
}

/// The shape of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    /// A disc.
    Circle,
    /// A square on its side.
    Square,
    /// A triangle pointing up.
    Triangle,
    /// A square on its corner.
    Diamond,
    /// A triangle pointing down.
    InvertedTriangle,
    /// An upright cross.
    Plus,
    /// A small disc: where a line was computed.
    Dot,
}

impl Marker {
    /// The marker of the `index`-th curve; indices wrap around.
    pub fn nth(index: usize) -> Self {
        use Marker::*;
        [Circle, Square, Triangle, Diamond, InvertedTriangle, Plus][index % 6]
    }
}

/// A curve, a set of points, or both.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Curve identifier, written as `data-curve`.
    pub id: String,
    /// Legend label (mini markup); series of one label and colour share an entry, an empty label has none.
    pub label: String,
    /// Where the points come from.
    pub role: Role,
    /// Palette slot.
    pub color: Color,
    /// Line pattern, if the points are joined.
    pub line: Option<Dash>,
    /// Marker, if the points are shown.
    pub marker: Option<Marker>,
    /// The points, in the order in which they are joined.
    pub points: Vec<Point>,
}

impl Series {
    /// A theory curve: a line.
    pub fn theory(id: &str, label: &str, color: Color, dash: Dash, points: Vec<Point>) -> Self {
        let (id, label) = (id.into(), label.into());
        Self { id, label, role: Role::Theory, color, line: Some(dash), marker: None, points }
    }

    /// A line fitted to points.
    pub fn fit(id: &str, label: &str, color: Color, dash: Dash, points: Vec<Point>) -> Self {
        Self { role: Role::Fit, ..Self::theory(id, label, color, dash, points) }
    }

    /// Simulation points: markers with error bars.
    pub fn experiment(id: &str, label: &str, color: Color, marker: Marker, points: Vec<Point>) -> Self {
        let (id, label) = (id.into(), label.into());
        Self { id, label, role: Role::Experiment, color, line: None, marker: Some(marker), points }
    }

    /// Measured points: markers with error bars.
    pub fn measured(id: &str, label: &str, color: Color, marker: Marker, points: Vec<Point>) -> Self {
        Self { role: Role::Measured, ..Self::experiment(id, label, color, marker, points) }
    }

    /// A curve read off the paper: a thin overlay without a legend entry of its own.
    pub fn published(id: &str, color: Color, points: Vec<Point>) -> Self {
        let (id, label) = (id.into(), String::new());
        Self { id, label, role: Role::Published, color, line: Some(Dash::Sparse), marker: None, points }
    }

    /// Points read off the paper, without a legend entry of their own.
    pub fn printed_points(id: &str, color: Color, marker: Marker, points: Vec<Point>) -> Self {
        let (id, label) = (id.into(), String::new());
        Self { id, label, role: Role::PrintedPoints, color, line: None, marker: Some(marker), points }
    }

    /// Residual points: markers without error bars.
    pub fn residual(id: &str, label: &str, color: Color, marker: Marker, points: Vec<Point>) -> Self {
        Self { role: Role::Residual, ..Self::experiment(id, label, color, marker, points) }
    }
}

/// One point of a series, in data units.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Point {
    /// Abscissa.
    pub x: f64,
    /// Ordinate; NaN breaks the line.
    pub y: f64,
    /// Half length of the error bar; without it no bar is drawn.
    pub error: Option<f64>,
    /// Text shown when the pointer rests on the point.
    pub hover: Option<String>,
}

impl Point {
    /// A bare vertex.
    pub fn new(x: f64, y: f64) -> Self {
        Self { x, y, error: None, hover: None }
    }

    /// A vertex whose ordinate may be missing.
    pub fn maybe(x: f64, y: Option<f64>) -> Self {
        Self::new(x, y.unwrap_or(f64::NAN))
    }
}
