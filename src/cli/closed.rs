//! The Bayes bounds, which are closed forms, told like solutions.

use crate::model::{LearnerName, Mixture, Status, bayes};
use crate::theory::lineage::{InSample, LineageSolution, StageSolution};

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
        teacher_response: None,
        samples: InSample::NONE,
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
pub(super) fn bayes(learner: LearnerName, mixture: &Mixture) -> LineageSolution {
    let mixture = if learner.sees_all() { mixture.all_features() } else { *mixture };
    let (m, q, b) = bayes::optimal_overlaps(&mixture);
    LineageSolution { stages: vec![stage(m, q, b, f64::NAN, bayes::bound(&mixture))], sweeps: 0 }
}
