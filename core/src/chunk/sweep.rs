//! Theory along a curve: every point solved from where the one before was found.

use serde::{Deserialize, Serialize};

use super::Failure;
use crate::experiment::lineage::discretised;
use crate::model::Lineage;
use crate::model::lineage::{Parameter, Spectrum};
use crate::theory::lineage::{LineageSolution, Optimum, Search, Status, Warm, optimal_ridge, solve_from};

/// One place of a curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The value on the x axis, by which its tuned lineage is found again.
    pub x: f64,
    /// What is solved there; the values of `optimal` are placeholders.
    pub lineage: Lineage,
    /// The parameters that together minimise the test error of the last stage.
    pub optimal: Vec<Parameter>,
}

/// The places of a curve, in the order in which they are solved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sweep {
    /// The places.
    pub places: Vec<Place>,
    /// The number of features whose spectrum is meant, where it is not isotropic.
    pub n: Option<usize>,
}

/// A solved place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Solved {
    /// The value on the x axis.
    pub x: f64,
    /// The lineage with its tuned parameters in place, if it has any.
    pub tuned: Option<Lineage>,
    /// Its solution.
    pub solution: LineageSolution,
}

impl Sweep {
    /// Solves every place; none when `stop`, which is asked between them, turns true.
    ///
    /// # Errors
    /// A parameter out of its domain.
    pub fn solve(&self, stop: impl Fn() -> bool) -> Result<Option<Vec<Solved>>, Failure> {
        let mut solved: Vec<Solved> = Vec::with_capacity(self.places.len());
        let mut warm = Warm::default();
        for (index, place) in self.places.iter().enumerate() {
            if stop() {
                return Ok(None);
            }
            let before = index.checked_sub(1).map(|before| (&self.places[before], &solved[before]));
            solved.push(match before {
                // a horizontal: the same lineage at every x
                Some((other, same)) if other.lineage == place.lineage => Solved { x: place.x, ..same.clone() },
                _ => solve_point(place, before.and_then(|(_, before)| before.tuned.as_ref()), self.n, &mut warm)?,
            });
        }
        Ok(Some(solved))
    }
}

/// Solves one place. A tuned one is searched from the `neighbour`'s optimum too.
///
/// # Errors
/// A parameter out of its domain.
pub fn solve_point(
    place: &Place,
    neighbour: Option<&Lineage>,
    n: Option<usize>,
    warm: &mut Warm,
) -> Result<Solved, Failure> {
    let lineage = as_drawn(&place.lineage, n);
    if place.optimal.is_empty() {
        return Ok(Solved { x: place.x, tuned: None, solution: solve_from(&lineage, warm)? });
    }
    let own_ridge: Parameter = OWN_RIDGE.parse()?;
    if let [parameter] = place.optimal[..]
        && parameter == own_ridge
    {
        let guess = neighbour.and_then(|neighbour| parameter.get(neighbour));
        let (ridge, solution) = optimal_ridge(&lineage, guess)?;
        let mut tuned = lineage;
        parameter.set(&mut tuned, ridge)?;
        return Ok(Solved { x: place.x, tuned: Some(tuned), solution });
    }
    let over: Vec<(Parameter, Option<(f64, f64)>)> = place.optimal.iter().map(|parameter| (*parameter, None)).collect();
    let search = Search::new(&lineage, &over, TEST_ERROR.parse()?)?;
    let near =
        neighbour.map(|neighbour| place.optimal.iter().filter_map(|one| one.get(neighbour)).collect::<Vec<f64>>());
    // a neighbour's optimum is a good place to begin, and the others see whether it is the best
    let starts = search.starts(if near.is_some() { FEW_STARTS } else { STARTS });
    let descents = search.descend_all(near.into_iter().chain(starts));
    let Optimum { lineage, mut solution, reason, .. } = search.conclude(descents)?;
    if let (Some(reason), Some(last)) = (reason, solution.stages.last_mut()) {
        (last.status, last.reason) = (Status::NotConverged, Some(format!("not certified to be the best: {reason}")));
    }
    Ok(Solved { x: place.x, tuned: Some(lineage), solution })
}

/// The ridge of the last stage, for which there is a search of its own, and what a joint search makes small.
const OWN_RIDGE: &str = "lambda";
const TEST_ERROR: &str = "eg";
/// Places that a joint search begins at, and besides a neighbour's optimum.
const STARTS: usize = 6;
const FEW_STARTS: usize = 2;

/// The lineage that is solved in place of one: with the spectrum of the N features that an experiment draws.
#[must_use]
pub fn as_drawn(lineage: &Lineage, n: Option<usize>) -> Lineage {
    let mut drawn = lineage.clone();
    match (&lineage.data.spectrum, n) {
        (Spectrum::Power { .. }, Some(n)) => drawn.data.spectrum = discretised(&lineage.data, n),
        (Spectrum::Power { .. }, None)
        | (Spectrum::Isotropic | Spectrum::Blocks(_) | Spectrum::File(_) | Spectrum::Table { .. }, _) => {}
    }
    drawn
}
