//! Trial chunks: learners that share their data are trained on it together.

use serde::{Deserialize, Serialize};

use crate::experiment::lineage::{LineageData, LineageTrial, run_all_on};
use crate::experiment::{ExperimentError, Work};
use crate::model::lineage::{Data, Stage};
use crate::model::{LearnerName, Lineage};
use crate::spec::Subject;
use crate::spec::points::kind;
use crate::table::{Cell, Rows, TableError};

use super::Profile;
use super::cells::{fixed_teacher_cells, observable_cells, parameter_cells, teacher_cells};

/// The trials of one lineage on some replicates, as kept in the cache.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chunk {
    /// The lineage, its tuned parameters in place.
    pub lineage: Lineage,
    /// One trial a replicate.
    pub trials: Vec<LineageTrial>,
}

/// Trains every lineage on the replicates `first..last` of the data they share; gives one chunk a lineage and what all
/// cost.
///
/// # Errors
/// As [`run_all_on`].
pub fn train(
    data: &Data,
    lineages: Vec<Lineage>,
    replicates: std::ops::Range<u32>,
    profile: &Profile,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<(Vec<Chunk>, Work), ExperimentError> {
    let mut trials: Vec<Vec<LineageTrial>> = vec![Vec::new(); lineages.len()];
    let stages: Vec<&[Stage]> = lineages.iter().map(|lineage| &lineage.stages[..]).collect();
    let mut total = Work::default();
    for replicate in replicates {
        let drawn = LineageData::draw(data, replicate, &profile.protocol(), stop)?;
        let trained = run_all_on(&drawn, &stages, stop)?;
        total += trained.work;
        for (all, trial) in trials.iter_mut().zip(trained.trials) {
            all.push(trial);
        }
    }
    let chunks = lineages.into_iter().zip(trials).map(|(lineage, trials)| Chunk { lineage, trials });
    Ok((chunks.collect(), total))
}

/// Appends the trials of a chunk to an experiment table, as trials of a point of a curve.
///
/// # Errors
/// [`TableError`] only if the schema lacks a column named here.
pub fn append(
    table: &mut Rows,
    figure: &str,
    (curve, learner): (&str, Option<LearnerName>),
    x: f64,
    chunk: &Chunk,
) -> Result<(), TableError> {
    let lineage = &chunk.lineage;
    let subject = Subject::Lineage(lineage.clone());
    let Some(last) = lineage.stages.len().checked_sub(1) else { return Ok(()) };
    for trial in &chunk.trials {
        let set = lineage.set(last);
        let seed = format!("{:016x}", trial.seeds[set]);
        let own = &trial.stages[last];
        let behind = lineage.source(last).and_then(|source| trial.stages[source].residual);
        let mut cells: Vec<(&str, Cell<'_>)> = vec![
            ("figure", figure.into()),
            ("curve", curve.into()),
            ("kind", kind(learner).into()),
            ("x", x.into()),
            ("replicate", i64::from(trial.replicate).into()),
            ("seed", seed.as_str().into()),
            ("n", Cell::count(trial.n)),
            ("samples", Cell::count(trial.samples[set])),
            ("status", own.status.name().into()),
            ("iterations", i64::from(own.iterations).into()),
            ("gradient_norm", own.residual.map(|own| own.max(behind.unwrap_or(0.0))).into()),
        ];
        cells.extend(parameter_cells(learner, &subject));
        cells.extend(trial_cells(learner, lineage, trial));
        table.push_row(&cells)?;
    }
    Ok(())
}

/// What was measured in a trial; nothing where it did not converge. For a teacher the learner's own columns repeat the
/// teacher's.
#[must_use]
fn trial_cells(
    learner: Option<LearnerName>,
    lineage: &Lineage,
    trial: &LineageTrial,
) -> Vec<(&'static str, Cell<'static>)> {
    let mut cells: Vec<(&'static str, Cell<'static>)> = Vec::new();
    let Some(last) = lineage.stages.len().checked_sub(1) else { return cells };
    let is_teacher = learner.is_some_and(LearnerName::is_teacher);
    let source = if is_teacher { Some(last) } else { lineage.source(last) };
    if let Some(teacher) = source.and_then(|source| trial.stages[source].measured.as_ref()) {
        cells.extend(teacher_cells(|kind| teacher.value(kind, None)));
    }
    let Some(own) = &trial.stages[last].measured else { return cells };
    cells.extend(observable_cells(|kind| own.value(kind, lineage.source(last))));
    cells.extend(own.teacher.iter().flat_map(|teacher| fixed_teacher_cells(teacher, &lineage.mixture(last))));
    cells
}
