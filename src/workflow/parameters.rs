//! What a stage reads, as named text: the parameters of its key.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::model::Setting;

/// A setting as named parameters: `mixture.alpha`, `teacher.lambda`, ….
pub(super) fn setting_parameters(setting: &Setting) -> BTreeMap<String, String> {
    fn flatten(prefix: &str, value: &Value, into: &mut BTreeMap<String, String>) {
        match value {
            Value::Object(fields) => {
                for (name, field) in fields {
                    let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                    flatten(&key, field, into);
                }
            }
            _ => {
                into.insert(prefix.to_owned(), text(value));
            }
        }
    }
    let mut parameters = BTreeMap::new();
    flatten("", &json!(setting), &mut parameters);
    parameters
}

/// A JSON value as a parameter: strings bare, everything else as written.
pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
