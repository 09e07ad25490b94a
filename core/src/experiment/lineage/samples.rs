//! Given samples in place of drawn ones, brought to the model's conventions.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};
use rand_chacha::rand_core::RngCore;

use super::features::check_size;
use super::sets::{HeldOut, LabelledSet, LineageData, set_seed};
use crate::experiment::ExperimentError;
use crate::experiment::protocol::{Protocol, Sampling, Stream, random};
use crate::experiment::sample::Blank;
use crate::model::lineage::{Data, Spectrum};

/// Samples with two classes, in the units of the model: x = s v/√N + noise of variance Δ_i, |v|² = N.
///
/// All the samples given fix, once and for all,
///
/// 1. the origin, which is moved to the middle of the two class means;
/// 2. the one unit of all features, which becomes half the distance of the class means, so that |v|² = N;
/// 3. Δ_i, the variance of feature i within the classes (M − 2 degrees of freedom), and v, √N times half the
///    difference of the class means;
/// 4. ρ, the share of the samples with y = +1.
///
/// Features are neither scaled one by one nor rotated: that would change what a ridge does. The theory has
/// uncorrelated features; samples given in their principal axes come closest to it. A mask takes features in
/// the order given.
pub struct Samples {
    x: Array2<f64>,
    y: Array1<f64>,
    spectrum: Spectrum,
    rho: f64,
}

impl Samples {
    /// Takes samples x (M×N) and labels y = ±1.
    ///
    /// # Errors
    /// Numbers that are not finite, other labels, fewer than two samples of a class, class means that coincide,
    /// or a feature without variance.
    pub fn standardise(x: ArrayView2<'_, f64>, y: ArrayView1<'_, f64>) -> Result<Self, ExperimentError> {
        let refuse = |problem: String| Err(ExperimentError::Samples { problem });
        let (count, n) = x.dim();
        if y.len() != count {
            return refuse(format!("{count} rows and {} labels; as many are needed", y.len()));
        }
        if let Some(label) = y.iter().find(|y| y.abs() != 1.0) {
            return refuse(format!("a label is {label}; valid are -1 and 1"));
        }
        if let Some(((i, j), value)) = x.indexed_iter().find(|(_, value)| !value.is_finite()) {
            return refuse(format!("feature {} of sample {} is {value}; finite numbers are needed", j + 1, i + 1));
        }
        let members = |class: f64| -> Vec<usize> { (0..count).filter(|i| y[*i] == class).collect() };
        let [up, down] = [members(1.0), members(-1.0)];
        if up.len() < 2 || down.len() < 2 {
            let (up, down) = (up.len(), down.len());
            return refuse(format!("{up} of class +1 and {down} of class -1; at least two of each are needed"));
        }
        let mean = |members: &[usize]| -> Array1<f64> {
            members.iter().fold(Array1::zeros(n), |sum, i| sum + x.row(*i)) / members.len() as f64
        };
        let [up_mean, down_mean] = [mean(&up), mean(&down)];
        let half = (&up_mean - &down_mean) / 2.0;
        let unit = half.dot(&half).sqrt();
        if unit == 0.0 || !unit.is_finite() {
            return refuse(format!(
                "the means of the two classes are {} apart; a finite distance is needed",
                2.0 * unit
            ));
        }
        let x = (&x - &((&up_mean + &down_mean) / 2.0)) / unit;
        let mut variance: Array1<f64> = Array1::zeros(n);
        for (row, y) in x.axis_iter(Axis(0)).zip(&y) {
            let noise = &row - &(&half * (y / unit));
            variance += &(&noise * &noise);
        }
        variance /= (count - 2).max(1) as f64;
        if let Some(feature) = variance.iter().position(|v| *v <= 0.0) {
            return refuse(format!("feature {} does not vary within the classes; leave it out", feature + 1));
        }
        let mean = (half * ((n as f64).sqrt() / unit)).to_vec();
        let spectrum = Spectrum::Table { variance: variance.to_vec(), mean };
        Ok(Self { x, y: y.to_owned(), spectrum, rho: up.len() as f64 / count as f64 })
    }

    /// The data that sets of α_d N of these samples are, with a share `label_noise` of the labels flipped: what
    /// the theory is asked about.
    #[must_use]
    pub fn data(&self, alpha: &[f64], label_noise: f64) -> Data {
        // a table of variances stands as it is; Δ does not scale it
        Data { alpha: alpha.to_vec(), delta: 1.0, rho: self.rho, label_noise, spectrum: self.spectrum.clone() }
    }

    /// Puts together data sets of round(α_d N) different samples each, no sample in two of them. The samples that
    /// are left measure the error.
    ///
    /// Which samples are taken depends on the replicate; stratified sampling takes round(ρM) of class +1.
    ///
    /// # Errors
    /// A parameter out of its domain, N other than the number of features, fewer samples than are asked for,
    /// or [`ExperimentError::Interrupted`] soon after `stop` turns true.
    pub fn draw(
        &self,
        alpha: &[f64],
        label_noise: f64,
        replicate: u32,
        protocol: &Protocol,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<LineageData, ExperimentError> {
        let data = self.data(alpha, label_noise);
        data.validate()?;
        check_size(&data.spectrum, protocol.n)?;
        let Protocol { n, sampling, .. } = *protocol;
        let Spectrum::Table { variance, mean } = &data.spectrum else { unreachable!("samples have a table") };
        let mut left = self.shuffled(set_seed(&data, 0, replicate, protocol));
        let mut sets = Vec::with_capacity(alpha.len());
        for (set, alpha) in alpha.iter().enumerate() {
            let count = (alpha * n as f64).round() as usize;
            let rows = match sampling {
                Sampling::Iid => self.take(&mut left, count, |_| true)?,
                Sampling::Stratified => {
                    let ones = (self.rho * count as f64).round() as usize;
                    let mut rows = self.take(&mut left, ones, |y| y > 0.0)?;
                    rows.extend(self.take(&mut left, count - ones, |y| y < 0.0)?);
                    rows
                }
            };
            let seed = set_seed(&data, set, replicate, protocol);
            let signs = rows.iter().map(|i| self.y[*i]).collect();
            let filled =
                Blank::for_signs(signs, n, seed)?.rows(mean.iter().copied().collect(), stop, |i, _, row| {
                    row.iter_mut().zip(self.x.row(rows[i])).for_each(|(entry, x)| *entry = *x as f32);
                })?;
            sets.push(LabelledSet::flip(filled, label_noise, sampling, seed)?);
        }
        left.sort_unstable();
        let held_out = HeldOut {
            rows: left.iter().map(|i| self.x.row(*i).to_vec()).collect(),
            labels: left.iter().map(|i| self.y[*i]).collect(),
        };
        let variances = variance.clone();
        let protocol = *protocol;
        Ok(LineageData { description: data, protocol, replicate, variances, sets, held_out: Some(held_out) })
    }

    /// The rows in random order.
    fn shuffled(&self, seed: u64) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..self.y.len()).collect();
        let mut chance = random(seed, Stream::Rows);
        for last in (1..rows.len()).rev() {
            // the remainder's bias is the number of rows over 2⁶⁴
            rows.swap(last, (chance.next_u64() % (last as u64 + 1)) as usize);
        }
        rows
    }

    /// Moves the first `count` rows whose label is wanted out of `left`.
    fn take(
        &self,
        left: &mut Vec<usize>,
        count: usize,
        wanted: impl Fn(f64) -> bool,
    ) -> Result<Vec<usize>, ExperimentError> {
        let mut taken = Vec::with_capacity(count.min(left.len()));
        left.retain(|row| {
            let takes = taken.len() < count && wanted(self.y[*row]);
            if takes {
                taken.push(*row);
            }
            !takes
        });
        if taken.len() < count {
            let problem =
                format!("{count} more are needed of a kind of which {} are left; use a smaller alpha", taken.len());
            return Err(ExperimentError::Samples { problem });
        }
        Ok(taken)
    }
}

impl HeldOut {
    /// The share that a classifier on the first features gets wrong; none without samples.
    pub fn error(&self, weights: &[f64], bias: f64) -> Option<f64> {
        let root = self.rows.first().map(|row| (row.len() as f64).sqrt())?;
        let wrong = self.rows.iter().zip(&self.labels).filter(|(row, y)| {
            let h = row.iter().zip(weights).map(|(x, w)| x * w).sum::<f64>() / root + bias;
            (h > 0.0) != (**y > 0.0)
        });
        Some(wrong.count() as f64 / self.rows.len() as f64)
    }
}
