//! The columnar value type: named columns of nullable cells.

use std::collections::BTreeMap;

use super::{Column, Schema, TableError};

/// The cells of one column. A null is a value that does not exist (no error bar, no teacher), never a zero.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// Real numbers; never NaN or infinite.
    Real(Vec<Option<f64>>),
    /// Counts and identifiers.
    Integer(Vec<Option<i64>>),
    /// Words.
    Text(Vec<Option<String>>),
}

/// One cell, borrowed from its column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// A real number.
    Real(f64),
    /// An integer.
    Integer(i64),
    /// A word.
    Text(&'a str),
}

/// A table: columns of equal length in a fixed order, and metadata that Parquet carries as key-value pairs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Key-value metadata: figure, schema version, digests, profile, seed.
    pub metadata: BTreeMap<String, String>,
    names: Vec<String>,
    columns: Vec<Cells>,
}

impl Cells {
    /// An empty column of the type the schema gives.
    #[must_use]
    pub fn empty(column: &Column) -> Self {
        match column.kind {
            super::Kind::Real => Self::Real(Vec::new()),
            super::Kind::Integer => Self::Integer(Vec::new()),
            super::Kind::Text => Self::Text(Vec::new()),
        }
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Real(cells) => cells.len(),
            Self::Integer(cells) => cells.len(),
            Self::Text(cells) => cells.len(),
        }
    }

    /// True when there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cell of a row; null past the end.
    #[must_use]
    pub fn get(&self, row: usize) -> Cell<'_> {
        match self {
            Self::Real(cells) => cells.get(row).copied().flatten().map_or(Cell::Null, Cell::Real),
            Self::Integer(cells) => cells.get(row).copied().flatten().map_or(Cell::Null, Cell::Integer),
            Self::Text(cells) => cells.get(row).and_then(|cell| cell.as_deref()).map_or(Cell::Null, Cell::Text),
        }
    }

    /// Appends a cell; a cell of another type, or a real that is not finite, becomes null.
    fn push(&mut self, cell: Cell<'_>) {
        match (self, cell) {
            (Self::Real(cells), Cell::Real(value)) => cells.push(value.is_finite().then_some(value)),
            (Self::Real(cells), _) => cells.push(None),
            (Self::Integer(cells), Cell::Integer(value)) => cells.push(Some(value)),
            (Self::Integer(cells), _) => cells.push(None),
            (Self::Text(cells), Cell::Text(value)) => cells.push(Some(value.to_owned())),
            (Self::Text(cells), _) => cells.push(None),
        }
    }
}

impl From<Option<f64>> for Cell<'_> {
    fn from(value: Option<f64>) -> Self {
        value.map_or(Self::Null, Self::Real)
    }
}

impl From<f64> for Cell<'_> {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<i64> for Cell<'_> {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl Cell<'_> {
    /// A count as an integer cell.
    #[must_use]
    pub fn count(count: usize) -> Self {
        Self::Integer(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl Table {
    /// An empty table with the columns of a schema.
    #[must_use]
    pub fn with_schema(schema: &Schema) -> Self {
        Self {
            metadata: BTreeMap::from([("schema".to_owned(), format!("{}/{}", schema.name, schema.version))]),
            names: schema.columns.iter().map(|column| column.name.to_owned()).collect(),
            columns: schema.columns.iter().map(Cells::empty).collect(),
        }
    }

    /// Adds a column at the right.
    ///
    /// # Errors
    /// [`TableError::Ragged`] when its length is not the table's.
    pub fn add_column(&mut self, name: impl Into<String>, cells: Cells) -> Result<(), TableError> {
        let column = name.into();
        if !self.columns.is_empty() && cells.len() != self.rows() {
            return Err(TableError::Ragged { column, expected: self.rows(), found: cells.len() });
        }
        self.names.push(column);
        self.columns.push(cells);
        Ok(())
    }

    /// Appends a row from named cells; columns that are not named get a null.
    ///
    /// # Errors
    /// [`TableError::NoColumn`] when a name is not a column.
    pub fn push_row(&mut self, cells: &[(&str, Cell<'_>)]) -> Result<(), TableError> {
        if let Some((name, _)) = cells.iter().find(|(name, _)| !self.names.iter().any(|known| known == name)) {
            return Err(TableError::NoColumn { column: (*name).to_owned(), wanted: "" });
        }
        for (name, column) in self.names.iter().zip(&mut self.columns) {
            let cell = cells.iter().find(|(given, _)| given == name).map_or(Cell::Null, |(_, cell)| *cell);
            column.push(cell);
        }
        Ok(())
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Cells::len)
    }

    /// Column names in order.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Columns with their names, in order.
    pub fn columns(&self) -> impl Iterator<Item = (&str, &Cells)> {
        self.names.iter().map(String::as_str).zip(&self.columns)
    }

    /// The cells of a column, if the table has it.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Cells> {
        self.names.iter().position(|known| known == name).map(|index| &self.columns[index])
    }

    /// One cell; null where the column or the row is absent.
    #[must_use]
    pub fn cell(&self, name: &str, row: usize) -> Cell<'_> {
        self.column(name).map_or(Cell::Null, |cells| cells.get(row))
    }

    /// A real cell.
    #[must_use]
    pub fn real(&self, name: &str, row: usize) -> Option<f64> {
        match self.cell(name, row) {
            Cell::Real(value) => Some(value),
            _ => None,
        }
    }

    /// An integer cell.
    #[must_use]
    pub fn integer(&self, name: &str, row: usize) -> Option<i64> {
        match self.cell(name, row) {
            Cell::Integer(value) => Some(value),
            _ => None,
        }
    }

    /// A text cell.
    #[must_use]
    pub fn text(&self, name: &str, row: usize) -> Option<&str> {
        match self.cell(name, row) {
            Cell::Text(value) => Some(value),
            _ => None,
        }
    }

    /// The rows whose text cell in `name` equals `value`.
    #[must_use]
    pub fn rows_where(&self, name: &str, value: &str) -> Vec<usize> {
        (0..self.rows()).filter(|&row| self.text(name, row) == Some(value)).collect()
    }
}
