//! Every check of every figure in every voice, and the verdicts they add up to, as two tables.

use std::collections::BTreeMap;

use crate::spec::{Arm, Claim, Figure, Quantity};
use crate::table::{Cell, Rows, Table, TableError, schema};

use super::alternatives::{Standing, standing};
use super::evidence::Evidence;
use super::finite_size::unexplained;
use super::judge::{Decision, Heard, Judgement};
use super::ledger::{Entry, Ledger};
use super::voices::{Finding, Verdict, Voice, hear};
use super::words::{quantity_words, relation_words};

/// Features from which on a simulation that disagrees with theory contradicts it; below, the finite size may hide
/// what decides. N = 1000 is the `full` profile.
const DECISIVE: i64 = 1000;

/// Decides every check of every figure in every voice, in the order of the figures and of their files.
///
/// # Errors
/// [`TableError`] only if the schema lacks a column named here.
pub fn claims_table(figures: &[Evidence<'_>]) -> Result<Table, TableError> {
    let mut claims = Rows::new(&schema::CLAIMS);
    for evidence in figures {
        for claim in &evidence.spec.claims {
            let deviating = deviating(claim, evidence);
            let (quantity, bound) = (quantity_words(&claim.expression, evidence), relation_words(claim.relation));
            for finding in hear(claim, evidence) {
                let Finding { voice, verdict, estimate, expected, needed } = finding;
                let of = |part: fn(&super::Estimate) -> f64| Cell::from(estimate.as_ref().map(part));
                claims.push_row(&[
                    ("figure", evidence.spec.id.as_str().into()),
                    ("check", claim.id.as_str().into()),
                    ("claim", claim.claim.as_str().into()),
                    ("voice", voice.word().into()),
                    ("verdict", verdict.word().into()),
                    ("value", of(|found| found.value)),
                    ("low", of(|found| found.interval[0])),
                    ("high", of(|found| found.interval[1])),
                    ("resolution", of(super::Estimate::resolution)),
                    ("expected", expected.into()),
                    ("bound", bound.as_str().into()),
                    ("x", estimate.and_then(|found| found.x).into()),
                    ("n", if voice == Voice::Simulation { features(claim, evidence) } else { Cell::Null }),
                    ("data_sets", estimate.and_then(|found| found.data_sets).map_or(Cell::Null, Cell::count)),
                    ("needed", needed.into()),
                    ("deviating", if voice == Voice::Simulation { Cell::count(deviating) } else { Cell::Null }),
                    ("quantity", quantity.as_str().into()),
                ])?;
            }
        }
    }
    claims.table()
}

/// N of the data sets that a check reads.
fn features<'a>(claim: &Claim, evidence: &'a Evidence<'_>) -> Cell<'a> {
    let quantities = claim.expression.quantities();
    let other = quantities.filter(|quantity| quantity.arm == Some(Arm::OtherSize)).flat_map(Quantity::curves);
    let sized = &evidence.sized;
    let rows = other.flat_map(|curve| sized.rows_where("curve", curve));
    match rows.filter_map(|row| sized.integer("n", row)).max() {
        Some(n) => n.into(),
        None if evidence.experiment.rows() > 0 => evidence.experiment.cell("n", 0),
        None => Cell::Null,
    }
}

/// How many simulated points that a check reads leave theory without the finite size explaining it.
fn deviating(claim: &Claim, evidence: &Evidence<'_>) -> usize {
    let of = |quantity: &Quantity| {
        let curves: Vec<&str> = quantity.curves().collect();
        let range = quantity.range.or_else(|| quantity.at.map(|at| [at, at]));
        unexplained(evidence, &curves, &quantity.column, range)
    };
    let rows = claim.expression.quantities().flat_map(of);
    rows.collect::<std::collections::BTreeSet<usize>>().len()
}

/// One check of the claims table as one voice hears it, with what its figure file says of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row<'a> {
    /// Row of the claims table.
    pub row: usize,
    /// As heard.
    pub heard: Heard<'a>,
    /// The check.
    pub claim: &'a Claim,
}

/// The rows of the claims table that decide an entry, in the table's order.
#[must_use]
pub fn rows_of<'a>(id: &str, claims: &Table, figures: &[&'a Figure]) -> Vec<Row<'a>> {
    let of = |row: usize| {
        let (figure, check) = (claims.text("figure", row)?, claims.text("check", row)?);
        let spec = figures.iter().find(|spec| spec.id == figure)?;
        let claim = spec.claims.iter().find(|claim| claim.id == check)?;
        let verdict = Verdict::from_word(claims.text("verdict", row)?)?;
        let voice = Voice::ALL.into_iter().find(|voice| Some(voice.word()) == claims.text("voice", row))?;
        Some(Row { row, heard: Heard { voice, verdict, condition: claim.condition.as_deref() }, claim })
    };
    claims.rows_where("claim", id).into_iter().filter_map(of).collect()
}

/// What an entry of the ledger comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The verdict in words.
    pub words: String,
    /// Its class: holds, limits, fails, contradicted or undecided.
    pub class: &'static str,
    /// What each voice says.
    pub voices: BTreeMap<Voice, Judgement>,
    /// Why.
    pub reason: String,
}

/// One row per claim and per erratum.
///
/// # Errors
/// [`TableError`] only if the schema lacks a column named here.
pub fn verdicts_table(
    ledger: &Ledger,
    claims: &Table,
    alternatives: &Table,
    figures: &[Evidence<'_>],
) -> Result<Table, TableError> {
    let mut rows = Rows::new(&schema::VERDICTS);
    let claimed = ledger.claims.iter().map(|entry| (entry, "claim", claim_outcome(entry, claims, figures)));
    let errata = ledger.errata.iter();
    let errata = errata.map(|entry| (entry, "erratum", erratum_outcome(entry, claims, alternatives, figures)));
    for (entry, kind, outcome) in claimed.chain(errata) {
        let voice = |voice: Voice| outcome.voices.get(&voice).map_or("cannot tell".to_owned(), Judgement::words);
        rows.push_row(&[
            ("kind", kind.into()),
            ("id", entry.id.as_str().into()),
            ("title", entry.title.as_str().into()),
            ("verdict", outcome.words.as_str().into()),
            ("class", outcome.class.into()),
            ("theory", voice(Voice::Theory).as_str().into()),
            ("simulation", voice(Voice::Simulation).as_str().into()),
            ("print", voice(Voice::Print).as_str().into()),
            ("reason", outcome.reason.as_str().into()),
        ])?;
    }
    rows.table()
}

/// Whether all figures an entry needs are in the run.
fn present(entry: &Entry, figures: &[Evidence<'_>]) -> bool {
    entry.figures.iter().all(|id| figures.iter().any(|figure| figure.spec.id == *id))
}

/// What the checks of an entry add up to.
struct Decided {
    voices: BTreeMap<Voice, Judgement>,
    /// The decision and why; none where a figure of the entry is not in the run.
    decision: Option<(Decision, String)>,
}

fn decide(entry: &Entry, claims: &Table, figures: &[Evidence<'_>]) -> Decided {
    let specs: Vec<&Figure> = figures.iter().map(|figure| figure.spec).collect();
    let rows = rows_of(&entry.id, claims, &specs);
    let heard: Vec<Heard<'_>> = rows.iter().map(|row| row.heard).collect();
    let voices: BTreeMap<Voice, Judgement> =
        Voice::ALL.into_iter().map(|voice| (voice, Judgement::of(voice, &heard))).collect();
    let deviating = rows.iter().filter_map(|row| claims.integer("deviating", row.row)).max().unwrap_or(0);
    let decision = present(entry, figures)
        .then(|| Decision::of(&voices, usize::try_from(deviating).unwrap_or(0), decisive(figures)));
    Decided { voices, decision }
}

impl Outcome {
    fn absent(voices: BTreeMap<Voice, Judgement>) -> Self {
        let reason = "a figure it needs is not in this run".to_owned();
        Self { words: "not in this run".to_owned(), class: "undecided", voices, reason }
    }
}

/// What the checks of a claim come to.
#[must_use]
pub fn claim_outcome(entry: &Entry, claims: &Table, figures: &[Evidence<'_>]) -> Outcome {
    let Decided { voices, decision } = decide(entry, claims, figures);
    let Some((decision, reason)) = decision else { return Outcome::absent(voices) };
    let class = match &decision {
        Decision::Holds => "holds",
        Decision::HoldsOnlyWhen(_) => "limits",
        Decision::Fails => "fails",
        Decision::Undecided => "undecided",
        Decision::Contradicted => "contradicted",
    };
    Outcome { words: decision.words(), class, voices, reason }
}

/// Whether the simulations are large enough to contradict.
fn decisive(figures: &[Evidence<'_>]) -> bool {
    let size = |figure: &Evidence<'_>| (figure.experiment.rows() > 0).then(|| figure.experiment.integer("n", 0))?;
    figures.iter().filter_map(size).min().is_some_and(|n| n >= DECISIVE)
}

/// What the alternatives and the checks of an erratum come to.
#[must_use]
pub fn erratum_outcome(entry: &Entry, claims: &Table, alternatives: &Table, figures: &[Evidence<'_>]) -> Outcome {
    let Decided { voices, decision } = decide(entry, claims, figures);
    let Some((checked, why)) = decision else { return Outcome::absent(voices) };
    let (words, class, reason) = match (standing(entry, alternatives), &checked) {
        // an erratum without alternatives is one of words, decided by its checks
        (Standing::None, Decision::Holds) => ("confirmed", "holds", why),
        (Standing::None, Decision::Fails) => ("not confirmed", "fails", why),
        (Standing::None, Decision::HoldsOnlyWhen(_) | Decision::Undecided | Decision::Contradicted) => {
            ("undecided", "undecided", why)
        }
        (Standing::Unread, _) => ("undecided", "undecided", "print has no reading to hold it against".to_owned()),
        (Standing::PrintStands, _) => {
            ("not confirmed", "fails", "what print says meets the printed readings".to_owned())
        }
        (Standing::Alone(_), Decision::Fails | Decision::Contradicted) => {
            ("departs, cause not proven", "limits", format!("a check speaks against it: {why}"))
        }
        (Standing::Alone(routes), _) if routes.len() < 2 && checked != Decision::Holds => {
            let reason = format!("only one kind of evidence speaks for it: {}", routes.join(", "));
            ("departs, cause not proven", "limits", reason)
        }
        (Standing::Alone(mut routes), _) => {
            if checked == Decision::Holds {
                routes.push("checks");
            }
            (
                "confirmed",
                "holds",
                format!("of all explanations tried only ours agrees with the evidence: {}", routes.join(", ")),
            )
        }
        (Standing::Shared(rivals), _) => {
            let reason = format!("explained as well by: {}", rivals.join("; "));
            ("departs, cause not proven", "limits", reason)
        }
        (Standing::Unexplained { tried }, _) => {
            let explanations =
                if tried { "none of the explanations tried agrees with it" } else { "no explanation was tried" };
            ("departs, cause not proven", "limits", format!("print departs from what it says, and {explanations}"))
        }
    };
    Outcome { words: words.to_owned(), class, voices, reason }
}
