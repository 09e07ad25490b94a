//! One unit's fixed point at one rule, from nothing or from near it.

use crate::model::lineage::Loss;

use super::certificate::difference;
use super::collapse::{OneLabel, collapsed};
use super::fixed_point::{Map, Reached, size};
use super::ground::Walk;
use super::jacobian::Jacobian;
use super::outcome::{Solved, told};
use super::panels::Rule;
use super::recursion::Problem;
use super::search::{NEAR, ROUNDING, polish, search};

/// The rule at which a unit behind others is first sought, where most of its sweeps are.
const FIRST: [Rule; 4] = [Rule::new(9.0, 5.0), Rule::new(9.0, 5.0), Rule::new(9.0, 5.0), Rule::new(13.0, 4.0)];
/// Panels a lineage may take, by the number of nested averages: under a second for up to two.
pub(super) const WORK: [usize; 4] = [8_000_000, 200_000_000, 1_500_000_000, 3_000_000_000];

/// What has gone into a lineage.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spent {
    pub sweeps: usize,
    /// Panels.
    pub work: usize,
}

/// Where a unit is near its fixed point: its coordinates, and its Jacobian if there is one.
#[derive(Debug, Clone)]
pub(super) struct Near {
    pub x: Vec<f64>,
    pub jacobian: Option<Jacobian>,
}

impl From<&Solved> for Near {
    fn from(unit: &Solved) -> Self {
        Self { x: unit.x.clone(), jacobian: unit.jacobian.clone() }
    }
}

/// Where a coarse rule has a unit that stands behind others, from near it if that is known.
pub(super) fn first(problem: &Problem<'_>, near: Option<&Near>, walk: &Walk, spent: &mut Spent) -> Option<Near> {
    if problem.is_explicit() || problem.behind.is_empty() {
        return None;
    }
    let rule = FIRST[(problem.behind.len() - 1).min(FIRST.len() - 1)];
    let coarse = Problem::new(problem.setup, problem.k, problem.fit, &walk.states, &walk.weights, rule);
    let of = |x: &[f64], lambda: f64| coarse.map(x, lambda);
    let mut map = Map::new(&of, coarse.fit.lambda, &coarse.work, allowed(&coarse));
    let (reached, jacobian) = match near {
        Some(near) => (polish(&mut map, &near.x, near.jacobian.clone(), NEAR).0, None),
        None => search(&coarse, &mut map, NEAR),
    };
    let found = reached.filter(|reached| size(&reached.residual) <= NEAR);
    // a Jacobian is cheap here, and worth several sweeps at finer rules
    let near =
        found.map(|found| Near { jacobian: jacobian.or_else(|| map.jacobian(&found.x, &found.residual)), x: found.x });
    spent.sweeps += map.asked();
    spent.work += coarse.work.get();
    near
}

/// Panels that a unit may take at one rule: a search leaves half of the work to finer ones.
fn allowed(problem: &Problem<'_>) -> usize {
    WORK[problem.behind.len().saturating_sub(1).min(WORK.len() - 1)] / 2
}

/// Newton steps are worth taking while what they change of the observables is between these, and enough is known once it
/// is below the third; above the fourth the Jacobian is made anew.
const SMALL: f64 = 0.3;
const LEAST: f64 = 1e-12;
const ENOUGH: f64 = 1e-11;
const DOUBTFUL: f64 = 2e-11;
const MOST_REFINEMENTS: usize = 5;
/// What a Newton step may still change where a fixed point was reached.
const ARRIVED: f64 = 1e-6;

/// Newton steps from where the residual is rounding, while the observables still move: b may be far smaller than the scale
/// of its coordinate. Where they end, and by how much a step would still change the observables.
fn refine(
    problem: &Problem<'_>,
    map: &mut Map<'_>,
    mut here: Reached,
    jacobian: &Jacobian,
    scales: &[(usize, f64)],
) -> (Reached, f64) {
    let step = |here: &Reached| -> (Vec<f64>, f64) {
        let step = jacobian.solve(&here.residual);
        let moved: Vec<f64> = here.x.iter().zip(&step).map(|(x, step)| x + step).collect();
        let left = difference(&problem.state(&moved), &problem.state(&here.x), scales, problem.setup.data.rho);
        (moved, left)
    };
    let (mut moved, mut left) = step(&here);
    for _ in 0..MOST_REFINEMENTS {
        if !(LEAST..=SMALL).contains(&left) {
            break;
        }
        let Some(residual) = map.residual(&moved) else { break };
        let next = Reached { x: moved, residual };
        let after = step(&next);
        if after.1 >= left {
            break;
        }
        (here, (moved, left)) = (next, after);
        if left <= ENOUGH {
            break;
        }
    }
    (here, left)
}

/// One unit's fixed point, from near it if that is known.
pub(super) fn solve_unit(problem: &Problem<'_>, near: Option<&Near>, spent: &mut Spent) -> Solved {
    let scales = || -> Vec<(usize, f64)> { problem.behind.iter().map(|&j| (j, problem.variance_of(j))).collect() };
    let weightless = cfg!(feature = "corners") && problem.learns_a_constant();
    if let Some(state) = problem.closed_form() {
        let again = problem.sweep(&state, problem.fit.lambda);
        let own = told(problem, &state, 0.0);
        // of weights that stand for none nothing is left to differ but rounding
        let left = if weightless { 0.0 } else { difference(&again, &own.state, &scales(), problem.setup.data.rho) };
        return Solved { left, weightless, ..own };
    }
    if cfg!(feature = "corners")
        && let Some((state, left)) = problem.biased_alone()
    {
        return Solved { weightless: true, ..told(problem, &state, left) };
    }
    if cfg!(feature = "corners")
        && let Some(end) = problem.of_one_label()
    {
        return match end {
            OneLabel::Bias(state, left) => Solved { weightless: true, ..told(problem, &state, left) },
            OneLabel::Nowhere => {
                Solved { unbounded: true, ..told(problem, &problem.cold_start(problem.fit.lambda), f64::INFINITY) }
            }
        };
    }
    if problem.chain.overfull() {
        return told(problem, &problem.cold_start(problem.fit.lambda), f64::INFINITY);
    }
    let of = |x: &[f64], lambda: f64| problem.map(x, lambda);
    let mut map = Map::new(&of, problem.fit.lambda, &problem.work, allowed(problem));
    let (reached, jacobian) = match near {
        Some(near) => polish(&mut map, &near.x, near.jacobian.clone(), ROUNDING),
        None => search(problem, &mut map, ROUNDING),
    };
    let scales = scales();
    let refined = reached.zip(jacobian).map(|(reached, jacobian)| {
        let (here, left) = refine(problem, &mut map, reached, &jacobian, &scales);
        // a Jacobian of a coarser rule may not do to the last digits
        let fresh = if left > DOUBTFUL { map.jacobian(&here.x, &here.residual) } else { None };
        match fresh {
            Some(fresh) => {
                let (here, left) = refine(problem, &mut map, here, &fresh, &scales);
                (here.x, fresh, left)
            }
            None => (here.x, jacobian, left),
        }
    });
    spent.sweeps += map.asked();
    let (x, jacobian, left) = match refined {
        Some((x, jacobian, left)) => (x, Some(jacobian), left),
        None => (problem.coordinates(&problem.cold_start(problem.fit.lambda)), None, f64::INFINITY),
    };
    let state = problem.state(&x);
    let may_collapse = cfg!(feature = "corners") && problem.fit.loss == Loss::Hinge && problem.fit.bias.is_none();
    if near.is_none()
        && may_collapse
        && (left > ARRIVED || left.is_nan())
        && let Some(state) = collapsed(problem, 2 * allowed(problem))
    {
        let x = problem.coordinates(&state);
        let mut own = Solved { x, weightless: true, ..told(problem, &state, 0.0) };
        (own.state.b, own.state.v[problem.k]) = (state.b.signum(), 0.0);
        return own;
    }
    let told = told(problem, &state, left);
    spent.work += problem.work.get();
    Solved { x, jacobian, weightless, ..told }
}
