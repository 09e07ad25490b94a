//! What differs between two output folders, in the words and digits that `diff` tells it in, on the terminal and on its
//! page.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::pipeline::MANIFEST;
use crate::workflow::{CellDifference, TableDifference};

use super::columns::counted;
use super::lineage_table::significant;

/// How two output folders differ.
#[derive(Debug, Default, Serialize)]
pub(super) struct FolderDifference {
    /// What the manifests say of the two runs, where it differs.
    pub settings: BTreeMap<String, [String; 2]>,
    /// Every table that both have, equal ones included, by file name.
    pub tables: BTreeMap<String, TableDifference>,
    /// Tables that only the first has.
    pub only_a: Vec<String>,
    /// Tables that only the second has.
    pub only_b: Vec<String>,
}

/// Digits of a number beside another.
const DIGITS: usize = 8;

/// The cells of one column that differ beyond tolerance.
pub(super) struct Change<'a> {
    pub table: &'a str,
    pub column: &'a str,
    pub cells: usize,
    /// The largest difference in tolerances, infinite for words and for a number that is on one side only.
    ratio: f64,
    worst: &'a CellDifference,
}

impl Change<'_> {
    /// The largest difference in tolerances.
    pub fn worst(&self) -> String {
        if self.ratio.is_finite() { format!("{:.1e}", self.ratio) } else { "–".to_owned() }
    }

    /// Where that is, and what the two folders have there.
    pub fn place(&self) -> [String; 3] {
        [self.worst.row.clone(), short(&self.worst.reference), short(&self.worst.found)]
    }
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

/// The name of a table, by that of its file.
fn name(file: &str) -> &str {
    file.trim_end_matches(".parquet")
}

/// What differs, by table and column, the worst first.
pub(super) fn changes(difference: &FolderDifference) -> Vec<Change<'_>> {
    let mut changes: Vec<Change<'_>> = Vec::new();
    for (file, table) in &difference.tables {
        for cell in &table.cells {
            let ratio = ratio(cell);
            let (table, column) = (name(file), cell.column.as_str());
            match changes.iter_mut().find(|known| known.table == table && known.column == column) {
                None => changes.push(Change { table, column, cells: 1, ratio, worst: cell }),
                Some(known) => {
                    known.cells += 1;
                    if ratio > known.ratio {
                        (known.ratio, known.worst) = (ratio, cell);
                    }
                }
            }
        }
    }
    changes.sort_by(|a, b| b.ratio.total_cmp(&a.ratio).then(b.cells.cmp(&a.cells)));
    changes
}

/// How the runs themselves differ, a line; what else differs, may follow from it.
pub(super) fn settings_in_words(difference: &FolderDifference) -> Option<String> {
    let told = |(name, [a, b]): (&String, &[String; 2])| format!("{name} {a} and {b}");
    let settings: Vec<String> = difference.settings.iter().map(told).collect();
    (!settings.is_empty()).then(|| format!("two different runs: {}", settings.join("; ")))
}

/// What is no cell: rows, columns and tables that one of the two lacks, and what kept tables from being compared.
pub(super) fn others(difference: &FolderDifference) -> Vec<String> {
    let mut lines = Vec::new();
    for (file, table) in &difference.tables {
        let (file, gone, new) = (name(file), table.missing_rows.len(), table.extra_rows.len());
        if gone + new > 0 {
            let gone = counted(gone, "row", "rows");
            lines.push(format!("{file}: {gone} in the first folder only, {new} in the second only"));
        }
        if !table.columns.is_empty() {
            lines.push(format!("{file}: only one of the two has {}", table.columns.join(", ")));
        }
        lines.extend(table.notes.iter().map(|note| format!("{file}: {note}")));
    }
    lines
}

/// Tables that one of the folders lacks.
pub(super) fn alone(difference: &FolderDifference) -> Vec<String> {
    let lines = |files: &[String], which: &str| -> Vec<String> {
        files.iter().map(|file| format!("{} is in the {which} folder only", name(file))).collect()
    };
    [lines(&difference.only_a, "first"), lines(&difference.only_b, "second")].concat()
}

/// The largest difference of all tables that agree within tolerance.
pub(super) fn within_tolerance(difference: &FolderDifference) -> Option<String> {
    let largest = |(file, table): (&String, &TableDifference)| {
        Some((table.largest, name(file).to_owned(), table.largest_at.clone()?))
    };
    let within = difference.tables.iter().filter(|(_, table)| table.is_empty()).filter_map(largest);
    let (largest, file, place) = within.max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(format!("within tolerance, the largest relative difference is {largest:.1e}: {file}, {place}"))
}

/// What the manifests of two folders say of their runs, where it differs: version, profile, sizes and seed. A folder
/// without a manifest says nothing.
pub(super) fn settings(a: &Path, b: &Path) -> BTreeMap<String, [String; 2]> {
    let (Some(a), Some(b)) = (about(a), about(b)) else { return BTreeMap::new() };
    let differ = a.into_iter().filter_map(|(name, value)| {
        let other = b.get(&name).filter(|other| **other != value)?;
        Some((name, [value, other.clone()]))
    });
    differ.collect()
}

fn about(folder: &Path) -> Option<BTreeMap<String, String>> {
    let beside = [folder.join(MANIFEST), folder.parent().unwrap_or(folder).join(MANIFEST)];
    let text = beside.iter().filter(|path| path.is_file()).find_map(|path| fs::read_to_string(path).ok())?;
    let manifest: Value = serde_json::from_str(&text).ok()?;
    let word = |value: &Value| value.as_str().map(str::to_owned);
    let sizes = manifest["sizes"].as_object().into_iter().flatten();
    // how data sets are cut into chunks reaches no number
    let sizes =
        sizes.filter(|(name, _)| *name != "chunk").filter_map(|(name, value)| Some((name.clone(), word(value)?)));
    Some(sizes.chain(word(&manifest["version"]).map(|version| ("version".to_owned(), version))).collect())
}
