//! Derivatives of observables in the parameters of a lineage, each with an estimate of its error.

use crate::model::domain::CHI;
use crate::model::lineage::{LineageError, Observable, Parameter, Scale};
use crate::model::{Lineage, Status};

use super::ground::Ground;
use super::ladder::Resolved;
use super::limits::{Limit, at_limits, in_the_limit};
use super::linearised::{Asked, Linearised};
use super::outcome::Solved;
use super::solution::LineageSolution;
use super::solver::{Warm, sketch_limits, solve_limits};
use super::stencil::{Care, Derivative, Stencil};

/// A way to change a lineage by one number.
pub struct Direction<'a> {
    /// The number now.
    value: f64,
    /// The end of its domain, or of what of it is usual: from there on it acts otherwise.
    most: f64,
    /// How it is stepped.
    scale: Scale,
    lineage: Box<dyn Fn(f64) -> Option<Lineage> + 'a>,
}

impl<'a> Direction<'a> {
    /// The change of `lineage` in a parameter; none where it has no such parameter.
    #[must_use]
    pub fn of(lineage: &'a Lineage, parameter: Parameter) -> Option<Self> {
        let at = move |value: f64| {
            let mut moved = lineage.clone();
            parameter.set(&mut moved, value).ok()?;
            Some(moved)
        };
        Some(Self::along(parameter, parameter.get(lineage)?, at))
    }

    /// Another family of lineages in a parameter with the domain and scale of this one, of which the present one
    /// belongs to `value`: what moves along with it, moves.
    #[must_use]
    pub fn along(parameter: Parameter, value: f64, lineage: impl Fn(f64) -> Option<Lineage> + 'a) -> Self {
        let (domain, scale) = (&parameter.descriptor().domain, parameter.descriptor().scale);
        let most = domain.searched.map_or(domain.most, |(_, most)| most);
        Self { value, most, scale, lineage: Box::new(lineage) }
    }

    /// The lineage at a value, if there is one.
    fn at(&self, value: f64) -> Option<Lineage> {
        (self.lineage)(value).filter(|lineage| lineage.validate().is_ok())
    }
}

/// A solution and its derivatives.
#[derive(Debug, Clone, PartialEq)]
pub struct Derivatives {
    /// The solution.
    pub solution: LineageSolution,
    /// For every direction, the derivative of every observable. None where the observable has no value, where the
    /// solution did not converge, or where the parameter has no room or no logarithm.
    pub values: Vec<Vec<Option<Derivative>>>,
}

/// The derivatives of observables of a lineage along some directions, from its linearised fixed points
///
/// ```text
/// dx/dθ = (1 − ∂F/∂x)⁻¹ ∂F/∂θ
/// ```
///
/// unit by unit. Their errors are what a second step and a second resolution of the averages change.
///
/// ```
/// use redistill_core::model::{Lineage, Mixture};
/// use redistill_core::theory::lineage::{Direction, derivatives, solve};
///
/// let mixture = Mixture { alpha: 3.0, eta: 0.5, delta: 1.0, rho: 0.2 };
/// let at = |lambda: f64| Lineage::distilled(&mixture, 0.1, 0.0, lambda, 1.0, 1.0);
/// let lineage = at(0.2);
/// let direction = Direction::of(&lineage, "lambda".parse().unwrap()).unwrap();
/// let found = derivatives(&lineage, &[direction], &["eg".parse().unwrap()]).unwrap();
/// let eg = |lambda: f64| solve(&at(lambda)).unwrap().stages[1].eg;
/// let difference = (eg(0.201) - eg(0.199)) / 0.002;
/// assert!((found.values[0][0].unwrap().value - difference).abs() < 1e-3 * difference.abs());
/// ```
///
/// # Errors
/// A parameter of the lineage out of its domain.
pub fn derivatives(
    lineage: &Lineage,
    directions: &[Direction<'_>],
    observables: &[Observable],
) -> Result<Derivatives, LineageError> {
    lineage.validate()?;
    let (solution, limits, resolved) = solve_limits(lineage, &mut Warm::default());
    // a lesson without weight is not part of the solution, but of its derivatives
    let awake = awake(lineage);
    let (converged, limits, resolved) = match awake == *lineage {
        true => (solution.status() == Status::Converged, limits, resolved),
        false => {
            let (felt, limits, resolved) = solve_limits(&awake, &mut Warm::default());
            (solution.status() == Status::Converged && felt.status() == Status::Converged, limits, resolved)
        }
    };
    let values = match resolved.filter(|_| converged) {
        Some(resolved) => at_levels(&awake, &limits, &resolved, directions, observables),
        None => vec![vec![None; observables.len()]; directions.len()],
    };
    Ok(Derivatives { solution, values })
}

/// How finely a lineage is solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fineness {
    /// At one coarse rule, which is as smooth in the parameters.
    Sketched,
    /// Until two rules agree.
    Certified,
}

/// The derivatives of an observable along some directions, from near the solution of a neighbour and without their
/// errors. None where the lineage has no solution of that fineness, or a derivative cannot be had.
pub(super) fn gradient(
    lineage: &Lineage,
    warm: &mut Warm,
    directions: &[Direction<'_>],
    observable: Observable,
    fineness: Fineness,
) -> (LineageSolution, Option<Vec<f64>>) {
    let awake = awake(lineage);
    let (solution, limits, resolved) = match fineness {
        Fineness::Sketched => sketch_limits(&awake, warm),
        Fineness::Certified => solve_limits(&awake, warm),
    };
    let slopes = resolved.filter(|_| solution.status() == Status::Converged).and_then(|resolved| {
        let standing = at_limits(&awake, &limits);
        let ground = Ground::new(&standing);
        let (rule, solved) = resolved.levels.last()?;
        let care = match fineness {
            Fineness::Sketched => Care::Rough,
            Fineness::Certified => Care::Plain,
        };
        let base = Base { ground: &ground, limits: &limits, observables: &[observable], care };
        let linearised = Linearised::new(&ground, *rule, solved, asked(lineage, &[observable]))?;
        directions.iter().map(|direction| base.along(&linearised, direction)[0].map(|found| found.value)).collect()
    });
    (solution, slopes)
}

/// What some observables ask of displaced units.
fn asked(lineage: &Lineage, observables: &[Observable]) -> Asked {
    let count = lineage.stages.len();
    let of_last_state =
        |observable: &Observable| observable.descriptor().of_state && observable.stage(count) == Some(count);
    if observables.iter().any(|observable| observable.descriptor().of_samples) {
        Asked::Samples
    } else if observables.iter().all(of_last_state) {
        Asked::State
    } else {
        Asked::Weights
    }
}

/// The lineage in which every lesson has some weight.
fn awake(lineage: &Lineage) -> Lineage {
    let mut awake = lineage.clone();
    for targets in awake.stages.iter_mut().filter_map(|stage| stage.targets.as_mut()) {
        if targets.chi == 0.0 {
            targets.chi = CHI.felt;
        }
    }
    awake
}

/// Derivatives at two resolutions, whose difference is part of their error.
fn at_levels(
    lineage: &Lineage,
    limits: &[Limit],
    resolved: &Resolved,
    directions: &[Direction<'_>],
    observables: &[Observable],
) -> Vec<Vec<Option<Derivative>>> {
    let standing = at_limits(lineage, limits);
    let ground = Ground::new(&standing);
    let base = Base { ground: &ground, limits, observables, care: Care::Certified };
    let asked = asked(lineage, observables);
    let linearised: Vec<Option<Linearised>> =
        resolved.levels.iter().map(|(rule, solved)| Linearised::new(&ground, *rule, solved, asked)).collect();
    let both = |direction: &Direction<'_>| {
        let mut found = vec![None; observables.len()];
        for (level, linearised) in linearised.iter().enumerate() {
            let here = linearised.as_ref().map_or_else(Vec::new, |linearised| base.along(linearised, direction));
            for (i, found) in found.iter_mut().enumerate() {
                let here: Option<Derivative> = here.get(i).copied().flatten();
                let apart = |before: &Derivative, here: &Derivative| (here.value - before.value).abs();
                *found = match (level, *found) {
                    (0, _) => here,
                    (_, before) => before
                        .zip(here)
                        .map(|(before, here)| Derivative { error: here.error.max(apart(&before, &here)), ..here }),
                };
            }
        }
        found
    };
    directions.iter().map(both).collect()
}

/// A change of an observable, relative to it, over one step of a stencil that is too large, the one that shorter steps
/// are to have, by how much they are shortened at most, and how often.
const FAR: f64 = 0.03;
const NEAR: f64 = 0.003;
const SHORTEST: f64 = 1e-3;
/// What is 0 but for rounding: a bias between equal classes.
const NOTHING: f64 = 1e-15;
const MOST_SHORTENINGS: usize = 3;

/// Observables at one place, none where there is no value.
type Told = Vec<Option<f64>>;

/// The largest change of an observable over a stencil, relative to it.
fn largest_change(at_zero: &Told, there: &[Told]) -> f64 {
    let pairs = there.iter().flat_map(|told| at_zero.iter().zip(told));
    let change = |(zero, there): (&Option<f64>, &Option<f64>)| {
        let there = there.filter(|there| there.is_finite()).unwrap_or(f64::INFINITY);
        zero.filter(|zero| zero.abs() > NOTHING).map(|zero| (there - zero).abs() / zero.abs())
    };
    pairs.filter_map(change).fold(0.0, f64::max)
}

/// The derivatives by a stencil of observables, each known at all of its offsets.
fn slopes(stencil: &Stencil, at_zero: &Told, there: &[Told]) -> Vec<Option<Derivative>> {
    let derivative = |(i, zero): (usize, &Option<f64>)| {
        let values: Option<Vec<f64>> = there.iter().map(|told| told[i]).collect();
        Some(stencil.derivative((*zero)?, &values?)).filter(|found| found.value.is_finite() && found.error.is_finite())
    };
    at_zero.iter().enumerate().map(derivative).collect()
}

/// A lineage, solved, of which derivatives are asked.
struct Base<'a> {
    ground: &'a Ground<'a>,
    limits: &'a [Limit],
    observables: &'a [Observable],
    care: Care,
}

impl Base<'_> {
    /// The derivatives along one direction.
    fn along(&self, linearised: &Linearised<'_>, direction: &Direction<'_>) -> Vec<Option<Derivative>> {
        self.displaced(linearised, direction).unwrap_or_else(|| vec![None; self.observables.len()])
    }

    /// With steps that are shortened as long as an observable changes too much over them to be followed: next to a heavy
    /// teacher's outputs the labels outweigh them with a χ of 1 − 10⁻⁶ already.
    fn displaced(&self, linearised: &Linearised<'_>, direction: &Direction<'_>) -> Option<Vec<Option<Derivative>>> {
        let at_zero = self.told(self.ground, linearised.solved());
        let (mut share, mut found) = (1.0, None);
        for _ in 0..=MOST_SHORTENINGS {
            match (self.over(linearised, direction, share), &found) {
                (Some((stencil, there)), _) => {
                    let change = largest_change(&at_zero, &there);
                    found = Some(slopes(&stencil, &at_zero, &there));
                    if change <= FAR {
                        break;
                    }
                    share *= (NEAR / change).max(SHORTEST);
                }
                // so far off that there is nothing
                (None, None) => share *= SHORTEST,
                (None, Some(_)) => break,
            }
        }
        found
    }

    /// The observables at every offset of a stencil with a share of the usual steps.
    fn over(&self, linearised: &Linearised<'_>, direction: &Direction<'_>, share: f64) -> Option<(Stencil, Vec<Told>)> {
        let Direction { value, most, scale, .. } = *direction;
        let stencil = Stencil::new(value, most, scale, self.care, share, |value| direction.at(value).is_some())?;
        let lineages: Option<Vec<Lineage>> = stencil.values.iter().map(|value| direction.at(*value)).collect();
        let standing: Vec<Lineage> = lineages?.iter().map(|other| at_limits(&awake(other), self.limits)).collect();
        let grounds: Vec<Ground> = standing.iter().map(|other| Ground::beside(other, self.ground)).collect();
        if grounds.iter().any(|other| other.units.len() != self.ground.units.len()) {
            return None;
        }
        let moved = linearised.displaced(&grounds, &stencil)?;
        let there = grounds.iter().zip(&moved).map(|(ground, solved)| self.told(ground, solved)).collect();
        Some((stencil, there))
    }

    /// The observables of solved units.
    fn told(&self, ground: &Ground<'_>, solved: &[Solved]) -> Told {
        let stages = ground.stages(solved, &vec![0.0; solved.len()], 0.0).into_iter().zip(self.limits);
        let stages = stages.map(|(stage, limit)| in_the_limit(stage, *limit)).collect();
        let solution = LineageSolution { stages, sweeps: 0 };
        self.observables.iter().map(|observable| observable.get(ground.lineage, &solution)).collect()
    }
}
