//! A stage: one thing to make, with everything its bytes may depend on.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Version of what receipts and cached chunks mean; it is part of every key.
pub const SCHEMA: u32 = 2;

/// Name of the private folder inside the output folder, of the cache among other things.
pub(super) const CACHE: &str = ".cache";

/// Where the outputs of a stage live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the cache under the digest of their bytes, so that another parameter or profile replaces nothing.
    Cache,
    /// At their own path in the output folder, where a reader looks for them.
    Folder,
}

/// What a stage reads, as named text, by what it belongs to.
///
/// ```
/// use redistill::pipeline::Parameters;
///
/// let mut parameters = Parameters::from([("seed".to_owned(), "7".to_owned())]);
/// parameters.insert("curve `kd` in fig05", "rho", "0.2");
/// assert_eq!((parameters.own("seed"), parameters.own("rho")), (Some("7"), None));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameters {
    /// By what they belong to, in words, and by name; the stage's own belong to "".
    pub(super) told: BTreeMap<String, BTreeMap<String, String>>,
    /// What differs only where something else does that says it better: digests, orders, names of chunks.
    pub(super) echoes: BTreeMap<String, String>,
}

impl Parameters {
    /// A parameter of the stage itself.
    #[must_use]
    pub fn own(&self, name: &str) -> Option<&str> {
        self.told.get("")?.get(name).map(String::as_str)
    }

    /// Adds one that belongs to a part of what is read, or with "" to the stage itself.
    pub fn insert(&mut self, part: &str, name: &str, value: impl Into<String>) {
        self.told.entry(part.to_owned()).or_default().insert(name.to_owned(), value.into());
    }

    /// Adds one that differs only where another does.
    pub fn echo(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.echoes.insert(name.into(), value.into());
    }

    /// Adds all of others.
    pub fn extend(&mut self, others: Self) {
        for (part, parameters) in others.told {
            self.told.entry(part).or_default().extend(parameters);
        }
        self.echoes.extend(others.echoes);
    }
}

impl<I: IntoIterator<Item = (String, String)>> From<I> for Parameters {
    fn from(own: I) -> Self {
        Self { told: [(String::new(), own.into_iter().collect())].into(), ..Self::default() }
    }
}

/// One step of the pipeline: what it makes and all that it reads.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stage {
    /// Unique name, e.g. `theory/fig05/kd_lt1e-1` or `figure/fig05`; the part before the last `/` is its family.
    pub id: String,
    /// What sort of stage it is, e.g. `theory`, `trial`, `table`, `figure`, `report`.
    pub kind: &'static str,
    /// One line for a human.
    pub about: String,
    /// Every parameter it reads.
    pub parameters: Parameters,
    /// Ids of the stages whose outputs it reads.
    pub inputs: Vec<String>,
    /// Source files it reads, relative to the project's root; their contents count, not their times.
    pub files: Vec<PathBuf>,
    /// What it makes: paths relative to the output folder, or mere names when kept in the cache.
    pub outputs: Vec<PathBuf>,
    /// Where the outputs live.
    pub place: Place,
    /// Digest of the program that makes it or of its core, see [`source`](super::source).
    pub source: String,
    /// Stages with the same group are handed to the work together so that they can share data.
    pub group: Option<String>,
    /// Estimated cost in any one unit, by which a run chooses what to begin with.
    pub weight: f64,
}

impl Stage {
    /// A stage of weight 1 that reads and makes nothing yet; the rest is filled in by struct update.
    #[must_use]
    pub fn new(id: impl Into<String>, kind: &'static str, place: Place) -> Self {
        Self {
            id: id.into(),
            kind,
            about: String::new(),
            parameters: Parameters::default(),
            inputs: Vec::new(),
            files: Vec::new(),
            outputs: Vec::new(),
            place,
            source: String::new(),
            group: None,
            weight: 1.0,
        }
    }

    /// What the stage is counted under where single chunks are too many to show.
    ///
    /// Chunks go by their id up to the last `/`; a stage with visible outputs stands for itself.
    #[must_use]
    pub fn family(&self) -> &str {
        match self.place {
            Place::Cache => self.id.rsplit_once('/').map_or(self.id.as_str(), |(family, _)| family),
            Place::Folder => &self.id,
        }
    }
}
