//! The fixed point of logistic regression on labels: the teacher, and the direct student (Eqs. 15–19).
//!
//! ```text
//! ω = s m + b + √(Δq) z      h = prox_{Vℓ}(ω)      g = −ℓ'(h)
//! m̂ = α E[s g]      q̂ = αΔ E[g²]      δq̂ = −αΔ E[∂g/∂ω]      E[g] = 0 fixes b
//! ```
//!
//! The weights' side is [`Conjugates::overlaps`]. The printed equations carry ½ℓ; the figures are made
//! without the ½, and so are these.

use crate::model::bayes::optimal_overlaps;
use crate::model::{Loss, Mixture, Target};
use crate::numerics::quadrature::Resolution;
use crate::numerics::{Anderson, FixedPoint};

use super::average::{Forces, Samples};
use super::budget::Budget;
use super::proximal::CavityField;
use super::{Conjugates, Overlaps};

/// Ridge logistic regression on `mixture.eta` of the features.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Logistic {
    /// The data.
    pub mixture: Mixture,
    /// λ, ridge strength; > 0.
    pub lambda: f64,
    /// ε, label smoothing.
    pub epsilon: f64,
}

/// A solved fixed point with what certifies it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Solved<T> {
    /// The order parameters.
    pub at: T,
    /// Largest relative change of an order parameter under one more sweep.
    pub residual: f64,
    /// Sweeps taken.
    pub iterations: usize,
}

/// Fixed points are iterated to this change of the transformed order parameters, well below the
/// residual of 1e-10 that a converged point must show.
pub(super) const SOLVER: Anderson =
    Anderson { depth: 8, max_iterations: 600, tolerance: 2e-13, acceptable: 2e-12, max_step: 1.5 };

/// The cavity fields of the two classes.
pub(super) struct Classes<'a> {
    /// Their fields.
    pub fields: [CavityField; 2],
    /// |z| at which they are cut.
    pub cut: f64,
    /// What pays for their nodes.
    pub budget: Option<&'a Budget>,
}

impl Samples for Classes<'_> {
    fn count(&self) -> usize {
        self.fields.len()
    }

    fn sample(&self, i: usize) -> (CavityField, f64) {
        (self.fields[i], self.cut)
    }

    fn budget(&self) -> Option<&Budget> {
        self.budget
    }
}

impl Logistic {
    /// The cavity fields at the given overlaps, in the order of [`Mixture::classes`].
    pub(super) fn classes(&self, overlaps: &Overlaps, cut: f64) -> Classes<'static> {
        let fields = self.mixture.classes().map(|(s, _)| CavityField {
            mean: s * overlaps.m + overlaps.b,
            width: (self.mixture.delta * overlaps.q).sqrt(),
            v: overlaps.v,
            loss: Loss::hard(),
            label: Target::label(s, self.epsilon),
            teacher: 0.0,
        });
        Classes { fields, cut, budget: None }
    }

    /// The averages over the cavity field.
    #[must_use]
    pub fn conjugates(&self, overlaps: &Overlaps, resolution: Resolution) -> Conjugates {
        self.conjugates_within(overlaps, resolution, None)
    }

    fn conjugates_within(&self, overlaps: &Overlaps, resolution: Resolution, budget: Option<&Budget>) -> Conjugates {
        let Mixture { alpha, delta, .. } = self.mixture;
        let classes = self.mixture.classes();
        let (mut force, mut square, mut stiffness, mut bias) = (0.0, 0.0, 0.0, 0.0);
        let fields = Classes { budget, ..self.classes(overlaps, resolution.cut) };
        fields.average(resolution.step, Forces, |class, [g, g_square, stiff, _]| {
            let (s, probability) = classes[class];
            force += probability * s * g;
            bias += probability * g;
            square += probability * g_square;
            stiffness += probability * stiff;
        });
        Conjugates {
            m_hat: alpha * force,
            q_hat: alpha * delta * square,
            dq_hat: alpha * delta * stiffness,
            bias_force: alpha * bias,
        }
    }

    /// One sweep: overlaps → conjugates → overlaps; not a number once the budget is spent.
    fn sweep(&self, overlaps: &Overlaps, resolution: Resolution, budget: Option<&Budget>) -> Overlaps {
        let next =
            self.conjugates_within(overlaps, resolution, budget).overlaps(&self.mixture, self.lambda, overlaps.b);
        match budget.is_some_and(Budget::is_spent) {
            true => Overlaps { m: f64::NAN, ..next },
            false => next,
        }
    }

    /// Order parameters to start from where nothing nearer is known: the Bayes-optimal ones with the
    /// susceptibility of a unit loss; under a ridge that outweighs the data, the linear response to them.
    #[must_use]
    pub fn cold_start(&self) -> Overlaps {
        let (m, q, b) = optimal_overlaps(&self.mixture);
        let Mixture { alpha, eta, delta, rho } = self.mixture;
        let variance = rho * (1.0 - rho);
        let stiffness = self.lambda + alpha * delta * variance;
        if self.lambda < alpha * delta * variance {
            return Overlaps { m, q, v: delta * eta / (self.lambda + 0.1 * alpha * delta), b };
        }
        // the output is the bias alone, σ(b) = ρ: g = y − ρ, ℓ'' = ρ(1 − ρ)
        let m_hat = 2.0 * alpha * variance;
        Overlaps {
            m: eta * m_hat / stiffness,
            q: eta * (m_hat * m_hat + alpha * delta * variance) / (stiffness * stiffness),
            v: delta * eta / stiffness,
            b: (rho / (1.0 - rho)).ln(),
        }
    }

    /// The fixed point from `start`, or the best point that the budget reaches.
    #[must_use]
    pub fn solve(&self, start: &Overlaps, resolution: Resolution, budget: &Budget) -> Solved<Overlaps> {
        let FixedPoint { x, iterations, .. } = SOLVER
            .solve(coordinates(start), |x| coordinates(&self.sweep(&from_coordinates(x), resolution, Some(budget))));
        let at = from_coordinates(&x);
        Solved { at, residual: at.relative_difference(&self.sweep(&at, resolution, None)), iterations }
    }
}

/// Coordinates in which the iteration is well scaled from weak ridge to separability:
/// (m/√q, log q, log V, b/√q).
pub(super) fn coordinates(overlaps: &Overlaps) -> [f64; 4] {
    let norm = overlaps.q.sqrt();
    [overlaps.m / norm, overlaps.q.ln(), overlaps.v.ln(), overlaps.b / norm]
}

/// Inverse of [`coordinates`].
pub(super) fn from_coordinates(x: &[f64; 4]) -> Overlaps {
    let q = x[1].exp();
    let norm = q.sqrt();
    Overlaps { m: x[0] * norm, q, v: x[2].exp(), b: x[3] * norm }
}
