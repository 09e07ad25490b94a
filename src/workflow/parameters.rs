//! What a stage reads, as named text: the parameters of its key.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::pipeline::{Digest, Parameters};
use crate::spec::{Curve, Figure, Subject};

use super::Profile;

/// The same without the colours of its curves, for the stages that draw nothing.
pub(super) fn without_colours(figure: Figure) -> Figure {
    let curves = figure.curves.into_iter().map(|curve| Curve { color: None, ..curve }).collect();
    Figure { curves, ..figure }
}

/// A lineage or bound as named parameters: `data.alpha`, `stage.0.lambda`, ….
pub(super) fn subject_parameters(subject: &Subject) -> BTreeMap<String, String> {
    let mut parameters = BTreeMap::new();
    flatten("", &json!(subject), &mut parameters);
    parameters
}

/// All of a figure as named parameters: those of each curve, claim and number by its name, so that one more changes
/// nothing of the others.
pub(super) fn figure_parameters(figure: &Figure) -> Parameters {
    let mut parameters = Parameters::default();
    let mut value = json!(figure);
    let fields = value.as_object_mut().into_iter().flat_map(std::mem::take);
    for (list, field) in fields {
        match field {
            Value::Array(entries) if entries.is_empty() => {}
            Value::Array(entries) if entries.iter().any(Value::is_object) => {
                let name = |(index, entry): (usize, &Value)| match entry.get("id").or(entry.get("name")) {
                    Some(Value::String(name)) => format!("`{name}`"),
                    Some(_) | None => (index + 1).to_string(),
                };
                let names: Vec<String> = entries.iter().enumerate().map(name).collect();
                for (name, entry) in names.iter().zip(&entries) {
                    insert(&mut parameters, &part_of(figure, &list, name), entry);
                }
                parameters.echo(format!("the order of what is called {list} in {}", figure.id), names.join(" "));
            }
            field => insert(&mut parameters, &figure.id, &json!({ list: field })),
        }
    }
    parameters
}

fn insert(parameters: &mut Parameters, part: &str, value: &Value) {
    let mut flat = BTreeMap::new();
    flatten("", value, &mut flat);
    flat.into_iter().for_each(|(name, value)| parameters.insert(part, &name, value));
}

fn part_of(figure: &Figure, list: &str, name: &str) -> String {
    format!("{list} {name} in {}", figure.id)
}

/// What the parameters of a curve belong to.
pub(super) fn part_of_curve(figure: &Figure, curve: &Curve) -> String {
    part_of(figure, "curve", &format!("`{}`", curve.id))
}

/// What makes the data sets of a profile, as named text.
fn sizes(profile: &Profile) -> [(&'static str, String); 4] {
    let Profile { n, replicates, sampling, seed, name: _, chunk: _ } = profile;
    [
        ("n", n.to_string()),
        ("replicates", replicates.to_string()),
        ("sampling", sampling.name().to_owned()),
        ("seed", seed.to_string()),
    ]
}

/// What only follows: its name, and how it is cut into chunks.
fn labels(profile: &Profile) -> [(&'static str, String); 2] {
    [("profile", profile.name.clone()), ("chunk", profile.chunk.to_string())]
}

/// A profile as named text.
pub fn profile_values(profile: &Profile) -> impl Iterator<Item = (&'static str, String)> {
    labels(profile).into_iter().chain(sizes(profile))
}

/// A profile as named parameters.
pub(super) fn profile_parameters(profile: &Profile) -> Parameters {
    let mut parameters = Parameters::default();
    labels(profile).into_iter().for_each(|(name, value)| parameters.echo(name, value));
    sizes(profile).into_iter().for_each(|(name, value)| parameters.insert("the profile", name, value));
    parameters
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
