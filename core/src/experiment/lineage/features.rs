//! The features of a lineage's data at finite N: their variances, and the direction of the mean.

use ndarray::Array1;
use ndarray_rand::RandomExt;
use ndarray_rand::rand_distr::StandardNormal;

use crate::experiment::ExperimentError;
use crate::experiment::protocol::{Protocol, Sampling, Stream, random};
use crate::model::lineage::{Block, Data, Signal, Spectrum};

/// The N features as an experiment draws them: a spectrum to hold the theory against at this very N.
///
/// A power law gives feature i the mean of Δ(u) over its share (i/N, (i+1)/N), so that the mean over any
/// number of first features is that of the continuum; blocks end at rounded multiples of 1/N. v is that of a
/// stratified draw. A table stands as it is.
#[must_use]
pub fn discretised(data: &Data, n: usize) -> Spectrum {
    let variance = variances(data, n);
    let mean = flat_or_aligned(data, &variance).to_vec();
    Spectrum::Table { variance, mean }
}

/// Refuses a table whose size is not N.
///
/// # Errors
/// [`ExperimentError::TableSize`].
pub(super) fn check_size(spectrum: &Spectrum, n: usize) -> Result<(), ExperimentError> {
    match spectrum {
        Spectrum::Table { variance, .. } if variance.len() != n => {
            Err(ExperimentError::TableSize { n, features: variance.len() })
        }
        Spectrum::Isotropic
        | Spectrum::Blocks(_)
        | Spectrum::Power { .. }
        | Spectrum::File(_)
        | Spectrum::Table { .. } => Ok(()),
    }
}

/// Δ_i, in feature order.
pub(super) fn variances(data: &Data, n: usize) -> Vec<f64> {
    let delta = data.delta;
    match &data.spectrum {
        // a spectrum that is still a file has been refused by validation
        Spectrum::Isotropic | Spectrum::File(_) => vec![delta; n],
        Spectrum::Blocks(blocks) => blockwise(blocks, delta, n),
        Spectrum::Power { exponent, .. } => {
            let cumulated = |i: usize| libm::pow(i as f64 / n as f64, 1.0 - exponent);
            (0..n).map(|i| delta * n as f64 * (cumulated(i + 1) - cumulated(i))).collect()
        }
        Spectrum::Table { variance, .. } => variance.clone(),
    }
}

fn blockwise(blocks: &[Block], delta: f64, n: usize) -> Vec<f64> {
    let mut variances = Vec::with_capacity(n);
    let mut end = 0.0;
    for block in blocks {
        end += block.fraction;
        variances.resize(((end * n as f64).round() as usize).clamp(variances.len(), n), delta * block.variance);
    }
    variances
}

/// v_i of a stratified draw.
fn flat_or_aligned(data: &Data, variances: &[f64]) -> Array1<f64> {
    match &data.spectrum {
        Spectrum::Power { signal: Signal::Aligned, .. } => variances.iter().map(|v| (v / data.delta).sqrt()).collect(),
        Spectrum::Table { mean, .. } => mean.iter().copied().collect(),
        Spectrum::Isotropic
        | Spectrum::Blocks(_)
        | Spectrum::File(_)
        | Spectrum::Power { signal: Signal::Flat, .. } => Array1::ones(variances.len()),
    }
}

/// v: as the spectrum has it, or, where all is left to chance, times a standard Gaussian in each entry.
/// The means of a table are never left to chance.
pub(super) fn centre(data: &Data, variances: &[f64], protocol: &Protocol, seed: u64) -> Array1<f64> {
    let regular = flat_or_aligned(data, variances);
    match (protocol.sampling, &data.spectrum) {
        (Sampling::Stratified, _) | (Sampling::Iid, Spectrum::Table { .. }) => regular,
        (Sampling::Iid, Spectrum::Isotropic | Spectrum::Blocks(_) | Spectrum::Power { .. } | Spectrum::File(_)) => {
            let mut stream = random(seed, Stream::Centre);
            let entries: Array1<f64> = Array1::random_using(variances.len(), StandardNormal, &mut stream);
            regular * entries
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn power(exponent: f64, signal: Signal) -> Data {
        Data { spectrum: Spectrum::Power { exponent, signal }, ..Data::isotropic(1.0, 0.7, 0.3) }
    }

    fn mean(values: &[f64]) -> f64 {
        values.iter().sum::<f64>() / values.len() as f64
    }

    #[test]
    fn the_mean_variance_of_the_first_features_is_that_of_the_continuum() {
        let variances = variances(&power(0.4, Signal::Flat), 200);
        assert!(variances.is_sorted_by(|a, b| a > b));
        assert!((mean(&variances) - 0.7).abs() < 1e-14);
        // (1/u)∫₀ᵘ Δ (1 − a) t^−a dt = Δ u^−a
        assert!((mean(&variances[..50]) - 0.7 * 0.25f64.powf(-0.4)).abs() < 1e-13);
    }

    #[test]
    fn the_mean_direction_has_the_norm_n() {
        for data in [power(0.4, Signal::Flat), power(0.4, Signal::Aligned), Data::isotropic(1.0, 0.7, 0.3)] {
            let Spectrum::Table { variance, mean: v } = discretised(&data, 150) else { panic!() };
            assert!((mean(&v.iter().map(|v| v * v).collect::<Vec<_>>()) - 1.0).abs() < 1e-13);
            assert_eq!(variance.len(), 150);
        }
    }

    #[test]
    fn blocks_fill_all_the_features_whatever_their_number() {
        let blocks = [1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0];
        let blocks = blocks.iter().zip([3.0, 2.0, 1.0]).map(|(&fraction, variance)| Block { fraction, variance });
        let data = Data { spectrum: Spectrum::Blocks(blocks.collect()), ..Data::isotropic(1.0, 0.5, 0.3) };
        for n in [9, 10, 11, 200] {
            let found = variances(&data, n);
            assert_eq!((found.len(), found[0], found[n - 1]), (n, 1.5, 0.5));
        }
    }
}
