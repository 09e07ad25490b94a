//! The command line: the only part that reads arguments and writes to the terminal.
//!
//! Results and JSON go to stdout, everything else to stderr. Exit codes: 0 done, 1 a stage failed,
//! 2 bad input, 3 stale, 4 differs from reference, 5 not deterministic, 130 interrupted.

mod args;
mod failure;
mod point;
mod progress;
mod project;
mod run;
mod table;

use std::process::ExitCode;

use clap::Parser;

pub use failure::Failure;

use args::{Arguments, Command};

/// Parses the command line, does what it says and gives the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // clap prints help to stdout with code 0 and mistakes to stderr with code 2
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    failure::quiet_panics();
    let outcome = std::panic::catch_unwind(|| dispatch(arguments)).unwrap_or_else(|reason| Err(Failure::internal(reason.as_ref())));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            ExitCode::from(failure.code)
        }
    }
}

fn dispatch(arguments: Arguments) -> Result<(), Failure> {
    let common = arguments.common;
    match arguments.command.unwrap_or_default() {
        Command::Run(options) => run::run(&common, &options),
        Command::Solve(options) => point::solve(&options),
        Command::Simulate(options) => point::simulate(&options),
        Command::Table(options) => table::table(&common, &options),
    }
}
