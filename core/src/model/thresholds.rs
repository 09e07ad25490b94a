//! The exact thresholds at which the training set stops being fitted.

use std::f64::consts::PI;

use crate::numerics::{maximise, root};

use super::Mixture;
use super::bayes::gaussian_tail;

/// Accuracy in α of [`separability`], and in the overlap and bias it is maximised over.
const ACCURACY: f64 = 1e-7;

/// α_I = η: below it a linear student can interpolate any soft labels.
#[must_use]
pub fn interpolation(mixture: &Mixture) -> f64 {
    mixture.eta
}

/// α_S: above it the two clouds are no longer linearly separable on `mixture.eta` of the features
/// (Gordon's inequality, exact in this model). `mixture.alpha` is not read.
///
/// ```text
/// α_S = η max_{m ∈ (0,1)} max_b  D(1 − m²) / E[(√D g − m − s b)₊²],   D = Δ/η,  g ~ N(0,1)
/// ```
#[must_use]
pub fn separability(mixture: &Mixture) -> f64 {
    let d = mixture.delta / mixture.eta;
    let ratio = |m: f64| d * (1.0 - m * m) / smallest_violation(mixture, d, m);
    mixture.eta * maximise(ratio, 0.0, 1.0, ACCURACY).1
}

/// min over b of E[(√D g − m − s b)₊²]: convex in b, so its derivative has one root.
fn smallest_violation(mixture: &Mixture, d: f64, m: f64) -> f64 {
    let width = d.sqrt();
    let slope =
        |b: f64| mixture.classes().iter().map(|(s, p)| -2.0 * p * s * positive_part(width, -m - s * b).0).sum::<f64>();
    // at |b| = reach one class is violated by everything, so the slope has changed sign
    let reach = 2.0 * (1.0 + m + width * (1.0 / mixture.rho.min(1.0 - mixture.rho)));
    let b = root(slope, -reach, reach, ACCURACY * ACCURACY).unwrap_or(0.0);
    mixture.classes().iter().map(|(s, p)| p * positive_part(width, -m - s * b).1).sum()
}

/// (E[(X)₊], E[(X)₊²]) of X ~ N(mean, width²).
fn positive_part(width: f64, mean: f64) -> (f64, f64) {
    let x = mean / width;
    let density = libm::exp(-0.5 * x * x) / (2.0 * PI).sqrt();
    let above = gaussian_tail(-x);
    (width * (density + x * above), width * width * ((1.0 + x * x) * above + x * density))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mixture(eta: f64, rho: f64) -> Mixture {
        Mixture { alpha: 1.0, eta, delta: 1.0, rho }
    }

    #[test]
    fn the_values_at_unit_noise() {
        for (eta, rho, expected) in [(1.0, 0.2, 4.84904), (0.5, 0.2, 1.80356), (1.0, 0.5, 3.70003), (0.5, 0.5, 1.36644)]
        {
            let found = separability(&mixture(eta, rho));
            assert!((found - expected).abs() < 1e-5, "η = {eta}, ρ = {rho}: {found}");
        }
    }

    #[test]
    fn pure_noise_follows_cover() {
        // clouds that coincide (Δ → ∞) with balanced labels separate up to α = 2 (Cover 1965)
        let found = separability(&Mixture { alpha: 1.0, eta: 1.0, delta: 1e8, rho: 0.5 });
        assert!((found - 2.0).abs() < 1e-3, "{found}");
    }

    #[test]
    fn the_classes_may_be_swapped() {
        assert!((separability(&mixture(0.7, 0.3)) - separability(&mixture(0.7, 0.7))).abs() < 1e-6);
    }
}
