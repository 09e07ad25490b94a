//! Numbers a figure's text may print: each a named expression over the figure's tables.

use serde::{Deserialize, Serialize};

use super::quantity::{Quantity, Wrong};
use super::relation::Expression;

/// One `[[number]]` of a figure, printed in `text.md` as `{{ name }}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Number {
    /// Name by which the text asks for it.
    pub name: String,
    /// Decimals printed at most; fewer where the number is known to fewer.
    #[serde(default = "digits")]
    pub digits: usize,
    /// What is computed.
    pub quantity: Quantity,
    /// Subtracted from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub less: Option<Quantity>,
    /// Divides it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<Quantity>,
}

/// Test errors are told to four decimals unless a number asks for more.
fn digits() -> usize {
    4
}

/// More decimals than a double carries would be noise.
const MOST_DIGITS: usize = 12;

impl Number {
    /// What is computed.
    #[must_use]
    pub fn expression(&self) -> Expression {
        Expression { quantity: self.quantity.clone(), less: self.less.clone(), over: self.over.clone() }
    }

    /// Checks the name, the digits and the expression against the figure's curves.
    ///
    /// # Errors
    /// The first wrong key, with what would be valid.
    pub fn validate(&self, curves: &[&str]) -> Result<(), Wrong> {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if self.name.is_empty() || !self.name.chars().all(word) {
            return Err(Wrong::new(format!("number `{}`: a name", self.name), "letters, digits and _ only"));
        }
        if self.digits > MOST_DIGITS {
            let problem = format!("number `{}`: `digits` = {}", self.name, self.digits);
            return Err(Wrong::new(problem, format!("0 to {MOST_DIGITS}")));
        }
        self.expression().validate(curves).map_err(|wrong| wrong.of(format_args!("number `{}`", self.name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct File {
        number: Vec<Number>,
    }

    fn parse(keys: &str) -> Result<Number, String> {
        let text = format!("[[number]]\nname = \"n\"\n{keys}");
        toml::from_str::<File>(&text).map(|mut file| file.number.remove(0)).map_err(|error| error.to_string())
    }

    #[test]
    fn digits_and_column_have_defaults_and_wrong_keys_are_named() {
        let number = parse("quantity = { statistic = \"value\", curve = \"a\", at = 2 }").unwrap();
        assert_eq!((number.digits, number.quantity.column.as_str()), (4, "eg"));
        assert!(parse("quantity = { statistic = \"max\", curve = \"a\", x = 2 }").unwrap_err().contains("`x`"));
        let number = parse("quantity = { statistic = \"largest\", curve = \"a\", minus = \"c\" }").unwrap();
        assert!(number.validate(&["a", "b"]).unwrap_err().to_string().contains("`minus`"));
        let many = parse("digits = 13\nquantity = { statistic = \"max\", curve = \"a\" }").unwrap();
        assert!(many.validate(&["a"]).unwrap_err().to_string().contains("0 to 12"));
    }
}
