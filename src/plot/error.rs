//! The ways in which a drawing can be refused

use thiserror::Error;

/// Why a drawing cannot be rendered.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum PlotError {
    /// The drawing has no panel.
    #[error("drawing `{id}` has no panel")]
    NoPanel {
        /// Identifier of the drawing.
        id: String,
    },
    /// The identifier would not be a valid, unambiguous XML id.
    #[error("`{id}` is not an identifier: a letter, then letters, digits, `-` or `_`")]
    Identifier {
        /// The offending identifier.
        id: String,
    },
    /// The range is empty, reversed or not finite.
    #[error("axis `{axis}` has the range {low} to {high}: it must be finite and increasing")]
    Range {
        /// Label of the axis.
        axis: String,
        /// Lower end as given.
        low: f64,
        /// Upper end as given.
        high: f64,
    },
    /// A logarithmic axis reaches zero or below.
    #[error("logarithmic axis `{axis}` starts at {low}: it must be positive")]
    NonPositiveLog {
        /// Label of the axis.
        axis: String,
        /// Lower end as given.
        low: f64,
    },
    /// A label uses a command the mini markup does not know, or leaves a brace open.
    #[error("label `{label}`: {reason}")]
    Markup {
        /// The label as given.
        label: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The figure cannot be shown in another format.
    #[error("no picture: {0}")]
    Conversion(String),
    /// The canvas refused an element.
    #[error("canvas: {0}")]
    Canvas(String),
}
