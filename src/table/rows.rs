//! A table in the making, row by row.

use std::collections::BTreeMap;

use polars::prelude::{Column as PolarsColumn, DataFrame, NamedFrom, PlSmallStr, Series};

use super::{Cell, Kind, Schema, Table, TableError};

/// The rows of a table to come, with the columns of a schema.
#[derive(Debug, Clone)]
pub struct Rows {
    /// Key-value metadata of the table.
    pub metadata: BTreeMap<String, String>,
    schema: &'static Schema,
    columns: Vec<Cells>,
}

/// The cells of one column so far.
#[derive(Debug, Clone)]
enum Cells {
    Real(Vec<Option<f64>>),
    Integer(Vec<Option<i64>>),
    Text(Vec<Option<String>>),
}

impl Rows {
    /// No rows yet.
    #[must_use]
    pub fn new(schema: &'static Schema) -> Self {
        let empty = |kind| match kind {
            Kind::Real => Cells::Real(Vec::new()),
            Kind::Integer => Cells::Integer(Vec::new()),
            Kind::Text => Cells::Text(Vec::new()),
        };
        Self {
            metadata: BTreeMap::from([("schema".to_owned(), format!("{}/{}", schema.name, schema.version))]),
            schema,
            columns: schema.columns.iter().map(|column| empty(column.kind)).collect(),
        }
    }

    /// Appends a row from named cells; columns that are not named get a null, and so does a real that is not finite.
    /// A row that is refused leaves no trace.
    ///
    /// # Errors
    /// [`TableError::NoColumn`] when a name is not a column, [`TableError::WrongCell`] when a cell is not of its
    /// column's type.
    pub fn push_row(&mut self, cells: &[(&str, Cell<'_>)]) -> Result<(), TableError> {
        for &(name, cell) in cells {
            let column = self.schema.column(name).ok_or_else(|| TableError::NoColumn { column: name.to_owned() })?;
            match (column.kind, cell) {
                (_, Cell::Null) | (Kind::Real, Cell::Real(_)) => {}
                (Kind::Integer, Cell::Integer(_)) | (Kind::Text, Cell::Text(_)) => {}
                (wanted, found) => {
                    let (column, found) = (name.to_owned(), format!("{found:?}"));
                    return Err(TableError::WrongCell { column, wanted, found });
                }
            }
        }
        for (column, values) in self.schema.columns.iter().zip(&mut self.columns) {
            let cell = cells.iter().find(|(name, _)| *name == column.name).map_or(Cell::Null, |(_, cell)| *cell);
            match (values, cell) {
                (Cells::Real(values), Cell::Real(value)) => values.push(Some(value).filter(|value| value.is_finite())),
                (Cells::Integer(values), Cell::Integer(value)) => values.push(Some(value)),
                (Cells::Text(values), Cell::Text(value)) => values.push(Some(value.to_owned())),
                (Cells::Real(values), _) => values.push(None),
                (Cells::Integer(values), _) => values.push(None),
                (Cells::Text(values), _) => values.push(None),
            }
        }
        Ok(())
    }

    /// The table.
    ///
    /// # Errors
    /// [`TableError::Polars`] only if two columns of the schema share a name.
    pub fn table(self) -> Result<Table, TableError> {
        let named = self.schema.columns.iter().zip(self.columns);
        let columns: Vec<PolarsColumn> = named
            .map(|(column, cells)| {
                let name = PlSmallStr::from_static(column.name);
                match cells {
                    Cells::Real(values) => Series::new(name, values),
                    Cells::Integer(values) => Series::new(name, values),
                    Cells::Text(values) => Series::new(name, values),
                }
                .into()
            })
            .collect();
        Table::new(self.metadata, DataFrame::new_infer_height(columns)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::schema;

    #[test]
    fn a_cell_of_another_type_is_refused_with_its_whole_row() {
        let mut rows = Rows::new(&schema::THEORY);
        let error = rows.push_row(&[("figure", "fig05".into()), ("x", "1.5".into())]).unwrap_err().to_string();
        assert!(error.contains("`x`") && error.contains("real") && error.contains("1.5"), "{error}");
        assert!(rows.push_row(&[("iterations", 1.0.into())]).is_err());
        assert!(rows.push_row(&[("height", 1.0.into())]).is_err());
        rows.push_row(&[("x", Cell::Null), ("eg", f64::NAN.into())]).unwrap();
        let table = rows.table().unwrap();
        assert_eq!((table.rows(), table.cell("eg", 0)), (1, Cell::Null), "the refused rows left no trace");
    }
}
