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

    /// Whether a cell may stand in this column: one of its type, or a null.
    fn takes(&self, cell: Cell<'_>) -> bool {
        match cell {
            Cell::Null => true,
            Cell::Real(_) => matches!(self, Self::Real(_)),
            Cell::Integer(_) => matches!(self, Self::Integer(_)),
            Cell::Text(_) => matches!(self, Self::Text(_)),
        }
    }

    /// The type of its cells, in a word.
    fn kind(&self) -> &'static str {
        match self {
            Self::Real(_) => "real",
            Self::Integer(_) => "integer",
            Self::Text(_) => "text",
        }
    }

    /// Appends a cell that the column takes; a real that is not finite becomes null.
    fn push(&mut self, cell: Cell<'_>) {
        match self {
            Self::Real(cells) => cells
                .push(if let Cell::Real(value) = cell { Some(value) } else { None }.filter(|value| value.is_finite())),
            Self::Integer(cells) => cells.push(if let Cell::Integer(value) = cell { Some(value) } else { None }),
            Self::Text(cells) => cells.push(if let Cell::Text(value) = cell { Some(value.to_owned()) } else { None }),
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

    /// Appends a row from named cells; columns that are not named get a null. A row that is refused leaves no trace.
    ///
    /// # Errors
    /// [`TableError::NoColumn`] when a name is not a column, [`TableError::WrongCell`] when a cell is not of its
    /// column's type.
    pub fn push_row(&mut self, cells: &[(&str, Cell<'_>)]) -> Result<(), TableError> {
        for (name, cell) in cells {
            let column = self.column(name);
            let column = column.ok_or_else(|| TableError::NoColumn { column: (*name).to_owned(), wanted: "" })?;
            if !column.takes(*cell) {
                let (column, wanted, found) = ((*name).to_owned(), column.kind(), format!("{cell:?}"));
                return Err(TableError::WrongCell { column, wanted, found });
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::schema;

    #[test]
    fn a_cell_of_another_type_is_refused_with_its_whole_row() {
        let mut table = Table::with_schema(&schema::THEORY);
        let error = table.push_row(&[("figure", "fig05".into()), ("x", "1.5".into())]).unwrap_err().to_string();
        assert!(error.contains("`x`") && error.contains("real") && error.contains("1.5"), "{error}");
        assert!(table.push_row(&[("iterations", 1.0.into())]).is_err());
        assert!(table.columns().all(|(_, cells)| cells.is_empty()), "no column is longer than another");
        table.push_row(&[("x", Cell::Null), ("eg", f64::NAN.into())]).unwrap();
        assert_eq!((table.rows(), table.cell("eg", 0)), (1, Cell::Null));
    }
}
