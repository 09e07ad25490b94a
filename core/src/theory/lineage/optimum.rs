//! The minimum of an observable over some parameters, with what can be told of it: slope, curvature, bounds, and
//! where other starts led.

use crate::model::Lineage;
use crate::model::lineage::{Observable, Parameter, Scale};
use crate::numerics::eigen;

use super::derivative::{Direction, Fineness, derivatives};
use super::descent::{Descent, Here, dot};
use super::jacobian::Jacobian;
use super::solution::LineageSolution;
use super::solver::{Warm, solve};
use super::space::{OptimumError, Search, Searched};
use super::stencil::Derivative;

/// Curvature that the errors of slopes could make.
pub(super) const FLAT: f64 = 3e-7;
/// A rise of the observable that counts as one where the width of a minimum is told.
pub const RISE: f64 = 1e-6;
/// Gain of a Newton step, relative to the observable, that a certified minimum does not leave.
const LEFT: f64 = 1e-8;
/// Places on the way to a bound where the observable is looked at if it is lower there.
const ON_THE_WAY: [f64; 4] = [0.25, 0.5, 0.75, 1.0];
/// A descent that a sketch leaves this near to the lowest, relative to it, could be the best.
const CONTENDER: f64 = 1e-4;
/// Coordinates that are this near are one place to go down from.
const ONE_PLACE: f64 = 0.1;
/// Newton steps after the descent.
const MOST_POLISHING: usize = 3;

/// The observable where one parameter stands at a bound.
#[derive(Debug, Clone, Copy)]
struct AtBound {
    /// Which parameter.
    place: usize,
    end: f64,
    value: f64,
    error: f64,
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
    /// The best of some descents, with its certificate.
    ///
    /// # Errors
    /// None of them led to a solution.
    pub fn conclude(&self, mut descents: Vec<Descent>) -> Result<Optimum, OptimumError> {
        descents = self.ended(descents);
        let mut at_bounds = descents.first().map_or_else(Vec::new, |best| self.at_bounds(&best.values));
        if let Some(lower) = descents.first().and_then(|best| self.lower_towards_a_bound(best, &at_bounds)) {
            descents.push(self.go_down(&lower, Fineness::Certified));
            descents.sort_by(|a, b| a.value.total_cmp(&b.value));
            at_bounds = self.at_bounds(&descents[0].values);
        }
        let unsolved = |reason: &str| OptimumError::Unsolved { reason: reason.to_owned() };
        let best = descents.first().ok_or_else(|| unsolved("there is none"))?;
        let mut warm = Warm::default();
        let Some(mut here) = self.ask(self.coordinates(&best.values), &mut warm, Fineness::Certified) else {
            let lineage = self.at(&best.values).ok_or_else(|| unsolved("its values do not go together"))?;
            let solution = solve(&lineage)?;
            return Err(unsolved(solution.reason().unwrap_or("its derivatives cannot be had")));
        };
        here = self.ask(self.snapped(&here), &mut warm, Fineness::Certified).unwrap_or(here);
        let mut hessian = self.hessian(&here, &mut warm, Fineness::Certified);
        let mut left = f64::INFINITY;
        for _ in 0..MOST_POLISHING {
            let Some((step, gain)) = self.newton(&here, hessian.as_ref()) else { break };
            left = gain;
            if gain <= LEFT * 1e-2 * here.value.abs() {
                break;
            }
            let u: Vec<f64> = here.u.iter().zip(&step).map(|(u, step)| u + step).collect();
            let inside = u.iter().zip(self.ends()).all(|(u, (least, most))| *u >= least && *u <= most);
            match self.ask(u, &mut warm, Fineness::Certified).filter(|there| inside && there.value <= here.value) {
                Some(there) => here = there,
                None => break,
            }
            hessian = self.hessian(&here, &mut warm, Fineness::Certified);
            left = self.newton(&here, hessian.as_ref()).map_or(f64::INFINITY, |(_, gain)| gain);
        }
        self.certify(&here, hessian, left, descents, &at_bounds)
    }

    /// Descents that could be the best gone down to the end by certified solutions, the lowest first; of those that had come
    /// to one place, one goes on for all.
    fn ended(&self, mut descents: Vec<Descent>) -> Vec<Descent> {
        descents.sort_by(|a, b| a.value.total_cmp(&b.value));
        let least = descents.first().map_or(f64::INFINITY, |best| best.value);
        let mut places: Vec<(Vec<f64>, Descent)> = Vec::new();
        for descent in descents.iter_mut().filter(|descent| descent.value <= least + CONTENDER * least.abs()) {
            let u = self.coordinates(&descent.values);
            let apart = |other: &[f64]| u.iter().zip(other).fold(0.0f64, |most, (a, b)| most.max((a - b).abs()));
            let ended = match places.iter().find(|(place, _)| apart(place) <= ONE_PLACE) {
                Some((_, ended)) => ended.clone(),
                None => self.go_down(&descent.values, Fineness::Certified),
            };
            let evaluations = descent.evaluations + ended.evaluations;
            *descent = Descent { start: descent.start.clone(), evaluations, ..ended.clone() };
            places.push((u, Descent { evaluations: 0, ..ended }));
        }
        descents.sort_by(|a, b| a.value.total_cmp(&b.value));
        descents
    }

    /// The Newton step over what no bound holds and the gain it promises, where the observable bends upwards.
    fn newton(&self, here: &Here, hessian: Option<&Vec<Vec<f64>>>) -> Option<(Vec<f64>, f64)> {
        let (free, hessian) = (self.free(here), hessian?);
        let slope: Vec<f64> = free.iter().map(|&i| here.slope[i]).collect();
        let mut step = vec![0.0; here.u.len()];
        let mut gain = 0.0;
        for (value, vector) in eigen(hessian) {
            if value < -FLAT {
                return None;
            }
            let along = dot(&slope, &vector);
            gain += 0.5 * along * along / value.max(FLAT);
            free.iter().zip(&vector).for_each(|(&i, part)| step[i] -= along / value.max(FLAT) * part);
        }
        Some((step, gain))
    }

    fn certify(
        &self,
        here: &Here,
        hessian: Option<Vec<Vec<f64>>>,
        left: f64,
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
        let (free, held) = (self.free(here), self.held(here));
        let spectrum = hessian.as_ref().map_or_else(Vec::new, |hessian| eigen(hessian));
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
        let reason = match spectrum.first() {
            _ if hessian.is_none() => Some("beside it the lineage has no certified solution".to_owned()),
            Some((least, _)) if *least < -FLAT => {
                Some(format!("it is no minimum: along one direction the curvature is {least:.1e}"))
            }
            _ if free.is_empty() || left <= LEFT * value.abs() => None,
            _ => Some(format!("a Newton step would still gain {left:.1e}")),
        };
        let curvature = spectrum.into_iter().map(|(value, _)| value).collect();
        let left = if free.is_empty() { 0.0 } else { left };
        Ok(Optimum { lineage, solution, value, error, parameters, curvature, left, descents, reason, notes })
    }

    /// The observable at some values, and its error, if they have a certified solution.
    pub(super) fn value_at(&self, values: &[f64]) -> Option<(f64, f64)> {
        let lineage = self.at(values)?;
        let solution = solve(&lineage).ok().filter(|solution| solution.reason().is_none())?;
        let value = self.minimised.get(&lineage, &solution)?;
        Some((value, solution.error() * value.abs()))
    }

    /// The observable with one parameter moved to each of its bounds.
    fn at_bounds(&self, values: &[f64]) -> Vec<AtBound> {
        let ends = self.over.iter().enumerate().flat_map(|(i, over)| [(i, over.least), (i, over.most)]);
        let there = ends.filter(|&(i, end)| values[i] != end).filter_map(|(i, end)| {
            let mut moved = values.to_vec();
            moved[i] = end;
            self.value_at(&moved).map(|(value, error)| AtBound { place: i, end, value, error })
        });
        there.collect()
    }

    /// Values on the way to a bound, or there, where the observable is lower than where a descent ended.
    fn lower_towards_a_bound(&self, best: &Descent, at_bounds: &[AtBound]) -> Option<Vec<f64>> {
        let lower = at_bounds.iter().filter(|there| there.value < best.value - 2.0 * there.error);
        let AtBound { place: i, end, value: at_end, .. } = *lower.min_by(|a, b| a.value.total_cmp(&b.value))?;
        let here = self.coordinates(&best.values);
        let mut there = best.values.clone();
        there[i] = end;
        let there = self.coordinates(&there);
        let on_the_way = ON_THE_WAY.map(|share| {
            let u: Vec<f64> = here.iter().zip(&there).map(|(a, b)| a + share * (b - a)).collect();
            let values = self.values(&u);
            let value =
                if share == 1.0 { at_end } else { self.value_at(&values).map_or(f64::INFINITY, |(value, _)| value) };
            (value, values)
        });
        on_the_way.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, values)| values)
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

/// The minimum of an observable over some parameters of a lineage, each between its bounds where they are given, from
/// `starts` starts: first the values that the lineage has, which a caller sets to a guess.
///
/// ```
/// use redistill_core::model::{Lineage, Mixture};
/// use redistill_core::theory::lineage::optimise;
///
/// let mixture = Mixture { alpha: 2.0, eta: 0.5, delta: 1.0, rho: 0.2 };
/// let lineage = Lineage::direct(&mixture, 0.1, 0.0);
/// let ridge = "lambda".parse().unwrap();
/// let best = optimise(&lineage, &[(ridge, Some((1e-3, 1e2)))], "eg".parse().unwrap(), 1).unwrap();
/// assert!(best.reason.is_none() && best.curvature[0] > 0.0);
/// assert!(best.parameters[0].slope.unwrap().value.abs() < 1e-6);
/// ```
///
/// # Errors
/// See [`Search::new`]; or no start led to a solution.
pub fn optimise(
    lineage: &Lineage,
    over: &[(Parameter, Option<(f64, f64)>)],
    minimised: Observable,
    starts: usize,
) -> Result<Optimum, OptimumError> {
    let search = Search::new(lineage, over, minimised)?;
    let descents = search.starts(starts).iter().map(|start| search.descend(start)).collect();
    search.conclude(descents)
}
