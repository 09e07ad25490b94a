//! Whether a lineage makes sense: every parameter in the domain that its descriptor gives, and what depends on others.

use std::{error, fmt};

use super::descriptor::{Check, Home};
use super::loss::Unlearnable;
use super::parameters::CHECKS;
use super::{Data, Lineage, Source, Spectrum, Stage, TargetKind, Targets};
use crate::model::domain::DELTA;

/// A parameter of a lineage outside its domain.
#[derive(Debug, Clone, PartialEq)]
pub struct LineageError {
    /// The stage it is a parameter of, or the data.
    pub place: Place,
    /// Its name, as written in a lineage file.
    pub parameter: &'static str,
    /// The value that was refused, as text.
    pub value: String,
    /// What would be valid.
    pub valid: String,
}

impl fmt::Display for LineageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{} = {} is out of range: {}", self.place, self.parameter, self.value, self.valid)
    }
}

impl error::Error for LineageError {}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the data.
    Data,
    /// In a stage, numbered from 1.
    Stage(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Data => f.write_str("data: "),
            Self::Stage(number) => write!(f, "stage {number}: "),
        }
    }
}

/// Fractions of blocks add up to one within this: they are written in decimals.
const FRACTION_SUM: f64 = 1e-9;
/// Σ v_i² = N within this relative difference.
const MEAN_NORM: f64 = 1e-6;
/// More stages than this are no use: a stage's averages have one dimension a stage.
pub(super) const MOST_STAGES: usize = 16;

impl Place {
    fn unless(
        self,
        holds: bool,
        parameter: &'static str,
        value: impl fmt::Display,
        valid: impl Into<String>,
    ) -> Result<(), LineageError> {
        if holds {
            return Ok(());
        }
        Err(LineageError { place: self, parameter, value: value.to_string(), valid: valid.into() })
    }
}

impl Lineage {
    /// Checks every parameter against its domain, and what depends on others.
    ///
    /// # Errors
    /// The first parameter out of range, with what would be valid.
    pub fn validate(&self) -> Result<(), LineageError> {
        self.domains()?;
        self.data.shape()?;
        let count = self.stages.len();
        let range = (1..=MOST_STAGES).contains(&count);
        Place::Data.unless(range, "stages", count, format!("from 1 to {MOST_STAGES} stages"))?;
        self.stages.iter().enumerate().try_for_each(|(i, stage)| stage.validate(i + 1, &self.data))
    }

    /// Checks every parameter that it has against the domain of its descriptor.
    fn domains(&self) -> Result<(), LineageError> {
        for Check { name, domain, home, get } in CHECKS.iter().flatten() {
            for (index, value) in (0..home.all(self)).filter_map(|index| Some((index, get(self, index)?))) {
                let here = match home {
                    Home::Data | Home::Sets => Place::Data,
                    Home::LastStage | Home::FirstStage | Home::SourceStage => Place::Stage(index + 1),
                };
                here.unless(domain.check(value).is_ok(), name, value, domain.valid)?;
            }
        }
        Ok(())
    }
}

impl Data {
    /// Checks every parameter of the data against its domain.
    ///
    /// # Errors
    /// The first parameter out of range, with what would be valid.
    pub fn validate(&self) -> Result<(), LineageError> {
        Lineage { data: self.clone(), stages: Vec::new() }.domains()?;
        self.shape()
    }

    /// Checks what is no single number.
    fn shape(&self) -> Result<(), LineageError> {
        let here = Place::Data;
        here.unless(!self.alpha.is_empty(), "alpha", "[]", "a number, or a list with one for each data set")?;
        match &self.spectrum {
            Spectrum::Isotropic | Spectrum::Power { .. } => Ok(()),
            Spectrum::Blocks(blocks) => {
                for block in blocks {
                    let positive = block.fraction > 0.0 && block.fraction.is_finite();
                    let valid = format!("blocks of [fraction > 0, variance], the variance {}", DELTA.valid);
                    let value = format!("[{:?}, {:?}]", block.fraction, block.variance);
                    let holds = positive && DELTA.check(block.variance).is_ok();
                    here.unless(holds, "spectrum.blocks", value, valid)?;
                }
                let sum: f64 = blocks.iter().map(|block| block.fraction).sum();
                let whole = (sum - 1.0).abs() <= FRACTION_SUM;
                here.unless(whole, "spectrum.blocks", format!("a sum of {sum}"), "fractions that sum to 1")
            }
            Spectrum::File(file) => here.unless(false, "spectrum.file", file, "a table that has been read"),
            Spectrum::Table { variance, mean } => {
                let sizes = !variance.is_empty() && variance.len() == mean.len();
                let value = format!("a table of {} variances and {} means", variance.len(), mean.len());
                here.unless(sizes, "spectrum", value, "as many variances as means, one at least")?;
                for &v in variance {
                    let valid = format!("numbers > 0, up to {:e}", DELTA.most);
                    here.unless(v > 0.0 && v <= DELTA.most, "spectrum.variance", v, valid)?;
                }
                let norm = mean.iter().map(|v| v * v).sum::<f64>() / mean.len() as f64;
                let unit = (norm - 1.0).abs() <= MEAN_NORM;
                here.unless(unit, "spectrum.mean", format!("a mean of squares {norm}"), "means with Σ v² = N")
            }
        }
    }
}

impl Stage {
    fn validate(&self, number: usize, data: &Data) -> Result<(), LineageError> {
        let here = Place::Stage(number);
        let Self { data: set, loss, lambda, smoothing, bias, targets, .. } = *self;
        let sets = data.alpha.len();
        here.unless((1..=sets).contains(&set), "data", set, format!("the number of a data set, from 1 to {sets}"))?;
        targets.map_or(Ok(()), |targets| targets.validate(number))?;
        let mixed = targets.is_none_or(|targets| (0.0..=1.0).contains(&targets.chi));
        let valid = "a number > 0 where chi is outside [0, 1]";
        here.unless(mixed || lambda > 0.0 || loss.is_bounded(), "lambda", lambda, valid)?;
        here.unless(smoothing == 0.0 || loss.smooths(), "smoothing", smoothing, "0, but for the logistic loss")?;
        let limit = lambda > 0.0 || loss.has_limit();
        here.unless(limit, "lambda", lambda, "a number > 0 for the hinge and the linear loss")?;
        if loss.quadratic().is_some_and(|law| law.curvature == 0.0) {
            // it is the ridge that ends its descent, and nothing that ends its bias's
            here.unless(bias.is_some(), "bias", "none", "a number: the linear loss cannot train its bias")?;
            here.unless(targets.is_none(), "targets", "outputs", "none: the linear loss learns labels")?;
        }
        let refused =
            targets.map_or(Ok(()), |Targets { kind, chi, temperature, .. }| loss.check(kind, chi, temperature));
        refused.map_err(|Unlearnable { parameter, value, valid }| {
            let value = value.map_or("soft".to_owned(), |value| value.to_string());
            LineageError { place: here, parameter, value, valid }
        })
    }
}

impl Targets {
    fn validate(&self, number: usize) -> Result<(), LineageError> {
        let here = Place::Stage(number);
        let Self { source, kind, temperature, .. } = *self;
        match source {
            Source::Stage(from) => {
                let valid = match number {
                    1 => "the first stage has none before it".to_owned(),
                    _ => format!("the number of an earlier stage, from 1 to {}", number - 1),
                };
                here.unless(from >= 1 && from < number, "targets.from", from, valid)?;
            }
            Source::Teacher(teacher) => {
                let value = format!("{{ m = {}, q = {}, b = {} }}", teacher.m, teacher.q, teacher.b);
                here.unless(teacher.q >= teacher.m * teacher.m, "targets.teacher", value, "numbers with q ≥ m²")?;
            }
        }
        let warm = kind == TargetKind::Hard || temperature > 0.0;
        here.unless(warm, "targets.temperature", temperature, "a number > 0 for soft targets")
    }
}
