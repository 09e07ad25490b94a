//! The command line read, with clap's own words where it cannot be.

use std::error::Error as _;
use std::io::Write;
use std::num::{ParseFloatError, ParseIntError};
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Error, Parser};

use crate::model::lineage::Parameter;

use super::args::Arguments;
use super::{Failure, end};

/// The arguments, or the exit code after help or a mistake has been told.
pub(super) fn arguments() -> Result<Arguments, ExitCode> {
    let error = match Arguments::try_parse() {
        Ok(arguments) => return Ok(arguments),
        Err(error) => error,
    };
    if let Some(failure) = conflict(&error, &std::env::args().collect::<Vec<_>>()).or_else(|| unread(&error)) {
        return Err(end(Err(failure)));
    }
    // clap prints help to stdout with code 0 and mistakes to stderr with code 2
    Err(match error.print().and_then(|()| std::io::stdout().flush()).map_err(Failure::from) {
        Err(failure) if !error.use_stderr() => end(Err(failure)),
        Ok(()) | Err(_) => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)),
    })
}

/// A value that cannot be read, in one line; of one that is no number in other words than those of its parser, which
/// are a programmer's. Several for a parameter are a sweep.
fn unread(error: &Error) -> Option<Failure> {
    let source = error.source().filter(|_| error.kind() == ErrorKind::ValueValidation)?;
    let told = |kind| error.get(kind).map(ToString::to_string);
    let (argument, value) = told(ContextKind::InvalidArg).zip(told(ContextKind::InvalidValue))?;
    let flag = argument.split(' ').next().unwrap_or_default();
    let name = flag.trim_start_matches('-').replace('-', "_");
    let reason = match (source.is::<ParseIntError>(), source.is::<ParseFloatError>()) {
        (true, _) => "valid: a whole number".to_owned(),
        (false, true) if value.contains([',', ':']) && name.parse::<Parameter>().is_ok() => {
            format!("valid: a number; for several, `redistill sweep --lineage FILE --over {name}={value}`")
        }
        (false, true) => "valid: a number".to_owned(),
        (false, false) => source.to_string(),
    };
    let problem = if reason.starts_with("valid: ") { " cannot be read; " } else { ": " };
    Some(Failure::input(format!("{flag}: `{value}`{problem}{reason}")))
}

/// An argument without what clap puts around it: a flag by its name, another in words.
fn named(argument: &str) -> String {
    match argument.trim_matches(['[', ']', '<', '>', '.']) {
        "DIR" => "a folder".to_owned(),
        words if argument.starts_with(['[', '<']) => words.to_lowercase(),
        flag => flag.split([' ', '=']).next().unwrap_or_default().to_owned(),
    }
}

/// Arguments that do not go together, those that were given: clap lists all that might have been.
fn conflict(error: &Error, given: &[String]) -> Option<Failure> {
    if error.kind() != ErrorKind::ArgumentConflict {
        return None;
    }
    let strings = |kind| match error.get(kind) {
        Some(ContextValue::String(one)) => vec![one.clone()],
        Some(ContextValue::Strings(many)) => many.clone(),
        Some(_) | None => Vec::new(),
    };
    let there = |name: &String| given.iter().any(|argument| named(argument) == *name);
    let own = [ContextKind::InvalidArg, ContextKind::InvalidSubcommand].into_iter().flat_map(strings).next()?;
    let (mut own, others) = (named(&own), strings(ContextKind::PriorArg));
    let mut others: Vec<String> = others.iter().map(|other| named(other)).collect();
    // a single one is there, by its short name perhaps
    if let [other] = &mut others[..] {
        if other.starts_with('-') && !own.starts_with('-') {
            std::mem::swap(&mut own, other);
        }
    } else {
        others.retain(there);
    }
    if others.is_empty() {
        return None;
    }
    let others = others.join(", ");
    Some(Failure::input(format!("{own} does not go with {others}; valid: {own}, or {others} in place of it")))
}
