//! Rows of the files of readings, under the print's own names.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::rows::{finite, rows};
use super::{CURVES, Direction, LINES, POINTS, PaperError};

/// The print's names of a figure and of a series in it.
pub(super) type Name = (String, String);

/// One vertex of a line, under the print's names.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reading {
    pub segment: i64,
    pub x: f64,
    pub y: f64,
    pub x_error: f64,
    pub y_error: f64,
}

/// One marker, under the print's names.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mark {
    pub x: f64,
    pub y: f64,
    pub bar: Option<f64>,
    pub y_error: f64,
    pub kind: Kind,
}

/// What a printed marker stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Kind {
    /// A simulation of the paper.
    #[serde(rename = "simulation")]
    Simulation,
    /// The paper's theory, drawn as separate dots.
    #[serde(rename = "theory dot")]
    TheoryDot,
}

/// A printed line that is no learner's: a threshold, the error of always naming the larger class, a bound.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The print's name of the figure or panel.
    pub figure: String,
    /// Our name of the line: `vertical_alpha_S`, `majority_class_line`.
    pub name: String,
    /// (x, y) of its vertices.
    pub vertices: Vec<(f64, f64)>,
    /// Error of a horizontal reading.
    pub x_error: f64,
    /// Error of a vertical reading.
    pub y_error: f64,
    /// False where it coincides with the frame.
    pub visible: bool,
}

#[derive(Debug, Deserialize)]
struct CurveRow {
    figure: String,
    curve: String,
    segment: i64,
    x: f64,
    y: f64,
}

/// The curves; `error` gives the reading error on an axis of a figure at a value.
pub(super) fn curves(
    text: &str,
    error: impl Fn(&str, Direction, f64) -> Option<f64>,
) -> Result<BTreeMap<Name, Vec<Reading>>, PaperError> {
    let mut curves: BTreeMap<Name, Vec<Reading>> = BTreeMap::new();
    for (line, CurveRow { figure, curve, segment, x, y }) in rows(CURVES, text)? {
        finite(CURVES, line, &[("x", x), ("y", y)])?;
        let no_axis = || {
            let reason = format!("no axes of `{figure}`; valid: a figure of {}", super::AXES);
            PaperError { file: CURVES, line: Some(line), reason }
        };
        let x_error = error(&figure, Direction::X, x).ok_or_else(no_axis)?;
        let y_error = error(&figure, Direction::Y, y).ok_or_else(no_axis)?;
        curves.entry((figure, curve)).or_default().push(Reading { segment, x, y, x_error, y_error });
    }
    Ok(curves)
}

#[derive(Debug, Deserialize)]
struct PointRow {
    figure: String,
    curve: String,
    x: f64,
    y: f64,
    y_reading_error: f64,
    bar_half: Option<f64>,
    kind: Kind,
}

/// The markers, simulations and dots of theory.
pub(super) fn points(text: &str) -> Result<BTreeMap<Name, Vec<Mark>>, PaperError> {
    let mut points: BTreeMap<Name, Vec<Mark>> = BTreeMap::new();
    for (line, row) in rows::<PointRow>(POINTS, text)? {
        let PointRow { figure, curve, x, y, y_reading_error: y_error, bar_half: bar, kind } = row;
        finite(POINTS, line, &[("x", x), ("y", y), ("y_reading_error", y_error), ("bar_half", bar.unwrap_or(0.0))])?;
        if y_error <= 0.0 || bar.is_some_and(|bar| bar <= 0.0) {
            let reason = "y_reading_error and bar_half; valid: numbers > 0, bar_half may be empty".to_owned();
            return Err(PaperError { file: POINTS, line: Some(line), reason });
        }
        points.entry((figure, curve)).or_default().push(Mark { x, y, bar, y_error, kind });
    }
    Ok(points)
}

#[derive(Debug, Deserialize)]
struct LineRow {
    figure: String,
    curve: String,
    x: f64,
    y: f64,
    x_reading_error: f64,
    y_reading_error: f64,
    note: String,
}

/// Every line, its vertices in the order of the file.
pub(super) fn lines(text: &str) -> Result<Vec<Line>, PaperError> {
    let mut lines: Vec<Line> = Vec::new();
    for (line, row) in rows::<LineRow>(LINES, text)? {
        let LineRow { figure, curve: name, x, y, x_reading_error: x_error, y_reading_error: y_error, note } = row;
        let cells = [("x", x), ("y", y), ("x_reading_error", x_error), ("y_reading_error", y_error)];
        finite(LINES, line, &cells)?;
        let known = lines.iter().position(|line| line.figure == figure && line.name == name);
        let at = known.unwrap_or_else(|| {
            // two lines lie on the frame, where they cannot be seen
            let visible = !note.contains("invisible");
            lines.push(Line { figure, name, vertices: Vec::new(), x_error, y_error, visible });
            lines.len() - 1
        });
        lines[at].vertices.push((x, y));
    }
    Ok(lines)
}
