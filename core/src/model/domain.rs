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
    /// The domain in words.
    pub valid: &'static str,
}

impl Domain {
    /// `Ok` for a value of the domain.
    ///
    /// # Errors
    /// The value is not in the domain.
    pub fn check(&self, value: f64) -> Result<(), DomainError> {
        let holds = (self.least..=self.most).contains(&value) || (self.zero && value == 0.0);
        if holds { Ok(()) } else { Err(DomainError { parameter: self.parameter, value, valid: self.valid }) }
    }
}

/// α = M/N.
pub const ALPHA: Domain =
    Domain { parameter: "alpha", least: 1e-6, most: 1e4, zero: false, valid: "a number > 0, from 1e-6 to 1e4" };
/// η, of which a student sees at least a handful of features in any sample.
pub const ETA: Domain =
    Domain { parameter: "eta", least: 1e-3, most: 1.0, zero: false, valid: "a number in (0, 1], from 1e-3" };
/// Δ.
pub const DELTA: Domain =
    Domain { parameter: "delta", least: 1e-3, most: 1e4, zero: false, valid: "a number > 0, from 1e-3 to 1e4" };
/// ρ.
pub const RHO: Domain = Domain {
    parameter: "rho",
    least: 1e-3,
    most: 0.999,
    zero: false,
    valid: "a number in (0, 1), ends excluded, from 1e-3 to 0.999",
};
/// λ.
pub const LAMBDA: Domain =
    Domain { parameter: "lambda", least: 1e-12, most: 1e6, zero: false, valid: "a number > 0, from 1e-12 to 1e6" };
/// λ̃.
pub const TEACHER_LAMBDA: Domain = Domain { parameter: "teacher_lambda", ..LAMBDA };
/// ε: at ½ a label says nothing, beyond it says the opposite.
pub const EPSILON: Domain =
    Domain { parameter: "epsilon", least: 0.0, most: 0.5, zero: true, valid: "a number in [0, 0.5]" };
/// χ: a weight that is not zero must be felt in the last digits of the answer.
pub const CHI: Domain =
    Domain { parameter: "chi", least: 1e-9, most: 1.0, zero: true, valid: "a number in [0, 1], 0 or from 1e-9" };
/// T.
pub const TEMPERATURE: Domain =
    Domain { parameter: "temperature", least: 0.01, most: 1e4, zero: false, valid: "a number > 0, from 0.01 to 1e4" };

/// The share of the features that a stage of a lineage sees.
pub const FEATURES: Domain = Domain { parameter: "features", ..ETA };
/// λ of a stage, of which 0 is the limit λ → 0.
pub const RIDGE: Domain = Domain { zero: true, valid: "0, or a number from 1e-12 to 1e6", ..LAMBDA };
/// ε of a stage.
pub const SMOOTHING: Domain = Domain { parameter: "smoothing", ..EPSILON };
/// θ.
pub const LABEL_NOISE: Domain =
    Domain { parameter: "label_noise", least: 0.0, most: 1.0, zero: true, valid: "a number in [0, 1]" };
/// a, the exponent of a power-law spectrum.
pub const POWER: Domain =
    Domain { parameter: "power", least: 0.0, most: 0.99, zero: true, valid: "a number in [0, 0.99]" };
/// A prescribed bias.
pub const BIAS: Domain =
    Domain { parameter: "bias", least: -1e6, most: 1e6, zero: true, valid: "a number from -1e6 to 1e6" };
/// T of targets, of which 0 makes hard ones labels.
pub const TARGET_TEMPERATURE: Domain =
    Domain { zero: true, valid: "a number from 0.01 to 1e4, or 0 for hard targets", ..TEMPERATURE };
/// m of a fixed teacher.
pub const TEACHER_M: Domain = Domain { parameter: "teacher_m", ..BIAS };
/// q of a fixed teacher.
pub const TEACHER_Q: Domain =
    Domain { parameter: "teacher_q", least: 1e-12, most: 1e12, zero: false, valid: "a number > 0, from 1e-12 to 1e12" };
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
                assert!(told.is_err() || (domain == EPSILON && beyond > 0.0 && beyond < 0.5), "{domain:?} {beyond}");
            }
            assert_eq!(domain.check(0.0).is_ok(), domain.zero, "{domain:?}");
        }
    }
}
