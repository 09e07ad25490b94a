//! The address of a parameter of a lineage: `lambda`, `lambda@1`, `alpha@2`.

use std::fmt;

use super::Lineage;
use super::address::{Address, Named};
use super::descriptor::{Descriptor, Home};
use super::parameters::DESCRIPTORS;

/// A parameter by its name, and by the number of its stage or data set where one is given. Without a number a
/// parameter of stages is that of the last stage, and `alpha` that of every data set.
///
/// ```
/// use redistill_core::model::lineage::Parameter;
/// use redistill_core::model::{Lineage, Mixture};
///
/// let mixture = Mixture { alpha: 3.0, eta: 0.5, delta: 1.0, rho: 0.2 };
/// let mut lineage = Lineage::distilled(&mixture, 0.1, 0.0, 1e-5, 1.0, 1.0);
/// let ridge: Parameter = "lambda@1".parse().unwrap();
/// ridge.set(&mut lineage, 0.3).unwrap();
/// assert_eq!(lineage.stages[0].lambda, 0.3);
/// // λ̃ is that same number, and a stage that learns labels has no χ
/// assert_eq!("teacher_lambda".parse::<Parameter>().unwrap().get(&lineage), Some(0.3));
/// let chi: Parameter = "chi@1".parse().unwrap();
/// assert!(chi.set(&mut lineage, 0.5).unwrap_err().to_string().contains("valid: chi@2"));
/// ```
pub type Parameter = Address<&'static Descriptor>;

/// Why a parameter cannot be had.
#[derive(Debug, Clone, PartialEq)]
pub enum ParameterError {
    /// No parameter has this name.
    Unknown {
        /// What was written.
        text: String,
        /// The names there are.
        valid: String,
    },
    /// What stands behind the name is no number of a stage or data set.
    Number {
        /// What was written.
        text: String,
        /// How it would be written.
        valid: String,
    },
    /// The lineage does not have it.
    Absent {
        /// The parameter.
        parameter: Parameter,
        /// What is missing.
        problem: String,
        /// Where the lineage has one.
        valid: String,
    },
    /// A value outside its domain.
    Range {
        /// The parameter.
        parameter: Parameter,
        /// The value that was refused.
        value: f64,
        /// What would be valid.
        valid: &'static str,
    },
}

impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { text, valid } => write!(f, "`{text}` is no parameter; valid: {valid}"),
            Self::Number { text, valid } => write!(f, "`{text}`: {valid}"),
            Self::Absent { parameter, problem, valid } => write!(f, "{parameter}: {problem}; valid: {valid}"),
            Self::Range { parameter, value, valid } => {
                write!(f, "{parameter} = {value} is out of range; valid: {valid}")
            }
        }
    }
}

impl std::error::Error for ParameterError {}

impl Parameter {
    /// The parameter of a name, of one stage or data set if a number, from 1, is given.
    ///
    /// # Errors
    /// There is no such parameter, or it takes no number.
    pub fn new(name: &str, number: Option<usize>) -> Result<Self, ParameterError> {
        let Some(kind) = DESCRIPTORS.iter().find(|descriptor| descriptor.domain.parameter == name) else {
            let names: Vec<&str> = DESCRIPTORS.iter().map(|descriptor| descriptor.domain.parameter).collect();
            return Err(ParameterError::Unknown { text: name.to_owned(), valid: names.join(", ") });
        };
        let parameter = Self { kind, number };
        match (number, kind.home.counts()) {
            (Some(0), Some(_)) | (Some(_), None) => Err(parameter.misnumbered(&parameter.to_string())),
            (Some(_) | None, Some(_)) | (None, None) => Ok(parameter),
        }
    }

    fn misnumbered(self, text: &str) -> ParameterError {
        let name = self.name();
        let valid = match self.kind.home.counts() {
            None => format!("{name} takes no number; valid: {name}"),
            Some(counted) => format!("a number says which {counted}; valid: {name}, {name}@1, {name}@2, …"),
        };
        ParameterError::Number { text: text.to_owned(), valid }
    }

    /// What there is to know of it.
    #[must_use]
    pub fn descriptor(self) -> &'static Descriptor {
        self.kind
    }

    /// The stages or data sets it stands for in a lineage, from 0.
    fn places(self, lineage: &Lineage) -> Vec<usize> {
        let home = self.kind.home;
        match self.number {
            None => home.meant(lineage).collect(),
            Some(number) => (0..home.all(lineage)).filter(|&index| index + 1 == number).collect(),
        }
    }

    /// Its value; none where the lineage has no such parameter, or more than one value for it.
    #[must_use]
    pub fn get(self, lineage: &Lineage) -> Option<f64> {
        let places = self.places(lineage);
        let mut values = places.iter().map(|&place| (self.kind.get)(lineage, place));
        let first = values.next()??;
        values.all(|value| value == Some(first)).then_some(first)
    }

    /// Gives it a value of its domain. What depends on other parameters, [`Lineage::validate`] tells.
    ///
    /// # Errors
    /// The lineage has no such parameter, or the value is outside its domain.
    pub fn set(self, lineage: &mut Lineage, value: f64) -> Result<(), ParameterError> {
        let domain = &self.kind.domain;
        if domain.check(value).is_err() {
            return Err(ParameterError::Range { parameter: self, value, valid: domain.valid });
        }
        let places = self.places(lineage);
        if places.is_empty() {
            return Err(self.absent(lineage));
        }
        for place in places {
            match (self.kind.slot)(lineage, place) {
                Some(slot) => *slot = value,
                None => return Err(self.absent(lineage)),
            }
        }
        Ok(())
    }

    /// The error of a lineage that does not have it.
    #[must_use]
    pub fn absent(self, lineage: &Lineage) -> ParameterError {
        let Descriptor { home, lacks, domain, spells, .. } = self.kind;
        let name = spells.unwrap_or(domain.parameter);
        let count = home.all(lineage);
        let problem = match (self.number, home.counts()) {
            (Some(number), Some(counted)) if number > count => {
                format!("the lineage has {count} {counted}{}", if count == 1 { "" } else { "s" })
            }
            (Some(number), Some(counted)) => format!("{counted} {number} has no {lacks}"),
            (Some(_) | None, _) => format!("the lineage has no {lacks}"),
        };
        let others = Self::all(lineage).into_iter().filter(|other| other.name() == name);
        let others: Vec<String> = others.map(|other| other.to_string()).collect();
        let valid = if others.is_empty() { "a parameter that it has".to_owned() } else { others.join(", ") };
        ParameterError::Absent { parameter: self, problem, valid }
    }

    /// Every parameter that a lineage has, each once: by its own name, with the number of its stage, and of its data
    /// set where there are several.
    #[must_use]
    pub fn all(lineage: &Lineage) -> Vec<Self> {
        let mut all = Vec::new();
        for descriptor in DESCRIPTORS.iter().filter(|descriptor| descriptor.spells.is_none()) {
            let count = descriptor.home.all(lineage);
            let numbered = match descriptor.home {
                Home::Data => false,
                Home::Sets => count > 1,
                Home::LastStage | Home::FirstStage | Home::SourceStage => true,
            };
            let there = (0..count).filter(|&index| (descriptor.get)(lineage, index).is_some());
            all.extend(there.map(|index| Self { kind: descriptor, number: numbered.then_some(index + 1) }));
        }
        all
    }
}

impl Named for &'static Descriptor {
    type Error = ParameterError;

    fn name(self) -> &'static str {
        self.domain.parameter
    }

    fn symbol(self) -> &'static str {
        self.symbol
    }

    fn address(text: &str, name: &str, number: Option<&str>) -> Result<Parameter, ParameterError> {
        let bare = Parameter::new(name, None)?;
        let number = number.map(|number| number.parse().map_err(|_| bare.misnumbered(text))).transpose()?;
        Parameter::new(name, number)
    }
}
