//! Columns of numbers out of any Parquet file, whoever wrote it.

use std::fs::File;
use std::path::Path;

use polars::prelude::{DataType, ParquetReader, SerReader};

use super::TableError;
use super::damage::survived;

/// A column by its name.
pub type Numbers = (String, Vec<f64>);

/// Reads every column of a Parquet file, integers as reals.
///
/// # Errors
/// [`TableError::Unreadable`] when the file cannot be opened, is no Parquet file, or has a cell that is not a finite
/// number.
pub fn read(path: &Path) -> Result<Vec<Numbers>, TableError> {
    let unreadable = |reason: String| TableError::Unreadable { path: path.to_owned(), reason };
    let told = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => unreadable("no such file".to_owned()),
        _ => unreadable(error.to_string()),
    };
    // a pipe in place of a file would be waited for without end
    if !std::fs::metadata(path).map_err(told)?.is_file() {
        return Err(unreadable("not a file".to_owned()));
    }
    let file = File::open(path).map_err(told)?;
    let frame = survived(|| ParquetReader::new(file).finish()).map_err(unreadable)?;
    let mut columns = Vec::with_capacity(frame.width());
    for column in frame.columns() {
        let name = column.name().to_string();
        let kind = column.dtype();
        if !kind.is_primitive_numeric() {
            return Err(unreadable(format!("column `{name}` has type {kind}; valid: numbers")));
        }
        let reals = column.cast(&DataType::Float64).map_err(|error| unreadable(error.to_string()))?;
        let cells = reals.f64().map_err(|error| unreadable(error.to_string()))?;
        let numbers = cells.iter().enumerate().map(|(row, cell)| {
            cell.filter(|number| number.is_finite())
                .ok_or_else(|| unreadable(format!("column `{name}`, row {}: valid: a finite number", row + 1)))
        });
        let numbers: Vec<f64> = numbers.collect::<Result<_, _>>()?;
        // a damaged file may hold columns that do not go together
        if numbers.len() != frame.height() {
            return Err(unreadable(format!("column `{name}` has {} of {} rows", numbers.len(), frame.height())));
        }
        columns.push((name, numbers));
    }
    Ok(columns)
}
