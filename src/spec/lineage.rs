//! Lineage files: a lineage in TOML, the table its spectrum may name, and samples given in place of drawn ones.

use std::path::{Path, PathBuf};

use super::SpecError;
use super::locate::line_of;
use super::source::{read_text, toml_error};
use crate::model::Lineage;
use crate::model::lineage::{Place, Spectrum};
use crate::table::numbers;

/// A lineage that is whole, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct LineageFile {
    /// The lineage; a spectrum in a file has been read.
    pub lineage: Lineage,
    path: PathBuf,
    text: String,
}

/// Samples as they were given: M of N features.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleFile {
    /// The labels.
    pub y: Vec<f64>,
    /// The features, each over all the samples.
    pub features: Vec<Vec<f64>>,
}

/// The key of a lineage's parameter, as [`line_of`] takes it, and as a reader does.
fn keys(place: Place, parameter: &str) -> (String, String) {
    match place {
        Place::Data => (format!("data.{parameter}"), parameter.to_owned()),
        Place::Stage(number) => (format!("stage[{}].{parameter}", number - 1), format!("stage {number}, {parameter}")),
    }
}

impl LineageFile {
    /// Reads and validates a lineage.
    ///
    /// # Errors
    /// The file, or the table that its spectrum names, cannot be read, or a value is out of its domain: the message
    /// tells the file, the line, the key and what would be valid.
    pub fn load(path: &Path) -> Result<Self, SpecError> {
        let text = read_text(path)?;
        let lineage: Lineage = toml::from_str(&text)
            .map_err(|error| SpecError::Shape { path: path.to_owned(), message: toml_error(&text, &error) })?;
        let mut file = Self { lineage, path: path.to_owned(), text };
        if let Spectrum::File(table) = &file.lineage.data.spectrum {
            file.lineage.data.spectrum = file.spectrum(table)?;
        }
        match file.lineage.validate() {
            Ok(()) => Ok(file),
            Err(error) => {
                let problem = format!("{} is out of range", error.value);
                Err(file.refuse(error.place, error.parameter, &problem, &error.valid))
            }
        }
    }

    /// An error about a parameter of this file.
    #[must_use]
    pub fn refuse(&self, place: Place, parameter: &str, problem: &str, valid: &str) -> SpecError {
        let (located, key) = keys(place, parameter);
        SpecError::Value {
            path: self.path.clone(),
            line: line_of(&self.text, &located),
            key,
            problem: problem.to_owned(),
            valid: valid.to_owned(),
        }
    }

    /// Whether the file itself gives a value to a key of its data, rather than leaving it at its default.
    #[must_use]
    pub fn gives(&self, key: &str) -> bool {
        let table: Option<toml::Table> = toml::from_str(&self.text).ok();
        table.as_ref().and_then(|table| table.get("data")?.get(key)).is_some()
    }

    /// The spectrum in a table beside the lineage.
    fn spectrum(&self, table: &str) -> Result<Spectrum, SpecError> {
        let refuse = |problem: &str| {
            let valid = "a Parquet file with the columns variance and mean, a row a feature";
            self.refuse(Place::Data, "spectrum.file", problem, valid)
        };
        let path = self.path.parent().unwrap_or(Path::new("")).join(table);
        read_spectrum(&path).map_err(|problem| refuse(&problem))
    }
}

/// The spectrum in a Parquet table with the columns variance and mean.
///
/// # Errors
/// What is wrong with the file.
pub(super) fn read_spectrum(path: &Path) -> Result<Spectrum, String> {
    let mut columns = numbers::read(path).map_err(|error| error.to_string())?;
    let mut take = |wanted: &str| match columns.iter().position(|(name, _)| name == wanted) {
        Some(found) => Ok(columns.swap_remove(found).1),
        None => Err(format!("{} has no column `{wanted}`", path.display())),
    };
    Ok(Spectrum::Table { variance: take("variance")?, mean: take("mean")? })
}

impl SampleFile {
    /// Reads samples: a label `y` and features `x1` to `xN`, a row a sample.
    ///
    /// # Errors
    /// The file cannot be read or has other columns.
    pub fn load(path: &Path) -> Result<Self, SpecError> {
        let refuse = |reason: String| SpecError::Unreadable { path: path.to_owned(), reason };
        let columns = numbers::read(path).map_err(|error| refuse(error.to_string().replacen(&told(path), "", 1)))?;
        let valid = "valid: y and x1 to xN, each once";
        let count = columns.len().saturating_sub(1);
        let mut y = None;
        let mut features: Vec<Option<Vec<f64>>> = vec![None; count];
        for (name, column) in columns {
            let place = match place_of(&name) {
                Some(0) => &mut y,
                Some(number) if number <= count => &mut features[number - 1],
                _ => return Err(refuse(format!("column `{name}` among {}; {valid}", count + 1))),
            };
            *place = Some(column);
        }
        let features: Option<Vec<Vec<f64>>> = features.into_iter().collect();
        match (y, features) {
            (Some(y), Some(features)) if count > 0 => Ok(Self { y, features }),
            _ => Err(refuse(format!("a column is missing; {valid}"))),
        }
    }
}

/// The name of a file as an error about it begins.
fn told(path: &Path) -> String {
    format!("{}: ", path.display())
}

/// 0 for `y`, i for `xi`.
fn place_of(name: &str) -> Option<usize> {
    match name.strip_prefix('x') {
        Some(number) => number.parse().ok().filter(|place: &usize| *place > 0 && place.to_string() == number),
        None => (name == "y").then_some(0),
    }
}
