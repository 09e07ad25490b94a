//! Lineages at finite N: every stage trained in order on data that all of them share.
//!
//! [`run`] draws the data sets of a [`Lineage`](crate::model::Lineage) and trains its stages; [`LineageData`]
//! keeps the data for several lineages, and can be taken from a table of [`Samples`]. Logistic fits end at a
//! relative gradient ([`GRADIENT_TOLERANCE`](super::GRADIENT_TOLERANCE)), square ones too, hinge fits at a
//! relative duality gap ([`GAP_TOLERANCE`](super::GAP_TOLERANCE)); the linear loss has a closed form.
//!
//! At λ = 0 the square loss is fitted in the limit λ → 0, which is the least norm. The logistic loss is
//! refused there: on data that can be separated it has no finite minimum.

mod check;
mod features;
mod forest;
mod loss;
mod samples;
mod sets;
mod train;
mod trial;

pub use crate::model::Status;
pub use check::check;
pub use features::discretised;
pub use samples::Samples;
pub use sets::{LineageData, set_seed};
pub use trial::{LineageTrial, Measured, StageTrial, Trained, run, run_all_on, run_on};
