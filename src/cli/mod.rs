//! The command line: the only part that reads arguments and writes to the terminal.
//!
//! Results and JSON go to stdout, everything else to stderr. Exit codes: 0 done, 1 a stage failed or a point
//! did not converge, 2 bad input (a reference that cannot be read is one, and a figure that cannot be run, which keeps no
//! other from being made), 3 stale, 4 differs from reference, 5 not deterministic, 6 a claim contradicted by its simulation,
//! 128 and the number of the signal that ended it (130 for Ctrl-C, 143 for SIGTERM, 129 for SIGHUP).

mod args;
mod ask_args;
mod axis;
mod broken;
mod changes;
mod closed;
mod closing;
mod columns;
mod derivatives;
mod diff;
mod examples;
mod failure;
mod figure;
mod inspect;
mod interrupt;
mod lineage;
mod lineage_table;
mod lineage_view;
mod make;
mod measure;
mod named;
mod new;
mod optimise;
mod overlay;
mod parse;
mod point;
mod point_args;
mod progress;
mod project;
mod provenance;
mod rounding;
mod run;
mod run_args;
mod shards;
mod show_args;
mod staleness;
mod sweep;
mod table;
mod target;
mod threads;
mod threshold;
mod verify;
mod words;

use std::io::Write;
use std::process::ExitCode;

pub use failure::Failure;

use crate::pipeline;

use args::{Arguments, Command, ExportCommand};

/// Parses the command line, does what it says and gives the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match parse::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    end(pipeline::caught(|| dispatch(arguments)).unwrap_or_else(|reason| Err(Failure::internal(&reason))))
}

/// Says what went wrong, if anything did, and gives the exit code.
fn end(outcome: Result<(), Failure>) -> ExitCode {
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
        Command::Status(options) => staleness::status(&common, &options),
        Command::Why(options) => staleness::why(&common, &options),
        Command::List(options) => inspect::list(&common, &options),
        Command::Graph(options) => inspect::graph(&common, &options),
        Command::Verify(options) => verify::verify(&common, &options),
        Command::Diff(options) => common.unused("diff").and_then(|()| diff::diff(&options)),
        Command::Clean(options) => inspect::clean(&common, &options),
        Command::Merge(options) => shards::merge(&common, &options),
        Command::Export(ExportCommand::Snakemake { shards, to }) => shards::snakemake(&common, shards, to.as_deref()),
        Command::Measure(command) => measure::measure(&common, &command),
        Command::Solve(options) => common.unused("solve").and_then(|()| point::solve(&options)),
        Command::Simulate(options) => common.unused("simulate").and_then(|()| point::simulate(&options)),
        Command::Sweep(options) => common.unused("sweep").and_then(|()| sweep::sweep(&options)),
        Command::Optimise(options) => common.unused("optimise").and_then(|()| optimise::optimise(&options)),
        Command::Threshold(options) => common.unused("threshold").and_then(|()| threshold::threshold(&options)),
        Command::Figure(options) => figure::figure(&common, &options),
        Command::Table(options) => table::table(&common, &options),
        Command::New(options) => new::new(&common, &options),
        Command::Schema(options) => common.unused("schema").and_then(|()| inspect::schema(&options)),
        Command::Completions { shell } => common.unused("completions").and_then(|()| inspect::completions(shell)),
    }
}

/// Prints a value as indented JSON on stdout.
fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(Failure::failed)?;
    Ok(writeln!(std::io::stdout(), "{text}")?)
}
