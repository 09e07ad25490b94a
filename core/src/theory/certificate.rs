//! How good a point is, and what speaks against one that is not believed.

use thiserror::Error;

/// A converged point changes by less than this under one more sweep.
pub const RESIDUAL_LIMIT: f64 = 1e-10;
/// A converged point changes by less than this at the finer resolution.
pub const QUADRATURE_LIMIT: f64 = 1e-6;

/// How good a point is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Certificate {
    /// True when residual and quadrature error are within [`RESIDUAL_LIMIT`] and [`QUADRATURE_LIMIT`].
    pub converged: bool,
    /// Sweeps taken, teacher and student, all resolutions.
    pub iterations: usize,
    /// Largest relative change of an order parameter under one more sweep.
    pub residual: f64,
    /// Largest relative difference of an order parameter or observable between the two finest resolutions.
    pub quadrature_error: f64,
    /// True when the iteration ended because the [`super::Budget`] of the point was spent.
    pub out_of_budget: bool,
}

/// Why a point is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum Doubt {
    /// An average is not a number: a Gaussian narrower than the spacing of numbers, or an overlap out of their range.
    #[error("an average over the cavity field is not a number at these parameters")]
    NotANumber,
    /// The point takes more work than a point may.
    #[error(
        "the bound on the work of a point was reached after {iterations} sweeps, at a relative change of {residual:.1e} \
         a sweep"
    )]
    OutOfBudget {
        /// Largest relative change.
        residual: f64,
        /// Sweeps taken.
        iterations: usize,
    },
    /// The iteration has not reached the fixed point.
    #[error(
        "the fixed point was not reached: one more sweep changes the order parameters by {residual:.1e} relatively, \
         more than {RESIDUAL_LIMIT:e}, after {iterations} sweeps"
    )]
    NotFixed {
        /// Largest relative change.
        residual: f64,
        /// Sweeps taken.
        iterations: usize,
    },
    /// Two resolutions give different answers.
    #[error("the two finest quadratures differ by {0:.1e} relatively, more than {QUADRATURE_LIMIT:e}")]
    Resolution(f64),
}

impl Certificate {
    /// What speaks against the point, if it did not converge.
    #[must_use]
    pub fn doubt(&self) -> Option<Doubt> {
        let Self { converged, iterations, residual, quadrature_error, out_of_budget } = *self;
        match (converged, residual.is_finite(), residual <= RESIDUAL_LIMIT) {
            (true, ..) => None,
            _ if out_of_budget => Some(Doubt::OutOfBudget { residual, iterations }),
            (false, false, _) => Some(Doubt::NotANumber),
            (false, true, false) => Some(Doubt::NotFixed { residual, iterations }),
            (false, true, true) => Some(Doubt::Resolution(quadrature_error)),
        }
    }
}

/// The certificate of a closed form: no sweep, no quadrature.
pub(super) const EXACT: Certificate =
    Certificate { converged: true, iterations: 0, residual: 0.0, quadrature_error: 0.0, out_of_budget: false };
