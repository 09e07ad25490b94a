//! The bias of a stage, E[g] = 0: the steps towards it, and the bias that balances the forces with everything else as it is.
//!
//! E[g] falls with b, from one sign to the other. Under the hinge loss it is flat where no sample is held at the
//! margin, between steps where a class is, so Newton's steps are kept within a bracket.

use crate::model::lineage::{Loss, TargetKind};

use super::recursion::Problem;
use super::state::{Conjugates, State};
use super::unit::Fit;

/// Steps at most: a bracket is halved every other one.
const MOST_STEPS: usize = 200;
/// Relative accuracy of b.
const ACCURACY: f64 = 2e-15;

/// A source this many standard deviations to one side of 0 teaches a bias.
const FAR_ASIDE: f64 = 4.0;
/// Newton steps of the bias are damped from this size on, in units of √Q and the scale of the loss.
pub(super) const MOST_BIAS_STEP: f64 = 1.0;

/// A step that is damped but not cut off, or b would not be seen by derivatives of the sweep.
fn damped(step: f64, most: f64) -> f64 {
    if most.is_finite() { most * libm::asinh(step / most) } else { step }
}

/// √Q of a source, in scales of the loss that reads it, below which its outputs are next to a constant.
const FAINT: f64 = 1e-3;

/// Whether a step of the bias, given √Q of its source, could lose it: under the hinge loss, where no sample is held at the
/// margin, and where a bias that is off by far less than it matters drowns what a faint source says of the weights.
pub(super) fn balances(fit: &Fit, source: Option<f64>) -> bool {
    fit.bias.is_none() && (fit.loss == Loss::Hinge || source.is_some_and(|width| width < FAINT * fit.scale()))
}

/// Evaluations that may go into the first bias, and how near to balance it need be, in units of its scale.
const MOST_BALANCING: usize = 40;
const BALANCED: f64 = 0.5;

/// The root of a force that falls with b, given with minus its slope, sought from `b` in steps of `unit` at most at first.
pub(super) fn balanced(force: impl Fn(f64) -> (f64, f64), mut b: f64, unit: f64) -> f64 {
    let (mut lo, mut hi) = (f64::NEG_INFINITY, f64::INFINITY);
    let (mut most, mut last) = (unit, f64::INFINITY);
    for step in 0..MOST_STEPS {
        let (pull, stiffness) = force(b);
        if pull == 0.0 || pull.is_nan() {
            break;
        }
        if pull > 0.0 {
            lo = b;
        } else {
            hi = b;
        }
        let newton = b + pull / stiffness;
        let bracketed = lo.is_finite() && hi.is_finite();
        // a step that gains little leaves the next to the bracket
        let slow = step % 2 == 1 && pull.abs() > 0.5 * last;
        last = pull.abs();
        let next = if bracketed {
            if newton > lo && newton < hi && !slow { newton } else { 0.5 * (lo + hi) }
        } else {
            let reach = (newton - b).abs();
            let reach = if reach < most { reach } else { most };
            most *= 2.0;
            b + reach.copysign(pull)
        };
        let moved = (next - b).abs();
        b = next;
        if moved <= ACCURACY * (unit + b.abs()) {
            break;
        }
    }
    b
}

impl Problem<'_> {
    /// Whether its source is far to one side of 0 for all but rare samples, so that a bias is most of what it learns.
    pub fn teaches_a_bias(&self) -> bool {
        self.fit.loss == Loss::Logistic
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
