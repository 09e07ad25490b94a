//! What can go wrong with a table.

use std::path::PathBuf;

use thiserror::Error;

/// A table that cannot be built, read or written.
#[derive(Debug, Error)]
pub enum TableError {
    /// A row names a column that is not there.
    #[error("the table has no column `{column}`")]
    NoColumn {
        /// The column named.
        column: String,
    },
    /// A column is none of ours.
    #[error("column `{column}` {reason}; valid: finite reals, integers, text")]
    Foreign {
        /// The column.
        column: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Columns do not go together.
    #[error(transparent)]
    Polars(#[from] polars::error::PolarsError),
    /// A cell of one type was put into a column of another.
    #[error("column `{column}` holds {} cells, not {found}", wanted.name())]
    WrongCell {
        /// The column.
        column: String,
        /// The type of its cells.
        wanted: super::Kind,
        /// The cell.
        found: String,
    },
    /// The bytes are not a Parquet file of ours.
    #[error("{}: not a readable Parquet table ({reason})", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        reason: String,
    },
}
