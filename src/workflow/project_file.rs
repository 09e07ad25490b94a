//! `redistill.toml`, at a project's root: profiles of its own, beside the built-in ones.
//!
//! ```text
//! [profile.large]
//! n = 2000              # features
//! replicates = 8        # data sets a point
//! sampling = "iid"      # or "stratified"
//! seed = 7
//! ```
//!
//! What is left out is as in `quick`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::experiment::Sampling;
use crate::spec::{self, SpecError, read_text, toml_error};

use super::profile::{Profile, SizeError, Sizes};

/// Name of the file.
pub const PROJECT_FILE: &str = "redistill.toml";
/// The profile whose sizes a new one begins with.
const BASE: &str = "quick";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProjectFile {
    #[serde(default)]
    profile: BTreeMap<String, ProfileTable>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileTable {
    n: Option<u64>,
    replicates: Option<u64>,
    sampling: Option<SamplingName>,
    seed: Option<u64>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SamplingName {
    Stratified,
    Iid,
}

impl ProfileTable {
    fn sizes(&self) -> Sizes {
        Sizes {
            // what does not fit is out of bounds in any case
            n: self.n.map(|n| usize::try_from(n).unwrap_or(usize::MAX)),
            replicates: self.replicates.map(|replicates| u32::try_from(replicates).unwrap_or(u32::MAX)),
            sampling: self.sampling.map(|name| match name {
                SamplingName::Stratified => Sampling::Stratified,
                SamplingName::Iid => Sampling::Iid,
            }),
            seed: self.seed,
        }
    }
}

/// The profiles that a project may be run at: its own, then the built-in ones.
///
/// # Errors
/// The project file cannot be read, has an unknown key, or a value or name that is not valid; with file and line.
pub fn profiles(root: &Path) -> Result<Vec<Profile>, SpecError> {
    let built_in = || Profile::NAMES.into_iter().filter_map(Profile::named);
    let path = root.join(PROJECT_FILE);
    if !path.exists() {
        return Ok(built_in().collect());
    }
    let text = read_text(&path)?;
    let file: ProjectFile = toml::from_str(&text)
        .map_err(|error| SpecError::Shape { path: path.clone(), message: toml_error(&text, &error) })?;
    let refuse = |key: String, problem: String, valid: String| {
        SpecError::Value { path: path.clone(), line: None, key, problem, valid }.located(&text)
    };
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
        let sizes = table.sizes();
        sizes.check().map_err(|SizeError { key: size, value, valid }| {
            refuse(format!("{key}.{size}"), format!("{value} is out of range"), valid)
        })?;
        profiles.extend(Profile::named(BASE).map(|base| base.resized(name, &sizes)));
    }
    profiles.extend(built_in());
    Ok(profiles)
}
