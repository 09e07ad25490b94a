//! The data of a lineage: two clouds with a spectrum of feature variances, in one or more independent sets.

use serde::{Deserialize, Serialize};

use super::text::{Alphas, SpectrumText};

/// The distribution of the samples and the sizes of the data sets drawn from it.
///
/// ```text
/// x_i = s v_i/√N + √Δ_i z_i,   |v|² = N,   P(s = +1) = ρ,   label y = s, flipped with probability θ
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// α_d, samples per feature of each data set; one value at least, each > 0.
    #[serde(with = "Alphas")]
    pub alpha: Vec<f64>,
    /// Δ, the mean variance of a feature; > 0.
    #[serde(default = "default_delta")]
    pub delta: f64,
    /// ρ, the weight of the cloud with s = +1; in (0, 1).
    #[serde(default = "default_rho")]
    pub rho: f64,
    /// θ, the probability that a label is flipped; in [0, 1].
    #[serde(default)]
    pub label_noise: f64,
    /// How the variance is spread over the features.
    #[serde(default, skip_serializing_if = "Spectrum::is_isotropic")]
    pub spectrum: Spectrum,
}

fn default_delta() -> f64 {
    1.0
}

fn default_rho() -> f64 {
    0.2
}

impl Data {
    /// One data set of α samples a feature, isotropic, with clean labels.
    #[must_use]
    pub fn isotropic(alpha: f64, delta: f64, rho: f64) -> Self {
        Self { alpha: vec![alpha], delta, rho, label_noise: 0.0, spectrum: Spectrum::Isotropic }
    }

    /// The two clouds as (s, P(s)).
    #[must_use]
    pub fn classes(&self) -> [(f64, f64); 2] {
        [(1.0, self.rho), (-1.0, 1.0 - self.rho)]
    }
}

/// Features of one variance, in feature order.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "(f64, f64)", into = "(f64, f64)")]
pub struct Block {
    /// The share of the features; > 0.
    pub fraction: f64,
    /// Their variance relative to Δ; > 0.
    pub variance: f64,
}

impl From<(f64, f64)> for Block {
    fn from((fraction, variance): (f64, f64)) -> Self {
        Self { fraction, variance }
    }
}

impl From<Block> for (f64, f64) {
    fn from(block: Block) -> Self {
        (block.fraction, block.variance)
    }
}

/// How the mean direction lies in a power-law spectrum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// v_i² = 1: as much signal in every feature.
    #[default]
    Flat,
    /// v_i² = Δ_i/Δ: signal where the variance is.
    Aligned,
}

/// How the variance is spread over the features.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(try_from = "SpectrumText", into = "SpectrumText")]
pub enum Spectrum {
    /// Δ_i = Δ.
    #[default]
    Isotropic,
    /// Blocks of features in order, v_i² = 1. Fractions add up to 1.
    Blocks(Vec<Block>),
    /// Δ(u) = Δ (1 − a) u^−a at the share u of the features: a mask takes the largest variances first.
    Power {
        /// a, in [0, 1).
        exponent: f64,
        /// How the mean direction lies in it.
        signal: Signal,
    },
    /// A named table that the caller has still to read into [`Spectrum::Table`]; nothing here reads files.
    File(String),
    /// N features, each with its own variance and mean.
    Table {
        /// Δ_i, each > 0. They stand as they are: Δ of [`Data`] does not scale them.
        variance: Vec<f64>,
        /// v_i, with Σ v_i² = N.
        mean: Vec<f64>,
    },
}

impl Spectrum {
    /// Whether every feature has the same variance and mean.
    #[must_use]
    pub fn is_isotropic(&self) -> bool {
        matches!(self, Self::Isotropic)
    }
}
