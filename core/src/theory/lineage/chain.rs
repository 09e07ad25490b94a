//! The fields behind a unit: the nodes of its ancestors on one data set.
//!
//! ```text
//! ω_p = s m_p + b_p + Σ_a L_pa ξ_a,   Q = LLᵀ        h_p = ω_p + Σ_{j ≤ p on the set} V_pj g_j
//! t_a = Σ_{a ≤ j < p} V_pj dg_j/dω_a
//! dg_p/dω_a = −(A t_a + B dh_src/dω_a)/(1 + VA)      dh_p/dω_a = (t_a − V B dh_src/dω_a)/(1 + VA)
//! ```
//!
//! An ancestor that was not trained on the set has g = 0 and h explicit; it remembers the set through its own
//! ancestors, whose V stay.

use pulp::{Simd, WithSimd};

use crate::model::lineage::Data;
use crate::numerics::{MOST_LANES, dispatch};

use super::cavity::{Cavity, Law};
use super::member::{Member, Reading};
use super::panels::{Nodes, Rule, for_each_node};

/// The columns of a node of a chain of n members.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    n: usize,
}

impl Layout {
    pub const WEIGHT: usize = 0;
    pub const S: usize = 1;
    pub const Y: usize = 2;
    const FIXED: usize = 3;

    pub fn xi(self, p: usize) -> usize {
        Self::FIXED + p
    }
    pub fn h(self, p: usize) -> usize {
        Self::FIXED + self.n + p
    }
    pub fn g(self, p: usize) -> usize {
        Self::FIXED + 2 * self.n + p
    }
    /// dh_p/dω_a, a ≤ p.
    pub fn dh(self, p: usize, a: usize) -> usize {
        Self::FIXED + 3 * self.n + p * (p + 1) / 2 + a
    }
    /// dg_p/dω_a, a ≤ p.
    pub fn dg(self, p: usize, a: usize) -> usize {
        Self::FIXED + 3 * self.n + self.n * (self.n + 1) / 2 + p * (p + 1) / 2 + a
    }
    fn stride(self) -> usize {
        Self::FIXED + 3 * self.n + self.n * (self.n + 1)
    }
}

/// The nodes of a chain of fields.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    pub members: Vec<Member>,
    pub layout: Layout,
    /// Whether some nodes are far out.
    far: bool,
    /// Whether there were too many nodes to hold them all.
    overfull: bool,
    values: Vec<f64>,
}

/// Nodes of a chain at most: 500 megabytes of them for five stages.
const MOST_NODES: usize = 1_500_000;
/// Nodes lighter than this do not count.
const LIGHT: f64 = 1e-17;
/// The share of the mean weight of a node from which on it is taken for lighter still: panels at most 2.4 times as long.
const LEAST_SHARE: f64 = 1e-6;
/// |z| down to which a field is visited however far out those before it are.
const LEAST_CUT: f64 = 1.0;

/// A reader's targets are made where its source is near 0, so the field of a source is visited there however rare that is; up to this |z|, where
/// the Gaussian underflows.
const FARTHEST: f64 = 35.0;
/// |z| beyond the place where a far source is 0.
const MARGIN: f64 = 2.0;
/// Nodes lighter than this do not count where rare ones do.
const LIGHTEST: f64 = 1e-290;

impl Cavity {
    /// How far out the field of a far source has to be visited, if it is read there and that is beyond the cut: to where it is 0, or
    /// to where E[e^{2h/T}] comes from.
    fn far(&self, member: &Member, cut: f64) -> Option<f64> {
        let Law::Affine { curvature, force } = self.law else { return None };
        let zero = -(self.centre + self.shift + self.v * (curvature * self.centre + force)) / self.width;
        let tilted = 2.0 * self.width / member.read?.scale + cut;
        let farthest = (zero.abs() + MARGIN).min(tilted);
        (farthest > cut && farthest < FARTHEST).then_some(farthest.copysign(zero))
    }
}

impl Chain {
    /// The clouds and labels of a data set, with no field yet.
    pub fn labels(data: &Data) -> Self {
        let mut values = Vec::new();
        for (s, share) in data.classes() {
            for (y, chance) in [(s, 1.0 - data.label_noise), (-s, data.label_noise)] {
                if chance > 0.0 {
                    values.extend([share * chance, s, y]);
                }
            }
        }
        Self { members: Vec::new(), layout: Layout { n: 0 }, far: false, overfull: false, values }
    }

    pub fn rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.values.chunks_exact(self.layout.stride())
    }

    /// Whether there were too many nodes to hold them all, so that its averages mean nothing.
    pub fn overfull(&self) -> bool {
        self.overfull
    }

    /// How many nodes there are.
    pub fn count(&self) -> usize {
        self.values.len() / self.layout.stride()
    }

    /// The rule for the next field behind a node: all Gaussian variables together are cut at a sphere, unless rare ones
    /// of them count.
    pub fn behind(&self, rule: Rule, row: &[f64]) -> Rule {
        if self.far {
            return rule;
        }
        let gone: f64 = row[self.layout.xi(0)..self.layout.xi(self.layout.n)].iter().map(|xi| xi * xi).sum();
        Rule { cut: libm::sqrt((rule.cut * rule.cut - gone).max(LEAST_CUT * LEAST_CUT)), ..rule }
    }

    /// The same for averages to which no rare node gives much: as the error of a panel grows as the sixteenth power of
    /// its length, a node with less weight than the others can afford longer ones.
    pub fn behind_by_weight(&self, rule: Rule, row: &[f64]) -> Rule {
        let share = (row[Layout::WEIGHT] * self.count() as f64).clamp(LEAST_SHARE, 1.0);
        let longer = if self.far { 1.0 } else { libm::sqrt(libm::sqrt(libm::sqrt(libm::sqrt(share)))) };
        self.behind(Rule { length: rule.length / longer, ..rule }, row)
    }

    /// The mean of the next field at a node, and the output of its source.
    #[inline]
    pub fn mean_and_source(&self, member: &Member, row: &[f64]) -> (f64, f64) {
        let mut mean = row[Layout::S] * member.m + member.b;
        for p in 0..self.layout.n {
            mean += member.row[p] * row[self.layout.xi(p)] + member.v_row[p] * row[self.layout.g(p)];
        }
        (mean, member.source.map_or(0.0, |p| row[self.layout.h(p)]))
    }

    /// t_a, and dh_src/dω_a, of the next field at a node.
    #[inline]
    pub fn responses(&self, member: &Member, row: &[f64], a: usize) -> (f64, f64) {
        let t = (a..self.layout.n).map(|j| member.v_row[j] * row[self.layout.dg(j, a)]).sum();
        let source = member.source.filter(|&p| p >= a).map_or(0.0, |p| row[self.layout.dh(p, a)]);
        (t, source)
    }

    /// The chain with another field behind it.
    pub fn extend(&self, member: Member, rule: Rule) -> Self {
        let layout = Layout { n: self.layout.n + 1 };
        let mut values = Vec::new();
        let far = dispatch(Extend { chain: self, member: &member, layout, rule, values: &mut values });
        let members = self.members.iter().cloned().chain([member]).collect();
        let overfull = self.overfull || values.len() / layout.stride() >= MOST_NODES;
        Self { members, layout, far: self.far || far, overfull, values }
    }
}

struct Extend<'a> {
    chain: &'a Chain,
    member: &'a Member,
    layout: Layout,
    rule: Rule,
    values: &'a mut Vec<f64>,
}

impl WithSimd for Extend<'_> {
    type Output = bool;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> bool {
        let Self { chain, member, layout, rule, values } = self;
        let (before, n) = (chain.layout, chain.layout.n);
        let on_set = member.fit.is_some();
        let mut guess = 0.0;
        let mut any_far = false;
        for row in chain.rows() {
            if values.len() / layout.stride() >= MOST_NODES {
                break;
            }
            let (mean, source) = chain.mean_and_source(member, row);
            let Rule { length, cut } = chain.behind(rule, row);
            let cross = member.cross_curvature(source);
            let (pieces, _) = member.pieces(mean, row[Layout::Y], source);
            for (cavity, reading) in pieces.iter().flatten() {
                let far = cavity.far(member, cut);
                any_far |= far.is_some();
                let cut = far.map_or(cut, f64::abs);
                let mut take = |d: f64, z: f64, slope: f64, curvature: f64, weight: f64| {
                    let weight = row[Layout::WEIGHT] * weight;
                    let light = if far.is_some_and(|far| far * z > 0.0) || chain.far { LIGHTEST } else { LIGHT };
                    if weight < light {
                        return;
                    }
                    let (h, g, stiffness, response) = match *reading {
                        Reading::Free => {
                            let response = 1.0 / (1.0 + member.v * curvature);
                            (cavity.centre + d, -slope, curvature * response, response)
                        }
                        Reading::Held { y } => (y, (y - d) / member.v, 1.0 / member.v, 0.0),
                    };
                    let g = if on_set { g } else { 0.0 };
                    let start = values.len();
                    values.resize(start + layout.stride(), 0.0);
                    let node = &mut values[start..];
                    node[..3].copy_from_slice(&[weight, row[Layout::S], row[Layout::Y]]);
                    for p in 0..n {
                        node[layout.xi(p)] = row[before.xi(p)];
                        node[layout.h(p)] = row[before.h(p)];
                        node[layout.g(p)] = row[before.g(p)];
                        for a in 0..=p {
                            node[layout.dh(p, a)] = row[before.dh(p, a)];
                            node[layout.dg(p, a)] = row[before.dg(p, a)];
                        }
                    }
                    (node[layout.xi(n)], node[layout.h(n)], node[layout.g(n)]) = (z, h, g);
                    for a in 0..n {
                        let (t, along) = chain.responses(member, row, a);
                        node[layout.dh(n, a)] = response * (t - member.v * cross * along);
                        node[layout.dg(n, a)] = -(stiffness * t + response * cross * along);
                    }
                    node[layout.dh(n, n)] = response;
                    node[layout.dg(n, n)] = -stiffness;
                };
                for_each_node(simd, cavity, &member.grading, length, cut, &mut guess, |_, nodes: &Nodes<S>| {
                    let [d, z, slope, curvature, weight] =
                        [nodes.d, nodes.at.z, nodes.at.slope, nodes.at.curvature, nodes.weight].map(|v| v.to_array());
                    for lane in 0..S::F64_LANES.min(MOST_LANES) {
                        take(d[lane], z[lane], slope[lane], curvature[lane], weight[lane]);
                    }
                });
            }
        }
        any_far
    }
}
