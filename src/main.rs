//! The `redistill` binary: see the library for everything it does.

use std::process::ExitCode;

fn main() -> ExitCode {
    redistill::cli::main()
}
