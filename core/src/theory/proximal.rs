//! The proximal operator of the loss, through its explicit inverse.
//!
//! ```text
//! h = argmin (h − ω)²/2V + ℓ(h)   ⇔   ω = h + V ℓ'(h),   g = (h − ω)/V = −ℓ'(h),   ∂g/∂ω = −ℓ''/(1 + Vℓ'')
//! ```
//!
//! A student that copies its teacher has h − h̃ → 0 at a V that multiplies every rounding of ℓ' by 10⁶, so
//! where a soft label is learned the variable is d = h − h̃, in which σ(h) − σ(h̃) does not cancel.

use pulp::Simd;

use crate::model::{Loss, Target};
use crate::numerics::Vector;
use crate::numerics::quadrature::{Field, Node, invert};

/// The cavity field of one sample, ω = mean + width·z, and the loss it meets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CavityField {
    /// Mean of ω.
    pub mean: f64,
    /// Standard deviation of ω; > 0.
    pub width: f64,
    /// V, the susceptibility; ≥ 0.
    pub v: f64,
    /// The loss.
    pub loss: Loss,
    /// The hard label.
    pub label: Target,
    /// The teacher's h̃, read only where the loss has a soft part.
    pub teacher: f64,
}

/// A node of the cavity fields of several samples, one a lane.
#[derive(Debug, Clone, Copy)]
pub struct ProximalNode<S: Simd> {
    /// h = prox(ω).
    pub h: Vector<S>,
    /// h − h̃, without the rounding of h.
    pub apart: Vector<S>,
    /// The teacher's h̃.
    pub teacher: Vector<S>,
    /// The Gaussian variable of ω.
    pub z: Vector<S>,
    /// g = −ℓ'(h).
    pub g: Vector<S>,
    /// ∂h/∂ω = 1/(1 + Vℓ'').
    pub response: Vector<S>,
    /// −∂g/∂ω = ℓ''/(1 + Vℓ'').
    pub stiffness: Vector<S>,
    /// Weight in the average over ω.
    pub weight: Vector<S>,
}

/// h = prox_{Vℓ}(ω), such that h + Vℓ'(h) = ω to rounding.
///
/// `v` > 0; `soft` is read only where the loss has a soft part.
#[must_use]
pub fn proximal(loss: &Loss, label: Target, soft: Target, omega: f64, v: f64) -> f64 {
    let field = |h: f64| (h + v * loss.slope(h, label, soft), 1.0 + v * loss.curvature(h));
    invert(field, omega, omega.clamp(-50.0, 50.0))
}

/// Labels of several samples.
#[derive(Debug, Clone, Copy)]
struct Labels<S: Simd> {
    p: Vector<S>,
    complement: Vector<S>,
}

/// The cavity fields of several samples that meet the same loss at the same V, one a lane.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lanes<S: Simd> {
    centre: Vector<S>,
    teacher: Vector<S>,
    /// mean − centre.
    shift: Vector<S>,
    width: Vector<S>,
    v: Vector<S>,
    loss: Loss,
    label: Labels<S>,
    soft: Labels<S>,
}

impl CavityField {
    /// The loss, the soft label and the centre h̃ of it. At T = 1 hard and soft label are one soft label.
    fn centred(&self) -> (Loss, Target, f64) {
        let Loss { hard_weight, soft_weight, temperature } = self.loss;
        if soft_weight == 0.0 {
            return (self.loss, self.label, 0.0);
        }
        let soft = Target::soft(self.teacher / temperature);
        if hard_weight == 0.0 || temperature != 1.0 {
            return (self.loss, soft, self.teacher);
        }
        let mix = |hard: f64, soft: f64| hard_weight * hard + soft_weight * soft;
        let mixed = Target { p: mix(self.label.p, soft.p), complement: mix(self.label.complement, soft.complement) };
        (Loss::distillation(1.0, 1.0), mixed, mixed.p.ln() - mixed.complement.ln())
    }
}

impl<S: Simd> Lanes<S> {
    /// The fields of `samples`, of which there is one at least; the last is repeated in the lanes left over.
    #[inline(always)]
    pub(super) fn new(simd: S, samples: &[CavityField]) -> Self {
        let last = samples.len() - 1;
        let of = |value: &dyn Fn(&CavityField) -> f64| Vector::from_fn(simd, |i| value(&samples[i.min(last)]));
        let centre = of(&|sample| sample.centred().2);
        Self {
            centre,
            teacher: of(&|sample| sample.teacher),
            shift: of(&|sample| sample.mean - sample.centred().2),
            width: of(&|sample| sample.width),
            v: of(&|sample| sample.v),
            loss: samples[0].centred().0,
            label: Labels { p: of(&|sample| sample.label.p), complement: of(&|sample| sample.label.complement) },
            soft: Labels {
                p: of(&|sample| sample.centred().1.p),
                complement: of(&|sample| sample.centred().1.complement),
            },
        }
    }

    /// (ℓ', ℓ'') at h = centre + d.
    #[inline(always)]
    fn derivatives(&self, d: Vector<S>) -> (Vector<S>, Vector<S>) {
        let (zero, one) = (d.constant(0.0), d.constant(1.0));
        let Loss { hard_weight, soft_weight, temperature } = self.loss;
        let (mut slope, mut curvature) = (zero, zero);
        if hard_weight > 0.0 {
            let h = self.centre + d;
            let tail = (zero - h.abs()).exp();
            let near = one / (one + tail);
            let far = tail * near;
            let (up, down) = (h.select_above(zero, near, far), h.select_above(zero, far, near));
            let weight = d.constant(hard_weight);
            slope = weight * (self.label.complement * up - self.label.p * down);
            curvature = weight * near * far;
        }
        if soft_weight > 0.0 {
            // σ(a + t) − σ(a) = p(1 − p)(1 − e^{−t})/(p + (1 − p)e^{−t}) with p = σ(a), mirrored for t < 0
            let (tail, fall) = (zero - d.abs() * d.constant(1.0 / temperature)).exp_and_complement();
            let p = d.select_above(zero, self.soft.p, self.soft.complement);
            let complement = d.select_above(zero, self.soft.complement, self.soft.p);
            let inverse = one / complement.mul_add(tail, p);
            let share = p * complement * inverse;
            let rise = share * fall * d.constant(soft_weight / temperature);
            slope = slope + d.select_above(zero, rise, zero - rise);
            curvature =
                (share * tail * inverse).mul_add(d.constant(soft_weight / (temperature * temperature)), curvature);
        }
        (slope, curvature)
    }

    /// What the averages need at a node.
    #[inline(always)]
    pub(super) fn node(&self, node: &Node<S, (Vector<S>, Vector<S>)>) -> ProximalNode<S> {
        let (slope, curvature) = node.detail;
        let (zero, one) = (node.d.constant(0.0), node.d.constant(1.0));
        let response = one / self.v.mul_add(curvature, one);
        ProximalNode {
            h: self.centre + node.d,
            apart: (self.centre - self.teacher) + node.d,
            teacher: self.teacher,
            z: node.z,
            g: zero - slope,
            response,
            stiffness: curvature * response,
            weight: node.weight,
        }
    }
}

impl<S: Simd> Field<S> for Lanes<S> {
    /// (ℓ', ℓ'').
    type Detail = (Vector<S>, Vector<S>);

    #[inline(always)]
    fn centre(&self) -> Vector<S> {
        self.centre
    }

    #[inline(always)]
    fn at(&self, d: Vector<S>) -> (Vector<S>, Vector<S>, Self::Detail) {
        let (slope, curvature) = self.derivatives(d);
        let inverse_width = d.constant(1.0) / self.width;
        let z = self.v.mul_add(slope, d - self.shift) * inverse_width;
        (z, self.v.mul_add(curvature, d.constant(1.0)) * inverse_width, (slope, curvature))
    }

    #[inline(always)]
    fn bracket(&self, cut: Vector<S>) -> (Vector<S>, Vector<S>) {
        let steepest = self.loss.hard_weight + self.loss.soft_weight / self.loss.temperature;
        let reach = self.v * cut.constant(steepest);
        let omega = self.shift - cut * self.width;
        (omega - reach, omega + reach)
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
