//! A table in words: cells below a head, some rows marked.

use serde::Serialize;

/// A table as every renderer prints it.
#[derive(Debug, Default, Serialize)]
pub(super) struct Sheet {
    head: Vec<&'static str>,
    rows: Vec<Line>,
}

/// One row: its cells, and whether it is to stand out.
#[derive(Debug, Serialize)]
struct Line {
    cells: Vec<String>,
    marked: bool,
}

impl Sheet {
    /// A table without rows.
    pub fn new<const N: usize>(head: [&'static str; N]) -> Self {
        Self { head: head.into(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push<const N: usize>(&mut self, cells: [String; N]) {
        debug_assert_eq!(N, self.head.len());
        self.rows.push(Line { cells: cells.into(), marked: false });
    }

    /// Says whether the last row is to stand out.
    pub fn mark_last(&mut self, marked: bool) {
        if let Some(last) = self.rows.last_mut() {
            last.marked = marked;
        }
    }
}
