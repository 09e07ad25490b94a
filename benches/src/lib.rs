//! The settings that benchmarks and the comparison with other programs share.

use redistill::model::{Learner, Mixture, Setting, Student, TeacherKind};

/// The mixture of most of the paper's figures at one α.
#[must_use]
pub fn mixture(alpha: f64) -> Mixture {
    Mixture { alpha, eta: 0.5, delta: 1.0, rho: 0.2 }
}

/// Ridge logistic regression on all features.
#[must_use]
pub fn teacher(lambda: f64) -> Learner {
    Learner::Teacher { lambda, epsilon: 0.0 }
}

/// A student of a logistic teacher.
#[must_use]
pub fn distilled(teacher_lambda: f64, lambda: f64, chi: f64, temperature: f64) -> Learner {
    let teacher = TeacherKind::Logistic { lambda: teacher_lambda, epsilon: 0.0 };
    Learner::Distilled { teacher, student: Student { lambda, chi, temperature } }
}

/// The five ridges of Figure 6.
pub const FIGURE_6: [f64; 5] = [1e-5, 1e-3, 1e-2, 1e-1, 1.0];

/// The theory points timed: an average over one field, the same below separability, and over two fields.
#[must_use]
pub fn theory_points() -> [(&'static str, Setting); 3] {
    [
        ("teacher", Setting { mixture: mixture(4.5), learner: teacher(0.1) }),
        ("teacher below separability", Setting { mixture: mixture(1.5), learner: teacher(1e-3) }),
        ("distilled", Setting { mixture: mixture(4.5), learner: distilled(0.15, 0.2, 0.5, 2.0) }),
    ]
}
