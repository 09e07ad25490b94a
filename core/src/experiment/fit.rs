//! Fits that share a data matrix, run in lockstep so that one pass serves up to eight of them.

use super::ExperimentError;
use super::kernel::{self, Chunk, LANES, MOST_COLUMNS, Rows};
use super::newton::Fit;
use super::sample::DataSet;

/// What passes over a data matrix cost, all fits together. Vector updates and line searches, which grow
/// with N + M and not with N·M, are not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    /// Additions and multiplications of X W and Xᵀ R.
    pub flops: u64,
    /// Bytes of X read; a pass that several fits share reads it once.
    pub bytes: u64,
}

impl std::ops::AddAssign for Work {
    fn add_assign(&mut self, other: Self) {
        self.flops += other.flops;
        self.bytes += other.bytes;
    }
}

/// Products of entries and columns between two polls of `stop`: below 0.05 s.
const PRODUCTS_PER_POLL: usize = 1 << 28;

/// Runs every fit, on the first `features` features, to its end, and says what that cost.
///
/// A place that a finished fit leaves is taken by the next in line. What a fit returns does not depend
/// on its neighbours: see [`kernel`].
///
/// # Errors
/// [`ExperimentError::Interrupted`] soon after `stop` turns true.
pub(super) fn run(
    data: &DataSet,
    features: usize,
    mut fits: Vec<&mut Fit<'_>>,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Work, ExperimentError> {
    fits.reverse();
    let mut work = Work::default();
    let mut active = Vec::with_capacity(MOST_COLUMNS);
    loop {
        while active.len() < MOST_COLUMNS
            && let Some(fit) = fits.pop()
        {
            active.push(fit);
        }
        let ended = match active.len() {
            0 => return Ok(work),
            1 => advance::<1>(data, features, &mut active, &mut work, stop)?,
            2 => advance::<2>(data, features, &mut active, &mut work, stop)?,
            3 | 4 => advance::<4>(data, features, &mut active, &mut work, stop)?,
            _ => advance::<MOST_COLUMNS>(data, features, &mut active, &mut work, stop)?,
        };
        let mut ended = ended.into_iter();
        active.retain(|_| ended.next() != Some(true));
    }
}

/// One pass for at most `C` fits; which of them have ended.
fn advance<const C: usize>(
    data: &DataSet,
    features: usize,
    fits: &mut [&mut Fit<'_>],
    work: &mut Work,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<bool>, ExperimentError> {
    let chunks = features.div_ceil(LANES);
    let mut weights: Vec<[Chunk; C]> = vec![[[0.0; LANES]; C]; chunks];
    for (c, fit) in fits.iter().enumerate() {
        for (packed, chunk) in weights.iter_mut().zip(fit.input().as_chunks().0) {
            packed[c] = *chunk;
        }
    }
    let mut sums = vec![[[0.0; LANES]; C]; chunks];
    let (entries, stride) = data.rows();
    let rows = Rows { entries, stride, chunks };
    for order in order(data, fits).chunks(PRODUCTS_PER_POLL / (C * chunks * LANES) + 1) {
        if stop() {
            return Err(ExperimentError::Interrupted);
        }
        let summed = kernel::pass(rows, order, &weights, &mut sums, |c, rows, values| match fits.get_mut(c) {
            Some(fit) => fit.map(rows, values),
            None => values.fill(0.0),
        });
        let row = (chunks * LANES) as u64;
        // a product and a sum an entry and column, on the way to f and on the way back
        work.flops += 2 * row * fits.len() as u64 * (order.len() + summed) as u64;
        work.bytes += size_of::<f32>() as u64 * row * order.len() as u64;
    }
    let column = |c| sums.iter().flat_map(|packed| packed[c]).collect();
    Ok(fits.iter_mut().enumerate().map(|(c, fit)| fit.absorb(column(c))).collect())
}

/// The rows that at least one of the fits needs in its next pass.
fn order(data: &DataSet, fits: &[&mut Fit<'_>]) -> Vec<u32> {
    let samples = data.signs().len();
    let mut needed = vec![false; samples];
    for fit in fits {
        match fit.rows() {
            None => return (0..samples as u32).collect(),
            Some(rows) => rows.iter().for_each(|i| needed[*i as usize] = true),
        }
    }
    (0..samples as u32).filter(|i| needed[*i as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::newton::GRADIENT_TOLERANCE;
    use crate::experiment::objective::Objective;
    use crate::experiment::{Protocol, Sampling};
    use crate::model::{LogisticLoss, Target};

    /// |∇L| as [`GRADIENT_TOLERANCE`] defines it, written out with the model's own loss.
    fn gradient_norm(data: &DataSet, w: &[f64], b: f64, lambda: f64) -> f64 {
        let root = (data.centre().len() as f64).sqrt();
        let (entries, stride) = data.rows();
        let mut gradient: Vec<f64> = w.iter().map(|w| lambda * w).collect();
        let mut bias = 0.0;
        for (row, sign) in entries.chunks(stride).zip(data.signs()) {
            let f = row.iter().zip(w).map(|(x, w)| f64::from(*x) * w).sum::<f64>() / root + b;
            let label = Target::label(*sign, 0.0);
            let slope = LogisticLoss::hard().slope(f, label, label);
            gradient.iter_mut().zip(row).for_each(|(g, x)| *g += slope * f64::from(*x) / root);
            bias += slope / root;
        }
        gradient.iter().fold(bias * bias, |sum, g| sum + g * g).sqrt()
    }

    #[test]
    fn the_certificate_is_true_where_it_is_hardest() {
        let protocol = Protocol { n: 300, sampling: Sampling::Iid, seed: 3 };
        let data = DataSet::isotropic([1.5, 1.0, 0.2], 0, &protocol);
        for features in [300, 149] {
            let mut fit = Fit::new(Objective::labels(data.signs(), 0.0), 1e-5, features, 300);
            run(&data, features, vec![&mut fit], &|| false).expect("not interrupted");
            let origin = gradient_norm(&data, &vec![0.0; features], 0.0, 1e-5);
            let relative = gradient_norm(&data, fit.weights(), fit.bias(), 1e-5) / origin;
            assert!(fit.certificate().converged && relative <= GRADIENT_TOLERANCE);
            assert!((relative / fit.certificate().gradient_norm - 1.0).abs() < 1e-3);
        }
    }
}
