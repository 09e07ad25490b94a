//! The data distribution: two Gaussian clouds, of which the student sees a fraction of the features.

use serde::{Deserialize, Serialize};

use super::domain::{ALPHA, DELTA, DomainError, ETA, RHO};

/// The high-dimensional Gaussian mixture of the paper (its Eq. 10), with the student's share of features.
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

impl Mixture {
    /// Checks every parameter against its domain.
    ///
    /// # Errors
    /// The first parameter out of range, with what would be valid.
    pub fn validate(&self) -> Result<(), DomainError> {
        let Self { alpha, eta, delta, rho } = *self;
        ALPHA.check(alpha)?;
        ETA.check(eta)?;
        DELTA.check(delta)?;
        RHO.check(rho)
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
