//! `diff`: the tables of two output folders, cell by cell, and their figures on one page.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::pipeline;
use crate::table::{csv, parquet};
use crate::workflow::{Match, TableDifference, compare};

use super::args::DiffOptions;
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
        let read = |path: &Path| parquet::read(path).map_err(Failure::failed);
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
        print(&difference)?;
    }
    let beyond = difference.tables.values().filter(|table| !table.is_empty()).count();
    let alone = difference.only_a.len() + difference.only_b.len();
    if options.check && beyond + alone > 0 {
        return Err(Failure::verdict(
            DIFFERS,
            format!("{beyond} tables differ beyond tolerance, {alone} are in one folder only"),
        ));
    }
    Ok(())
}

fn print(difference: &FolderDifference) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    write_findings(&mut out, &difference.tables)?;
    for (name, table) in difference.tables.iter().filter(|(_, table)| table.largest > 0.0) {
        let place = table.largest_at.as_deref().unwrap_or("");
        writeln!(
            out,
            "{name}: largest difference {} ({place}), {} beyond tolerance",
            csv::real(table.largest),
            table.count()
        )?;
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
