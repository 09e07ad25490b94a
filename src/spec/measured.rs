//! Measured values of a curve, read from a table that lies beside the figures.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::rules::{Check, MOST_SIMULATED};
use super::source::read_text;
use super::{Figure, SpecError};

/// Which rows and columns of a CSV file are the measured values of a curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// The file, sought from the figure's folder.
    pub file: PathBuf,
    /// The column of x.
    pub x: String,
    /// The column of the values, of the test error.
    pub value: String,
    /// The column of their standard errors.
    pub error: String,
    /// Columns and the cells they must have.
    #[serde(default)]
    pub rows: BTreeMap<String, Word>,
    /// What was read.
    #[serde(skip_deserializing, default, skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<Measurement>,
}

/// A cell: a text, or a number however it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a text or a number")]
pub enum Word {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

/// One measured value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// The x.
    pub x: f64,
    /// The value.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
}

impl Word {
    fn is(&self, cell: &str) -> bool {
        match self {
            Self::Number(number) => cell.trim().parse() == Ok(*number),
            Self::Text(text) => cell == text,
        }
    }
}

/// Reads the measured values of every curve that names some.
pub(super) fn read_measured(figure: &mut Figure, path: &Path) -> Result<(), SpecError> {
    let check = Check { path };
    for (index, curve) in figure.curves.iter_mut().enumerate() {
        let Some(measured) = &mut curve.measured else { continue };
        let key = format!("curve[{index}] (`{}`).measured", curve.id);
        let text = read_text(&figure.folder.join(&measured.file))?;
        measured.points = measured.read(&text).or_else(|(problem, valid)| {
            let file = measured.file.display();
            check.that(false, key.as_str(), format!("{file}: {problem}"), valid).map(|()| Vec::new())
        })?;
        check.at_most(measured.points.len(), MOST_SIMULATED, key, "points")?;
    }
    Ok(())
}

impl Measured {
    /// The points by rising x, or what is wrong and what would be valid.
    fn read(&self, text: &str) -> Result<Vec<Measurement>, (String, String)> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let wrong = |error: &csv::Error| (error.to_string(), "a CSV file with a header".to_owned());
        let head = reader.headers().map_err(|error| wrong(&error))?.clone();
        let place = |name: &str| {
            let names = || head.iter().collect::<Vec<_>>().join(", ");
            let found = head.iter().position(|known| known == name);
            found.ok_or_else(|| (format!("no column `{name}`"), format!("one of {}", names())))
        };
        let [x, value, error] = [place(&self.x)?, place(&self.value)?, place(&self.error)?];
        let wanted = self.rows.iter().map(|(name, word)| Ok((place(name)?, word)));
        let wanted: Vec<(usize, &Word)> = wanted.collect::<Result<_, (String, String)>>()?;
        let mut points = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| wrong(&error))?;
            let cell = |place: usize| record.get(place).unwrap_or_default();
            if !wanted.iter().all(|(place, word)| word.is(cell(*place))) {
                continue;
            }
            let line = record.position().map_or(0, csv::Position::line);
            let number = |place: usize| {
                let refuse = || (format!("line {line}: `{}`", cell(place)), "a finite number".to_owned());
                cell(place).trim().parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(refuse)
            };
            let point = Measurement { x: number(x)?, value: number(value)?, error: number(error)? };
            if point.error <= 0.0 {
                return Err((format!("line {line}: an error of {}", point.error), "a number > 0".to_owned()));
            }
            points.push(point);
        }
        points.sort_by(|a, b| a.x.total_cmp(&b.x));
        match points.windows(2).find(|pair| pair[0].x == pair[1].x) {
            Some(pair) => {
                let valid = "`rows` that leave one value an x".to_owned();
                Err((format!("two values at {} = {}", self.x, pair[0].x), valid))
            }
            None if points.is_empty() => Err(("no row is meant".to_owned(), "`rows` that leave some".to_owned())),
            None => Ok(points),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rows: &str, text: &str) -> Result<Vec<Measurement>, (String, String)> {
        let head = "file = \"f\"\nx = \"a\"\nvalue = \"e\"\nerror = \"s\"\n";
        toml::from_str::<Measured>(&format!("{head}{rows}")).unwrap().read(text)
    }

    const TABLE: &str = "who,r,a,e,s\nme,0.10,2,0.3,0.01\nme,0.1,1,0.4,0.02\nyou,0.1,1,0.5,0.02\nme,1,1,0.6,0.02\n";

    #[test]
    fn the_rows_that_are_meant_are_found_by_text_and_by_number() {
        let found = read("rows = { who = \"me\", r = 0.1 }", TABLE).unwrap();
        let expected = [(1.0, 0.4, 0.02), (2.0, 0.3, 0.01)];
        assert_eq!(found, expected.map(|(x, value, error)| Measurement { x, value, error }));
    }

    #[test]
    fn what_is_wrong_is_named_with_what_would_be_valid() {
        let (problem, valid) = read("rows = { whom = \"me\" }", TABLE).unwrap_err();
        assert!(problem.contains("`whom`") && valid.contains("who, r, a, e, s"), "{problem}; {valid}");
        assert!(read("rows = { who = \"me\" }", TABLE).unwrap_err().0.contains("two values at a = 1"));
        assert!(read("rows = { who = \"them\" }", TABLE).unwrap_err().0.contains("no row"));
        assert!(read("", "a,e,s\n1,x,0.1\n").unwrap_err().0.contains("line 2: `x`"));
        assert!(read("", "a,e,s\n1,0.2,0\n").unwrap_err().1.contains("> 0"));
    }
}
