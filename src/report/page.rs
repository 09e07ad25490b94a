//! The report's content as plain data, before it becomes Markdown or HTML.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::spec::{Figure, Threshold};
use crate::table::{Table, schema};

use super::check::{Evidence, Verdict};
use super::ledger::{self, Entry, Judgement};
use super::notation::{fixed, number};
use super::numbers::Numbers;
use super::placeholders::fill;
use super::series::Series;
use super::summary::{Summary, shown_columns};
use super::{FigureInput, Input, ReportError};

/// Everything the templates print. Texts are Markdown with their numbers filled in.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    pub claims: Vec<EntryView>,
    pub errata: Vec<EntryView>,
    pub figures: Vec<FigureView>,
    pub theory: String,
    pub counts: BTreeMap<&'static str, usize>,
    pub timed: bool,
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

/// One check as the ledger shows it.
#[derive(Debug, Serialize)]
pub(super) struct CheckView {
    pub figure: String,
    pub title: String,
    pub check: String,
    pub text: String,
    pub condition: Option<String>,
    pub kind: String,
    pub verdict: &'static str,
    pub value: String,
    pub threshold: String,
    pub detail: String,
    pub command: String,
}

/// One figure's card.
#[derive(Debug, Serialize)]
pub(super) struct FigureView {
    pub id: String,
    pub number: String,
    pub title: String,
    pub paper: String,
    pub caption: String,
    pub text: String,
    pub facts: Vec<(&'static str, String)>,
    pub curves: Vec<CurveView>,
    pub summary: SummaryView,
    pub checks: Vec<CheckView>,
    pub worst: Vec<PointView>,
    pub command: String,
    pub digest: String,
    pub panels: usize,
}

/// One curve's parameters, as cells of a row.
#[derive(Debug, Serialize)]
pub(super) struct CurveView {
    pub id: String,
    pub label: String,
    pub hidden: bool,
    pub cells: Vec<String>,
}

/// The row of the figure table.
#[derive(Debug, Serialize)]
pub(super) struct SummaryView {
    pub published: String,
    pub inside: String,
    pub chi_squared: String,
    pub freedom: usize,
    pub worst_z: String,
    pub quadrature: String,
    pub points: usize,
    pub unconverged: usize,
    pub seconds: String,
}

/// One simulated point beside its theory.
#[derive(Debug, Serialize)]
pub(super) struct PointView {
    pub curve: String,
    pub x: String,
    pub observable: String,
    pub mean: String,
    pub error: String,
    pub theory: String,
    pub z: String,
    pub loud: bool,
}

/// Columns of the parameter table of a card: column of the theory table and what it is called.
pub(super) const PARAMETERS: [(&str, &str); 9] = [
    ("alpha", "α"),
    ("eta", "η"),
    ("delta", "Δ"),
    ("rho", "ρ"),
    ("teacher_lambda", "λ̃"),
    ("epsilon", "ε"),
    ("lambda", "λ"),
    ("chi", "χ"),
    ("temperature", "T"),
];

/// Beyond this many standard errors a point is marked.
const LOUD: f64 = 3.0;
const NONE: &str = "–";

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
        let figures = figures.map(|(figure, summary)| figure_view(figure, summary, input, &numbers)).collect::<Result<Vec<_>, _>>()?;
        let mut counts = BTreeMap::from([("holds", 0), ("limits", 0), ("fails", 0), ("undecided", 0)]);
        for claim in &claims {
            *counts.entry(claim.class).or_default() += 1;
        }
        let timed = input.figures.iter().any(|figure| figure.seconds.is_some());
        Ok(Self { claims, errata, figures, theory: theory.to_owned(), counts, timed })
    }
}

/// The words for holds, holds only when, fails, undecided.
struct Words([&'static str; 4]);

const CLAIM_WORDS: Words = Words(["holds", "holds only when", "fails", "undecided"]);
const ERRATUM_WORDS: Words = Words(["confirmed", "confirmed only when", "not confirmed", "undecided"]);

fn entry_view(
    entry: &Entry, file: &str, words: &Words, input: &Input<'_>, specs: &[&Figure], numbers: &Numbers,
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
        true => Some(fill(&entry.evidence, file, None, numbers)?.trim().to_owned()),
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

fn check_view(check: &ledger::Decided<'_>, claims: &Table) -> CheckView {
    let word = |column: &str| claims.text(column, check.row).unwrap_or("").to_owned();
    let value = |column: &str| claims.real(column, check.row).map_or(NONE.to_owned(), number);
    let figure = word("figure");
    CheckView {
        title: figure_name(&figure),
        command: command(&figure),
        check: word("check"),
        text: check.text.to_owned(),
        condition: check.condition.map(str::to_owned),
        kind: word("kind"),
        verdict: check.verdict.word(),
        value: value("value"),
        threshold: value("threshold"),
        detail: word("detail"),
        figure,
    }
}

/// The command that regenerates a figure.
fn command(figure: &str) -> String {
    format!("cargo run --release -- run {figure}")
}

/// `fig05` as `Figure 5`.
fn figure_name(id: &str) -> String {
    let number = id.trim_start_matches("fig").trim_start_matches('0');
    if number.is_empty() { id.to_owned() } else { format!("Figure {number}") }
}

fn figure_view(figure: &FigureInput<'_>, summary: &Summary, input: &Input<'_>, numbers: &Numbers) -> Result<FigureView, ReportError> {
    let evidence = &figure.evidence;
    let spec = evidence.spec;
    let claims: Vec<&str> = input.ledger.ids().collect();
    let mut checks: Vec<ledger::Decided<'_>> =
        claims.iter().flat_map(|id| ledger::checks(id, input.claims, &[spec])).collect();
    checks.sort_by_key(|check| check.row);
    Ok(FigureView {
        id: spec.id.clone(),
        number: figure_name(&spec.id),
        title: spec.title.clone(),
        paper: spec.paper.clone(),
        caption: plain(&spec.caption),
        text: fill(figure.text, figure.text_path, Some(&spec.id), numbers)?,
        facts: facts(figure, summary),
        curves: spec.curves.iter().map(|curve| curve_view(curve, evidence)).collect(),
        summary: summary_view(summary, figure.seconds),
        checks: checks.iter().map(|check| check_view(check, input.claims)).collect(),
        worst: points(evidence),
        command: command(&spec.id),
        digest: figure.digest.to_owned(),
        panels: spec.panels.len(),
    })
}

fn facts(figure: &FigureInput<'_>, summary: &Summary) -> Vec<(&'static str, String)> {
    let evidence = &figure.evidence;
    let metadata = |key: &str| evidence.experiment.metadata.get(key).cloned();
    let mut facts = vec![("theory points", summary.theory_points.to_string())];
    let whole = |value: Option<i64>| value.map(|value| value.to_string());
    let size = |value: Option<f64>| value.map(|value| number(value));
    let thresholds = evidence.thresholds.iter().map(|(threshold, value)| {
        let symbol = match threshold {
            Threshold::Interpolation => "α_I = η",
            Threshold::StudentSeparability => "α_S",
            Threshold::TeacherSeparability => "α̃_S",
        };
        (symbol, Some(fixed(*value, 5)))
    });
    let optional = [
        ("simulated points", Some(summary.simulated_points.to_string())),
        ("trials", Some(summary.trials.to_string())),
        ("trials not converged", Some(summary.trials_failed.to_string())),
        ("features N", whole(summary.features)),
        ("data sets a point", whole(summary.replicates)),
        ("largest residual", size(summary.residual)),
        ("largest quadrature error", size(summary.quadrature_error)),
        ("profile", metadata("profile")),
        ("root seed", metadata("seed")),
    ];
    facts.extend(optional.into_iter().chain(thresholds).filter_map(|(name, value)| Some((name, value?))));
    facts
}

fn curve_view(curve: &crate::spec::Curve, evidence: &Evidence<'_>) -> CurveView {
    let rows = evidence.theory.rows_where("curve", &curve.id);
    let cell = |(column, _): (&str, &str)| {
        let values: Vec<f64> = rows.iter().filter_map(|&row| evidence.theory.real(column, row)).collect();
        let low = values.iter().copied().min_by(f64::total_cmp);
        let high = values.iter().copied().max_by(f64::total_cmp);
        match (low, high) {
            (Some(low), Some(high)) if low == high => number(low),
            (Some(low), Some(high)) => format!("{} … {}", number(low), number(high)),
            _ => NONE.to_owned(),
        }
    };
    CurveView {
        id: curve.id.clone(),
        label: plain(&curve.label),
        hidden: curve.style == crate::spec::LineStyle::Hidden,
        cells: PARAMETERS.iter().copied().map(cell).collect(),
    }
}

fn summary_view(summary: &Summary, seconds: Option<f64>) -> SummaryView {
    SummaryView {
        published: summary.worst_published.map_or(NONE.to_owned(), |(_, value)| fixed(value.abs(), 5)),
        inside: if summary.vertices == 0 {
            NONE.to_owned()
        } else {
            format!("{}/{}", summary.vertices - summary.outside, summary.vertices)
        },
        chi_squared: summary.chi_squared.map_or(NONE.to_owned(), |value| fixed(value, 1)),
        freedom: summary.freedom,
        worst_z: summary.worst_z.map_or(NONE.to_owned(), |(_, z)| fixed(z, 2)),
        quadrature: summary.quadrature_error.map_or(NONE.to_owned(), |value| {
            format!("{value:.1e}").parse().map_or(NONE.to_owned(), number)
        }),
        points: summary.simulated_points,
        unconverged: summary.theory_failed + summary.trials_failed,
        seconds: seconds.map_or(NONE.to_owned(), |seconds| fixed(seconds, 1)),
    }
}

/// Every simulated point of the columns that the figure shows.
fn points(evidence: &Evidence<'_>) -> Vec<PointView> {
    let shown = shown_columns(evidence.spec);
    let table = evidence.agreement;
    let rows = super::measured::rows(evidence, table, None, None);
    let rows = rows.into_iter().filter(|&row| table.text("observable", row).is_some_and(|name| shown.contains(&name)));
    let cell = |column: &str, row: usize| table.real(column, row).map_or(NONE.to_owned(), number);
    let point = |row: usize| PointView {
        curve: table.text("curve", row).unwrap_or("").to_owned(),
        x: cell("x", row),
        observable: schema::THEORY
            .column(table.text("observable", row).unwrap_or(""))
            .map_or("", |column| column.symbol)
            .to_owned(),
        mean: cell("mean", row),
        error: table.real("standard_error", row).map_or(NONE.to_owned(), |value| {
            format!("{value:.1e}").parse().map_or(NONE.to_owned(), number)
        }),
        theory: cell("theory", row),
        z: table.real("z", row).map_or(NONE.to_owned(), |z| fixed(z, 2)),
        loud: table.real("z", row).is_some_and(|z| z.abs() > LOUD),
    };
    rows.map(point).collect()
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
            sentences.push(format!(
                "{}: {} at {symbol} = {}, {} at {symbol} = {}.",
                plain(&curve.label), number(first.1), number(first.0), number(last.1), number(last.0)
            ));
        }
    }
    sentences.join(" ")
}

/// The mini markup of labels as plain text: `10^{-5}` becomes 10⁻⁵, `\tilde λ` becomes λ̃.
pub(super) fn plain(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some((before, after)) = rest.split_once("^{") {
        text.push_str(before);
        let (power, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(&super::notation::superscript(power));
        rest = after;
    }
    text.push_str(rest);
    let mut accented = String::with_capacity(text.len());
    let mut pieces = text.split("\\tilde ");
    accented.push_str(pieces.next().unwrap_or(""));
    for piece in pieces {
        let letter = piece.chars().next().map_or(0, char::len_utf8);
        accented.push_str(&piece[..letter]);
        accented.push('\u{303}');
        accented.push_str(&piece[letter..]);
    }
    accented
}
