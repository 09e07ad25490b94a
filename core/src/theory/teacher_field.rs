//! A teacher as its students meet it: overlaps, and the nodes of its cavity field.
//!
//! ```text
//! logistic         h̃ = prox(ω̃)           g̃ = (h̃ − ω̃)/Ṽ   δq̃ = Ṽ/Δ
//! Bayes-optimal    h̃ = ω̃                 g̃ = 0            δq̃ = 0       independent of the data (Eqs. 23–24)
//! Hebbian          h̃ = ω̃ + (Δ/α) s       g̃ = s            δq̃ = 1/α     on the student's own data (Eqs. 13–14)
//! ```

use crate::model::bayes::optimal_overlaps;
use crate::model::{Loss, Mixture, ProxyVariance, Target};
use crate::numerics::quadrature::Resolution;

use super::Overlaps;
use super::average::Samples;
use super::proximal::CavityField;
use super::teacher::{Classes, Logistic};

/// A node of the teacher's side of the average.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TeacherNode {
    /// Class sign s.
    pub s: f64,
    /// z̃.
    pub z: f64,
    /// h̃.
    pub h: f64,
    /// g̃.
    pub g: f64,
    /// ∂h̃/∂ω̃.
    pub h_response: f64,
    /// ∂g̃/∂ω̃.
    pub g_response: f64,
    /// P(s) times the Gaussian weight.
    pub weight: f64,
}

/// A teacher as its students meet it.
#[derive(Debug, Clone, PartialEq)]
pub struct TeacherField {
    /// Its overlaps; `v` is Ṽ, 0 for a teacher independent of the data.
    pub overlaps: Overlaps,
    /// δq̃ = Ṽ/Δ.
    pub(super) response: f64,
    pub(super) nodes: Vec<TeacherNode>,
}

impl TeacherField {
    /// The field of a logistic teacher at its fixed point.
    #[must_use]
    pub fn logistic(teacher: &Logistic, overlaps: Overlaps, resolution: Resolution) -> Self {
        let mut nodes = Vec::new();
        let classes = teacher.mixture.classes();
        teacher.classes(&overlaps, resolution.cut).nodes(
            resolution.step,
            |class, [h, z, g, h_response, stiffness, weight]| {
                let (s, probability) = classes[class];
                nodes.push(TeacherNode {
                    s,
                    z,
                    h,
                    g,
                    h_response,
                    g_response: -stiffness,
                    weight: probability * weight,
                });
            },
        );
        Self { overlaps, response: overlaps.v / teacher.mixture.delta, nodes }
    }

    /// The field of a logistic teacher of zero weights, whose labels say nothing: h̃ = ω̃ = 0 and g̃ = 0 in every
    /// sample, and what is left is how it would answer a push.
    #[must_use]
    pub fn silent(mixture: &Mixture, overlaps: Overlaps) -> Self {
        let curvature = Loss::hard().curvature(0.0);
        let answer = 1.0 + overlaps.v * curvature;
        let node = |(s, weight)| TeacherNode {
            s,
            z: 0.0,
            h: 0.0,
            g: 0.0,
            h_response: 1.0 / answer,
            g_response: -curvature / answer,
            weight,
        };
        Self { overlaps, response: overlaps.v / mixture.delta, nodes: mixture.classes().map(node).to_vec() }
    }

    /// The Bayes-optimal weights of an independent data set (Eqs. 23–24): h̃ = ω̃, g̃ = 0.
    #[must_use]
    pub fn bayes_optimal_proxy(mixture: &Mixture, variance: ProxyVariance, resolution: Resolution) -> Self {
        let (m, q, b) = optimal_overlaps(&mixture.all_features());
        let field_q = match variance {
            ProxyVariance::Derived => q,
            ProxyVariance::AsPrinted => (1.0 - mixture.delta / mixture.alpha).abs(),
        };
        let overlaps = Overlaps { m, q, v: 0.0, b };
        let nodes = linear_nodes(mixture, &overlaps, field_q, resolution, |_| (0.0, 0.0));
        Self { overlaps, response: 0.0, nodes }
    }

    /// The Hebbian rule on the student's own data (Eqs. 13–14), which is ridge with the linear loss −s h̃ at
    /// λ̃ = α: g̃ = s, δq̃ = 1/α, h̃ = ω̃ + (Δ/α) s.
    #[must_use]
    pub fn hebbian(mixture: &Mixture, resolution: Resolution) -> Self {
        let (m, q, b) = optimal_overlaps(&mixture.all_features());
        let v = mixture.delta / mixture.alpha;
        let overlaps = Overlaps { m, q, v, b };
        let nodes = linear_nodes(mixture, &overlaps, q, resolution, |s| (s * v, s));
        Self { overlaps, response: v / mixture.delta, nodes }
    }

    /// The nodes of its average.
    #[must_use]
    pub fn nodes(&self) -> &[TeacherNode] {
        &self.nodes
    }
}

/// Nodes of a teacher with h̃ = ω̃ + shift(s), g̃ = force(s).
fn linear_nodes(
    mixture: &Mixture,
    overlaps: &Overlaps,
    field_q: f64,
    resolution: Resolution,
    reaction: impl Fn(f64) -> (f64, f64),
) -> Vec<TeacherNode> {
    let classes = mixture.classes();
    let fields = classes.map(|(s, _)| CavityField {
        mean: s * overlaps.m + overlaps.b + reaction(s).0,
        width: (mixture.delta * field_q).sqrt(),
        v: 0.0,
        loss: Loss { hard_weight: 0.0, soft_weight: 0.0, temperature: 1.0 },
        label: Target::label(s, 0.0),
        teacher: 0.0,
    });
    let mut nodes = Vec::new();
    Classes { fields, cut: resolution.cut, budget: None }.nodes(resolution.step, |class, [h, z, _, _, _, weight]| {
        let (s, probability) = classes[class];
        nodes.push(TeacherNode {
            s,
            z,
            h,
            g: reaction(s).1,
            h_response: 1.0,
            g_response: 0.0,
            weight: probability * weight,
        });
    });
    nodes
}
