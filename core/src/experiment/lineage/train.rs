//! One learner: a stage trained by the method of its loss, or a teacher that is not trained.

use ndarray::{Array1, ArrayView1};
use ndarray_rand::RandomExt;
use ndarray_rand::rand_distr::StandardNormal;

use super::loss::TrainingLoss;
use super::sets::LineageData;
use crate::experiment::certificate::Fitted;
use crate::experiment::newton::Fit;
use crate::experiment::objective::Objective;
use crate::experiment::pass::combination;
use crate::experiment::protocol::{Sampling, teacher_stream};
use crate::experiment::sample::DataSet;
use crate::experiment::{ExperimentError, fit, hinge, least_squares};
use crate::model::lineage::{FixedTeacher, Stage};

/// ηN.
pub(super) fn features(stage: &Stage, n: usize) -> usize {
    (stage.features * n as f64).round() as usize
}

/// The fit of a logistic stage, from the origin.
pub(super) fn newton<'a>(objective: Objective<'a>, features: usize, stage: &Stage, n: usize) -> Fit<'a> {
    Fit::new(objective, stage.lambda, features, n).at_bias(stage.bias)
}

/// Minimises a training loss other than the logistic and the ridge by the method of the loss.
pub(super) fn train(
    data: &DataSet,
    features: usize,
    stage: &Stage,
    loss: &TrainingLoss<'_>,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Fitted, ExperimentError> {
    let Stage { lambda, bias, .. } = *stage;
    match loss {
        TrainingLoss::Logistic(objective) => {
            let mut fit = newton(objective.clone(), features, stage, data.centre().len());
            fit::run(data, features, vec![&mut fit], stop)?;
            Ok(fit.into())
        }
        TrainingLoss::Quadratic(law, targets) => match law.asked() {
            // A times ½(h − asked·τ)²
            Some(asked) => {
                let asked: Vec<f64> = targets.iter().map(|target| asked * target).collect();
                least_squares::train(data, &asked, features, lambda / law.curvature, bias, stop)
            }
            None => {
                let mut weights = combination(data, features, targets);
                weights.iter_mut().for_each(|w| *w = law.pull * *w / lambda);
                // validation asks for a bias where nothing holds one
                let bias = bias.unwrap_or_default();
                Ok(Fitted { weights, bias, converged: true, residual: 0.0, iterations: 0, passes: 1 })
            }
        },
        TrainingLoss::Hinge(labels) => hinge::train(data, labels, features, lambda, bias, stop),
    }
}

impl From<Fit<'_>> for Fitted {
    fn from(fit: Fit<'_>) -> Self {
        let certificate = fit.certificate();
        Self {
            weights: fit.weights().to_vec(),
            bias: fit.bias(),
            converged: certificate.converged,
            residual: certificate.gradient_norm,
            iterations: certificate.iterations,
            passes: certificate.passes,
        }
    }
}

/// The weights of a teacher that is independent of the data.
pub(super) struct FixedWeights {
    pub weights: Vec<f64>,
    pub bias: f64,
}

impl FixedWeights {
    /// w = m v + √(q − m²) ξ. Stratified data fix ξ·v = 0 and |ξ|² = N, so that m and q hold exactly.
    ///
    /// Teachers, counted from 0 in the order of the stages that they teach, are independent of each other.
    pub fn draw(teacher: FixedTeacher, data: &LineageData, number: usize) -> Self {
        let centre = data.sets[0].data.centre();
        let n = centre.len();
        let mut stream = teacher_stream(data.sets[0].data.seed(), number);
        let mut noise: Array1<f64> = Array1::random_using(n, StandardNormal, &mut stream);
        if data.protocol.sampling == Sampling::Stratified {
            let along = noise.dot(&centre) / centre.dot(&centre);
            noise.scaled_add(-along, &centre);
            noise *= (n as f64 / noise.dot(&noise)).sqrt();
        }
        let width = (teacher.q - teacher.m * teacher.m).sqrt();
        Self { weights: (noise * width + teacher.m * &centre).to_vec(), bias: teacher.b }
    }

    /// Its overlaps on this draw, with means along `centre`.
    pub fn as_drawn(&self, centre: ArrayView1<'_, f64>) -> FixedTeacher {
        let Self { weights, bias } = self;
        let n = weights.len() as f64;
        let m = weights.iter().zip(centre).map(|(w, v)| w * v).sum::<f64>() / n;
        FixedTeacher { m, q: weights.iter().map(|w| w * w).sum::<f64>() / n, b: *bias, variance: None }
    }
}
