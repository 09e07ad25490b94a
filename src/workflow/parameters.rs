//! What a stage reads, as named text: the parameters of its key.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::pipeline::Digest;
use crate::spec::{Curve, Figure, Subject};

use super::Profile;

/// The same without the colours of its curves, for the stages that draw nothing.
pub(super) fn without_colours(figure: Figure) -> Figure {
    let curves = figure.curves.into_iter().map(|curve| Curve { color: None, ..curve }).collect();
    Figure { curves, ..figure }
}

/// What the name of the parameter ends with that tells the order of a list: no id begins with a dot.
pub const ORDER: &str = "..order";

/// A lineage or bound as named parameters: `lineage.data.alpha`, `lineage.stage.0.lambda`, ….
pub(super) fn subject_parameters(subject: &Subject) -> BTreeMap<String, String> {
    let mut parameters = BTreeMap::new();
    flatten("", &json!(subject), &mut parameters);
    parameters
}

/// A figure as named parameters, all of it: `fig05.title`, `fig05.curve.kd.label`, …, and `fig05.curve`, the order of
/// its curves.
pub(super) fn figure_parameters(figure: &Figure) -> BTreeMap<String, String> {
    let mut parameters = BTreeMap::new();
    flatten(&figure.id, &named(json!(figure)), &mut parameters);
    parameters
}

/// A profile as named parameters.
#[must_use]
pub fn profile_parameters(profile: &Profile) -> BTreeMap<String, String> {
    let Profile { name, n, replicates, chunk, sampling, seed } = profile;
    let [n, replicates, chunk, seed] = [*n as u64, (*replicates).into(), (*chunk).into(), *seed].map(|n| n.to_string());
    let named = [
        ("profile", name.clone()),
        ("n", n),
        ("replicates", replicates),
        ("chunk", chunk),
        ("sampling", sampling.name().to_owned()),
        ("seed", seed),
    ];
    named.map(|(name, value)| (name.to_owned(), value)).into()
}

/// A figure without the words that only the report reads, for the stages that are not to run again when they change:
/// these get nothing else to read, so that no word can reach their bytes without being in their key.
pub(super) fn without_numbers_told(figure: &Figure) -> Figure {
    Figure { caption: String::new(), numbers: Vec::new(), ..figure.clone() }
}

/// The same without the claims, for the stages that come before these are judged.
pub(super) fn without_words(figure: &Figure) -> Figure {
    Figure { claims: Vec::new(), ..without_numbers_told(figure) }
}

/// The lists of a figure by the names of their entries, where every entry has one of its own, with the names in order:
/// one entry more changes nothing of the others.
fn named(mut figure: Value) -> Value {
    for list in ["curve", "claim", "number"] {
        let Some(Value::Array(entries)) = figure.get(list) else { continue };
        let name = |entry: &Value| entry.get("id").or(entry.get("name"))?.as_str().map(str::to_owned);
        let Some(names) = entries.iter().map(name).collect::<Option<Vec<String>>>() else { continue };
        let by_name: serde_json::Map<String, Value> = names.iter().cloned().zip(entries.iter().cloned()).collect();
        if by_name.len() == names.len() {
            figure[list] = Value::Object(by_name);
            figure[format!("{list}{ORDER}")] = json!(names);
        }
    }
    figure
}

/// Numbers of a list that are told one by one.
const LONGEST_LIST: usize = 200;

/// Objects field by field and lists of objects entry by entry; other lists in one piece, a long one by its digest.
fn flatten(prefix: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    let key = |name: &str| if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, field)| flatten(&key(name), field, into)),
        Value::Array(entries) if entries.iter().any(Value::is_object) => {
            for (index, entry) in entries.iter().enumerate() {
                flatten(&key(&index.to_string()), entry, into);
            }
        }
        Value::Array(entries) if entries.len() > LONGEST_LIST => {
            let digest = Digest::of(text(value).as_bytes());
            into.insert(prefix.to_owned(), format!("{} entries, {digest}", entries.len()));
        }
        Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            into.insert(prefix.to_owned(), text(value));
        }
    }
}

/// A JSON value as a parameter: strings bare, everything else as written.
pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
