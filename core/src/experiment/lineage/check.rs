//! Whether an experiment can have an outcome, told before anything is drawn.

use super::features::check_size;
use super::sets::{observed, set_seed};
use super::train::features;
use crate::experiment::ExperimentError;
use crate::experiment::protocol::Protocol;
use crate::experiment::sample::{both_classes, classes, count};
use crate::model::lineage::{Lineage, Stage};

/// Samples of the smaller class beyond which no draw lacks a class; below, the labels are drawn to see.
const SURE: f64 = 100.0;

/// Refuses a lineage that no data of this protocol can train: too few features for a stage, no ridge where there must
/// be one, a table of another size, or a replicate whose samples are all of one class.
///
/// # Errors
/// As [`run`](super::run) of the first replicate that would fail, without a data matrix.
pub fn check(lineage: &Lineage, replicates: u32, protocol: &Protocol) -> Result<(), ExperimentError> {
    lineage.validate()?;
    let Protocol { n, sampling, .. } = *protocol;
    check_fits(&lineage.stages, n)?;
    let data = &lineage.data;
    check_size(&data.spectrum, n)?;
    for (set, &alpha) in data.alpha.iter().enumerate() {
        let m = count(alpha, n);
        if m as f64 * data.rho.min(1.0 - data.rho) > SURE {
            continue;
        }
        for replicate in 0..replicates {
            let seed = set_seed(data, set, replicate, protocol);
            let signs = classes(m, data.rho, sampling, seed);
            both_classes(signs.view())?;
            observed(signs.view(), data.label_noise, sampling, seed)?;
        }
    }
    Ok(())
}

/// Refuses stages that have too few features at this N, or no minimum.
pub(super) fn check_fits(stages: &[Stage], n: usize) -> Result<(), ExperimentError> {
    for (i, stage) in stages.iter().enumerate() {
        let features = features(stage, n);
        if features < 2 {
            return Err(ExperimentError::Features { n, features });
        }
        if stage.loss.quadratic().is_none() && stage.lambda == 0.0 {
            return Err(ExperimentError::NoRidge { stage: i + 1 });
        }
    }
    Ok(())
}
