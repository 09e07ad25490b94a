//! What can be wrong with the ledger of claims and errata.

use thiserror::Error;

/// A ledger that cannot be used.
#[derive(Debug, Error)]
pub enum VerdictError {
    /// The claims or the errata cannot be read.
    #[error("{file}: {reason}")]
    Ledger {
        /// The file.
        file: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// An alternative changes a curve into none.
    #[error("data/paper/errata.toml, erratum `{erratum}`, alternative `{label}`: {reason}")]
    Alternative {
        /// The erratum.
        erratum: String,
        /// The alternative.
        label: String,
        /// What is wrong with it.
        reason: String,
    },
}
