//! What changed, in words: the reasons of a stale stage as `why` tells them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::pipeline::Staleness;
use crate::spec::clip;

/// Characters of a value that is told.
const LONGEST: usize = 60;
/// Entries of a list that are told one by one.
const MOST: usize = 6;

/// All reasons in sentences without full stops, each once; those that follow from others only where there are no
/// others. `stage` is what they make stale; none where it stands beside them.
pub(super) fn in_words(reasons: &[Staleness], stage: Option<&str>) -> Vec<String> {
    let (following, told): (Vec<_>, Vec<_>) = reasons.iter().partition(|reason| follows(reason));
    let mut sentences = Vec::new();
    for reason in if told.is_empty() { following } else { told } {
        let sentence = sentence(reason, stage);
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    sentences
}

/// Whether a reason holds because another does: what a stage reads comes and goes with the parameters that ask for it.
fn follows(reason: &Staleness) -> bool {
    match reason {
        Staleness::EchoChanged { .. } => true,
        Staleness::InputChanged { old, new, .. } => old.is_none() || new.is_none(),
        Staleness::NeverBuilt
        | Staleness::Forced
        | Staleness::DefinitionChanged { .. }
        | Staleness::ParameterChanged { .. }
        | Staleness::PartAppeared { .. }
        | Staleness::PartGone { .. }
        | Staleness::FileChanged { .. }
        | Staleness::SourceChanged { .. }
        | Staleness::OutputMissing { .. }
        | Staleness::OutputEdited { .. }
        | Staleness::InputStale { .. } => false,
    }
}

/// One reason as a sentence without a full stop.
fn sentence(reason: &Staleness, stage: Option<&str>) -> String {
    let it = stage.unwrap_or("it");
    let was = |what: &str| stage.map_or(what.to_owned(), |stage| format!("{stage} was {what}"));
    let of = |what: &str, whole: Option<&str>| whole.map_or(what.to_owned(), |whole| format!("{what} of {whole}"));
    match reason {
        Staleness::NeverBuilt => was("never made here"),
        Staleness::Forced => was("asked for"),
        Staleness::DefinitionChanged { part, old, new } => {
            format!("{} changed: {} → {}", of(part, stage), clip(old, LONGEST), clip(new, LONGEST))
        }
        Staleness::ParameterChanged { part, name, old, new } => {
            let whole = if part.is_empty() { stage } else { Some(part.as_str()) };
            parameter(&of(&named(name), whole), old.as_deref(), new.as_deref())
        }
        Staleness::PartAppeared { part } => format!("{part} is new"),
        Staleness::PartGone { part } => format!("{part} is gone"),
        Staleness::EchoChanged { name, old, new } => parameter(name, old.as_deref(), new.as_deref()),
        Staleness::InputChanged { input, old, new } => match (old, new) {
            (None, _) => format!("{it} reads {input} now, which it did not"),
            (Some(_), None) => format!("{it} does not read {input} any more"),
            (Some(_), Some(_)) => format!("{input}, which {it} reads, came out different"),
        },
        Staleness::FileChanged { file, old, new } => match (old, new) {
            (None, _) => format!("{it} reads the file {file} now, which it did not"),
            (Some(_), None) => format!("{it} does not read the file {file} any more"),
            (Some(_), Some(_)) => format!("the file {file} was edited"),
        },
        Staleness::SourceChanged { .. } => {
            "the program is another one: its code, a template, a library, the compiler or a flag changed".to_owned()
        }
        Staleness::OutputMissing { path } => format!("the output {} is missing", path.display()),
        Staleness::OutputEdited { path, .. } => {
            format!("the output {} was changed by something else after it was made", path.display())
        }
        Staleness::InputStale { input } => format!("{input}, which {it} reads, is made anew"),
    }
}

/// A parameter's name for a reader, who counts the entries of a list from 1: `lineage.stage.0.lambda` is the lambda of
/// stage 1.
fn named(name: &str) -> String {
    let mut parts = vec![String::new()];
    for word in name.trim_start_matches("lineage.").split('.') {
        let part = parts.last_mut().filter(|part| !part.is_empty());
        match (part, word.parse::<usize>()) {
            (Some(part), Ok(index)) => {
                part.push_str(&format!(" {}", index + 1));
                parts.push(String::new());
            }
            (Some(part), Err(_)) => part.push_str(&format!(".{word}")),
            (None, _) => parts.last_mut().into_iter().for_each(|part| part.push_str(word)),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.reverse();
    parts.join(" of ")
}

/// What became of a parameter.
fn parameter(what: &str, old: Option<&str>, new: Option<&str>) -> String {
    match (old, new) {
        (Some(old), Some(new)) => match lists(old, new) {
            Some(change) => format!("{what} changed: {change}"),
            None => format!("{what} changed: {} → {}", shown(old), shown(new)),
        },
        (None, Some(new)) => format!("{what} is new: {}", shown(new)),
        (Some(old), None) => format!("{what} is gone: it was {}", shown(old)),
        (None, None) => format!("{what} changed"),
    }
}

/// What came into a list and what left it; nothing where one of the two is no list.
fn lists(old: &str, new: &str) -> Option<String> {
    let entries = |text: &str| -> Option<Vec<String>> {
        let list: Vec<Value> = serde_json::from_str(text).ok()?;
        Some(list.iter().map(ToString::to_string).collect())
    };
    let (old, new) = (entries(old)?, entries(new)?);
    if old.len().max(new.len()) <= MOST {
        return None;
    }
    let (before, after): (BTreeSet<&String>, BTreeSet<&String>) = (old.iter().collect(), new.iter().collect());
    let only = |list: &[String], other: &BTreeSet<&String>| -> Vec<String> {
        list.iter().filter(|entry| !other.contains(entry)).cloned().collect()
    };
    let told = |entries: Vec<String>, word: &str| match entries.len() {
        0 => None,
        1..=MOST => Some(format!("{} {word}", clip(&entries.join(", "), LONGEST))),
        many => Some(format!("{many} entries {word}")),
    };
    let changes = [told(only(&new, &before), "added"), told(only(&old, &after), "gone")];
    let changes: Vec<String> = changes.into_iter().flatten().collect();
    Some(if changes.is_empty() { "the same entries in another order".to_owned() } else { changes.join(", ") })
}

fn shown(text: &str) -> String {
    match text {
        "" => "nothing".to_owned(),
        text => clip(text, LONGEST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn what_only_follows_is_told_where_there_is_nothing_else() {
        let follows = Staleness::EchoChanged { name: "order".into(), old: text("b"), new: text("b c.1") };
        let appeared = Staleness::PartAppeared { part: "curve `c.1` in a".into() };
        assert_eq!(in_words(&[follows.clone(), appeared.clone(), appeared], None), ["curve `c.1` in a is new"]);
        assert_eq!(in_words(&[follows], None), ["order changed: b → b c.1"]);
    }

    #[test]
    fn entries_of_lists_are_counted_from_one() {
        let told =
            ["lineage.stage.0.lambda", "lineage.data.rho", "x.points", "x.finer.1.range", "a.0.b.1.c", "x"].map(named);
        assert_eq!(told, ["lambda of stage 1", "data.rho", "x.points", "range of x.finer 2", "c of b 2 of a 1", "x"]);
        let changed = Staleness::ParameterChanged {
            part: String::new(),
            name: "lineage.stage.1.lambda".into(),
            old: text("1"),
            new: text("2"),
        };
        assert_eq!(sentence(&changed, None), "lambda of stage 2 changed: 1 → 2");
        assert_eq!(sentence(&changed, Some("theory/a/b")), "lambda of stage 2 of theory/a/b changed: 1 → 2");
        assert_eq!(sentence(&Staleness::NeverBuilt, None), "never made here");
    }

    #[test]
    fn long_lists_are_told_by_what_came_and_went() {
        let changed = |old: &str, new: &str| {
            let (part, name) = ("curve `kd` in a".to_owned(), "x".to_owned());
            sentence(&Staleness::ParameterChanged { part, name, old: text(old), new: text(new) }, Some("report"))
        };
        assert_eq!(changed("400", "800"), "x of curve `kd` in a changed: 400 → 800");
        assert_eq!(changed("[1,2,3,4,5,6,7]", "[1,2,3,4,5,6,7,8]"), "x of curve `kd` in a changed: 8 added");
        assert_eq!(changed("[1,2,3,4,5,6,7]", "[2,3,4,5,6,7,9]").matches("9 added, 1 gone").count(), 1);
        let long = changed("a", &"b".repeat(500));
        assert!(long.chars().count() < 110, "{long}");
    }
}
