//! The way to one unit's fixed point: from nothing, from a large ridge, or from a coarser resolution.

use super::fixed_point::{Map, Reached, anderson, leap, newton, size};
use super::jacobian::Jacobian;
use super::recursion::Problem;

/// Residual at which the coarse search hands over to Newton steps.
pub(super) const NEAR: f64 = 1e-5;
/// Residual below which nothing is left to gain.
pub(super) const ROUNDING: f64 = 1e-10;
/// Sweeps of the first search.
const FIRST_SEARCH: usize = 40;

/// Newton steps to a residual from a neighbour with its Jacobian, which is made anew only where it fails.
pub(super) fn polish(
    map: &mut Map<'_>,
    start: &[f64],
    jacobian: Option<Jacobian>,
    tolerance: f64,
) -> (Option<Reached>, Option<Jacobian>) {
    let (reached, mut jacobian, _) = newton(map, start, jacobian, tolerance, 20);
    if let (Some(found), None) = (&reached, &jacobian) {
        jacobian = map.jacobian(&found.x, &found.residual);
    }
    (reached, jacobian)
}

/// Whether a search ended near a fixed point.
pub(super) fn arrived(reached: &Option<Reached>) -> bool {
    reached.as_ref().is_some_and(|reached| size(&reached.residual) <= NEAR)
}

/// A fixed point from nothing: Anderson's mixing, Newton from where it ended, and else from a large ridge.
pub(super) fn search(problem: &Problem<'_>, map: &mut Map<'_>, tolerance: f64) -> (Option<Reached>, Option<Jacobian>) {
    let start = problem.coordinates(&problem.cold_start(problem.fit.lambda));
    let start = leap(map, start);
    let (best, _) = anderson(map, &start, NEAR, FIRST_SEARCH);
    let (mut reached, mut jacobian) = (None, None);
    if let Some(best) = best {
        (reached, jacobian, _) = newton(map, &best.x, None, tolerance, 20);
    }
    if !arrived(&reached) {
        let (from_afar, at_end) = follow(problem, map);
        if arrived(&from_afar) || reached.is_none() {
            (reached, jacobian) = (from_afar, at_end);
        }
    }
    if let (Some(found), None) = (&reached, &jacobian) {
        jacobian = map.jacobian(&found.x, &found.residual);
    }
    (reached, jacobian)
}

/// Residual to which the points on the way are solved.
const ON_THE_WAY: f64 = 1e-5;
/// Steps of ln λ on the way: the first, the largest, and the smallest before it is given up.
const STRIDES: (f64, f64, f64) = (1.5, 4.0, 0.02);
/// Points on the way at most.
const MOST_POINTS: usize = 120;

/// A fixed point followed from a ridge that outweighs the data down to its own, with steps of ln λ as long as Newton
/// arrives.
fn follow(problem: &Problem<'_>, map: &mut Map<'_>) -> (Option<Reached>, Option<Jacobian>) {
    let own = problem.fit.lambda;
    let alpha = problem.setup.data.alpha[problem.fit.set];
    let scale = problem.fit.scale();
    let heavy = 4.0 * alpha * problem.setup.data.delta / (scale * scale).min(1.0);
    // a ridge of 0 is reached from one that hardly matters
    let goal = if own > 0.0 { own } else { 1e-9 * heavy };
    let mut lambda = goal.max(heavy);
    map.lambda = lambda;
    let begin = problem.coordinates(&problem.cold_start(lambda));
    let (best, _) = anderson(map, &begin, ON_THE_WAY, 3 * FIRST_SEARCH);
    let Some(mut here) = best else {
        map.lambda = own;
        return (None, None);
    };
    let mut jacobian = None;
    let mut before: Option<(f64, Vec<f64>)> = None;
    let mut stride = STRIDES.0;
    for _ in 0..MOST_POINTS {
        if lambda <= goal {
            break;
        }
        let next = (lambda * libm::exp(-stride)).max(goal);
        map.lambda = next;
        let guess: Vec<f64> = match &before {
            None => here.x.clone(),
            Some((other, x)) => {
                let share = libm::log(next / lambda) / libm::log(lambda / other);
                here.x.iter().zip(x).map(|(here, before)| here + share * (here - before)).collect()
            }
        };
        let (reached, at_end, converged) = newton(map, &guess, jacobian.clone(), ON_THE_WAY, 12);
        match reached.filter(|_| converged) {
            Some(reached) => {
                before = Some((lambda, std::mem::replace(&mut here, reached).x));
                (lambda, jacobian) = (next, at_end);
                stride = (1.7 * stride).min(STRIDES.1);
            }
            None => {
                stride *= 0.35;
                jacobian = None;
                if stride < STRIDES.2 {
                    break;
                }
            }
        }
    }
    let arrived = lambda <= goal;
    map.lambda = own;
    if !arrived {
        return (None, None);
    }
    let (reached, jacobian, _) = newton(map, &here.x, None, ROUNDING, 20);
    (reached, jacobian)
}
