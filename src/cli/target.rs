//! What the user calls things: figures, stages and outputs by their names, with the nearest name for a mistyped one.

use std::path::Path;

use strsim::levenshtein;

use crate::pipeline::{Graph, Selection};
use crate::workflow::{Output, Workflow};

use super::{Failure, broken};

/// The id of a figure.
pub(super) fn figure(workflow: &Workflow, word: &str) -> Result<String, Failure> {
    let ids = || workflow.project.figures.iter().map(|figure| figure.id.as_str());
    if ids().any(|id| id == word) {
        return Ok(word.to_owned());
    }
    if let Some(figure) = broken::named(&workflow.project.broken, word) {
        return Err(Failure::input(&figure.error));
    }
    let all = ids().collect::<Vec<_>>().join(", ");
    Err(Failure::input(format!("no figure is called `{word}`{}; valid: {all}", suggestion(word, ids()))))
}

/// Stages behind the words of the user: a figure stands for its drawings, an output for the stage that makes it.
pub(super) fn stages(workflow: &Workflow, words: &[String]) -> Result<Vec<String>, Failure> {
    words.iter().map(|word| stage(workflow, word)).collect()
}

/// The stage behind one word.
pub(super) fn stage(workflow: &Workflow, word: &str) -> Result<String, Failure> {
    let graph = &workflow.graph;
    let drawings = Output::of(word).stage();
    let makes = |output: &Path| graph.stages().iter().find(|stage| stage.outputs.iter().any(|path| path == output));
    if graph.stage(word).is_some() {
        Ok(word.to_owned())
    } else if graph.stage(&drawings).is_some() {
        Ok(drawings)
    } else if let Some(stage) = makes(Path::new(word)) {
        Ok(stage.id.clone())
    } else if let Some(figure) = broken::named(&workflow.project.broken, word) {
        Err(Failure::input(&figure.error))
    } else {
        let figures = workflow.project.figures.iter().map(|figure| figure.id.as_str());
        let names = figures.clone().chain(graph.stages().iter().map(|stage| stage.id.as_str()));
        let first = figures.clone().next().unwrap_or_default();
        let all = figures.collect::<Vec<_>>().join(", ");
        Err(Failure::input(format!(
            "no figure, stage or output is called `{word}`{}; valid: a figure ({all}), a stage (report, claims, \
             table/{first}.theory, …; `status --json` has them all) or an output (data/{first}.theory.parquet, …)",
            suggestion(word, names)
        )))
    }
}

/// The selection of the targets and all they need; everything when there is no target.
pub(super) fn selection(graph: &Graph, targets: &[String]) -> Result<Selection, Failure> {
    Ok(if targets.is_empty() { graph.all() } else { graph.select(targets)? })
}

/// At most this many names are suggested.
const SUGGESTIONS: usize = 3;

/// "; did you mean …?" with the nearest names, nothing when none is near.
fn suggestion<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> String {
    let near = word.chars().count().div_ceil(3);
    let mut ranked: Vec<(usize, &str)> =
        names.map(|name| (levenshtein(name, word), name)).filter(|(edits, _)| *edits <= near).collect();
    ranked.sort_unstable();
    let best = ranked.first().map_or(0, |(edits, _)| *edits);
    let nearest = ranked.into_iter().take_while(|(edits, _)| *edits == best).take(SUGGESTIONS);
    let names: Vec<&str> = nearest.map(|(_, name)| name).collect();
    if names.is_empty() { String::new() } else { format!(" (did you mean {}?)", names.join(" or ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_names_come_first_and_far_ones_not_at_all() {
        let names = || ["fig01", "fig05", "report"].into_iter();
        assert_eq!(suggestion("fig5", names()), " (did you mean fig05?)");
        assert_eq!(suggestion("astrology", names()), "");
    }
}
