//! The report's content as plain data, before it becomes Markdown or HTML.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::spec::Figure;
use crate::table::Table;

use super::card::{FigureView, figure_view};
use super::check_view::{CheckView, check_view};
use super::costs::CostsView;
use super::evidence::{Evidence, Verdict};
use super::ledger::{self, Entry, Judgement};
use super::notation::{number, plain};
use super::numbers::Numbers;
use super::placeholders::fill;
use super::series::Series;
use super::summary::{Summary, shown_columns};
use super::{Input, ReportError};

/// Everything the templates print. Texts are Markdown with their numbers filled in.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    pub claims: Vec<EntryView>,
    pub errata: Vec<EntryView>,
    pub figures: Vec<FigureView>,
    pub theory: String,
    pub counts: BTreeMap<&'static str, usize>,
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
    pub class: &'static str,
    pub checks: Vec<CheckView>,
    pub deciding: Option<usize>,
    pub figures: Vec<String>,
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
            input.ledger.covers(figure.evidence.spec)?;
            numbers.add(&figure.evidence, summary);
        }
        let specs: Vec<&Figure> = input.figures.iter().map(|figure| figure.evidence.spec).collect();
        let entries = |list: &[Entry], file: &str, words: &Words| -> Result<Vec<EntryView>, ReportError> {
            list.iter().map(|entry| entry_view(entry, file, words, input, &specs, &numbers)).collect()
        };
        let claims = entries(&input.ledger.claims, ledger::CLAIMS_FILE, &CLAIM_WORDS)?;
        let errata = entries(&input.ledger.errata, ledger::ERRATA_FILE, &ERRATUM_WORDS)?;
        let figures = input.figures.iter().zip(&summaries);
        let figures = figures
            .map(|(figure, summary)| figure_view(figure, summary, input, &numbers))
            .collect::<Result<Vec<_>, _>>()?;
        let mut counts = BTreeMap::from([("holds", 0), ("limits", 0), ("fails", 0), ("undecided", 0)]);
        for claim in &claims {
            *counts.entry(claim.class).or_default() += 1;
        }
        let costs = input.costs.map(|costs| costs.view(input.profile));
        Ok(Self { claims, errata, figures, theory: theory.to_owned(), counts, costs })
    }
}

/// The words for holds, holds only when, fails, undecided.
struct Words([&'static str; 4]);

const CLAIM_WORDS: Words = Words(["holds", "holds only when", "fails", "undecided"]);
const ERRATUM_WORDS: Words = Words(["confirmed", "confirmed only when", "not confirmed", "undecided"]);

fn entry_view(
    entry: &Entry,
    file: &str,
    words: &Words,
    input: &Input<'_>,
    specs: &[&Figure],
    numbers: &Numbers,
) -> Result<EntryView, ReportError> {
    let decided = ledger::checks(&entry.id, input.claims, specs);
    let present = entry.figures.iter().all(|id| specs.iter().any(|spec| spec.id == *id));
    let (verdict, class) = match ledger::judge(&decided) {
        _ if !present => ("not in this run".to_owned(), "undecided"),
        Judgement::Holds => (words.0[0].to_owned(), "holds"),
        Judgement::HoldsOnlyWhen(conditions) => (format!("{} {}", words.0[1], conditions.join(" and ")), "limits"),
        Judgement::Fails => (words.0[2].to_owned(), "fails"),
        Judgement::Undecided => (words.0[3].to_owned(), "undecided"),
    };
    let evidence = match present && !entry.evidence.is_empty() {
        true => Some(fill(&entry.evidence, (file, entry.line), None, numbers)?.trim().to_owned()),
        false => None,
    };
    Ok(EntryView {
        id: entry.id.clone(),
        title: entry.title.clone(),
        paper: entry.paper.clone(),
        text: entry.text.clone(),
        evidence,
        verdict,
        class,
        checks: decided.iter().map(|check| check_view(check, input.claims)).collect(),
        deciding: deciding(&decided),
        figures: entry.figures.iter().filter(|id| specs.iter().any(|spec| spec.id == **id)).cloned().collect(),
    })
}

/// The check that tells most: the first that fails, else the first that is open, else the first.
fn deciding(checks: &[ledger::Decided<'_>]) -> Option<usize> {
    let first = |verdict: Verdict| checks.iter().position(|check| check.verdict == verdict);
    first(Verdict::Fails).or_else(|| first(Verdict::Undecided)).or((!checks.is_empty()).then_some(0))
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
    let mut small = Table::default();
    small.metadata.clone_from(&table.metadata);
    for (name, cells) in table.columns().filter(|(name, _)| wanted.contains(name)) {
        // Columns of one table have one length.
        let _ = small.add_column(name, cells.clone());
    }
    small
}

/// A sentence for readers who do not see the drawing: where every curve begins, peaks and ends.
pub(super) fn describe(evidence: &Evidence<'_>) -> String {
    let spec = evidence.spec;
    let mut sentences = vec![plain(&spec.caption)];
    let column = shown_columns(spec).first().copied().unwrap_or("eg");
    for curve in spec.curves.iter().filter(|curve| curve.style != crate::spec::LineStyle::Hidden) {
        let series = Series::new(evidence.theory, &curve.id, column);
        let known: Vec<(f64, f64)> = series.points().iter().filter_map(|point| Some((point.x, point.y?))).collect();
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
