//! A data set at finite N.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, Slice};
use ndarray_rand::RandomExt;
use ndarray_rand::rand_distr::{Distribution, StandardNormal, StandardUniform};

use super::ExperimentError;
use super::kernel::LANES;
use super::protocol::{Sampling, Stream, random};

/// One sample of the mixture: x = s v/√N + √Δ z, M rows and N features.
///
/// The entries are f32 numbers: rounding is part of how the sample is drawn, and what is fitted is
/// exactly this matrix. All arithmetic on it is in f64.
pub struct DataSet {
    /// M×N, padded with features that are zero to whole chunks of a row.
    entries: Array2<f32>,
    signs: Array1<f64>,
    centre: Array1<f64>,
    seed: u64,
}

/// Entries of a data matrix at most: 16 GiB, 26 times the paper's largest (N = 4000, α = 10).
const MOST_ENTRIES: usize = 1 << 32;

/// A matrix of zeros for `m` samples of `n` features, rows padded to whole chunks.
fn room(n: usize, m: usize) -> Result<Array2<f32>, ExperimentError> {
    let refuse = || ExperimentError::TooLarge { n, samples: m };
    let stride = n.checked_next_multiple_of(LANES).ok_or_else(refuse)?;
    let length = m.checked_mul(stride).filter(|&length| length <= MOST_ENTRIES).ok_or_else(refuse)?;
    let mut entries = Vec::new();
    entries.try_reserve_exact(length).map_err(|_| refuse())?;
    entries.resize(length, 0.0);
    Array2::from_shape_vec((m, stride), entries).map_err(|_| refuse())
}

/// M, the number of samples at α of N features.
pub(super) fn count(alpha: f64, n: usize) -> usize {
    (alpha * n as f64).round() as usize
}

/// The classes of M samples.
pub(super) fn classes(m: usize, rho: f64, sampling: Sampling, seed: u64) -> Array1<f64> {
    match sampling {
        Sampling::Stratified => {
            let ones = (rho * m as f64).round() as usize;
            Array1::from_shape_fn(m, |i| if i < ones { 1.0 } else { -1.0 })
        }
        Sampling::Iid => {
            let mut labels = random(seed, Stream::Labels);
            Array1::random_using(m, StandardUniform, &mut labels).mapv(|u: f64| if u < rho { 1.0 } else { -1.0 })
        }
    }
}

/// Room for a data set, and the classes of its samples.
pub(super) struct Blank {
    entries: Array2<f32>,
    signs: Array1<f64>,
    seed: u64,
}

impl Blank {
    /// Draws the classes of αN samples.
    ///
    /// # Errors
    /// [`ExperimentError::OneClass`] or [`ExperimentError::TooLarge`].
    pub fn draw(alpha: f64, rho: f64, sampling: Sampling, n: usize, seed: u64) -> Result<Self, ExperimentError> {
        let m = count(alpha, n);
        let entries = room(n, m)?;
        Self::of(entries, classes(m, rho, sampling, seed), seed)
    }

    /// Room for samples whose classes are given.
    ///
    /// # Errors
    /// As [`Blank::draw`].
    pub fn for_signs(signs: Array1<f64>, n: usize, seed: u64) -> Result<Self, ExperimentError> {
        Self::of(room(n, signs.len())?, signs, seed)
    }

    fn of(entries: Array2<f32>, signs: Array1<f64>, seed: u64) -> Result<Self, ExperimentError> {
        both_classes(signs.view())?;
        Ok(Self { entries, signs, seed })
    }

    /// Draws the samples around ±v/√N, with variance Δ_i in feature i.
    ///
    /// # Errors
    /// [`ExperimentError::Interrupted`] soon after `stop` turns true.
    pub fn fill(
        self,
        centre: Array1<f64>,
        variances: &[f64],
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<DataSet, ExperimentError> {
        let n = centre.len();
        let shift = &centre / (n as f64).sqrt();
        let widths: Vec<f64> = variances.iter().map(|variance| variance.sqrt()).collect();
        let mut noise = random(self.seed, Stream::Noise);
        self.rows(centre, stop, |_, sign, row| {
            for ((entry, shift), width) in row.iter_mut().zip(&shift).zip(&widths) {
                let z: f64 = StandardNormal.sample(&mut noise);
                *entry = (sign * shift + width * z) as f32;
            }
        })
    }

    /// Fills in the samples one by one: `sample(i, s_i, row)`.
    ///
    /// # Errors
    /// As [`Blank::fill`].
    pub fn rows(
        self,
        centre: Array1<f64>,
        stop: &(dyn Fn() -> bool + Sync),
        mut sample: impl FnMut(usize, f64, &mut [f32]),
    ) -> Result<DataSet, ExperimentError> {
        let Self { mut entries, signs, seed } = self;
        for (i, (mut row, sign)) in entries.axis_iter_mut(Axis(0)).zip(&signs).enumerate() {
            if stop() {
                return Err(ExperimentError::Interrupted);
            }
            sample(i, *sign, &mut row.as_slice_mut().unwrap_or_default()[..centre.len()]);
        }
        Ok(DataSet { entries, signs, centre, seed })
    }
}

/// Refuses labels that are all the same: they leave an unregularised bias without a finite optimum.
pub(super) fn both_classes(labels: ArrayView1<'_, f64>) -> Result<(), ExperimentError> {
    if labels.iter().all(|label| *label == labels[0]) {
        return Err(ExperimentError::OneClass { samples: labels.len() });
    }
    Ok(())
}

impl DataSet {
    /// The entries row after row, and the distance between rows.
    pub(super) fn rows(&self) -> (&[f32], usize) {
        (self.entries.as_slice().unwrap_or_default(), self.entries.ncols())
    }

    /// x, of shape M×N; sample i is x_i = s_i v/√N + √Δ z_i.
    pub fn samples(&self) -> ArrayView2<'_, f32> {
        self.entries.slice_axis(Axis(1), Slice::from(..self.centre.len()))
    }

    /// s, of length M.
    pub fn signs(&self) -> ArrayView1<'_, f64> {
        self.signs.view()
    }

    /// v, of length N.
    pub fn centre(&self) -> ArrayView1<'_, f64> {
        self.centre.view()
    }

    /// The seed of the data set.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }
}

#[cfg(test)]
impl DataSet {
    /// One set of isotropic data.
    pub fn isotropic([alpha, delta, rho]: [f64; 3], replicate: u32, protocol: &super::Protocol) -> Self {
        let super::Protocol { n, sampling, .. } = *protocol;
        let seed = super::protocol::seed_of([alpha, delta, rho], replicate, protocol, |_| {});
        let centre = match sampling {
            Sampling::Stratified => Array1::ones(n),
            Sampling::Iid => Array1::random_using(n, StandardNormal, &mut random(seed, Stream::Centre)),
        };
        let blank = Blank::draw(alpha, rho, sampling, n, seed).expect("two classes");
        blank.fill(centre, &vec![delta; n], &|| false).expect("not interrupted")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Protocol;

    fn draw(sampling: Sampling, replicate: u32) -> DataSet {
        DataSet::isotropic([2.5, 0.7, 0.2], replicate, &Protocol { n: 203, sampling, seed: 5 })
    }

    #[test]
    fn stratified_data_have_exact_counts_and_norms() {
        let data = draw(Sampling::Stratified, 0);
        assert_eq!(data.signs().len(), 508);
        assert_eq!(data.signs().iter().filter(|sign| **sign > 0.0).count(), 102);
        assert_eq!(data.centre().dot(&data.centre()), 203.0);
        let share = data.centre().iter().take(101).map(|v| v * v).sum::<f64>();
        assert_eq!(share, 101.0);
    }

    #[test]
    fn independent_data_are_left_to_chance() {
        let count = |replicate| {
            let data = draw(Sampling::Iid, replicate);
            assert!((data.centre().dot(&data.centre()) - 203.0).abs() > 1e-3);
            data.signs().iter().filter(|sign| **sign > 0.0).count()
        };
        let counts: Vec<usize> = (0..20).map(count).collect();
        assert!(counts.iter().any(|count| *count != counts[0]));
        let mean = counts.iter().sum::<usize>() as f64 / 20.0;
        // 4 standard deviations of a mean of 20 binomial counts of 508 at 0.2
        assert!((mean - 101.6).abs() < 8.1, "{mean}");
    }

    #[test]
    fn noise_has_the_variance_and_the_mean_of_its_cloud() {
        let data = draw(Sampling::Stratified, 3);
        let (entries, stride) = data.rows();
        let mut noise = Vec::new();
        for (row, sign) in entries.chunks(stride).zip(data.signs()) {
            noise.extend(row[..203].iter().map(|x| f64::from(*x) - sign / 203f64.sqrt()));
            assert!(row[203..].iter().all(|x| *x == 0.0));
        }
        let count = noise.len() as f64;
        let (mean, square) = (noise.iter().sum::<f64>() / count, noise.iter().map(|z| z * z).sum::<f64>() / count);
        // 4 standard deviations
        assert!(mean.abs() < 4.0 * (0.7 / count).sqrt());
        assert!((square / 0.7 - 1.0).abs() < 4.0 * (2.0 / count).sqrt());
    }
}
