//! Parquet in and out through polars, with equal bytes for equal tables.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use polars::io::mmap::MmapBytesReader;
use polars::io::parquet::write::KeyValueMetadata;
use polars::prelude::{
    Column as PolarsColumn, DataFrame, DataType, NamedFrom, ParquetCompression, ParquetReader, ParquetWriter,
    PlSmallStr, SerReader, Series,
};

use super::{Cells, Column, Schema, Table, TableError};

/// The table as the bytes of a Parquet file. The bytes depend on the cells and the metadata only: no
/// clock, one row group, no parallel encoding.
///
/// # Errors
/// [`TableError::Encode`] when polars refuses the frame.
pub fn to_bytes(table: &Table) -> Result<Vec<u8>, TableError> {
    let columns: Vec<PolarsColumn> = table
        .columns()
        .map(|(name, cells)| {
            let name = PlSmallStr::from_str(name);
            match cells {
                Cells::Real(values) => Series::new(name, values),
                Cells::Integer(values) => Series::new(name, values),
                Cells::Text(values) => Series::new(name, values),
            }
            .into()
        })
        .collect();
    let encode = |error: polars::error::PolarsError| TableError::Encode(error.to_string());
    let mut frame = DataFrame::new(table.rows(), columns).map_err(encode)?;
    let metadata = table.metadata.iter().map(|(key, value)| (key.clone(), value.clone()));
    let metadata = metadata.chain(meanings(table)).collect();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes)
        .with_compression(ParquetCompression::Uncompressed)
        .with_row_group_size(None)
        .set_parallel(false)
        .with_key_value_metadata(Some(KeyValueMetadata::from_static(metadata)))
        .finish(&mut frame)
        .map_err(encode)?;
    Ok(bytes)
}

/// Keys of the metadata that tell what a column is: `column:alpha`. (polars writes no metadata of a field of its own.)
const MEANING: &str = "column:";

/// What every column of a table's schema is: symbol, unit and meaning, as JSON.
fn meanings(table: &Table) -> impl Iterator<Item = (String, String)> {
    let schema = table.metadata.get("schema").and_then(|text| Schema::named(text));
    let known = table.names().iter().filter_map(move |name| schema?.column(name));
    known.map(|Column { name, symbol, unit, doc, .. }| {
        let told = serde_json::json!({ "symbol": symbol, "unit": unit, "meaning": doc });
        (format!("{MEANING}{name}"), told.to_string())
    })
}

/// Reads a table back, metadata included but for what its schema tells of the columns.
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
        if let Some(value) =
            pair.value.as_ref().filter(|_| pair.key != "ARROW:schema" && !pair.key.starts_with(MEANING))
        {
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

/// Opens a table and reads its metadata only, what it tells of the columns among it.
///
/// # Errors
/// [`TableError::Unreadable`] as in [`read`].
pub fn read_metadata(path: &Path) -> Result<BTreeMap<String, String>, TableError> {
    let unreadable = |reason: String| TableError::Unreadable { path: path.to_owned(), reason };
    let file = File::open(path).map_err(|error| unreadable(error.to_string()))?;
    metadata_of(file).map_err(|error| unreadable(error.to_string()))
}

fn metadata_of(file: impl MmapBytesReader) -> Result<BTreeMap<String, String>, polars::error::PolarsError> {
    let mut reader = ParquetReader::new(file);
    let metadata = reader.get_metadata()?;
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
    fn columns_of_a_schema_carry_what_they_mean() {
        let table = Table::with_schema(&crate::table::schema::THEORY);
        let bytes = to_bytes(&table).unwrap();
        assert_eq!(from_bytes(&bytes, Path::new("memory")).unwrap(), table);
        let metadata = metadata_of(Cursor::new(bytes)).unwrap();
        let told: serde_json::Value = serde_json::from_str(&metadata["column:alpha"]).unwrap();
        assert_eq!(told, serde_json::json!({ "symbol": "α", "unit": "1", "meaning": "samples per feature, M/N" }));
        assert!(table.names().iter().all(|name| metadata.contains_key(&format!("column:{name}"))));
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
