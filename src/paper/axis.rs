//! The printed axes: limits, scale and how finely a position on them can be read.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::spec::Scale;

use super::rows::{finite, rows};
use super::{AXES, PaperError};

/// Which axis of a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The horizontal axis.
    X,
    /// The vertical axis.
    Y,
}

/// How far a reading may be from what was drawn: half a step of the grid on which the figure was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ReadingError {
    /// The same everywhere on a linear axis.
    Absolute(f64),
    /// A share of the value on a logarithmic one.
    Relative(f64),
}

/// One printed axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The print's name of the figure, or of the panel where a figure has several.
    pub figure: String,
    /// The panel as the print shows it: `3a`, `11 top left`.
    pub panel: String,
    /// Horizontal or vertical.
    pub axis: Direction,
    /// Its lower end.
    pub min: f64,
    /// Its upper end.
    pub max: f64,
    /// Linear or logarithmic.
    pub scale: Scale,
    /// How finely it can be read.
    pub reading_error: ReadingError,
}

impl Axis {
    /// The error of reading `value` off the axis, in units of the value.
    #[must_use]
    pub fn error_at(&self, value: f64) -> f64 {
        match self.reading_error {
            ReadingError::Absolute(error) => error,
            ReadingError::Relative(share) => share * value.abs(),
        }
    }
}

#[derive(Debug, Deserialize)]
struct Row {
    figure: String,
    panel: String,
    axis: Direction,
    scale: ScaleName,
    min: f64,
    max: f64,
    reading_error: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ScaleName {
    Linear,
    Log10,
}

/// The printed axes, from the text of their file.
pub(super) fn parse(text: &str) -> Result<Vec<Axis>, PaperError> {
    let mut seen = BTreeSet::new();
    let mut axes = Vec::new();
    for (line, row) in rows::<Row>(AXES, text)? {
        let refuse = |reason: String| PaperError { file: AXES, line: Some(line), reason };
        finite(AXES, line, &[("min", row.min), ("max", row.max)])?;
        let scale = match row.scale {
            ScaleName::Linear => Scale::Linear,
            ScaleName::Log10 => Scale::Log,
        };
        if row.min >= row.max || (scale == Scale::Log && row.min <= 0.0) {
            let valid = "min below max, both > 0 on a log10 axis";
            return Err(refuse(format!("an axis from {} to {}; valid: {valid}", row.min, row.max)));
        }
        if !seen.insert((row.figure.clone(), row.axis)) {
            return Err(refuse(format!("a second {:?} axis of `{}`", row.axis, row.figure)));
        }
        let reading_error = reading_error(&row.reading_error, scale).ok_or_else(|| {
            let form = if scale == Scale::Log { "`relative` and a number > 0" } else { "a number > 0" };
            refuse(format!("column reading_error: `{}`; valid on this scale: {form}", row.reading_error))
        })?;
        let Row { figure, panel, axis, min, max, .. } = row;
        axes.push(Axis { figure, panel, axis, min, max, scale, reading_error });
    }
    Ok(axes)
}

/// A number on a linear axis, `relative` and a number on a logarithmic one.
fn reading_error(text: &str, scale: Scale) -> Option<ReadingError> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|error| error.is_finite() && *error > 0.0);
    match scale {
        Scale::Linear => number(text).map(ReadingError::Absolute),
        Scale::Log => number(text.strip_prefix("relative")?).map(ReadingError::Relative),
    }
}
