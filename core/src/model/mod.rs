//! The model both arms share: the data ([`Mixture`]), the learners ([`Learner`]), their loss
//! ([`LogisticLoss`]), the generalisation error and Bayes bounds ([`bayes`]) and the exact thresholds
//! ([`thresholds`]). What values a parameter may take is told by [`domain`] alone.

pub mod bayes;
pub mod domain;
mod imitation;
mod learner;
pub mod lineage;
mod loss;
mod mixture;
mod status;
pub mod thresholds;

pub use domain::DomainError;
pub use imitation::Imitation;
pub use learner::{Learner, LearnerName, LearnerParameters, ProxyVariance, Setting};
pub use lineage::Lineage;
pub use loss::{LogisticLoss, Target, logistic, logistic_slope, softplus};
pub use mixture::Mixture;
pub use status::Status;
