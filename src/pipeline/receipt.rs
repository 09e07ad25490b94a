//! Keys and receipts: what a stage's outputs depend on, and the record that they were made.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::stage::{Parameters, Place, SCHEMA, Stage};

/// Every part of a stage's key, kept apart so that a change can be shown as old → new.
///
/// An input whose digest is not known before another stage has run is `None`; receipts have none of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    /// Version of the cache's format.
    pub schema: u32,
    /// What sort of stage.
    pub kind: String,
    /// Digest of the program that makes it.
    pub source: String,
    /// Names of the outputs, in order.
    pub outputs: Vec<PathBuf>,
    /// What it reads.
    pub parameters: Parameters,
    /// Digests of the outputs of the input stages, by stage.
    pub inputs: BTreeMap<String, Option<Digest>>,
    /// Digests of source files, by path relative to the project's root.
    pub files: BTreeMap<String, Digest>,
}

impl Parts {
    pub(super) fn new(
        stage: &Stage,
        inputs: BTreeMap<String, Option<Digest>>,
        files: BTreeMap<String, Digest>,
    ) -> Self {
        Self {
            schema: SCHEMA,
            kind: stage.kind.to_owned(),
            source: stage.source.clone(),
            outputs: stage.outputs.clone(),
            parameters: stage.parameters.clone(),
            inputs,
            files,
        }
    }

    /// The key of stage `id` with these parts, if all inputs are known.
    #[must_use]
    pub fn key(&self, id: &str) -> Option<Digest> {
        if self.inputs.values().any(Option::is_none) {
            return None;
        }
        let parts = serde_json::to_vec(self).ok()?;
        Some(Digest::of_sequence([id.as_bytes(), &parts]))
    }

    /// Whether `past` agrees in every part that is known.
    pub(super) fn agree_with(&self, past: &Self) -> bool {
        self.schema == past.schema
            && self.kind == past.kind
            && self.source == past.source
            && self.outputs == past.outputs
            && self.parameters == past.parameters
            && self.files == past.files
            && self.inputs.len() == past.inputs.len()
            && self.inputs.iter().zip(&past.inputs).all(|(now, then)| {
                now.0 == then.0 && now.1.as_ref().is_none_or(|digest| Some(digest) == then.1.as_ref())
            })
    }
}

/// One output as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Path relative to the output folder, or the name of a chunk in the cache.
    pub path: PathBuf,
    /// Digest of its bytes.
    pub digest: Digest,
    /// Its length.
    pub bytes: u64,
}

/// The record of a stage that finished.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// The stage.
    pub stage: String,
    /// Its key then.
    pub key: Digest,
    /// The parts of that key.
    pub parts: Parts,
    /// Where the outputs live: in the cache, or in the folder.
    pub cached: bool,
    /// The outputs, in the stage's order.
    pub products: Vec<Product>,
    /// Wall time in seconds; the members of a group add up to the group's time.
    pub seconds: f64,
    /// Highest resident memory of the process so far, in bytes, where the system tells.
    pub peak_bytes: Option<u64>,
    /// What the work measured of itself, e.g. floating-point operations.
    pub measures: BTreeMap<String, f64>,
}

impl Receipt {
    /// Where the outputs live.
    #[must_use]
    pub fn place(&self) -> Place {
        if self.cached { Place::Cache } else { Place::Folder }
    }

    /// One digest for all outputs: what the keys of dependent stages contain.
    #[must_use]
    pub fn digest(&self) -> Digest {
        match self.products.as_slice() {
            [only] => only.digest.clone(),
            several => Digest::of_sequence(several.iter().map(|product| product.digest.as_str().as_bytes())),
        }
    }
}
