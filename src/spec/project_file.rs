//! `redistill.toml` as written, at a project's root: what its report is called, and profiles of its own.
//!
//! ```text
//! [report]
//! title = "Teachers of my own"
//! lede = "What a student takes over from a teacher that sees less."
//!
//! [profile.large]
//! n = 2000              # features
//! replicates = 8        # data sets a point
//! sampling = "iid"      # or "stratified"
//! seed = 7
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;

/// The file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectFile {
    /// What stands at the head of the report.
    #[serde(default)]
    pub report: ReportTable,
    /// Sizes of experiments by their names, beside the built-in ones.
    #[serde(default)]
    pub profile: BTreeMap<String, ProfileTable>,
}

/// What stands at the head of the report.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportTable {
    /// Its title, in plain words; neutral ones when absent.
    pub title: Option<String>,
    /// What it is about, in a few sentences of Markdown below the title; neutral ones when absent.
    pub lede: Option<String>,
}

/// Sizes of the experiments; what is left out is as in `quick`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileTable {
    /// N, features.
    pub n: Option<u64>,
    /// Independent data sets a point.
    pub replicates: Option<u64>,
    /// What is left to chance in a data set: `"stratified"` or `"iid"`.
    pub sampling: Option<SamplingName>,
    /// Root seed.
    pub seed: Option<u64>,
}

/// What may be left to chance in a data set.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SamplingName {
    /// Class counts and v are their means.
    Stratified,
    /// Labels are drawn one by one, and v is Gaussian.
    Iid,
}
