//! Three voices on one check: theory, simulation and print each say holds, fails or cannot tell.

use crate::spec::{Arm, Claim, Expression, Relation};

use super::estimate::{Estimate, estimate};
use super::evidence::Evidence;
use super::student::critical;

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Voice {
    /// The replica theory.
    Theory,
    /// The same statistic on simulated data sets.
    Simulation,
    /// The same statistic on what was read off print.
    Print,
}

/// What a voice says of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The whole interval satisfies the relation.
    Holds,
    /// The whole interval violates it.
    Fails,
    /// The bound lies inside the interval, or there is no number.
    CannotTell,
}

/// One voice on one check.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// Who speaks.
    pub voice: Voice,
    /// What it says.
    pub verdict: Verdict,
    /// Its number.
    pub estimate: Option<Estimate>,
    /// What theory says of the same number at the points that were simulated; of the simulation only.
    pub expected: Option<f64>,
    /// How many data sets of this size would let the simulation decide, where it cannot.
    pub needed: Option<f64>,
}

impl Voice {
    /// All voices, in the order in which they are told.
    pub const ALL: [Self; 3] = [Self::Theory, Self::Simulation, Self::Print];

    /// Its name in tables and sentences.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Theory => "theory",
            Self::Simulation => "simulation",
            Self::Print => "print",
        }
    }

    /// The arm it reads where a quantity names none.
    fn arm(self) -> Arm {
        match self {
            Self::Theory => Arm::Theory,
            Self::Simulation => Arm::Simulation,
            Self::Print => Arm::Print,
        }
    }

    /// The voice whose matter an arm is.
    fn of(arm: Arm) -> Self {
        match arm {
            Arm::Theory | Arm::Expected => Self::Theory,
            Arm::Simulation | Arm::OtherSize | Arm::StandardError | Arm::Z => Self::Simulation,
            Arm::OneOverN | Arm::OneOverNError => Self::Simulation,
            // the voice of what was tried out, on data sets of whatever origin
            Arm::Measured | Arm::MeasuredDifference => Self::Simulation,
            Arm::Print | Arm::PrintDifference | Arm::PrintReadings => Self::Print,
        }
    }

    /// The voices that can speak of an expression: all, or the one whose arm it names.
    #[must_use]
    pub fn on(expression: &Expression) -> Vec<Self> {
        match expression.quantities().find_map(|quantity| quantity.arm) {
            Some(arm) => vec![Self::of(arm)],
            None => Self::ALL.to_vec(),
        }
    }
}

impl Verdict {
    /// The word of the verdict.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Fails => "fails",
            Self::CannotTell => "cannot tell",
        }
    }

    /// The verdict of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Holds, Self::Fails, Self::CannotTell].into_iter().find(|verdict| verdict.word() == word)
    }

    /// What an interval says of a relation.
    #[must_use]
    pub fn of(relation: Relation, [low, high]: [f64; 2]) -> Self {
        let [first, last] = relation.bounds();
        let inside = match relation {
            Relation::Within(_) => low >= first && high <= last,
            Relation::Outside(_) => high < first || low > last,
            Relation::Below(_) | Relation::Above(_) | Relation::AtMost(_) | Relation::AtLeast(_) => {
                relation.holds(low) && relation.holds(high)
            }
        };
        let outside = match relation {
            Relation::Within(_) => high < first || low > last,
            Relation::Outside(_) => low >= first && high <= last,
            Relation::Below(_) | Relation::Above(_) | Relation::AtMost(_) | Relation::AtLeast(_) => {
                !relation.holds(low) && !relation.holds(high)
            }
        };
        match (inside, outside) {
            (true, _) => Self::Holds,
            (_, true) => Self::Fails,
            _ => Self::CannotTell,
        }
    }
}

/// Every voice that can speak of a check, with what it says.
#[must_use]
pub fn hear(claim: &Claim, evidence: &Evidence<'_>) -> Vec<Finding> {
    let Claim { expression, relation, .. } = claim;
    let mut findings: Vec<Finding> = Vec::new();
    for voice in Voice::on(expression) {
        let estimate = estimate(expression, voice.arm(), evidence);
        let verdict = estimate.map_or(Verdict::CannotTell, |found| Verdict::of(*relation, found.interval));
        findings.push(Finding { voice, verdict, estimate, expected: None, needed: None });
    }
    let unnamed = expression.quantities().all(|quantity| quantity.arm.is_none());
    if let Some(simulation) = findings.iter_mut().find(|finding| finding.voice == Voice::Simulation && unnamed) {
        let expected = estimate(expression, Arm::Expected, evidence);
        simulation.expected = expected.map(|expected| expected.value);
        // no number of data sets decides what theory itself, at these points, does not, nor moves the points
        let places = expression.quantities().any(|quantity| quantity.statistic.is_place());
        let decides = |expected: &Estimate| Verdict::of(*relation, expected.interval) != Verdict::CannotTell;
        if simulation.verdict == Verdict::CannotTell
            && !places
            && let Some(expected) = expected.filter(decides)
        {
            simulation.needed = simulation.estimate.and_then(|found| needed(&found, expected.value, *relation));
        }
    }
    findings
}

/// Data sets with which an interval leaves a bound out: it shrinks as one over the root of their number, and its middle
/// strays by a standard error.
fn needed(found: &Estimate, expected: f64, relation: Relation) -> Option<f64> {
    let [low, high] = relation.bounds();
    let effect = (expected - low).abs().min((expected - high).abs());
    let sets = found.data_sets?;
    let reach = found.resolution() * (1.0 + 1.0 / critical(sets)?);
    let needed = (sets as f64 * (reach / effect).powi(2)).ceil();
    // those there are have not been enough
    Some(needed.max(sets as f64 + 1.0)).filter(|needed| needed.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_decides_only_when_it_lies_on_one_side() {
        let says = Verdict::of;
        assert_eq!(says(Relation::Below(0.0), [-2.0, -1.0]), Verdict::Holds);
        assert_eq!(says(Relation::Below(0.0), [-2.0, 1.0]), Verdict::CannotTell);
        assert_eq!(says(Relation::Below(0.0), [0.5, 1.0]), Verdict::Fails);
        assert_eq!(says(Relation::AtLeast(0.1), [0.1, 0.2]), Verdict::Holds);
        assert_eq!(says(Relation::Within([0.4, 0.6]), [0.45, 0.55]), Verdict::Holds);
        assert_eq!(says(Relation::Within([0.4, 0.6]), [0.35, 0.55]), Verdict::CannotTell);
        assert_eq!(says(Relation::Within([0.4, 0.6]), [0.7, 0.8]), Verdict::Fails);
        assert_eq!(says(Relation::Outside([0.4, 0.6]), [0.7, 0.8]), Verdict::Holds);
        assert_eq!(says(Relation::Outside([0.4, 0.6]), [0.45, 0.5]), Verdict::Fails);
        assert_eq!(says(Relation::Outside([0.4, 0.6]), [0.3, 0.7]), Verdict::CannotTell);
    }
}
