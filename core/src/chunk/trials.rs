//! Trials of one lineage on some replicates; lineages that share their data are trained on it together.

use serde::{Deserialize, Serialize};

use super::{Failure, Kept, Solved};
use crate::experiment::lineage::{LineageData, LineageTrial, run_all_on};
use crate::experiment::{ExperimentError, Protocol, Work};
use crate::model::Lineage;
use crate::model::lineage::Stage;

/// The trials that are wanted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trials {
    /// What is trained.
    pub lineage: Lineage,
    /// Size, sampling and seed.
    pub protocol: Protocol,
    /// The first replicate, and one past the last.
    pub replicates: (u32, u32),
    /// Where the theory has tuned some parameters, whose values in `lineage` are placeholders then.
    pub tuned: Option<Tuned>,
}

/// Where tuned parameters are told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tuned {
    /// What the caller calls the chunk of theory that tells them.
    pub by: String,
    /// The place in it.
    pub x: f64,
}

/// Their outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trained {
    /// The lineage with its tuned parameters in place, if it has any.
    pub tuned: Option<Lineage>,
    /// One trial a replicate.
    pub trials: Vec<LineageTrial>,
}

impl Trials {
    /// What is trained, with the tuned parameters that a chunk of theory tells.
    fn lineage(&self, theory: Option<&[u8]>) -> Result<Option<Lineage>, Failure> {
        let Some(Tuned { by, x }) = &self.tuned else { return Ok(None) };
        let kept: Kept<Vec<Solved>> = rmp_serde::from_slice(theory.unwrap_or_default())?;
        let found = kept.answer.into_iter().find(|solved| solved.x == *x).and_then(|solved| solved.tuned);
        found.map(Some).ok_or_else(|| format!("{by} has no optimum at x = {x}").into())
    }
}

/// Trains every lineage on the replicates that all of them ask for, of the data they share; beside each stands the
/// chunk of theory that tells its tuned parameters, if it has any. Gives one outcome a lineage and what all cost; none
/// when `stop` turns true.
///
/// # Errors
/// Not all ask for the same data; no optimum is told; else as [`run_all_on`].
pub fn train(
    asked: &[(&Trials, Option<Vec<u8>>)],
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Option<(Vec<Trained>, Work)>, Failure> {
    let mut total = Work::default();
    let Some((first, _)) = asked.first() else { return Ok(Some((Vec::new(), total))) };
    let mut outcomes = Vec::with_capacity(asked.len());
    for (one, theory) in asked {
        outcomes.push(Trained { tuned: one.lineage(theory.as_deref())?, trials: Vec::new() });
    }
    let lineages = asked.iter().zip(&outcomes).map(|((one, _), own)| own.tuned.as_ref().unwrap_or(&one.lineage));
    let lineages: Vec<&Lineage> = lineages.collect();
    let data = &lineages[0].data;
    let shared = asked.iter().all(|(one, _)| (one.protocol, one.replicates) == (first.protocol, first.replicates));
    if !shared || lineages.iter().any(|lineage| lineage.data != *data) {
        return Err("trials that are trained together ask for different data".into());
    }
    let stages: Vec<&[Stage]> = lineages.iter().map(|lineage| &lineage.stages[..]).collect();
    let mut trials: Vec<Vec<LineageTrial>> = vec![Vec::new(); asked.len()];
    for replicate in first.replicates.0..first.replicates.1 {
        let drawn = LineageData::draw(data, replicate, &first.protocol, stop);
        let trained = match drawn.and_then(|drawn| run_all_on(&drawn, &stages, stop)) {
            Err(ExperimentError::Interrupted) => return Ok(None),
            other => other?,
        };
        total += trained.work;
        for (all, trial) in trials.iter_mut().zip(trained.trials) {
            all.push(trial);
        }
    }
    outcomes.iter_mut().zip(trials).for_each(|(own, trials)| own.trials = trials);
    Ok(Some((outcomes, total)))
}
