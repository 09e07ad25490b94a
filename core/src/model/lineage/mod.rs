//! Who learns from whom: one description for every learner, a list of stages.
//!
//! A stage trains a linear classifier with a ridge on the first ηN features of one data set. Its targets are
//! the labels, or the outputs of an earlier stage or of a fixed teacher, soft or hard, or a mix of both.
//! The paper's learners are lineages of one or two stages (see [`Lineage::distilled`] and its siblings).
//!
//! | loss | g = −∂ℓ/∂h | notes |
//! |---|---|---|
//! | logistic, soft | (1−χ)(y_ε − σ(h)) + (χ/T)(σ(h_src/T) − σ(h/T)) | χ = 0: labels only |
//! | logistic, hard | (1−χ) y_ε + χ t − σ(h) | t = `1[h_src > 0]` at T = 0, σ(h_src/T) else |
//! | square, soft | (1−χ) y + χ h_src − h | y = ±1 |
//! | square, hard | (1−χ) y + χ (2t − 1) − h | y = ±1 |
//! | hinge | −∂ max(0, 1 − y h) | hard targets: y → 2t − 1 |
//! | linear | y | the Hebbian rule is λ = α; the bias is prescribed |
//!
//! A mix of targets is (1−χ) ℓ(h; y) + χ ℓ(h; source) under the logistic loss, where ℓ is the cross-entropy, for soft targets
//! that of σ(h_src/T) and σ(h/T); under the square loss it is ½(r − h)² of the mixed target r.
//! χ may lie outside [0, 1] where ℓ stays convex in h: everywhere under the square loss, with hard targets and at T = 1, else from
//! −T²/(1 − T²) to 1 at T < 1 and from 0 to T²/(T² − 1) at T > 1. The logistic loss has no lower bound there, and needs a ridge.
//! Losses are sums over the samples, without ½ except in the square loss; the ridge is (λ/2)|w|², and the
//! bias is never regularised.

mod address;
mod data;
mod descriptor;
mod loss;
mod named;
mod observable;
mod parameter;
mod parameters;
mod stage;
mod text;
mod validate;

pub use address::{Address, Named};
pub use data::{Block, Data, Signal, Spectrum};
pub use descriptor::{Descriptor, Home, Scale};
pub use loss::{Loss, LossLaw, Quadratic, TargetKind};
pub use observable::{
    Needs, OBSERVABLES, Observable, ObservableDescriptor, ObservableError, ObservableKind, TeacherColumn,
};
pub use parameter::{Parameter, ParameterError};
pub use parameters::DESCRIPTORS;
pub use stage::{FixedTeacher, Source, Stage, Targets};
pub use validate::{LineageError, Place};

use serde::{Deserialize, Serialize};

use crate::model::Mixture;

/// The data and the stages that learn from it, in order: a stage learns from earlier ones only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lineage {
    /// The distribution of the samples, and how many each data set has.
    pub data: Data,
    /// The stages; stage k of the text is `stages[k − 1]`.
    #[serde(rename = "stage")]
    pub stages: Vec<Stage>,
}

impl Lineage {
    /// The index in [`Lineage::stages`] of the stage that stage `index` learns from, if it learns from one.
    #[must_use]
    pub fn source(&self, index: usize) -> Option<usize> {
        match self.stages[index].targets.as_ref()?.source {
            Source::Stage(number) => Some(number - 1),
            Source::Teacher(_) => None,
        }
    }

    /// The fixed teacher that stage `index` learns from, if it learns from one.
    #[must_use]
    pub fn fixed_teacher(&self, index: usize) -> Option<FixedTeacher> {
        match self.stages[index].targets.as_ref()?.source {
            Source::Stage(_) => None,
            Source::Teacher(teacher) => Some(teacher),
        }
    }

    /// What of its data stage `index` sees, the spectrum apart.
    #[must_use]
    pub fn mixture(&self, index: usize) -> Mixture {
        let Data { alpha, delta, rho, .. } = &self.data;
        Mixture { alpha: alpha[self.set(index)], eta: self.stages[index].features, delta: *delta, rho: *rho }
    }

    /// The data set of stage `index`, as an index into [`Data::alpha`].
    #[must_use]
    pub fn set(&self, index: usize) -> usize {
        self.stages[index].data - 1
    }
}
