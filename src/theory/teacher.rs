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

use super::proximal::{CavityField, ProximalNode};
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
pub(super) const SOLVER: Anderson = Anderson { depth: 8, max_iterations: 600, tolerance: 2e-13, max_step: 1.5 };

impl Logistic {
    /// The cavity field of class s at the given overlaps.
    fn field(&self, overlaps: &Overlaps, s: f64) -> CavityField {
        let label = Target::label(s, self.epsilon);
        CavityField {
            mean: s * overlaps.m + overlaps.b,
            width: (self.mixture.delta * overlaps.q).sqrt(),
            v: overlaps.v,
            loss: Loss::hard(),
            label,
            soft: label,
        }
    }

    /// Visits the nodes of the average over classes and field, as (s, P(s)·weight, node).
    pub(super) fn for_each(&self, overlaps: &Overlaps, resolution: Resolution, mut visit: impl FnMut(f64, f64, ProximalNode)) {
        for (s, probability) in self.mixture.classes() {
            let field = self.field(overlaps, s);
            field.for_each(resolution, field.mean, |node| visit(s, probability * node.weight, node));
        }
    }

    /// The averages over the cavity field.
    #[must_use]
    pub fn conjugates(&self, overlaps: &Overlaps, resolution: Resolution) -> Conjugates {
        let Mixture { alpha, delta, .. } = self.mixture;
        let (mut force, mut square, mut stiffness, mut bias) = (0.0, 0.0, 0.0, 0.0);
        self.for_each(overlaps, resolution, |s, weight, node| {
            force += weight * s * node.g;
            bias += weight * node.g;
            square += weight * node.g * node.g;
            stiffness += weight * node.stiffness;
        });
        Conjugates {
            m_hat: alpha * force,
            q_hat: alpha * delta * square,
            dq_hat: alpha * delta * stiffness,
            bias_force: alpha * bias,
        }
    }

    /// One sweep: overlaps → conjugates → overlaps.
    fn sweep(&self, overlaps: &Overlaps, resolution: Resolution) -> Overlaps {
        self.conjugates(overlaps, resolution).overlaps(&self.mixture, self.lambda, overlaps.b)
    }

    /// Order parameters to start from where nothing nearer is known: the Bayes-optimal ones, with the
    /// susceptibility of a unit loss.
    #[must_use]
    pub fn cold_start(&self) -> Overlaps {
        let (m, q, b) = optimal_overlaps(&self.mixture);
        let Mixture { alpha, eta, delta, .. } = self.mixture;
        Overlaps { m, q, v: delta * eta / (self.lambda + 0.1 * alpha * delta), b }
    }

    /// The fixed point from `start`.
    #[must_use]
    pub fn solve(&self, start: &Overlaps, resolution: Resolution) -> Solved<Overlaps> {
        let FixedPoint { x, iterations, .. } =
            SOLVER.solve(coordinates(start), |x| coordinates(&self.sweep(&from_coordinates(x), resolution)));
        let at = from_coordinates(&x);
        Solved { at, residual: at.relative_difference(&self.sweep(&at, resolution)), iterations }
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
