//! What ends a command early: one message and an exit code.

use std::io::Write;

use crate::model::DomainError;
use crate::pipeline::Error as PipelineError;
use crate::spec::clip;
use crate::workflow::ProjectError;

use super::interrupt;

/// Characters of a line of a message.
const LONGEST_LINE: usize = 2000;

/// A message for the user and the exit code that goes with it.
#[derive(Debug)]
pub struct Failure {
    /// Exit code.
    pub code: u8,
    /// What went wrong, where, and what would be valid; empty when all has been said.
    pub message: String,
}

impl Failure {
    /// Bad input: exit code 2.
    pub fn input(message: impl std::fmt::Display) -> Self {
        Self { code: 2, message: message.to_string() }
    }

    /// A flag's value outside its domain: exit code 2.
    pub(super) fn flag(flag: &str, DomainError { value, valid, .. }: &DomainError) -> Self {
        Self::input(format!("--{}: {value:?} is out of range; valid: {valid}", flag.replace('_', "-")))
    }

    /// Something could not be done: exit code 1.
    pub fn failed(message: impl std::fmt::Display) -> Self {
        Self { code: 1, message: message.to_string() }
    }

    /// A verdict that is no success: its exit code and one line.
    pub(super) fn verdict(code: u8, message: impl std::fmt::Display) -> Self {
        Self { code, message: message.to_string() }
    }

    /// Ended by a signal: 128 and its number.
    pub(super) fn interrupted(message: impl std::fmt::Display) -> Self {
        Self { code: interrupt::code(), message: format!("interrupted: {message}") }
    }

    /// A mistake in the program: where it is and what it said, in one line.
    pub(super) fn internal(reason: &str) -> Self {
        Self::failed(format!(
            "a mistake in the program: {reason}; finished chunks are kept, and RUST_BACKTRACE=1 tells more"
        ))
    }

    /// Prints the message to stderr. It may repeat words of a file or an argument, which the terminal must show and
    /// not obey, and of which the beginning is enough.
    pub(super) fn print(&self) {
        if !self.message.is_empty() {
            let shown = |c: char| match c.is_control() && c != '\n' {
                true => c.escape_default().to_string(),
                false => c.to_string(),
            };
            let lines =
                self.message.lines().map(|line| clip(line, LONGEST_LINE).chars().map(shown).collect::<String>());
            let _ = writeln!(std::io::stderr(), "error: {}", lines.collect::<Vec<_>>().join("\n"));
        }
    }
}

/// Success, or a failure that says why the answer is no more than the best there is.
pub(super) fn ended(reason: Option<String>) -> Result<(), Failure> {
    match reason {
        Some(reason) => Err(Failure::failed(format!("not converged: {reason}; printed is the best that was found"))),
        None => Ok(()),
    }
}

impl From<ProjectError> for Failure {
    fn from(error: ProjectError) -> Self {
        Self::input(error)
    }
}

impl From<PipelineError> for Failure {
    fn from(error: PipelineError) -> Self {
        match error {
            PipelineError::Interrupted { .. } | PipelineError::InterruptedWaiting => {
                Self { code: interrupt::code(), message: error.to_string() }
            }
            other @ (PipelineError::Graph(_) | PipelineError::Shard { .. } | PipelineError::NoCache { .. }) => {
                Self::input(other)
            }
            other @ (PipelineError::Io { .. }
            | PipelineError::InTheWay { .. }
            | PipelineError::DanglingOut { .. }
            | PipelineError::MissingFile { .. }
            | PipelineError::Failed { .. }
            | PipelineError::Threads(_)) => Self::failed(other),
        }
    }
}

impl From<crate::pipeline::GraphError> for Failure {
    fn from(error: crate::pipeline::GraphError) -> Self {
        Self::input(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        // a reader that has seen enough is no failure of ours
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self { code: 0, message: String::new() };
        }
        // what is about a file tells which; the system's own words are about the answer
        match error.get_ref() {
            Some(told) => Self::failed(told),
            None => Self::failed(format!("cannot write the answer to stdout: {error}")),
        }
    }
}
