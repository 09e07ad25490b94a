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

/// Largest relative difference of m, b, Q, V, ε_g of unit k between two states; `scales` are the Q_jj of the
/// units it shares overlaps with.
pub(super) fn difference(a: &State, b: &State, scales: &[(usize, f64)], rho: f64) -> f64 {
    let k = a.q.len() - 1;
    let relative = |a: f64, b: f64, floor: f64| (a - b).abs() / b.abs().max(FLOOR * floor);
    let (norm, own_v) = (norm_beside(b.q[k], b.b), b.v[k]);
    let error = |state: &State| test_error(rho, state.m, state.b, state.q[k]);
    let mut largest: f64 = 0.0;
    let mut take = |value: f64| {
        // a difference that is not a number is the largest of all
        if value > largest || value.is_nan() {
            largest = value;
        }
    };
    take(relative(a.m, b.m, norm));
    take(relative(a.b, b.b, norm));
    take((a.q[k] - b.q[k]).abs() / (norm * norm));
    take(relative(a.v[k], b.v[k], 0.0));
    take(relative(error(a), error(b), 0.0));
    for &(j, scale) in scales {
        take(relative(a.q[j], b.q[j], norm * libm::sqrt(scale)));
        take(relative(a.v[j], b.v[j], own_v));
    }
    largest
}
