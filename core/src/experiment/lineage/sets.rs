//! The data sets of a lineage: drawn from the model, each from a seed that depends on its own parameters only.

use ndarray::{Array1, ArrayView1};
use ndarray_rand::RandomExt;
use ndarray_rand::rand_distr::StandardUniform;
use rand_chacha::rand_core::RngCore;

use super::features;
use crate::experiment::ExperimentError;
use crate::experiment::protocol::{Protocol, Sampling, Stream, random, seed_of};
use crate::experiment::sample::{Blank, DataSet, both_classes};
use crate::model::lineage::{Data, Signal, Spectrum};

/// Samples and what is observed of their classes.
pub(super) struct LabelledSet {
    pub data: DataSet,
    /// y_i = ±1: s_i, or −s_i where the label is flipped.
    pub labels: Array1<f64>,
}

/// Samples kept aside: x row after row in the units of the data sets, and y.
pub(super) struct HeldOut {
    pub rows: Vec<Vec<f64>>,
    pub labels: Vec<f64>,
}

/// The data sets on which lineages are trained, all with the same v.
pub struct LineageData {
    pub(super) description: Data,
    pub(super) protocol: Protocol,
    pub(super) replicate: u32,
    /// Δ_i.
    pub(super) variances: Vec<f64>,
    pub(super) sets: Vec<LabelledSet>,
    /// Samples of a table that no set has.
    pub(super) held_out: Option<HeldOut>,
}

/// The seed of data set `set`, counted from 0.
///
/// α, Δ and ρ are all there is in that of the first set of isotropic data with clean labels. Label noise, a spectrum and the number of a further set enter where they are not at these
/// defaults. Stages do not, so that lineages on the same data share their samples.
#[must_use]
pub fn set_seed(data: &Data, set: usize, replicate: u32, protocol: &Protocol) -> u64 {
    seed_of([data.alpha[set], data.delta, data.rho], replicate, protocol, |hasher| {
        let mut number = |x: f64| {
            hasher.update(&x.to_bits().to_le_bytes());
        };
        if data.label_noise != 0.0 {
            number(data.label_noise);
            hasher.update(b"label noise");
        }
        let mut numbers = |name: &[u8], values: &mut dyn Iterator<Item = f64>| {
            for value in values {
                hasher.update(&value.to_bits().to_le_bytes());
            }
            hasher.update(name);
        };
        match &data.spectrum {
            Spectrum::Isotropic => {}
            Spectrum::Blocks(blocks) => {
                numbers(b"blocks", &mut blocks.iter().flat_map(|block| [block.fraction, block.variance]));
            }
            Spectrum::Power { exponent, signal } => {
                let name: &[u8] = match signal {
                    Signal::Flat => b"flat power",
                    Signal::Aligned => b"aligned power",
                };
                numbers(name, &mut [*exponent].into_iter());
            }
            Spectrum::File(file) => {
                hasher.update(file.as_bytes());
            }
            Spectrum::Table { variance, mean } => {
                numbers(b"table", &mut variance.iter().chain(mean).copied());
            }
        }
        if set > 0 {
            hasher.update(&(set as u64 + 1).to_le_bytes());
            hasher.update(b"set");
        }
    })
}

impl LineageData {
    /// Draws every data set of `data`.
    ///
    /// Stratified sampling fixes the number of flipped labels of each class to θ times its size, rounded up or
    /// down at random so that its mean is exact.
    ///
    /// # Errors
    /// A parameter out of its domain, a table whose size is not N, data too small or too large, or
    /// [`ExperimentError::Interrupted`] soon after `stop` turns true.
    pub fn draw(
        data: &Data,
        replicate: u32,
        protocol: &Protocol,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<Self, ExperimentError> {
        data.validate()?;
        features::check_size(&data.spectrum, protocol.n)?;
        let Protocol { n, sampling, .. } = *protocol;
        // whatever needs memory is asked for first, and refused before anything of that size is made
        let seeds: Vec<u64> = (0..data.alpha.len()).map(|set| set_seed(data, set, replicate, protocol)).collect();
        let blanks: Vec<Blank> = (data.alpha.iter().zip(&seeds))
            .map(|(alpha, seed)| Blank::draw(*alpha, data.rho, sampling, n, *seed))
            .collect::<Result<_, _>>()?;
        let variances = features::variances(data, n);
        let centre = features::centre(data, &variances, protocol, seeds[0]);
        let sets = (blanks.into_iter().zip(&seeds))
            .map(|(blank, seed)| {
                let set = blank.fill(centre.clone(), &variances, stop)?;
                LabelledSet::flip(set, data.label_noise, sampling, *seed)
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { description: data.clone(), protocol: *protocol, replicate, variances, sets, held_out: None })
    }

    /// The data as described; of a table, with its variances and means.
    #[must_use]
    pub fn description(&self) -> &Data {
        &self.description
    }

    /// The seed of each data set.
    pub fn seeds(&self) -> impl Iterator<Item = u64> {
        self.sets.iter().map(|set| set.data.seed())
    }

    /// Samples, observed labels and v of a data set, counted from 0; none beyond the last.
    #[must_use]
    pub fn set(&self, set: usize) -> Option<(&DataSet, ArrayView1<'_, f64>)> {
        self.sets.get(set).map(|set| (&set.data, set.labels.view()))
    }
}

impl LabelledSet {
    /// Flips a share `noise` of the labels.
    pub(super) fn flip(data: DataSet, noise: f64, sampling: Sampling, seed: u64) -> Result<Self, ExperimentError> {
        let labels = observed(data.signs(), noise, sampling, seed)?;
        Ok(Self { data, labels })
    }
}

/// The labels of samples with these classes, a share `noise` of them flipped.
///
/// # Errors
/// [`ExperimentError::OneClass`].
pub(super) fn observed(
    signs: ArrayView1<'_, f64>,
    noise: f64,
    sampling: Sampling,
    seed: u64,
) -> Result<Array1<f64>, ExperimentError> {
    let mut labels = signs.to_owned();
    if noise > 0.0 {
        let mut flips = random(seed, Stream::Flips);
        match sampling {
            Sampling::Iid => {
                let chances: Array1<f64> = Array1::random_using(labels.len(), StandardUniform, &mut flips);
                labels.zip_mut_with(&chances, |label, chance| {
                    if *chance < noise {
                        *label = -*label;
                    }
                });
            }
            Sampling::Stratified => {
                for class in [1.0, -1.0] {
                    let members: Vec<usize> = (0..signs.len()).filter(|i| signs[*i] == class).collect();
                    // 53 random bits, a number in [0, 1)
                    let chance = (flips.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
                    let count = (noise * members.len() as f64 + chance) as usize;
                    // samples of a class are alike: the first are as good as any
                    members.iter().take(count).for_each(|i| labels[*i] = -class);
                }
            }
        }
    }
    both_classes(labels.view())?;
    Ok(labels)
}
