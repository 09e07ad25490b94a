//! What changed, in words: the reasons of a stale stage as `why` tells them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::pipeline::Staleness;
use crate::spec::{Figure, clip};
use crate::workflow::ORDER;

/// Characters of a value that is told.
const LONGEST: usize = 60;
/// Entries of a list that are told one by one.
const MOST: usize = 6;

/// All reasons in sentences without full stops, each once, without those that another explains; `stage` is what they
/// make stale.
pub(super) fn in_words(reasons: &[Staleness], stage: &str, figures: &[Figure]) -> Vec<String> {
    let changed: BTreeSet<&str> = reasons.iter().filter_map(parameter_of).collect();
    let mut entries: Vec<Entry> = Vec::new();
    for reason in reasons {
        if let Staleness::ParameterChanged { name, old: Some(old), new: Some(new) } = reason {
            entries.extend(changed_entries(name, old, new));
        }
    }
    let mut told: Vec<String> = entries.iter().map(Entry::told).collect();
    let (mut plain, mut consequences) = (Vec::new(), Vec::new());
    for reason in reasons {
        let name = parameter_of(reason).unwrap_or_default();
        if name.ends_with(ORDER) || entries.iter().any(|entry| entry.covers(name)) {
            continue;
        }
        let sentence = sentence(reason, stage, figures);
        if follows(reason, &changed) { consequences.push(sentence) } else { plain.push(sentence) }
    }
    told.extend(plain);
    if told.is_empty() {
        told = consequences;
    }
    let mut seen = BTreeSet::new();
    told.retain(|sentence| seen.insert(sentence.clone()));
    told
}

/// The parameter that a reason is about, if it is about one.
fn parameter_of(reason: &Staleness) -> Option<&str> {
    match reason {
        Staleness::ParameterChanged { name, .. } => Some(name),
        Staleness::NeverBuilt
        | Staleness::Forced
        | Staleness::DefinitionChanged { .. }
        | Staleness::InputChanged { .. }
        | Staleness::FileChanged { .. }
        | Staleness::SourceChanged { .. }
        | Staleness::OutputMissing { .. }
        | Staleness::OutputEdited { .. }
        | Staleness::InputStale { .. } => None,
    }
}

/// Sizes of a profile: what differs for them is told by them.
const SIZES: [&str; 4] = ["n", "replicates", "sampling", "seed"];

/// Whether a reason holds because another does.
fn follows(reason: &Staleness, changed: &BTreeSet<&str>) -> bool {
    let sized = SIZES.iter().any(|size| changed.contains(size));
    match (parameter_of(reason), reason) {
        // a digest of all the others
        (Some("question"), _) => true,
        (Some("profile" | "chunk"), _) => sized,
        (Some(other), _) => other.contains(" at ") && sized,
        // chunks come and go with the points that parameters tell of
        (None, Staleness::InputChanged { input, old, new }) => {
            (old.is_none() || new.is_none()) && ["trials/", "theory/"].iter().any(|kind| input.starts_with(kind))
        }
        (None, _) => false,
    }
}

/// A curve, a claim or a number that came or went, or a list of them that changed its order.
struct Entry {
    figure: String,
    list: String,
    change: Change,
}

enum Change {
    New(String),
    Gone(String),
    Moved,
}

/// What came and went between two orders of a list; nothing where the parameter is no order.
fn changed_entries(name: &str, old: &str, new: &str) -> Vec<Entry> {
    let Some((figure, list)) = name.strip_suffix(ORDER).and_then(|name| name.rsplit_once('.')) else {
        return Vec::new();
    };
    let ids = |text: &str| serde_json::from_str::<Vec<String>>(text).unwrap_or_default();
    let (old, new) = (ids(old), ids(new));
    let only = |list: &[String], other: &[String]| -> Vec<String> {
        list.iter().filter(|id| !other.contains(id)).cloned().collect()
    };
    let mut changes: Vec<Change> = only(&new, &old).into_iter().map(Change::New).collect();
    changes.extend(only(&old, &new).into_iter().map(Change::Gone));
    if changes.is_empty() {
        changes.push(Change::Moved);
    }
    let entry = |change| Entry { figure: figure.to_owned(), list: list.to_owned(), change };
    changes.into_iter().map(entry).collect()
}

impl Entry {
    fn told(&self) -> String {
        let Self { figure, list, change } = self;
        match change {
            Change::New(id) => format!("{list} `{id}` is new in {figure}"),
            Change::Gone(id) => format!("{list} `{id}` is gone from {figure}"),
            Change::Moved => format!("the {list}s of {figure} stand in another order"),
        }
    }

    /// Whether a parameter is one of an entry that came or went.
    fn covers(&self, name: &str) -> bool {
        let Self { figure, list, change } = self;
        let (Change::New(id) | Change::Gone(id)) = change else { return false };
        name.starts_with(&format!("{figure}.{list}.{id}."))
            || name == format!("{figure}.optima.{id}")
            || (list == "curve" && name.starts_with(&format!("{id} at ")))
    }
}

/// One reason as a sentence without a full stop.
fn sentence(reason: &Staleness, stage: &str, figures: &[Figure]) -> String {
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
    if let Some(figure) = name.strip_suffix("print") {
        return match figure.trim_end_matches('.') {
            "" => format!("what was read off print for {stage} changed"),
            figure => format!("what was read off print for {figure} changed"),
        };
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

/// What a parameter is called: `fig05.curve.kd.data.rho` is "data.rho of curve `kd` in fig05".
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
    let curves = || figure.curves.iter().map(|curve| curve.id.as_str()).collect::<Vec<_>>();
    let lists = [
        ("curve", curves()),
        ("claim", figure.claims.iter().map(|claim| claim.id.as_str()).collect()),
        ("number", figure.numbers.iter().map(|number| number.name.as_str()).collect()),
        ("optima", curves()),
    ];
    for (list, ids) in lists {
        let Some(rest) = key.strip_prefix(list).and_then(|rest| rest.strip_prefix('.')) else { continue };
        // ids may hold dots
        let of = |id: &'_ str| rest.strip_prefix(id).filter(|rest| rest.is_empty() || rest.starts_with('.'));
        match ids.iter().find_map(|id| Some((id, of(id)?))) {
            Some((id, "")) => return format!("what claims and numbers ask of curve `{id}` in {}", figure.id),
            Some((id, rest)) => return format!("{} of {list} `{id}` in {}", &rest[1..], figure.id),
            None => {}
        }
    }
    let parts: Vec<&str> = key.splitn(3, '.').collect();
    match parts[..] {
        [list, index, rest] if index.parse::<usize>().is_ok() => {
            let index: usize = index.parse().unwrap_or_default();
            format!("{rest} of {list} {} in {}", index + 1, figure.id)
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
        sentence(&reason, "report", &[])
    }

    #[test]
    fn what_comes_goes_or_follows_is_told_once() {
        let reason = |name: &str, old: Option<&str>, new: Option<&str>| Staleness::ParameterChanged {
            name: name.into(),
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
        };
        let told = |reasons: &[Staleness]| in_words(reasons, "it", &[]);
        let new = [
            reason(&format!("a.curve{ORDER}"), Some(r#"["b"]"#), Some(r#"["b","c.1"]"#)),
            reason("a.curve.c.1.chi", None, Some("null")),
            reason("a.optima.c.1", None, Some("[]")),
            reason("c.1 at 3", None, Some("trials/x")),
        ];
        assert_eq!(told(&new), ["curve `c.1` is new in a"]);
        let moved = [reason(&format!("a.curve{ORDER}"), Some(r#"["b","c"]"#), Some(r#"["c","b"]"#))];
        assert_eq!(told(&moved), ["the curves of a stand in another order"]);
        let sized = [
            reason("chunk", Some("3"), Some("4")),
            reason("replicates", Some("12"), Some("16")),
            reason("b at 3", Some("x"), Some("y")),
        ];
        assert_eq!(told(&sized), ["the number of data sets changed: 12 → 16"]);
        let print = [reason("a.print", Some("01"), Some("02")), reason("a.print", Some("01"), Some("02"))];
        assert_eq!(told(&print), ["what was read off print for a changed"]);
        assert_eq!(told(&[reason("question", Some("0"), Some("1"))]), ["the settings that it solves changed"]);
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
