//! The square loss: one linear system, solved by conjugate gradients.
//!
//! ```text
//! minimise  ½ Σ_i (r_i − f_i)² + (λ/2)|w|²,    f = X w/√N + b
//! ```
//!
//! The trained bias is the mean of r − X w/√N, which leaves the equation of the centred samples,
//! (XᵀCX/N + λ) w = XᵀC r/√N. Conjugate gradients start from w = 0 and stay in the span of the samples, so
//! at λ = 0 they end at the least norm: the limit λ → 0.

use super::ExperimentError;
use super::certificate::Fitted;
use super::conjugate::{ConjugateGradients, Progress, add, dot};
use super::newton::GRADIENT_TOLERANCE;
use super::pass::{activations, combination, pass};
use super::sample::DataSet;

/// The system is solved to this fraction of what the certificate asks: its cost grows with the logarithm.
const SAFETY: f64 = 1e-3;
/// Times the system is solved anew for the residual that is left, which rounding has let drift.
const MOST_REFINEMENTS: u32 = 5;
/// Passes after which a fit is given up; without rounding as many products as features would do.
const MOST_PASSES: u32 = 20_000;

/// Fits weights on the first `features` features to the real targets r.
///
/// # Errors
/// [`ExperimentError::Interrupted`] soon after `stop` turns true.
pub(super) fn train(
    data: &DataSet,
    targets: &[f64],
    features: usize,
    lambda: f64,
    bias: Option<f64>,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Fitted, ExperimentError> {
    let samples = targets.len() as f64;
    let scale = 1.0 / (data.centre().len() as f64).sqrt();
    // the mean of the samples over √N, which centres a product with X; nothing to centre where b is held
    let mean: Vec<f64> = match bias {
        Some(_) => vec![0.0; features],
        None => combination(data, features, &vec![1.0 / samples; targets.len()]),
    };
    let product = |direction: &[f64]| -> Vec<f64> {
        let mut product = pass(data, direction, |_, _| {});
        let shift = samples * dot(&mean, direction);
        for ((out, mean), direction) in product.iter_mut().zip(&mean).zip(direction) {
            *out = scale * scale * *out - shift * mean + lambda * direction;
        }
        product
    };

    let mut weights = vec![0.0; features];
    let mut fitted = bias.unwrap_or_else(|| targets.iter().sum::<f64>() / samples);
    let mut solver = ConjugateGradients::new(features, 0);
    let (mut iterations, mut passes, mut residual) = (0, 1, f64::INFINITY);
    let mut origin = None;
    for _ in 0..=MOST_REFINEMENTS {
        let f = activations(data, &weights, 0.0);
        if bias.is_none() {
            fitted = targets.iter().zip(&f).map(|(r, f)| r - f).sum::<f64>() / samples;
        }
        let slopes: Vec<f64> = f.iter().zip(targets).map(|(f, r)| f + fitted - r).collect();
        let mut gradient = combination(data, features, &slopes);
        add(lambda, &weights, &mut gradient);
        passes += 2;
        let along_bias = if bias.is_none() { scale * slopes.iter().sum::<f64>() } else { 0.0 };
        let norm = dot(&gradient, &gradient).sqrt();
        let origin = *origin.get_or_insert_with(|| origin_norm(data, targets, features, bias));
        residual = if norm == 0.0 { 0.0 } else { norm.hypot(along_bias) / origin };
        if residual <= GRADIENT_TOLERANCE || passes >= MOST_PASSES || !residual.is_finite() {
            break;
        }
        solver.begin(&gradient, SAFETY * GRADIENT_TOLERANCE * origin);
        loop {
            if stop() {
                return Err(ExperimentError::Interrupted);
            }
            (iterations, passes) = (iterations + 1, passes + 1);
            match solver.advance(&product(&solver.direction)) {
                Progress::Continues if passes < MOST_PASSES => {}
                Progress::Continues | Progress::OnTarget | Progress::Singular => break,
            }
        }
        add(1.0, &solver.step, &mut weights);
    }
    Ok(Fitted { weights, bias: fitted, converged: residual <= GRADIENT_TOLERANCE, residual, iterations, passes })
}

/// |∇L| at w = 0, b = 0 (or the prescribed bias), as [`GRADIENT_TOLERANCE`] defines it.
fn origin_norm(data: &DataSet, targets: &[f64], features: usize, bias: Option<f64>) -> f64 {
    let slopes: Vec<f64> = targets.iter().map(|r| bias.unwrap_or(0.0) - r).collect();
    let gradient = combination(data, features, &slopes);
    let along_bias = match bias {
        Some(_) => 0.0,
        None => slopes.iter().sum::<f64>() / (data.centre().len() as f64).sqrt(),
    };
    dot(&gradient, &gradient).sqrt().hypot(along_bias)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Protocol, Sampling};

    fn data(alpha: f64) -> DataSet {
        let protocol = Protocol { n: 30, sampling: Sampling::Iid, seed: 5 };
        DataSet::isotropic([alpha, 1.0, 0.4], 0, &protocol)
    }

    /// Gaussian elimination with pivots.
    fn solve(mut a: Vec<Vec<f64>>, mut y: Vec<f64>) -> Vec<f64> {
        let n = y.len();
        for k in 0..n {
            let pivot = (k..n).max_by(|i, j| a[*i][k].abs().total_cmp(&a[*j][k].abs())).expect("a row");
            a.swap(k, pivot);
            y.swap(k, pivot);
            for i in (0..n).filter(|i| *i != k) {
                let factor = a[i][k] / a[k][k];
                let row = a[k].clone();
                a[i].iter_mut().zip(&row).for_each(|(x, p)| *x -= factor * p);
                y[i] -= factor * y[k];
            }
        }
        (0..n).map(|k| y[k] / a[k][k]).collect()
    }

    /// The normal equations over (w, b), dense.
    fn dense(data: &DataSet, targets: &[f64], features: usize, lambda: f64, bias: Option<f64>) -> Vec<f64> {
        let root = (data.centre().len() as f64).sqrt();
        let samples = data.samples();
        let row = |i: usize| -> Vec<f64> {
            (0..features).map(|j| f64::from(samples[[i, j]]) / root).chain(bias.is_none().then_some(1.0)).collect()
        };
        let unknowns = row(0).len();
        let mut a = vec![vec![0.0; unknowns]; unknowns];
        let mut y = vec![0.0; unknowns];
        for (i, target) in targets.iter().enumerate() {
            let row = row(i);
            for j in 0..unknowns {
                y[j] += row[j] * (target - bias.unwrap_or(0.0));
                a[j].iter_mut().zip(&row).for_each(|(a, x)| *a += row[j] * x);
            }
        }
        (0..features).for_each(|j| a[j][j] += lambda);
        let mut solution = solve(a, y);
        solution.extend(bias);
        solution
    }

    #[test]
    fn the_fit_is_the_solution_of_the_normal_equations() {
        for (alpha, features, lambda, bias) in [
            (2.0, 30, 0.3, None),
            (2.0, 17, 1e-3, None),
            (0.5, 30, 0.1, None),
            (3.0, 21, 0.0, None),
            (2.0, 17, 0.1, Some(-0.7)),
        ] {
            let data = data(alpha);
            let targets: Vec<f64> = (0..data.signs().len()).map(|i| (i as f64).sin() + data.signs()[i]).collect();
            let fitted = train(&data, &targets, features, lambda, bias, &|| false).expect("not interrupted");
            assert!(fitted.converged && fitted.residual <= GRADIENT_TOLERANCE);
            let expected = dense(&data, &targets, features, lambda, bias);
            for (found, expected) in fitted.weights.iter().chain([&fitted.bias]).zip(&expected) {
                assert!((found - expected).abs() < 1e-8, "{found} {expected}");
            }
        }
    }

    #[test]
    fn without_a_ridge_the_fit_is_the_limit_of_small_ones() {
        // fewer samples than features: every target is met, and the norm decides
        let data = data(0.5);
        let targets = data.signs().to_vec();
        let fitted = train(&data, &targets, 30, 0.0, None, &|| false).expect("not interrupted");
        assert!(fitted.converged);
        let near = dense(&data, &targets, 30, 1e-7, None);
        for (found, near) in fitted.weights.iter().chain([&fitted.bias]).zip(&near) {
            assert!((found - near).abs() < 1e-4, "{found} {near}");
        }
        for (f, target) in activations(&data, &fitted.weights, fitted.bias).iter().zip(&targets) {
            assert!((f - target).abs() < 1e-6);
        }
    }
}
