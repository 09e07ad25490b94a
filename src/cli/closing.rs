//! What a run ends with: one line a figure, one a claim, read from the tables and fitted to the terminal.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde_json::Value;

use crate::pipeline::Folders;
use crate::table::{OfFigure, Table, TableName, parquet};
use crate::workflow::{Output, Workflow};

use super::Failure;
use super::columns::{Column, sentences, table, width, wrapped};
use super::table::object;

/// Characters that a title keeps where the terminal is narrow.
const SHORTEST_TITLE: usize = 12;

/// And what is told of its claims.
const SHORTEST_CLAIMS: usize = 8;

/// The summary row of every figure among the targets, of all figures when there is no target.
pub(super) fn figures(workflow: &Workflow, folders: &Folders, targets: &[String]) -> Result<Vec<Value>, Failure> {
    let mut rows = Vec::new();
    for figure in &workflow.project.figures {
        let summary = Output::Table(TableName::Of(&figure.id, OfFigure::Summary));
        let wanted = [Output::of(&figure.id), summary, Output::Page].map(Output::stage);
        if targets.is_empty() || targets.iter().any(|target| wanted.contains(target)) {
            let table = parquet::read(&folders.out.join(summary.path())).map_err(Failure::failed)?;
            let mut row = object(&table, 0);
            row["status"] = status(&table).into();
            rows.push(row);
        }
    }
    Ok(rows)
}

/// Whether every point and every trial has a value.
fn status(table: &Table) -> String {
    let count = |name| table.integer(name, 0).unwrap_or(0);
    match (count("theory_failed"), count("trials_failed")) {
        (0, 0) => CONVERGED.to_owned(),
        (theory, trials) => format!("{theory} points and {trials} trials not converged"),
    }
}

const CONVERGED: &str = "converged";

/// The verdict on every entry of a kind, claim or erratum, where the run has made them: id, title, verdict, why.
pub(super) fn verdicts(folders: &Folders, kind: &str) -> Result<Vec<Value>, Failure> {
    let path = folders.out.join(Output::Table(TableName::Verdicts).path());
    let table = parquet::read(&path).map_err(Failure::failed)?;
    Ok(table.rows_where("kind", kind).into_iter().map(|row| object(&table, row)).collect())
}

/// Claims that the simulation contradicts.
pub(super) fn contradicted(verdicts: &[Value]) -> Vec<&Value> {
    verdicts.iter().filter(|row| row["class"] == "contradicted").collect()
}

fn text(row: &Value, key: &str) -> String {
    row[key].as_str().unwrap_or("").to_owned()
}

/// The verdict on a claim that needs a figure which is not there.
const NOT_IN_THIS_RUN: &str = "not in this run";
/// Writes the verdicts, a line a claim; why, where it is not simply that it holds.
pub(super) fn write_verdicts(out: &mut impl Write, verdicts: &[Value]) -> io::Result<()> {
    let told: Vec<&Value> = verdicts.iter().filter(|row| row["verdict"] != NOT_IN_THIS_RUN).collect();
    let heads = ["claim", "title", "verdict"].map(str::to_owned);
    let rows = told.iter().map(|row| {
        let why = if row["class"] == "holds" { String::new() } else { format!(" ({})", text(row, "reason")) };
        [text(row, "id"), text(row, "title"), text(row, "verdict") + &why]
    });
    if !told.is_empty() {
        out.write_all(sentences([heads].into_iter().chain(rows).collect(), width()).as_bytes())?;
    }
    write_absent(out, verdicts, "claims")
}

/// Names the claims or errata that a run says nothing of.
pub(super) fn write_absent(out: &mut impl Write, verdicts: &[Value], what: &str) -> io::Result<()> {
    let absent = verdicts.iter().filter(|row| row["verdict"] == NOT_IN_THIS_RUN);
    let ids: Vec<String> = absent.map(|row| text(row, "id")).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let line = format!("not in this run, which lacks a figure they need: {what} {}", ids.join(", "));
    write_line(out, &line)
}

/// Writes a sentence in lines that fit the terminal.
pub(super) fn write_line(out: &mut impl Write, line: &str) -> io::Result<()> {
    out.write_all(wrapped(line, INDENT, width()).as_bytes())
}

/// Spaces before the second line of a sentence.
const INDENT: usize = 2;

/// What becomes of the claims that need a figure, for every figure: "2 hold, 1 limited".
fn claims_of(workflow: &Workflow, verdicts: &[Value]) -> BTreeMap<String, String> {
    let mut classes: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for claim in &workflow.project.ledger.claims {
        let Some(row) = verdicts.iter().find(|row| row["id"] == claim.id.as_str()) else { continue };
        for figure in &claim.figures {
            *classes.entry(figure.clone()).or_default().entry(text(row, "class")).or_default() += 1;
        }
    }
    let told = |(class, count): (&String, &usize)| match (class.as_str(), count) {
        ("holds", 1) => "1 holds".to_owned(),
        ("holds", many) => format!("{many} hold"),
        ("fails", 1) => "1 fails".to_owned(),
        ("fails", many) => format!("{many} fail"),
        ("limits", many) => format!("{many} limited"),
        (other, many) => format!("{many} {other}"),
    };
    let line = |counts: BTreeMap<String, usize>| counts.iter().map(told).collect::<Vec<_>>().join(", ");
    classes.into_iter().map(|(figure, counts)| (figure, line(counts))).collect()
}

/// Writes the figures as a table: `seconds` of work by figure, none for one that was fresh.
pub(super) fn write(
    out: &mut impl Write,
    workflow: &Workflow,
    rows: &[Value],
    verdicts: &[Value],
    seconds: &BTreeMap<String, f64>,
) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let none = || "–".to_owned();
    let id = |row: &Value| text(row, "figure");
    let cells = |cell: &dyn Fn(&Value) -> Option<String>| -> Vec<String> {
        rows.iter().map(|row| cell(row).unwrap_or_else(none)).collect()
    };
    let number = |row: &Value, key: &str, digits: usize| row[key].as_f64().map(|value| format!("{value:.digits$}"));
    let claims_of = claims_of(workflow, verdicts);
    let claims = |row: &Value| claims_of.get(&id(row)).cloned();
    let print = |row: &Value| row["published_difference"].as_f64().map(|value| format!("{:.1e}", value.abs()));
    let chi = |row: &Value| {
        number(row, "chi_squared", 1).filter(|_| row["z_points"] != 0).map(|chi| format!("{chi}/{}", row["z_points"]))
    };
    let mut columns = vec![
        Column::words("figure", cells(&|row| Some(id(row))), None),
        Column::words("title", cells(&|row| Some(text(row, "title"))), Some(SHORTEST_TITLE)),
        Column::numbers("|th−print|", cells(&print), Some(1)),
        Column::numbers("worst z", cells(&|row| number(row, "worst_z", 2)), None),
        Column::numbers("χ²/points", cells(&chi), Some(0)),
        Column::words("claims", cells(&claims), Some(SHORTEST_CLAIMS)),
        Column::numbers("seconds", cells(&|row| seconds.get(&id(row)).map(|s| format!("{s:.1}"))), Some(2)),
    ];
    if rows.iter().any(|row| row["status"] != CONVERGED) {
        columns.push(Column::words("status", cells(&|row| Some(text(row, "status"))), Some(CONVERGED.len())));
    }
    // what no figure has is no column
    columns.retain(|column| column.cells.iter().skip(1).any(|cell| *cell != none()));
    out.write_all(table(columns, width()).as_bytes())
}

/// Seconds of work behind every figure, of what this run made; what several figures use counts in each.
pub(super) fn seconds(workflow: &Workflow, spent: &BTreeMap<String, f64>) -> Result<BTreeMap<String, f64>, Failure> {
    let mut seconds = BTreeMap::new();
    for figure in &workflow.project.figures {
        let selection = workflow.graph.select(&[Output::of(&figure.id).stage()])?;
        let stages = workflow.graph.selected(&selection).filter_map(|stage| spent.get(&stage.id));
        let total = stages.fold(None, |total: Option<f64>, seconds| Some(total.unwrap_or(0.0) + seconds));
        seconds.extend(total.map(|total| (figure.id.clone(), total)));
    }
    Ok(seconds)
}

/// Appends the report's summary to the page that a CI service shows, where there is one.
pub(super) fn step_summary(out: &Path) {
    let Some(page) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|page| !page.is_empty()) else { return };
    let append = || {
        let text = fs::read(out.join(Output::Summary.path()))?;
        fs::File::options().create(true).append(true).open(&page)?.write_all(&text)
    };
    if let Err(error) = append() {
        let _ = writeln!(
            io::stderr(),
            "warning: the summary could not be appended to {}: {error}",
            Path::new(&page).display()
        );
    }
}
