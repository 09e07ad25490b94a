//! Teachers whose weights are a formula: the Bayes-optimal proxy and the Hebbian rule.

use ndarray::Array1;
use ndarray_rand::RandomExt;
use ndarray_rand::rand_distr::StandardNormal;

use super::pass::{activations, pass};
use super::sample::{DataSet, Sampling, Stream, random};
use crate::model::{Mixture, bayes};

/// A teacher that needs no training, on one data set.
pub(super) struct FormulaTeacher {
    /// w̃, of length N.
    pub weights: Vec<f64>,
    /// b̃ = (Δ/2)(1 + Δ/α) log(ρ/(1 − ρ)).
    pub bias: f64,
    /// f̃ on the training set.
    pub activations: Vec<f64>,
}

impl FormulaTeacher {
    /// The Bayes-optimal weights of an independent training set of the same size (Eqs. 23–24):
    ///
    /// ```text
    /// w̃ = v + √(Δ/α) g,   g ~ N(0, I):   m̃ = 1,  q̃ = 1 + Δ/α
    /// ```
    ///
    /// This is the law of Hebbian weights on αN fresh samples, drawn without drawing the samples. A
    /// stratified data set fixes g·v = 0 and |g|² = N, so that m̃ and q̃ hold exactly.
    pub fn bayes_optimal_proxy(mixture: &Mixture, data: &DataSet, sampling: Sampling) -> Self {
        let centre = data.centre();
        let n = centre.len();
        let mut g: Array1<f64> = Array1::random_using(n, StandardNormal, &mut random(data.seed(), Stream::Teacher));
        if sampling == Sampling::Stratified {
            let along = g.dot(&centre) / centre.dot(&centre);
            g.scaled_add(-along, &centre);
            g *= (n as f64 / g.dot(&g)).sqrt();
        }
        Self::on(mixture, data, (g * (mixture.delta / mixture.alpha).sqrt() + centre).to_vec())
    }

    /// The Hebbian rule on the training set itself (Eqs. 13–14), with m̃ = 1 and q̃ = 1 + Δ/α on average:
    ///
    /// ```text
    /// w̃ = (1/α) Σ_i s_i x_i/√N,   the minimum of −Σ s_i h_i + (α/2)|w̃|²
    /// ```
    pub fn hebbian(mixture: &Mixture, data: &DataSet) -> Self {
        let n = data.centre().len();
        let zeros = vec![0.0; n];
        let signs = data.signs();
        let sums = pass(data, &zeros, |rows, values| {
            for (i, value) in rows.iter().zip(values) {
                *value = signs[*i as usize];
            }
        });
        let scale = 1.0 / (mixture.alpha * (n as f64).sqrt());
        Self::on(mixture, data, sums.iter().map(|sum| scale * sum).collect())
    }

    fn on(mixture: &Mixture, data: &DataSet, weights: Vec<f64>) -> Self {
        let (_, _, bias) = bayes::optimal_overlaps(mixture);
        let activations = activations(data, &weights, bias);
        Self { weights, bias, activations }
    }
}
