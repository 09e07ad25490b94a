//! What can go wrong when a report is written.

use thiserror::Error;

use crate::table::TableError;

/// A report that cannot be written.
#[derive(Debug, Error)]
pub enum ReportError {
    /// A text asks for a number that nothing defines.
    #[error("{file}:{line}: unknown number `{name}`; {near}")]
    UnknownNumber {
        /// The text's file.
        file: String,
        /// Line of the placeholder, from 1.
        line: usize,
        /// What was asked for.
        name: String,
        /// Valid names nearest to it.
        near: String,
    },
    /// A `{{` without its `}}` on the same line.
    #[error("{file}:{line}: `{{{{` without `}}}}` on the same line")]
    OpenPlaceholder {
        /// The text's file.
        file: String,
        /// Line of the opening braces.
        line: usize,
    },
    /// A formula that does not convert.
    #[error("{file}:{line}: formula `{formula}`: {reason}")]
    Formula {
        /// The text's file.
        file: String,
        /// Line on which the formula begins.
        line: usize,
        /// The formula.
        formula: String,
        /// What the converter said.
        reason: String,
    },
    /// A template does not render.
    #[error("report template: {0}")]
    Template(String),
    /// A table refused a row.
    #[error(transparent)]
    Table(#[from] TableError),
}

impl ReportError {
    /// The text that is wrong, where it is one.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::UnknownNumber { file, .. } | Self::OpenPlaceholder { file, .. } | Self::Formula { file, .. } => {
                Some(file)
            }
            Self::Template(_) | Self::Table(_) => None,
        }
    }
}
