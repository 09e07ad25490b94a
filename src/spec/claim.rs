//! Claims as written in a figure file: typed checks over the tables, each deciding a claim of the ledger.

use serde::{Deserialize, Serialize};

use super::Threshold;

/// One `[[claim]]` of a figure: a check and the claim or erratum of the ledger that it helps to decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "toml::Table")]
pub struct Claim {
    /// Id of the check, unique in its figure.
    pub id: String,
    /// Id of the claim or erratum in `data/paper/claims.toml` or `errata.toml`.
    pub claim: String,
    /// What is checked, in one phrase.
    pub text: String,
    /// A restriction under which the claim may hold when it does not hold at large: `α ≥ 3.3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// What is computed and what it is held against.
    #[serde(flatten)]
    pub check: Check,
}

/// A first and a last value.
pub type Interval = [f64; 2];

/// The kinds of checks. Columns are columns of the theory table, `eg` unless given; `range` is all x
/// of the curve unless given; ends belong to an interval.
#[allow(missing_docs, reason = "each variant's sentence names its keys")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Check {
    /// The curve has its maximum within `within`, standing `prominence` above the lowest point on either side.
    Peak {
        curve: String,
        #[serde(default = "test_error")]
        column: String,
        within: Interval,
        range: Option<Interval>,
        #[serde(default)]
        prominence: f64,
    },
    /// The curve has its minimum within `within`.
    Trough {
        curve: String,
        #[serde(default = "test_error")]
        column: String,
        within: Interval,
        range: Option<Interval>,
    },
    /// curve + `margin` < `than` at every common x.
    Below {
        curve: String,
        than: String,
        #[serde(default = "test_error")]
        column: String,
        range: Option<Interval>,
        #[serde(default)]
        margin: f64,
    },
    /// curve − other changes sign within `within`.
    CrossesWithin {
        curve: String,
        other: String,
        #[serde(default = "test_error")]
        column: String,
        within: Interval,
    },
    /// The minima of two curves lie at x that differ by no more than `factor`.
    ArgminNear {
        curve: String,
        #[serde(default = "test_error")]
        column: String,
        other: String,
        #[serde(default = "test_error")]
        other_column: String,
        factor: f64,
    },
    /// max |curve − other| ≤ `gap`, relative to the other curve if `relative`.
    GapAtMost {
        curve: String,
        other: String,
        #[serde(default = "test_error")]
        column: String,
        range: Option<Interval>,
        gap: f64,
        #[serde(default)]
        relative: bool,
    },
    /// min |curve − other| ≥ `gap`, relative to the other curve if `relative`.
    GapAtLeast {
        curve: String,
        other: String,
        #[serde(default = "test_error")]
        column: String,
        range: Option<Interval>,
        gap: f64,
        #[serde(default)]
        relative: bool,
    },
    /// The minimum of the curve is no lower than that of another, up to `tolerance`.
    MinimumAtLeast {
        curve: String,
        than: String,
        #[serde(default = "test_error")]
        column: String,
        range: Option<Interval>,
        #[serde(default)]
        tolerance: f64,
    },
    /// The maxima of the curves decrease in the order given, each by `margin` at least.
    PeaksDecrease {
        curves: Vec<String>,
        #[serde(default = "test_error")]
        column: String,
        range: Option<Interval>,
        #[serde(default)]
        margin: f64,
    },
    /// The largest distances of the curves to `to` decrease in the order given.
    GapsDecrease {
        curves: Vec<String>,
        to: String,
        #[serde(default = "test_error")]
        column: String,
        range: Option<Interval>,
    },
    /// The lowest of the curves stays within `gap` of `to` at every common x.
    EnvelopeNear {
        curves: Vec<String>,
        to: String,
        #[serde(default = "test_error")]
        column: String,
        range: Option<Interval>,
        gap: f64,
    },
    /// The curve at `x` equals `value` within `tolerance`.
    Value {
        curve: String,
        #[serde(default = "test_error")]
        column: String,
        x: f64,
        value: f64,
        tolerance: f64,
    },
    /// An exact threshold equals `value` within `tolerance`.
    Threshold { threshold: Threshold, value: f64, tolerance: f64 },
    /// An exact threshold is `at_least` away from a printed value.
    ThresholdDeparts { threshold: Threshold, printed: f64, at_least: f64 },
    /// At least `share` of the published vertices lie within their reading allowance; of all curves unless `curve`.
    MatchesPublished {
        curve: Option<String>,
        range: Option<Interval>,
        #[serde(default = "all")]
        share: f64,
    },
    /// Somewhere the published curve is `at_least` away from the theory.
    DepartsFromPublished { curve: String, range: Option<Interval>, at_least: f64 },
    /// |z| ≤ `z` at every experiment point of the curve (of all drawn curves unless `curve`).
    AgreesWithExperiment {
        curve: Option<String>,
        #[serde(default = "test_error")]
        column: String,
        range: Option<Interval>,
        #[serde(default = "accepted_z")]
        z: f64,
    },
    /// The theory of `curve` is `z` standard errors away from the simulation of `experiment_of` somewhere.
    RejectedByExperiment {
        curve: String,
        experiment_of: String,
        #[serde(default = "test_error")]
        column: String,
        range: Option<Interval>,
        z: f64,
    },
    /// Residual and quadrature error of the theory stay below a tolerance.
    Certified { curve: Option<String>, range: Option<Interval>, residual: f64, quadrature: f64 },
}

fn test_error() -> String {
    "eg".to_owned()
}

fn all() -> f64 {
    1.0
}

/// With some hundred points in a figure the largest of that many normal deviates stays below 4.
fn accepted_z() -> f64 {
    4.0
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
        let condition = word("condition")?;
        let check = Check::deserialize(table).map_err(|error| format!("claim `{id}`: {}", error.message()))?;
        Ok(Self { id, claim, text, condition, check })
    }
}

impl Claim {
    /// Checks curve names, columns and numbers against the figure's curves.
    ///
    /// # Errors
    /// The first wrong key, with what would be valid.
    pub fn validate(&self, curves: &[&str]) -> Result<(), String> {
        self.check.validate(curves).map_err(|reason| format!("claim `{}`: {reason}", self.id))
    }
}

impl Check {
    /// Name of the kind as written in a figure file.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Peak { .. } => "peak",
            Self::Trough { .. } => "trough",
            Self::Below { .. } => "below",
            Self::CrossesWithin { .. } => "crosses_within",
            Self::ArgminNear { .. } => "argmin_near",
            Self::GapAtMost { .. } => "gap_at_most",
            Self::GapAtLeast { .. } => "gap_at_least",
            Self::MinimumAtLeast { .. } => "minimum_at_least",
            Self::PeaksDecrease { .. } => "peaks_decrease",
            Self::GapsDecrease { .. } => "gaps_decrease",
            Self::EnvelopeNear { .. } => "envelope_near",
            Self::Value { .. } => "value",
            Self::Threshold { .. } => "threshold",
            Self::ThresholdDeparts { .. } => "threshold_departs",
            Self::MatchesPublished { .. } => "matches_published",
            Self::DepartsFromPublished { .. } => "departs_from_published",
            Self::AgreesWithExperiment { .. } => "agrees_with_experiment",
            Self::RejectedByExperiment { .. } => "rejected_by_experiment",
            Self::Certified { .. } => "certified",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Serialize, Deserialize)]
    struct File {
        claim: Vec<Claim>,
    }

    fn parse(keys: &str) -> Result<Claim, String> {
        let text = format!("[[claim]]\nid = \"cusp\"\nclaim = \"5\"\ntext = \"t\"\n{keys}");
        toml::from_str::<File>(&text).map(|mut file| file.claim.remove(0)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_claim_reads_back_to_itself() {
        let claim = parse("kind = \"peak\"\ncurve = \"a\"\nwithin = [0.4, 0.6]\nprominence = 0.01").unwrap();
        assert!(
            matches!(&claim.check, Check::Peak { column, prominence, .. } if column == "eg" && *prominence == 0.01)
        );
        let text = toml::to_string(&File { claim: vec![claim.clone()] }).unwrap();
        assert_eq!(toml::from_str::<File>(&text).unwrap().claim, [claim]);
    }

    #[test]
    fn unknown_keys_kinds_and_missing_keys_are_refused_by_name() {
        assert!(parse("kind = \"peak\"\ncurve = \"a\"\nwithin = [0, 1]\nfactor = 2").unwrap_err().contains("`factor`"));
        assert!(parse("kind = \"summit\"\ncurve = \"a\"").unwrap_err().contains("summit"));
        assert!(parse("kind = \"peak\"\ncurve = \"a\"").unwrap_err().contains("`within`"));
    }

    #[test]
    fn validation_names_the_key_and_what_would_be_valid() {
        let refused = |keys: &str| parse(keys).unwrap().validate(&["a", "b"]).unwrap_err();
        let curve = refused("kind = \"below\"\ncurve = \"a\"\nthan = \"c\"");
        assert!(curve.contains("`than`") && curve.contains("a, b"), "{curve}");
        let column = refused("kind = \"value\"\ncurve = \"a\"\ncolumn = \"err\"\nx = 1\nvalue = 0\ntolerance = 0");
        assert!(column.contains("`column`") && column.contains("mse_out"), "{column}");
        let interval = refused("kind = \"trough\"\ncurve = \"a\"\nwithin = [2, 1]");
        assert!(interval.contains("`within`"), "{interval}");
        assert!(refused("kind = \"peaks_decrease\"\ncurves = [\"a\"]").contains("`curves`"));
    }
}
