//! Steps of a bias towards E[g] = 0, also where a source far to one side leaves little else to learn.

use crate::model::lineage::TargetKind;

use super::recursion::Problem;
use super::state::{Conjugates, State};

/// A source this many standard deviations to one side of 0 teaches a bias.
const FAR_ASIDE: f64 = 4.0;
/// Evaluations that may go into the first bias, and how near to balance it need be, in units of its scale.
const MOST_BALANCING: usize = 40;
const BALANCED: f64 = 0.5;

/// A step that is damped but not cut off, or b would not be seen by derivatives of the sweep.
fn damped(step: f64, most: f64) -> f64 {
    if most.is_finite() { most * libm::asinh(step / most) } else { step }
}

impl Problem<'_> {
    /// Whether its source is far to one side of 0 for all but rare samples, so that a bias is most of what it learns.
    pub fn teaches_a_bias(&self) -> bool {
        self.fit.loss.quadratic().is_none()
            && self.chain.members.iter().any(|member| member.aside > FAR_ASIDE)
            && self.fit.lesson.is_some_and(|lesson| lesson.kind == TargetKind::Soft && lesson.chi == 1.0)
    }

    /// The Newton step of b towards E[g] = 0, damped from `most` on. Where all outputs are exponentially near 0 or 1,
    /// E[g] is a difference of exponentials of b and it is the ratio of the two that tells the step.
    pub fn bias_step(&self, conjugates: &Conjugates, b: f64, most: f64) -> f64 {
        let step = conjugates.bias_force / conjugates.kappa;
        if self.teaches_a_bias() {
            let (scale, side) = (self.fit.scale(), if b < 0.0 { 1.0 } else { -1.0 });
            let ratio = 1.0 + side * step / scale;
            if ratio > 0.0 {
                return side * scale * libm::log(ratio);
            }
        }
        damped(step, most)
    }

    /// Brings b near E[g] = 0, everything else as it is: E[g] falls with b, so a bracket can be kept.
    pub fn balance(&self, state: &mut State) {
        let (mut lo, mut hi) = (f64::NEG_INFINITY, f64::INFINITY);
        for _ in 0..MOST_BALANCING {
            let conjugates = self.conjugates(state);
            let step = self.bias_step(&conjugates, state.b, f64::INFINITY);
            let unit = self.fit.scale() + libm::sqrt(state.q[self.k]);
            if !step.is_finite() || step.abs() <= BALANCED * unit {
                break;
            }
            if step > 0.0 {
                lo = state.b;
            } else {
                hi = state.b;
            }
            let most = if self.teaches_a_bias() { f64::INFINITY } else { 4.0 * unit };
            let next = state.b + step.max(-most).min(most);
            state.b = if next > lo && next < hi { next } else { 0.5 * (lo + hi) };
        }
    }
}
