//! Trials: every learner of interest on one data set.

use serde::{Deserialize, Serialize};

use super::ExperimentError;
use super::certificate::Certificate;
use super::fit::{self, Work};
use super::newton::Fit;
use super::objective::Objective;
use super::observables::{Imitation, Overlaps};
use super::sample::{DataSet, Protocol};
use super::teacher::FormulaTeacher;
use crate::model::{Learner, Mixture, TeacherKind};

/// How a trial ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The learner and its teacher meet the certificate.
    Converged,
    /// A fit was given up; nothing is reported of it.
    NotConverged,
    /// The learner is w = 0, b = 0, whose test error does not exist.
    Undefined,
}

impl Status {
    /// The word that tables use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Converged => "converged",
            Self::NotConverged => "not_converged",
            Self::Undefined => "undefined",
        }
    }
}

/// One learner on one data set. What was not measured, or not to the certificate, is absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Which of the data sets with these parameters.
    pub replicate: u32,
    /// The seed of the data set.
    pub seed: u64,
    /// N.
    pub n: usize,
    /// M.
    pub samples: usize,
    /// The teacher: of a distilled student, or the learner itself where that is a teacher.
    pub teacher: Option<Overlaps>,
    /// The learner itself.
    pub learner: Option<Overlaps>,
    /// A distilled student against its teacher.
    pub imitation: Option<Imitation>,
    /// How the trial ended.
    pub status: Status,
    /// Newton steps of the learner's own fit.
    pub iterations: u32,
    /// Passes of the learner's own fit over the data.
    pub passes: u32,
    /// |∇L| at the end over |∇L| at the origin, the larger of the learner's and its teacher's.
    pub gradient_norm: f64,
}

/// What became of the learners on one data set.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// One trial a learner.
    pub trials: Vec<Trial>,
    /// What the fits cost together.
    pub work: Work,
}

/// A teacher on the data set at hand.
struct Teacher<'a> {
    weights: &'a [f64],
    bias: f64,
    activations: &'a [f64],
    certificate: Option<Certificate>,
}

/// Draws one data set and trains every learner on it; trials are in the order of `learners`.
///
/// Students that share a logistic teacher share its fit. A trial does not depend on which other
/// learners are on the list.
///
/// # Errors
/// A parameter out of its domain, a learner that is a closed form, N too small for the mixture, or
/// [`ExperimentError::Interrupted`] within a fraction of a second after `stop` turns true.
pub fn run_trials(
    mixture: &Mixture,
    learners: &[Learner],
    replicate: u32,
    protocol: &Protocol,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Trained, ExperimentError> {
    check(mixture, learners, protocol.n)?;
    let data = DataSet::draw(mixture, replicate, protocol, stop)?;
    run_trials_on(&data, mixture, learners, replicate, protocol, stop)
}

/// Trains every learner on a data set that [`DataSet::draw`] made of the same mixture, replicate and protocol.
///
/// # Errors
/// As [`run_trials`].
pub fn run_trials_on(
    data: &DataSet,
    mixture: &Mixture,
    learners: &[Learner],
    replicate: u32,
    protocol: &Protocol,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Trained, ExperimentError> {
    let (n, features) = (protocol.n, check(mixture, learners, protocol.n)?);

    // the distinct fits on all features: teachers for their own sake, and teachers of students
    let mut ridges: Vec<(f64, f64)> = Vec::new();
    for learner in learners {
        if let Some(ridge) = logistic_teacher(learner)
            && !ridges.contains(&ridge)
        {
            ridges.push(ridge);
        }
    }
    let mut teacher_fits: Vec<Fit<'_>> = (ridges.iter())
        .map(|&(lambda, epsilon)| Fit::new(Objective::labels(data.signs(), epsilon), lambda, n, n))
        .collect();
    let mut work = fit::run(data, n, teacher_fits.iter_mut().collect(), stop)?;

    let has = |kind: fn(&TeacherKind) -> bool| {
        learners.iter().any(|l| matches!(l, Learner::Distilled { teacher, .. } if kind(teacher)))
    };
    let proxy = has(|kind| matches!(kind, TeacherKind::BayesOptimalProxy { .. }))
        .then(|| FormulaTeacher::bayes_optimal_proxy(mixture, data, protocol.sampling));
    let hebbian = has(|kind| matches!(kind, TeacherKind::Hebbian)).then(|| FormulaTeacher::hebbian(mixture, data));

    let teachers: Vec<Option<Teacher<'_>>> = (learners.iter())
        .map(|learner| match learner {
            Learner::Distilled { teacher: TeacherKind::BayesOptimalProxy { .. }, .. } => {
                proxy.as_ref().map(Teacher::formula)
            }
            Learner::Distilled { teacher: TeacherKind::Hebbian, .. } => hebbian.as_ref().map(Teacher::formula),
            _ => {
                let ridge = logistic_teacher(learner)?;
                let fit = &teacher_fits[ridges.iter().position(|other| *other == ridge)?];
                Some(Teacher::fitted(fit))
            }
        })
        .collect();

    let mut fits: Vec<Option<Fit<'_>>> = (learners.iter().zip(&teachers))
        .map(|(learner, teacher)| {
            let (objective, lambda) = match learner {
                Learner::Direct { lambda, epsilon } => (Objective::labels(data.signs(), *epsilon), *lambda),
                Learner::Distilled { student, .. } => {
                    let teacher = teacher.as_ref().filter(|teacher| teacher.converged())?;
                    let objective = Objective::distillation(data.signs(), 0.0, learner.loss(), teacher.activations);
                    (objective, student.lambda)
                }
                _ => return None,
            };
            Some(Fit::new(objective, lambda, features, n))
        })
        .collect();
    work += fit::run(data, features, fits.iter_mut().flatten().collect(), stop)?;

    let trials = (teachers.iter().zip(&fits))
        .map(|(teacher, fit)| report(mixture, data, replicate, teacher.as_ref(), fit.as_ref()))
        .collect();
    Ok(Trained { trials, work })
}

/// ηN, if everything can be trained.
fn check(mixture: &Mixture, learners: &[Learner], n: usize) -> Result<usize, ExperimentError> {
    mixture.validate()?;
    for learner in learners {
        learner.validate()?;
        if matches!(learner, Learner::BayesTeacher | Learner::BayesStudent) {
            return Err(ExperimentError::ClosedForm { kind: learner.kind() });
        }
    }
    let features = (mixture.eta * n as f64).round() as usize;
    if features < 2 {
        return Err(ExperimentError::Features { n, features });
    }
    Ok(features)
}

/// λ̃ and ε of the logistic teacher that a learner is or has.
fn logistic_teacher(learner: &Learner) -> Option<(f64, f64)> {
    match *learner {
        Learner::Teacher { lambda, epsilon }
        | Learner::Distilled { teacher: TeacherKind::Logistic { lambda, epsilon }, .. } => Some((lambda, epsilon)),
        _ => None,
    }
}

impl<'a> Teacher<'a> {
    fn fitted(fit: &'a Fit<'_>) -> Self {
        Self {
            weights: fit.weights(),
            bias: fit.bias(),
            activations: fit.activations(),
            certificate: Some(fit.certificate()),
        }
    }

    fn formula(teacher: &'a FormulaTeacher) -> Self {
        let FormulaTeacher { weights, bias, activations } = teacher;
        Self { weights, bias: *bias, activations, certificate: None }
    }

    fn converged(&self) -> bool {
        self.certificate.is_none_or(|certificate| certificate.converged)
    }
}

/// The trial of a student with its own fit, or of a teacher, which has none besides the teacher's.
fn report(
    mixture: &Mixture,
    data: &DataSet,
    replicate: u32,
    teacher: Option<&Teacher<'_>>,
    fit: Option<&Fit<'_>>,
) -> Trial {
    let measure = |weights: &[f64], bias| Overlaps::measure(mixture, data.centre(), weights, bias);
    let certificates =
        [fit.map(Fit::certificate), teacher.and_then(|teacher| teacher.certificate)].into_iter().flatten();
    let converged = certificates.clone().all(|certificate| certificate.converged);
    let own = certificates.clone().next();
    let taught = teacher.filter(|teacher| teacher.converged()).and_then(|t| measure(t.weights, t.bias));
    let learner = match fit {
        Some(fit) if converged => measure(fit.weights(), fit.bias()),
        Some(_) => None,
        None => taught,
    };
    let imitation = fit.zip(teacher).filter(|_| converged).map(|(fit, teacher)| {
        let activations = [fit.activations(), teacher.activations];
        Imitation::measure(data.centre().len(), [fit.weights(), teacher.weights], activations)
    });
    Trial {
        replicate,
        seed: data.seed(),
        n: data.centre().len(),
        samples: data.signs().len(),
        teacher: taught,
        learner,
        imitation,
        status: match learner {
            Some(_) => Status::Converged,
            None if converged => Status::Undefined,
            None => Status::NotConverged,
        },
        iterations: own.map_or(0, |certificate| certificate.iterations),
        passes: own.map_or(0, |certificate| certificate.passes),
        gradient_norm: certificates.map(|certificate| certificate.gradient_norm).fold(0.0, f64::max),
    }
}
