//! What is wrong with a file of readings: which file, which line.

use thiserror::Error;

/// A file of readings that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}{}: {reason}", line.map_or(String::new(), |line| format!(" line {line}")))]
pub struct PaperError {
    /// The file, relative to the project's root.
    pub file: &'static str,
    /// The line, from 1, where the fault has one.
    pub line: Option<u64>,
    /// What is wrong, and what would be valid.
    pub reason: String,
}
