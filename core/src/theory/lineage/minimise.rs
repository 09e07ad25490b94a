//! The minimum of an observable over some parameters: descents from several starts by sketches, the best of them gone down to
//! the end, and polished.

use crate::model::Lineage;
use crate::model::lineage::{Observable, Parameter};
use crate::numerics::eigen;

use super::derivative::Fineness;
use super::descent::{Descent, Here, is_one_place};
use super::jacobian::dot;
use super::optimum::{AtBound, FLAT, LEFT, Optimum, Polished};
use super::solver::{Warm, sketch, solve};
use super::space::{OptimumError, Search};

/// Places on the way to a bound where the observable is looked at if it is lower there.
const ON_THE_WAY: [f64; 4] = [0.25, 0.5, 0.75, 1.0];
/// A descent that a sketch leaves this near to the lowest, relative to it, could be the best.
const CONTENDER: f64 = 1e-4;
/// A sketch at a bound that is above the best by more than this share of it says enough.
const FAR_ABOVE: f64 = 0.01;
/// How far along a direction it is looked whether the observable is lower, in coordinates.
const STRIDES: [f64; 3] = [0.1, 0.5, 2.0];
/// Times that it is gone on from a lower place beside the best one.
const MOST_ROUNDS: usize = 4;
/// Newton steps after the descent, and shares of one that are tried: valleys are curved.
const MOST_POLISHING: usize = 4;
const SHORTENED: [f64; 3] = [1.0, 0.3, 0.1];

impl Search {
    /// The best of some descents, with its certificate.
    ///
    /// # Errors
    /// None of them led to a solution.
    pub fn conclude(&self, descents: Vec<Descent>) -> Result<Optimum, OptimumError> {
        let mut descents = self.ended(descents);
        let mut rounds = 0..MOST_ROUNDS;
        loop {
            let mut at_bounds = descents.first().map_or_else(Vec::new, |best| self.at_bounds(best));
            if let Some(lower) = descents.first().and_then(|best| self.lower_towards_a_bound(best, &at_bounds)) {
                self.go_on_from(&lower, &mut descents);
                at_bounds = self.at_bounds(&descents[0]);
            }
            let unsolved = |reason: &str| OptimumError::Unsolved { reason: reason.to_owned() };
            let best = descents.first().ok_or_else(|| unsolved("there is none"))?;
            let mut warm = Warm::default();
            let Some(here) = self.ask(self.coordinates(&best.values), &mut warm, Fineness::Certified) else {
                let lineage = self.at(&best.values).ok_or_else(|| unsolved("its values do not go together"))?;
                let solution = solve(&lineage)?;
                return Err(unsolved(solution.reason().unwrap_or("its derivatives cannot be had")));
            };
            let here = self.ask(self.snapped(&here), &mut warm, Fineness::Certified).unwrap_or(here);
            let polished = self.polished(here, &mut warm);
            // where it seems to bend downwards it may be flat, and slopes not exact enough to tell
            let mut downwards = polished.spectrum.iter().filter(|(value, _)| *value < -FLAT);
            let lower = downwards.find_map(|(_, along)| self.lower_along(&polished.here, along));
            match (lower, rounds.next()) {
                (Some(lower), Some(_)) => self.go_on_from(&lower, &mut descents),
                (Some(_) | None, _) => return self.certify(polished, descents, &at_bounds),
            }
        }
    }

    /// Goes down from some values to the end, and puts where that led among the descents.
    fn go_on_from(&self, values: &[f64], descents: &mut Vec<Descent>) {
        descents.push(self.go_down(values, Fineness::Certified, &[]));
        descents.sort_by(|a, b| a.value.total_cmp(&b.value));
    }

    /// Newton steps from the end of a descent.
    fn polished(&self, mut here: Here, warm: &mut Warm) -> Polished {
        let told = |here: &Here, warm: &mut Warm| {
            let hessian = self.hessian(here, warm, Fineness::Certified);
            let spectrum = hessian.as_ref().map_or_else(Vec::new, |hessian| eigen(hessian));
            (hessian, spectrum)
        };
        let gain = |here: &Here, (hessian, spectrum): &(Option<_>, Vec<_>)| match hessian {
            Some(_) => self.newton(here, spectrum).1,
            None => f64::INFINITY,
        };
        let mut bent = told(&here, warm);
        let mut left = gain(&here, &bent);
        for _ in 0..MOST_POLISHING {
            if bent.0.is_none() || left <= 0.1 * LEFT * here.value.abs() {
                break;
            }
            let (step, _) = self.newton(&here, &bent.1);
            // two values that are this near are not told apart, and it is the gain that is left which decides
            let most = here.value + LEFT * here.value.abs();
            let next = SHORTENED.iter().find_map(|share| {
                let moved = here.u.iter().zip(&step).zip(self.ends());
                let u = moved.map(|((u, step), (least, most))| (u + share * step).max(least).min(most)).collect();
                let there = self.ask(u, warm, Fineness::Certified).filter(|there| there.value <= most)?;
                (self.newton(&there, &bent.1).1 < left).then_some(there)
            });
            let Some(there) = next else { break };
            here = there;
            bent = told(&here, warm);
            left = gain(&here, &bent);
        }
        let (hessian, spectrum) = bent;
        Polished { here, hessian, spectrum, left }
    }

    /// Values on either side along a direction of what no bound holds, or down from there as in a valley that turns, where
    /// the observable is lower by more than its error.
    fn lower_along(&self, here: &Here, along: &[f64]) -> Option<Vec<f64>> {
        let (free, ends) = (self.free(here), self.ends());
        let (own, error) = self.value_at(&self.values(&here.u))?;
        let strides = STRIDES.iter().flat_map(|stride| [*stride, -stride]);
        let beside = strides.map(|stride| {
            let mut u = here.u.clone();
            for (&i, part) in free.iter().zip(along) {
                u[i] = (u[i] + stride * part).max(ends[i].0).min(ends[i].1);
            }
            self.values(&u)
        });
        let beside: Vec<Vec<f64>> = beside.collect();
        let lower = |values: &Vec<f64>| {
            self.value_at(values).is_some_and(|(value, its_error)| value < own - 2.0 * (error + its_error))
        };
        let down = |values: &Vec<f64>| self.go_down(values, Fineness::Certified, &[]).values;
        beside.iter().find(|values| lower(values)).cloned().or_else(|| beside.iter().map(down).find(lower))
    }

    /// Descents that could be the best gone down to the end by certified solutions, the lowest first; of those that had come
    /// to one place, one goes on for all.
    fn ended(&self, mut descents: Vec<Descent>) -> Vec<Descent> {
        descents.sort_by(|a, b| a.value.total_cmp(&b.value));
        let least = descents.first().map_or(f64::INFINITY, |best| best.value);
        let mut places: Vec<(Vec<f64>, Descent)> = Vec::new();
        for descent in descents.iter_mut().filter(|descent| descent.value <= least + CONTENDER * least.abs()) {
            let u = self.coordinates(&descent.values);
            let ended = match places.iter().find(|(place, _)| is_one_place(&u, place)) {
                Some((_, ended)) => ended.clone(),
                None => self.go_down(&descent.values, Fineness::Certified, &[]),
            };
            let evaluations = descent.evaluations + ended.evaluations;
            *descent = Descent { start: descent.start.clone(), evaluations, ..ended.clone() };
            places.push((u, Descent { evaluations: 0, ..ended }));
        }
        descents.sort_by(|a, b| a.value.total_cmp(&b.value));
        descents
    }

    /// The Newton step over what no bound holds and the gain it promises, where the observable does not bend
    /// downwards.
    fn newton(&self, here: &Here, spectrum: &[(f64, Vec<f64>)]) -> (Vec<f64>, f64) {
        let free = self.free(here);
        let slope: Vec<f64> = free.iter().map(|&i| here.slope[i]).collect();
        let mut step = vec![0.0; here.u.len()];
        let mut gain = 0.0;
        for (value, vector) in spectrum.iter().filter(|(value, _)| *value >= -FLAT) {
            let (along, bend) = (dot(&slope, vector), value.max(FLAT));
            gain += 0.5 * along * along / bend;
            free.iter().zip(vector).for_each(|(&i, part)| step[i] -= along / bend * part);
        }
        (step, gain)
    }

    /// The observable at some values, and its error, if they have a certified solution.
    pub(super) fn value_at(&self, values: &[f64]) -> Option<(f64, f64)> {
        let lineage = self.at(values)?;
        let solution = solve(&lineage).ok().filter(|solution| solution.reason().is_none())?;
        let value = self.minimised.get(&lineage, &solution)?;
        Some((value, solution.error() * value.abs()))
    }

    /// The observable with one parameter moved to each of its bounds; by a sketch where that is far above.
    fn at_bounds(&self, best: &Descent) -> Vec<AtBound> {
        let ends = self.over.iter().enumerate().flat_map(|(i, over)| [(i, over.least), (i, over.most)]);
        let there = ends.filter(|&(i, end)| best.values[i] != end).filter_map(|(i, end)| {
            let mut moved = best.values.clone();
            moved[i] = end;
            let sketched = self.sketched_at(&moved)?;
            let far = sketched > best.value + FAR_ABOVE * best.value.abs();
            let (value, error) = if far { (sketched, 0.0) } else { self.value_at(&moved)? };
            Some(AtBound { place: i, end, value, error })
        });
        there.collect()
    }

    /// The observable at some values by a sketch, if there is one.
    fn sketched_at(&self, values: &[f64]) -> Option<f64> {
        let lineage = self.at(values)?;
        let solution = sketch(&lineage, &mut Warm::default()).ok().filter(|solution| solution.reason().is_none())?;
        self.minimised.get(&lineage, &solution)
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
    search.conclude(search.descend_all(search.starts(starts)))
}
