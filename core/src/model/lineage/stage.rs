//! One stage of a lineage: what it fits, on which features and samples, to which targets.

use serde::{Deserialize, Serialize};

use super::loss::{Loss, TargetKind};
use super::text::TargetsText;

/// A teacher that is independent of the data: w = m v + √(q − m²) ξ with ξ a standard Gaussian vector.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedTeacher {
    /// m = w·v/N.
    pub m: f64,
    /// q = |w|²/N ≥ m².
    pub q: f64,
    /// Its bias.
    pub b: f64,
    /// A variance that its pre-activations are said to have in place of Σ Δ_i w_i²/N: the theory can be asked what
    /// would follow, and no weights have it.
    #[serde(skip)]
    pub variance: Option<f64>,
}

/// Whose outputs are learned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Source {
    /// An earlier stage, numbered from 1.
    Stage(usize),
    /// A teacher that is independent of the data.
    Teacher(FixedTeacher),
}

/// Targets other than the labels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "TargetsText", into = "TargetsText")]
pub struct Targets {
    /// Whose outputs.
    pub source: Source,
    /// What of them.
    pub kind: TargetKind,
    /// χ, their weight against the labels; in [0, 1], or beyond where the loss stays convex.
    pub chi: f64,
    /// T: > 0 for soft targets, ≥ 0 for hard ones.
    pub temperature: f64,
}

/// One fit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// η, the share of the features whose weights are free, the first ones; in (0, 1].
    #[serde(default = "one")]
    pub features: f64,
    /// Its loss.
    pub loss: Loss,
    /// λ, the strength of the ridge (λ/2)|w|²; ≥ 0, where 0 is the limit λ → 0.
    pub lambda: f64,
    /// ε, label smoothing y_ε = y(1 − ε) + (1 − y)ε; in [0, ½], where labels smoothed by ½ say nothing.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub smoothing: f64,
    /// The number of its data set, from 1.
    #[serde(default = "first")]
    pub data: usize,
    /// A prescribed bias; without one the bias is trained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias: Option<f64>,
    /// Its targets; the labels where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targets: Option<Targets>,
}

fn one() -> f64 {
    1.0
}

fn first() -> usize {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

impl Stage {
    /// A logistic fit of the labels of the first data set on a share of the features.
    #[must_use]
    pub fn logistic(features: f64, lambda: f64) -> Self {
        Self { features, loss: Loss::Logistic, lambda, smoothing: 0.0, data: 1, bias: None, targets: None }
    }

    /// The same fit with another loss.
    #[must_use]
    pub fn with_loss(self, loss: Loss) -> Self {
        Self { loss, ..self }
    }

    /// The same fit of the outputs of a source: soft, at weight χ and temperature T.
    #[must_use]
    pub fn soft(self, source: Source, chi: f64, temperature: f64) -> Self {
        Self { targets: Some(Targets { source, kind: TargetKind::Soft, chi, temperature }), ..self }
    }

    /// The same fit of a source's hard labels: `1[h_src > 0]` at temperature 0.
    #[must_use]
    pub fn hard(self, source: Source, chi: f64, temperature: f64) -> Self {
        Self { targets: Some(Targets { source, kind: TargetKind::Hard, chi, temperature }), ..self }
    }

    /// The same fit on another data set, numbered from 1.
    #[must_use]
    pub fn on(self, data: usize) -> Self {
        Self { data, ..self }
    }
}
