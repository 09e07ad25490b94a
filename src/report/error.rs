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
    /// The ledger or the errata cannot be read.
    #[error("{file}: {reason}")]
    Ledger {
        /// The file.
        file: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A check decides a claim that the ledger does not have.
    #[error(
        "figures/{figure}/figure.toml: claim `{check}`: `claim` = \"{claim}\" is in neither ledger; valid: {valid}"
    )]
    UnknownClaim {
        /// Figure of the check.
        figure: String,
        /// Id of the check.
        check: String,
        /// The id it names.
        claim: String,
        /// All ids.
        valid: String,
    },
    /// A template does not render.
    #[error("report template: {0}")]
    Template(String),
    /// A table refused a row.
    #[error(transparent)]
    Table(#[from] TableError),
}
