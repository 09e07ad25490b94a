//! Where to start when nothing nearer is known: the square loss that is nearest to the unit's own, solved in
//! closed form for features of one variance, beside earlier units as estimates of one direction are.

use crate::model::lineage::{Data, Loss, TargetKind};

use super::chain::{Chain, Layout, Member};
use super::state::State;
use super::unit::Fit;

/// Curvature of the square that stands for a logistic loss, and how far out it asks h to be: slope ½ at 0.
const CURVATURE: f64 = 0.125;
const ASKED: f64 = 4.0;
/// Correlation with the first unit behind, and with what is left of the later ones.
const ALIKE: [f64; 2] = [0.8, 0.5];

/// Order parameters near those of `fit` at ridge `lambda`, behind the units of `chain`, whose Cholesky rows are `rows`.
pub(super) fn start(
    data: &Data,
    fit: &Fit,
    lambda: f64,
    k: usize,
    behind: &[(usize, f64)],
    rows: &[Vec<f64>],
    chain: &Chain,
    member: &Member,
) -> State {
    let (curvature, asked) = nearest_square(fit, chain, member);
    let Data { delta, rho, label_noise, ref alpha, .. } = *data;
    let (alpha, eta, lambda) = (alpha[fit.set], fit.features, lambda / curvature);
    let (mean, clean) = (2.0 * rho - 1.0, 1.0 - 2.0 * label_noise);
    let spread = 1.0 - mean * mean;
    // V of the square loss: λV² + (λ + (α − η)Δ)V − ηΔ = 0, by the root that does not cancel
    let linear = lambda + (alpha - eta) * delta;
    let root = libm::sqrt(linear * linear + 4.0 * lambda * eta * delta);
    let v =
        if linear > 0.0 { 2.0 * eta * delta / (linear + root) } else { (root - linear) / (2.0 * lambda.max(1e-300)) };
    let v = v.clamp(1e-300, 1e12);
    let r = alpha * spread * v / ((1.0 + v) * delta);
    // labels that say next to nothing still leave m a size
    let m = clean * r / (1.0 + r);
    let b = mean * (clean - m);
    let noise = 1.0 - clean * clean * mean * mean + spread * (m * m - 2.0 * clean * m);
    let tau = (alpha / eta * (v / (1.0 + v)) * (v / (1.0 + v))).min(0.95);
    let variance = (delta * m * m / eta + tau * noise) / (1.0 - tau);
    let mut state = State { m: asked * m, b: fit.bias.unwrap_or(asked * b), q: vec![0.0; k + 1], v: vec![0.0; k + 1] };
    state.q[k] = asked * asked * variance;
    state.v[k] = v / curvature;
    // Q is built from its Cholesky row, which stays positive whatever stands behind
    let mut free = 1.0;
    let mut row: Vec<f64> = Vec::new();
    for (p, &(j, features)) in behind.iter().enumerate() {
        let nested = libm::sqrt(eta.min(features) / eta.max(features));
        let along = ALIKE[p.min(1)] * nested * libm::sqrt(free);
        free -= along * along;
        row.push(along * libm::sqrt(state.q[k]));
        state.q[j] = row.iter().zip(&rows[p]).map(|(a, b)| a * b).sum();
    }
    state
}

/// Curvature of the square nearest to a loss, and the |h| it asks for.
fn nearest_square(fit: &Fit, chain: &Chain, member: &Member) -> (f64, f64) {
    let (curvature, asked) = match fit.loss {
        Loss::Square => (1.0, 1.0),
        Loss::Hinge => (0.5, 1.5),
        Loss::Linear => (1e-3, 1e3),
        Loss::Logistic if fit.smoothing > 0.0 => {
            (CURVATURE, ASKED.min(libm::log((1.0 - fit.smoothing) / fit.smoothing)))
        }
        Loss::Logistic => (CURVATURE, ASKED),
    };
    let Some(lesson) = fit.lesson.filter(|lesson| lesson.kind == TargetKind::Soft) else {
        return (curvature, asked);
    };
    let t = if fit.loss == Loss::Logistic { lesson.temperature } else { 1.0 };
    let said = member.source.map_or(1.0, |p| {
        let square: f64 =
            chain.rows().map(|row| row[Layout::WEIGHT] * row[chain.layout.h(p)] * row[chain.layout.h(p)]).sum();
        libm::sqrt(square)
    });
    let soft = if fit.loss == Loss::Logistic { 2.0 * CURVATURE } else { 1.0 } / (t * t);
    let heard = if fit.loss == Loss::Logistic { said.min(ASKED * t) } else { said };
    let chi = lesson.chi;
    let both = (1.0 - chi) * curvature + chi * soft;
    (both, ((1.0 - chi) * curvature * asked + chi * soft * heard) / both)
}
