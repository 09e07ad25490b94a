//! What a project says of itself in `redistill.toml`: the head of its report, and profiles beside the built-in ones.

use std::path::Path;

use crate::experiment::Sampling;
use crate::spec::project_file::{ProfileTable, ProjectFile, SamplingName};
use crate::spec::{self, SpecError, read_text, toml_error, unprintable};

use super::profile::{Profile, SizeError, Sizes};

/// Name of the file.
pub const PROJECT_FILE: &str = "redistill.toml";
/// The profile whose sizes a new one begins with.
const BASE: &str = "quick";

/// What stands at the head of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its title, plain.
    pub title: String,
    /// What it is about, Markdown.
    pub lede: String,
}

/// The head of a report whose project says nothing of it.
const TITLE: &str = "Theory and simulation, side by side";
const LEDE: &str =
    "Every figure is computed twice, by theory and by training on finite data, and every claim is judged.";
/// Characters of a title at most.
const LONGEST_TITLE: usize = 200;

fn sizes(table: &ProfileTable) -> Sizes {
    Sizes {
        // what does not fit is out of bounds in any case
        n: table.n.map(|n| usize::try_from(n).unwrap_or(usize::MAX)),
        replicates: table.replicates.map(|replicates| u32::try_from(replicates).unwrap_or(u32::MAX)),
        sampling: table.sampling.map(|name| match name {
            SamplingName::Stratified => Sampling::Stratified,
            SamplingName::Iid => Sampling::Iid,
        }),
        seed: table.seed,
    }
}

/// The file with its text; an empty one where there is none.
fn read(root: &Path) -> Result<(ProjectFile, String), SpecError> {
    let path = root.join(PROJECT_FILE);
    if !path.exists() {
        return Ok(Default::default());
    }
    let text = read_text(&path)?;
    let file = toml::from_str(&text)
        .map_err(|error| SpecError::Shape { path: path.clone(), message: toml_error(&text, &error) })?;
    Ok((file, text))
}

/// A value of the file that is refused.
fn refused(root: &Path, text: &str, key: String, problem: String, valid: String) -> SpecError {
    SpecError::Value { path: root.join(PROJECT_FILE), line: None, key, problem, valid }.located(text)
}

/// What the project puts at the head of its report.
///
/// # Errors
/// The project file cannot be read, or its words cannot be shown; with file and line.
pub fn head(root: &Path) -> Result<Head, SpecError> {
    let (file, text) = read(root)?;
    let refuse =
        |key: &str, problem: String, valid: String| refused(root, &text, format!("report.{key}"), problem, valid);
    let control = |found: char| format!("holds the control character {found:?}");
    let title = file.report.title.unwrap_or_else(|| TITLE.to_owned());
    let one_line = || format!("a line of 1 to {LONGEST_TITLE} characters");
    if let Some(found) = unprintable(&title, false) {
        return Err(refuse("title", control(found), one_line()));
    }
    let length = title.chars().count();
    if title.trim().is_empty() || length > LONGEST_TITLE {
        return Err(refuse("title", format!("has {length} characters"), one_line()));
    }
    let lede = file.report.lede.unwrap_or_else(|| LEDE.to_owned());
    if let Some(found) = unprintable(&lede, true) {
        return Err(refuse("lede", control(found), "text".to_owned()));
    }
    match spec::fault_of_text(&lede) {
        Some((problem, valid)) => Err(refuse("lede", problem, valid)),
        None => Ok(Head { title, lede }),
    }
}

/// The profiles that a project may be run at: its own, then the built-in ones.
///
/// # Errors
/// The project file cannot be read, has an unknown key, or a value or name that is not valid; with file and line.
pub fn profiles(root: &Path) -> Result<Vec<Profile>, SpecError> {
    let (file, text) = read(root)?;
    let refuse = |key: String, problem: String, valid: String| refused(root, &text, key, problem, valid);
    let mut profiles = Vec::new();
    for (name, table) in &file.profile {
        let key = format!("profile.{name}");
        if let Err(valid) = spec::figure_id(name) {
            return Err(refuse(key, format!("`{}` is no name", spec::clip(name, 64)), valid));
        }
        if Profile::named(name).is_some() {
            let names = Profile::NAMES.join(", ");
            return Err(refuse(key, format!("`{name}` is built in"), format!("a name that is not {names}")));
        }
        let sizes = sizes(table);
        sizes.check().map_err(|SizeError { key: size, value, valid }| {
            refuse(format!("{key}.{size}"), format!("{value} is out of range"), valid)
        })?;
        profiles.extend(Profile::named(BASE).map(|base| base.resized(name, &sizes)));
    }
    profiles.extend(Profile::NAMES.into_iter().filter_map(Profile::named));
    Ok(profiles)
}
