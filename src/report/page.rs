//! The report's content as plain data, before it becomes Markdown or HTML.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::spec::Figure;
use crate::table::Table;
use crate::verdict::{CLAIMS_FILE, ERRATA_FILE, Entry, Evidence, Fate, NONE, Role, fixed, number, plain, rows_of};

use super::card::{FigureView, figure_view};
use super::check_view::{CheckView, check_views, rounded};
use super::costs::CostsView;
use super::numbers::Numbers;
use super::placeholders::fill;
use super::summary::{Summary, shown_columns};
use super::{Input, ReportError};

/// Everything the templates print. Texts are Markdown with their numbers filled in.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    pub claims: Vec<EntryView>,
    pub errata: Vec<EntryView>,
    pub figures: Vec<FigureView>,
    pub theory: String,
    pub counts: BTreeMap<String, usize>,
    pub costs: Option<CostsView>,
}

/// A claim or an erratum with its verdict.
#[derive(Debug, Serialize)]
pub(super) struct EntryView {
    pub id: String,
    pub title: String,
    pub paper: String,
    pub text: String,
    pub evidence: Option<String>,
    pub verdict: String,
    pub class: String,
    pub reason: String,
    pub needed: Option<String>,
    pub voices: Vec<(&'static str, String)>,
    pub checks: Vec<CheckView>,
    pub alternatives: Vec<AlternativeView>,
    pub figures: Vec<String>,
}

/// One explanation of an erratum and how it fared.
#[derive(Debug, Serialize)]
pub(super) struct AlternativeView {
    pub label: String,
    pub role: &'static str,
    pub survives: bool,
    pub largest: String,
    pub readings: String,
    pub points: String,
    pub simulated: String,
}

impl Page {
    /// Gathers the content of a report.
    ///
    /// # Errors
    /// A number that a text asks for and nothing defines; a check that decides nothing of the ledger.
    pub fn new(input: &Input<'_>, theory: &str) -> Result<Self, ReportError> {
        let summaries: Vec<Summary> = input.figures.iter().map(|figure| Summary::new(&figure.evidence)).collect();
        let mut numbers = Numbers::default();
        for (figure, summary) in input.figures.iter().zip(&summaries) {
            numbers.add(&figure.evidence, summary);
        }
        let specs: Vec<&Figure> = input.figures.iter().map(|figure| figure.evidence.spec).collect();
        let entries = |list: &[Entry], file: &str, kind: &str| -> Result<Vec<EntryView>, ReportError> {
            list.iter().map(|entry| entry_view(entry, (file, kind), input, &specs, &numbers)).collect()
        };
        let claims = entries(&input.ledger.claims, CLAIMS_FILE, "claim")?;
        let errata = entries(&input.ledger.errata, ERRATA_FILE, "erratum")?;
        let figures = input.figures.iter().zip(&summaries);
        let figures = figures
            .map(|(figure, summary)| figure_view(figure, summary, input, &numbers))
            .collect::<Result<Vec<_>, _>>()?;
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for claim in &claims {
            *counts.entry(claim.class.clone()).or_default() += 1;
        }
        let costs = input.costs.map(|costs| costs.view(input.profile));
        Ok(Self { claims, errata, figures, theory: theory.to_owned(), counts, costs })
    }
}

fn entry_view(
    entry: &Entry,
    (file, kind): (&str, &str),
    input: &Input<'_>,
    specs: &[&Figure],
    numbers: &Numbers,
) -> Result<EntryView, ReportError> {
    let verdicts = input.verdicts;
    let row = verdicts.rows_where("kind", kind).into_iter().find(|&row| verdicts.text("id", row) == Some(&entry.id));
    let word = |column: &str| row.and_then(|row| verdicts.text(column, row)).unwrap_or("").to_owned();
    let present = |id: &String| specs.iter().any(|spec| spec.id == *id);
    let whole = entry.figures.iter().all(present);
    let evidence = match whole && !entry.evidence.is_empty() {
        true => Some(fill(&entry.evidence, (file, entry.line), None, numbers)?.trim().to_owned()),
        false => None,
    };
    let fate = |alternative: &crate::verdict::Alternative| {
        let fate = Fate::of(&entry.id, alternative, input.alternatives);
        AlternativeView {
            label: alternative.label.clone(),
            role: match alternative.role {
                Role::Printed => "what print says",
                Role::Explanation => "explanation",
                Role::Rival => "rival",
            },
            survives: fate.survives(),
            largest: fate.largest.map_or(NONE.to_owned(), |value| rounded(value.abs())),
            readings: fate.in_readings.map_or(NONE.to_owned(), rounded),
            points: fate.points_z.map_or(NONE.to_owned(), |z| fixed(z, 1)),
            simulated: fate.simulated_z.map_or(NONE.to_owned(), |z| fixed(z, 1)),
        }
    };
    Ok(EntryView {
        id: entry.id.clone(),
        title: entry.title.clone(),
        paper: entry.paper.clone(),
        text: entry.text.clone(),
        evidence,
        verdict: word("verdict"),
        class: word("class"),
        reason: sentence(&word("reason")),
        needed: needed(input.claims, &entry.id),
        voices: ["theory", "simulation", "print"].map(|voice| (voice, word(voice))).into(),
        checks: check_views(&rows_of(&entry.id, input.claims, specs), input.claims),
        alternatives: entry.alternatives.iter().filter(|_| whole).map(fate).collect(),
        figures: entry.figures.iter().filter(|id| present(id)).cloned().collect(),
    })
}

/// What would let the simulation decide an entry: the most data sets that any of its checks asks for; none where it
/// has decided, or where no number of data sets at these x would do.
fn needed(claims: &Table, id: &str) -> Option<String> {
    let rows: Vec<usize> = (claims.rows_where("claim", id).into_iter())
        .filter(|&row| {
            claims.text("voice", row) == Some("simulation") && claims.text("verdict", row) == Some("cannot tell")
        })
        .collect();
    let sets = rows.iter().filter_map(|&row| claims.real("needed", row)).max_by(f64::total_cmp)?;
    let n = rows.iter().find_map(|&row| claims.integer("n", row))?;
    let open = rows.iter().filter(|&&row| claims.real("needed", row).is_none()).count();
    let also = match open {
        0 => String::new(),
        1 => "; one check needs other points besides".to_owned(),
        more => format!("; {more} checks need other points besides"),
    };
    Some(format!(
        "The simulation would need {} data sets of N = {n}, by the spread of those it has{also}.",
        number(sets)
    ))
}

/// A phrase as a sentence.
fn sentence(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map_or(String::new(), |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// The columns a figure shows, of all drawn and hidden curves, as a table small enough to carry in a page.
pub(super) fn plotted(evidence: &Evidence<'_>) -> Table {
    let mut wanted = vec!["figure", "curve", "x"];
    wanted.extend(shown_columns(evidence.spec));
    wanted.push("status");
    selected(evidence.theory, &wanted)
}

/// Some columns of a table.
pub(super) fn selected(table: &Table, wanted: &[&str]) -> Table {
    table.select(wanted)
}

/// A sentence for readers who do not see the drawing: where every curve begins, peaks and ends.
pub(super) fn describe(evidence: &Evidence<'_>) -> String {
    let spec = evidence.spec;
    let mut sentences = vec![plain(&spec.caption)];
    let column = shown_columns(spec).first().copied().unwrap_or("eg");
    for curve in spec.curves.iter().filter(|curve| curve.style != crate::spec::LineStyle::Hidden) {
        let rows = evidence.theory.rows_where("curve", &curve.id).into_iter();
        let known: Vec<(f64, f64)> = rows
            .filter_map(|row| Some((evidence.theory.real("x", row)?, evidence.theory.real(column, row)?)))
            .collect();
        if let (Some(first), Some(last)) = (known.first(), known.last()) {
            let symbol = evidence.symbol(&curve.id);
            let at = |(x, y): &(f64, f64)| format!("{} at {symbol} = {}", number(*y), number(*x));
            let top = known.iter().max_by(|one, other| one.1.total_cmp(&other.1));
            let top = top.filter(|top| top.1 > first.1 && top.1 > last.1);
            let between = top.map_or(String::new(), |top| format!("up to {}, ", at(top)));
            sentences.push(format!("{}: {}, {between}{}.", plain(&curve.label), at(first), at(last)));
        }
    }
    sentences.join(" ")
}
