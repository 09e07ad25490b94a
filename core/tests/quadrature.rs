//! The averages behind the order parameters, taken here by brute force with nothing but the proximal operator:
//! Gaussian integration by parts holds at the fixed point, and a rule that is too coarse is wrong without showing it.

use redistill_core::model::{Learner, Loss, Mixture, Setting, Student, Target, TeacherKind};
use redistill_core::numerics::Anderson;
use redistill_core::theory::proximal::proximal;
use redistill_core::theory::{Conjugates, Overlaps, solve};

#[track_caller]
fn close(a: f64, b: f64, relative: f64) {
    assert!((a - b).abs() <= relative * b.abs(), "{a} and {b} differ by {:e}", (a - b).abs() / b.abs());
}

fn teacher(mixture: Mixture, lambda: f64, epsilon: f64) -> (Overlaps, Conjugates) {
    let solution =
        solve(&Setting { mixture, learner: Learner::Teacher { lambda, epsilon } }).expect("a setting in the domain");
    (solution.teacher.unwrap(), solution.teacher_conjugates.unwrap())
}

/// Nodes and weights of the trapezoidal rule for z ~ N(0, 1), whose error is below 1e-9 once `step` resolves the bends.
fn gaussian(step: f64) -> impl Iterator<Item = (f64, f64)> {
    let last = (8.5 / step) as i32;
    let norm = step / (2.0 * std::f64::consts::PI).sqrt();
    (-last..=last).map(move |k| f64::from(k) * step).map(move |z| (z, norm * (-0.5 * z * z).exp()))
}

#[test]
fn stein_of_a_learner_of_labels() {
    // E[z g] = √(Δq) E[∂g/∂ω] = −√(Δq) δq̂/(αΔ), from weak ridge far above separability to V = 10³ below it
    for (alpha, lambda, epsilon, step) in [(6.0, 1.0, 0.0, 0.05), (3.0, 0.01, 0.1, 0.01), (4.6, 1e-5, 0.0, 0.0005)] {
        let mixture = Mixture { alpha, eta: 1.0, delta: 1.0, rho: 0.2 };
        let (at, conjugates) = teacher(mixture, lambda, epsilon);
        let width = (mixture.delta * at.q).sqrt();
        let mut by_parts = 0.0;
        for (s, probability) in mixture.classes() {
            let label = Target::label(s, epsilon);
            for (z, weight) in gaussian(step) {
                let h = proximal(&Loss::hard(), label, label, s * at.m + at.b + width * z, at.v);
                by_parts -= probability * weight * z * Loss::hard().slope(h, label, label);
            }
        }
        close(by_parts, -width * conjugates.dq_hat / (alpha * mixture.delta), 1e-7);
    }
}

#[test]
fn stein_of_a_student_in_its_teachers_field() {
    // the student's force feels z̃ through S, through the reaction δS g̃ and through h̃; together that is
    // E[z̃ g] = −√Δ (S/√q̃) δq̂/(αΔ) + √(Δq̃) δŜ/(αΔ)
    const STEP: f64 = 0.04;
    let logistic = |lambda, epsilon| TeacherKind::Logistic { lambda, epsilon };
    let settings = [
        (logistic(0.1, 0.0), 1e-2, 1.0, 1.0),
        (logistic(0.05, 0.1), 0.2, 0.5, 2.0),
        (TeacherKind::Hebbian, 0.1, 0.8, 1.5),
    ];
    for (kind, lambda, chi, temperature) in settings {
        let mixture = Mixture { alpha: 3.0, eta: 0.5, delta: 0.8, rho: 0.3 };
        let Mixture { alpha, delta, .. } = mixture;
        let student = Student { lambda, chi, temperature };
        let solution = solve(&Setting { mixture, learner: Learner::Distilled { teacher: kind, student } })
            .expect("a setting in the domain");
        let (own, above) = (solution.student.unwrap(), solution.teacher.unwrap());
        let (conjugates, (cross, cross_conjugates)) = (solution.student_conjugates.unwrap(), solution.cross.unwrap());
        let along = delta.sqrt() * cross.s / above.q.sqrt();
        let width = (delta * (own.q - cross.s * cross.s / above.q)).sqrt();
        let loss = Loss::distillation(chi, temperature);
        let (mut along_teacher, mut across, mut shared) = (0.0, 0.0, 0.0);
        for (s, probability) in mixture.classes() {
            for (teacher_z, teacher_weight) in gaussian(STEP) {
                let omega = s * above.m + above.b + (delta * above.q).sqrt() * teacher_z;
                let (teacher_h, teacher_g) = match kind {
                    TeacherKind::Logistic { epsilon, .. } => {
                        let label = Target::label(s, epsilon);
                        let h = proximal(&Loss::hard(), label, label, omega, above.v);
                        (h, -Loss::hard().slope(h, label, label))
                    }
                    _ => (omega + s * delta / alpha, s),
                };
                let (label, soft) = (Target::label(s, 0.0), Target::soft(teacher_h / temperature));
                let mean = s * own.m + own.b + along * teacher_z + delta * cross.ds * teacher_g;
                for (z, weight) in gaussian(STEP) {
                    let h = proximal(&loss, label, soft, mean + width * z, own.v);
                    let force = -probability * teacher_weight * weight * loss.slope(h, label, soft);
                    along_teacher += teacher_z * force;
                    across += z * force;
                    shared += teacher_g * force;
                }
            }
        }
        let response = conjugates.dq_hat / (alpha * delta);
        close(across, -width * response, 1e-7);
        close(
            along_teacher,
            -along * response + (delta * above.q).sqrt() * cross_conjugates.ds_hat / (alpha * delta),
            1e-7,
        );
        close(shared, cross_conjugates.s_hat / (alpha * delta), 1e-7);
    }
}

/// Nodes and weights of Gauss–Legendre on [−1, 1].
fn gauss_legendre(count: usize) -> Vec<(f64, f64)> {
    let node = |k: usize| {
        let n = count as f64;
        let mut x = (std::f64::consts::PI * (k as f64 + 0.75) / (n + 0.5)).cos();
        let mut slope = 0.0;
        for _ in 0..20 {
            let (mut last, mut value) = (1.0, x);
            for degree in 2..=count {
                let d = degree as f64;
                (last, value) = (value, ((2.0 * d - 1.0) * x * value - (d - 1.0) * last) / d);
            }
            slope = n * (x * value - last) / (x * x - 1.0);
            x -= value / slope;
        }
        (x, 2.0 / ((1.0 - x * x) * slope * slope))
    };
    (0..count).map(node).collect()
}

/// The teacher's fixed point with the Gaussian integrated on fixed nodes in z ∈ [−8.5, 8.5]; gives q and the residual.
fn on_fixed_nodes(mixture: Mixture, lambda: f64, start: Overlaps, count: usize) -> (f64, f64) {
    let rule: Vec<(f64, f64)> = (gauss_legendre(count).into_iter())
        .map(|(x, weight)| {
            (8.5 * x, 8.5 * weight * (-0.5 * (8.5 * x) * (8.5 * x)).exp() / (2.0 * std::f64::consts::PI).sqrt())
        })
        .collect();
    let sweep = |at: Overlaps| {
        let (mut force, mut square, mut stiffness, mut bias) = (0.0, 0.0, 0.0, 0.0);
        for (s, probability) in mixture.classes() {
            let label = Target::label(s, 0.0);
            for (z, weight) in &rule {
                let omega = s * at.m + at.b + (mixture.delta * at.q).sqrt() * z;
                let h = proximal(&Loss::hard(), label, label, omega, at.v);
                let (slope, curvature) = Loss::hard().derivatives(h, label, label);
                let weight = probability * weight;
                force -= weight * s * slope;
                bias -= weight * slope;
                square += weight * slope * slope;
                stiffness += weight * curvature / (1.0 + at.v * curvature);
            }
        }
        let Mixture { alpha, delta, .. } = mixture;
        let conjugates = Conjugates {
            m_hat: alpha * force,
            q_hat: alpha * delta * square,
            dq_hat: alpha * delta * stiffness,
            bias_force: alpha * bias,
        };
        conjugates.overlaps(&mixture, lambda, at.b)
    };
    let coordinates = |at: &Overlaps| [at.m / at.q.sqrt(), at.q.ln(), at.v.ln(), at.b / at.q.sqrt()];
    let overlaps = |x: &[f64; 4]| {
        let q = x[1].exp();
        Overlaps { m: x[0] * q.sqrt(), q, v: x[2].exp(), b: x[3] * q.sqrt() }
    };
    let solver = Anderson { depth: 8, max_iterations: 2000, tolerance: 1e-12, acceptable: 1e-12, max_step: 1.5 };
    let found = solver.solve(coordinates(&start), |x| coordinates(&sweep(overlaps(x))));
    let at = overlaps(&found.x);
    (at.q, at.relative_difference(&sweep(at)))
}

#[test]
fn fixed_nodes_are_wrong_near_separability_with_a_perfect_residual() {
    let mixture = Mixture { alpha: 4.6, eta: 1.0, delta: 1.0, rho: 0.2 };
    let (at, _) = teacher(mixture, 1e-5, 0.0);
    close(at.q, 10921.5202, 1e-5);
    // started from the right answer, 96 nodes walk away from it
    let (coarse, residual) = on_fixed_nodes(mixture, 1e-5, at, 96);
    assert!(residual < 1e-10, "{residual:e}");
    assert!((coarse / at.q - 1.0).abs() > 0.2, "96 nodes: {coarse}");
    // and 1600 confirm it
    let (fine, residual) = on_fixed_nodes(mixture, 1e-5, at, 1600);
    assert!(residual < 1e-10, "{residual:e}");
    close(fine, at.q, 1e-4);
}
