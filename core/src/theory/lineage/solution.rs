//! What a solved lineage tells.

use serde::{Deserialize, Serialize};

use crate::model::lineage::{Observable, ObservableKind as Kind};
use crate::model::{Imitation, Lineage, Status};

/// Averages over the training samples of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct InSample {
    /// The mean of its loss, without the ridge; NaN without the feature `in-sample`.
    pub train_loss: f64,
    /// How near it comes to its source, if it has one and its averages are not in closed form.
    pub imitation: Option<Imitation>,
}

impl InSample {
    /// Where the samples have not been gone through.
    pub const NONE: Self = Self { train_loss: f64::NAN, imitation: None };
}

impl Default for InSample {
    fn default() -> Self {
        Self::NONE
    }
}

/// The order parameters of one stage, what they are made of, and how far to believe them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageSolution {
    /// m = w·v/N.
    pub m: f64,
    /// q = |w|²/N.
    pub q: f64,
    /// The variance of its field, Σ Δ_i w_i²/N.
    pub variance: f64,
    /// The bias.
    pub b: f64,
    /// V, the susceptibility of its field to its own samples.
    pub v: f64,
    /// ε_g, the test error.
    pub eg: f64,
    /// (1/N) Σ w_i w_ji with every earlier stage j.
    pub s: Vec<f64>,
    /// (1/N) Σ w_i u_i with the weights u of its fixed teacher, if it learns from one.
    pub teacher_overlap: Option<f64>,
    /// α E[dg/dω̃] with the field ω̃ of its fixed teacher, if it learns from one.
    pub teacher_response: Option<f64>,
    /// Its averages over its samples.
    pub samples: InSample,
    /// (1/N) Σ Δ_i w_i w_ji with every earlier stage, and its own last.
    pub overlaps: Vec<f64>,
    /// V_kj with every earlier stage, and its own last.
    pub susceptibilities: Vec<f64>,
    /// m̂ = α E[s g].
    pub m_hat: f64,
    /// q̂_j = α E[g g_j] with every earlier stage (0 on other data), and its own last.
    pub q_hat: Vec<f64>,
    /// κ = −α E[∂g/∂ω].
    pub kappa: f64,
    /// c_j = α E[dg/dω_j] for every earlier stage.
    pub c: Vec<f64>,
    /// The maximum margin, where λ = 0 separates the labels and m, q and b have no limit (NaN).
    pub margin: Option<Margin>,
    /// Whether to believe it.
    pub status: Status,
    /// Why not.
    pub reason: Option<String>,
    /// What a Newton step would still change of m, q, b, V, ε_g and the overlaps, relatively.
    pub residual: f64,
    /// A bound on the distance of every number told of the stage from its exact value, relative to the larger of |value|
    /// and 10⁻³ of its natural size, from two resolutions of the averages and from what a Newton step would still
    /// change:
    ///
    /// | numbers | natural size |
    /// |---|---|
    /// | q, variance, V, ε_g | none: the bound is relative |
    /// | m, b | √variance |
    /// | s_j, overlap Q_kj | √(q q_j), √(variance · variance_j) |
    /// | susceptibility V_kj | V |
    /// | training loss, imitation | 1 |
    ///
    /// Weights that no pre-activation feels beside b, √variance < 2⁻⁵² |b|, count as if they were that large.
    ///
    /// A converged stage has 10⁻⁶ at most in a lineage of up to three stages, 10⁻⁴ in one of four and 10⁻³ in a longer
    /// one. `core/tests/lineage_error.rs` holds it against finer resolutions.
    pub error: f64,
}

/// The direction a vanishing ridge leaves of weights that separate the labels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Margin {
    /// min y h/√q over the samples.
    pub margin: f64,
    /// m/√q.
    pub m: f64,
    /// b/√q.
    pub b: f64,
}

/// The solution of every stage.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LineageSolution {
    /// The stages, in order.
    pub stages: Vec<StageSolution>,
    /// Sweeps over the averages, of all stages at all resolutions.
    pub sweeps: usize,
}

impl LineageSolution {
    /// Converged if every stage is.
    #[must_use]
    pub fn status(&self) -> Status {
        match self.reason() {
            None => Status::Converged,
            Some(_) => Status::NotConverged,
        }
    }

    /// Why the first stage that did not converge did not.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.stages.iter().find_map(|stage| stage.reason.as_deref())
    }

    /// The largest error of a stage.
    #[must_use]
    pub fn error(&self) -> f64 {
        self.stages.iter().map(|stage| stage.error).fold(0.0, |a: f64, b| if b > a || b.is_nan() { b } else { a })
    }

    /// The last stage.
    #[must_use]
    pub fn last(&self) -> Option<&StageSolution> {
        self.stages.last()
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
