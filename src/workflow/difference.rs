//! Two versions of a table held against each other, cell by cell, within the tolerances of the schema.
//!
//! ```text
//! a cell differs when |found − reference| > tolerance · max(floor, |reference|), the floor of its column
//! ```
//!
//! A null equals a null only; words are equal or not; columns without a tolerance may differ freely.

use std::collections::BTreeMap;

use polars::prelude::{BooleanChunked, ChunkCompareEq, ChunkFull};

use crate::table::{Cell, Schema, Table, TableError, csv};

use super::table_difference::{CellDifference, TableDifference};

/// Columns that tell the node of a map.
const NODE: [&str; 3] = ["first", "second", "third"];
/// Columns that tell the rows of a table apart, with `x` between curve and the others.
const KEYS: [&str; 10] =
    ["figure", "curve", "observable", "column", "check", "voice", "id", "erratum", "alternative", "seed"];
/// Two rows whose x differ by more, relative to max(1, |x|), are never the same point.
const SAME_X: f64 = 1e-6;

/// How strictly cells are held against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// Within the tolerance of the column.
    Tolerance,
    /// Equal to the last bit, every column.
    Bits,
}

/// Holds `found` against `reference`.
///
/// # Errors
/// [`TableError::Polars`] only if polars refuses to compare what it has read.
pub fn compare(reference: &Table, found: &Table, strictness: Match) -> Result<TableDifference, TableError> {
    let mut difference = TableDifference::default();
    let only = |a: &Table, b: &Table| -> Vec<String> {
        a.names().filter(|name| b.column(name).is_none()).map(str::to_owned).collect()
    };
    difference.columns = [only(reference, found), only(found, reference)].concat();
    let kind = |table: &Table| Schema::named(table.metadata.get("schema")?);
    // a table that another program has rewritten may have lost its metadata
    let schema = kind(reference).or_else(|| kind(found));
    let [reference, found] = paired(reference, found, &mut difference)?;
    for (row, name) in unequal(&reference, &found)? {
        let (tolerance, floor) = match (strictness, schema.and_then(|schema| schema.column(name))) {
            (Match::Tolerance, Some(column)) => (column.tolerance, column.floor),
            (Match::Tolerance, None) | (Match::Bits, _) => (Some(0.0), 1.0),
        };
        let Some(tolerance) = tolerance else { continue };
        let (a, b) = (reference.cell(name, row), found.cell(name, row));
        let allowed = tolerance * size(a).max(floor);
        if let Some(distance) = distance(a, b) {
            let relative = distance / size(a).max(floor);
            if relative > difference.largest {
                difference.largest = relative;
                difference.largest_at = Some(format!("{name} at {}", label(&reference, row)));
            }
            if distance <= allowed {
                continue;
            }
        }
        difference.cells.push(CellDifference {
            row: label(&reference, row),
            column: name.to_owned(),
            reference: text(a),
            found: text(b),
            tolerance: allowed,
        });
    }
    Ok(difference)
}

/// The cells of two tables of equal length that are not the same, row by row; of whole tables these are few.
fn unequal<'a>(reference: &'a Table, found: &Table) -> Result<Vec<(usize, &'a str)>, TableError> {
    let mut cells = Vec::new();
    for (index, column) in reference.frame().columns().iter().enumerate() {
        let name = column.name().as_str();
        let Some(other) = found.column(name) else { continue };
        let differs = match column.dtype() == other.dtype() {
            true => column.not_equal_missing(other)?,
            false => BooleanChunked::full(name.into(), true, column.len()),
        };
        let rows = differs.iter().enumerate().filter(|(_, differs)| *differs == Some(true));
        cells.extend(rows.map(|(row, _)| (row, index, name)));
    }
    cells.sort_unstable();
    Ok(cells.into_iter().map(|(row, _, name)| (row, name)).collect())
}

/// The rows of both tables that belong together: by position where all are the same points, else by what tells them
/// apart.
fn paired(reference: &Table, found: &Table, difference: &mut TableDifference) -> Result<[Table; 2], TableError> {
    let same_point = |row: usize| {
        let close = match (reference.real("x", row), found.real("x", row)) {
            (Some(a), Some(b)) => (a - b).abs() <= SAME_X * a.abs().max(1.0),
            (a, b) => a == b,
        };
        let node = |table: &Table, row| NODE.map(|axis| table.real(axis, row));
        close
            && node(reference, row) == node(found, row)
            && KEYS.iter().all(|key| reference.text(key, row) == found.text(key, row))
    };
    if reference.rows() == found.rows() && (0..reference.rows()).all(same_point) {
        return Ok([reference.clone(), found.clone()]);
    }
    // two columns of labels; a join of frames for them would be a tenth of the binary
    let mut theirs: BTreeMap<(String, usize), usize> =
        keyed(found).into_iter().enumerate().map(|(row, key)| (key, row)).collect();
    let mut pairs = [Vec::new(), Vec::new()];
    for (row, key) in keyed(reference).into_iter().enumerate() {
        match theirs.remove(&key) {
            Some(other) => {
                pairs[0].push(row);
                pairs[1].push(other);
            }
            None => difference.missing_rows.push(label(reference, row)),
        }
    }
    let mut extra: Vec<usize> = theirs.into_values().collect();
    extra.sort_unstable();
    difference.extra_rows.extend(extra.into_iter().map(|row| label(found, row)));
    Ok([reference.take(&pairs[0])?, found.take(&pairs[1])?])
}

/// The label of every row with the number of equal labels before it.
fn keyed(table: &Table) -> Vec<(String, usize)> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let key = |row| {
        let label = label(table, row);
        let count = seen.entry(label.clone()).or_default();
        *count += 1;
        (label, *count)
    };
    (0..table.rows()).map(key).collect()
}

/// What a reader needs to find a row: the words that tell rows apart, the node of a map, and x.
fn label(table: &Table, row: usize) -> String {
    let mut parts: Vec<String> = Vec::new();
    for name in ["curve", "check", "observable"] {
        parts.extend(table.text(name, row).map(|word| format!("{name} {word}")));
    }
    parts.extend(NODE.iter().filter_map(|axis| Some(format!("{axis} {}", csv::real(table.real(axis, row)?)))));
    if table.text("check", row).is_none() {
        parts.extend(table.real("x", row).map(|x| format!("x = {}", csv::real(x))));
    }
    parts.extend(table.text("observable", row).and_then(|_| table.integer("n", row)).map(|n| format!("N = {n}")));
    parts.extend(table.integer("replicate", row).map(|replicate| format!("replicate {replicate}")));
    if parts.is_empty() { format!("row {}", row + 1) } else { parts.join(", ") }
}

fn size(cell: Cell<'_>) -> f64 {
    match cell {
        Cell::Real(value) => value.abs(),
        Cell::Integer(value) => value.unsigned_abs() as f64,
        Cell::Null | Cell::Text(_) => 0.0,
    }
}

fn distance(a: Cell<'_>, b: Cell<'_>) -> Option<f64> {
    match (a, b) {
        (Cell::Real(a), Cell::Real(b)) => Some((a - b).abs()),
        (Cell::Integer(a), Cell::Integer(b)) => Some(a.abs_diff(b) as f64),
        (Cell::Null | Cell::Real(_) | Cell::Integer(_) | Cell::Text(_), _) => None,
    }
}

fn text(cell: Cell<'_>) -> String {
    match cell {
        Cell::Null => "null".to_owned(),
        Cell::Real(value) => csv::real(value),
        Cell::Integer(value) => value.to_string(),
        Cell::Text(word) => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Rows, schema};

    fn compare(reference: &Table, found: &Table, strictness: Match) -> TableDifference {
        super::compare(reference, found, strictness).unwrap()
    }

    fn theory(rows: &[(&str, f64, Option<f64>)]) -> Table {
        let mut table = Rows::new(&schema::THEORY);
        for &(curve, x, q) in rows {
            table.push_row(&[("curve", curve.into()), ("x", x.into()), ("q", q.into()), ("error", x.into())]).unwrap();
        }
        table.table().unwrap()
    }

    #[test]
    fn ten_times_the_tolerance_fails_that_cell_and_a_tenth_fails_none() {
        let before = theory(&[("a", 1.0, Some(2e4)), ("a", 2.0, Some(0.5))]);
        let moved = |by: f64| theory(&[("a", 1.0, Some(2e4 + 2e4 * by)), ("a", 2.0, Some(0.5))]);
        assert!(compare(&before, &moved(1e-7), Match::Tolerance).is_empty());
        assert_eq!(compare(&before, &moved(1e-7), Match::Bits).count(), 1);
        let mut rewritten = moved(1e-7);
        rewritten.metadata.clear();
        assert!(compare(&rewritten, &before, Match::Tolerance).is_empty());
        let difference = compare(&before, &moved(1e-5), Match::Tolerance);
        assert_eq!(difference.count(), 1);
        assert_eq!((difference.cells[0].column.as_str(), difference.cells[0].row.as_str()), ("q", "curve a, x = 1"));
        assert!((difference.cells[0].tolerance - 0.02).abs() < 1e-12);
    }

    #[test]
    fn a_column_that_runs_over_decades_is_held_to_its_own_size() {
        let at = |mse: f64| {
            let mut table = Rows::new(&schema::THEORY);
            table.push_row(&[("curve", "a".into()), ("x", 0.4.into()), ("mse_out", mse.into())]).unwrap();
            table.table().unwrap()
        };
        assert_eq!(compare(&at(1e-6), &at(1.001e-6), Match::Tolerance).count(), 1);
        assert!(compare(&at(1e-6), &at(1e-6 * (1.0 + 1e-8)), Match::Tolerance).is_empty());
        assert!(compare(&at(1e-12), &at(1.001e-12), Match::Tolerance).is_empty(), "below the floor");
    }

    #[test]
    fn a_null_is_no_number_and_a_moved_x_is_a_cell() {
        let before = theory(&[("a", 1.0, None), ("b", 1.0, Some(1.0))]);
        assert_eq!(
            compare(&before, &theory(&[("a", 1.0, Some(0.0)), ("b", 1.0, Some(1.0))]), Match::Tolerance).count(),
            1
        );
        let moved = compare(&before, &theory(&[("a", 1.0 + 1e-11, None), ("b", 1.0, Some(1.0))]), Match::Tolerance);
        assert_eq!((moved.count(), moved.cells[0].column.as_str()), (1, "x"));
    }

    #[test]
    fn rows_are_found_again_wherever_they_moved() {
        let before = theory(&[("a", 1.0, Some(1.0)), ("a", 2.0, Some(2.0)), ("b", 1.0, Some(3.0))]);
        let after = theory(&[("b", 1.0, Some(3.0)), ("a", 1.0, Some(1.0)), ("c", 1.0, Some(4.0))]);
        let difference = compare(&before, &after, Match::Tolerance);
        assert_eq!(
            (difference.missing_rows, difference.extra_rows),
            (vec!["curve a, x = 2".to_owned()], vec!["curve c, x = 1".to_owned()])
        );
        assert!(difference.cells.is_empty());
    }
}
