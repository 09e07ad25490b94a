//! Claims as written in a figure file: an expression, what it is held against, and why that bound.

use serde::{Deserialize, Serialize};

use super::quantity::Wrong;
use super::relation::{Expression, Relation};

/// One `[[claim]]` of a figure: a check of a claim or an erratum of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "toml::Table")]
pub struct Claim {
    /// Id of the check, unique in its figure.
    pub id: String,
    /// Id of the claim or erratum in `data/paper/claims.toml` or `errata.toml`.
    pub claim: String,
    /// What is checked, in one phrase.
    pub text: String,
    /// What its panel of a map is called, in the mini markup; the text where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Why the bound is what it is, written before the number is seen.
    pub reason: String,
    /// A restriction under which the claim may hold when it does not hold at large: `α ≥ 3.3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// What is computed.
    #[serde(flatten)]
    pub expression: Expression,
    /// What it is held against.
    #[serde(flatten)]
    pub relation: Relation,
}

impl TryFrom<toml::Table> for Claim {
    type Error = String;

    fn try_from(mut table: toml::Table) -> Result<Self, String> {
        let mut word = |key: &str| match table.remove(key) {
            Some(toml::Value::String(word)) => Ok(Some(word)),
            Some(other) => Err(format!("claim key `{key}` must be a string, not {}", other.type_str())),
            None => Ok(None),
        };
        let id = word("id")?.ok_or("a claim needs `id`")?;
        let claim = word("claim")?.ok_or_else(|| format!("claim `{id}` needs `claim`, the ledger id it decides"))?;
        let text = word("text")?.ok_or_else(|| format!("claim `{id}` needs `text`"))?;
        let reason =
            word("reason")?.ok_or_else(|| format!("claim `{id}` needs `reason`, why its bound is this one"))?;
        let condition = word("condition")?;
        let title = word("title")?;
        let mut expression = toml::Table::new();
        for key in ["quantity", "less", "over"] {
            expression.extend(table.remove(key).map(|value| (key.to_owned(), value)));
        }
        let refuse = |error: &toml::de::Error| format!("claim `{id}`: {}", error.message());
        let expression = Expression::deserialize(expression).map_err(|error| refuse(&error))?;
        if table.len() != 1 {
            let given = table.keys().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            let given = if given.is_empty() { "none".to_owned() } else { given };
            return Err(format!(
                "claim `{id}` needs one of below, above, at_most, at_least, within, outside; given: {given}"
            ));
        }
        let relation = Relation::deserialize(table).map_err(|error| refuse(&error))?;
        Ok(Self { id, claim, text, title, reason, condition, expression, relation })
    }
}

impl Claim {
    /// Checks curve names, columns and bounds against the figure's curves.
    ///
    /// # Errors
    /// The first wrong key, with what would be valid.
    pub fn validate(&self, curves: &[&str]) -> Result<(), Wrong> {
        self.expression
            .validate(curves)
            .and_then(|()| self.relation.validate())
            .map_err(|wrong| wrong.of(format_args!("claim `{}`", self.id)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::quantity::{Curves, Statistic};
    use super::*;

    #[derive(Debug, Serialize, Deserialize)]
    struct File {
        claim: Vec<Claim>,
    }

    fn parse(keys: &str) -> Result<Claim, String> {
        let text = format!("[[claim]]\nid = \"cusp\"\nclaim = \"5\"\ntext = \"t\"\nreason = \"r\"\n{keys}");
        toml::from_str::<File>(&text).map(|mut file| file.claim.remove(0)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_claim_reads_back_to_itself() {
        let claim = parse("quantity = { statistic = \"argmax\", curve = \"a\" }\nwithin = [0.4, 0.6]").unwrap();
        assert_eq!(claim.expression.quantity.statistic, Statistic::Argmax);
        assert_eq!(claim.expression.quantity.curve, Some(Curves::One("a".into())));
        assert_eq!(claim.relation, Relation::Within([0.4, 0.6]));
        let text = toml::to_string(&File { claim: vec![claim.clone()] }).unwrap();
        assert_eq!(toml::from_str::<File>(&text).unwrap().claim, [claim]);
    }

    #[test]
    fn unknown_keys_and_statistics_and_missing_relations_are_refused_by_name() {
        let quantity = "quantity = { statistic = \"max\", curve = \"a\" }";
        assert!(parse(&format!("{quantity}\nbeyond = 2")).unwrap_err().contains("beyond"));
        assert!(parse(&format!("{quantity}\nbelow = 2\nabove = 1")).unwrap_err().contains("one of below"));
        assert!(parse(quantity).unwrap_err().contains("given: none"));
        assert!(parse("quantity = { statistic = \"mode\", curve = \"a\" }\nbelow = 1").unwrap_err().contains("mode"));
        let typo = parse("quantity = { statistic = \"max\", curve = \"a\", colum = \"q\" }\nbelow = 1").unwrap_err();
        assert!(typo.contains("colum"), "{typo}");
    }

    #[test]
    fn validation_names_the_key_and_what_would_be_valid() {
        let refused = |keys: &str| parse(keys).unwrap().validate(&["a", "b"]).unwrap_err().to_string();
        let of = |inner: &str, relation: &str| refused(&format!("quantity = {{ {inner} }}\n{relation}"));
        let curve = of("statistic = \"max\", curve = \"a\", minus = \"c\"", "below = 0");
        assert!(curve.contains("`minus`") && curve.contains("a, b"), "{curve}");
        let column = of("statistic = \"value\", curve = \"a\", at = 1, column = \"err\"", "below = 0");
        assert!(column.contains("`column`") && column.contains("mse_out"), "{column}");
        assert!(of("statistic = \"min\", curve = \"a\"", "within = [2, 1]").contains("[2, 1]"));
        assert!(of("statistic = \"min\", curve = [\"a\"]", "below = 1").contains("`curve`"));
        assert!(of("statistic = \"value\", curve = \"a\"", "below = 1").contains("`at`"));
        assert!(of("statistic = \"threshold\", curve = \"a\"", "below = 1").contains("`curve`"));
        assert!(of("statistic = \"max\", curve = \"a\", at = 1", "below = 1").contains("`at`"));
        assert!(of("statistic = \"max\", curve = \"a\", relative = true", "below = 1").contains("`minus`"));
    }
}
