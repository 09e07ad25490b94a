//! The averages behind the order parameters, taken here by brute force with nothing but a root of the proximal
//! operator: Gaussian integration by parts holds at the fixed point.

use crate::solved::{at, distilled, hebbian, logistic, own, smoothed, teacher};
use redistill_core::model::{LearnerName, LogisticLoss, Mixture, Target};

/// h = ω − V ℓ'(h), by Newton's method kept inside a bracket that is halved.
fn proximal(loss: &LogisticLoss, label: Target, soft: Target, omega: f64, v: f64) -> f64 {
    let miss = |h: f64| h - omega + v * loss.slope(h, label, soft);
    // |ℓ'| is at most the weights of the two labels
    let reach = v * (loss.hard_weight + loss.soft_weight / loss.temperature) + 1.0;
    let (mut low, mut high) = (omega - reach, omega + reach);
    let mut h = omega;
    for _ in 0..200 {
        let (slope, curvature) = loss.derivatives(h, label, soft);
        let miss = miss(h);
        if miss > 0.0 {
            high = h
        } else {
            low = h
        }
        let next = (h - (h - omega + v * slope) / (1.0 + v * curvature)).clamp(low, high);
        let next = if next == low || next == high { 0.5 * (low + high) } else { next };
        if (next - h).abs() <= 1e-15 * h.abs().max(1.0) {
            break;
        }
        h = next;
    }
    h
}

#[track_caller]
fn close(a: f64, b: f64, relative: f64) {
    assert!((a - b).abs() <= relative * b.abs(), "{a} and {b} differ by {:e}", (a - b).abs() / b.abs());
}

/// Nodes and weights of the trapezoidal rule for z ~ N(0, 1), whose error is below 1e-9 once `step` resolves the bends.
fn gaussian(step: f64) -> impl Iterator<Item = (f64, f64)> {
    let last = (8.5 / step) as i32;
    let norm = step / (2.0 * std::f64::consts::PI).sqrt();
    (-last..=last).map(move |k| f64::from(k) * step).map(move |z| (z, norm * (-0.5 * z * z).exp()))
}

#[test]
fn stein_of_a_learner_of_labels() {
    // E[z g] = √(Δq) E[∂g/∂ω] = −√(Δq) κ/α, from weak ridge far above separability to V = 10³ below it
    for (alpha, lambda, epsilon, step) in [(6.0, 1.0, 0.0, 0.05), (3.0, 0.01, 0.1, 0.01), (4.6, 1e-5, 0.0, 0.0005)] {
        let mixture = Mixture { alpha, eta: 1.0, delta: 1.0, rho: 0.2 };
        let at = own(mixture, smoothed(teacher(lambda), epsilon));
        let width = (mixture.delta * at.q).sqrt();
        let mut by_parts = 0.0;
        for (s, probability) in mixture.classes() {
            let label = Target::label(s, epsilon);
            for (z, weight) in gaussian(step) {
                let h = proximal(&LogisticLoss::hard(), label, label, s * at.m + at.b + width * z, at.v);
                by_parts -= probability * weight * z * LogisticLoss::hard().slope(h, label, label);
            }
        }
        close(by_parts, -width * at.kappa / alpha, 1e-7);
    }
}

#[test]
fn stein_of_a_student_in_its_teachers_field() {
    // the student's force feels z̃ through S, through the reaction δS g̃ and through h̃; together that is
    // E[z̃ g] = −√Δ (S/√q̃) κ/α + √(Δq̃) c₂₁/α
    const STEP: f64 = 0.04;
    let settings =
        [(logistic(0.1), 1e-2, 1.0, 1.0), (smoothed(logistic(0.05), 0.1), 0.2, 0.5, 2.0), (hebbian(), 0.1, 0.8, 1.5)];
    for (kind, lambda, chi, temperature) in settings {
        let mixture = Mixture { alpha: 3.0, eta: 0.5, delta: 0.8, rho: 0.3 };
        let Mixture { alpha, delta, .. } = mixture;
        let solved = at(mixture, distilled(kind, lambda, chi, temperature));
        let (own, above, s_overlap) = (&solved.own, solved.teacher.as_ref().unwrap(), solved.s());
        let along = delta.sqrt() * s_overlap / above.q.sqrt();
        let width = (delta * (own.q - s_overlap * s_overlap / above.q)).sqrt();
        let loss = LogisticLoss::distillation(chi, temperature);
        let (mut along_teacher, mut across, mut shared) = (0.0, 0.0, 0.0);
        for (s, probability) in mixture.classes() {
            for (teacher_z, teacher_weight) in gaussian(STEP) {
                let omega = s * above.m + above.b + (delta * above.q).sqrt() * teacher_z;
                let (teacher_h, teacher_g) = match kind.name {
                    LearnerName::Distilled => {
                        let label = Target::label(s, kind.told.epsilon);
                        let h = proximal(&LogisticLoss::hard(), label, label, omega, above.v);
                        (h, -LogisticLoss::hard().slope(h, label, label))
                    }
                    _ => (omega + s * delta / alpha, s),
                };
                let (label, soft) = (Target::label(s, 0.0), Target::soft(teacher_h / temperature));
                let mean = s * own.m + own.b + along * teacher_z + own.susceptibilities[0] * teacher_g;
                for (z, weight) in gaussian(STEP) {
                    let h = proximal(&loss, label, soft, mean + width * z, own.v);
                    let force = -probability * teacher_weight * weight * loss.slope(h, label, soft);
                    along_teacher += teacher_z * force;
                    across += z * force;
                    shared += teacher_g * force;
                }
            }
        }
        let response = own.kappa / alpha;
        close(across, -width * response, 1e-7);
        close(along_teacher, -along * response + (delta * above.q).sqrt() * own.c[0] / alpha, 1e-7);
        close(shared, own.q_hat[0] / alpha, 1e-7);
    }
}
