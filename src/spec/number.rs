//! Numbers a figure's text may print: each a named statistic over the figure's tables.

use serde::{Deserialize, Serialize};

use super::Threshold;
use super::claim::Interval;
use super::keys::{known_column, known_curve, ordered};

/// One `[[number]]` of a figure, printed in `text.md` as `{{ name }}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "toml::Table")]
pub struct Number {
    /// Name by which the text asks for it.
    pub name: String,
    /// Decimals printed.
    pub digits: usize,
    /// What is computed.
    #[serde(flatten)]
    pub statistic: Statistic,
}

/// What a number is. Columns are columns of the theory table, `eg` unless given.
#[allow(missing_docs, reason = "each variant's sentence names its keys")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case", deny_unknown_fields)]
pub enum Statistic {
    /// The theory of a curve at x.
    Value {
        curve: String,
        #[serde(default = "test_error")]
        column: String,
        x: f64,
    },
    /// The largest value of a curve.
    Max {
        curve: String,
        #[serde(default = "test_error")]
        column: String,
        range: Option<Interval>,
    },
    /// The smallest value of a curve.
    Min {
        curve: String,
        #[serde(default = "test_error")]
        column: String,
        range: Option<Interval>,
    },
    /// The x of the largest value.
    Argmax {
        curve: String,
        #[serde(default = "test_error")]
        column: String,
        range: Option<Interval>,
    },
    /// The x of the smallest value.
    Argmin {
        curve: String,
        #[serde(default = "test_error")]
        column: String,
        range: Option<Interval>,
    },
    /// curve − other at x.
    Difference {
        curve: String,
        other: String,
        #[serde(default = "test_error")]
        column: String,
        x: f64,
    },
    /// The largest |curve − other|.
    Gap {
        curve: String,
        other: String,
        #[serde(default = "test_error")]
        column: String,
        range: Option<Interval>,
    },
    /// The x at which curve − other changes sign.
    Crossing {
        curve: String,
        other: String,
        #[serde(default = "test_error")]
        column: String,
        range: Option<Interval>,
    },
    /// An exact threshold.
    Threshold { threshold: Threshold },
    /// The simulated mean at x.
    Simulated {
        curve: String,
        #[serde(default = "test_error")]
        column: String,
        x: f64,
    },
    /// The standard error of the simulated mean at x.
    StandardError {
        curve: String,
        #[serde(default = "test_error")]
        column: String,
        x: f64,
    },
    /// (mean − theory)/standard error at x.
    Z {
        curve: String,
        #[serde(default = "test_error")]
        column: String,
        x: f64,
    },
    /// The largest |z| of a curve.
    WorstZ {
        curve: String,
        #[serde(default = "test_error")]
        column: String,
        range: Option<Interval>,
    },
    /// The printed curve at its vertex nearest to x.
    Published { curve: String, x: f64 },
    /// The largest |theory − published| of a curve.
    WorstPublished { curve: String, range: Option<Interval> },
}

fn test_error() -> String {
    "eg".to_owned()
}

/// Test errors are told to four decimals unless a number asks for more.
const DIGITS: usize = 4;
/// More decimals than a double carries would be noise.
const MOST_DIGITS: usize = 12;

impl TryFrom<toml::Table> for Number {
    type Error = String;

    fn try_from(mut table: toml::Table) -> Result<Self, String> {
        let name = match table.remove("name") {
            Some(toml::Value::String(name)) => name,
            _ => return Err("a number needs `name`, a string".to_owned()),
        };
        let digits = match table.remove("digits") {
            None => DIGITS,
            Some(toml::Value::Integer(digits)) => usize::try_from(digits)
                .ok()
                .filter(|digits| *digits <= MOST_DIGITS)
                .ok_or_else(|| format!("number `{name}`: `digits` = {digits} must be 0 to {MOST_DIGITS}"))?,
            Some(_) => return Err(format!("number `{name}`: `digits` must be an integer")),
        };
        let statistic =
            Statistic::deserialize(table).map_err(|error| format!("number `{name}`: {}", error.message()))?;
        Ok(Self { name, digits, statistic })
    }
}

impl Number {
    /// Checks curve names, columns, ranges and the name against the figure's curves.
    ///
    /// # Errors
    /// The first wrong key, with what would be valid.
    pub fn validate(&self, curves: &[&str]) -> Result<(), String> {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if self.name.is_empty() || !self.name.chars().all(word) {
            return Err(format!("number `{}`: `name` may hold letters, digits and _ only", self.name));
        }
        self.statistic.validate(curves).map_err(|reason| format!("number `{}`: {reason}", self.name))
    }
}

impl Statistic {
    fn validate(&self, curves: &[&str]) -> Result<(), String> {
        match self {
            Self::Value { curve, column, .. }
            | Self::Simulated { curve, column, .. }
            | Self::StandardError { curve, column, .. }
            | Self::Z { curve, column, .. } => known_curve("curve", curve, curves).and(known_column("column", column)),
            Self::Max { curve, column, range }
            | Self::Min { curve, column, range }
            | Self::Argmax { curve, column, range }
            | Self::Argmin { curve, column, range }
            | Self::WorstZ { curve, column, range } => {
                known_curve("curve", curve, curves)?;
                known_column("column", column)?;
                range.as_ref().map_or(Ok(()), |range| ordered("range", range))
            }
            Self::Difference { curve, other, column, .. } => {
                known_curve("curve", curve, curves)?;
                known_curve("other", other, curves)?;
                known_column("column", column)
            }
            Self::Gap { curve, other, column, range } | Self::Crossing { curve, other, column, range } => {
                known_curve("curve", curve, curves)?;
                known_curve("other", other, curves)?;
                known_column("column", column)?;
                range.as_ref().map_or(Ok(()), |range| ordered("range", range))
            }
            Self::Published { curve, .. } => known_curve("curve", curve, curves),
            Self::WorstPublished { curve, range } => {
                known_curve("curve", curve, curves)?;
                range.as_ref().map_or(Ok(()), |range| ordered("range", range))
            }
            Self::Threshold { .. } => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct File {
        number: Vec<Number>,
    }

    fn parse(text: &str) -> Result<Number, String> {
        toml::from_str::<File>(text).map(|mut file| file.number.remove(0)).map_err(|error| error.to_string())
    }

    #[test]
    fn digits_and_column_have_defaults_and_unknown_keys_are_refused() {
        let number = parse("[[number]]\nname = \"n\"\nof = \"value\"\ncurve = \"a\"\nx = 2").unwrap();
        assert_eq!(number.digits, DIGITS);
        assert_eq!(number.statistic, Statistic::Value { curve: "a".into(), column: "eg".into(), x: 2.0 });
        assert!(parse("[[number]]\nname = \"n\"\nof = \"max\"\ncurve = \"a\"\nx = 2").unwrap_err().contains("`x`"));
        assert!(parse("[[number]]\nname = \"n\"\nof = \"mode\"\ncurve = \"a\"").unwrap_err().contains("mode"));
    }

    #[test]
    fn validation_names_the_key() {
        let number = parse("[[number]]\nname = \"n\"\nof = \"gap\"\ncurve = \"a\"\nother = \"c\"").unwrap();
        assert!(number.validate(&["a", "b"]).unwrap_err().contains("`other`"));
        let number = parse("[[number]]\nname = \"a b\"\nof = \"min\"\ncurve = \"a\"").unwrap();
        assert!(number.validate(&["a"]).unwrap_err().contains("`name`"));
    }
}
