//! The domain of every parameter: what figure files, flags and the model itself accept, written down once.

use std::{error, fmt};

/// A parameter outside the domain on which the model is defined.
#[derive(Debug, Clone, PartialEq)]
pub struct DomainError {
    /// Name of the parameter as written in figure files and on the command line.
    pub parameter: &'static str,
    /// The value that was refused.
    pub value: f64,
    /// What would be valid.
    pub valid: &'static str,
}

impl fmt::Display for DomainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {:?} is out of range: {}", self.parameter, self.value, self.valid)
    }
}

impl error::Error for DomainError {}

/// The values that one parameter may take.
///
/// The bounds are decades beyond anything that a figure shows or that the solver certifies. They are there
/// because a value such as α = 5e-324 is a slip of the keyboard, and costs minutes before it is found out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Domain {
    /// Name of the parameter as written in figure files and, with hyphens, on the command line.
    pub parameter: &'static str,
    /// Smallest value.
    pub least: f64,
    /// Largest value.
    pub most: f64,
    /// Whether 0, below the smallest value, is valid too.
    pub zero: bool,
    /// Whether everything from 0 to the smallest value is valid too, though nobody searches there.
    pub limit: bool,
    /// The domain in words.
    pub valid: &'static str,
    /// The value in the paper's learners where nothing is said, if there is one.
    pub usual: Option<f64>,
    /// The least size of a value that is not 0.
    pub felt: f64,
    /// The values it is usually searched among, if they are fewer.
    pub searched: Option<(f64, f64)>,
    /// Its unit, `1` for a number without dimension.
    pub unit: &'static str,
}

impl Domain {
    /// The value where nothing is said; NaN where something must be.
    #[must_use]
    pub const fn usual(&self) -> f64 {
        match self.usual {
            Some(value) => value,
            None => f64::NAN,
        }
    }

    /// `Ok` for a value of the domain.
    ///
    /// # Errors
    /// The value is not in the domain.
    pub fn check(&self, value: f64) -> Result<(), DomainError> {
        let below = if self.limit { (0.0..self.least).contains(&value) } else { self.zero && value == 0.0 };
        let felt = value == 0.0 || value.abs() >= self.felt;
        let holds = (felt && (self.least..=self.most).contains(&value)) || below;
        if holds { Ok(()) } else { Err(DomainError { parameter: self.parameter, value, valid: self.valid }) }
    }
}

/// The numbers from `least` to `most`.
pub(in crate::model) const fn domain(
    parameter: &'static str,
    (least, most): (f64, f64),
    valid: &'static str,
) -> Domain {
    Domain {
        parameter,
        least,
        most,
        zero: false,
        limit: false,
        felt: 0.0,
        valid,
        usual: None,
        searched: None,
        unit: "1",
    }
}

impl Domain {
    pub(in crate::model) const fn with_zero(self) -> Self {
        Self { zero: true, ..self }
    }

    pub(in crate::model) const fn usually(self, value: f64) -> Self {
        Self { usual: Some(value), ..self }
    }
}

/// α = M/N.
pub const ALPHA: Domain = domain("alpha", (1e-6, 1e5), "a number > 0, from 1e-6 to 1e5");
/// η, of which a student sees at least a handful of features in any sample.
pub const ETA: Domain = domain("eta", (1e-3, 1.0), "a number in (0, 1], from 1e-3").usually(0.5);
/// Δ.
pub const DELTA: Domain = domain("delta", (1e-3, 1e4), "a number > 0, from 1e-3 to 1e4").usually(1.0);
/// ρ.
pub const RHO: Domain =
    domain("rho", (1e-3, 0.999), "a number in (0, 1), ends excluded, from 1e-3 to 0.999").usually(0.2);
/// λ, by default what the paper calls unregularised.
pub const LAMBDA: Domain = domain("lambda", (1e-12, 1e6), "a number > 0, from 1e-12 to 1e6").usually(1e-5);
/// λ̃.
pub const TEACHER_LAMBDA: Domain = Domain { parameter: "teacher_lambda", ..LAMBDA };
/// ε: at ½ a label says nothing, beyond it says the opposite.
pub const EPSILON: Domain = domain("epsilon", (0.0, 0.5), "a number in [0, 0.5]").with_zero().usually(0.0);
/// χ: a weight that is not zero must be felt in the last digits of the answer. Outside [0, 1] losses stay convex under
/// conditions ([`crate::model::lineage`]).
pub const CHI: Domain = Domain {
    felt: 1e-9,
    searched: Some((0.0, 1.0)),
    ..domain(
        "chi",
        (-100.0, 100.0),
        "a number in [0, 1], 0 or from 1e-9 in size; from -100 to 100 where the loss is convex",
    )
}
.with_zero()
.usually(1.0);
/// T.
pub const TEMPERATURE: Domain = domain("temperature", (0.01, 1e4), "a number > 0, from 0.01 to 1e4").usually(1.0);

/// The share of the features that a stage of a lineage sees.
pub const FEATURES: Domain = Domain { parameter: "features", ..ETA };
/// λ of a stage, of which 0 is the limit λ → 0.
pub const RIDGE: Domain = Domain { zero: true, valid: "a number ≥ 0: 0, or from 1e-12 to 1e6", ..LAMBDA };
/// ε of a stage.
pub const SMOOTHING: Domain = Domain { parameter: "smoothing", ..EPSILON };
/// θ.
pub const LABEL_NOISE: Domain = domain("label_noise", (0.0, 1.0), "a number in [0, 1]").with_zero().usually(0.0);
/// a, the exponent of a power-law spectrum.
pub const POWER: Domain = domain("power", (0.0, 0.99), "a number in [0, 0.99]").with_zero();
/// A prescribed bias; that of the Bayes-optimal classifier grows as Δ²/α.
pub const BIAS: Domain = domain("bias", (-1e15, 1e15), "a number from -1e15 to 1e15").with_zero();
/// T of targets, of which 0 makes hard ones labels.
pub const TARGET_TEMPERATURE: Domain =
    Domain { zero: true, limit: true, valid: "a number > 0, to 1e4, or 0 for hard targets", ..TEMPERATURE };
/// m of a fixed teacher.
pub const TEACHER_M: Domain = Domain { parameter: "teacher_m", ..BIAS };
/// q of a fixed teacher.
pub const TEACHER_Q: Domain = domain("teacher_q", (1e-12, 1e12), "a number > 0, from 1e-12 to 1e12");
/// b of a fixed teacher.
pub const TEACHER_B: Domain = Domain { parameter: "teacher_b", ..BIAS };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_domain_holds_its_ends_and_nothing_beyond() {
        for domain in [ALPHA, ETA, DELTA, RHO, LAMBDA, TEACHER_LAMBDA, EPSILON, CHI, TEMPERATURE] {
            assert!(domain.check(domain.least).is_ok() && domain.check(domain.most).is_ok(), "{domain:?}");
            for beyond in [-1.0, 1.01 * domain.most, f64::NAN, f64::INFINITY, 5e-324, 1e-300] {
                let told = domain.check(beyond);
                let within = (domain == EPSILON && beyond > 0.0 && beyond < 0.5) || (domain == CHI && beyond == -1.0);
                assert_eq!(told.is_ok(), within, "{domain:?} {beyond}");
            }
            assert_eq!(domain.check(0.0).is_ok(), domain.zero, "{domain:?}");
        }
    }
}
