//! Who learns: a teacher, a student trained on labels, a student trained on a teacher's outputs.

use serde::{Deserialize, Serialize};

use super::domain::{CHI, DomainError, EPSILON, LAMBDA, TEACHER_LAMBDA, TEMPERATURE};
use super::{Loss, Mixture};

/// The variance given to the pre-activations of the Bayes-optimal proxy teacher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProxyVariance {
    /// Δ(1 + Δ/α), which the definition of the proxy (Eqs. 23–24) implies.
    Derived,
    /// |Δ(1 − Δ/α)|, as Eq. 112 is printed; kept so that the report can hold both against simulation.
    AsPrinted,
}

/// How the teacher of a distilled student came by its N weights.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TeacherKind {
    /// Ridge logistic regression on the student's own training set (Eqs. 1, 3, 4).
    Logistic {
        /// λ̃, ridge strength; > 0.
        lambda: f64,
        /// ε, label smoothing: y → y(1 − ε) + (1 − y)ε; in [0, ½].
        epsilon: f64,
    },
    /// The Bayes-optimal weights of an independent training set of the same size (Eqs. 23–24).
    BayesOptimalProxy {
        /// Which reading of Eq. 112 is used for the variance of its pre-activations.
        variance: ProxyVariance,
    },
    /// The Hebbian rule on the student's own training set (Eqs. 13–14).
    Hebbian,
}

/// What a distilled student is told: its ridge and the mix of hard and soft labels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Student {
    /// λ, ridge strength; > 0.
    pub lambda: f64,
    /// χ, the weight of the teacher's soft labels against the hard ones; in [0, 1].
    pub chi: f64,
    /// T, the temperature of the soft labels; > 0.
    pub temperature: f64,
}

/// A learner, apart from the data it sees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "learner", rename_all = "snake_case")]
pub enum Learner {
    /// Logistic regression on all N features.
    Teacher {
        /// λ̃, ridge strength; > 0.
        lambda: f64,
        /// ε, label smoothing.
        epsilon: f64,
    },
    /// Logistic regression on ηN features, from labels alone.
    Direct {
        /// λ, ridge strength; > 0.
        lambda: f64,
        /// ε, label smoothing.
        epsilon: f64,
    },
    /// A student on ηN features that imitates a teacher (Eqs. 1, 3, 4).
    Distilled {
        /// Its teacher.
        teacher: TeacherKind,
        /// Its own settings.
        student: Student,
    },
    /// The Bayes-optimal bound for a learner on all N features; closed form, no experiment.
    BayesTeacher,
    /// The Bayes-optimal bound for a learner on ηN features; closed form, no experiment.
    BayesStudent,
}

/// One point of the model: the data and who learns from it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// The data.
    pub mixture: Mixture,
    /// The learner.
    #[serde(flatten)]
    pub learner: Learner,
}

impl Learner {
    /// The learner's kind, in the words of `data/reference_points.csv`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Teacher { .. } => "teacher",
            Self::Direct { .. } => "direct",
            Self::Distilled { teacher: TeacherKind::Logistic { .. }, .. } => "distilled",
            Self::Distilled { teacher: TeacherKind::BayesOptimalProxy { .. }, .. } => "kd_bayes_optimal_proxy",
            Self::Distilled { teacher: TeacherKind::Hebbian, .. } => "kd_hebbian",
            Self::BayesTeacher => "bayes_teacher",
            Self::BayesStudent => "bayes_student",
        }
    }

    /// The loss of the learner's own training (Eqs. 1, 3, 4): sums over samples, no ½.
    #[must_use]
    pub fn loss(&self) -> Loss {
        match self {
            Self::Distilled { student, .. } => Loss::distillation(student.chi, student.temperature),
            _ => Loss::hard(),
        }
    }

    /// Checks every parameter against its domain.
    ///
    /// # Errors
    /// The first parameter out of range, with what would be valid.
    pub fn validate(&self) -> Result<(), DomainError> {
        match *self {
            Self::Teacher { lambda, epsilon } => TEACHER_LAMBDA.check(lambda).and(EPSILON.check(epsilon)),
            Self::Direct { lambda, epsilon } => LAMBDA.check(lambda).and(EPSILON.check(epsilon)),
            Self::Distilled { teacher, student } => {
                if let TeacherKind::Logistic { lambda, epsilon } = teacher {
                    TEACHER_LAMBDA.check(lambda).and(EPSILON.check(epsilon))?;
                }
                LAMBDA.check(student.lambda)?;
                CHI.check(student.chi)?;
                TEMPERATURE.check(student.temperature)
            }
            Self::BayesTeacher | Self::BayesStudent => Ok(()),
        }
    }
}

impl Setting {
    /// Checks the data and the learner.
    ///
    /// # Errors
    /// The first parameter out of range, with what would be valid.
    pub fn validate(&self) -> Result<(), DomainError> {
        self.mixture.validate()?;
        self.learner.validate()
    }
}
