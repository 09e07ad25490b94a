//! One pass over a data set for a single vector of weights.

use super::kernel::{self, Chunk, LANES, Rows};
use super::sample::DataSet;

/// X w → r → Xᵀ r for weights on the first features: `map` replaces the products of some rows by their
/// factors. The result has the length of `weights`.
pub(super) fn pass(data: &DataSet, weights: &[f64], mut map: impl FnMut(&[u32], &mut [f64])) -> Vec<f64> {
    let (entries, stride) = data.rows();
    let chunks = weights.len().div_ceil(LANES);
    let mut padded = weights.to_vec();
    padded.resize(chunks * LANES, 0.0);
    let packed: Vec<[Chunk; 1]> = padded.as_chunks().0.iter().map(|chunk| [*chunk]).collect();
    let mut sums = vec![[[0.0; LANES]]; chunks];
    let order: Vec<u32> = (0..data.signs().len() as u32).collect();
    kernel::pass(Rows { entries, stride, chunks }, &order, &packed, &mut sums, |_, rows, values| map(rows, values));
    let mut sums = sums.as_flattened().as_flattened().to_vec();
    sums.truncate(weights.len());
    sums
}

/// f_i = x_i·w/√N + b over the samples, for weights on the first features.
pub(super) fn activations(data: &DataSet, weights: &[f64], bias: f64) -> Vec<f64> {
    let scale = 1.0 / (data.centre().len() as f64).sqrt();
    let mut activations = Vec::with_capacity(data.signs().len());
    pass(data, weights, |_, values| {
        activations.extend(values.iter().map(|value| scale * value + bias));
        values.fill(0.0);
    });
    activations
}

/// Σ_i r_i x_i/√N over the first `features` features.
pub(super) fn combination(data: &DataSet, features: usize, factors: &[f64]) -> Vec<f64> {
    let scale = 1.0 / (data.centre().len() as f64).sqrt();
    let mut sums = pass(data, &vec![0.0; features], |rows, values| {
        for (i, value) in rows.iter().zip(values) {
            *value = factors[*i as usize];
        }
    });
    sums.iter_mut().for_each(|sum| *sum *= scale);
    sums
}
