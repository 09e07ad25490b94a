//! What a check is decided on, and how it ends.

use crate::spec::{Figure, Threshold};
use crate::table::Table;

use super::notation::plain;

/// The tables of one figure, and the thresholds its lines stand at.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The figure file.
    pub spec: &'a Figure,
    /// The theory table.
    pub theory: &'a Table,
    /// The experiment table.
    pub experiment: &'a Table,
    /// Simulation against theory.
    pub agreement: &'a Table,
    /// Simulation against theory at other sizes, for the points that ask for it; columns as `agreement`.
    pub finite_size: &'a Table,
    /// Printed curves against theory.
    pub published: &'a Table,
    /// Printed simulations against theory.
    pub printed_points: &'a Table,
    /// The exact thresholds at the figure's η, Δ, ρ.
    pub thresholds: &'a [(Threshold, f64)],
}

/// How a check ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The numbers bear it out.
    Holds,
    /// The numbers contradict it.
    Fails,
    /// A needed cell is null or absent.
    Undecided,
}

/// The verdict of a check with the numbers that decide it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    pub verdict: Verdict,
    pub value: Option<f64>,
    pub threshold: Option<f64>,
    pub curve: Option<String>,
    pub x: Option<f64>,
    pub detail: String,
}

impl Evidence<'_> {
    /// A curve as the legend calls it, in quotation marks; its id where the figure has no such curve.
    pub(super) fn name(&self, curve: &str) -> String {
        let known = self.spec.curves.iter().find(|known| known.id == curve);
        known.map_or_else(|| curve.to_owned(), |known| format!("“{}”", plain(&known.label)))
    }

    /// Symbol of the parameter that a curve sweeps.
    pub(super) fn symbol(&self, curve: &str) -> &'static str {
        let sweep = |curve| self.spec.sweep_of(curve).parameter;
        let found = self.spec.curves.iter().find(|known| known.id == curve);
        found.map_or(self.spec.x.parameter, |curve| curve.x.unwrap_or(sweep(curve))).symbol()
    }
}

impl Verdict {
    /// The word of the verdict.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Fails => "fails",
            Self::Undecided => "undecided",
        }
    }

    /// The verdict of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Holds, Self::Fails, Self::Undecided].into_iter().find(|verdict| verdict.word() == word)
    }

    pub(super) fn when(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Fails }
    }
}

impl Outcome {
    pub fn undecided(curve: Option<&str>, why: &str) -> Self {
        let detail = format!("Undecided: {why}.");
        Self {
            verdict: Verdict::Undecided,
            value: None,
            threshold: None,
            curve: curve.map(Into::into),
            x: None,
            detail,
        }
    }

    pub fn new(holds: bool, curve: Option<&str>, value: f64, threshold: f64, x: Option<f64>, detail: String) -> Self {
        let (value, threshold) = (Some(value), Some(threshold));
        Self { verdict: Verdict::when(holds), value, threshold, curve: curve.map(Into::into), x, detail }
    }
}
