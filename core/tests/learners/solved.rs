//! The paper's learners, solved.

use redistill_core::model::lineage::FixedTeacher;
use redistill_core::model::{Learner, LearnerName, LearnerParameters, Mixture, Setting};
use redistill_core::theory::lineage::{LineageSolution, StageSolution, Status, solve};

fn usual() -> LearnerParameters {
    LearnerParameters::default()
}

pub fn teacher(lambda: f64) -> Learner {
    LearnerName::Teacher.with(&LearnerParameters { teacher_lambda: lambda, ..usual() })
}

pub fn direct(lambda: f64) -> Learner {
    LearnerName::Direct.with(&LearnerParameters { lambda, ..usual() })
}

/// A student of a logistic teacher, of which no more is said yet.
pub fn logistic(lambda: f64) -> Learner {
    LearnerName::Distilled.with(&LearnerParameters { teacher_lambda: lambda, ..usual() })
}

/// One of the Bayes-optimal proxy.
pub fn proxy() -> Learner {
    LearnerName::KdBayes.with(&usual())
}

/// One of the Hebbian teacher.
pub fn hebbian() -> Learner {
    LearnerName::KdHebbian.with(&usual())
}

/// The student of a teacher, with its own settings.
pub fn distilled(student: Learner, lambda: f64, chi: f64, temperature: f64) -> Learner {
    student.name.with(&LearnerParameters { lambda, chi, temperature, ..student.told })
}

/// The same learner, of smoothed labels.
pub fn smoothed(learner: Learner, epsilon: f64) -> Learner {
    learner.name.with(&LearnerParameters { epsilon, ..learner.told })
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
