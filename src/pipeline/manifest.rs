//! The manifest: which code, on which machine, made which outputs, at what cost.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde::Serialize;

use super::digest::Digest;
use super::error::Error;
use super::execute::Summary;
use super::graph::Graph;
use super::plan::{self, Verdict};
use super::platform::{Platform, peak_memory};
use super::receipt::{Product, Receipt};
use super::source;
use super::stage::Stage;
use super::store::{Folders, Store, write_atomically};

/// Name of the manifest in the output folder.
pub const MANIFEST: &str = "manifest.json";

/// State of the source tree a run was started in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Revision {
    /// The commit that is checked out.
    pub commit: String,
    /// Whether anything differs from it, untracked files included.
    pub dirty: bool,
}

impl Revision {
    /// Asks `git` about the folder `root`; `None` without git or outside a repository.
    #[must_use]
    pub fn of(root: &Path) -> Option<Self> {
        let git = |arguments: &[&str]| {
            let output = Command::new("git").arg("-C").arg(root).args(arguments).output().ok()?;
            output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        };
        let commit = git(&["rev-parse", "HEAD"])?;
        let dirty = !git(&["status", "--porcelain"])?.is_empty();
        Some(Self { commit, dirty })
    }
}

/// What the manifest says of one stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageRecord {
    /// The stage's kind.
    pub kind: &'static str,
    /// Its key.
    pub key: Digest,
    /// Whether this run made it; otherwise the numbers are those of the run that did.
    pub ran: bool,
    /// Wall time in seconds.
    pub seconds: f64,
    /// Highest resident memory of the process until then, in bytes.
    pub peak_bytes: Option<u64>,
    /// What the work measured of itself.
    pub measures: BTreeMap<String, f64>,
    /// Its outputs.
    pub outputs: Vec<Product>,
}

/// What a run leaves behind about itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Manifest {
    /// Name of the program.
    pub program: &'static str,
    /// Its version.
    pub version: &'static str,
    /// State of the source tree, `None` where it is not known.
    pub revision: Option<Revision>,
    /// The compiler.
    pub toolchain: &'static str,
    /// Digest of the lockfile the program was built with.
    pub lockfile: Digest,
    /// The machine.
    pub platform: Platform,
    /// The profile of the run.
    pub profile: String,
    /// What the profile stands for, by name.
    pub sizes: BTreeMap<String, String>,
    /// The command line.
    pub command: Vec<String>,
    /// Number of threads.
    pub threads: usize,
    /// When the run started, UTC.
    pub started: String,
    /// When it finished, UTC.
    pub finished: String,
    /// Seconds by the clock on the wall that this run took.
    pub wall_seconds: f64,
    /// Highest resident memory of the process in bytes.
    pub peak_bytes: Option<u64>,
    /// Seconds of all stages together, over all runs that made them.
    pub stage_seconds: f64,
    /// Sum of each measure over all stages.
    pub measures: BTreeMap<String, f64>,
    /// Every stage of the graph that is fresh, by id.
    pub stages: BTreeMap<String, StageRecord>,
}

/// What the caller knows about a run.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// The profile.
    pub profile: String,
    /// What the profile stands for, by name.
    pub sizes: BTreeMap<String, String>,
    /// The command line as it was given.
    pub command: Vec<String>,
    /// Number of threads.
    pub threads: usize,
    /// When the run started, from [`timestamp`](super::timestamp).
    pub started: String,
    /// Seconds since then.
    pub wall_seconds: f64,
}

impl Manifest {
    /// Gathers the manifest of a run that has just finished.
    ///
    /// # Errors
    /// The journal can't be read.
    pub fn gather(graph: &Graph, folders: &Folders, summary: &Summary, about: &About) -> Result<Self, Error> {
        let store = Store::read_only(folders)?;
        let ran: BTreeSet<&str> = summary.ran.iter().map(String::as_str).collect();
        let mut stages = BTreeMap::new();
        for (stage, receipt) in current(graph, &store)? {
            stages.insert(
                stage.id.clone(),
                StageRecord {
                    kind: stage.kind,
                    key: receipt.key,
                    ran: ran.contains(stage.id.as_str()),
                    seconds: receipt.seconds,
                    peak_bytes: receipt.peak_bytes,
                    measures: receipt.measures,
                    outputs: receipt.products,
                },
            );
        }
        let mut measures: BTreeMap<String, f64> = BTreeMap::new();
        for (name, value) in stages.values().flat_map(|stage| &stage.measures) {
            *measures.entry(name.clone()).or_default() += value;
        }
        Ok(Self {
            program: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            revision: Revision::of(&folders.root),
            toolchain: source::compiler(),
            lockfile: source::lockfile(),
            platform: Platform::current(),
            profile: about.profile.clone(),
            sizes: about.sizes.clone(),
            command: about.command.clone(),
            threads: about.threads,
            started: about.started.clone(),
            finished: super::timestamp(),
            wall_seconds: about.wall_seconds,
            peak_bytes: peak_memory(),
            stage_seconds: stages.values().map(|stage| stage.seconds).sum(),
            measures,
            stages,
        })
    }

    /// Writes `manifest.json` into the output folder.
    ///
    /// # Errors
    /// It can't be written.
    pub fn write(&self, out: &Path) -> Result<(), Error> {
        let path = out.join(MANIFEST);
        write_json(out, &path, self)
    }
}

/// The fresh stages with the receipts they are fresh by.
fn current<'a>(graph: &'a Graph, store: &Store) -> Result<Vec<(&'a Stage, Receipt)>, Error> {
    let mut digests = vec![None; graph.stages().len()];
    let mut fresh = Vec::new();
    for position in graph.in_order(&graph.all()) {
        let stage = &graph.stages()[position];
        let assessment = plan::assess(graph, position, store, |input: usize| digests[input].clone(), false)?;
        if assessment.verdict == Verdict::Fresh
            && let Some(key) = assessment.parts.key(&stage.id)
            && let Some(receipt) = store.receipts().with_key(&stage.id, &key)
        {
            digests[position] = Some(receipt.digest());
            fresh.push((stage, receipt.clone()));
        }
    }
    Ok(fresh)
}

/// Writes `value` as indented JSON, all or nothing.
pub(super) fn write_json(out: &Path, path: &Path, value: &impl Serialize) -> Result<(), Error> {
    let bytes = serde_json::to_vec_pretty(value).map_err(std::io::Error::from);
    let mut bytes = bytes.map_err(Error::io("write", path))?;
    bytes.push(b'\n');
    write_atomically(out, path, &bytes)
}
