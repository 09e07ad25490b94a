//! What is searched for a minimum: parameters between bounds, in the scales natural to them.

use std::fmt;

use crate::model::Lineage;
use crate::model::lineage::{LineageError, Observable, Parameter, ParameterError, Scale};

/// A parameter that is searched, and between which values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Searched {
    /// The parameter.
    pub parameter: Parameter,
    /// The least value.
    pub least: f64,
    /// The largest.
    pub most: f64,
}

/// A minimum within bounds that is looked for.
#[derive(Debug, Clone)]
pub struct Search {
    /// The lineage, of which the searched parameters change.
    pub lineage: Lineage,
    /// What is searched.
    pub over: Vec<Searched>,
    /// What is made small.
    pub minimised: Observable,
}

/// Values between which a parameter is searched where no bounds are given, within its domain.
const LOG_RANGE: (f64, f64) = (1e-6, 1e3);
/// Values of ridges and temperatures at which a minimum usually is.
const USUAL: (f64, f64) = (1e-2, 3.0);
const LINEAR_RANGE: (f64, f64) = (-10.0, 10.0);
/// Distance to the end of a finite domain, relative to it, below which a coordinate is linear again.
const SOFT_END: f64 = 1e-4;
/// Domains wider than this have ends that nobody searches at.
const WIDE: f64 = 10.0;
/// The size of a value of a wide domain below which its coordinate is linear: a bias may have to follow weights that a
/// ridge makes small.
const SMALL: f64 = 1e-2;

impl Searched {
    /// The domain of a parameter that is searched linearly, where it is finite, or what of it is usual and holds the
    /// bounds.
    fn domain(&self) -> Option<(f64, f64)> {
        let domain = &self.parameter.descriptor().domain;
        let whole = (if domain.zero { domain.least.min(0.0) } else { domain.least }, domain.most);
        let (least, most) = domain.searched.unwrap_or(whole);
        (most - least <= WIDE && self.least >= least && self.most <= most).then_some((least, most))
    }

    /// The coordinate searched in: the logarithm, or the logarithm of the odds in a finite domain, or the logarithm of
    /// the size in a wide one.
    fn coordinate(&self, value: f64) -> f64 {
        match (self.parameter.descriptor().scale, self.domain()) {
            (Scale::Log, _) => libm::log(value),
            (Scale::Linear, Some((least, most))) => {
                let soft = SOFT_END * (most - least);
                libm::log((value - least + soft) / (most - value + soft))
            }
            (Scale::Linear, None) => libm::asinh(value / SMALL),
        }
    }

    fn value(&self, u: f64) -> f64 {
        // the ends are themselves, whatever the rounding
        if u <= self.coordinate(self.least) {
            return self.least;
        }
        if u >= self.coordinate(self.most) {
            return self.most;
        }
        match (self.parameter.descriptor().scale, self.domain()) {
            (Scale::Log, _) => libm::exp(u),
            (Scale::Linear, Some((least, most))) => {
                let soft = SOFT_END * (most - least);
                let share = 1.0 / (1.0 + libm::exp(-u));
                (least - soft + share * (most - least + 2.0 * soft)).max(self.least).min(self.most)
            }
            (Scale::Linear, None) => SMALL * libm::sinh(u),
        }
    }

    /// The value at a share of the way from the least to the most, or of what is usual in between.
    fn spread(&self, share: f64, usual: bool) -> f64 {
        let between = |(least, most): (f64, f64)| least + share * (most - least);
        match self.parameter.descriptor().scale {
            Scale::Linear if usual => between((self.least, self.most)),
            Scale::Log if usual && self.least < USUAL.1 && self.most > USUAL.0 => {
                let (least, most) = (self.least.max(USUAL.0), self.most.min(USUAL.1));
                libm::exp(between((libm::log(least), libm::log(most))))
            }
            Scale::Log | Scale::Linear => {
                self.value(between((self.coordinate(self.least), self.coordinate(self.most))))
            }
        }
    }

    /// dvalue/du.
    pub(super) fn rate(&self, value: f64) -> f64 {
        match (self.parameter.descriptor().scale, self.domain()) {
            (Scale::Log, _) => value,
            (Scale::Linear, Some((least, most))) => {
                let soft = SOFT_END * (most - least);
                (value - least + soft) * (most - value + soft) / (most - least + 2.0 * soft)
            }
            (Scale::Linear, None) => libm::hypot(value, SMALL),
        }
    }
}

/// Why nothing is searched.
#[derive(Debug, Clone, PartialEq)]
pub enum OptimumError {
    /// The lineage does not have a parameter, or its bounds are outside its domain.
    Parameter(ParameterError),
    /// The lineage is not valid.
    Domain(LineageError),
    /// Bounds that hold nothing between them.
    Bounds {
        /// The parameter.
        parameter: Parameter,
        /// The least value.
        least: f64,
        /// The largest.
        most: f64,
    },
    /// A parameter twice, under whatever names.
    Twice {
        /// The parameter.
        parameter: Parameter,
    },
    /// Nowhere was the lineage solved.
    Unsolved {
        /// What the lineage said at the first start.
        reason: String,
    },
}

impl fmt::Display for OptimumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter(error) => error.fmt(f),
            Self::Domain(error) => error.fmt(f),
            Self::Bounds { parameter, least, most } => {
                write!(f, "{parameter}: bounds {least} to {most}; valid: two values, the smaller one first")
            }
            Self::Twice { parameter } => write!(f, "{parameter} is searched twice; valid: each parameter once"),
            Self::Unsolved { reason } => write!(f, "no start led to a solution: {reason}"),
        }
    }
}

impl std::error::Error for OptimumError {}

impl From<ParameterError> for OptimumError {
    fn from(error: ParameterError) -> Self {
        Self::Parameter(error)
    }
}

impl From<LineageError> for OptimumError {
    fn from(error: LineageError) -> Self {
        Self::Domain(error)
    }
}

impl Search {
    /// The search of a minimum of `minimised` over parameters, between bounds where they are given.
    ///
    /// # Errors
    /// The lineage is not valid or lacks a parameter, or bounds are not in order or not in the domain.
    pub fn new(
        lineage: &Lineage,
        over: &[(Parameter, Option<(f64, f64)>)],
        minimised: Observable,
    ) -> Result<Self, OptimumError> {
        lineage.validate()?;
        let mut searched: Vec<Searched> = Vec::new();
        let mut touched = lineage.clone();
        for &(parameter, bounds) in over {
            let present = parameter.get(lineage).ok_or_else(|| parameter.absent(lineage))?;
            let domain = &parameter.descriptor().domain;
            let range = match parameter.descriptor().scale {
                Scale::Log => LOG_RANGE,
                Scale::Linear => LINEAR_RANGE,
            };
            // 0 apart, a domain is an interval
            let floor = if parameter.descriptor().scale == Scale::Linear && domain.zero {
                domain.least.min(0.0)
            } else {
                domain.least
            };
            let usual = domain.searched.unwrap_or((range.0.max(floor), range.1.min(domain.most)));
            let (least, most) = bounds.unwrap_or(usual);
            for value in [least, most] {
                parameter.set(&mut lineage.clone(), value)?;
            }
            let logarithmic = parameter.descriptor().scale == Scale::Log;
            if least >= most || (logarithmic && least <= 0.0) {
                return Err(OptimumError::Bounds { parameter, least, most });
            }
            // a parameter that has moved already goes by another name
            if parameter.get(&touched) != Some(present) {
                return Err(OptimumError::Twice { parameter });
            }
            parameter.set(&mut touched, if present == most { least } else { most })?;
            searched.push(Searched { parameter, least, most });
        }
        Ok(Self { lineage: lineage.clone(), over: searched, minimised })
    }

    /// Values to start from: those of the lineage, then others spread over where minima usually are, every third over all
    /// that the bounds allow.
    #[must_use]
    pub fn starts(&self, count: usize) -> Vec<Vec<f64>> {
        let own = self.over.iter().map(|over| {
            let value = over.parameter.get(&self.lineage).unwrap_or(over.least);
            value.max(over.least).min(over.most)
        });
        let spread = (1..count).map(|index| {
            let shares = PRIMES.iter().cycle().map(|prime| radical_inverse(index, *prime));
            let usual = index % 3 != 0;
            self.over.iter().zip(shares).map(|(over, share)| over.spread(share, usual)).collect()
        });
        std::iter::once(own.collect()).chain(spread).take(count).collect()
    }

    pub(super) fn coordinates(&self, values: &[f64]) -> Vec<f64> {
        self.over.iter().zip(values).map(|(over, value)| over.coordinate(*value)).collect()
    }

    pub(super) fn values(&self, u: &[f64]) -> Vec<f64> {
        self.over.iter().zip(u).map(|(over, u)| over.value(*u)).collect()
    }

    /// The ends of the box in coordinates.
    pub(super) fn ends(&self) -> Vec<(f64, f64)> {
        self.over.iter().map(|over| (over.coordinate(over.least), over.coordinate(over.most))).collect()
    }

    /// The lineage at some values.
    pub(super) fn at(&self, values: &[f64]) -> Option<Lineage> {
        let mut lineage = self.lineage.clone();
        for (over, value) in self.over.iter().zip(values) {
            over.parameter.set(&mut lineage, *value).ok()?;
        }
        lineage.validate().is_ok().then_some(lineage)
    }
}

const PRIMES: [usize; 6] = [2, 3, 5, 7, 11, 13];

/// The digits of `index` in a base, behind the point and in reverse: points that fill (0, 1) evenly (Halton).
fn radical_inverse(mut index: usize, base: usize) -> f64 {
    let (mut sum, mut digit) = (0.0, 1.0 / base as f64);
    while index > 0 {
        sum += (index % base) as f64 * digit;
        index /= base;
        digit /= base as f64;
    }
    sum
}
