//! The paper's learners: names for short lineages, and the bounds beside them.
//!
//! This is the only place that knows them one by one. Whatever is solved, trained or told of them goes by their
//! [`Lineage`].

use serde::{Deserialize, Serialize};

use super::domain::{CHI, DomainError, EPSILON, LAMBDA, TEACHER_LAMBDA, TEMPERATURE};
use super::{Lineage, Mixture};

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

/// The names of the learners.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LearnerName {
    /// Logistic regression on all features.
    Teacher,
    /// Logistic regression on the student's features, from labels.
    Direct,
    /// Student of a logistic teacher.
    Distilled,
    /// Student of the Bayes-optimal proxy teacher.
    KdBayes,
    /// Student of the Hebbian teacher on the same data.
    KdHebbian,
    /// The Bayes-optimal bound on all features, which nobody learns.
    BayesTeacher,
    /// The Bayes-optimal bound on the student's features, which nobody learns.
    BayesStudent,
}

/// What the learners can be told, in the words of figure files and flags.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LearnerParameters {
    /// λ̃.
    pub teacher_lambda: f64,
    /// ε of the labels that are learned from; of a distilled student's, only the teacher's are smoothed.
    pub epsilon: f64,
    /// λ.
    pub lambda: f64,
    /// χ.
    pub chi: f64,
    /// T.
    pub temperature: f64,
    /// Which reading of Eq. 112.
    pub variance: ProxyVariance,
}

impl Default for LearnerParameters {
    fn default() -> Self {
        Self {
            teacher_lambda: TEACHER_LAMBDA.usual(),
            epsilon: EPSILON.usual(),
            lambda: LAMBDA.usual(),
            chi: CHI.usual(),
            temperature: TEMPERATURE.usual(),
            variance: ProxyVariance::Derived,
        }
    }
}

impl LearnerName {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Teacher,
        Self::Direct,
        Self::Distilled,
        Self::KdBayes,
        Self::KdHebbian,
        Self::BayesTeacher,
        Self::BayesStudent,
    ];

    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Teacher => "teacher",
            Self::Direct => "direct",
            Self::Distilled => "distilled",
            Self::KdBayes => "kd-bayes",
            Self::KdHebbian => "kd-hebbian",
            Self::BayesTeacher => "bayes-teacher",
            Self::BayesStudent => "bayes-student",
        }
    }

    /// What it is, in a few words.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Teacher => "Logistic regression on all features",
            Self::Direct => "Logistic regression on the student's features",
            Self::Distilled => "Student of a logistic teacher",
            Self::KdBayes => "Student of the Bayes-optimal proxy teacher",
            Self::KdHebbian => "Student of the Hebbian teacher on the same data",
            Self::BayesTeacher => "The Bayes-optimal bound on all features: a closed form",
            Self::BayesStudent => "The Bayes-optimal bound on the student's features: a closed form",
        }
    }

    /// The parameters, apart from those of the data, that mean something to it. A teacher's own ridge is λ̃.
    #[must_use]
    pub fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Teacher => &["teacher_lambda", "epsilon"],
            Self::Direct => &["lambda", "epsilon"],
            Self::Distilled => &["teacher_lambda", "epsilon", "lambda", "chi", "temperature"],
            Self::KdBayes => &["lambda", "chi", "temperature", "variance"],
            Self::KdHebbian => &["lambda", "chi", "temperature"],
            Self::BayesTeacher | Self::BayesStudent => &[],
        }
    }

    /// True for a bound in closed form, which nobody learns.
    #[must_use]
    pub fn is_bound(self) -> bool {
        match self {
            Self::BayesTeacher | Self::BayesStudent => true,
            Self::Teacher | Self::Direct | Self::Distilled | Self::KdBayes | Self::KdHebbian => false,
        }
    }

    /// True for the learner whose own columns are those of a teacher.
    #[must_use]
    pub fn is_teacher(self) -> bool {
        self == Self::Teacher
    }

    /// True where the features are all there are, whatever η is.
    #[must_use]
    pub fn sees_all(self) -> bool {
        match self {
            Self::Teacher | Self::BayesTeacher => true,
            Self::Direct | Self::Distilled | Self::KdBayes | Self::KdHebbian | Self::BayesStudent => false,
        }
    }

    /// The learner with these parameters; those that mean nothing to it are not looked at.
    #[must_use]
    pub fn with(self, told: &LearnerParameters) -> Learner {
        let LearnerParameters { teacher_lambda, epsilon, lambda, chi, temperature, variance } = *told;
        let student = Student { lambda, chi, temperature };
        match self {
            Self::Teacher => Learner::Teacher { lambda: teacher_lambda, epsilon },
            Self::Direct => Learner::Direct { lambda, epsilon },
            Self::Distilled => {
                Learner::Distilled { teacher: TeacherKind::Logistic { lambda: teacher_lambda, epsilon }, student }
            }
            Self::KdBayes => Learner::Distilled { teacher: TeacherKind::BayesOptimalProxy { variance }, student },
            Self::KdHebbian => Learner::Distilled { teacher: TeacherKind::Hebbian, student },
            Self::BayesTeacher => Learner::BayesTeacher,
            Self::BayesStudent => Learner::BayesStudent,
        }
    }
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
    /// Its name.
    #[must_use]
    pub fn name(&self) -> LearnerName {
        match self {
            Self::Teacher { .. } => LearnerName::Teacher,
            Self::Direct { .. } => LearnerName::Direct,
            Self::Distilled { teacher: TeacherKind::Logistic { .. }, .. } => LearnerName::Distilled,
            Self::Distilled { teacher: TeacherKind::BayesOptimalProxy { .. }, .. } => LearnerName::KdBayes,
            Self::Distilled { teacher: TeacherKind::Hebbian, .. } => LearnerName::KdHebbian,
            Self::BayesTeacher => LearnerName::BayesTeacher,
            Self::BayesStudent => LearnerName::BayesStudent,
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
    /// The stages behind it; none for a bound, which nobody learns.
    #[must_use]
    pub fn lineage(&self) -> Option<Lineage> {
        let mixture = &self.mixture;
        Some(match self.learner {
            Learner::Teacher { lambda, epsilon } => Lineage::teacher(mixture, lambda, epsilon),
            Learner::Direct { lambda, epsilon } => Lineage::direct(mixture, lambda, epsilon),
            Learner::Distilled { teacher, student: Student { lambda, chi, temperature } } => match teacher {
                TeacherKind::Logistic { lambda: teacher_lambda, epsilon } => {
                    Lineage::distilled(mixture, teacher_lambda, epsilon, lambda, chi, temperature)
                }
                TeacherKind::BayesOptimalProxy { variance } => {
                    Lineage::kd_bayes(mixture, variance, lambda, chi, temperature)
                }
                TeacherKind::Hebbian => Lineage::kd_hebbian(mixture, lambda, chi, temperature),
            },
            Learner::BayesTeacher | Learner::BayesStudent => return None,
        })
    }

    /// The features that a bound sees: all of them, or a share η; none for a learner.
    #[must_use]
    pub fn bound(&self) -> Option<Mixture> {
        match self.learner {
            Learner::BayesTeacher => Some(self.mixture.all_features()),
            Learner::BayesStudent => Some(self.mixture),
            Learner::Teacher { .. } | Learner::Direct { .. } | Learner::Distilled { .. } => None,
        }
    }

    /// Checks the data and the learner.
    ///
    /// # Errors
    /// The first parameter out of range, with what would be valid.
    pub fn validate(&self) -> Result<(), DomainError> {
        self.mixture.validate()?;
        self.learner.validate()
    }
}
