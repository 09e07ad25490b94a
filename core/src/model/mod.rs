//! The model both arms share: the data ([`Mixture`]), the learners ([`Learner`]), their loss
//! ([`Loss`]), the generalisation error and Bayes bounds ([`bayes`]) and the exact thresholds

pub mod bayes;
mod learner;
pub mod lineage;
mod loss;
mod mixture;
pub mod thresholds;

pub use learner::{Learner, ProxyVariance, Setting, Student, TeacherKind};
pub use lineage::Lineage;
pub use loss::{Loss, Target, logistic, logistic_slope, softplus};
pub use mixture::{DomainError, Mixture};
