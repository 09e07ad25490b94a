//! What is wrong with a figure file: which file, which key, and what would be valid.

use std::path::PathBuf;

use thiserror::Error;

use super::locate::{key_in_words, line_of};

/// A figure file, or a folder of them, that cannot be used.
#[derive(Debug, Error)]
pub enum SpecError {
    /// A file or folder cannot be read.
    #[error("{}: {reason}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The TOML does not have the shape of a figure: the message names line, key and the valid words.
    #[error("{}: {message}", path.display())]
    Shape {
        /// The file.
        path: PathBuf,
        /// What is wrong, where, and what would be valid.
        message: String,
    },
    /// A value is out of range or refers to something that is not there.
    #[error("{}: {}{}: {problem}; valid: {valid}", path.display(), place(*line), key_in_words(key))]
    Value {
        /// The file.
        path: PathBuf,
        /// The line, from 1, where it is known.
        line: Option<usize>,
        /// The key, as [`line_of`] takes it: `curve[2].data.rho`, which is told of as curve 3.
        key: String,
        /// What is wrong with it.
        problem: String,
        /// What would be valid.
        valid: String,
    },
    /// No figure has this id.
    #[error("no figure `{id}`; there are {known}")]
    UnknownFigure {
        /// The id asked for.
        id: String,
        /// The ids there are.
        known: String,
    },
}

impl SpecError {
    /// The same error with its line looked up in the file's text.
    #[must_use]
    pub fn located(mut self, text: &str) -> Self {
        if let Self::Value { line, key, .. } = &mut self {
            *line = line_of(text, key);
        }
        self
    }
}

fn place(line: Option<usize>) -> String {
    line.map_or(String::new(), |line| format!("line {line}, "))
}
