//! Generalisation error from the overlaps, and the Bayes-optimal bounds.

use super::Mixture;

/// Gaussian tail H(x) = ½ erfc(x/√2), to the accuracy of libm's erfc (3e-16 relative).
#[must_use]
pub fn gaussian_tail(x: f64) -> f64 {
    0.5 * libm::erfc(x / std::f64::consts::SQRT_2)
}

/// Test error of a linear classifier with overlap m = w·v/N, norm q = |w|²/N and bias b (Eq. 12):
///
/// ```text
/// ε_g = ρ H((m + b)/√(Δq)) + (1 − ρ) H((m − b)/√(Δq))
/// ```
#[must_use]
pub fn test_error(mixture: &Mixture, m: f64, q: f64, b: f64) -> f64 {
    let width = (mixture.delta * q).sqrt();
    mixture.rho * gaussian_tail((m + b) / width) + (1.0 - mixture.rho) * gaussian_tail((m - b) / width)
}

/// Overlap, norm and bias of the Bayes-optimal classifier on `mixture.eta` of the features (Eqs. 23–24):
/// m = η, q = η(1 + Δ/α), b = (Δ/2)(1 + Δ/α) log(ρ/(1 − ρ)).
#[must_use]
pub fn optimal_overlaps(mixture: &Mixture) -> (f64, f64, f64) {
    let Mixture { alpha, eta, delta, rho } = *mixture;
    let inflation = 1.0 + delta / alpha;
    (eta, eta * inflation, 0.5 * delta * inflation * libm::log(rho / (1.0 - rho)))
}

/// The Bayes-optimal test error on `mixture.eta` of the features.
#[must_use]
pub fn bound(mixture: &Mixture) -> f64 {
    let (m, q, b) = optimal_overlaps(mixture);
    test_error(mixture, m, q, b)
}
