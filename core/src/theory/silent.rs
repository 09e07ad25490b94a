//! Labels smoothed by ε = ½, which say nothing: the fixed points are closed forms there.
//!
//! The loss H(½, σ(h)) is least at h = 0 for every sample, so the weights and the bias are zero. What is left is how
//! they would answer a push, with the curvature A of the loss at h = 0:
//!
//! ```text
//! m = q = b = 0      δq̂ = αΔ A/(1 + VA)      V = Δη/(λ + δq̂)
//! ```
//!
//! A classifier of zero weights sides with no class, so it has no test error. (The limit ε → ½ of the error exists,
//! because the direction of the weights does not vanish with their length.)

use crate::model::{Loss, Mixture, Student, Target};

use super::observables::Observables;
use super::order_parameters::{Conjugates, CrossConjugates, CrossOverlaps, Overlaps};
use super::teacher::Logistic;

/// The smoothing at which a label says nothing.
pub const SILENT: f64 = 0.5;

/// Overlaps and conjugates of logistic regression on labels that say nothing.
#[must_use]
pub fn logistic(problem: &Logistic) -> (Overlaps, Conjugates) {
    rest(&problem.mixture, problem.lambda, Loss::hard().curvature(0.0))
}

/// A student told only what a silent teacher says (χ = 1), which is nothing: ½ at every sample.
pub(super) struct SilentStudent {
    pub own: (Overlaps, Conjugates),
    pub cross: (CrossOverlaps, CrossConjugates),
    pub observables: Observables,
}

impl SilentStudent {
    /// Its closed form, beside the overlaps of its teacher. With u = VA/(1 + VA) of the student and ũ of the teacher,
    ///
    /// ```text
    /// δŜ = −αΔ B / [(1 + VA)(1 + ṼÃ)(1 − α u ũ)]      δS = δq δŜ δq̃
    /// ```
    pub fn of(mixture: &Mixture, student: &Student, teacher: &Overlaps) -> Self {
        let loss = Loss::distillation(student.chi, student.temperature);
        let (a, a_t) = (loss.curvature(0.0), Loss::hard().curvature(0.0));
        let own = rest(mixture, student.lambda, a);
        let (answer, answer_t) = (1.0 + own.0.v * a, 1.0 + teacher.v * a_t);
        let feedback = mixture.alpha * (own.0.v * a / answer) * (teacher.v * a_t / answer_t);
        let pull = mixture.alpha * mixture.delta * loss.cross_curvature(0.0) / (answer * answer_t);
        let ds_hat = -pull / (1.0 - feedback);
        let ds = own.0.v / mixture.delta * ds_hat * teacher.v / mixture.delta;
        let cross = (CrossOverlaps { s: 0.0, ds }, CrossConjugates { s_hat: 0.0, ds_hat });
        let cross_entropy = Target::soft(0.0).cross_entropy(0.0);
        Self { own, cross, observables: Observables { cross_entropy, output_mse: 0.0, preactivation_mse: 0.0 } }
    }
}

/// Zero weights under a loss of curvature A at h = 0. V solves λV + αΔ VA/(1 + VA) = Δη, a quadratic in u = VA.
fn rest(mixture: &Mixture, lambda: f64, curvature: f64) -> (Overlaps, Conjugates) {
    let Mixture { alpha, eta, delta, .. } = *mixture;
    let (p, push) = (lambda / curvature, delta * eta);
    let r = p + alpha * delta - push;
    let root = (r * r + 4.0 * p * push).sqrt();
    // of the two equal forms, the one whose terms do not cancel
    let u = if r > 0.0 { 2.0 * push / (r + root) } else { (root - r) / (2.0 * p) };
    let dq_hat = alpha * delta * curvature / (1.0 + u);
    let overlaps = Overlaps { m: 0.0, q: 0.0, v: u / curvature, b: 0.0 };
    (overlaps, Conjugates { m_hat: 0.0, q_hat: 0.0, dq_hat, bias_force: 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Learner, Setting, TeacherKind};
    use crate::theory::{Solution, solve};

    const MIXTURE: Mixture = Mixture { alpha: 3.0, eta: 0.5, delta: 1.0, rho: 0.2 };

    fn solved(learner: Learner) -> Solution {
        let solution = solve(&Setting { mixture: MIXTURE, learner }).expect("a setting in the domain");
        assert!(solution.certificate.converged, "{learner:?}");
        solution
    }

    #[track_caller]
    fn near(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() <= tolerance * expected.abs(), "{found}, expected {expected}");
    }

    #[test]
    fn the_closed_form_is_what_the_fixed_point_tends_to() {
        let direct = |epsilon| solved(Learner::Direct { lambda: 0.1, epsilon }).student.expect("a student");
        let (limit, near_by) = (direct(SILENT), direct(SILENT - 1e-4));
        assert_eq!((limit.m, limit.q, limit.b), (0.0, 0.0, 0.0));
        near(near_by.v, limit.v, 1e-6);
        assert!(near_by.q < 1e-5);
    }

    #[test]
    fn a_student_of_a_silent_teacher_is_silent_or_learns_from_its_own_labels() {
        let student = |chi, epsilon| {
            let teacher = TeacherKind::Logistic { lambda: 0.1, epsilon };
            solved(Learner::Distilled { teacher, student: Student { lambda: 0.01, chi, temperature: 2.0 } })
        };
        let (limit, near_by) = (student(1.0, SILENT), student(1.0, SILENT - 1e-4));
        let of = |solution: &Solution| (solution.student.expect("a student").v, solution.cross.expect("a teacher"));
        let ((v, (overlaps, conjugates)), (v_near, (overlaps_near, conjugates_near))) = (of(&limit), of(&near_by));
        near(v_near, v, 1e-6);
        near(overlaps_near.ds, overlaps.ds, 1e-6);
        near(conjugates_near.ds_hat, conjugates.ds_hat, 1e-6);
        assert_eq!((limit.student_error, limit.teacher_error), (None, None));
        let (mixed, mixed_near) = (student(0.5, SILENT), student(0.5, SILENT - 1e-4));
        near(mixed_near.student_error.expect("weights"), mixed.student_error.expect("weights"), 1e-4);
        assert_eq!(mixed.teacher_error, None);
    }
}
