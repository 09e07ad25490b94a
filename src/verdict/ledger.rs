//! The ledger: the paper's claims, and the errata with every explanation that was tried.

use serde::{Deserialize, Serialize};

use crate::spec::quantity::Interval;
use crate::spec::{self, Column, key_in_words, line_of, toml_error, unprintable};

use super::VerdictError;

/// `data/paper/claims.toml` and `data/paper/errata.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Ledger {
    /// What the paper claims.
    pub claims: Vec<Entry>,
    /// Where print is off.
    pub errata: Vec<Entry>,
}

/// What an alternative of an erratum is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// What print says.
    Printed,
    /// What we say is right.
    Explanation,
    /// Another explanation that was tried.
    #[default]
    Rival,
}

/// One setting that may be behind what print shows: held against print, vertex by vertex and point by point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    /// The setting in a few words.
    pub label: String,
    /// What it is.
    #[serde(default)]
    pub role: Role,
    /// Whether it is another formula for the setting of the figure, so that our simulation of the curve speaks on it.
    #[serde(default)]
    pub formula: bool,
    /// The printed curves it is held against, each with the theory it says is behind them.
    pub held: Vec<Held>,
}

/// A curve of a figure, changed, and held against what is printed as that curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// The figure.
    pub figure: String,
    /// Its curve.
    pub curve: String,
    /// Keys of the curve that are replaced.
    #[serde(default)]
    pub change: toml::Table,
    /// The printed quantity.
    #[serde(default = "test_error")]
    pub column: Column,
    /// What the theory's value is multiplied by.
    #[serde(default = "one")]
    pub factor: f64,
    /// The x that count, all when absent.
    pub range: Option<Interval>,
}

fn test_error() -> Column {
    Column::EG
}

fn one() -> f64 {
    1.0
}

/// One claim or erratum.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Id that checks refer to.
    pub id: String,
    /// A few words.
    pub title: String,
    /// The claim, or what print says and what is right, in Markdown.
    pub text: String,
    /// Where the paper has it; absent for a question that is ours.
    #[serde(default)]
    pub paper: String,
    /// Figures whose checks and numbers it needs.
    pub figures: Vec<String>,
    /// The explanations that were tried, for an erratum.
    #[serde(default, rename = "alternative")]
    pub alternatives: Vec<Alternative>,
    /// Numbers that go with it, in Markdown with `{{ figure.number }}`; left out when a figure is not in the run.
    #[serde(default)]
    pub evidence: String,
    /// The line of its file on which the evidence begins.
    #[serde(skip)]
    pub line: usize,
    /// The line on which its figures stand.
    #[serde(skip)]
    pub figures_line: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimsFile {
    claim: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ErrataFile {
    erratum: Vec<Entry>,
}

/// Name of the claims file, for messages.
pub const CLAIMS_FILE: &str = "data/paper/claims.toml";
/// Name of the errata file, for messages.
pub const ERRATA_FILE: &str = "data/paper/errata.toml";

impl Ledger {
    /// Reads the two files from their text.
    ///
    /// # Errors
    /// [`VerdictError::Ledger`] with the parser's message, or when an id occurs twice.
    pub fn parse(claims: &str, errata: &str) -> Result<Self, VerdictError> {
        let refuse = |file, reason: String| VerdictError::Ledger { file, reason };
        let shape = |file, text, error: toml::de::Error| refuse(file, toml_error(text, &error));
        let parsed: ClaimsFile = toml::from_str(claims).map_err(|error| shape(CLAIMS_FILE, claims, error))?;
        let located_claims = located(parsed.claim, claims, "claim");
        let parsed: ErrataFile = toml::from_str(errata).map_err(|error| shape(ERRATA_FILE, errata, error))?;
        let ledger = Self { claims: located_claims, errata: located(parsed.erratum, errata, "erratum") };
        ledger.check(claims, errata)?;
        Ok(ledger)
    }

    /// Every id is a name of its own, and every text can be shown; the file and the line are those of the entry.
    fn check(&self, claims: &str, errata: &str) -> Result<(), VerdictError> {
        let mut seen: Vec<(&str, &str)> = Vec::new();
        let lists = [(&self.claims, CLAIMS_FILE, claims, "claim"), (&self.errata, ERRATA_FILE, errata, "erratum")];
        for (entries, file, text, list) in lists {
            for (index, entry) in entries.iter().enumerate() {
                let refuse = |key: &str, problem: String| {
                    let key = format!("{list}[{index}].{key}");
                    let line = line_of(text, &key).map_or(String::new(), |line| format!("line {line}, "));
                    Err(VerdictError::Ledger { file, reason: format!("{line}{}: {problem}", key_in_words(&key)) })
                };
                if let Err(valid) = spec::id(&entry.id) {
                    return refuse("id", format!("`{}` is no id; valid: {valid}", spec::clip(&entry.id, 64)));
                }
                if let Some((_, first)) = seen.iter().find(|(id, _)| *id == entry.id) {
                    return refuse(
                        "id",
                        format!("`{}` is used twice, first in {first}; valid: an id of its own", entry.id),
                    );
                }
                seen.push((&entry.id, file));
                let words = [("title", &entry.title, false), ("paper", &entry.paper, false)];
                let prose = [("text", &entry.text, true), ("evidence", &entry.evidence, true)];
                for (key, words, lines) in words.into_iter().chain(prose) {
                    if let Some(found) = unprintable(words, lines) {
                        return refuse(key, format!("holds the control character {found:?}; valid: printable text"));
                    }
                }
            }
        }
        Ok(())
    }

    /// Ids of claims and errata.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.claims.iter().chain(&self.errata).map(|entry| entry.id.as_str())
    }

    /// Every entry with the file it is from.
    pub fn entries(&self) -> impl Iterator<Item = (&Entry, &'static str)> {
        let claims = self.claims.iter().map(|entry| (entry, CLAIMS_FILE));
        claims.chain(self.errata.iter().map(|entry| (entry, ERRATA_FILE)))
    }

    /// Refuses a claim or an erratum about a figure that is neither one of `folders` nor numbered as ours are, which a
    /// project of its own may do without.
    ///
    /// # Errors
    /// [`VerdictError::Ledger`] with the file, the line and the figures there are.
    pub fn rests_on(&self, folders: &[&str]) -> Result<(), VerdictError> {
        let known = |id: &str| folders.contains(&id) || is_numbered(id);
        for (entry, file) in self.entries() {
            let held = entry.alternatives.iter().flat_map(|alternative| &alternative.held).map(|held| &held.figure);
            if let Some(id) = entry.figures.iter().chain(held).find(|id| !known(id)) {
                let (line, own) = (entry.figures_line, &entry.id);
                let reason = format!("line {line}, `{own}`: no figure is called `{id}`; valid: {}", folders.join(", "));
                return Err(VerdictError::Ledger { file, reason });
            }
        }
        Ok(())
    }
}

/// Whether an id is one of the paper's or of Part II's, fig05 or b02c, of which a project may lack some.
fn is_numbered(id: &str) -> bool {
    let number = id.strip_prefix("fig").or_else(|| id.strip_prefix('b')).unwrap_or_default();
    let digits = number.trim_end_matches(|letter: char| letter.is_ascii_lowercase());
    digits.len() == 2 && number.len() < 4 && digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// The entries, told on which lines their evidence and their figures stand.
fn located(mut entries: Vec<Entry>, text: &str, list: &str) -> Vec<Entry> {
    for (index, entry) in entries.iter_mut().enumerate() {
        entry.line = line_of(text, &format!("{list}[{index}].evidence")).unwrap_or(1);
        entry.figures_line = line_of(text, &format!("{list}[{index}].figures")).unwrap_or(1);
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_ledger_has_the_ten_claims_and_reads() {
        let ledger =
            Ledger::parse(include_str!("../../data/paper/claims.toml"), include_str!("../../data/paper/errata.toml"))
                .unwrap();
        let ids: Vec<&str> = ledger.claims.iter().map(|claim| claim.id.as_str()).collect();
        assert_eq!(ids[..10], ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
        assert!(Ledger::parse("[[claim]]\nid = \"1\"\nname = \"x\"", "").unwrap_err().to_string().contains("name"));
    }
}
