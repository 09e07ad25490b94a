//! The averages behind the order parameters: Gaussian integration by parts holds at the fixed point, and fixed nodes do not do.

use redistill::model::{Learner, Loss, Mixture, Setting, Student, Target, TeacherKind};
use redistill::numerics::quadrature::Resolution;
use redistill::numerics::Anderson;
use redistill::theory::proximal::proximal;
use redistill::theory::student::TeacherField;
use redistill::theory::teacher::Logistic;
use redistill::theory::{Conjugates, Overlaps, solve};

/// Fine enough for the teacher's nodes to be exact to 1e-9.
const FINE: Resolution = Resolution { step: 0.12, cut: 8.75 };

#[track_caller]
fn close(a: f64, b: f64, relative: f64) {
    assert!((a - b).abs() <= relative * b.abs(), "{a} and {b} differ by {:e}", (a - b).abs() / b.abs());
}

fn teacher(mixture: Mixture, lambda: f64, epsilon: f64) -> (Overlaps, Conjugates) {
    let solution = solve(&Setting { mixture, learner: Learner::Teacher { lambda, epsilon } }).expect("a setting in the domain");
    (solution.teacher.unwrap(), solution.teacher_conjugates.unwrap())
}

#[test]
fn stein_of_a_learner_of_labels() {
    // E[z g] = √(Δq) E[∂g/∂ω] = −√(Δq) δq̂/(αΔ), from weak ridge far above separability to V = 10³ below it
    for (alpha, lambda, epsilon) in [(6.0, 1.0, 0.0), (3.0, 0.01, 0.1), (4.6, 1e-5, 0.0)] {
        let mixture = Mixture { alpha, eta: 1.0, delta: 1.0, rho: 0.2 };
        let (at, conjugates) = teacher(mixture, lambda, epsilon);
        let width = (mixture.delta * at.q).sqrt();
        let mut by_parts = 0.0;
        for (s, probability) in mixture.classes() {
            let label = Target::label(s, epsilon);
            let force = |z: f64| {
                let h = proximal(&Loss::hard(), label, label, s * at.m + at.b + width * z, at.v);
                -Loss::hard().slope(h, label, label)
            };
            by_parts += probability * gaussian(2e-4, |z| z * force(z));
        }
        close(by_parts, -width * conjugates.dq_hat / (alpha * mixture.delta), 1e-7);
    }
}

#[test]
fn stein_of_a_student_in_its_teachers_field() {
    // the student's force feels z̃ through S, through the reaction δS g̃ and through h̃; together that is
    // E[z̃ g] = −√Δ (S/√q̃) δq̂/(αΔ) + √(Δq̃) δŜ/(αΔ)
    let settings = [(logistic(0.1, 0.0), 1e-5, 1.0, 1.0), (logistic(0.01, 0.1), 0.2, 0.5, 2.0), (TeacherKind::Hebbian, 0.1, 0.8, 1.5)];
    for (kind, lambda, chi, temperature) in settings {
        let mixture = Mixture { alpha: 3.0, eta: 0.5, delta: 0.8, rho: 0.3 };
        let student = Student { lambda, chi, temperature };
        let solution = solve(&Setting { mixture, learner: Learner::Distilled { teacher: kind, student } }).expect("a setting in the domain");
        let (own, above) = (solution.student.unwrap(), solution.teacher.unwrap());
        let (conjugates, (cross, cross_conjugates)) = (solution.student_conjugates.unwrap(), solution.cross.unwrap());
        let field = match kind {
            TeacherKind::Logistic { lambda, epsilon } => {
                TeacherField::logistic(&Logistic { mixture: mixture.all_features(), lambda, epsilon }, above, FINE)
            }
            _ => TeacherField::hebbian(&mixture, FINE),
        };
        let Mixture { alpha, delta, .. } = mixture;
        let along = delta.sqrt() * cross.s / above.q.sqrt();
        let width = (delta * (own.q - cross.s * cross.s / above.q)).sqrt();
        let (mut along_teacher, mut across, mut shared) = (0.0, 0.0, 0.0);
        for node in field.nodes() {
            // the Hebbian field's z̃ is shifted by nothing but its mean, so that one formula serves both
            let mean = node.s * own.m + own.b + along * node.z + delta * cross.ds * node.g;
            let loss = Loss::distillation(chi, temperature);
            let (label, soft) = (Target::label(node.s, 0.0), Target::soft(node.h / temperature));
            let force = |z: f64| -loss.slope(proximal(&loss, label, soft, mean + width * z, own.v), label, soft);
            let average = node.weight * gaussian(0.1, force);
            along_teacher += node.z * average;
            across += node.weight * gaussian(0.1, |z| z * force(z));
            shared += node.g * average;
        }
        let response = conjugates.dq_hat / (alpha * delta);
        let teacher_response = cross_conjugates.ds_hat / (alpha * delta);
        close(across, -width * response, 1e-7);
        close(along_teacher, -along * response + (delta * above.q).sqrt() * teacher_response, 1e-7);
        close(shared, cross_conjugates.s_hat / (alpha * delta), 1e-7);
    }
}

/// E[f(z)], z ~ N(0, 1), by the trapezoidal rule in z itself: nothing of the theory's own quadrature.
fn gaussian(step: f64, f: impl Fn(f64) -> f64) -> f64 {
    let reach = (8.5 / step) as i32;
    let node = |k: i32| f64::from(k) * step;
    (-reach..=reach).map(node).map(|z| f(z) * (-0.5 * z * z).exp()).sum::<f64>() * step / (2.0 * std::f64::consts::PI).sqrt()
}

fn logistic(lambda: f64, epsilon: f64) -> TeacherKind {
    TeacherKind::Logistic { lambda, epsilon }
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
        .map(|(x, weight)| (8.5 * x, 8.5 * weight * (-0.5 * (8.5 * x) * (8.5 * x)).exp() / (2.0 * std::f64::consts::PI).sqrt()))
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
