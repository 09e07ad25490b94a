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
pub const GAP_TOLERANCE: f64 = 1e-8;
/// The gap aimed at: the last steps cost little, unless rounding ends the progress before.
const GAP_AIM: f64 = 1e-10;
/// The relative gradient at which the first smooth fit ends; …
const FIRST_GRADIENT: f64 = 1e-2;
/// … each later one ends at this fraction of the gap before it, times P over P at the origin, …
const GRADIENT_PER_GAP: f64 = 1e-3;
/// … but not below this fraction of P, near what rounding allows.
const LEAST_GRADIENT: f64 = 1e-11;
/// The first width at least: at w = 0 every sample is in the middle of its envelope.
const FIRST_WIDTH: f64 = 2.0;
/// The first width at least in units of (mean x²)/λ, the inverse of a typical eigenvalue of D.
const FIRST_WIDTH_IN_D: f64 = 1e-3;
/// The width falls by this factor whenever …
const SHRINKAGE: f64 = 0.3;
/// … the gap has not fallen to this fraction.
const PROGRESS: f64 = 0.2;
/// Smooth fits after which to give up; the hardest settings tried take a third.
const MOST_FITS: u32 = 60;

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
    let mut width = FIRST_WIDTH.max(FIRST_WIDTH_IN_D * mean_square(data, features) / lambda);
    let envelope = |multipliers, width| Objective::Envelope { labels, multipliers, width };
    let mut smooth = Fit::new(envelope(multipliers.clone(), width), lambda, features, data.centre().len())
        .at_bias(bias)
        .to_tolerance(FIRST_GRADIENT);
    let (mut gap, mut share) = (f64::INFINITY, 1.0);
    for count in 0..MOST_FITS {
        if count > 0 {
            let gradient = share * (GRADIENT_PER_GAP * gap).max(LEAST_GRADIENT);
            smooth.resume(envelope(multipliers.clone(), width), gradient.min(FIRST_GRADIENT));
        }
        fit::run(data, features, vec![&mut smooth], stop)?;
        for ((a, y), h) in multipliers.iter_mut().zip(labels).zip(smooth.activations()) {
            *a = multiplier(*y, *a, width, *h).clamp(0.0, 1.0);
        }
        let primal = primal(labels, lambda, &smooth);
        share = (primal / labels.len() as f64).min(1.0);
        let before = gap;
        let dual = dual(data, labels, features, lambda, bias, &multipliers);
        // P = 0 where a prescribed bias alone is beyond every margin
        gap = if primal > 0.0 { (primal - dual) / primal } else { 0.0 };
        let progress = gap <= PROGRESS * before;
        if gap <= GAP_AIM || (gap <= GAP_TOLERANCE && !progress) || !gap.is_finite() {
            break;
        }
        if !progress {
            width *= SHRINKAGE;
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

/// The mean of x_ij² over the features in use.
fn mean_square(data: &DataSet, features: usize) -> f64 {
    let (entries, stride) = data.rows();
    let square = |row: &[f32]| row[..features].iter().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>();
    entries.chunks(stride).map(square).sum::<f64>() / (features * data.signs().len()) as f64
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
