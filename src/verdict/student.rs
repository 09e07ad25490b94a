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

/// Relative error, of 0.001 at least, that a converged theory point is certified to.
pub(super) const CERTIFIED: f64 = 1e-6;
const LEAST: f64 = 1e-3;
/// Errors of a mean below this share of it are rounding: the number is fixed, not measured.
const FIXED: f64 = 1e-12;

/// Whether a mean with this error is measured, and no number that does not vary.
#[must_use]
pub fn varies(mean: f64, standard_error: f64) -> bool {
    standard_error > FIXED * mean.abs()
}

/// A mean minus theory in standard errors. None where the mean does not vary, or where both its error and the
/// difference are below what theory is certified to.
#[must_use]
pub fn t_of(mean: f64, standard_error: f64, theory: f64) -> Option<f64> {
    let certified = CERTIFIED * theory.abs().max(LEAST);
    let told = standard_error > certified || (mean - theory).abs() > certified;
    (told && varies(mean, standard_error)).then(|| (mean - theory) / standard_error)
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
    fn what_is_below_the_error_of_theory_is_no_deviation() {
        assert_eq!(t_of(0.2, 0.05, 0.1), Some(2.0));
        assert_eq!(t_of(3.0, 1e-13, 2.0), None, "a mean that does not vary");
        assert_eq!(t_of(1e-14, 1e-15, 1.4e-10), None, "samples that all are fitted");
        assert_eq!(t_of(2e-6, 1e-7, 0.0), Some(20.0));
        assert!(t_of(0.1 + 1e-9, 0.01, 0.1).is_some(), "agreement is measured where it is within the noise");
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
