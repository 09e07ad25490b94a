//! Order parameters and their conjugates, as different types.
//!
//! The fixed point alternates between them: averages over the cavity field turn overlaps into conjugates,
//! and the Gaussian weights turn conjugates into overlaps.

use crate::model::Mixture;

/// Overlaps of a learner trained on labels (Eqs. 15–19).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overlaps {
    /// m = w·v/N.
    pub m: f64,
    /// q = |w|²/N.
    pub q: f64,
    /// V = Δδq, the susceptibility of the pre-activation.
    pub v: f64,
    /// b, the bias.
    pub b: f64,
}

/// Conjugates of [`Overlaps`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conjugates {
    /// `m̂ = α E[s g]`.
    pub m_hat: f64,
    /// `q̂ = αΔ E[g²]`.
    pub q_hat: f64,
    /// `δq̂ = −αΔ E[∂g/∂ω]`.
    pub dq_hat: f64,
    /// `αE[g]`, zero at the fixed point: the condition that fixes b.
    pub bias_force: f64,
}

/// What a distilled student shares with its teacher.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrossOverlaps {
    /// S = w·w̃/N.
    pub s: f64,
    /// δS, the response of S.
    pub ds: f64,
}

/// Conjugates of [`CrossOverlaps`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrossConjugates {
    /// `Ŝ = αΔ E[g g̃]`.
    pub s_hat: f64,
    /// δŜ, see [`super::student`].
    pub ds_hat: f64,
}

impl Conjugates {
    /// The weights' side of a learner trained on labels:
    ///
    /// ```text
    /// m = η m̂/(λ + δq̂)    V = Δη/(λ + δq̂)    q = η (m̂² + q̂)/(λ + δq̂)²
    /// ```
    ///
    /// and one Newton step of the bias on `E[g] = 0`, whose slope in b is −δq̂/(αΔ).
    #[must_use]
    pub fn overlaps(&self, mixture: &Mixture, lambda: f64, b: f64) -> Overlaps {
        let Self { m_hat, q_hat, dq_hat, bias_force } = *self;
        let stiffness = lambda + dq_hat;
        Overlaps {
            m: mixture.eta * m_hat / stiffness,
            q: mixture.eta * (m_hat * m_hat + q_hat) / (stiffness * stiffness),
            v: mixture.delta * mixture.eta / stiffness,
            b: b + mixture.delta * bias_force / dq_hat,
        }
    }
}

/// |a − b| in units of `scale`: 0 where the two are equal, infinite where either is not a number.
pub(super) fn relative_change(a: f64, b: f64, scale: f64) -> f64 {
    let change = if a == b { 0.0 } else { (a - b).abs() / scale };
    if change.is_nan() { f64::INFINITY } else { change }
}

/// |b| below this many widths √q counts as zero (ρ = ½), and its change is measured in them.
const BIAS_FLOOR: f64 = 1e-2;

impl Overlaps {
    /// Largest relative difference of an order parameter between two solutions.
    #[must_use]
    pub fn relative_difference(&self, other: &Self) -> f64 {
        let bias_scale = self.b.abs().max(BIAS_FLOOR * self.q.sqrt());
        let bias = relative_change(self.b, other.b, bias_scale);
        [(self.m, other.m), (self.q, other.q), (self.v, other.v)]
            .into_iter()
            .fold(bias, |largest, (a, b)| largest.max(relative_change(a, b, a.abs())))
    }
}

impl CrossOverlaps {
    /// Largest relative difference of S and δS between two solutions.
    #[must_use]
    pub fn relative_difference(&self, other: &Self) -> f64 {
        let of = |a: f64, b: f64| relative_change(a, b, a.abs());
        of(self.s, other.s).max(of(self.ds, other.ds))
    }
}
