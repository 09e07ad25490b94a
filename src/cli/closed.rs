//! Learners whose order parameters are closed forms, told like solutions: the Bayes bounds, and labels that say nothing.

use crate::model::{Learner, Mixture, Setting, Student, TeacherKind, bayes};
use crate::theory::lineage::{Imitation, LineageSolution, StageSolution, Status};
use crate::theory::{self, Overlaps};

use super::Failure;
use super::point_args::LearnerChoice;

pub(super) use crate::theory::silent::SILENT;

/// A stage of which no more is known than this; NaN stands for no value.
fn stage(m: f64, q: f64, b: f64, v: f64, eg: f64) -> StageSolution {
    let none = f64::NAN;
    StageSolution {
        m,
        q,
        variance: none,
        b,
        v,
        eg,
        s: Vec::new(),
        teacher_overlap: None,
        train_loss: none,
        imitation: None,
        overlaps: Vec::new(),
        susceptibilities: Vec::new(),
        m_hat: none,
        q_hat: Vec::new(),
        kappa: none,
        c: Vec::new(),
        margin: None,
        status: Status::Converged,
        reason: None,
        residual: 0.0,
        error: 0.0,
    }
}

/// The Bayes-optimal bound for all features, or for those of a student.
pub(super) fn bayes(learner: LearnerChoice, mixture: &Mixture) -> LineageSolution {
    let mixture = if learner == LearnerChoice::BayesTeacher { mixture.all_features() } else { *mixture };
    let (m, q, b) = bayes::optimal_overlaps(&mixture);
    LineageSolution { stages: vec![stage(m, q, b, f64::NAN, bayes::bound(&mixture))], sweeps: 0 }
}

/// A logistic learner or its student where labels are smoothed by ½; `values` as in `PointOptions`.
pub(super) fn silent(
    learner: LearnerChoice,
    mixture: &Mixture,
    values: [Option<f64>; 5],
) -> Result<LineageSolution, Failure> {
    let [ridge, epsilon, lambda, chi, temperature] = values.map(Option::unwrap_or_default);
    let taught = learner == LearnerChoice::Distilled;
    let learner = match learner {
        LearnerChoice::Teacher => Learner::Teacher { lambda: ridge, epsilon },
        LearnerChoice::Direct => Learner::Direct { lambda, epsilon },
        _ => Learner::Distilled {
            teacher: TeacherKind::Logistic { lambda: ridge, epsilon },
            student: Student { lambda, chi, temperature },
        },
    };
    let solution = theory::solve(&Setting { mixture: *mixture, learner }).map_err(Failure::input)?;
    let told = |overlaps: Overlaps, error: Option<f64>| StageSolution {
        error: solution.certificate.quadrature_error,
        residual: solution.certificate.residual,
        ..stage(overlaps.m, overlaps.q, overlaps.b, overlaps.v, error.unwrap_or(f64::NAN))
    };
    let teacher = solution.teacher.map(|own| told(own, solution.teacher_error));
    let student = solution.student.map(|own| told(own, solution.student_error)).map(|own| StageSolution {
        s: if taught { solution.cross.iter().map(|(cross, _)| cross.s).collect() } else { Vec::new() },
        imitation: solution.observables.map(|observables| Imitation {
            cross_entropy: observables.cross_entropy,
            output_mse: observables.output_mse,
            preactivation_mse: observables.preactivation_mse,
        }),
        ..own
    });
    let mut stages: Vec<StageSolution> = teacher.into_iter().chain(student).collect();
    if let (Some(doubt), Some(last)) = (solution.certificate.doubt(), stages.last_mut()) {
        (last.status, last.reason) = (Status::NotConverged, Some(doubt.to_string()));
    }
    Ok(LineageSolution { stages, sweeps: solution.certificate.iterations })
}
