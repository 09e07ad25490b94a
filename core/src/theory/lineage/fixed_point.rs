//! Fixed points of a smooth map: Anderson acceleration, and Newton steps.

use std::cell::Cell;

use super::jacobian::{Jacobian, difference, dot, subtract};

/// Step of the difference quotients.
const DIFFERENCE: f64 = 1e-6;

/// A map that stops answering when the work it was given is done.
pub(super) struct Map<'a> {
    of: &'a dyn Fn(&[f64], f64) -> Vec<f64>,
    /// The ridge it is taken at.
    pub lambda: f64,
    asked: usize,
    work: &'a Cell<usize>,
    most: usize,
}

impl<'a> Map<'a> {
    pub fn new(of: &'a dyn Fn(&[f64], f64) -> Vec<f64>, lambda: f64, work: &'a Cell<usize>, most: usize) -> Self {
        Self { of, lambda, asked: 0, work, most }
    }

    /// F(x) − x, if all of it is finite and there is work left.
    pub fn residual(&mut self, x: &[f64]) -> Option<Vec<f64>> {
        if self.spent() {
            return None;
        }
        self.asked += 1;
        let r: Vec<f64> = (self.of)(x, self.lambda).iter().zip(x).map(|(image, x)| image - x).collect();
        r.iter().all(|r| r.is_finite()).then_some(r)
    }

    /// 1 − ∂F/∂x by differences towards 0 at a point with the given residual: a correlation has no room beyond one.
    pub fn jacobian(&mut self, x: &[f64], residual: &[f64]) -> Option<Jacobian> {
        let n = x.len();
        let mut matrix = vec![vec![0.0; n]; n];
        for j in 0..n {
            let step = -DIFFERENCE.copysign(x[j]) * (1.0 + x[j].abs().min(10.0));
            let mut moved = x.to_vec();
            moved[j] += step;
            let r = self.residual(&moved)?;
            for i in 0..n {
                matrix[i][j] = (residual[i] - r[i]) / step;
            }
        }
        Jacobian::factorise(matrix)
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.asked
    }

    pub fn spent(&self) -> bool {
        self.work.get() >= self.most
    }
}

/// The largest component.
pub(super) fn size(r: &[f64]) -> f64 {
    r.iter().fold(0.0f64, |size, r| size.max(r.abs()))
}

/// Where an iteration ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reached {
    pub x: Vec<f64>,
    /// F(x) − x.
    pub residual: Vec<f64>,
}

/// Past differences combined by Anderson's mixing.
const DEPTH: usize = 8;
/// Largest change of a coordinate in one step.
const MOST_STEP: f64 = 1.5;

/// Anderson's mixing (type II of Fang & Saad 2009) from `start` to a residual within `tolerance`: the best
/// point met, and whether it is one.
pub(super) fn anderson(map: &mut Map<'_>, start: &[f64], tolerance: f64, most: usize) -> (Option<Reached>, bool) {
    let mut x = start.to_vec();
    let mut history: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    let mut best: Option<Reached> = None;
    let mut since_best = 0;
    for _ in 0..most {
        let Some(r) = map.residual(&x) else {
            // nearer to the last point that had an image
            let Some(best) = best.as_ref().filter(|_| !map.spent()) else { break };
            x = x.iter().zip(&best.x).map(|(x, best)| 0.5 * (x + best)).collect();
            history.clear();
            continue;
        };
        let now = size(&r);
        since_best += 1;
        if best.as_ref().is_none_or(|best| now < size(&best.residual)) {
            best = Some(Reached { x: x.clone(), residual: r.clone() });
            since_best = 0;
        }
        if now <= tolerance {
            return (best, true);
        }
        if since_best > 2 * DEPTH {
            history.clear();
            since_best = 0;
        }
        history.push((x, r));
        if history.len() > DEPTH + 1 {
            history.remove(0);
        }
        x = mixed(&history);
    }
    (best, false)
}

/// Plain sweeps from a start that is far off, while they bring it nearer.
pub(super) fn leap(map: &mut Map<'_>, start: Vec<f64>) -> Vec<f64> {
    let mut x = start;
    let Some(mut r) = map.residual(&x) else { return x };
    for _ in 0..8 {
        let now = size(&r);
        if now <= 2.0 * MOST_STEP {
            break;
        }
        let next: Vec<f64> = x.iter().zip(&r).map(|(x, r)| x + r).collect();
        match map.residual(&next) {
            Some(residual) if size(&residual) < now => (x, r) = (next, residual),
            _ => break,
        }
    }
    x
}

/// The accelerated step from the newest entry of the history.
fn mixed(history: &[(Vec<f64>, Vec<f64>)]) -> Vec<f64> {
    let (x, r) = &history[history.len() - 1];
    let mut step = r.clone();
    let mut left = r.clone();
    // least squares  min |r − Σ γ_k (r_{k+1} − r_k)|  by modified Gram–Schmidt, newest first
    let mut basis: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    for pair in history.windows(2).rev() {
        let mut dr = difference(&pair[1].1, &pair[0].1);
        let mut dx: Vec<f64> = difference(&pair[1].0, &pair[0].0).iter().zip(&dr).map(|(x, r)| x + r).collect();
        let original = dot(&dr, &dr);
        for (unit, image) in &basis {
            let along = dot(unit, &dr);
            subtract(&mut dr, along, unit);
            subtract(&mut dx, along, image);
        }
        let norm = dot(&dr, &dr);
        // directions already spanned carry only rounding error
        if norm <= 1e-20 * original || basis.len() == x.len() {
            continue;
        }
        let scale = 1.0 / norm.sqrt();
        dr.iter_mut().chain(&mut dx).for_each(|v| *v *= scale);
        let along = dot(&dr, &left);
        subtract(&mut left, along, &dr);
        subtract(&mut step, along, &dx);
        basis.push((dr, dx));
    }
    let shrink = (MOST_STEP / size(&step)).min(1.0);
    x.iter().zip(&step).map(|(x, step)| x + shrink * step).collect()
}

/// Halvings of a Newton step before its Jacobian is given up.
const MOST_HALVINGS: usize = 8;
/// A residual that no longer falls below this is rounding.
const ACCEPTABLE: f64 = 1e-9;
/// A residual below this is too near to rounding to teach a Jacobian anything.
const TELLING: f64 = 1e-6;
/// A Jacobian that gains less than this is made anew.
const GAIN: f64 = 0.2;

/// Newton steps from `start`, halved until the residual falls or, by the Jacobian of where it began, the step that is left:
/// next to a copy of its source the squares of all other steps are felt by the correlation alone. A Jacobian is kept, and
/// put right by what each step changed, as long as it helps.
pub(super) fn newton(
    map: &mut Map<'_>,
    start: &[f64],
    mut jacobian: Option<Jacobian>,
    tolerance: f64,
    most: usize,
) -> (Option<Reached>, Option<Jacobian>, bool) {
    let Some(residual) = map.residual(start) else {
        return (None, jacobian, false);
    };
    let mut here = Reached { x: start.to_vec(), residual };
    let (mut fresh, mut stale) = (false, jacobian.is_none());
    for _ in 0..most {
        let now = size(&here.residual);
        if now <= tolerance || (now <= ACCEPTABLE && stale && jacobian.is_some()) {
            return (Some(here), jacobian, true);
        }
        if stale {
            let Some(made) = map.jacobian(&here.x, &here.residual) else { break };
            jacobian = Some(made);
            fresh = true;
        }
        let Some(known) = &mut jacobian else { break };
        let step = known.solve(&here.residual);
        let mut share = (MOST_STEP / size(&step)).min(1.0);
        let halvings = if fresh { MOST_HALVINGS } else { 1 };
        let mut found = None;
        for _ in 0..halvings {
            let x: Vec<f64> = here.x.iter().zip(&step).map(|(x, step)| x + share * step).collect();
            let nearer = |r: &Vec<f64>| {
                let next = || size(&known.solve(r)) <= (1.0 - 0.5 * share) * size(&step);
                size(r) < (1.0 - 0.1 * share) * now || (fresh && next())
            };
            if let Some(residual) = map.residual(&x).filter(nearer) {
                found = Some(Reached { x, residual });
                break;
            }
            if now <= ACCEPTABLE {
                break;
            }
            share *= 0.4;
        }
        match found {
            Some(next) => {
                if now > TELLING {
                    known.learn(&difference(&next.x, &here.x), &difference(&here.residual, &next.residual));
                }
                stale = size(&next.residual) > GAIN * now;
                fresh = false;
                here = next;
            }
            None if now <= ACCEPTABLE || !fresh => stale = true,
            None => break,
        }
    }
    let converged = size(&here.residual) <= tolerance;
    (Some(here), jacobian, converged)
}
