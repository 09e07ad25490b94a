//! Parquet in and out through polars, with equal bytes for equal tables.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Cursor, Read, Seek, Write};
use std::path::Path;

use polars::io::mmap::MmapBytesReader;
use polars::io::parquet::write::{BatchedWriter, KeyValueMetadata};
use polars::prelude::{ParquetCompression, ParquetReader, ParquetWriter, PolarsResult, SerReader};

use super::damage::survived;
use super::{Column, Schema, Table, TableError};

/// The table as the bytes of a Parquet file. The bytes depend on the cells and the metadata only: no
/// clock, one row group, no parallel encoding.
///
/// # Errors
/// [`TableError::Polars`] when polars refuses the frame.
pub fn to_bytes(table: &Table) -> Result<Vec<u8>, TableError> {
    let mut bytes = Vec::new();
    writer(&mut bytes, table).finish(&mut table.frame().clone())?;
    Ok(bytes)
}

fn writer<W: Write>(to: W, table: &Table) -> ParquetWriter<W> {
    let metadata = table.metadata.iter().map(|(key, value)| (key.clone(), value.clone()));
    let metadata = metadata.chain(meanings(table)).collect();
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
    /// [`TableError::Polars`] when polars refuses the columns.
    pub fn new(to: W, columns: &Table) -> Result<Self, TableError> {
        Ok(Self(writer(to, columns).batched(columns.frame().schema())?))
    }

    /// Writes the rows of a table with the same columns.
    ///
    /// # Errors
    /// [`TableError::Polars`] when the columns differ, or the file cannot be written.
    pub fn push(&mut self, table: &Table) -> Result<(), TableError> {
        Ok(self.0.write_batch(table.frame())?)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// [`TableError::Polars`] when the file cannot be written.
    pub fn finish(self) -> Result<(), TableError> {
        self.0.finish()?;
        Ok(())
    }
}

/// Keys of the metadata that tell what a column is: `column:alpha`. (polars writes no metadata of a field of its own.)
const MEANING: &str = "column:";

/// What every column of a table's schema is: symbol, unit and meaning, as JSON.
fn meanings(table: &Table) -> impl Iterator<Item = (String, String)> {
    let schema = table.metadata.get("schema").and_then(|text| Schema::named(text));
    let known = table.names().filter_map(move |name| schema?.column(name));
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
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    from_bytes(&bytes, path)
}

/// Reads a table from the bytes of a Parquet file; `path` names it in errors.
///
/// # Errors
/// [`TableError::Unreadable`] when the bytes are not such a table.
pub fn from_bytes(bytes: &[u8], path: &Path) -> Result<Table, TableError> {
    let read = || {
        let mut reader = ParquetReader::new(Cursor::new(bytes));
        let mut metadata = pairs(&mut reader)?;
        metadata.retain(|key, _| !key.starts_with(MEANING));
        Table::new(metadata, reader.finish()?)
    };
    survived(read).map_err(|reason| unreadable(path, &reason))
}

/// Opens a table and reads its metadata only, what it tells of the columns among it.
///
/// # Errors
/// [`TableError::Unreadable`] as in [`read`].
pub fn read_metadata(path: &Path) -> Result<BTreeMap<String, String>, TableError> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    survived(|| pairs(&mut ParquetReader::new(file))).map_err(|reason| unreadable(path, &reason))
}

/// The key-value pairs of a file, without the one that Arrow keeps for itself.
fn pairs<R: MmapBytesReader + Read + Seek>(reader: &mut ParquetReader<R>) -> PolarsResult<BTreeMap<String, String>> {
    let metadata = reader.get_metadata()?;
    let pairs = metadata.key_value_metadata().iter().flatten().filter(|pair| pair.key != "ARROW:schema");
    Ok(pairs.filter_map(|pair| Some((pair.key.clone(), pair.value.clone()?))).collect())
}

fn unreadable(path: &Path, reason: &impl ToString) -> TableError {
    TableError::Unreadable { path: path.to_owned(), reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use polars::prelude::df;

    use super::*;

    #[test]
    fn cells_metadata_and_bytes_survive_a_round_trip() {
        let x = [Some(0.1), None, Some(1e-300)];
        let curve = [None, Some("λ̃ = 0.1"), Some("")];
        let frame = df!("x" => x, "n" => [Some(-1_i64), Some(7), None], "curve" => curve).unwrap();
        let table = Table::new(BTreeMap::from([("figure".into(), "fig05".into())]), frame).unwrap();
        let bytes = to_bytes(&table).unwrap();
        let back = from_bytes(&bytes, Path::new("memory")).unwrap();
        assert_eq!(back, table);
        assert_eq!(to_bytes(&back).unwrap(), bytes);
    }

    #[test]
    fn a_stream_is_the_table_of_its_parts() {
        let part = |x: f64| {
            let metadata = BTreeMap::from([("x".to_owned(), "a number".to_owned())]);
            Table::new(metadata, df!("x" => [Some(x), None]).unwrap()).unwrap()
        };
        let mut bytes = Vec::new();
        let mut stream = Stream::new(&mut bytes, &part(0.0)).unwrap();
        stream.push(&part(1.0)).unwrap();
        stream.push(&part(2.0)).unwrap();
        stream.finish().unwrap();
        let back = from_bytes(&bytes, Path::new("memory")).unwrap();
        let values: Vec<Option<f64>> = (0..back.rows()).map(|row| back.real("x", row)).collect();
        assert_eq!(values, [Some(1.0), None, Some(2.0), None]);
        assert_eq!(back.metadata["x"], "a number");
    }

    #[test]
    fn no_byte_that_is_changed_makes_the_reader_panic() {
        let x: Vec<f64> = (0..300).map(f64::from).collect();
        let table = Table::new(BTreeMap::new(), df!("x" => &x, "y" => &x).unwrap()).unwrap();
        let bytes = to_bytes(&table).unwrap();
        for place in (0..bytes.len()).step_by(3) {
            let mut damaged = bytes.clone();
            damaged[place] ^= 0x55;
            // what is read or refused is told; that this returns at all is what counts
            let read = from_bytes(&damaged, Path::new("damaged.parquet"));
            let _ = read.map(|table| (0..table.rows()).filter_map(|row| table.real("x", row)).count());
        }
    }

    #[test]
    fn a_truncated_file_is_an_error_that_names_it() {
        let table = Table::new(BTreeMap::new(), df!("x" => [1.0]).unwrap()).unwrap();
        let bytes = to_bytes(&table).unwrap();
        let error = from_bytes(&bytes[..bytes.len() / 2], Path::new("half.parquet")).unwrap_err();
        assert!(error.to_string().contains("half.parquet"));
    }
}
