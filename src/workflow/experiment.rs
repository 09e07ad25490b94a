//! Trials in a table: what was measured on each draw of the data.

use crate::experiment::lineage::LineageTrial;
use crate::model::{LearnerName, Lineage};
use crate::spec::Subject;
use crate::spec::kind;
use crate::table::{Cell, Rows, TableError};

use super::cells::{fixed_teacher_cells, observable_cells, parameter_cells, teacher_cells};

/// Appends trials of a lineage to an experiment table, as trials of a point of a curve.
///
/// # Errors
/// [`TableError`] only if the schema lacks a column named here.
pub fn append(
    table: &mut Rows,
    figure: &str,
    (curve, learner): (&str, Option<LearnerName>),
    x: f64,
    (lineage, trials): (&Lineage, &[LineageTrial]),
) -> Result<(), TableError> {
    let subject = Subject::Lineage(lineage.clone());
    let Some(last) = lineage.stages.len().checked_sub(1) else { return Ok(()) };
    for trial in trials {
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
