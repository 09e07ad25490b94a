//! What a solved stage is worth in every observable, and its averages over the samples.

use crate::model::lineage::{Observable, ObservableKind as Kind};
use crate::model::{Imitation, Lineage};

use super::recursion::Problem;
use super::solution::{LineageSolution, StageSolution};
use super::state::State;

/// Averages over the training samples of a stage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InSample {
    /// The mean of its loss, without the ridge; NaN without the feature `in-sample`.
    pub train_loss: f64,
    /// How near it comes to its source, if it has one and its averages are not in closed form.
    pub imitation: Option<Imitation>,
}

impl InSample {
    /// Where the samples have not been gone through.
    pub const NONE: Self = Self { train_loss: f64::NAN, imitation: None };

    /// Of a fixed point.
    pub(super) fn of(problem: &Problem<'_>, state: &State) -> Self {
        Self { train_loss: problem.mean_loss(state), imitation: problem.imitation(state) }
    }
}

impl Default for InSample {
    fn default() -> Self {
        Self::NONE
    }
}

impl StageSolution {
    /// Its value of an observable, if it has one; `source` is the index of the stage it learns from.
    #[must_use]
    pub fn value(&self, kind: Kind, source: Option<usize>) -> Option<f64> {
        let InSample { train_loss, imitation } = self.samples;
        let value = match kind {
            Kind::TestError => Some(self.eg),
            Kind::CentreOverlap => Some(self.m),
            Kind::Norm => Some(self.q),
            Kind::Variance => Some(self.variance),
            Kind::Bias => Some(self.b),
            Kind::Susceptibility => Some(self.v),
            Kind::SourceOverlap => self.s.get(source?).copied(),
            Kind::TeacherOverlap => self.teacher_overlap,
            Kind::TrainLoss => Some(train_loss),
            Kind::CrossEntropy => imitation.map(|imitation| imitation.cross_entropy),
            Kind::OutputMse => imitation.map(|imitation| imitation.output_mse),
            Kind::PreactivationMse => imitation.map(|imitation| imitation.preactivation_mse),
            Kind::HeldOutError => None,
            Kind::CentreCosine => self.margin.map(|margin| margin.m),
            Kind::ScaledBias => self.margin.map(|margin| margin.b),
            Kind::Margin => self.margin.map(|margin| margin.margin),
        };
        value.filter(|value| value.is_finite())
    }
}

impl Observable {
    /// Its value in the solution of a lineage, if it has one there.
    #[must_use]
    pub fn get(self, lineage: &Lineage, solution: &LineageSolution) -> Option<f64> {
        let index = self.stage(solution.stages.len())? - 1;
        solution.stages[index].value(self.kind, lineage.source(index))
    }
}
