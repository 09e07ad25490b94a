//! The proximal operator of the loss, through its explicit inverse.
//!
//! ```text
//! h = argmin (h − ω)²/2V + ℓ(h)   ⇔   ω = h + V ℓ'(h),   g = (h − ω)/V = −ℓ'(h),   ∂g/∂ω = −ℓ''/(1 + Vℓ'')
//! ```

use crate::model::{Loss, Target};
use crate::numerics::quadrature::{Grading, Node, Resolution, for_each_node, invert};

/// The cavity field of one sample, ω = mean + width·z, and the loss it meets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CavityField {
    /// Mean of ω.
    pub mean: f64,
    /// Standard deviation of ω; > 0.
    pub width: f64,
    /// V, the susceptibility; > 0.
    pub v: f64,
    /// The loss.
    pub loss: Loss,
    /// The hard label.
    pub label: Target,
    /// The soft label σ(h̃/T).
    pub soft: Target,
}

/// A quadrature node of a cavity field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProximalNode {
    /// h = prox(ω).
    pub h: f64,
    /// The Gaussian variable of ω.
    pub z: f64,
    /// g = −ℓ'(h).
    pub g: f64,
    /// ∂h/∂ω = 1/(1 + Vℓ'').
    pub response: f64,
    /// −∂g/∂ω = ℓ''/(1 + Vℓ'').
    pub stiffness: f64,
    /// Weight in the average over ω.
    pub weight: f64,
}

/// Distance from h = 0, in bends, at which ℓ'' has fallen below rounding for V of order one.
const REACH: f64 = 10.0;

/// h = prox_{Vℓ}(ω), such that h + Vℓ'(h) = ω to rounding.
///
/// `v` > 0; `soft` is read only where the loss has a soft part.
#[must_use]
pub fn proximal(loss: &Loss, label: Target, soft: Target, omega: f64, v: f64) -> f64 {
    let field = |h: f64| (h + v * loss.slope(h, label, soft), 1.0 + v * loss.curvature(h));
    invert(field, omega, omega.clamp(-50.0, 50.0))
}

impl CavityField {
    /// (z, dz/dh) at h.
    #[inline]
    fn inverse(&self, h: f64) -> (f64, f64) {
        let (slope, curvature) = self.loss.derivatives(h, self.label, self.soft);
        ((h + self.v * slope - self.mean) / self.width, (1.0 + self.v * curvature) / self.width)
    }

    /// Visits the nodes of the average over ω; the search for the first starts at `guess`.
    pub fn for_each(&self, resolution: Resolution, guess: f64, mut visit: impl FnMut(ProximalNode)) {
        let scale = self.loss.scale();
        let grading = Grading { scale, reach: scale * (REACH + self.v.ln_1p()) };
        let inverse_v = self.v.recip();
        for_each_node(|h| self.inverse(h), grading, resolution, guess, |node: Node| {
            let response = 1.0 / (node.slope * self.width);
            visit(ProximalNode {
                h: node.h,
                z: node.z,
                g: (node.h - (self.mean + self.width * node.z)) * inverse_v,
                response,
                stiffness: (1.0 - response) * inverse_v,
                weight: node.weight,
            });
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_prox_solves_its_equation(omega in -1e6..1e6f64, log_v in -8.0..8.0f64, positive in any::<bool>(),
                                        chi in 0.0..=1.0f64, teacher in -30.0..30.0f64, t in 0.5..10.0f64) {
            let v = 10f64.powf(log_v);
            let loss = Loss::distillation(chi, t);
            let (label, soft) = (Target::label(if positive { 1.0 } else { -1.0 }, 0.0), Target::soft(teacher / t));
            let h = proximal(&loss, label, soft, omega, v);
            let miss = h + v * loss.slope(h, label, soft) - omega;
            // the equation is a sum of terms of sizes |h|, Vℓ' and |ω|: it holds to rounding of the largest,
            // carried through the slope of ω(h) where that is steeper than one
            let scale = omega.abs().max(h.abs() * (1.0 + v * loss.curvature(h))).max(v * loss.slope(h, label, soft).abs()).max(1.0);
            prop_assert!(miss.abs() <= 1e-14 * scale, "miss {miss} at h {h}");
        }
    }
}
