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

use pulp::{Arch, Simd, WithSimd};

use crate::model::lineage::{Data, Loss, TargetKind};
use crate::numerics::MOST_LANES;

use super::cavity::{Cavity, EVERYWHERE, Law, Target, logistic_slope};
use super::panels::{Grading, Nodes, Reader, Rule, for_each_node};
use super::state::{State, cholesky_row};
use super::unit::{Fit, Unit};

/// A unit in a chain of fields on one data set.
#[derive(Debug, Clone)]
pub(super) struct Member {
    /// Its fit, if it was trained on the data set.
    pub fit: Option<Fit>,
    /// The place in the chain of the unit it learns from, if it was trained on the data set.
    pub source: Option<usize>,
    pub m: f64,
    pub b: f64,
    /// V_kk on this data set.
    pub v: f64,
    /// Its row of the Cholesky factor of Q.
    pub row: Vec<f64>,
    /// V_pj of the members before it, 0 for those of other data sets.
    pub v_row: Vec<f64>,
    pub grading: Grading,
    /// Whether a later unit learns from it.
    pub read: bool,
}

/// A source that is this many standard deviations to one side teaches a bias, behind which a reader turns from
/// following to ignoring it within this share of the usual scale: at ω ≫ ln V a branch point of the reader's h lies
/// π/(ω − ln V) from the real axis of h_src.
const ASIDE: f64 = 3.0;
const SHARPER: f64 = 0.25;

impl Member {
    /// Unit k in the state given, behind the units `behind`, whose Cholesky rows are `rows`.
    pub fn new(
        units: &[Unit],
        k: usize,
        set: usize,
        behind: &[usize],
        rows: &[Vec<f64>],
        state: &State,
        reader: Option<Reader>,
    ) -> Self {
        let trained = |j: usize| units[j].set() == Some(set);
        let fit = match units[k] {
            Unit::Fit(fit) if fit.set == set => Some(fit),
            Unit::Fit(_) | Unit::Fixed(_) => None,
        };
        let overlaps: Vec<f64> = behind.iter().map(|&j| state.q[j]).chain([state.q[k]]).collect();
        let v = if fit.is_some() { state.v[k] } else { 0.0 };
        let scale = fit.map_or(1.0, |fit| fit.scale());
        let source = fit.and_then(|_| units[k].source());
        let grading = Grading::bend(scale, v);
        let row = cholesky_row(rows, &overlaps);
        let explicit = fit.is_none_or(|fit| fit.loss == Loss::Linear);
        let aside = (state.b.abs() - state.m.abs() - v) / row[row.len() - 1];
        let reader = reader.map(|reader| match explicit && aside > ASIDE {
            true => Reader { scale: SHARPER * reader.scale, ..reader },
            false => reader,
        });
        Self {
            fit,
            source: source.and_then(|from| behind.iter().position(|&j| j == from)),
            m: state.m,
            b: state.b,
            v,
            row,
            v_row: behind.iter().map(|&j| if trained(j) { state.v[j] } else { 0.0 }).collect(),
            read: reader.is_some(),
            grading: reader.map_or(grading, |reader| grading.and(reader)),
        }
    }

    /// ∂²ℓ/∂h∂h_src, which does not depend on h; a jump has none.
    pub fn cross_curvature(&self, source: f64) -> f64 {
        let Some(Fit { loss, lesson: Some(lesson), .. }) = self.fit else {
            return 0.0;
        };
        let t = lesson.temperature;
        match (loss, lesson.kind) {
            (Loss::Logistic, TargetKind::Soft) => -lesson.chi / (t * t) * logistic_slope(source / t),
            (Loss::Square, TargetKind::Soft) => -lesson.chi,
            (Loss::Logistic, TargetKind::Hard) if t > 0.0 => -lesson.chi / t * logistic_slope(source / t),
            (Loss::Square, TargetKind::Hard) if t > 0.0 => -2.0 * lesson.chi / t * logistic_slope(source / t),
            (Loss::Logistic | Loss::Square, TargetKind::Hard) | (Loss::Hinge | Loss::Linear, _) => 0.0,
        }
    }

    /// The label the loss is held against, as ±1 of hinge and square: y mixed with what the source says.
    pub fn sign(&self, fit: &Fit, y: f64, source: f64) -> f64 {
        fit.lesson.map_or(y, |lesson| {
            let said = match lesson.kind {
                TargetKind::Soft => source,
                TargetKind::Hard if lesson.temperature > 0.0 => libm::tanh(source / (2.0 * lesson.temperature)),
                TargetKind::Hard => {
                    if source > 0.0 {
                        1.0
                    } else {
                        -1.0
                    }
                }
            };
            (1.0 - lesson.chi) * y + lesson.chi * said
        })
    }

    /// The cavity field of a sample with ω of the given mean, label y and source output; a hinge loss has
    /// pieces of it instead ([`Member::pieces`]).
    #[inline]
    pub fn cavity(&self, mean: f64, y: f64, source: f64) -> Cavity {
        let width = self.row[self.row.len() - 1];
        let affine = |curvature: f64, force: f64| Cavity {
            centre: 0.0,
            shift: mean,
            width,
            v: self.v,
            law: Law::Affine { curvature, force },
            limits: EVERYWHERE,
        };
        let Some(fit) = self.fit else {
            return affine(0.0, 0.0);
        };
        match fit.loss {
            Loss::Square => affine(1.0, self.sign(&fit, y, source)),
            Loss::Linear | Loss::Hinge => affine(0.0, self.sign(&fit, y, source)),
            Loss::Logistic => {
                let (law, centre) = logistic_law(&fit, y, source);
                Cavity { centre, shift: mean - centre, width, v: self.v, law, limits: EVERYWHERE }
            }
        }
    }
}

/// |h_src|/T beyond which a soft target is a hard label to within e⁻⁸⁰.
const SUREST: f64 = 80.0;

/// ℓ and its centre under the logistic loss. At T = 1 label and soft target are one soft target.
fn logistic_law(fit: &Fit, y: f64, source: f64) -> (Law, f64) {
    let label = Target::label(y, fit.smoothing);
    let hard =
        |label: Target| Law::Logistic { hard_weight: 1.0, label, soft_weight: 0.0, soft: label, temperature: 1.0 };
    let Some(lesson) = fit.lesson else {
        return (hard(label), 0.0);
    };
    let chi = lesson.chi;
    // a hard label σ(h_src/T) is a soft target at temperature 1 of a source that is T times less sure
    let (said, t) = match lesson.kind {
        TargetKind::Soft => (source, lesson.temperature),
        TargetKind::Hard if lesson.temperature > 0.0 => (source / lesson.temperature, 1.0),
        TargetKind::Hard => {
            return (hard(label.mix(chi, Target::label(if source > 0.0 { 1.0 } else { -1.0 }, 0.0))), 0.0);
        }
    };
    // a source surer than this is no surer in any digit of an average
    let said = said.max(-SUREST * t).min(SUREST * t);
    let soft = Target::soft(said / t);
    if t == 1.0 && chi < 1.0 {
        let mixed = label.mix(chi, soft);
        let centre = libm::log(mixed.p) - libm::log(mixed.complement);
        return (Law::Logistic { hard_weight: 0.0, label, soft_weight: 1.0, soft: mixed, temperature: 1.0 }, centre);
    }
    (Law::Logistic { hard_weight: 1.0 - chi, label, soft_weight: chi, soft, temperature: t }, said)
}

/// How a node of a cavity field is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Reading {
    /// h = centre + d.
    Free,
    /// The hinge holds h at y, while ω = d.
    Held { y: f64 },
}

impl Member {
    /// The pieces of the cavity field on which everything is smooth, each with the way to read it.
    pub fn pieces(&self, mean: f64, y: f64, source: f64) -> ([Option<(Cavity, Reading)>; 3], f64) {
        let whole = self.cavity(mean, y, source);
        let Some(fit @ Fit { loss: Loss::Hinge, .. }) = self.fit else {
            return ([Some((whole, Reading::Free)), None, None], y);
        };
        let y = self.sign(&fit, y, source);
        let side = |bound: f64, beyond: bool| match (beyond, y > 0.0) {
            (true, true) => (bound, f64::INFINITY),
            (true, false) => (f64::NEG_INFINITY, -bound),
            (false, true) => (f64::NEG_INFINITY, bound),
            (false, false) => (-bound, f64::INFINITY),
        };
        let held = if y > 0.0 { (1.0 - self.v, 1.0) } else { (-1.0, self.v - 1.0) };
        let still = Law::Affine { curvature: 0.0, force: 0.0 };
        let pieces = [
            Some((Cavity { limits: side(1.0, false), ..whole }, Reading::Free)),
            Some((Cavity { limits: held, law: still, ..whole }, Reading::Held { y })),
            Some((Cavity { limits: side(1.0, true), law: still, ..whole }, Reading::Free)),
        ];
        (pieces, y)
    }
}

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
    values: Vec<f64>,
}

/// Nodes lighter than this do not count.
const LIGHT: f64 = 1e-17;
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
    /// Where a far source is 0, if it is read and that is beyond the cut.
    fn far(&self, member: &Member, cut: f64) -> Option<f64> {
        let Law::Affine { force, .. } = self.law else { return None };
        let z = -(self.shift + self.v * force) / self.width;
        (member.read && z.abs() + MARGIN > cut && z.abs() + MARGIN < FARTHEST).then_some(z)
    }
}

/// The |z| at which the next field is cut: all Gaussian variables together are cut at a sphere, unless rare ones
/// of them count.
pub(super) fn remaining_cut(cut: f64, row: &[f64], chain: &Chain) -> f64 {
    if chain.far {
        return cut;
    }
    let layout = chain.layout;
    let gone: f64 = row[layout.xi(0)..layout.xi(layout.n)].iter().map(|xi| xi * xi).sum();
    libm::sqrt((cut * cut - gone).max(LEAST_CUT * LEAST_CUT))
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
        Self { members: Vec::new(), layout: Layout { n: 0 }, far: false, values }
    }

    pub fn rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.values.chunks_exact(self.layout.stride())
    }

    /// How many nodes there are.
    pub fn count(&self) -> usize {
        self.values.len() / self.layout.stride()
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
        let far = Arch::new().dispatch(Extend { chain: self, member: &member, layout, rule, values: &mut values });
        let members = self.members.iter().cloned().chain([member]).collect();
        Self { members, layout, far: self.far || far, values }
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
            let (mean, source) = chain.mean_and_source(member, row);
            let cut = remaining_cut(rule.cut, row, chain);
            let cross = member.cross_curvature(source);
            let (pieces, _) = member.pieces(mean, row[Layout::Y], source);
            for (cavity, reading) in pieces.iter().flatten() {
                let far = cavity.far(member, cut);
                any_far |= far.is_some();
                let cut = far.map_or(cut, |z| z.abs() + MARGIN);
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
                for_each_node(simd, cavity, &member.grading, rule.length, cut, &mut guess, |_, nodes: &Nodes<S>| {
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
