//! The report as one typed model: all that is said, in final words, before anything is rendered.

use serde::Serialize;

use crate::spec::Figure;
use crate::table::schema;
use crate::verdict::{CLAIMS_FILE, ERRATA_FILE};

use super::costs::CostsModel;
use super::entry::{EntryModel, entries};
use super::explorer::LEAD;
use super::figure::{FigureModel, figure, parameter_symbols};
use super::numbers::Numbers;
use super::summary::Summary;
use super::{Input, ReportError, Run};

/// Everything the renderers print. Texts are Markdown with their numbers filled in.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    pub(super) run: Run<'a>,
    pub(super) title: &'a str,
    pub(super) lede: &'a str,
    /// Whether it speaks on a paper, by a figure or a claim; whether anything was read off its print.
    pub(super) of_paper: bool,
    pub(super) printed: bool,
    /// The claims of the paper, and how many have which verdict.
    pub(super) claims: Vec<EntryModel>,
    pub(super) tally: Vec<Tally>,
    /// Those beyond it, in the same way.
    pub(super) beyond_claims: Vec<EntryModel>,
    pub(super) beyond_tally: Vec<Tally>,
    pub(super) errata: Vec<EntryModel>,
    /// The figures of the paper, and those beyond it.
    pub(super) figures: Vec<FigureModel>,
    pub(super) beyond: Vec<FigureModel>,
    /// What opens the second part.
    pub(super) beyond_text: String,
    /// The figure that stands at the top where there is no explorer: its place among those of the paper.
    pub(super) lead: usize,
    pub(super) explorer: Option<&'a str>,
    pub(super) theory: String,
    /// What the columns of the table of agreement and the parameter columns of a card are called.
    pub(super) agreement: Vec<&'static str>,
    pub(super) parameters: Vec<&'static str>,
    pub(super) costs: Option<CostsModel>,
}

/// How many claims have one kind of verdict.
#[derive(Debug, Serialize)]
pub(super) struct Tally {
    pub class: &'static str,
    pub count: usize,
    pub text: &'static str,
}

/// The theory chapter, Markdown with formulas, and with `{{ notation }}` for what the tables call their columns.
const THEORY: &str = include_str!("../../report/theory.md");
/// What opens the second part, Markdown with `{{ figure.name }}` for numbers; and where that is, for messages.
const BEYOND: &str = include_str!("../../report/part2.md");
const BEYOND_FILE: &str = "report/part2.md";

impl<'a> Report<'a> {
    /// Gathers the content of a report.
    ///
    /// # Errors
    /// A number that a text asks for and nothing defines; a check that decides nothing of the ledger.
    pub fn new(input: &Input<'a>) -> Result<Self, ReportError> {
        let summaries: Vec<Summary> = input.figures.iter().map(|figure| Summary::new(&figure.evidence)).collect();
        let mut numbers = Numbers::default();
        for (figure, summary) in input.figures.iter().zip(&summaries) {
            numbers.add(&figure.evidence, summary);
        }
        let specs: Vec<&Figure> = input.figures.iter().map(|figure| figure.evidence.spec).collect();
        let ledger = input.ledger;
        let claims = entries(&ledger.claims, ("claim", CLAIMS_FILE), input, &specs, &numbers)?;
        let of_paper =
            ledger.claims.iter().any(|claim| !claim.paper.is_empty()) || specs.iter().any(|spec| spec.is_in_paper());
        // what is on no paper is one part, and nothing is beyond it
        let first = |in_paper: bool| in_paper || !of_paper;
        let (claims, beyond_claims): (Vec<_>, Vec<_>) =
            claims.into_iter().partition(|claim| first(!claim.paper.is_empty()));
        let errata = entries(&ledger.errata, ("erratum", ERRATA_FILE), input, &specs, &numbers)?;
        let (mut figures, mut beyond) = (Vec::new(), Vec::new());
        for (one, summary) in input.figures.iter().zip(&summaries) {
            let part = if first(one.evidence.spec.is_in_paper()) { &mut figures } else { &mut beyond };
            part.push(figure(one, summary, input, &numbers)?);
        }
        Ok(Self {
            run: input.run,
            title: input.title,
            lede: input.lede,
            of_paper,
            printed: figures.iter().chain(&beyond).any(|figure| figure.has_published || figure.has_printed_points),
            tally: tally(&claims),
            claims,
            beyond_tally: tally(&beyond_claims),
            beyond_claims,
            errata,
            agreement: figures.iter().chain(&beyond).take(1).flat_map(FigureModel::columns).collect(),
            lead: figures.iter().position(|figure| figure.name == LEAD).unwrap_or(0),
            figures,
            beyond_text: opening(&beyond, &numbers)?,
            beyond,
            explorer: input.explorer,
            theory: THEORY.replace("{{ notation }}\n", &notation()),
            parameters: parameter_symbols(),
            costs: input.costs.map(|costs| costs.model(input.run.profile)),
        })
    }
}

/// The parameters and observables of the tables, a row of Markdown each.
fn notation() -> String {
    let told = ["m", "q", "b", "S", "V", "eg", "ce", "mse_out", "mse_pre"];
    let observables = told.into_iter().filter_map(|name| schema::THEORY.column(name));
    let rows = schema::PARAMETERS.iter().chain(observables);
    rows.map(|column| format!("| {} | {} |\n", typeset(column.symbol), column.doc.replace('|', "\\|"))).collect()
}

/// A symbol with an index as a formula; another as it is.
fn typeset(symbol: &str) -> String {
    match symbol.split_once('_') {
        Some((letter, index)) => format!("${letter}_{{\\mathrm{{{index}}}}}$"),
        None => symbol.to_owned(),
    }
}

/// What opens the second part: without the lines on figures that this run does not have, and nothing where none is left.
fn opening(beyond: &[FigureModel], numbers: &Numbers) -> Result<String, ReportError> {
    let known = |name: &str| beyond.iter().any(|figure| name.trim().starts_with(&format!("{}.", figure.id)));
    let mut text = String::new();
    let mut findings = 0;
    for (index, line) in BEYOND.lines().enumerate() {
        let finding = line.starts_with("- ");
        if finding && !line.split("{{").skip(1).all(known) {
            continue;
        }
        findings += usize::from(finding);
        text.push_str(&numbers.fill(line, (BEYOND_FILE, index + 1), None)?);
        if line.is_empty() {
            text.push('\n');
        }
    }
    Ok(if findings > 0 { text } else { String::new() })
}

/// The claims counted by the class of their verdicts, in the order in which that is read.
fn tally(claims: &[EntryModel]) -> Vec<Tally> {
    let words = [
        ("holds", ["holds", "hold"]),
        ("limits", ["holds under a condition", "hold under a condition"]),
        ("fails", ["fails", "fail"]),
        ("undecided", ["undecided", "undecided"]),
        ("contradicted", ["contradicted by simulation", "contradicted by simulation"]),
    ];
    let count = |class: &str| claims.iter().filter(|claim| claim.class == class).count();
    let told = words.into_iter().map(|(class, [one, more])| {
        let count = count(class);
        Tally { class, count, text: if count == 1 { one } else { more } }
    });
    told.filter(|tally| tally.count > 0).collect()
}
