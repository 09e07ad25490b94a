//! What a run ends with: one line a figure, read from the summary tables.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde_json::Value;

use crate::pipeline::Folders;
use crate::table::{Table, parquet};
use crate::workflow::Workflow;

use super::Failure;
use super::table::object;

/// The summary row of every figure among the targets, of all figures when there is no target.
pub(super) fn figures(workflow: &Workflow, folders: &Folders, targets: &[String]) -> Result<Vec<Value>, Failure> {
    let mut rows = Vec::new();
    for figure in &workflow.project.figures {
        let wanted = |target: &String| {
            *target == format!("figure/{}", figure.id) || *target == format!("table/{}.comparison", figure.id)
        };
        if targets.is_empty() || targets.iter().any(|target| wanted(target) || target == "report") {
            let table = parquet::read(&folders.out.join(format!("data/{}.summary.parquet", figure.id)))
                .map_err(Failure::failed)?;
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
        (0, 0) => "converged".to_owned(),
        (theory, trials) => format!("{theory} points and {trials} trials not converged"),
    }
}

/// The verdict on every claim, where the run has made them: id, title, verdict, why.
pub(super) fn verdicts(folders: &Folders) -> Result<Vec<Value>, Failure> {
    let path = folders.out.join("data/verdicts.parquet");
    let table = parquet::read(&path).map_err(Failure::failed)?;
    Ok(table.rows_where("kind", "claim").into_iter().map(|row| object(&table, row)).collect())
}

/// Claims that the simulation contradicts.
pub(super) fn contradicted(verdicts: &[Value]) -> Vec<&Value> {
    verdicts.iter().filter(|row| row["class"] == "contradicted").collect()
}

/// Writes the verdicts, a line a claim; why, where it is not simply that it holds.
pub(super) fn write_verdicts(out: &mut impl Write, verdicts: &[Value]) -> io::Result<()> {
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or("").to_owned();
    let width = verdicts.iter().map(|row| text(row, "title").chars().count()).max().unwrap_or(0);
    if !verdicts.is_empty() {
        writeln!(out, "{:<6} {:<width$} verdict", "claim", "title")?;
    }
    for row in verdicts {
        let why = if row["class"] == "holds" { String::new() } else { format!(" ({})", text(row, "reason")) };
        writeln!(out, "{:<6} {:<width$} {}{why}", text(row, "id"), text(row, "title"), text(row, "verdict"))?;
    }
    Ok(())
}

/// Writes the rows as aligned columns.
pub(super) fn write(out: &mut impl Write, rows: &[Value]) -> io::Result<()> {
    let width =
        rows.iter().map(|row| row["title"].as_str().map_or(0, |title| title.chars().count())).max().unwrap_or(0);
    if !rows.is_empty() {
        writeln!(
            out,
            "{:<6} {:<width$} {:>10} {:>7} {:>14}  status",
            "figure", "title", "|th−print|", "worst z", "χ²/points"
        )?;
    }
    for row in rows {
        let number =
            |key: &str, digits: usize| row[key].as_f64().map_or("–".to_owned(), |value| format!("{value:.digits$}"));
        let difference =
            row["published_difference"].as_f64().map_or("–".to_owned(), |value| format!("{:.1e}", value.abs()));
        let agreement = format!("{}/{}", number("chi_squared", 1), row["z_points"]);
        let text = |key: &str| row[key].as_str().unwrap_or("").to_owned();
        let (id, title, z, status) = (text("figure"), text("title"), number("worst_z", 2), text("status"));
        writeln!(out, "{id:<6} {title:<width$} {difference:>10} {z:>7} {agreement:>14}  {status}")?;
    }
    Ok(())
}

/// Appends the report's summary to the page that a CI service shows, where there is one.
pub(super) fn step_summary(out: &Path) {
    let Some(page) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|page| !page.is_empty()) else { return };
    let append = || {
        let text = fs::read(out.join("report/summary.md"))?;
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
