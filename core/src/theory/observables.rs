//! What a distilled student does on its training set (Fig. 11).

use pulp::Simd;

use crate::numerics::Vector;
use crate::numerics::quadrature::Resolution;

use super::average::Integrand;
use super::order_parameters::relative_change;
use super::proximal::ProximalNode;
use super::student::{Distilled, StudentOverlaps};
use super::teacher_field::TeacherField;

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

/// The three observables at one node.
#[derive(Debug, Clone, Copy)]
struct Beside;

impl Integrand<3> for Beside {
    #[inline(always)]
    fn at<S: Simd>(self, node: &ProximalNode<S>) -> [Vector<S>; 3] {
        let (zero, half, one) = (node.h.constant(0.0), node.h.constant(0.5), node.h.constant(1.0));
        let tail = (zero - node.teacher.abs()).exp();
        let (near, far) = (one / (one + tail), tail / (one + tail));
        let (up, down) = (node.teacher.select_above(zero, near, far), node.teacher.select_above(zero, far, near));
        // the outputs' difference as in the loss, without cancellation
        let apart = node.apart;
        let (fade, fall) = (zero - apart.abs()).exp_and_complement();
        let (p, complement) = (apart.select_above(zero, up, down), apart.select_above(zero, down, up));
        let output = p * complement * fall / complement.mul_add(fade, p);
        let against = node.h.select_above(zero, down, up);
        let cross_entropy = against.mul_add(node.h.abs(), (zero - node.h.abs()).exp().ln_1p());
        [cross_entropy, half * output * output, half * apart * apart]
    }
}

impl Observables {
    /// The averages at a fixed point.
    #[must_use]
    pub fn at(student: &Distilled, overlaps: &StudentOverlaps, teacher: &TeacherField, resolution: Resolution) -> Self {
        let mut sums = Self { cross_entropy: 0.0, output_mse: 0.0, preactivation_mse: 0.0 };
        student.average(
            overlaps,
            teacher,
            (resolution, None),
            Beside,
            |outer, [cross_entropy, output, preactivation]| {
                sums.cross_entropy += outer.weight * cross_entropy;
                sums.output_mse += outer.weight * output;
                sums.preactivation_mse += outer.weight * preactivation;
            },
        );
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
