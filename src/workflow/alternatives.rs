//! The explanations of the errata, solved wherever print has a reading of the curve they are held against.

use crate::paper;
use crate::spec::{Curve, Figure};
use crate::verdict::{Alternative, Entry, Held, Printed, VerdictError, changed};

use super::Project;
use super::theory::Course;

/// One explanation on one printed curve.
#[derive(Debug, Clone)]
pub struct Trial<'a> {
    /// Id of its stage.
    pub stage: String,
    /// The erratum.
    pub entry: &'a Entry,
    /// The explanation.
    pub alternative: &'a Alternative,
    /// The printed curve.
    pub held: &'a Held,
    /// The figure it is in.
    pub figure: &'a Figure,
    /// The curve with the keys of the explanation.
    pub curve: Curve,
    /// What print has of it.
    pub printed: Printed,
}

impl Trial<'_> {
    /// Where its theory is wanted: at the readings, at the ends of their errors, and at our simulated points.
    #[must_use]
    fn places(&self) -> Vec<f64> {
        let mut places = self.printed.places();
        places.extend(paper::reading_ends(self.printed.vertices.iter()));
        places.extend(self.figure.experiment_x(&self.curve));
        places.retain(|&x| self.figure.point(&self.curve, x).is_ok());
        places.sort_by(f64::total_cmp);
        places.dedup();
        places
    }

    /// What is solved for it.
    #[must_use]
    pub fn course(&self, project: &Project) -> Course<'_> {
        Course::new(self.figure, &self.curve, self.places(), project.profile.n)
    }
}

/// Every explanation of every erratum whose figure is in the project, in the order of the errata.
///
/// # Errors
/// An explanation that changes a curve into none.
pub fn trials(project: &Project) -> Result<Vec<Trial<'_>>, VerdictError> {
    let mut trials = Vec::new();
    for entry in &project.ledger.errata {
        for (number, alternative) in entry.alternatives.iter().enumerate() {
            for (place, held) in alternative.held.iter().enumerate() {
                let Some(index) = project.figures.iter().position(|figure| figure.id == held.figure) else { continue };
                let figure = &project.figures[index];
                let curve = changed(entry, alternative, held, figure)?;
                let printed = Printed::of(held, project.vertices(index), project.printed_points(index));
                let stage = format!("alternative/{}/{number}.{place}", entry.id);
                trials.push(Trial { stage, entry, alternative, held, figure, curve, printed });
            }
        }
    }
    Ok(trials)
}
