//! The experiment arm: learners trained at finite N, on data drawn for the purpose.
//!
//! [`lineage::run`] draws the data of a lineage and fits its stages to a certificate
//! ([`GRADIENT_TOLERANCE`]), in every regime: below separability at λ = 1e-5 too, where gradient descent
//! stops long before the minimum. [`summarise`] reduces replicates to a mean and its standard error.
//!
//! Nothing here knows the theory. What the two arms share is the definition of the model alone, so
//! that their agreement is evidence.

mod certificate;
mod conjugate;
mod fit;
mod hinge;
mod kernel;
mod least_squares;
mod line_search;
pub mod lineage;
mod newton;
mod objective;
mod pass;
mod protocol;
mod sample;
mod statistics;

use std::{error, fmt};

use crate::model::lineage::LineageError;

pub use fit::Work;
pub use hinge::GAP_TOLERANCE;
pub use newton::GRADIENT_TOLERANCE;
pub use protocol::{Protocol, Sampling};
pub use sample::DataSet;
pub use statistics::{Summary, summarise};

/// Why an experiment has no outcome.
#[derive(Debug, Clone, PartialEq)]
pub enum ExperimentError {
    /// The caller asked to stop.
    Interrupted,
    /// A parameter of a lineage is outside its domain.
    Lineage(LineageError),
    /// A fit without a ridge that may have no finite minimum.
    NoRidge {
        /// The stage, numbered from 1.
        stage: usize,
    },
    /// The number of features asked for is not that of the table the data come from.
    TableSize {
        /// N.
        n: usize,
        /// Rows of the spectrum's table, or columns of the samples.
        features: usize,
    },
    /// Given samples cannot be brought to the model's conventions, or are too few.
    Samples {
        /// What is wrong, and what would be valid.
        problem: String,
    },
    /// Too few features for both the learner and its data to exist.
    Features {
        /// N.
        n: usize,
        /// round(ηN).
        features: usize,
    },
    /// The data matrix has more entries than are kept in memory.
    TooLarge {
        /// N.
        n: usize,
        /// M.
        samples: usize,
    },
    /// All samples are of one class, where an unregularised bias has no finite optimum.
    OneClass {
        /// M.
        samples: usize,
    },
}

impl fmt::Display for ExperimentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interrupted => f.write_str("interrupted"),
            Self::Lineage(error) => error.fmt(f),
            Self::NoRidge { stage } => write!(
                f,
                "stage {stage}: at lambda = 0 the logistic loss has a finite minimum only if the data cannot be \
                 separated; use a small lambda > 0"
            ),
            Self::TableSize { n, features } => {
                write!(f, "n = {n} features were asked for, of a table with {features}")
            }
            Self::Samples { problem } => write!(f, "samples: {problem}"),
            Self::Features { n, features } => {
                write!(f, "n = {n} leaves {features} features to the learner; at least 2 are needed")
            }
            Self::TooLarge { n, samples } => write!(
                f,
                "{samples} samples of {n} features are more than the 2^32 entries kept in memory; use a smaller n or α"
            ),
            Self::OneClass { samples } => write!(f, "all {samples} samples are of one class; use a larger n"),
        }
    }
}

impl error::Error for ExperimentError {}

impl From<LineageError> for ExperimentError {
    fn from(error: LineageError) -> Self {
        Self::Lineage(error)
    }
}
