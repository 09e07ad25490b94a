//! Trial chunks: learners that share their data are trained on it together.

use serde::{Deserialize, Serialize};

use crate::experiment::{ExperimentError, Trained, Trial, Work, run_trials};
use crate::model::{Learner, Mixture, Setting};
use crate::table::{Cell, Rows, TableError};

use super::Profile;
use super::theory::parameter_cells;

/// The trials of one setting on some replicates, as kept in the cache.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chunk {
    /// The setting, its ridge resolved.
    pub setting: Setting,
    /// One trial a replicate.
    pub trials: Vec<Trial>,
}

/// Trains every learner on the replicates `first..last` of its data; gives one chunk a learner and what all cost.
///
/// # Errors
/// As [`run_trials`].
pub fn train(
    mixture: &Mixture,
    learners: &[Learner],
    replicates: std::ops::Range<u32>,
    profile: &Profile,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<(Vec<Chunk>, Work), ExperimentError> {
    let chunk = |&learner: &Learner| Chunk { setting: Setting { mixture: *mixture, learner }, trials: Vec::new() };
    let mut chunks: Vec<Chunk> = learners.iter().map(chunk).collect();
    let mut total = Work::default();
    for replicate in replicates {
        let Trained { trials, work } = run_trials(mixture, learners, replicate, &profile.protocol(), stop)?;
        total += work;
        for (chunk, trial) in chunks.iter_mut().zip(trials) {
            chunk.trials.push(trial);
        }
    }
    Ok((chunks, total))
}

/// Appends the trials of a chunk to an experiment table, as trials of a point of a curve.
///
/// # Errors
/// [`TableError`] only if the schema lacks a column named here.
pub fn append(table: &mut Rows, figure: &str, curve: &str, x: f64, chunk: &Chunk) -> Result<(), TableError> {
    for trial in &chunk.trials {
        let seed = format!("{:016x}", trial.seed);
        let mut cells: Vec<(&str, Cell<'_>)> = vec![
            ("figure", figure.into()),
            ("curve", curve.into()),
            ("kind", chunk.setting.learner.kind().into()),
            ("x", x.into()),
            ("replicate", i64::from(trial.replicate).into()),
            ("seed", seed.as_str().into()),
            ("n", Cell::count(trial.n)),
            ("samples", Cell::count(trial.samples)),
            ("status", trial.status.name().into()),
            ("iterations", i64::from(trial.iterations).into()),
            ("gradient_norm", trial.gradient_norm.into()),
        ];
        cells.extend(parameter_cells(&chunk.setting));
        cells.extend(trial_cells(trial));
        table.push_row(&cells)?;
    }
    Ok(())
}

/// What was measured in a trial; nothing where it did not converge.
#[must_use]
pub fn trial_cells(trial: &Trial) -> Vec<(&'static str, Cell<'static>)> {
    let mut cells: Vec<(&'static str, Cell<'static>)> = Vec::new();
    if let Some(teacher) = trial.teacher {
        cells.extend([
            ("m_t", teacher.m.into()),
            ("q_t", teacher.q.into()),
            ("b_t", teacher.b.into()),
            ("eg_t", teacher.test_error.into()),
        ]);
    }
    if let Some(own) = trial.learner {
        cells.extend([("m", own.m.into()), ("q", own.q.into()), ("b", own.b.into()), ("eg", own.test_error.into())]);
    }
    if let Some(imitation) = trial.imitation {
        cells.extend([
            ("S", imitation.cross_overlap.into()),
            ("ce", imitation.cross_entropy.into()),
            ("mse_out", imitation.output_mse.into()),
            ("mse_pre", imitation.preactivation_mse.into()),
        ]);
    }
    cells
}
