//! The support vector machine, to a certified duality gap.
//!
//! ```text
//! minimise  P(w, b) = Σ_i max(0, 1 − y_i h_i) + (λ/2)|w|²,    h = X w/√N + b
//! maximise  D(a) = Σ_i a_i (1 − y_i b₀) − |Σ_i a_i y_i x_i/√N|²/(2λ),    0 ≤ a_i ≤ 1
//! ```
//!
//! with Σ a_i y_i = 0 and b₀ = 0 where b is trained, and b₀ = b where it is prescribed. The multipliers are
//! found by the proximal point method on D: each step minimises P with the corner of every sample rounded
//! off around its current multiplier, which is a smooth convex fit for [`Fit`], then moves the multiplier to
//! where the envelope is attained. Only samples on the margin have curvature, at most about ηN of them, so a
//! small width does not make the Newton equation harder: it has λ on one side and one spectrum on the other.

use super::conjugate::dot;
use super::fit;
use super::newton::Fit;
use super::objective::{Objective, multiplier};
use super::pass::combination;
use super::sample::DataSet;
use super::{ExperimentError, Fitted};

/// A hinge fit is converged when P − D is at most this fraction of P. P is λ-strongly convex in w, so
/// |w − w*|² ≤ 2(P − D)/λ.
pub const GAP_TOLERANCE: f64 = 1e-10;
/// The relative gradient of the smooth fits: their error enters the gap linearly, through Σ a_i y_i.
const SMOOTH_TOLERANCE: f64 = 1e-12;
/// The width of the first envelope: the whole way from h = 0 to the margin is inside it at w = 0.
const FIRST_WIDTH: f64 = 2.0;
/// Each width is this fraction of the one before, …
const SHRINKAGE: f64 = 0.1;
/// … down to here: the error falls by about λ times the width in a step.
const LEAST_WIDTH: f64 = 1e-5;
/// Smooth fits after which to give up; the hardest settings tried take a third.
const MOST_FITS: u32 = 30;

/// Fits weights on the first `features` features to `labels`.
///
/// # Errors
/// [`ExperimentError::Interrupted`] soon after `stop` turns true.
pub(super) fn train(
    data: &DataSet,
    labels: &[f64],
    features: usize,
    lambda: f64,
    bias: Option<f64>,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Fitted, ExperimentError> {
    let mut multipliers = vec![0.0; labels.len()];
    let mut width = FIRST_WIDTH;
    let envelope = |multipliers, width| Objective::Envelope { labels, multipliers, width };
    let mut smooth = Fit::new(envelope(multipliers.clone(), width), lambda, features, data.centre().len())
        .at_bias(bias)
        .to_tolerance(SMOOTH_TOLERANCE);
    let mut gap = f64::INFINITY;
    for count in 0..MOST_FITS {
        if count > 0 {
            width = (SHRINKAGE * width).max(LEAST_WIDTH);
            smooth.resume(envelope(multipliers.clone(), width));
        }
        fit::run(data, features, vec![&mut smooth], stop)?;
        for ((a, y), h) in multipliers.iter_mut().zip(labels).zip(smooth.activations()) {
            *a = multiplier(*y, *a, width, *h).clamp(0.0, 1.0);
        }
        let primal = primal(labels, lambda, &smooth);
        gap = (primal - dual(data, labels, features, lambda, bias, &multipliers)) / primal;
        if gap <= GAP_TOLERANCE || !gap.is_finite() {
            break;
        }
    }
    let certificate = smooth.certificate();
    Ok(Fitted {
        weights: smooth.weights().to_vec(),
        bias: smooth.bias(),
        converged: gap <= GAP_TOLERANCE,
        // rounding may put D above P
        residual: gap.max(0.0),
        iterations: certificate.iterations,
        passes: certificate.passes,
    })
}

/// P(w, b).
fn primal(labels: &[f64], lambda: f64, smooth: &Fit<'_>) -> f64 {
    let losses: f64 = labels.iter().zip(smooth.activations()).map(|(y, h)| (1.0 - y * h).max(0.0)).sum();
    losses + 0.5 * lambda * dot(smooth.weights(), smooth.weights())
}

/// D(a), of multipliers that are first made to meet Σ a_i y_i = 0 where b is trained.
fn dual(data: &DataSet, labels: &[f64], features: usize, lambda: f64, bias: Option<f64>, multipliers: &[f64]) -> f64 {
    let sum = |sign: f64| -> f64 { labels.iter().zip(multipliers).filter(|(y, _)| **y == sign).map(|(_, a)| a).sum() };
    let [up, down] = [sum(1.0), sum(-1.0)];
    // the class with the larger sum is scaled down, which leaves every multiplier in [0, 1]
    let share = |y: f64| match bias {
        Some(_) => 1.0,
        None if y > 0.0 => {
            if up > down {
                down / up
            } else {
                1.0
            }
        }
        None => {
            if down > up {
                up / down
            } else {
                1.0
            }
        }
    };
    let feasible: Vec<f64> = labels.iter().zip(multipliers).map(|(y, a)| a * share(*y)).collect();
    let signed: Vec<f64> = feasible.iter().zip(labels).map(|(a, y)| a * y).collect();
    let sums = combination(data, features, &signed);
    let offset = bias.unwrap_or(0.0);
    feasible.iter().zip(labels).map(|(a, y)| a * (1.0 - y * offset)).sum::<f64>() - dot(&sums, &sums) / (2.0 * lambda)
}
