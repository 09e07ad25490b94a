//! What the training samples say of a stage: the mean of its loss, and how near it comes to its source, [`Imitation`]
//! (Fig. 11).

use pulp::{Simd, WithSimd};

use crate::model::Imitation;
use crate::model::bayes::gaussian_tail;
use crate::model::lineage::{LossLaw, Quadratic};
use crate::numerics::{MOST_LANES, Vector, dispatch};

use super::average::density;
use super::cavity::{Cavity, Law, Target};
use super::chain::{Chain, Layout};
use super::member::{Member, Reading, SUREST};
use super::panels::{Rule, for_each_node};
use super::solution::InSample;

struct Sweep<'a> {
    chain: &'a Chain,
    member: &'a Member,
    rule: Rule,
}

/// What the samples say of `member` behind `chain`; nothing where it was not trained on them.
pub(super) fn in_sample(chain: &Chain, member: &Member, rule: Rule) -> InSample {
    let [train_loss, cross_entropy, output_mse, preactivation_mse] = dispatch(Sweep { chain, member, rule });
    let imitation = member.source.map(|_| Imitation { cross_entropy, output_mse, preactivation_mse });
    InSample { train_loss, imitation }
}

impl WithSimd for Sweep<'_> {
    type Output = [f64; 4];

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> [f64; 4] {
        let Self { chain, member, rule } = self;
        let Some(fit) = member.fit else { return [f64::NAN; 4] };
        let law = fit.loss.law();
        let mut total = [0.0; 4];
        let mut guess = 0.0;
        for row in chain.rows() {
            let (mean, source) = chain.mean_and_source(member, row);
            let y = row[Layout::Y];
            let exact = match law {
                LossLaw::Quadratic(law) => Some(quadratic_loss(&member.cavity(mean, y, source), law)),
                LossLaw::Hinge => Some(hinge_loss(&member.cavity(mean, y, source))),
                LossLaw::Logistic => None,
            };
            if let Some(loss) = exact {
                total[0] += row[Layout::WEIGHT] * loss;
                if member.source.is_none() {
                    continue;
                }
            }
            let Rule { length, cut } = chain.behind_by_weight(rule, row);
            let clear = source.clamp(-SUREST, SUREST);
            let said = Target::soft(clear);
            for (cavity, reading) in member.pieces(mean, y, source).0.iter().flatten() {
                // a loss that only follows the source at T = 1 is the cross-entropy that is told in any case
                let repeats = member.source.is_some()
                    && matches!(cavity.law, Law::Logistic { hard_weight: 0.0, soft_weight: 1.0, soft, temperature: 1.0, .. } if soft == said);
                let mut sums = [[Vector::splat(simd, 0.0); 4]; MOST_LANES];
                let (offset, cleared) = (cavity.centre - source, source - clear);
                for_each_node(
                    simd,
                    cavity,
                    &member.grading,
                    length,
                    cut,
                    &mut guess,
                    #[inline(always)]
                    |first, nodes| {
                        let (d, weight) = (nodes.d, nodes.weight);
                        let (h, apart) = match *reading {
                            Reading::Free => (d + d.constant(cavity.centre), d + d.constant(offset)),
                            Reading::Held { y } => (d.constant(y), d.constant(y - source)),
                        };
                        let sum = &mut sums[first / S::F64_LANES];
                        if exact.is_none() && !repeats {
                            sum[0] = weight.mul_add(logistic_loss(cavity, h), sum[0]);
                        }
                        if member.source.is_some() {
                            let output = outputs_apart(apart + d.constant(cleared), said);
                            let half = d.constant(0.5) * weight;
                            sum[1] = weight.mul_add(cross_entropy(h, said), sum[1]);
                            sum[2] = (half * output).mul_add(output, sum[2]);
                            sum[3] = (half * apart).mul_add(apart, sum[3]);
                        }
                    },
                );
                for part in &mut sums[..MOST_LANES / S::F64_LANES] {
                    if repeats {
                        part[0] = part[1];
                    }
                    for (total, sum) in total.iter_mut().zip(part) {
                        let lanes = sum.to_array();
                        *total += row[Layout::WEIGHT] * lanes[..S::F64_LANES].iter().sum::<f64>();
                    }
                }
            }
        }
        total
    }
}

/// E[ℓ] over one field of the hinge loss: 1 − yh = r − V where it is positive.
fn hinge_loss(cavity: &Cavity) -> f64 {
    let Law::Affine { force, .. } = cavity.law else { return f64::NAN };
    let r = 1.0 - force * cavity.shift - cavity.v;
    let t = r / cavity.width;
    r * gaussian_tail(-t) + cavity.width * density(t)
}

/// E[ℓ] over one field of a quadratic loss, whose h − asked·τ = (ω − asked·τ)/(1 + AV) where it has a least value.
fn quadratic_loss(cavity: &Cavity, law: Quadratic) -> f64 {
    let Law::Affine { curvature, force } = cavity.law else { return f64::NAN };
    if law.asked().is_none() {
        return -force * (cavity.shift + cavity.v * force);
    }
    let response = 1.0 / (1.0 + curvature * cavity.v);
    let [miss, spread] = [cavity.shift, cavity.width].map(|of_omega| of_omega * response);
    0.5 * curvature * (miss * miss + spread * spread)
}

/// ℓ(h) under the logistic loss: both parts are linear in their targets.
#[inline(always)]
fn logistic_loss<S: Simd>(cavity: &Cavity, h: Vector<S>) -> Vector<S> {
    let Law::Logistic { hard_weight, label, soft_weight, soft, temperature } = cavity.law else {
        return h.constant(f64::NAN);
    };
    let mut loss = h.constant(0.0);
    if hard_weight != 0.0 {
        loss = h.constant(hard_weight) * cross_entropy(h, label);
    }
    if soft_weight != 0.0 {
        let cooled = h * h.constant(1.0 / temperature);
        loss = cross_entropy(cooled, soft).mul_add(h.constant(soft_weight), loss);
    }
    loss
}

/// H(p, σ(h)), of whose two equal forms the one is taken whose terms do not cancel on this side of h = 0.
#[inline(always)]
fn cross_entropy<S: Simd>(h: Vector<S>, target: Target) -> Vector<S> {
    let zero = h.constant(0.0);
    let wrong = h.select_above(zero, h.constant(target.complement), h.constant(target.p));
    h.abs().mul_add(wrong, (zero - h.abs()).exp().ln_1p())
}

/// |σ(h) − σ(h_src)| from h − h_src, as in the loss: without cancellation.
#[inline(always)]
fn outputs_apart<S: Simd>(apart: Vector<S>, said: Target) -> Vector<S> {
    let zero = apart.constant(0.0);
    let (up, down) = (apart.constant(said.p), apart.constant(said.complement));
    let (fade, fall) = (zero - apart.abs()).exp_and_complement();
    let (p, complement) = (apart.select_above(zero, up, down), apart.select_above(zero, down, up));
    p * complement * fall / complement.mul_add(fade, p)
}
