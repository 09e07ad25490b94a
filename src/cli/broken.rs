//! Figures that cannot be run: what is made without them, and how they are told.
//!
//! A broken figure keeps none of the others from being made. `run` says at its start and at its end what is wrong with
//! it and exits with 2, as `status` and `list` do; a command about other figures goes about its work; one about this
//! figure, or about the whole project (`verify`, `measure`, `export`, `graph`), refuses.

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

/// Says before the work what is left out of it.
pub(super) fn warn(broken: &[Broken]) {
    for Broken { id, error } in broken {
        let _ = writeln!(std::io::stderr(), "warning: {id} is left out: {error}");
    }
}

/// Says after the work what was left out of it: the exit code is that of bad input.
pub(super) fn ended(broken: &[Broken]) -> Result<(), Failure> {
    match broken {
        [] => Ok(()),
        broken => Err(Failure::input(format!("{}, the rest was made:\n{}", count(broken), told(broken)))),
    }
}

/// Refuses to work on a project without these figures.
pub(super) fn refused(broken: &[Broken]) -> Failure {
    match broken {
        [one] => Failure::input(&one.error),
        broken => Failure::input(format!("{}:\n{}", count(broken), told(broken))),
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
