//! How far to believe a stage: what is observed of it, and by how much two answers differ there.

use crate::model::bayes::gaussian_tail;

use super::state::State;

/// ε_g = ρ H((m + b)/√Q) + (1 − ρ) H((m − b)/√Q).
pub(super) fn test_error(rho: f64, m: f64, b: f64, variance: f64) -> f64 {
    let width = libm::sqrt(variance);
    rho * gaussian_tail((m + b) / width) + (1.0 - rho) * gaussian_tail((m - b) / width)
}

/// A quantity this share of its natural scale counts as if it were that large.
pub(super) const FLOOR: f64 = 1e-3;

/// The norm of weights of norm² `square` beside a bias, which counts as no less than moves the last digit of a
/// pre-activation: below that no sample tells them from 0.
pub(super) fn norm_beside(square: f64, b: f64) -> f64 {
    libm::sqrt(square).max(f64::EPSILON * b.abs())
}

/// |a − b| relative to b, which counts as no less than a share of its scale.
pub(super) fn relative(a: f64, b: f64, scale: f64) -> f64 {
    (a - b).abs() / b.abs().max(FLOOR * scale)
}

/// The largest of some differences; one that is not a number is the largest of all.
pub(super) fn largest(differences: impl IntoIterator<Item = f64>) -> f64 {
    differences.into_iter().fold(0.0, |largest, next| if next > largest || next.is_nan() { next } else { largest })
}

/// Largest relative difference of m, b, Q, V, ε_g of unit k between two states; `scales` are the Q_jj of the
/// units it shares overlaps with.
pub(super) fn difference(a: &State, b: &State, scales: &[(usize, f64)], rho: f64) -> f64 {
    let k = a.q.len() - 1;
    let (norm, own_v) = (norm_beside(b.q[k], b.b), b.v[k]);
    let error = |state: &State| test_error(rho, state.m, state.b, state.q[k]);
    let own = [
        relative(a.m, b.m, norm),
        relative(a.b, b.b, norm),
        (a.q[k] - b.q[k]).abs() / (norm * norm),
        relative(a.v[k], b.v[k], 0.0),
        relative(error(a), error(b), 0.0),
    ];
    let shared = scales
        .iter()
        .flat_map(|&(j, scale)| [relative(a.q[j], b.q[j], norm * libm::sqrt(scale)), relative(a.v[j], b.v[j], own_v)]);
    largest(own.into_iter().chain(shared))
}
