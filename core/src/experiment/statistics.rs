//! Replicates reduced to a mean and its standard error.

use serde::{Deserialize, Serialize};

/// Mean over replicates and its standard error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// R, the number of values.
    pub replicates: usize,
    /// Their mean; none without values.
    pub mean: Option<f64>,
    /// √(Σ(x − mean)²/(R(R − 1))); none for fewer than two values, where nothing is known of it.
    pub standard_error: Option<f64>,
}

/// Summarises one observable over replicates, in the order given.
#[must_use]
pub fn summarise(values: &[f64]) -> Summary {
    let replicates = values.len();
    let count = replicates as f64;
    let mean = (replicates > 0).then(|| values.iter().sum::<f64>() / count);
    let standard_error = mean.filter(|_| replicates > 1).map(|mean| {
        let squares: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
        (squares / (count * (count - 1.0))).sqrt()
    });
    Summary { replicates, mean, standard_error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_is_absent() {
        assert_eq!(summarise(&[]), Summary { replicates: 0, mean: None, standard_error: None });
        assert_eq!(summarise(&[2.0]), Summary { replicates: 1, mean: Some(2.0), standard_error: None });
        let three = summarise(&[1.0, 2.0, 6.0]);
        assert_eq!((three.mean, three.standard_error), (Some(3.0), Some((14.0f64 / 6.0).sqrt())));
    }
}
