//! The paper's learners: names for short lineages, and the bounds beside them.
//!
//! This is the only place that knows them one by one. Whatever is solved, trained or told of them goes by their
//! [`Lineage`].

use serde::{Deserialize, Serialize};

use super::domain::{CHI, Domain, DomainError, EPSILON, LAMBDA, TEACHER_LAMBDA, TEMPERATURE};
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
        Self::of(Domain::usual, ProxyVariance::Derived)
    }
}

impl LearnerParameters {
    /// Those of which each number is told by its domain.
    pub fn of(mut number: impl FnMut(&Domain) -> f64, variance: ProxyVariance) -> Self {
        Self {
            teacher_lambda: number(&TEACHER_LAMBDA),
            epsilon: number(&EPSILON),
            lambda: number(&LAMBDA),
            chi: number(&CHI),
            temperature: number(&TEMPERATURE),
            variance,
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

    /// The learner with these parameters.
    #[must_use]
    pub fn with(self, told: &LearnerParameters) -> Learner {
        Learner { name: self, told: *told }
    }
}

/// Who learns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Learner {
    /// Its name.
    pub name: LearnerName,
    /// What it is told; what means nothing to it is not looked at.
    pub told: LearnerParameters,
}

/// One point of the model: the data and who learns from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// The data.
    pub mixture: Mixture,
    /// The learner.
    pub learner: Learner,
}

impl Learner {
    /// Checks every parameter against its domain.
    ///
    /// # Errors
    /// The first parameter out of range, with what would be valid.
    pub fn validate(&self) -> Result<(), DomainError> {
        let LearnerParameters { teacher_lambda, epsilon, lambda, chi, temperature, variance: _ } = self.told;
        let told = [
            (TEACHER_LAMBDA, teacher_lambda),
            (EPSILON, epsilon),
            (LAMBDA, lambda),
            (CHI, chi),
            (TEMPERATURE, temperature),
        ];
        let mut own = told.into_iter().filter(|(domain, _)| self.name.parameters().contains(&domain.parameter));
        own.try_for_each(|(domain, value)| domain.check(value))
    }
}

impl Setting {
    /// The stages behind it; none for a bound, which nobody learns.
    #[must_use]
    pub fn lineage(&self) -> Option<Lineage> {
        let Self { mixture, learner: Learner { name, told } } = self;
        let LearnerParameters { teacher_lambda, epsilon, lambda, chi, temperature, variance } = *told;
        Some(match name {
            LearnerName::Teacher => Lineage::teacher(mixture, teacher_lambda, epsilon),
            LearnerName::Direct => Lineage::direct(mixture, lambda, epsilon),
            LearnerName::Distilled => Lineage::distilled(mixture, teacher_lambda, epsilon, lambda, chi, temperature),
            LearnerName::KdBayes => Lineage::kd_bayes(mixture, variance, lambda, chi, temperature),
            LearnerName::KdHebbian => Lineage::kd_hebbian(mixture, lambda, chi, temperature),
            LearnerName::BayesTeacher | LearnerName::BayesStudent => return None,
        })
    }

    /// The features that a bound sees: all of them, or a share η; none for a learner.
    #[must_use]
    pub fn bound(&self) -> Option<Mixture> {
        let seen = if self.learner.name.sees_all() { self.mixture.all_features() } else { self.mixture };
        self.learner.name.is_bound().then_some(seen)
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
