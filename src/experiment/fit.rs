//! Fits that share a data matrix, run in lockstep so that one pass serves up to eight of them.

use super::ExperimentError;
use super::kernel::{self, Chunk, LANES, MOST_COLUMNS, Rows};
use super::newton::Fit;
use super::sample::DataSet;

/// Products of entries and columns between two polls of `stop`: below 0.05 s.
const PRODUCTS_PER_POLL: usize = 1 << 28;

/// Runs every fit, on the first `features` features, to its end.
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
) -> Result<(), ExperimentError> {
    fits.reverse();
    let mut active = Vec::with_capacity(MOST_COLUMNS);
    loop {
        while active.len() < MOST_COLUMNS
            && let Some(fit) = fits.pop()
        {
            active.push(fit);
        }
        let ended = match active.len() {
            0 => return Ok(()),
            1 => advance::<1>(data, features, &mut active, stop)?,
            2 => advance::<2>(data, features, &mut active, stop)?,
            3 | 4 => advance::<4>(data, features, &mut active, stop)?,
            _ => advance::<MOST_COLUMNS>(data, features, &mut active, stop)?,
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
        kernel::pass(rows, order, &weights, &mut sums, |c, rows, values| match fits.get_mut(c) {
            Some(fit) => fit.map(rows, values),
            None => values.fill(0.0),
        });
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
