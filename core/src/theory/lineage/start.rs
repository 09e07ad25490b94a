//! Where to start when nothing nearer is known: the square loss that is nearest to the unit's own, solved in
//! closed form for features of one variance, beside earlier units as estimates of one direction are.

use crate::model::lineage::{Data, LossLaw, Quadratic, TargetKind};

use super::chain::{Chain, Layout};
use super::member::Member;
use super::state::State;
use super::unit::{Fit, Lesson};

/// Curvature of the square that stands for a logistic loss, and how far out it asks h to be: slope ½ at 0.
const CURVATURE: f64 = 0.125;
const ASKED: f64 = 4.0;
/// What stands for no curvature.
const FLAT: f64 = 1e-3;
/// Correlation with the first unit behind, and with what is left of the later ones.
const ALIKE: [f64; 2] = [0.8, 0.5];

/// The units behind unit k.
pub(super) struct Behind<'a> {
    pub k: usize,
    /// Each with its share of the features.
    pub units: &'a [(usize, f64)],
    /// Their Cholesky rows.
    pub rows: &'a [Vec<f64>],
}

/// Order parameters near those of `fit` at ridge `lambda`.
pub(super) fn start(
    data: &Data,
    fit: &Fit,
    lambda: f64,
    Behind { k, units, rows }: &Behind<'_>,
    chain: &Chain,
    member: &Member,
) -> State {
    let Square { curvature, mean: asked_mean, aligned, spread: asked_spread } =
        nearest_square(data, fit, lambda, chain, member);
    let Data { delta, rho, ref alpha, .. } = *data;
    let (alpha, eta, lambda) = (alpha[fit.set], fit.features, lambda / curvature);
    let mean = 2.0 * rho - 1.0;
    let spread = 1.0 - mean * mean;
    // V of the square loss: λV² + (λ + (α − η)Δ)V − ηΔ = 0, by the root that does not cancel
    let linear = lambda + (alpha - eta) * delta;
    let root = libm::sqrt(linear * linear + 4.0 * lambda * eta * delta);
    let v =
        if linear > 0.0 { 2.0 * eta * delta / (linear + root) } else { (root - linear) / (2.0 * lambda.max(1e-300)) };
    let v = v.clamp(1e-300, 1e12);
    let r = alpha * spread * v / ((1.0 + v) * delta);
    let m = aligned * r / (1.0 + r);
    let b = asked_mean - mean * m;
    // what of the targets s does not explain, and what of s is not reached
    let unexplained = (asked_spread - spread * aligned * aligned).max(1e-6 * asked_spread);
    let noise = unexplained + spread * (aligned - m) * (aligned - m);
    let tau = (alpha / eta * (v / (1.0 + v)) * (v / (1.0 + v))).min(0.95);
    let variance = (delta * m * m / eta + tau * noise) / (1.0 - tau);
    let k = *k;
    let mut state = State { m, b: fit.bias.unwrap_or(b), q: vec![0.0; k + 1], v: vec![0.0; k + 1] };
    state.q[k] = variance;
    state.v[k] = v / curvature;
    // Q is built from its Cholesky row, which stays positive whatever stands behind
    let mut free = 1.0;
    let mut row: Vec<f64> = Vec::new();
    for (p, &(j, features)) in units.iter().enumerate() {
        let nested = libm::sqrt(eta.min(features) / eta.max(features));
        let along = ALIKE[p.min(1)] * nested * libm::sqrt(free);
        free -= along * along;
        row.push(along * libm::sqrt(state.q[k]));
        state.q[j] = row.iter().zip(&rows[p]).map(|(a, b)| a * b).sum();
    }
    state
}

/// curvature·½(τ − h)², of whose targets τ = mean + aligned·(s − E[s]) + … all that matters is this.
struct Square {
    curvature: f64,
    /// E[τ].
    mean: f64,
    /// Cov(τ, s)/Var(s).
    aligned: f64,
    /// Var(τ).
    spread: f64,
}

/// The square nearest to a loss.
fn nearest_square(data: &Data, fit: &Fit, lambda: f64, chain: &Chain, member: &Member) -> Square {
    let (hard, asked) = match fit.loss.law() {
        LossLaw::Quadratic(Quadratic { curvature, pull }) => (curvature.max(FLAT), pull / curvature.max(FLAT)),
        LossLaw::Hinge => (0.5, 1.5),
        LossLaw::Logistic if fit.smoothing > 0.0 => {
            (CURVATURE, ASKED.min(libm::log((1.0 - fit.smoothing) / fit.smoothing)))
        }
        LossLaw::Logistic => (CURVATURE, ASKED),
    };
    // how h_src and y share the say
    let share = fit.lesson.map_or(0.0, |lesson| lesson.chi.clamp(0.0, 1.0));
    let follows_h = fit.loss.quadratic().is_some();
    let (hard, soft) = match fit.lesson {
        Some(Lesson { kind: TargetKind::Soft, temperature: t, .. }) => {
            ((1.0 - share) * hard, share * if follows_h { hard } else { 2.0 * CURVATURE / (t * t) })
        }
        None | Some(Lesson { kind: TargetKind::Hard, .. }) => (hard, 0.0),
    };
    let curvature = hard + soft;
    // beyond this the source is sure, and a ridge keeps h from following it
    let sure = fit.lesson.filter(|_| !follows_h).map_or(f64::INFINITY, |lesson| {
        let t = lesson.temperature.max(1e-300);
        t * (ASKED + libm::log1p(fit.features * data.delta / (lambda.max(1e-300) * t * t)))
    });
    let centre = 2.0 * data.rho - 1.0;
    let (mut mean, mut aligned, mut square) = (0.0, 0.0, 0.0);
    for row in chain.rows() {
        let (weight, s, y) = (row[Layout::WEIGHT], row[Layout::S], row[Layout::Y]);
        let source = member.source.map_or(0.0, |p| row[chain.layout.h(p)]);
        let label = if soft > 0.0 { y } else { member.sign(fit, y, source) };
        let target = (hard * asked * label + soft * source.max(-sure).min(sure)) / curvature;
        mean += weight * target;
        aligned += weight * target * (s - centre);
        square += weight * target * target;
    }
    Square {
        curvature,
        mean,
        aligned: aligned / (1.0 - centre * centre),
        spread: (square - mean * mean).max(1e-12 * square).max(1e-300),
    }
}
