//! The bias that balances the forces of a stage, E[g] = 0, with everything else as it is.
//!
//! E[g] falls with b, from one sign to the other. Under the hinge loss it is flat where no sample is held at the
//! margin, between steps where a class is, so Newton's steps are kept within a bracket. Between classes of equal weight
//! it may be 0 all along the flat, where every b is as good as another: their symmetry asks for b = 0.

use crate::model::lineage::{Data, Loss};

use super::unit::{Fit, Unit};

/// Steps at most: a bracket is halved every other one.
const MOST_STEPS: usize = 200;
/// Relative accuracy of b.
const ACCURACY: f64 = 2e-15;

/// √Q of a source, in scales of the loss that reads it, below which its outputs are next to a constant.
const FAINT: f64 = 1e-3;

/// Whether a step of the bias, given √Q of its source, could lose it: under the hinge loss, where no sample is held at the
/// margin, and where a bias that is off by far less than it matters drowns what a faint source says of the weights.
pub(super) fn balances(fit: &Fit, source: Option<f64>) -> bool {
    fit.bias.is_none() && (fit.loss == Loss::Hinge || source.is_some_and(|width| width < FAINT * fit.scale()))
}

/// Whether nothing that unit k learns tells the classes apart but by their sign, so that its best bias is 0.
pub(super) fn is_symmetric(data: &Data, units: &[Unit], k: usize) -> bool {
    let own = match units[k] {
        Unit::Fixed(teacher) => teacher.b == 0.0,
        Unit::Fit(fit) => data.rho == 0.5 && fit.bias.is_none_or(|b| b == 0.0),
    };
    own && units[k].source().is_none_or(|source| is_symmetric(data, units, source))
}

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
