//! Trials of a lineage: its stages trained in order and measured.

use serde::{Deserialize, Serialize};

use super::check::check_fits;
use super::forest::{Forest, Grown, Origin};
use super::sets::LineageData;
use crate::experiment::certificate::Fitted;
use crate::experiment::pass::activations;
use crate::experiment::protocol::Protocol;
use crate::experiment::{ExperimentError, Work};
use crate::model::bayes::gaussian_tail;
use crate::model::lineage::{FixedTeacher, Lineage, ObservableKind as Kind, Stage};
use crate::model::{Imitation, Status};

/// What is measured on a trained stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// m = w·v/N.
    pub m: f64,
    /// q = |w|²/N.
    pub q: f64,
    /// Q = (1/N) Σ Δ_i w_i², the variance of h within a class on fresh samples.
    pub variance: f64,
    /// b.
    pub b: f64,
    /// ε_g = ρ H((m + b)/√Q) + (1 − ρ) H((m − b)/√Q), the error of this very classifier on fresh samples
    /// with clean labels. On given samples it rests on features that are Gaussian and uncorrelated.
    pub test_error: f64,
    /// The share of held-out samples that are misclassified, where samples were given and some were left.
    pub held_out_error: Option<f64>,
    /// w·w_j/N with each earlier stage j; absent for one that did not converge.
    pub cross_overlaps: Vec<Option<f64>>,
    /// w·u/N with the weights u of the independent teacher of the stage, if it has one.
    pub teacher_overlap: Option<f64>,
    /// That teacher as it was drawn.
    pub teacher: Option<FixedTeacher>,
    /// The mean of ℓ over the samples of the stage's data set, without the ridge. Under the square loss with
    /// mixed targets it is that of ½((1 − χ) y + χ t − h)².
    pub train_loss: f64,
    /// How far it is from its source on its samples, if it has one.
    pub imitation: Option<Imitation>,
}

/// One stage on one draw of the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageTrial {
    /// What was measured; absent without a certificate, or if w = 0 and b = 0.
    pub measured: Option<Measured>,
    /// How the fit ended. A stage whose source did not converge is not trained and has not converged either,
    /// nor has one whose hard targets are all the same and leave its bias without a finite optimum.
    pub status: Status,
    /// Newton steps, or products of conjugate gradients under the square loss.
    pub iterations: u32,
    /// Passes over the data.
    pub passes: u32,
    /// |∇L| at the end over |∇L| at the origin; under the hinge loss the duality gap over the primal value, and
    /// 0 for a closed form. Absent where there was no fit.
    pub residual: Option<f64>,
}

/// The stages of a lineage on one draw of the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LineageTrial {
    /// Which of the draws with these parameters.
    pub replicate: u32,
    /// N.
    pub n: usize,
    /// The seed of each data set.
    pub seeds: Vec<u64>,
    /// M_d, the number of samples of each data set.
    pub samples: Vec<usize>,
    /// One trial a stage, in order.
    pub stages: Vec<StageTrial>,
}

/// What became of several lineages on the same data.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// One trial a lineage.
    pub trials: Vec<LineageTrial>,
    /// What the logistic fits cost together.
    pub work: Work,
}

/// Draws the data sets of a lineage and trains its stages on them.
///
/// ```
/// use redistill_core::experiment::{Protocol, Sampling, lineage};
/// use redistill_core::model::{Lineage, Mixture};
///
/// let mixture = Mixture { alpha: 2.0, eta: 0.5, delta: 1.0, rho: 0.2 };
/// let student = Lineage::distilled(&mixture, 0.1, 0.0, 1e-3, 1.0, 1.0);
/// let protocol = Protocol { n: 100, sampling: Sampling::Stratified, seed: 1 };
/// let trial = lineage::run(&student, 0, &protocol, &|| false)?;
///
/// let [teacher, student] = [0, 1].map(|k| trial.stages[k].measured.clone().expect("converged"));
/// assert!(teacher.test_error < student.test_error);
/// assert!(student.cross_overlaps[0].is_some_and(|overlap| overlap > 0.0));
/// # Ok::<(), redistill_core::experiment::ExperimentError>(())
/// ```
///
/// # Errors
/// As [`LineageData::draw`] and [`run_on`].
pub fn run(
    lineage: &Lineage,
    replicate: u32,
    protocol: &Protocol,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<LineageTrial, ExperimentError> {
    lineage.validate()?;
    check_fits(&lineage.stages, protocol.n)?;
    let data = LineageData::draw(&lineage.data, replicate, protocol, stop)?;
    run_on(&data, &lineage.stages, stop)
}

/// Trains stages on data that are already there. A trial does not depend on what else is trained on them.
///
/// # Errors
/// A parameter out of its domain, a mask with fewer than two features, the logistic loss at λ = 0, or
/// [`ExperimentError::Interrupted`] soon after `stop` turns true.
pub fn run_on(
    data: &LineageData,
    stages: &[Stage],
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<LineageTrial, ExperimentError> {
    let mut trained = run_all_on(data, &[stages], stop)?;
    Ok(trained.trials.swap_remove(0))
}

/// Trains the stages of several lineages on the same data. A fit that several of them hold is done once.
///
/// # Errors
/// As [`run_on`].
pub fn run_all_on(
    data: &LineageData,
    lineages: &[&[Stage]],
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Trained, ExperimentError> {
    let n = data.protocol.n;
    let mut forest = Forest::default();
    let mut places = Vec::with_capacity(lineages.len());
    for stages in lineages {
        Lineage { data: data.description.clone(), stages: stages.to_vec() }.validate()?;
        check_fits(stages, n)?;
        places.push(forest.add(stages));
    }
    let grown = forest.grow(data, stop)?;
    let samples: Vec<usize> = data.sets.iter().map(|set| set.labels.len()).collect();
    let trials = (lineages.iter().zip(&places)).map(|(stages, places)| LineageTrial {
        replicate: data.replicate,
        n,
        seeds: data.seeds().collect(),
        samples: samples.clone(),
        stages: (0..stages.len()).map(|k| StageTrial::of(data, &stages[k], &grown, &places[..=k])).collect(),
    });
    Ok(Trained { trials: trials.collect(), work: grown.work })
}

impl StageTrial {
    /// Of a stage whose fit is the last of `places`, behind those of the stages before it.
    fn of(data: &LineageData, stage: &Stage, grown: &Grown, places: &[usize]) -> Self {
        let [earlier @ .., own] = places else { return Self::untrained() };
        let ended = &grown.ended[*own];
        let Some(fitted) = &ended.fitted else { return Self::untrained() };
        let measured = fitted.converged.then(|| Measured::of(data, stage, fitted, grown, (earlier, *own))).flatten();
        Self {
            status: match measured {
                Some(_) => Status::Converged,
                None if fitted.converged => Status::Undefined,
                None => Status::NotConverged,
            },
            measured,
            iterations: fitted.iterations,
            passes: fitted.passes,
            residual: Some(fitted.residual),
        }
    }

    /// Of a stage without targets to learn.
    fn untrained() -> Self {
        Self { measured: None, status: Status::NotConverged, iterations: 0, passes: 0, residual: None }
    }
}

impl Measured {
    /// Its value of an observable, if it has one; `source` is the index of the stage it learns from.
    #[must_use]
    pub fn value(&self, kind: Kind, source: Option<usize>) -> Option<f64> {
        match kind {
            Kind::TestError => Some(self.test_error),
            Kind::CentreOverlap => Some(self.m),
            Kind::Norm => Some(self.q),
            Kind::Variance => Some(self.variance),
            Kind::Bias => Some(self.b),
            Kind::SourceOverlap => self.cross_overlaps.get(source?).copied().flatten(),
            Kind::TeacherOverlap => self.teacher_overlap,
            Kind::TrainLoss => Some(self.train_loss),
            Kind::CrossEntropy => self.imitation.map(|imitation| imitation.cross_entropy),
            Kind::OutputMse => self.imitation.map(|imitation| imitation.output_mse),
            Kind::PreactivationMse => self.imitation.map(|imitation| imitation.preactivation_mse),
            Kind::HeldOutError => self.held_out_error,
            Kind::Susceptibility | Kind::CentreCosine | Kind::ScaledBias | Kind::Margin => None,
        }
    }

    /// None when w = 0 and b = 0, which classifies nothing.
    fn of(
        data: &LineageData,
        stage: &Stage,
        fitted: &Fitted,
        grown: &Grown,
        (earlier, own): (&[usize], usize),
    ) -> Option<Self> {
        let set = &data.sets[stage.data - 1].data;
        let (weights, b) = (&fitted.weights, fitted.bias);
        let n = data.protocol.n as f64;
        // a stage's other weights are 0
        let overlap = |other: &[f64]| weights.iter().zip(other).map(|(w, u)| w * u).sum::<f64>() / n;
        let m = weights.iter().zip(set.centre()).map(|(w, v)| w * v).sum::<f64>() / n;
        let variance = weights.iter().zip(&data.variances).map(|(w, variance)| variance * w * w).sum::<f64>() / n;
        let rho = data.description.rho;
        let width = variance.sqrt();
        let test_error = rho * gaussian_tail((m + b) / width) + (1.0 - rho) * gaussian_tail((m - b) / width);
        let ended = &grown.ended[own];
        let (teacher, source) = match grown.origins[own] {
            None => (None, None),
            Some(Origin::Teacher(place)) => {
                let teacher = &grown.teachers[place];
                (Some(teacher), Some(activations(set, &teacher.weights, teacher.bias)))
            }
            Some(Origin::Fit(place)) => {
                let source = &grown.ended[place];
                let told = source.converged().map(|fitted| match grown.sets[place] == stage.data {
                    true => source.activations.clone(),
                    false => activations(set, &fitted.weights, fitted.bias),
                });
                (None, told)
            }
        };
        let measured = Self {
            m,
            q: overlap(weights),
            variance,
            b,
            test_error,
            held_out_error: data.held_out.as_ref().and_then(|samples| samples.error(weights, b)),
            cross_overlaps: (earlier.iter())
                .map(|&place| grown.ended[place].converged().map(|other| overlap(&other.weights)))
                .collect(),
            teacher_overlap: teacher.map(|teacher| overlap(&teacher.weights)),
            teacher: teacher.map(|teacher| teacher.as_drawn(set.centre())),
            train_loss: ended.train_loss,
            imitation: source.map(|source| Imitation::measure(&ended.activations, &source)),
        };
        let finite = [m, measured.q, variance, b, test_error].iter().all(|x| x.is_finite());
        finite.then_some(measured)
    }
}
