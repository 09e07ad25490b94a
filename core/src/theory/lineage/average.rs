//! The averages of the last field of a chain, which its unit's conjugates are made of.

use pulp::{Simd, WithSimd};

use crate::model::lineage::Loss;
use crate::numerics::{MOST_LANES, Vector, dispatch};

use super::cavity::{Cavity, Law, Target};
use super::chain::{Chain, Layout, remaining_cut};
use super::member::Member;
use super::panels::{Rule, for_each_node};

/// Averages of a unit's g over the samples.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Averages {
    /// E[s g].
    pub aligned: f64,
    /// E[g].
    pub force: f64,
    /// E[g²].
    pub square: f64,
    /// −E[∂g/∂ω].
    pub stiffness: f64,
    /// E[g g_p], for every member of the chain.
    pub shared: Vec<f64>,
    /// E[dg/dω_p] without the jumps of hard labels.
    pub response: Vec<f64>,
    /// E[ξ_p g].
    pub stein: Vec<f64>,
    /// The panels they took.
    pub panels: usize,
}

/// E over one field of g, g², −∂g/∂ω and ∂h/∂ω.
type Forces = [f64; 4];

/// A field that is linear in ω has its averages at once.
fn linear(cavity: &Cavity, curvature: f64, force: f64) -> Forces {
    let response = 1.0 / (1.0 + cavity.v * curvature);
    let mean = (force - curvature * cavity.shift) * response;
    let spread = curvature * response * cavity.width;
    [mean, mean * mean + spread * spread, curvature * response, response]
}

/// P(z > t).
fn tail(t: f64) -> f64 {
    0.5 * libm::erfc(t / std::f64::consts::SQRT_2)
}

/// φ(t).
fn density(t: f64) -> f64 {
    0.398_942_280_401_432_7 * libm::exp(-0.5 * t * t)
}

/// The hinge: g = y clip(r/V, 0, 1) with r = 1 − yω Gaussian.
fn hinge(cavity: &Cavity, y: f64) -> Forces {
    let (v, width) = (cavity.v, cavity.width);
    let mean = 1.0 - y * cavity.shift;
    // P(r > a), E[(r − a)₊] and E[(r − a)₊²]
    let beyond = |a: f64| {
        let t = (mean - a) / width;
        let (tail, density) = (tail(-t), density(t));
        [tail, width * (t * tail + density), width * width * ((t * t + 1.0) * tail + t * density)]
    };
    let (zero, far) = (beyond(0.0), beyond(v));
    let held = zero[0] - far[0];
    let force = y * (zero[1] - far[1]) / v;
    let square = (zero[2] - far[2] - 2.0 * v * far[1]) / (v * v);
    [force, square, held / v, 1.0 - held]
}

struct Sweep<'a> {
    chain: &'a Chain,
    member: &'a Member,
    rule: Rule,
    averages: Averages,
}

/// The averages of `member` behind `chain`.
pub(super) fn averages(chain: &Chain, member: &Member, rule: Rule) -> Averages {
    let n = chain.members.len();
    let averages = Averages {
        aligned: 0.0,
        force: 0.0,
        square: 0.0,
        stiffness: 0.0,
        shared: vec![0.0; n],
        response: vec![0.0; n],
        stein: vec![0.0; n],
        panels: 0,
    };
    dispatch(Sweep { chain, member, rule, averages })
}

impl WithSimd for Sweep<'_> {
    type Output = Averages;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Averages {
        let Self { chain, member, rule, averages: mut sum } = self;
        let layout = chain.layout;
        let n = chain.members.len();
        let loss = member.fit.map(|fit| fit.loss);
        let mut guess = 0.0;
        sum.panels = chain.count();
        for row in chain.rows() {
            let (mean, source) = chain.mean_and_source(member, row);
            let y = row[Layout::Y];
            let cavity = member.cavity(mean, y, source);
            let [force, square, stiffness, response] = match (cavity.law, loss) {
                (Law::Affine { force, .. }, Some(Loss::Hinge)) => hinge(&cavity, force),
                (Law::Affine { curvature, force }, _) => linear(&cavity, curvature, force),
                (Law::Logistic { .. }, _) => {
                    let cut = remaining_cut(rule.cut, row, chain);
                    let (forces, panels) = logistic(simd, &cavity, member, rule.length, cut, &mut guess);
                    sum.panels += panels;
                    forces
                }
            };
            let weight = row[Layout::WEIGHT];
            sum.aligned += weight * row[Layout::S] * force;
            sum.force += weight * force;
            sum.square += weight * square;
            sum.stiffness += weight * stiffness;
            let cross = member.cross_curvature(source);
            for p in 0..n {
                let (t, along) = chain.responses(member, row, p);
                sum.shared[p] += weight * row[layout.g(p)] * force;
                sum.response[p] -= weight * (stiffness * t + cross * along * response);
                sum.stein[p] += weight * row[layout.xi(p)] * force;
            }
        }
        sum
    }
}

/// The averages over one field under the logistic loss.
#[inline(always)]
fn logistic<S: Simd>(
    simd: S,
    cavity: &Cavity,
    member: &Member,
    length: f64,
    cut: f64,
    guess: &mut f64,
) -> (Forces, usize) {
    // each lane of the widest register has its own sum, so that no bit depends on the width of this one
    let mut sums = [[Vector::splat(simd, 0.0); 4]; MOST_LANES];
    let one = Vector::splat(simd, 1.0);
    let v = Vector::splat(simd, cavity.v);
    let panels = for_each_node(
        simd,
        cavity,
        &member.grading,
        length,
        cut,
        guess,
        #[inline(always)]
        |first, nodes| {
            let sum = &mut sums[first / S::F64_LANES];
            let (g, curvature, weight) = (nodes.at.slope, nodes.at.curvature, nodes.weight);
            let response = weight / v.mul_add(curvature, one);
            let pull = weight * g;
            sum[0] = sum[0] - pull;
            sum[1] = pull.mul_add(g, sum[1]);
            sum[2] = curvature.mul_add(response, sum[2]);
            sum[3] = sum[3] + response;
        },
    );
    let mut total = [0.0; 4];
    for (k, total) in total.iter_mut().enumerate() {
        for part in &sums[..MOST_LANES / S::F64_LANES] {
            for lane in &part[k].to_array()[..S::F64_LANES] {
                *total += lane;
            }
        }
    }
    (total, panels)
}

struct MeanLoss<'a> {
    chain: &'a Chain,
    member: &'a Member,
    rule: Rule,
}

/// E[ℓ(h)] of `member` behind `chain`, the mean of its loss over the samples.
pub(super) fn mean_loss(chain: &Chain, member: &Member, rule: Rule) -> f64 {
    dispatch(MeanLoss { chain, member, rule })
}

impl WithSimd for MeanLoss<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let Self { chain, member, rule } = self;
        let Some(fit) = member.fit else { return f64::NAN };
        let (mut sum, mut guess) = (0.0, 0.0);
        for row in chain.rows() {
            let (mean, source) = chain.mean_and_source(member, row);
            let y = row[Layout::Y];
            let cavity = member.cavity(mean, y, source);
            let loss = match (fit.loss, cavity.law) {
                (Loss::Logistic, _) => {
                    let cut = remaining_cut(rule.cut, row, chain);
                    logistic_loss(simd, &cavity, member, rule.length, cut, &mut guess)
                }
                (Loss::Square | Loss::Linear | Loss::Hinge, Law::Logistic { .. }) => f64::NAN,
                // 1 − yh = r − V where it is positive
                (Loss::Hinge, Law::Affine { force: y, .. }) => {
                    let r = 1.0 - y * cavity.shift - cavity.v;
                    let t = r / cavity.width;
                    r * tail(-t) + cavity.width * density(t)
                }
                (Loss::Linear, Law::Affine { force, .. }) => -force * (mean + cavity.v * force),
                // the target is the centre, and h − y = (ω − y)/(1 + V)
                (Loss::Square, Law::Affine { .. }) => {
                    let response = 1.0 / (1.0 + cavity.v);
                    let [miss, spread] = [cavity.shift, cavity.width].map(|of_omega| of_omega * response);
                    0.5 * (miss * miss + spread * spread)
                }
            };
            sum += row[Layout::WEIGHT] * loss;
        }
        sum
    }
}

/// E[ℓ] over one field under the logistic loss: both parts are linear in their targets.
#[inline(always)]
fn logistic_loss<S: Simd>(simd: S, cavity: &Cavity, member: &Member, length: f64, cut: f64, guess: &mut f64) -> f64 {
    let Law::Logistic { hard_weight, label, soft_weight, soft, temperature } = cavity.law else {
        return f64::NAN;
    };
    let mut sum = 0.0;
    for_each_node(
        simd,
        cavity,
        &member.grading,
        length,
        cut,
        guess,
        #[inline(always)]
        |_, nodes| {
            let h = nodes.d + nodes.d.constant(cavity.centre);
            let mut loss = h.constant(0.0);
            if hard_weight > 0.0 {
                loss = h.constant(hard_weight) * cross_entropy(h, label);
            }
            if soft_weight > 0.0 {
                let cooled = h * h.constant(1.0 / temperature);
                loss = cross_entropy(cooled, soft).mul_add(h.constant(soft_weight), loss);
            }
            let lanes = (loss * nodes.weight).to_array();
            lanes[..S::F64_LANES].iter().for_each(|lane| sum += lane);
        },
    );
    sum
}

/// H(p, σ(h)), of whose two equal forms the one is taken whose terms do not cancel on this side of h = 0.
#[inline(always)]
pub(super) fn cross_entropy<S: Simd>(h: Vector<S>, target: Target) -> Vector<S> {
    let zero = h.constant(0.0);
    let wrong = h.select_above(zero, h.constant(target.complement), h.constant(target.p));
    h.abs().mul_add(wrong, (zero - h.abs()).exp().ln_1p())
}
