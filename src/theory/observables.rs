//! What a distilled student does on its training set (Fig. 11).

use crate::model::logistic;
use crate::model::Target;
use crate::numerics::quadrature::Resolution;

use super::order_parameters::relative_change;
use super::student::{Distilled, StudentOverlaps, TeacherField};

/// Averages over the training set of a student beside its teacher.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observables {
    /// E[H(σ(h̃), σ(h))].
    pub cross_entropy: f64,
    /// ½E[(σ(h) − σ(h̃))²]; the published panel carries the ½.
    pub output_mse: f64,
    /// ½E[(h − h̃)²]; the published panel carries the ½.
    pub preactivation_mse: f64,
}

impl Observables {
    /// The averages at a fixed point.
    #[must_use]
    pub fn at(student: &Distilled, overlaps: &StudentOverlaps, teacher: &TeacherField, resolution: Resolution) -> Self {
        let mut sums = Self { cross_entropy: 0.0, output_mse: 0.0, preactivation_mse: 0.0 };
        student.for_each(overlaps, teacher, resolution, |outer, weight, inner| {
            let output = logistic(inner.h) - logistic(outer.h);
            let preactivation = inner.h - outer.h;
            sums.cross_entropy += weight * Target::soft(outer.h).cross_entropy(inner.h);
            sums.output_mse += weight * 0.5 * output * output;
            sums.preactivation_mse += weight * 0.5 * preactivation * preactivation;
        });
        sums
    }

    /// Largest relative difference between two resolutions.
    #[must_use]
    pub fn relative_difference(&self, other: &Self) -> f64 {
        let relative = |a: f64, b: f64| relative_change(a, b, a.abs());
        relative(self.cross_entropy, other.cross_entropy)
            .max(relative(self.output_mse, other.output_mse))
            .max(relative(self.preactivation_mse, other.preactivation_mse))
    }
}
