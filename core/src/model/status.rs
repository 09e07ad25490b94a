//! Whether to believe a number: one vocabulary for theory, experiment and tables.

use serde::{Deserialize, Serialize};

/// How a solution or a fit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It meets its certificate.
    Converged,
    /// It does not: of a solution the best iterate is told, and why it is no more; of a fit nothing is.
    NotConverged,
    /// It is w = 0, b = 0, whose test error does not exist.
    Undefined,
    /// Its parameters are outside their domains, so there is none.
    NotValid,
}

impl Status {
    /// The word that tables use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Converged => "converged",
            Self::NotConverged => "not_converged",
            Self::Undefined => "undefined",
            Self::NotValid => "not_valid",
        }
    }
}
