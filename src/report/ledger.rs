//! The ledger: the paper's claims and the errata, and how the checks of the figures add up to a verdict on each.

use serde::Deserialize;

use crate::spec::{self, Figure, line_of, toml_error, unprintable};
use crate::table::Table;

use super::ReportError;
use super::evidence::Verdict;

/// `data/paper/claims.toml` and `data/paper/errata.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Ledger {
    /// What the paper claims.
    pub claims: Vec<Entry>,
    /// Where print is off.
    pub errata: Vec<Entry>,
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
    /// Where the paper has it.
    pub paper: String,
    /// Figures whose checks and numbers it needs.
    pub figures: Vec<String>,
    /// Numbers that go with it, in Markdown with `{{ figure.number }}`; left out when a figure is not in the run.
    #[serde(default)]
    pub evidence: String,
    /// The line of its file on which the evidence begins.
    #[serde(skip)]
    pub line: usize,
}

/// What the checks say of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// Every check holds.
    Holds,
    /// Checks under these conditions hold, the unrestricted ones do not.
    HoldsOnlyWhen(Vec<String>),
    /// Some check fails, and no restricted one saves it.
    Fails,
    /// No check fails, but not all could be decided, or there are none.
    Undecided,
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
    /// [`ReportError::Ledger`] with the parser's message, or when an id occurs twice.
    pub fn parse(claims: &str, errata: &str) -> Result<Self, ReportError> {
        let refuse = |file, reason: String| ReportError::Ledger { file, reason };
        let shape = |file, text, error: toml::de::Error| refuse(file, toml_error(text, &error));
        let parsed: ClaimsFile = toml::from_str(claims).map_err(|error| shape(CLAIMS_FILE, claims, error))?;
        let located_claims = located(parsed.claim, claims, "claim");
        let parsed: ErrataFile = toml::from_str(errata).map_err(|error| shape(ERRATA_FILE, errata, error))?;
        let ledger = Self { claims: located_claims, errata: located(parsed.erratum, errata, "erratum") };
        ledger.check(claims, errata)?;
        Ok(ledger)
    }

    /// Every id is a name of its own, and every text can be shown; the file and the line are those of the entry.
    fn check(&self, claims: &str, errata: &str) -> Result<(), ReportError> {
        let mut seen: Vec<(&str, &str)> = Vec::new();
        let lists = [(&self.claims, CLAIMS_FILE, claims, "claim"), (&self.errata, ERRATA_FILE, errata, "erratum")];
        for (entries, file, text, list) in lists {
            for (index, entry) in entries.iter().enumerate() {
                let refuse = |key: &str, problem: String| {
                    let key = format!("{list}[{index}].{key}");
                    let line = line_of(text, &key).map_or(String::new(), |line| format!("line {line}, "));
                    Err(ReportError::Ledger { file, reason: format!("{line}{key}: {problem}") })
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
    pub(super) fn entries(&self) -> impl Iterator<Item = (&Entry, &'static str)> {
        let claims = self.claims.iter().map(|entry| (entry, CLAIMS_FILE));
        claims.chain(self.errata.iter().map(|entry| (entry, ERRATA_FILE)))
    }

    /// Refuses a figure whose checks decide something that is not in the ledger.
    ///
    /// # Errors
    /// [`ReportError::UnknownClaim`] with the valid ids.
    pub fn covers(&self, figure: &Figure) -> Result<(), ReportError> {
        match figure.claims.iter().find(|claim| !self.ids().any(|id| id == claim.claim)) {
            None => Ok(()),
            Some(claim) => Err(ReportError::UnknownClaim {
                figure: figure.id.clone(),
                check: claim.id.clone(),
                claim: claim.claim.clone(),
                valid: self.ids().collect::<Vec<_>>().join(", "),
            }),
        }
    }
}

/// The entries, told on which line their evidence begins.
fn located(mut entries: Vec<Entry>, text: &str, list: &str) -> Vec<Entry> {
    for (index, entry) in entries.iter_mut().enumerate() {
        entry.line = line_of(text, &format!("{list}[{index}].evidence")).unwrap_or(1);
    }
    entries
}

/// One decided check with the restriction its figure file gives it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Decided<'a> {
    pub row: usize,
    pub verdict: Verdict,
    pub condition: Option<&'a str>,
    pub text: &'a str,
}

/// The checks of the claims table that decide an entry, in the table's order.
pub(super) fn checks<'a>(id: &str, claims: &Table, figures: &[&'a Figure]) -> Vec<Decided<'a>> {
    let of = |row: usize| {
        let (figure, check) = (claims.text("figure", row)?, claims.text("check", row)?);
        let spec = figures.iter().find(|spec| spec.id == figure)?;
        let claim = spec.claims.iter().find(|claim| claim.id == check)?;
        let verdict = Verdict::from_word(claims.text("verdict", row)?)?;
        Some(Decided { row, verdict, condition: claim.condition.as_deref(), text: &claim.text })
    };
    claims.rows_where("claim", id).into_iter().filter_map(of).collect()
}

/// Adds checks up. An unrestricted failure is fatal unless restricted checks exist and all of them hold.
pub(super) fn judge(checks: &[Decided<'_>]) -> Judgement {
    let any = |restricted: bool, verdict: Verdict| {
        checks.iter().any(|check| check.condition.is_some() == restricted && check.verdict == verdict)
    };
    let restricted = checks.iter().any(|check| check.condition.is_some());
    if any(true, Verdict::Fails) || (any(false, Verdict::Fails) && !restricted) {
        return Judgement::Fails;
    }
    if checks.is_empty() || any(false, Verdict::Undecided) || any(true, Verdict::Undecided) {
        return Judgement::Undecided;
    }
    if !any(false, Verdict::Fails) {
        return Judgement::Holds;
    }
    let mut conditions: Vec<String> = Vec::new();
    for condition in checks.iter().filter_map(|check| check.condition) {
        if !conditions.iter().any(|known| known == condition) {
            conditions.push(condition.to_owned());
        }
    }
    Judgement::HoldsOnlyWhen(conditions)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(verdict: Verdict, condition: Option<&str>) -> Decided<'_> {
        Decided { row: 0, verdict, condition, text: "" }
    }

    #[test]
    fn a_restricted_check_saves_a_claim_only_when_it_holds() {
        use Verdict::{Fails, Holds, Undecided};
        let when = Some("α ≥ 3.3");
        assert_eq!(judge(&[]), Judgement::Undecided);
        assert_eq!(judge(&[check(Holds, None), check(Holds, when)]), Judgement::Holds);
        assert_eq!(judge(&[check(Holds, None), check(Fails, None)]), Judgement::Fails);
        assert_eq!(judge(&[check(Fails, None), check(Holds, when)]), Judgement::HoldsOnlyWhen(vec!["α ≥ 3.3".into()]));
        assert_eq!(judge(&[check(Fails, None), check(Fails, when)]), Judgement::Fails);
        assert_eq!(judge(&[check(Holds, None), check(Undecided, None)]), Judgement::Undecided);
        assert_eq!(judge(&[check(Undecided, None), check(Fails, None)]), Judgement::Fails);
    }

    #[test]
    fn the_committed_ledger_has_the_ten_claims_and_reads() {
        let ledger =
            Ledger::parse(include_str!("../../data/paper/claims.toml"), include_str!("../../data/paper/errata.toml"))
                .unwrap();
        let ids: Vec<&str> = ledger.claims.iter().map(|claim| claim.id.as_str()).collect();
        assert_eq!(ids, ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
        assert!(Ledger::parse("[[claim]]\nid = \"1\"\nname = \"x\"", "").unwrap_err().to_string().contains("name"));
    }
}
