//! The averages of the last field of a chain, which its unit's conjugates are made of.

use pulp::{Simd, WithSimd};

use crate::model::bayes::gaussian_tail;
use crate::model::lineage::LossLaw;
use crate::numerics::{MOST_LANES, Vector, dispatch};

use super::cavity::{Cavity, Law};
use super::chain::{Chain, Layout};
use super::member::{Member, logistic_law};
use super::panels::{INVERSE_SQRT_2PI, PLACES, Rule, SHARES, for_each_node};
use super::unit::Fit;

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

/// φ(t).
pub(super) fn density(t: f64) -> f64 {
    INVERSE_SQRT_2PI * libm::exp(-0.5 * t * t)
}

/// Widths of ω to V below which the samples at the margin are summed: from there up what their moments take from each
/// other is no more than rounding.
const NARROW_MARGIN: f64 = 0.5;

/// The hinge: g = y clip(r/V, 0, 1) with r = 1 − yω Gaussian.
fn hinge(cavity: &Cavity, y: f64) -> Forces {
    let (v, width) = (cavity.v, cavity.width);
    let mean = 1.0 - y * cavity.shift;
    let [t, far] = [mean, mean - v].map(|r| r / width);
    let beyond = gaussian_tail(-far);
    // E[(r/V)^k; 0 < r < V]
    let [held, once, twice] = if v < NARROW_MARGIN * width {
        let mut sums = [0.0; 3];
        for (place, share) in PLACES.into_iter().zip(SHARES) {
            let weight = share * v / width * density((v * place - mean) / width);
            sums = [sums[0] + weight, sums[1] + weight * place, sums[2] + weight * place * place];
        }
        sums
    } else {
        let (a, c) = (mean / v, width / v);
        let held = if far > 0.0 { gaussian_tail(far) - gaussian_tail(t) } else { gaussian_tail(-t) - beyond };
        let first = density(t) - density(far);
        let second = held - t * density(t) + far * density(far);
        [held, a * held + c * first, a * a * held + 2.0 * a * c * first + c * c * second]
    };
    [y * (beyond + once), beyond + twice, held / v, 1.0 - held]
}

/// What is known of the last field at a node whatever its order parameters, under the logistic loss.
pub(super) struct Ahead {
    rule: Rule,
    law: Law,
    centre: f64,
}

/// What is known of the field of a fit at every node of a chain, of which `source` is the place of its source; nothing
/// where the averages need no nodes.
pub(super) fn ahead(chain: &Chain, fit: &Fit, source: Option<usize>, rule: Rule) -> Vec<Ahead> {
    let known = |row: &[f64]| {
        let source = source.map_or(0.0, |p| row[chain.layout.h(p)]);
        let (law, centre) = logistic_law(fit, row[Layout::Y], source);
        Ahead { rule: chain.behind_by_weight(rule, row), law, centre }
    };
    match fit.loss.law() {
        LossLaw::Logistic => chain.rows().map(known).collect(),
        LossLaw::Quadratic(_) | LossLaw::Hinge => Vec::new(),
    }
}

struct Sweep<'a> {
    chain: &'a Chain,
    member: &'a Member,
    ahead: &'a [Ahead],
    averages: Averages,
}

/// The averages of `member` behind `chain`, given what is known of it.
pub(super) fn averages(chain: &Chain, member: &Member, ahead: &[Ahead]) -> Averages {
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
    dispatch(Sweep { chain, member, ahead, averages })
}

impl WithSimd for Sweep<'_> {
    type Output = Averages;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Averages {
        let Self { chain, member, ahead, averages: mut sum } = self;
        let layout = chain.layout;
        let n = chain.members.len();
        let law = member.fit.map(|fit| fit.loss.law());
        let mut guess = 0.0;
        sum.panels = chain.count();
        for (node, row) in chain.rows().enumerate() {
            let (mean, source) = chain.mean_and_source(member, row);
            let [force, square, stiffness, response] = match ahead.get(node) {
                Some(Ahead { rule: Rule { length, cut }, law, centre }) => {
                    let cavity = member.cavity_under(*law, *centre, mean);
                    let (forces, panels) = logistic(simd, &cavity, member, *length, *cut, &mut guess);
                    sum.panels += panels;
                    forces
                }
                None => {
                    let cavity = member.cavity(mean, row[Layout::Y], source);
                    match (cavity.law, law) {
                        (Law::Affine { force, .. }, Some(LossLaw::Hinge)) => hinge(&cavity, force),
                        (Law::Affine { curvature, force }, _) => linear(&cavity, curvature, force),
                        (Law::Logistic { .. }, _) => [f64::NAN; 4],
                    }
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
            let pull = weight * g;
            sum[0] = sum[0] - pull;
            sum[1] = pull.mul_add(g, sum[1]);
            sum[2] = curvature.mul_add(nodes.measure, sum[2]);
            sum[3] = sum[3] + nodes.measure;
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
