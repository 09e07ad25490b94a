//! Parquet in and out through polars, with equal bytes for equal tables.

use std::fs::File;
use std::io::{Cursor, Write};
use std::path::Path;
use std::sync::Arc;

use polars::io::parquet::write::{BatchedWriter, KeyValueMetadata};
use polars::prelude::{
    Column as PolarsColumn, DataFrame, DataType, NamedFrom, ParquetCompression, ParquetReader, ParquetWriter,
    PlSmallStr, SerReader, Series,
};

use super::{Cells, Table, TableError};

/// The table as the bytes of a Parquet file. The bytes depend on the cells and the metadata only: no
/// clock, one row group, no parallel encoding.
///
/// # Errors
/// [`TableError::Encode`] when polars refuses the frame.
pub fn to_bytes(table: &Table) -> Result<Vec<u8>, TableError> {
    let mut bytes = Vec::new();
    writer(&mut bytes, table).finish(&mut frame(table)?).map_err(encode)?;
    Ok(bytes)
}

fn encode(error: polars::error::PolarsError) -> TableError {
    TableError::Encode(error.to_string())
}

/// The cells of a table as polars has them.
fn frame(table: &Table) -> Result<DataFrame, TableError> {
    let columns = table.columns().map(|(name, cells)| {
        let name = PlSmallStr::from_str(name);
        PolarsColumn::from(match cells {
            Cells::Real(values) => Series::new(name, values),
            Cells::Integer(values) => Series::new(name, values),
            Cells::Text(values) => Series::new(name, values),
        })
    });
    DataFrame::new(table.rows(), columns.collect()).map_err(encode)
}

fn writer<W: Write>(to: W, table: &Table) -> ParquetWriter<W> {
    let metadata = table.metadata.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    ParquetWriter::new(to)
        .with_compression(ParquetCompression::Uncompressed)
        .with_row_group_size(None)
        .set_parallel(false)
        .with_key_value_metadata(Some(KeyValueMetadata::from_static(metadata)))
}

/// A Parquet file that is written table by table, each a row group: as much memory as one of them takes.
pub struct Stream<W: Write>(BatchedWriter<W>);

impl<W: Write> Stream<W> {
    /// A file with the columns and the metadata of a table, and no rows yet.
    ///
    /// # Errors
    /// [`TableError::Encode`] when polars refuses the columns.
    pub fn new(to: W, columns: &Table) -> Result<Self, TableError> {
        writer(to, columns).batched(frame(columns)?.schema()).map(Self).map_err(encode)
    }

    /// Writes the rows of a table with the same columns.
    ///
    /// # Errors
    /// [`TableError::Encode`] when the columns differ, or the file cannot be written.
    pub fn push(&mut self, table: &Table) -> Result<(), TableError> {
        self.0.write_batch(&frame(table)?).map_err(encode)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// [`TableError::Encode`] when the file cannot be written.
    pub fn finish(self) -> Result<(), TableError> {
        self.0.finish().map(|_| ()).map_err(encode)
    }
}

/// Reads a table back, metadata included.
///
/// # Errors
/// [`TableError::Unreadable`] when the file cannot be opened or is not such a table.
pub fn read(path: &Path) -> Result<Table, TableError> {
    let unreadable = |reason: String| TableError::Unreadable { path: path.to_owned(), reason };
    let bytes = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    from_bytes(&bytes, path)
}

/// Reads a table from the bytes of a Parquet file; `path` names it in errors.
///
/// # Errors
/// [`TableError::Unreadable`] when the bytes are not such a table.
pub fn from_bytes(bytes: &[u8], path: &Path) -> Result<Table, TableError> {
    let unreadable = |reason: String| TableError::Unreadable { path: path.to_owned(), reason };
    let mut reader = ParquetReader::new(Cursor::new(bytes));
    let metadata = Arc::clone(reader.get_metadata().map_err(|error| unreadable(error.to_string()))?);
    let frame = reader.finish().map_err(|error| unreadable(error.to_string()))?;
    let mut table = Table::default();
    for pair in metadata.key_value_metadata().iter().flatten() {
        if let Some(value) = pair.value.as_ref().filter(|_| pair.key != "ARROW:schema") {
            table.metadata.insert(pair.key.clone(), value.clone());
        }
    }
    for column in frame.columns() {
        let cells = match column.dtype() {
            DataType::Float64 => column.f64().map(|values| Cells::Real(values.iter().collect())),
            DataType::Int64 => column.i64().map(|values| Cells::Integer(values.iter().collect())),
            DataType::String => {
                column.str().map(|values| Cells::Text(values.iter().map(|value| value.map(str::to_owned)).collect()))
            }
            other => return Err(unreadable(format!("column `{}` has type {other}", column.name()))),
        };
        table.add_column(column.name().as_str(), cells.map_err(|error| unreadable(error.to_string()))?)?;
    }
    Ok(table)
}

/// Opens and reads only the metadata of a table.
///
/// # Errors
/// [`TableError::Unreadable`] as in [`read`].
pub fn read_metadata(path: &Path) -> Result<std::collections::BTreeMap<String, String>, TableError> {
    let unreadable = |reason: String| TableError::Unreadable { path: path.to_owned(), reason };
    let file = File::open(path).map_err(|error| unreadable(error.to_string()))?;
    let mut reader = ParquetReader::new(file);
    let metadata = reader.get_metadata().map_err(|error| unreadable(error.to_string()))?;
    let pairs = metadata.key_value_metadata().iter().flatten();
    Ok(pairs.filter_map(|pair| Some((pair.key.clone(), pair.value.clone()?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_metadata_and_bytes_survive_a_round_trip() {
        let mut table = Table::default();
        table.metadata.insert("figure".into(), "fig05".into());
        table.add_column("x", Cells::Real(vec![Some(0.1), None, Some(1e-300)])).unwrap();
        table.add_column("n", Cells::Integer(vec![Some(-1), Some(7), None])).unwrap();
        table.add_column("curve", Cells::Text(vec![None, Some("λ̃ = 0.1".into()), Some(String::new())])).unwrap();
        let bytes = to_bytes(&table).unwrap();
        let back = from_bytes(&bytes, Path::new("memory")).unwrap();
        assert_eq!(back, table);
        assert_eq!(to_bytes(&back).unwrap(), bytes);
    }

    #[test]
    fn a_stream_is_the_table_of_its_parts() {
        let part = |x: f64| {
            let mut table = Table::default();
            table.metadata.insert("x".into(), "a number".into());
            table.add_column("x", Cells::Real(vec![Some(x), None])).unwrap();
            table
        };
        let mut bytes = Vec::new();
        let mut stream = Stream::new(&mut bytes, &part(0.0)).unwrap();
        stream.push(&part(1.0)).unwrap();
        stream.push(&part(2.0)).unwrap();
        stream.finish().unwrap();
        let back = from_bytes(&bytes, Path::new("memory")).unwrap();
        assert_eq!(back.column("x"), Some(&Cells::Real(vec![Some(1.0), None, Some(2.0), None])));
        assert_eq!(back.metadata["x"], "a number");
    }

    #[test]
    fn a_truncated_file_is_an_error_that_names_it() {
        let mut table = Table::default();
        table.add_column("x", Cells::Real(vec![Some(1.0)])).unwrap();
        let bytes = to_bytes(&table).unwrap();
        let error = from_bytes(&bytes[..bytes.len() / 2], Path::new("half.parquet")).unwrap_err();
        assert!(error.to_string().contains("half.parquet"));
    }
}
