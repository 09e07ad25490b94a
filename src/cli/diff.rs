//! `diff`: the tables of two output folders, cell by cell, and their figures on one page.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::pipeline;
use crate::table::parquet;
use crate::workflow::{CellDifference, Match, TableDifference, compare};

use super::args::DiffOptions;
use super::columns::{Column, counted, table, width};
use super::figure::in_a_folder;
use super::lineage_table::significant;
use super::progress::hold;
use super::verify::write_findings;
use super::{Failure, overlay, print_json};

/// Exit code of `diff --check` when something differs.
const DIFFERS: u8 = 4;

/// How two output folders differ.
#[derive(Debug, Default, Serialize)]
pub(super) struct FolderDifference {
    /// Every table that both have, equal ones included, by file name.
    pub tables: BTreeMap<String, TableDifference>,
    /// Tables that only the first has.
    pub only_a: Vec<String>,
    /// Tables that only the second has.
    pub only_b: Vec<String>,
}

/// Compares two output folders.
pub(super) fn diff(options: &DiffOptions) -> Result<(), Failure> {
    if let Some(page) = &options.html {
        in_a_folder("html", page)?;
    }
    // a run that writes to one of the folders is waited for
    let _held = [hold(&options.a)?, hold(&options.b)?];
    let (a, b) = (tables(&options.a)?, tables(&options.b)?);
    let names = |of: &BTreeMap<String, PathBuf>| of.keys().cloned().collect::<BTreeSet<String>>();
    let mut difference = FolderDifference {
        only_a: names(&a).difference(&names(&b)).cloned().collect(),
        only_b: names(&b).difference(&names(&a)).cloned().collect(),
        ..FolderDifference::default()
    };
    for (name, path) in &a {
        let Some(other) = b.get(name) else { continue };
        let read = |path: &Path| parquet::read(path).map_err(Failure::input);
        difference
            .tables
            .insert(name.clone(), compare(&read(path)?, &read(other)?, Match::Tolerance).map_err(Failure::failed)?);
    }
    if let Some(page) = &options.html {
        let html = overlay::page(&options.a, &options.b, &difference.tables)?;
        pipeline::write(page, html.as_bytes())?;
    }
    if options.json {
        print_json(&difference)?;
    } else {
        print(&difference, options.rows)?;
    }
    let beyond = difference.tables.values().filter(|table| !table.is_empty()).count();
    let alone = difference.only_a.len() + difference.only_b.len();
    if options.check && beyond + alone > 0 {
        return Err(Failure::verdict(
            DIFFERS,
            format!(
                "{} beyond tolerance, {alone} in one folder only",
                counted(beyond, "table that differs", "tables that differ")
            ),
        ));
    }
    Ok(())
}

/// Prints counts per table and column, the worst first, or every row.
fn print(difference: &FolderDifference, rows: bool) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    if rows {
        write_findings(&mut out, &difference.tables, usize::MAX)?;
    } else {
        write_summary(&mut out, difference)?;
    }
    for (names, which) in [(&difference.only_a, "first"), (&difference.only_b, "second")] {
        for name in names {
            writeln!(out, "{name} is in the {which} folder only")?;
        }
    }
    let equal = difference.tables.values().filter(|table| table.is_empty()).count();
    writeln!(out, "{equal} of {} tables agree within tolerance", difference.tables.len())?;
    Ok(())
}

/// The cells of one column that differ beyond tolerance.
struct Changed<'a> {
    table: &'a str,
    column: &'a str,
    cells: usize,
    /// The largest difference in tolerances, infinite for words and for a number that is on one side only.
    ratio: f64,
    worst: &'a CellDifference,
}

/// Difference of a cell in tolerances.
fn ratio(cell: &CellDifference) -> f64 {
    match (cell.reference.parse::<f64>(), cell.found.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() / cell.tolerance,
        _ => f64::INFINITY,
    }
}

/// A cell to the digits that tell two apart.
fn short(cell: &str) -> String {
    match cell.parse::<f64>() {
        Ok(value) if cell.len() > DIGITS => significant(value, DIGITS),
        _ => cell.to_owned(),
    }
}

/// Digits of a number beside another.
const DIGITS: usize = 8;

/// A row a table and column, the worst first; what is no cell in lines below.
fn write_summary(out: &mut impl Write, difference: &FolderDifference) -> std::io::Result<()> {
    let mut changed: Vec<Changed<'_>> = Vec::new();
    for (file, table) in &difference.tables {
        for cell in &table.cells {
            let ratio = ratio(cell);
            let (table, column) = (file.trim_end_matches(".parquet"), cell.column.as_str());
            match changed.iter_mut().find(|known| known.table == table && known.column == column) {
                None => changed.push(Changed { table, column, cells: 1, ratio, worst: cell }),
                Some(known) => {
                    known.cells += 1;
                    if ratio > known.ratio {
                        (known.ratio, known.worst) = (ratio, cell);
                    }
                }
            }
        }
    }
    changed.sort_by(|a, b| b.ratio.total_cmp(&a.ratio).then(b.cells.cmp(&a.cells)));
    if !changed.is_empty() {
        let words = |of: &dyn Fn(&Changed<'_>) -> String| changed.iter().map(of).collect::<Vec<String>>();
        let beyond = |one: &Changed<'_>| match one.ratio.is_finite() {
            true => format!("{:.1e}", one.ratio),
            false => "–".to_owned(),
        };
        let columns = vec![
            Column::words("table", words(&|one| one.table.to_owned()), None),
            Column::words("column", words(&|one| one.column.to_owned()), None),
            Column::numbers("cells", words(&|one| one.cells.to_string()), None),
            Column::numbers("worst, in tolerances", words(&beyond), Some(0)),
            Column::words("where", words(&|one| one.worst.row.clone()), Some(10)),
            Column::words("first", words(&|one| short(&one.worst.reference)), Some(8)),
            Column::words("second", words(&|one| short(&one.worst.found)), Some(8)),
        ];
        out.write_all(table(columns, width()).as_bytes())?;
        let cells: usize = changed.iter().map(|one| one.cells).sum();
        let (cells, columns) = (counted(cells, "cell", "cells"), counted(changed.len(), "column", "columns"));
        writeln!(out, "beyond tolerance: {cells} in {columns}; --rows has them all")?;
    }
    for (file, table) in &difference.tables {
        let (gone, new, columns) = (table.missing_rows.len(), table.extra_rows.len(), table.columns.join(", "));
        if gone + new > 0 {
            writeln!(
                out,
                "{file}: {} in the first folder only, {new} in the second only",
                counted(gone, "row", "rows")
            )?;
        }
        if !columns.is_empty() {
            writeln!(out, "{file}: only one of the two has {columns}")?;
        }
        for note in &table.notes {
            writeln!(out, "{file}: {note}")?;
        }
    }
    let largest =
        |(file, table): (&String, &TableDifference)| Some((table.largest, file.clone(), table.largest_at.clone()?));
    let within = difference.tables.iter().filter(|(_, table)| table.is_empty()).filter_map(largest);
    if let Some((largest, file, place)) = within.max_by(|a, b| a.0.total_cmp(&b.0)) {
        writeln!(out, "within tolerance, the largest relative difference is {largest:.1e}: {file}, {place}")?;
    }
    Ok(())
}

/// The tables of an output folder, or of its data folder, by file name.
fn tables(folder: &Path) -> Result<BTreeMap<String, PathBuf>, Failure> {
    let data = folder.join("data");
    let data = if data.is_dir() { data } else { folder.to_owned() };
    let entries = std::fs::read_dir(&data).map_err(|error| Failure::input(format!("{}: {error}", data.display())))?;
    let paths =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "parquet"));
    let paths = paths.filter(|path| path.is_file());
    let named = paths.filter_map(|path| Some((path.file_name()?.to_string_lossy().into_owned(), path)));
    let tables: BTreeMap<String, PathBuf> = named.collect();
    if tables.is_empty() {
        return Err(Failure::input(format!("{}: no tables here; valid: an output folder of `run`", folder.display())));
    }
    Ok(tables)
}
