//! The paper's learners, solved.

use redistill_core::model::lineage::FixedTeacher;
use redistill_core::model::{Learner, Mixture, Setting, Student, TeacherKind};
use redistill_core::theory::lineage::{LineageSolution, StageSolution, Status, solve};

pub fn teacher(lambda: f64) -> Learner {
    Learner::Teacher { lambda, epsilon: 0.0 }
}

pub fn direct(lambda: f64) -> Learner {
    Learner::Direct { lambda, epsilon: 0.0 }
}

pub fn distilled(teacher: TeacherKind, lambda: f64, chi: f64, temperature: f64) -> Learner {
    Learner::Distilled { teacher, student: Student { lambda, chi, temperature } }
}

pub fn logistic(lambda: f64) -> TeacherKind {
    TeacherKind::Logistic { lambda, epsilon: 0.0 }
}

/// A learner's solution, certified, and what it learns from.
pub struct Solved {
    /// The learner itself.
    pub own: StageSolution,
    /// The stage it learns from.
    pub teacher: Option<StageSolution>,
    /// The fixed teacher it learns from.
    pub fixed: Option<FixedTeacher>,
}

impl Solved {
    /// The overlap with whatever it learns from.
    pub fn s(&self) -> f64 {
        self.own.teacher_overlap.unwrap_or_else(|| self.own.s[0])
    }
}

pub fn solution(mixture: Mixture, learner: Learner) -> LineageSolution {
    let setting = Setting { mixture, learner };
    setting.validate().expect("a setting in the domain");
    let solution = solve(&setting.lineage().expect("a learner")).expect("a lineage in the domain");
    assert_eq!(solution.status(), Status::Converged, "{setting:?}: {:?}", solution.reason());
    solution
}

pub fn at(mixture: Mixture, learner: Learner) -> Solved {
    let lineage = Setting { mixture, learner }.lineage().expect("a learner");
    let mut stages = solution(mixture, learner).stages;
    let own = stages.pop().expect("a stage");
    Solved { own, teacher: stages.pop(), fixed: lineage.fixed_teacher(lineage.stages.len() - 1) }
}

pub fn own(mixture: Mixture, learner: Learner) -> StageSolution {
    at(mixture, learner).own
}

/// Largest relative difference of m, q, V and b; b is measured in hundredths of √q where that is more than itself.
pub fn difference(a: &StageSolution, b: &StageSolution) -> f64 {
    let bias = (a.b - b.b).abs() / a.b.abs().max(1e-2 * a.q.sqrt());
    let others = [(a.m, b.m), (a.q, b.q), (a.v, b.v)];
    others.into_iter().map(|(a, b)| (a - b).abs() / a.abs()).fold(bias, f64::max)
}
