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
/// others. `stage` is what they make stale.
pub(super) fn in_words(reasons: &[Staleness], stage: &str) -> Vec<String> {
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
fn sentence(reason: &Staleness, stage: &str) -> String {
    match reason {
        Staleness::NeverBuilt => format!("{stage} was never made here"),
        Staleness::Forced => format!("{stage} was asked for"),
        Staleness::DefinitionChanged { part, old, new } => {
            format!("{part} of {stage} changed: {} → {}", clip(old, LONGEST), clip(new, LONGEST))
        }
        Staleness::ParameterChanged { part, name, old, new } => {
            let what = format!("{name} of {}", if part.is_empty() { stage } else { part });
            parameter(&what, old.as_deref(), new.as_deref())
        }
        Staleness::PartAppeared { part } => format!("{part} is new"),
        Staleness::PartGone { part } => format!("{part} is gone"),
        Staleness::EchoChanged { name, old, new } => parameter(name, old.as_deref(), new.as_deref()),
        Staleness::InputChanged { input, old, new } => match (old, new) {
            (None, _) => format!("{stage} reads {input} now, which it did not"),
            (Some(_), None) => format!("{stage} does not read {input} any more"),
            (Some(_), Some(_)) => format!("{input}, which {stage} reads, came out different"),
        },
        Staleness::FileChanged { file, old, new } => match (old, new) {
            (None, _) => format!("{stage} reads the file {file} now, which it did not"),
            (Some(_), None) => format!("{stage} does not read the file {file} any more"),
            (Some(_), Some(_)) => format!("the file {file} was edited"),
        },
        Staleness::SourceChanged { .. } => {
            "the program is another one: its code, a template, a library, the compiler or a flag changed".to_owned()
        }
        Staleness::OutputMissing { path } => format!("the output {} is missing", path.display()),
        Staleness::OutputEdited { path, .. } => {
            format!("the output {} was changed by something else after it was made", path.display())
        }
        Staleness::InputStale { input } => format!("{input}, which {stage} reads, is made anew"),
    }
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
        assert_eq!(in_words(&[follows.clone(), appeared.clone(), appeared], "it"), ["curve `c.1` in a is new"]);
        assert_eq!(in_words(&[follows], "it"), ["order changed: b → b c.1"]);
    }

    #[test]
    fn long_lists_are_told_by_what_came_and_went() {
        let changed = |old: &str, new: &str| {
            let (part, name) = ("curve `kd` in a".to_owned(), "x".to_owned());
            sentence(&Staleness::ParameterChanged { part, name, old: text(old), new: text(new) }, "report")
        };
        assert_eq!(changed("400", "800"), "x of curve `kd` in a changed: 400 → 800");
        assert_eq!(changed("[1,2,3,4,5,6,7]", "[1,2,3,4,5,6,7,8]"), "x of curve `kd` in a changed: 8 added");
        assert_eq!(changed("[1,2,3,4,5,6,7]", "[2,3,4,5,6,7,9]").matches("9 added, 1 gone").count(), 1);
        let long = changed("a", &"b".repeat(500));
        assert!(long.chars().count() < 110, "{long}");
    }
}
