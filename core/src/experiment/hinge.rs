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

use super::ExperimentError;
use super::certificate::Fitted;
use super::conjugate::dot;
use super::fit;
use super::newton::Fit;
use super::objective::{Objective, multiplier};
use super::pass::combination;
use super::sample::DataSet;

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
/// Smooth fits after which to give up.
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
        .with_tolerance(FIRST_GRADIENT);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Protocol, Sampling};

    fn data(alpha: f64, n: usize) -> DataSet {
        let protocol = Protocol { n, sampling: Sampling::Iid, seed: 11 };
        DataSet::isotropic([alpha, 1.0, 0.4], 0, &protocol)
    }

    /// Rows of y x/√N over the first features.
    fn signed_rows(data: &DataSet, labels: &[f64], features: usize) -> Vec<Vec<f64>> {
        let root = (data.centre().len() as f64).sqrt();
        let row = |(row, y): (_, &f64)| -> Vec<f64> {
            let row: ndarray::ArrayView1<'_, f32> = row;
            row.iter().take(features).map(|x| y * f64::from(*x) / root).collect()
        };
        data.samples().outer_iter().zip(labels).map(row).collect()
    }

    /// w by sequential minimal optimisation: the pair that violates the conditions most, solved exactly.
    fn by_pairs(rows: &[Vec<f64>], labels: &[f64], lambda: f64) -> Vec<f64> {
        let mut a = vec![0.0; rows.len()];
        let mut w = vec![0.0; rows[0].len()];
        for _ in 0..200_000 {
            // y(1 − y w·x) of the samples that b holds from below, and from above
            let slack: Vec<f64> = rows.iter().zip(labels).map(|(row, y)| y * (1.0 - dot(row, &w))).collect();
            let may_rise = |i: &usize| if labels[*i] > 0.0 { a[*i] < 1.0 } else { a[*i] > 0.0 };
            let may_fall = |i: &usize| if labels[*i] > 0.0 { a[*i] > 0.0 } else { a[*i] < 1.0 };
            let by_slack = |i: &usize, j: &usize| slack[*i].total_cmp(&slack[*j]);
            let up = (0..a.len()).filter(may_rise).max_by(by_slack).expect("a sample");
            let down = (0..a.len()).filter(may_fall).min_by(by_slack).expect("a sample");
            if slack[up] - slack[down] < 1e-13 {
                break;
            }
            let direction: Vec<f64> =
                rows[up].iter().zip(&rows[down]).map(|(u, d)| (labels[up] * u - labels[down] * d) / lambda).collect();
            let room = |i: usize, sign: f64| if sign > 0.0 { 1.0 - a[i] } else { a[i] };
            let step = ((slack[up] - slack[down]) / (lambda * dot(&direction, &direction)))
                .min(room(up, labels[up]))
                .min(room(down, -labels[down]));
            a[up] += step * labels[up];
            a[down] -= step * labels[down];
            w.iter_mut().zip(&direction).for_each(|(w, d)| *w += step * d);
        }
        w
    }

    #[test]
    fn small_problems_end_where_pairwise_optimisation_does() {
        for (alpha, n, features, lambda) in
            [(3.0, 8, 8, 0.3), (6.0, 6, 4, 0.05), (1.5, 12, 12, 2.0), (4.0, 10, 7, 1e-3)]
        {
            let data = data(alpha, n);
            // classes as hard targets of somebody else may set them: not those of the clouds
            let labels: Vec<f64> =
                (data.signs().iter().enumerate()).map(|(i, s)| if i % 5 == 0 { -s } else { *s }).collect();
            let fitted = train(&data, &labels, features, lambda, None, &|| false).expect("not interrupted");
            let rows = signed_rows(&data, &labels, features);
            let expected = by_pairs(&rows, &labels, lambda);
            let size = dot(&expected, &expected).sqrt();
            assert!(fitted.converged);
            for (w, expected) in fitted.weights.iter().zip(&expected) {
                assert!((w - expected).abs() < 1e-4 * size, "{alpha} {lambda}: {w} {expected}");
            }
        }
    }

    #[test]
    fn the_gap_holds_the_distance_to_every_other_point() {
        for bias in [None, Some(-0.4)] {
            let data = data(2.0, 60);
            let labels = data.signs().to_vec();
            let (features, lambda) = (45, 0.2);
            let fitted = train(&data, &labels, features, lambda, bias, &|| false).expect("not interrupted");
            assert!(fitted.converged && fitted.residual <= GAP_TOLERANCE);
            assert!(bias.is_none_or(|bias| (bias - fitted.bias).abs() < 1e-15));
            let rows = signed_rows(&data, &labels, features);
            let value = |w: &[f64], b: f64| {
                let losses: f64 = rows.iter().zip(&labels).map(|(row, y)| (1.0 - dot(row, w) - y * b).max(0.0)).sum();
                losses + 0.5 * lambda * dot(w, w)
            };
            let least = value(&fitted.weights, fitted.bias);
            for k in 0..200u32 {
                let size = 0.1f64.powi((k % 7) as i32);
                let moved: Vec<f64> = fitted
                    .weights
                    .iter()
                    .enumerate()
                    .map(|(j, w)| w + size * f64::from(j as u32 * k + 7 * k).sin())
                    .collect();
                let b = fitted.bias + if bias.is_none() { size * f64::from(k).cos() } else { 0.0 };
                assert!(value(&moved, b) >= least * (1.0 - GAP_TOLERANCE));
            }
        }
    }

    #[test]
    fn every_regime_converges() {
        for (alpha, lambda) in [(0.5, 1e-6), (0.5, 1e3), (8.0, 1e-6), (8.0, 1e3), (2.0, 0.01), (5.0, 10.0)] {
            let data = data(alpha, 40);
            let labels = data.signs().to_vec();
            let fitted = train(&data, &labels, 40, lambda, None, &|| false).expect("not interrupted");
            assert!(fitted.converged, "alpha {alpha}, lambda {lambda}: gap {}", fitted.residual);
        }
    }
}
