//! `diff`: the tables of two output folders, cell by cell, and their figures on one page.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::pipeline;
use crate::table::parquet;
use crate::workflow::{Match, compare};

use super::args::DiffOptions;
use super::changes::{self, Change, FolderDifference};
use super::closing::write_line;
use super::columns::{Column, counted, table, width};
use super::figure::in_a_folder;
use super::progress::hold;
use super::verify::write_findings;
use super::{Failure, overlay, print_json};

/// Exit code of `diff --check` when something differs.
const DIFFERS: u8 = 4;

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
        settings: changes::settings(&options.a, &options.b),
        ..FolderDifference::default()
    };
    for (name, path) in &a {
        let Some(other) = b.get(name) else { continue };
        let read = |path: &Path| parquet::read(path).map_err(Failure::input);
        let mut table = compare(&read(path)?, &read(other)?, Match::Tolerance).map_err(Failure::failed)?;
        // what the runs were asked for differs because it was asked for
        table.cells.retain(|cell| !difference.settings.contains_key(&cell.column));
        difference.tables.insert(name.clone(), table);
    }
    if let Some(page) = &options.html {
        let html = overlay::page(&options.a, &options.b, &difference)?;
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
    if let Some(settings) = changes::settings_in_words(difference) {
        write_line(&mut out, &settings)?;
    }
    if rows {
        write_findings(&mut out, &difference.tables, usize::MAX)?;
    } else {
        write_summary(&mut out, difference)?;
    }
    for line in changes::alone(difference) {
        writeln!(out, "{line}")?;
    }
    let equal = difference.tables.values().filter(|table| table.is_empty()).count();
    writeln!(out, "{equal} of {} tables agree within tolerance", difference.tables.len())?;
    Ok(())
}

/// A row a table and column, the worst first; what is no cell in lines below.
fn write_summary(out: &mut impl Write, difference: &FolderDifference) -> std::io::Result<()> {
    let changed = changes::changes(difference);
    if !changed.is_empty() {
        let words = |of: &dyn Fn(&Change<'_>) -> String| changed.iter().map(of).collect::<Vec<String>>();
        let place = |part: usize| words(&|one| one.place()[part].clone());
        let columns = vec![
            Column::words("table", words(&|one| one.table.to_owned()), None),
            Column::words("column", words(&|one| one.column.to_owned()), None),
            Column::numbers("cells", words(&|one| one.cells.to_string()), None),
            Column::numbers("worst, in tolerances", words(&|one| one.worst()), Some(0)),
            Column::words("where", place(0), Some(10)),
            Column::words("first", place(1), Some(8)),
            Column::words("second", place(2), Some(8)),
        ];
        out.write_all(table(columns, width()).as_bytes())?;
        let cells: usize = changed.iter().map(|one| one.cells).sum();
        let (cells, columns) = (counted(cells, "cell", "cells"), counted(changed.len(), "column", "columns"));
        writeln!(out, "beyond tolerance: {cells} in {columns}; --rows has them all")?;
    }
    for line in changes::others(difference).into_iter().chain(changes::within_tolerance(difference)) {
        writeln!(out, "{line}")?;
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
