//! What can go wrong with a table.

use std::path::PathBuf;

use thiserror::Error;

/// A table that cannot be built, read or written.
#[derive(Debug, Error)]
pub enum TableError {
    /// Columns of unequal length were put together.
    #[error("column `{column}` has {found} rows where the table has {expected}")]
    Ragged {
        /// The offending column.
        column: String,
        /// Rows of the table so far.
        expected: usize,
        /// Rows of the column.
        found: usize,
    },
    /// A column is absent or of another type.
    #[error("the table has no {wanted} column `{column}`")]
    NoColumn {
        /// The column asked for.
        column: String,
        /// The type asked for.
        wanted: &'static str,
    },
    /// A cell of one type was put into a column of another.
    #[error("column `{column}` holds {wanted} cells, not {found}")]
    WrongCell {
        /// The column.
        column: String,
        /// The type of its cells.
        wanted: &'static str,
        /// The cell.
        found: String,
    },
    /// Rows that a table is made of are not there.
    #[error("the rows of {part} are missing")]
    Missing {
        /// What they were to come from.
        part: String,
    },
    /// The bytes are not a Parquet file of ours.
    #[error("{}: not a readable Parquet table ({reason})", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        reason: String,
    },
    /// The writer refused.
    #[error("cannot encode the table as Parquet ({0})")]
    Encode(String),
}
