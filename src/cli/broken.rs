//! Figures that cannot be run: what is made without them, and how they are told.
//!
//! A broken figure keeps none of the others from being made. A command about the whole project does its work on the
//! rest, says at its end what is wrong with the broken one and exits with 2; one about other figures goes about its work;
//! one about this figure refuses, and so does `verify --bless`, which would lose its reference.

use std::io::Write;

use crate::table::TableName;
use crate::workflow::{Broken, Output};

use super::Failure;

/// What is made of all figures.
const OF_ALL: [Output<'_>; 3] =
    [Output::Page, Output::Table(TableName::Claims), Output::Table(TableName::Alternatives)];

/// The figures that are missing from what was asked for, all of them where that is everything.
pub(super) fn missing<'a>(broken: &'a [Broken], targets: &[String]) -> &'a [Broken] {
    let all = targets.is_empty() || targets.iter().any(|target| OF_ALL.iter().any(|output| output.stage() == *target));
    if all { broken } else { &[] }
}

/// The broken figure that a word names, by its id or by one of its stages or outputs.
pub(super) fn named<'a>(broken: &'a [Broken], word: &str) -> Option<&'a Broken> {
    broken.iter().find(|figure| {
        let rest = word.rsplit('/').find_map(|part| part.strip_prefix(figure.id.as_str()));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            || word.split('/').any(|part| part == figure.id)
    })
}

/// Says before the work what is left out of it; what is wrong with it is told at the end.
pub(super) fn warn(broken: &[Broken]) {
    for Broken { id, .. } in broken {
        let _ = writeln!(std::io::stderr(), "warning: {id} is left out: it cannot be run");
    }
}

/// Says after the work what was left out of it, and what became of the `rest`: the exit code is that of bad input.
pub(super) fn ended(broken: &[Broken], rest: &str) -> Result<(), Failure> {
    match broken {
        [] => Ok(()),
        broken => Err(Failure::input(format!("{}; {rest}:\n{}", count(broken), told(broken)))),
    }
}

/// What came of the work on the rest, or what was left out where that went well.
pub(super) fn after(outcome: Result<(), Failure>, broken: &[Broken], rest: &str) -> Result<(), Failure> {
    match (outcome, broken) {
        (Ok(()), broken) => ended(broken, rest),
        (outcome, []) => outcome,
        (Err(failure), broken) => {
            let message = format!("{}\n{}:\n{}", failure.message, count(broken), told(broken));
            Err(Failure { message, ..failure })
        }
    }
}

fn count(broken: &[Broken]) -> String {
    match broken {
        [one] => format!("{} cannot be run", one.id),
        more => format!("{} figures cannot be run", more.len()),
    }
}

/// A line a figure: file, line, and what would be valid.
pub(super) fn told(broken: &[Broken]) -> String {
    broken.iter().map(|figure| figure.error.to_string()).collect::<Vec<_>>().join("\n")
}
