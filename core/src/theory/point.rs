//! One certified point: the fixed point of a learner, solved at two resolutions.

use thiserror::Error;

use crate::model::bayes::{optimal_overlaps, test_error};
use crate::model::{DomainError, Learner, Mixture, Setting, Student, TeacherKind};
use crate::numerics::quadrature::Resolution;

use super::budget::Budget;
use super::certificate::{Certificate, EXACT, QUADRATURE_LIMIT, RESIDUAL_LIMIT};
use super::observables::Observables;
use super::silent::{self, SILENT, SilentStudent};
use super::student::{Distilled, StudentOverlaps};
use super::teacher::Logistic;
use super::teacher_field::TeacherField;
use super::{Conjugates, CrossConjugates, CrossOverlaps, Overlaps};

/// Why a point has no solution.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum TheoryError {
    /// A parameter is outside its domain.
    #[error(transparent)]
    Domain(#[from] DomainError),
}

/// A learner's order parameters, conjugates and observables.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Solution {
    /// The teacher: the learner itself or the one it learns from.
    pub teacher: Option<Overlaps>,
    /// The teacher's conjugates, if a fixed point gave it.
    pub teacher_conjugates: Option<Conjugates>,
    /// The student's own order parameters.
    pub student: Option<Overlaps>,
    /// The student's conjugates.
    pub student_conjugates: Option<Conjugates>,
    /// What a distilled student shares with its teacher.
    pub cross: Option<(CrossOverlaps, CrossConjugates)>,
    /// Training-set observables of a distilled student.
    pub observables: Option<Observables>,
    /// ε̃_g of the teacher.
    pub teacher_error: Option<f64>,
    /// ε_g of the student.
    pub student_error: Option<f64>,
    /// Whether to believe it.
    pub certificate: Certificate,
}

/// Where a neighbouring point ended, to start the next one from.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Warm {
    teacher: Option<Overlaps>,
    student: Option<Overlaps>,
    cross: Option<CrossOverlaps>,
}

/// Refinement stops once two resolutions agree to this: far below [`QUADRATURE_LIMIT`], because the rule
/// converges geometrically and the next resolution costs little.
const REFINED: f64 = 1e-8;
/// Resolutions tried in turn, each about √2 finer than the last.
const LADDER: [Resolution; 7] = [
    Resolution { step: 1.0, cut: 7.25 },
    Resolution { step: 0.71, cut: 7.5 },
    Resolution { step: 0.5, cut: 7.75 },
    Resolution { step: 0.35, cut: 8.0 },
    Resolution { step: 0.25, cut: 8.25 },
    Resolution { step: 0.17, cut: 8.5 },
    Resolution { step: 0.12, cut: 8.75 },
];

/// The certified solution of one setting, from a cold start.
///
/// # Errors
/// A parameter out of its domain. A point that does not converge is a [`Solution`] whose certificate says so.
pub fn solve(setting: &Setting) -> Result<Solution, TheoryError> {
    solve_from(setting, &mut Warm::default())
}

/// The certified solution of one setting, started from a neighbour's and leaving its own in `warm`.
///
/// The answer does not depend on the start beyond the residual limit; a start that leads nowhere is
/// replaced by a cold one.
///
/// # Errors
/// As [`solve`].
pub fn solve_from(setting: &Setting, warm: &mut Warm) -> Result<Solution, TheoryError> {
    setting.validate()?;
    let budget = Budget::default();
    let mut solution = refine(setting, *warm, &budget);
    if !solution.certificate.converged && *warm != Warm::default() && !budget.is_spent() {
        solution = refine(setting, Warm::default(), &budget);
    }
    *warm = if solution.certificate.converged { solution.warm() } else { Warm::default() };
    // a classifier of zero weights sides with no class: it has no test error
    let error = |at: Overlaps| (at.q != 0.0).then(|| test_error(&setting.mixture, at.m, at.q, at.b));
    solution.teacher_error = solution.teacher.and_then(error);
    solution.student_error = solution.student.and_then(error);
    Ok(solution)
}

/// Solves at ever finer resolution until two agree.
fn refine(setting: &Setting, mut warm: Warm, budget: &Budget) -> Solution {
    let mut last = at_resolution(setting, &warm, LADDER[0], budget);
    for resolution in &LADDER[1..] {
        // an average that is not a number at one resolution is none at the next
        if !last.certificate.residual.is_finite() || budget.is_spent() {
            break;
        }
        warm = last.warm();
        let mut next = at_resolution(setting, &warm, *resolution, budget);
        next.certificate.iterations += last.certificate.iterations;
        next.certificate.quadrature_error = next.relative_difference(&last);
        last = next;
        if last.certificate.quadrature_error <= REFINED && last.certificate.residual <= RESIDUAL_LIMIT {
            break;
        }
    }
    let Certificate { residual, quadrature_error, .. } = last.certificate;
    last.certificate.out_of_budget = budget.is_spent();
    last.certificate.converged = residual <= RESIDUAL_LIMIT && quadrature_error <= QUADRATURE_LIMIT;
    last
}

/// The fixed point at one resolution.
fn at_resolution(setting: &Setting, warm: &Warm, resolution: Resolution, budget: &Budget) -> Solution {
    let Setting { mixture, learner } = *setting;
    match learner {
        Learner::Teacher { lambda, epsilon } => {
            let problem = Logistic { mixture: mixture.all_features(), lambda, epsilon };
            let (at, conjugates, certificate) = logistic(&problem, warm.teacher, resolution, budget);
            Solution { teacher: Some(at), teacher_conjugates: Some(conjugates), ..Solution::bare(certificate) }
        }
        Learner::Direct { lambda, epsilon } => {
            let (at, conjugates, certificate) =
                logistic(&Logistic { mixture, lambda, epsilon }, warm.student, resolution, budget);
            Solution { student: Some(at), student_conjugates: Some(conjugates), ..Solution::bare(certificate) }
        }
        Learner::Distilled { teacher, student } => distilled(&mixture, teacher, student, warm, (resolution, budget)),
        Learner::BayesTeacher => {
            Solution { teacher: Some(closed_form(&mixture.all_features())), ..Solution::bare(EXACT) }
        }
        Learner::BayesStudent => Solution { student: Some(closed_form(&mixture)), ..Solution::bare(EXACT) },
    }
}

fn logistic(
    problem: &Logistic,
    start: Option<Overlaps>,
    resolution: Resolution,
    budget: &Budget,
) -> (Overlaps, Conjugates, Certificate) {
    if problem.epsilon == SILENT {
        let (at, conjugates) = silent::logistic(problem);
        return (at, conjugates, EXACT);
    }
    let solved = problem.solve(&start.unwrap_or_else(|| problem.cold_start()), resolution, budget);
    let certificate = Certificate { iterations: solved.iterations, residual: solved.residual, ..EXACT };
    (solved.at, problem.conjugates(&solved.at, resolution), certificate)
}

fn distilled(
    mixture: &Mixture,
    kind: TeacherKind,
    student: Student,
    warm: &Warm,
    (resolution, budget): (Resolution, &Budget),
) -> Solution {
    let mut certificate = EXACT;
    let mut teacher_conjugates = None;
    let teacher = match kind {
        TeacherKind::Logistic { lambda, epsilon } => {
            let problem = Logistic { mixture: mixture.all_features(), lambda, epsilon };
            let (at, conjugates, solved) = logistic(&problem, warm.teacher, resolution, budget);
            (certificate, teacher_conjugates) = (solved, Some(conjugates));
            if at.q == 0.0 {
                if student.chi == 1.0 {
                    return silent(mixture, &student, (at, conjugates));
                }
                TeacherField::silent(mixture, at)
            } else {
                TeacherField::logistic(&problem, at, resolution)
            }
        }
        TeacherKind::BayesOptimalProxy { variance } => TeacherField::bayes_optimal_proxy(mixture, variance, resolution),
        TeacherKind::Hebbian => TeacherField::hebbian(mixture, resolution),
    };
    let problem = Distilled { mixture: *mixture, student };
    let start = match (warm.student, warm.cross) {
        (Some(own), Some(cross)) => StudentOverlaps { own, cross },
        _ => problem.cold_start(&teacher),
    };
    let solved = problem.solve(&start, &teacher, resolution, budget);
    certificate.iterations += solved.iterations;
    certificate.residual = certificate.residual.max(solved.residual);
    let (own, cross) = problem.conjugates(&solved.at, &teacher, resolution);
    Solution {
        teacher: Some(teacher.overlaps),
        teacher_conjugates,
        student: Some(solved.at.own),
        student_conjugates: Some(own),
        cross: Some((solved.at.cross, cross)),
        observables: Some(Observables::at(&problem, &solved.at, &teacher, resolution)),
        ..Solution::bare(certificate)
    }
}

/// A student who hears only a teacher that says nothing.
fn silent(mixture: &Mixture, student: &Student, (teacher, conjugates): (Overlaps, Conjugates)) -> Solution {
    let SilentStudent { own, cross, observables } = SilentStudent::of(mixture, student, &teacher);
    Solution {
        teacher: Some(teacher),
        teacher_conjugates: Some(conjugates),
        student: Some(own.0),
        student_conjugates: Some(own.1),
        cross: Some(cross),
        observables: Some(observables),
        ..Solution::bare(EXACT)
    }
}

/// The Bayes-optimal overlaps; V has no meaning there and is 0.
fn closed_form(mixture: &Mixture) -> Overlaps {
    let (m, q, b) = optimal_overlaps(mixture);
    Overlaps { m, q, v: 0.0, b }
}

impl Solution {
    fn bare(certificate: Certificate) -> Self {
        Self {
            teacher: None,
            teacher_conjugates: None,
            student: None,
            student_conjugates: None,
            cross: None,
            observables: None,
            teacher_error: None,
            student_error: None,
            certificate,
        }
    }

    /// The test error of the learner itself, ε_g of the student or of a teacher alone.
    #[must_use]
    pub fn own_error(&self) -> Option<f64> {
        self.student_error.or(self.teacher_error)
    }

    fn warm(&self) -> Warm {
        Warm { teacher: self.teacher, student: self.student, cross: self.cross.map(|(overlaps, _)| overlaps) }
    }

    /// Largest relative difference of an order parameter or observable between two solutions.
    fn relative_difference(&self, other: &Self) -> f64 {
        fn pair<T>(a: Option<T>, b: Option<T>, difference: impl Fn(T, T) -> f64) -> f64 {
            a.zip(b).map_or(0.0, |(a, b)| difference(a, b))
        }
        let overlaps = |a: Overlaps, b: Overlaps| a.relative_difference(&b);
        let cross =
            |a: (CrossOverlaps, CrossConjugates), b: (CrossOverlaps, CrossConjugates)| a.0.relative_difference(&b.0);
        pair(self.teacher, other.teacher, overlaps)
            .max(pair(self.student, other.student, overlaps))
            .max(pair(self.cross, other.cross, cross))
            .max(pair(self.observables, other.observables, |a, b| a.relative_difference(&b)))
    }
}
