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
