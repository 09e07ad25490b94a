//! The ridge at which a learner's test error is smallest.

use std::cell::RefCell;

use crate::model::Lineage;
use crate::model::lineage::{LineageError, Parameter};
use crate::numerics::root;

use super::derivative::{Direction, Fineness, gradient};
use super::solution::LineageSolution;
use super::solver::{Warm, solve};

/// Ridges searched: beyond either end the test error no longer changes at these α.
const SEARCH: [f64; 2] = [1e-5, 1e3];
/// Ridges of the first scan, which finds the basin of the smallest error.
const SCAN: usize = 19;
/// How often the spacing of the scan is halved around its best ridge before that ridge itself is taken.
const HALVINGS: usize = 5;
/// How far from a neighbour's optimum another is followed, in ln λ, by how many steps, and the first of them.
const NEIGHBOURHOOD: f64 = 0.4;
const MOST_STEPS: usize = 8;
const FIRST_STEP: f64 = 0.01;
/// A slope, or a difference of test errors, that is not the rounding of two solutions.
const NOISE: f64 = 1e-9;
const SAME: f64 = 1e-11;
/// Accuracy in ln λ.
const ACCURACY: f64 = 1e-7;

/// The ridge in [1e-5, 1e3] of the last stage that minimises its test error, and the solution there.
///
/// The root of dε_g/d ln λ, followed from `guess` (a neighbour's optimum) by secants and, where they lead to none, looked
/// for around the best ridge of a scan whose spacing is halved until the error falls towards it from both sides (at small
/// α it is flat a decade away). Where ε_g falls all the way to an end of the interval (ρ = ½ has its optimum at λ → ∞),
/// that end is returned. Where it is flat over the whole interval, as at very small α, the weak end is returned.
///
/// # Errors
/// As [`solve`].
pub fn optimal_ridge(lineage: &Lineage, guess: Option<f64>) -> Result<(f64, LineageSolution), LineageError> {
    lineage.validate()?;
    let warm = RefCell::new(Warm::default());
    let slope = |x: f64| slope(lineage, x, &mut warm.borrow_mut()).unwrap_or(f64::NAN);
    let around = |centre: f64, width: f64| {
        // a minimum falls towards itself from both sides, by more than the solutions' own noise
        let falls = slope(centre - width) < -NOISE && slope(centre + width) > NOISE;
        falls.then(|| root(slope, centre - width, centre + width, ACCURACY)).flatten()
    };
    let ln_ridge = match guess.and_then(|ridge| followed(slope, ridge.ln())) {
        Some(found) => found,
        None => {
            let Scan { mut best, mut spacing, flat } = scan(lineage)?;
            let mut found = if flat { Some(SEARCH[0].ln()) } else { around(best, spacing) };
            for _ in 0..HALVINGS {
                if found.is_some() {
                    break;
                }
                spacing *= 0.5;
                best = lowest(lineage, best, spacing)?;
                found = around(best, spacing);
            }
            found.unwrap_or(best)
        }
    };
    let [low, high] = SEARCH.map(f64::ln);
    let ln_ridge = ln_ridge.clamp(low, high);
    Ok((ln_ridge.exp(), solve(&at_ridge(lineage, ln_ridge))?))
}

/// A root of a slope that rises through it, by secants from near it.
fn followed(slope: impl Fn(f64) -> f64, from: f64) -> Option<f64> {
    let mut before = (from, slope(from));
    let x = from - FIRST_STEP.copysign(before.1);
    let mut here = (x, slope(x));
    for _ in 0..MOST_STEPS {
        let bend = (here.1 - before.1) / (here.0 - before.0);
        let next = here.0 - here.1 / bend;
        let near = bend > NOISE && (next - from).abs() <= NEIGHBOURHOOD;
        if !near {
            return None;
        }
        if (next - here.0).abs() <= ACCURACY {
            return Some(next);
        }
        (before, here) = (here, (next, slope(next)));
    }
    None
}

/// dε_g/d ln λ of the last stage, from near the solution of a neighbour.
fn slope(lineage: &Lineage, ln_ridge: f64, warm: &mut Warm) -> Option<f64> {
    let tuned = at_ridge(lineage, ln_ridge);
    let ridge: Parameter = "lambda".parse().ok()?;
    let (_, slopes) = gradient(&tuned, warm, &[Direction::of(&tuned, ridge)?], "eg".parse().ok()?, Fineness::Certified);
    Some(ln_ridge.exp() * slopes?[0])
}

fn at_ridge(lineage: &Lineage, ln_ridge: f64) -> Lineage {
    let mut tuned = lineage.clone();
    if let Some(last) = tuned.stages.last_mut() {
        last.lambda = ln_ridge.exp();
    }
    tuned
}

/// The test error of the last stage; infinite where there is none.
fn test_error(lineage: &Lineage, ln_ridge: f64) -> Result<f64, LineageError> {
    let solution = solve(&at_ridge(lineage, ln_ridge))?;
    Ok(solution.last().map_or(f64::INFINITY, |last| last.eg))
}

/// The smallest error on a grid over the whole interval.
struct Scan {
    /// ln λ there.
    best: f64,
    /// Spacing of the grid.
    spacing: f64,
    /// Whether no two errors differ by more than [`SAME`].
    flat: bool,
}

/// Scans from strong ridge to weak.
fn scan(lineage: &Lineage) -> Result<Scan, LineageError> {
    let [low, high] = SEARCH.map(f64::ln);
    let spacing = (high - low) / (SCAN - 1) as f64;
    let mut best = (f64::INFINITY, high);
    let mut largest = f64::NEG_INFINITY;
    for k in (0..SCAN).rev() {
        let ln_ridge = low + spacing * k as f64;
        let error = test_error(lineage, ln_ridge)?;
        if error < best.0 {
            best = (error, ln_ridge);
        }
        largest = largest.max(error);
    }
    Ok(Scan { best: best.1, spacing, flat: largest - best.0 <= SAME })
}

/// The ln λ of the smallest error among `centre` and the two `spacing` away within the interval.
fn lowest(lineage: &Lineage, centre: f64, spacing: f64) -> Result<f64, LineageError> {
    let [low, high] = SEARCH.map(f64::ln);
    let mut best = (f64::INFINITY, centre);
    for ln_ridge in [centre, (centre + spacing).min(high), (centre - spacing).max(low)] {
        let error = test_error(lineage, ln_ridge)?;
        if error < best.0 {
            best = (error, ln_ridge);
        }
    }
    Ok(best.1)
}
