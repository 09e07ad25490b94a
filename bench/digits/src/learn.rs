//! Teachers and students trained on a set of samples, and what comes of many such sets.

use ndarray::{Array2, ArrayView1};
use rayon::prelude::*;
use redistill::experiment::lineage::{Measured, Samples, run_on};
use redistill::experiment::{Protocol, Sampling, summarise};
use redistill::model::lineage::{Source, Spectrum, Stage};

use crate::Failure;

/// Ridges of the teachers, in units of the mean variance of a feature.
pub const TEACHERS: [f64; 2] = [0.1, 1.0];
/// The ridge of the students, in the same unit.
const STUDENT: f64 = 1e-3;
/// The students see the first principal axes.
const AXES: f64 = 40.0;
/// The stages of a lineage, as tables call them.
pub const STAGES: [&str; 2] = ["teacher", "student"];
/// The root seed of all draws.
pub const SEED: u64 = 1;

/// The two stages with a teacher of this ridge, the first of which is number `first` of its lineage.
pub fn stages(teacher: f64, variance: &[f64], first: usize) -> [Stage; 2] {
    let n = variance.len() as f64;
    let unit = unit(variance);
    let student = Stage::logistic(AXES / n, STUDENT * unit).soft(Source::Stage(first), 1.0, 1.0);
    [Stage::logistic(1.0, teacher * unit), student]
}

/// Δ, the mean variance of a feature.
pub fn unit(variance: &[f64]) -> f64 {
    variance.iter().sum::<f64>() / variance.len() as f64
}

/// The variances of given samples.
pub fn variances(samples: &Samples) -> Vec<f64> {
    match samples.data(&[1.0], 0.0).spectrum {
        Spectrum::Table { variance, .. } => variance,
        other => unreachable!("samples have a table, not {other:?}"),
    }
}

/// Means over one set of samples, for each teacher and its student at one α.
pub struct SetMeans {
    /// The share of the samples not trained on that is misclassified, and its standard error over the draws.
    pub error: Vec<(f64, f64)>,
    /// The error of the same classifiers if the noise were Gaussian with the pooled covariance.
    pub gaussian: Vec<(f64, f64)>,
}

/// Trains on `draws` different choices of αN samples of a set; `number` is that of the set.
pub fn on_set(x: &Array2<f64>, y: &[f64], alphas: &[f64], number: u32, draws: u32) -> Result<Vec<SetMeans>, Failure> {
    let samples = Samples::standardise(x.view(), ArrayView1::from(y))?;
    let variance = variances(&samples);
    let protocol = Protocol { n: variance.len(), sampling: Sampling::Stratified, seed: SEED };
    let all: Vec<Stage> =
        TEACHERS.iter().enumerate().flat_map(|(k, teacher)| stages(*teacher, &variance, 2 * k + 1)).collect();
    let at = |alpha: f64| {
        let replicates = number * draws..(number + 1) * draws;
        let trials: Vec<Vec<Measured>> = (replicates.into_par_iter())
            .map(|replicate| {
                let data = samples.draw(&[alpha], 0.0, replicate, &protocol, &|| false)?;
                let trial = run_on(&data, &all, &|| false)?;
                let measured = trial.stages.into_iter().map(|stage| stage.measured.ok_or("a fit did not converge"));
                Ok(measured.collect::<Result<_, _>>()?)
            })
            .collect::<Result<_, Failure>>()?;
        let over = |of: fn(&Measured) -> f64| -> Vec<(f64, f64)> {
            let stage = |k: usize| mean_and_error(&trials.iter().map(|trial| of(&trial[k])).collect::<Vec<f64>>());
            (0..all.len()).map(stage).collect()
        };
        let error = over(|measured| measured.held_out_error.unwrap_or(f64::NAN));
        Ok(SetMeans { error, gaussian: over(|measured| measured.test_error) })
    };
    alphas.iter().map(|alpha| at(*alpha)).collect()
}

/// Mean and standard error of at least two values.
pub fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let summary = summarise(values);
    (summary.mean.unwrap_or(f64::NAN), summary.standard_error.unwrap_or(f64::NAN))
}
