//! The way down to a minimum of an observable: quasi-Newton steps (BFGS) in the scales natural to the parameters,
//! within bounds.

use crate::numerics::eigen;

use super::derivative::{Direction, Fineness, gradient};
use super::jacobian::{difference, dot};
use super::solver::Warm;
use super::space::Search;

/// Where one descent came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Descent {
    /// The values it began with.
    pub start: Vec<f64>,
    /// The values it ended with.
    pub values: Vec<f64>,
    /// The observable there; infinite where nothing was solved.
    pub value: f64,
    /// Points at which the observable and its gradient were asked for.
    pub evaluations: usize,
    /// Whether nothing more was to be gained.
    pub converged: bool,
}

/// An observable and its gradient at a point, in coordinates.
#[derive(Debug, Clone)]
pub(super) struct Here {
    pub u: Vec<f64>,
    pub value: f64,
    pub slope: Vec<f64>,
}

/// Gain of a step, relative to the observable, below which a descent ends: a tenth of the error of a solution.
const GAIN: f64 = 1e-10;
/// The gain at which a descent that finds no lower point counts as one that ended.
const SMALL_GAIN: f64 = 1e-7;
/// Points of one descent at most.
const MOST_POINTS: usize = 150;
/// Points after which a descent is given up that is still above another by this share.
const MOST_HOPEFUL: usize = 25;
const HOPELESS: f64 = 0.02;
/// Coordinates that are this near are those of one place.
const ONE_PLACE: f64 = 0.1;
/// Steps that a metric learns from before it is made anew, for each parameter.
const MOST_AGE: usize = 3;
/// The longest step, in coordinates.
const LONGEST: f64 = 2.0;
/// Distance to a bound, relative to the box, at which a coordinate stands at it.
const AT_END: f64 = 1e-6;
/// Step in a coordinate over which slopes are compared for the curvature.
const APART: f64 = 0.02;
/// The share of the promised gain that a step has to keep, and times that it is shortened.
const ARMIJO: f64 = 1e-4;
const MOST_SHORTENINGS: usize = 8;

/// Whether two points are so near that they are one place to go down from.
pub(super) fn is_one_place(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() <= ONE_PLACE)
}

impl Search {
    /// The observable and its gradient at a point.
    pub(super) fn ask(&self, u: Vec<f64>, warm: &mut Warm, fineness: Fineness) -> Option<Here> {
        let values = self.values(&u);
        let lineage = self.at(&values)?;
        let directions: Option<Vec<Direction>> =
            self.over.iter().map(|over| Direction::of(&lineage, over.parameter)).collect();
        let (solution, slopes) = gradient(&lineage, warm, &directions?, self.minimised, fineness);
        let value = self.minimised.get(&lineage, &solution)?;
        let slope = self.over.iter().zip(&values).zip(slopes?);
        Some(Here { value, slope: slope.map(|((over, value), slope)| over.rate(*value) * slope).collect(), u })
    }

    /// Which coordinates are held by a bound: they stand at it, and the observable falls beyond.
    pub(super) fn held(&self, here: &Here) -> Vec<bool> {
        let ends = self.ends();
        let at = |i: usize| {
            let (least, most) = ends[i];
            let near = AT_END * (most - least);
            (here.u[i] <= least + near && here.slope[i] > 0.0) || (here.u[i] >= most - near && here.slope[i] < 0.0)
        };
        (0..here.u.len()).map(at).collect()
    }

    /// A point with the coordinates that a bound holds moved all the way to it.
    pub(super) fn snapped(&self, here: &Here) -> Vec<f64> {
        let held = self.held(here);
        let ends = self.ends().into_iter().zip(&here.slope);
        let end = ends.map(|((least, most), slope)| if *slope > 0.0 { least } else { most });
        here.u.iter().zip(end).zip(held).map(|((u, end), held)| if held { end } else { *u }).collect()
    }

    /// Goes down from some values as far as there is anything to gain, by sketches of the solutions; [`Search::conclude`]
    /// goes on from there.
    #[must_use]
    pub fn descend(&self, start: &[f64]) -> Descent {
        self.descend_beside(start, &[])
    }

    /// The same from one start after the other. One that stays far above where another has led is given up, and one that
    /// comes to where another has ended goes no further.
    pub fn descend_all(&self, starts: impl IntoIterator<Item = Vec<f64>>) -> Vec<Descent> {
        starts.into_iter().fold(Vec::new(), |mut descents, start| {
            descents.push(self.descend_beside(&start, &descents));
            descents
        })
    }

    fn descend_beside(&self, start: &[f64], others: &[Descent]) -> Descent {
        let sketched = self.go_down(start, Fineness::Sketched, others);
        match self.value_at(&sketched.values) {
            Some((value, _)) => Descent { value, ..sketched },
            None => self.go_down(start, Fineness::Certified, others),
        }
    }

    /// The same with solutions of one fineness throughout, beside others that have ended.
    pub(super) fn go_down(&self, start: &[f64], fineness: Fineness, others: &[Descent]) -> Descent {
        let mut warm = Warm::default();
        let ends = self.ends();
        let ended = others.iter().filter(|other| other.converged).map(|other| self.coordinates(&other.values));
        let ended: Vec<Vec<f64>> = ended.collect();
        let least = others.iter().map(|other| other.value).fold(f64::INFINITY, f64::min);
        let within = |u: &[f64]| -> Vec<f64> {
            u.iter().zip(&ends).map(|(u, (least, most))| u.max(*least).min(*most)).collect()
        };
        let mut descent = Descent {
            start: start.to_vec(),
            values: start.to_vec(),
            value: f64::INFINITY,
            evaluations: 1,
            converged: false,
        };
        let Some(mut here) = self.ask(within(&self.coordinates(start)), &mut warm, fineness) else { return descent };
        let mut metric = Metric::default();
        while descent.evaluations < MOST_POINTS {
            if descent.evaluations > MOST_HOPEFUL && here.value > least + HOPELESS * least.abs() {
                break;
            }
            if ended.iter().any(|place| is_one_place(&here.u, place)) {
                descent.converged = true;
                break;
            }
            let held = self.held(&here);
            if metric.age >= MOST_AGE * here.u.len() || metric.held != held {
                descent.evaluations += 2 * held.iter().filter(|held| !**held).count();
                metric = Metric::new(&here, held, self.hessian(&here, &mut warm, fineness));
            }
            let mut step = metric.step(&here);
            let promised = -0.5 * dot(&here.slope, &step);
            let small = |gain: f64| promised <= gain * here.value.abs() || promised.is_nan();
            if small(GAIN) {
                descent.converged = true;
                break;
            }
            let mut next = None;
            for _ in 0..MOST_SHORTENINGS {
                let u = within(&here.u.iter().zip(&step).map(|(u, step)| u + step).collect::<Vec<f64>>());
                descent.evaluations += 1;
                let there = self.ask(u, &mut warm, fineness);
                let promised = |there: &Here| dot(&here.slope, &difference(&there.u, &here.u));
                match there.filter(|there| there.value <= here.value + ARMIJO * promised(there)) {
                    Some(there) => {
                        next = Some(there);
                        break;
                    }
                    None => step.iter_mut().for_each(|step| *step *= 0.3),
                }
            }
            match next {
                Some(there) => {
                    metric.learn(&difference(&there.u, &here.u), &difference(&there.slope, &here.slope));
                    here = there;
                }
                // a metric that has learned is made anew before it is given up
                None if metric.age > 0 && !small(SMALL_GAIN) => metric.held.clear(),
                None => {
                    descent.converged = small(SMALL_GAIN);
                    break;
                }
            }
        }
        (descent.values, descent.value) = (self.values(&here.u), here.value);
        descent
    }

    /// Which coordinates no bound holds.
    pub(super) fn free(&self, here: &Here) -> Vec<usize> {
        let held = self.held(here);
        (0..held.len()).filter(|&i| !held[i]).collect()
    }

    /// The second derivatives over what no bound holds, by differences of slopes.
    pub(super) fn hessian(&self, here: &Here, warm: &mut Warm, fineness: Fineness) -> Option<Vec<Vec<f64>>> {
        let free = self.free(here);
        let mut rows = Vec::new();
        for &i in &free {
            let (least, most) = self.ends()[i];
            let (below, above) = ((here.u[i] - APART).max(least), (here.u[i] + APART).min(most));
            let mut at = |value: f64| {
                let mut u = here.u.clone();
                u[i] = value;
                self.ask(u, warm, fineness)
            };
            let (down, up) = (at(below)?, at(above)?);
            rows.push(free.iter().map(|&j| (up.slope[j] - down.slope[j]) / (above - below)).collect::<Vec<f64>>());
        }
        let n = free.len();
        Some((0..n).map(|i| (0..n).map(|j| 0.5 * (rows[i][j] + rows[j][i])).collect()).collect())
    }
}

/// An inverse of the second derivatives over what no bound holds, as steps have changed it.
#[derive(Debug, Clone, Default)]
struct Metric {
    held: Vec<bool>,
    inverse: Vec<Vec<f64>>,
    /// Steps it has learned from.
    age: usize,
}

impl Metric {
    /// From second derivatives, each eigenvalue as if the observable bent upwards and so that no step is too long; from
    /// the slope alone where there are none.
    fn new(here: &Here, held: Vec<bool>, hessian: Option<Vec<Vec<f64>>>) -> Self {
        let n = here.u.len();
        let free: Vec<usize> = (0..n).filter(|&i| !held[i]).collect();
        let slope: Vec<f64> = free.iter().map(|&i| here.slope[i]).collect();
        let plain = || vec![vec![0.0; free.len()]; free.len()];
        let mut inverse = vec![vec![0.0; n]; n];
        for (value, vector) in eigen(&hessian.unwrap_or_else(plain)) {
            let bend = value.abs().max(dot(&slope, &vector).abs() / LONGEST).max(f64::MIN_POSITIVE);
            for (a, &i) in free.iter().enumerate() {
                for (b, &j) in free.iter().enumerate() {
                    inverse[i][j] += vector[a] * vector[b] / bend;
                }
            }
        }
        Self { held, inverse, age: 0 }
    }

    fn step(&self, here: &Here) -> Vec<f64> {
        let step: Vec<f64> = self.inverse.iter().map(|row| -dot(row, &here.slope)).collect();
        let longest = step.iter().fold(0.0f64, |longest, step| longest.max(step.abs()));
        let shrink = (LONGEST / longest.max(f64::MIN_POSITIVE)).min(1.0);
        step.into_iter().map(|step| shrink * step).collect()
    }

    /// Learns from a step and the change of the slope along it (BFGS); nothing where the observable does not bend
    /// upwards.
    fn learn(&mut self, step: &[f64], change: &[f64]) {
        self.age += 1;
        let change: Vec<f64> =
            change.iter().zip(&self.held).map(|(change, held)| if *held { 0.0 } else { *change }).collect();
        let bend = dot(step, &change);
        if bend <= 1e-14 * libm::sqrt(dot(step, step) * dot(&change, &change)) {
            return;
        }
        let image: Vec<f64> = self.inverse.iter().map(|row| dot(row, &change)).collect();
        let along = 1.0 + dot(&change, &image) / bend;
        for i in 0..step.len() {
            for j in 0..step.len() {
                self.inverse[i][j] += (along * step[i] * step[j] - image[i] * step[j] - step[i] * image[j]) / bend;
            }
        }
    }
}
