//! Student's t: few data sets make heavy tails, and a bound in standard errors must say so.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// Probability that the simulation is told to have decided when the truth lies at the bound, both sides together.
pub const LEVEL: f64 = 0.01;

/// Standard errors on either side of a mean over `count` data sets that the truth leaves with probability [`LEVEL`];
/// none below two data sets.
#[must_use]
pub fn critical(count: usize) -> Option<f64> {
    let freedom = count.checked_sub(1).filter(|freedom| *freedom > 0)? as f64;
    let law = StudentsT::new(0.0, 1.0, freedom).ok()?;
    Some(law.inverse_cdf(1.0 - 0.5 * LEVEL))
}

/// The normal deviate as improbable as a t of `count` data sets: what is called z. None for a t that is no number.
#[must_use]
pub fn normal_equivalent(t: f64, count: usize) -> Option<f64> {
    let freedom = count.checked_sub(1).filter(|freedom| *freedom > 0)? as f64;
    let t = Some(t).filter(|t| t.is_finite())?;
    let tail = StudentsT::new(0.0, 1.0, freedom).ok()?.sf(t.abs());
    // beyond the smallest probability a double holds, the deviate is told as that of the smallest
    let z = -Normal::standard().inverse_cdf(tail.max(f64::MIN_POSITIVE));
    Some(z.copysign(t))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_printed_tables() {
        assert!((critical(10).unwrap() - 3.249_836).abs() < 1e-5);
        assert!((critical(16).unwrap() - 2.946_713).abs() < 1e-5);
        assert_eq!(critical(1), None);
    }

    #[test]
    fn a_t_of_many_is_normal_and_one_of_few_says_less() {
        assert!((normal_equivalent(2.0, 100_000).unwrap() - 2.0).abs() < 1e-4);
        // P(t₉ > 4) = 0.001555, whose normal deviate is 2.957
        assert!((normal_equivalent(-4.0, 10).unwrap() + 2.957).abs() < 1e-3);
        assert!(normal_equivalent(1e6, 4).unwrap().is_finite());
        assert_eq!((normal_equivalent(1.0, 1), normal_equivalent(f64::NAN, 10)), (None, None));
    }
}
