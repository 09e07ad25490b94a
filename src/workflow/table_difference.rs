//! The differences of a table, as they are told.

use serde::Serialize;

use crate::table::csv;

/// One cell that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CellDifference {
    /// The row, as `curve kd, x = 0.5`.
    pub row: String,
    /// The column.
    pub column: String,
    /// Text of the reference's cell, `null` where there is no value.
    pub reference: String,
    /// Text of the cell found.
    pub found: String,
    /// The difference that would have been allowed.
    pub tolerance: f64,
}

/// All differences of one table.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct TableDifference {
    /// Cells beyond their tolerance, in the order of the reference.
    pub cells: Vec<CellDifference>,
    /// Rows of the reference that are not found.
    pub missing_rows: Vec<String>,
    /// Rows found that the reference has not.
    pub extra_rows: Vec<String>,
    /// Columns that only one of them has.
    pub columns: Vec<String>,
    /// What keeps the tables from being compared by cell.
    pub notes: Vec<String>,
    /// Largest difference of a real cell relative to max(floor, |reference|) with the floor of its column,
    /// allowed or not.
    pub largest: f64,
    /// Where it is: column and row.
    pub largest_at: Option<String>,
}

impl TableDifference {
    /// A difference of two outputs as wholes.
    #[must_use]
    pub fn whole(note: &str) -> Self {
        Self { notes: vec![note.to_owned()], ..Self::default() }
    }

    /// Whether nothing differs beyond its tolerance.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// Number of differences of any sort.
    #[must_use]
    pub fn count(&self) -> usize {
        self.cells.len() + self.missing_rows.len() + self.extra_rows.len() + self.columns.len() + self.notes.len()
    }

    /// One line a difference.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let cell = |cell: &CellDifference| {
            let CellDifference { row, column, reference, found, tolerance } = cell;
            format!("{column} at {row}: reference {reference}, found {found}, tolerance {}", csv::real(*tolerance))
        };
        let mut lines: Vec<String> = self.cells.iter().map(cell).collect();
        lines.extend(self.missing_rows.iter().map(|row| format!("row {row} is in the reference only")));
        lines.extend(self.extra_rows.iter().map(|row| format!("row {row} is not in the reference")));
        lines.extend(self.columns.iter().map(|column| format!("column {column} is in one of the tables only")));
        lines.extend(self.notes.iter().cloned());
        lines
    }
}
