//! The data distribution: two Gaussian clouds, of which the student sees a fraction of the features.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The high-dimensional Gaussian mixture of the paper (its Eq. 1), with the student's share of features.
///
/// ```text
/// x = s v/√N + √Δ z,   |v|² = N,   z ~ N(0, I_N),   s = 2y − 1,   P(y = 1) = ρ
/// ```
///
/// All four numbers are intensive: N → ∞ at fixed `alpha` is the limit in which the theory is exact.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Mixture {
    /// α = M/N, samples per feature; α > 0.
    pub alpha: f64,
    /// η, the fraction of the features whose weights are free in the student; 0 < η ≤ 1.
    pub eta: f64,
    /// Δ, the variance of each cloud along every axis; Δ > 0.
    pub delta: f64,
    /// ρ, the weight of the cloud with y = 1; 0 < ρ < 1.
    pub rho: f64,
}

/// A parameter outside the domain on which the model is defined.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("{parameter} = {value} is out of range: {valid}")]
pub struct DomainError {
    /// Name of the parameter as written in figure files and on the command line.
    pub parameter: &'static str,
    /// The value that was refused.
    pub value: f64,
    /// What would be valid.
    pub valid: &'static str,
}

impl DomainError {
    /// `Ok` when `holds`, the error otherwise.
    pub(crate) fn unless(holds: bool, parameter: &'static str, value: f64, valid: &'static str) -> Result<(), Self> {
        if holds { Ok(()) } else { Err(Self { parameter, value, valid }) }
    }
}

impl Mixture {
    /// Checks every parameter against its domain.
    ///
    /// # Errors
    /// The first parameter out of range, with what would be valid.
    pub fn validate(&self) -> Result<(), DomainError> {
        let Self { alpha, eta, delta, rho } = *self;
        DomainError::unless(alpha > 0.0 && alpha.is_finite(), "alpha", alpha, "a finite number > 0")?;
        DomainError::unless(eta > 0.0 && eta <= 1.0, "eta", eta, "a number in (0, 1]")?;
        DomainError::unless(delta > 0.0 && delta.is_finite(), "delta", delta, "a finite number > 0")?;
        DomainError::unless(rho > 0.0 && rho < 1.0, "rho", rho, "a number in (0, 1), ends excluded")
    }

    /// The two classes as (s, P(s)): s = +1 with probability ρ, s = −1 with probability 1 − ρ.
    #[must_use]
    pub fn classes(&self) -> [(f64, f64); 2] {
        [(1.0, self.rho), (-1.0, 1.0 - self.rho)]
    }

    /// The same data seen with all the features, as a teacher sees them (η = 1).
    #[must_use]
    pub fn all_features(&self) -> Self {
        Self { eta: 1.0, ..*self }
    }
}
