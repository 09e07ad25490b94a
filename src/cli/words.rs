//! What changed, in words: the reasons of a stale stage as `why` tells them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::pipeline::Staleness;
use crate::spec::{Figure, clip};

/// Characters of a value that is told.
const LONGEST: usize = 60;
/// Entries of a list that are told one by one.
const MOST: usize = 6;

/// One reason as a sentence without a full stop; `stage` is what it makes stale.
pub(super) fn in_words(reason: &Staleness, stage: &str, figures: &[Figure]) -> String {
    match reason {
        Staleness::NeverBuilt => format!("{stage} was never made here"),
        Staleness::Forced => format!("{stage} was asked for"),
        Staleness::DefinitionChanged { part, old, new } => {
            format!("{part} of {stage} changed: {} → {}", clip(old, LONGEST), clip(new, LONGEST))
        }
        Staleness::ParameterChanged { name, old, new } => {
            parameter(name, old.as_deref(), new.as_deref(), stage, figures)
        }
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

/// A parameter of a figure, a profile or a setting.
fn parameter(name: &str, old: Option<&str>, new: Option<&str>, stage: &str, figures: &[Figure]) -> String {
    // a digest: what it stands for is told by other reasons
    if name == "question" {
        return format!("the settings that {stage} solves changed");
    }
    if let Some((curve, place)) = name.split_once(" at ") {
        let change = match (old, new) {
            (None, _) => "is simulated now, and was not",
            (Some(_), None) => "is not simulated any more",
            (Some(_), Some(_)) => "is simulated in another way",
        };
        return format!("curve {curve} {change} at {place}");
    }
    let what = subject(name, stage, figures);
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

/// What a parameter is called: `fig05.curve.1.student.lambda` is "student.lambda of curve kd in fig05".
fn subject(name: &str, stage: &str, figures: &[Figure]) -> String {
    let of_profile = match name {
        "n" => Some("N, the number of features,"),
        "replicates" => Some("the number of data sets"),
        "seed" => Some("the root seed"),
        "sampling" => Some("the way data are drawn"),
        "profile" => Some("the profile"),
        "chunk" => Some("the number of data sets a chunk"),
        "x" => return format!("the places of {stage}"),
        _ => None,
    };
    if let Some(words) = of_profile {
        return words.to_owned();
    }
    let found = figures.iter().find_map(|figure| Some((figure, name.strip_prefix(&figure.id)?.strip_prefix('.')?)));
    let Some((figure, key)) = found else { return format!("{name} of {stage}") };
    let parts: Vec<&str> = key.splitn(3, '.').collect();
    match parts[..] {
        [list, index, rest] if index.parse::<usize>().is_ok() => {
            let index: usize = index.parse().unwrap_or_default();
            let entry = match figure.curves.get(index) {
                Some(curve) if list == "curve" => format!("curve {}", curve.id),
                _ => format!("{list} {}", index + 1),
            };
            format!("{rest} of {entry} in {}", figure.id)
        }
        _ => format!("{key} of {}", figure.id),
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

    fn changed(name: &str, old: &str, new: &str) -> String {
        let reason = Staleness::ParameterChanged { name: name.into(), old: Some(old.into()), new: Some(new.into()) };
        in_words(&reason, "report", &[])
    }

    #[test]
    fn long_lists_are_told_by_what_came_and_went() {
        assert_eq!(changed("n", "400", "800"), "N, the number of features, changed: 400 → 800");
        assert_eq!(changed("x", "[1,2,3,4,5,6,7]", "[1,2,3,4,5,6,7,8]"), "the places of report changed: 8 added");
        assert_eq!(changed("x", "[1,2,3,4,5,6,7]", "[2,3,4,5,6,7,9]").matches("9 added, 1 gone").count(), 1);
        let long = changed("label", "a", &"b".repeat(500));
        assert!(long.chars().count() < 100, "{long}");
    }
}
