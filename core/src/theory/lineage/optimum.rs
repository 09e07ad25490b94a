//! What can be told of the minimum of an observable over some parameters: slope, curvature, bounds, and where other
//! starts led.

use crate::model::Lineage;
use crate::model::lineage::Scale;

use super::derivative::{Direction, derivatives};
use super::descent::{Descent, Here};
use super::jacobian::Jacobian;
use super::solution::LineageSolution;
use super::space::{OptimumError, Search, Searched};
use super::stencil::Derivative;

/// Curvature that the errors of slopes could make.
pub(super) const FLAT: f64 = 3e-7;
/// A rise of the observable that counts as one where the width of a minimum is told.
pub const RISE: f64 = 1e-6;
/// Gain of a Newton step, relative to the observable, that a certified minimum does not leave.
pub(super) const LEFT: f64 = 1e-8;

/// The observable where one parameter stands at a bound.
#[derive(Debug, Clone, Copy)]
pub(super) struct AtBound {
    /// Which parameter.
    pub place: usize,
    pub end: f64,
    pub value: f64,
    pub error: f64,
}

/// The end of the way down.
pub(super) struct Polished {
    pub here: Here,
    /// The second derivatives over what no bound holds; none where beside it nothing is solved.
    pub hessian: Option<Vec<Vec<f64>>>,
    /// Their eigenvalues and eigenvectors, ascending.
    pub spectrum: Vec<(f64, Vec<f64>)>,
    /// The gain that a Newton step would still promise.
    pub left: f64,
}

/// Which bound a parameter stands at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The least value.
    Lower,
    /// The largest.
    Upper,
}

/// What is told of one parameter at a minimum.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The parameter and its bounds.
    pub searched: Searched,
    /// Its value.
    pub value: f64,
    /// The derivative of the observable in it.
    pub slope: Option<Derivative>,
    /// The bound it stands at, if it does.
    pub bound: Option<Bound>,
    /// How far it can move, the others following, before the observable has risen by [`RISE`]: a factor for a parameter
    /// that is searched by its logarithm, a difference for others. None at a bound or where that is not known.
    pub width: Option<f64>,
}

/// A minimum with its certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct Optimum {
    /// The lineage there.
    pub lineage: Lineage,
    /// Its solution.
    pub solution: LineageSolution,
    /// The observable, and its error.
    pub value: f64,
    /// Of the observable.
    pub error: f64,
    /// The parameters.
    pub parameters: Vec<Found>,
    /// The eigenvalues of the second derivatives over the parameters that stand at no bound, ascending, in the scales
    /// searched in: logarithms, of the odds for a parameter with a finite domain.
    pub curvature: Vec<f64>,
    /// The gain that a Newton step over those would still promise.
    pub left: f64,
    /// Where every start led, the lowest first.
    pub descents: Vec<Descent>,
    /// Why it is not certified to be a minimum, if it is not.
    pub reason: Option<String>,
    /// What a reader should know: bounds, flat directions, starts that led elsewhere.
    pub notes: Vec<String>,
}

impl Search {
    /// What is told of the best place found.
    pub(super) fn certify(
        &self,
        Polished { here, hessian, spectrum, left }: Polished,
        descents: Vec<Descent>,
        at_bounds: &[AtBound],
    ) -> Result<Optimum, OptimumError> {
        let values = self.values(&here.u);
        let lineage =
            self.at(&values).ok_or(OptimumError::Unsolved { reason: "its values do not go together".to_owned() })?;
        let slopes = {
            let directions = self.over.iter().filter_map(|over| Direction::of(&lineage, over.parameter));
            derivatives(&lineage, &directions.collect::<Vec<Direction>>(), &[self.minimised])?
        };
        let solution = slopes.solution;
        let value = self.minimised.get(&lineage, &solution).unwrap_or(here.value);
        let error = solution.error() * value.abs();
        let (free, held) = (self.free(&here), self.held(&here));
        let inverse = hessian
            .as_ref()
            .filter(|_| spectrum.first().is_some_and(|(least, _)| *least > FLAT))
            .and_then(|hessian| Jacobian::factorise(hessian.clone()));
        let width = |i: usize| {
            let place = free.iter().position(|&j| j == i)?;
            let mut unit = vec![0.0; free.len()];
            unit[place] = 1.0;
            let along = libm::sqrt(2.0 * RISE * inverse.as_ref()?.solve(&unit)[place].max(0.0));
            Some(match self.over[i].parameter.descriptor().scale {
                Scale::Log => libm::exp(along),
                Scale::Linear => along * self.over[i].rate(values[i]),
            })
        };
        let bound = |i: usize| match (held[i], here.slope[i] > 0.0) {
            (false, _) => None,
            (true, true) => Some(Bound::Lower),
            (true, false) => Some(Bound::Upper),
        };
        let parameters: Vec<Found> = (0..values.len())
            .map(|i| Found {
                searched: self.over[i],
                value: values[i],
                slope: slopes.values.get(i).and_then(|row| row[0]),
                bound: bound(i),
                width: width(i),
            })
            .collect();
        let mut notes = self.about_bounds(&parameters, at_bounds, value);
        notes.extend(self.about_flatness(&free, &spectrum));
        let reason = if hessian.is_none() {
            Some("beside it the lineage has no certified solution".to_owned())
        } else if let Some((least, _)) = spectrum.first().filter(|(least, _)| *least < -FLAT) {
            Some(format!("{} bends downwards beside it, with a curvature of {least:.1e}", self.minimised))
        } else if free.is_empty() || left <= LEFT * value.abs() {
            None
        } else {
            Some(format!("a Newton step would still gain {left:.1e}"))
        };
        let curvature = spectrum.into_iter().map(|(value, _)| value).collect();
        let left = if free.is_empty() { 0.0 } else { left };
        Ok(Optimum { lineage, solution, value, error, parameters, curvature, left, descents, reason, notes })
    }

    /// What the bounds have to do with it: parameters that stand at one, or might as well.
    fn about_bounds(&self, parameters: &[Found], at_bounds: &[AtBound], value: f64) -> Vec<String> {
        let name = self.minimised;
        let held = parameters.iter().filter_map(|found| {
            let Searched { parameter, least, most } = found.searched;
            let (which, end) = match found.bound? {
                Bound::Lower => ("lower", least),
                Bound::Upper => ("upper", most),
            };
            Some(format!("{parameter} stands at its {which} bound {end}, beyond which {name} would still fall"))
        });
        let mut notes: Vec<String> = held.collect();
        for &AtBound { place: i, end, value: there, error } in at_bounds {
            let Found { searched: Searched { parameter, .. }, bound, .. } = &parameters[i];
            let rise = there - value;
            if rise < -2.0 * error {
                notes.push(format!("{name} is lower by {:.1e} at {parameter} = {end}: this minimum is local", -rise));
            } else if rise < RISE && bound.is_none() {
                notes.push(format!("up to its bound {parameter} = {end} {name} rises by {:.1e} only", rise.max(0.0)));
            }
        }
        notes
    }

    /// Directions in which the observable does not tell values apart.
    fn about_flatness(&self, free: &[usize], spectrum: &[(f64, Vec<f64>)]) -> Vec<String> {
        let flat = spectrum.iter().filter(|(value, _)| value.abs() <= FLAT);
        flat.map(|(value, vector)| {
            let parts = free.iter().zip(vector).filter(|(_, part)| part.abs() > 0.1);
            let names: Vec<String> = parts.map(|(&i, _)| self.over[i].parameter.to_string()).collect();
            format!("{} does not depend on {} here: the curvature is {value:.1e}", self.minimised, names.join(" with "))
        })
        .collect()
    }
}
