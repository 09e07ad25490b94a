//! The averages of [`Imitation`], how near a stage comes to its source on the training samples (Fig. 11).

use pulp::{Simd, WithSimd};

use crate::model::Imitation;
use crate::numerics::{MOST_LANES, Vector, dispatch};

use super::average::cross_entropy;
use super::cavity::Target;
use super::chain::{Chain, Layout, remaining_cut};
use super::member::{Member, Reading, SUREST};
use super::panels::{Rule, for_each_node};

struct Compare<'a> {
    chain: &'a Chain,
    member: &'a Member,
    rule: Rule,
}

impl Imitation {
    /// Of `member` behind `chain`; none without a source.
    pub(super) fn of(chain: &Chain, member: &Member, rule: Rule) -> Option<Self> {
        member.source?;
        let [cross_entropy, output_mse, preactivation_mse] = dispatch(Compare { chain, member, rule });
        Some(Self { cross_entropy, output_mse, preactivation_mse })
    }
}

impl WithSimd for Compare<'_> {
    type Output = [f64; 3];

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> [f64; 3] {
        let Self { chain, member, rule } = self;
        let mut total = [0.0; 3];
        let mut guess = 0.0;
        for row in chain.rows() {
            let (mean, source) = chain.mean_and_source(member, row);
            let cut = remaining_cut(rule.cut, row, chain);
            let clear = source.clamp(-SUREST, SUREST);
            let said = Target::soft(clear);
            for (cavity, reading) in member.pieces(mean, row[Layout::Y], source).0.iter().flatten() {
                let mut sums = [[Vector::splat(simd, 0.0); 3]; MOST_LANES];
                let (offset, cleared) = (cavity.centre - source, source - clear);
                for_each_node(
                    simd,
                    cavity,
                    &member.grading,
                    rule.length,
                    cut,
                    &mut guess,
                    #[inline(always)]
                    |first, nodes| {
                        let d = nodes.d;
                        let (h, apart) = match *reading {
                            Reading::Free => (d + d.constant(cavity.centre), d + d.constant(offset)),
                            Reading::Held { y } => (d.constant(y), d.constant(y - source)),
                        };
                        let output = outputs_apart(apart + d.constant(cleared), said);
                        let half = d.constant(0.5) * nodes.weight;
                        let sum = &mut sums[first / S::F64_LANES];
                        sum[0] = nodes.weight.mul_add(cross_entropy(h, said), sum[0]);
                        sum[1] = (half * output).mul_add(output, sum[1]);
                        sum[2] = (half * apart).mul_add(apart, sum[2]);
                    },
                );
                for part in &sums[..MOST_LANES / S::F64_LANES] {
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

/// |σ(h) − σ(h_src)| from h − h_src, as in the loss: without cancellation.
#[inline(always)]
fn outputs_apart<S: Simd>(apart: Vector<S>, said: Target) -> Vector<S> {
    let zero = apart.constant(0.0);
    let (up, down) = (apart.constant(said.p), apart.constant(said.complement));
    let (fade, fall) = (zero - apart.abs()).exp_and_complement();
    let (p, complement) = (apart.select_above(zero, up, down), apart.select_above(zero, down, up));
    p * complement * fall / complement.mul_add(fade, p)
}
