//! The files of readings row by row, with the line of what is wrong.

use serde::de::DeserializeOwned;

use super::PaperError;

/// The rows of a CSV text, each with its line. Columns are found by name; others than those of `Row` are ignored.
///
/// # Errors
/// A text without one of the columns, a row of another length, a cell of another type.
pub(super) fn rows<Row: DeserializeOwned>(file: &'static str, text: &str) -> Result<Vec<(u64, Row)>, PaperError> {
    let refuse = |line: Option<u64>, reason: String| PaperError { file, line, reason };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| refuse(Some(1), error.to_string()))?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| refuse(error.position().map(csv::Position::line), reason(&error)))?;
        let line = record.position().map(csv::Position::line);
        let row = record.deserialize(Some(&header)).map_err(|error| refuse(line, describe(&error, &header)))?;
        rows.push((line.unwrap_or_default(), row));
    }
    Ok(rows)
}

/// The reason of an error, without the position that is told apart.
fn reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} cells; valid: {expected_len}, as in the header")
        }
        _ => error.to_string(),
    }
}

/// Why a row is not what it should be, with the name of the column.
fn describe(error: &csv::Error, header: &csv::StringRecord) -> String {
    let csv::ErrorKind::Deserialize { err, .. } = error.kind() else { return reason(error) };
    let column = err.field().and_then(|field| header.get(usize::try_from(field).ok()?));
    match column {
        Some(column) => format!("column {column}: {}", err.kind()),
        None => err.kind().to_string(),
    }
}

/// Refuses a number that is not finite, which the parser lets through.
pub(super) fn finite(file: &'static str, line: u64, cells: &[(&str, f64)]) -> Result<(), PaperError> {
    match cells.iter().find(|(_, value)| !value.is_finite()) {
        None => Ok(()),
        Some((column, value)) => {
            let reason = format!("column {column}: {value}; valid: a finite number");
            Err(PaperError { file, line: Some(line), reason })
        }
    }
}
