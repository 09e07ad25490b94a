//! The table: a polars frame of real, integer and text columns, and metadata.

use std::collections::BTreeMap;

use polars::prelude::{Column as PolarsColumn, DataFrame, DataType, IdxCa, IdxSize};

use super::{Rows, Schema, TableError};

/// One cell, borrowed from its column. A null is a value that does not exist (no error bar, no teacher), never a zero.
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
///
/// Columns are `Float64` without NaN or infinities, `Int64` or `String`; [`Rows`] makes them cell by cell.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Key-value metadata: figure, schema version, digests, profile, seed.
    pub metadata: BTreeMap<String, String>,
    frame: DataFrame,
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

impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        self.metadata == other.metadata && self.frame.equals_missing(&other.frame)
    }
}

impl Table {
    /// A frame as a table.
    ///
    /// # Errors
    /// [`TableError::Foreign`] when a column is of another type or length than a table's, or holds a real that is not
    /// finite.
    pub fn new(metadata: BTreeMap<String, String>, mut frame: DataFrame) -> Result<Self, TableError> {
        for column in frame.columns() {
            let foreign = |reason: String| TableError::Foreign { column: column.name().to_string(), reason };
            // a damaged file may hold columns that do not go together
            if column.len() != frame.height() {
                return Err(foreign(format!("has {} of {} rows", column.len(), frame.height())));
            }
            match column.dtype() {
                DataType::Float64 if column.f64()?.iter().flatten().any(|value| !value.is_finite()) => {
                    return Err(foreign("holds a real that is not finite".to_owned()));
                }
                DataType::Float64 | DataType::Int64 | DataType::String => {}
                other => return Err(foreign(format!("has type {other}"))),
            }
        }
        frame.rechunk_mut();
        Ok(Self { metadata, frame })
    }

    /// An empty table with the columns of a schema.
    #[must_use]
    pub fn with_schema(schema: &'static Schema) -> Self {
        Rows::new(schema).table().unwrap_or_default()
    }

    /// Columns side by side, in one chunk each.
    #[must_use]
    pub fn frame(&self) -> &DataFrame {
        &self.frame
    }

    /// Appends the rows of a table with the same columns.
    ///
    /// # Errors
    /// [`TableError::Polars`] when the columns are not the same.
    pub fn append(&mut self, rows: &Self) -> Result<(), TableError> {
        self.frame.vstack_mut(&rows.frame)?.rechunk_mut();
        Ok(())
    }

    /// Some columns of the table, in its own order.
    #[must_use]
    pub fn select(&self, wanted: &[&str]) -> Self {
        let names: Vec<&str> = self.names().filter(|name| wanted.contains(name)).collect();
        let frame = self.frame.select(names).unwrap_or_default();
        Self { metadata: self.metadata.clone(), frame }
    }

    /// Some rows of the table, in the order given.
    ///
    /// # Errors
    /// [`TableError::Polars`] when a row is not there.
    pub fn take(&self, rows: &[usize]) -> Result<Self, TableError> {
        let rows: IdxCa = rows.iter().map(|&row| IdxSize::try_from(row).ok()).collect();
        Ok(Self { metadata: self.metadata.clone(), frame: self.frame.take(&rows)? })
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.frame.height()
    }

    /// Column names in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.frame.columns().iter().map(|column| column.name().as_str())
    }

    /// A column, if the table has it.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&PolarsColumn> {
        self.frame.columns().iter().find(|column| column.name() == name)
    }

    /// One cell; null where the column or the row is absent.
    #[must_use]
    pub fn cell(&self, name: &str, row: usize) -> Cell<'_> {
        self.column(name).filter(|column| row < column.len()).map_or(Cell::Null, |column| cell(column, row))
    }

    /// The cells of a row, in the order of the columns.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (&str, Cell<'_>)> {
        self.frame.columns().iter().map(move |column| (column.name().as_str(), cell(column, row)))
    }

    /// A real cell.
    #[must_use]
    pub fn real(&self, name: &str, row: usize) -> Option<f64> {
        self.column(name).filter(|column| row < column.len())?.try_f64()?.get(row)
    }

    /// An integer cell.
    #[must_use]
    pub fn integer(&self, name: &str, row: usize) -> Option<i64> {
        self.column(name).filter(|column| row < column.len())?.try_i64()?.get(row)
    }

    /// A text cell.
    #[must_use]
    pub fn text(&self, name: &str, row: usize) -> Option<&str> {
        self.column(name).filter(|column| row < column.len())?.try_str()?.get(row)
    }

    /// The rows whose text cell in `name` equals `value`.
    #[must_use]
    pub fn rows_where(&self, name: &str, value: &str) -> Vec<usize> {
        let words = self.column(name).and_then(PolarsColumn::try_str);
        words.map_or_else(Vec::new, |words| {
            words.iter().enumerate().filter(|(_, word)| *word == Some(value)).map(|(row, _)| row).collect()
        })
    }
}

/// One cell of a column; null past the end.
fn cell(column: &PolarsColumn, row: usize) -> Cell<'_> {
    if let Some(values) = column.try_f64() {
        values.get(row).into()
    } else if let Some(values) = column.try_i64() {
        values.get(row).map_or(Cell::Null, Cell::Integer)
    } else {
        column.try_str().and_then(|words| words.get(row)).map_or(Cell::Null, Cell::Text)
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::{DataFrame, df};

    use super::*;

    #[test]
    fn a_frame_of_other_types_or_with_a_nan_is_no_table() {
        let table = |frame: Result<DataFrame, _>| Table::new(BTreeMap::new(), frame.unwrap());
        assert!(table(df!("x" => [Some(0.5), None], "n" => [1_i64, 2], "word" => ["a", "b"])).is_ok());
        for frame in [df!("x" => [0.5, f64::NAN]), df!("x" => [f64::INFINITY]), df!("x" => [true])] {
            let error = table(frame).unwrap_err().to_string();
            assert!(error.contains("`x`"), "{error}");
        }
    }

    #[test]
    fn rows_of_other_columns_are_not_appended() {
        let table = |frame: Result<DataFrame, _>| Table::new(BTreeMap::new(), frame.unwrap()).unwrap();
        let mut one = table(df!("x" => [0.5], "word" => ["a"]));
        one.append(&table(df!("x" => [1.5], "word" => ["b"]))).unwrap();
        assert_eq!((one.rows(), one.real("x", 1), one.rows_where("word", "b")), (2, Some(1.5), vec![1]));
        assert!(one.append(&table(df!("x" => ["1.5"], "word" => ["b"]))).is_err());
        assert_eq!(one.select(&["word", "none"]).row(0).collect::<Vec<_>>(), [("word", Cell::Text("a"))]);
        assert_eq!((one.cell("x", 2), one.cell("y", 0)), (Cell::Null, Cell::Null));
    }
}
