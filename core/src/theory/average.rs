//! Averages over the cavity fields of many samples, as many at a time as a vector register has lanes.

use pulp::{Arch, Simd, WithSimd};

use crate::numerics::quadrature::{Grading, for_each_node};
use crate::numerics::{MOST_LANES, Vector};

use super::budget::Budget;
use super::proximal::{CavityField, Lanes, ProximalNode};

/// Distance from h = 0, in bends, at which ℓ'' has fallen below rounding for V of order one.
const REACH: f64 = 10.0;

/// What is averaged: K functions of a node.
pub(super) trait Integrand<const K: usize>: Copy {
    /// Their values.
    fn at<S: Simd>(self, node: &ProximalNode<S>) -> [Vector<S>; K];
}

/// g, g², −∂g/∂ω and ∂h/∂ω: all that the conjugates are made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Forces;

impl Integrand<4> for Forces {
    #[inline(always)]
    fn at<S: Simd>(self, node: &ProximalNode<S>) -> [Vector<S>; 4] {
        [node.g, node.g * node.g, node.stiffness, node.response]
    }
}

/// Where the cavity fields come from: each with the |z| at which it is cut, all with the same loss and V.
pub(super) trait Samples: Sized {
    /// How many there are; > 0.
    fn count(&self) -> usize;
    /// The i-th, and its cut.
    fn sample(&self, i: usize) -> (CavityField, f64);
    /// What pays for the nodes, where there is a bound on them; once it is spent, nothing more is averaged.
    fn budget(&self) -> Option<&Budget> {
        None
    }

    /// E[f] over each cavity field, given to `take` in their order.
    fn average<const K: usize>(self, step: f64, integrand: impl Integrand<K>, take: impl FnMut(usize, [f64; K])) {
        Arch::new().dispatch(Average { samples: self, step, integrand, take });
    }

    /// The nodes of every cavity field, as (field, [h, z, g, ∂h/∂ω, −∂g/∂ω, weight]).
    fn nodes(self, step: f64, take: impl FnMut(usize, [f64; 6])) {
        Arch::new().dispatch(Nodes { samples: self, step, take });
    }
}

/// Visits the nodes of `samples` group by group, as many as a register has lanes; `enter` and `leave` are
/// told the first sample of a group and how many it has.
#[inline(always)]
fn for_each_group<S: Simd, A>(
    simd: S,
    samples: &impl Samples,
    step: f64,
    enter: impl Fn() -> A,
    visit: impl Fn(&mut A, &ProximalNode<S>),
    mut leave: impl FnMut(usize, usize, A),
) {
    let count = samples.count();
    let mut guess = 0.0;
    // the guess changes every MOST_LANES samples, not every register, so that no bit depends on its width
    for first in (0..count).step_by(MOST_LANES) {
        if samples.budget().is_some_and(Budget::is_spent) {
            return;
        }
        let group = (count - first).min(MOST_LANES);
        let taken: [(CavityField, f64); MOST_LANES] = std::array::from_fn(|i| samples.sample(first + i.min(group - 1)));
        let loss = taken[0].0.loss;
        let scale = loss.scale();
        let grading = Grading { scale, reach: scale * (REACH + taken[0].0.v.ln_1p()) };
        let fields = taken.map(|(field, _)| field);
        let mut start = None;
        let mut longest = 0;
        for part in (0..group).step_by(S::F64_LANES) {
            let lanes = Lanes::new(simd, &fields[part..]);
            let cut = Vector::from_fn(simd, |i| taken[part + i].1);
            let mut sums = enter();
            let mut nodes = 0;
            let found = for_each_node(&lanes, grading, step, cut, cut.constant(guess), |node| {
                nodes += 1;
                visit(&mut sums, &lanes.node(node));
            });
            longest = longest.max(nodes);
            start.get_or_insert(found.to_array()[0]);
            leave(first + part, (group - part).min(S::F64_LANES), sums);
        }
        if let Some(budget) = samples.budget() {
            budget.spend(longest);
        }
        guess = start.unwrap_or(guess);
    }
}

struct Average<P, I, F, const K: usize> {
    samples: P,
    step: f64,
    integrand: I,
    take: F,
}

impl<P: Samples, I: Integrand<K>, F: FnMut(usize, [f64; K]), const K: usize> WithSimd for Average<P, I, F, K> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for_each_group(
            simd,
            &self.samples,
            self.step,
            #[inline(always)]
            || [Vector::splat(simd, 0.0); K],
            #[inline(always)]
            |sums: &mut [Vector<S>; K], node| {
                let values = self.integrand.at(node);
                for k in 0..K {
                    sums[k] = node.weight.mul_add(values[k], sums[k]);
                }
            },
            #[inline(always)]
            |first, count, sums| {
                let sums = sums.map(Vector::to_array);
                let of = |i: usize| std::array::from_fn(|k| sums[k][i]);
                (0..count).for_each(|i| (self.take)(first + i, of(i)));
            },
        );
    }
}

struct Nodes<P, F> {
    samples: P,
    step: f64,
    take: F,
}

impl<P: Samples, F: FnMut(usize, [f64; 6])> WithSimd for Nodes<P, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for_each_group(
            simd,
            &self.samples,
            self.step,
            Vec::new,
            |nodes: &mut Vec<[[f64; MOST_LANES]; 6]>, node| {
                let ProximalNode { h, z, g, response, stiffness, weight, .. } = *node;
                nodes.push([h, z, g, response, stiffness, weight].map(Vector::to_array));
            },
            |first, count, nodes| {
                for i in 0..count {
                    for node in &nodes {
                        (self.take)(first + i, node.map(|lanes| lanes[i]));
                    }
                }
            },
        );
    }
}
