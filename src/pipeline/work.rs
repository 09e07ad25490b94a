//! What the pipeline asks of those who fill in the stages, and what it hands them.

use std::collections::BTreeMap;
use std::error;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use thiserror::Error;

use super::clock::Stopwatch;
use super::digest::Digest;
use super::disk;
use super::error::Error;
use super::event::{Event, Progress};
use super::graph::Graph;
use super::plan::Assessment;
use super::platform;
use super::receipt::{Product, Receipt};
use super::stage::{Place, Stage};
use super::store::{Store, unpoisoned};

/// Makes the outputs of stages.
///
/// The bytes may depend on nothing but what the stage declares: its parameters, inputs and files.
pub trait Work: Sync {
    /// Makes all of `stages`, which share a group, calling [`Context::finish`] once for each.
    ///
    /// # Errors
    /// Whatever keeps a stage from finishing; members that have finished stay finished.
    fn run(&self, stages: &[&Stage], context: &Context<'_>) -> Result<(), WorkError>;
}

/// Why a stage did not finish.
#[derive(Debug, Error)]
pub enum WorkError {
    /// It stopped because [`Context::interrupted`] told it to.
    #[error("interrupted")]
    Interrupted,
    /// It could not be made.
    #[error("{0}")]
    Failed(Box<dyn error::Error + Send + Sync>),
    /// It was made but could not be stored, or an input could not be read.
    #[error(transparent)]
    Store(#[from] Error),
}

impl WorkError {
    /// Wraps any error or text.
    pub fn failed(reason: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self::Failed(reason.into())
    }
}

/// The work's view of the pipeline while it makes the stages of one group.
pub struct Context<'a> {
    pub(super) graph: &'a Graph,
    pub(super) store: &'a Store,
    pub(super) progress: &'a dyn Progress,
    pub(super) stops: [&'a AtomicBool; 2],
    /// The stages handed out, by position in the graph.
    pub(super) members: BTreeMap<usize, Assessment>,
    pub(super) finished: Mutex<BTreeMap<usize, Done>>,
    pub(super) watch: Mutex<Stopwatch>,
}

/// A stage of the group that has finished.
#[derive(Debug)]
pub(super) struct Done {
    pub digest: Digest,
    /// Whether a receipt with the same key told of other bytes.
    pub contradicts: bool,
}

impl Context<'_> {
    /// Whether the work should stop now and return [`WorkError::Interrupted`]; cheap, to be asked several times a second.
    #[must_use]
    pub fn interrupted(&self) -> bool {
        self.stops.iter().any(|stop| stop.load(Ordering::Relaxed))
    }

    /// `Ok` to go on, [`WorkError::Interrupted`] to stop; for use with `?`.
    ///
    /// # Errors
    /// The run was interrupted, or given up because another stage failed.
    pub fn checkpoint(&self) -> Result<(), WorkError> {
        if self.interrupted() { Err(WorkError::Interrupted) } else { Ok(()) }
    }

    /// Bytes of every output of `input`, which `stage` must have declared.
    ///
    /// # Errors
    /// `input` is not declared, can't be read, or was edited since the run began.
    pub fn read(&self, stage: &Stage, input: &str) -> Result<Vec<Vec<u8>>, WorkError> {
        self.products(stage, input)?.iter().map(|(path, digest)| read_as(path, digest)).collect()
    }

    /// Path of every output of `input`, which `stage` must have declared.
    ///
    /// # Errors
    /// `input` is not declared.
    pub fn paths(&self, stage: &Stage, input: &str) -> Result<Vec<PathBuf>, WorkError> {
        Ok(self.products(stage, input)?.into_iter().map(|(path, _)| path).collect())
    }

    /// Bytes of a source file, which `stage` must have declared.
    ///
    /// # Errors
    /// `file` is not declared, can't be read, or was edited since the run began.
    pub fn file(&self, stage: &Stage, file: &str) -> Result<Vec<u8>, WorkError> {
        let digest = self.member(stage).and_then(|member| member.parts.files.get(file));
        read_as(&self.store.root().join(file), digest.ok_or_else(|| undeclared(stage, file))?)
    }

    fn member(&self, stage: &Stage) -> Option<&Assessment> {
        self.graph.position(&stage.id).and_then(|position| self.members.get(&position))
    }

    /// Where the outputs of `input` are, and the digests the key of `stage` is made from.
    fn products(&self, stage: &Stage, input: &str) -> Result<Vec<(PathBuf, Digest)>, WorkError> {
        let digest = self.member(stage).and_then(|member| member.parts.inputs.get(input)?.as_ref());
        let digest = digest.ok_or_else(|| undeclared(stage, input))?;
        let receipts = self.store.receipts();
        // Not the last receipt but the one with these bytes: a chunk may have one from each profile.
        let receipt = receipts.of(input).iter().rev().find(|receipt| receipt.digest() == *digest);
        let receipt = receipt.ok_or_else(|| WorkError::failed(format!("{input} has no receipt")))?;
        let place = |product: &Product| (self.store.path(receipt.place(), product), product.digest.clone());
        Ok(receipt.products.iter().map(place).collect())
    }

    /// Saves the outputs of one stage at once, so that a kill a moment later loses nothing of it.
    ///
    /// # Errors
    /// The stage is not one of those handed out, is finished already, has another number of outputs, or can't be stored.
    pub fn finish(&self, stage: &Stage, outputs: &[Vec<u8>]) -> Result<(), WorkError> {
        self.finish_measured(stage, outputs, BTreeMap::new())
    }

    /// As [`finish`](Self::finish), with numbers for the manifest, e.g. floating-point operations by name.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub fn finish_measured(
        &self,
        stage: &Stage,
        outputs: &[Vec<u8>],
        measures: BTreeMap<String, f64>,
    ) -> Result<(), WorkError> {
        let misuse = |what: &str| WorkError::failed(format!("{} {what}", stage.id));
        let member = self.graph.position(&stage.id).and_then(|position| self.members.get_key_value(&position));
        let (&position, assessment) = member.ok_or_else(|| misuse("was not asked for"))?;
        if outputs.len() != stage.outputs.len() {
            return Err(misuse(&format!("gave {} outputs, not {}", outputs.len(), stage.outputs.len())));
        }
        if unpoisoned(&self.finished).contains_key(&position) {
            return Err(misuse("was finished twice"));
        }
        let key = assessment.parts.key(&stage.id).ok_or_else(|| misuse("has inputs that are not finished"))?;
        let products = self.store.save(stage, outputs)?;
        let past = self.store.receipts().with_key(&stage.id, &key).map(Receipt::digest);
        let receipt = Receipt {
            stage: stage.id.clone(),
            key,
            parts: assessment.parts.clone(),
            cached: stage.place == Place::Cache,
            products,
            seconds: unpoisoned(&self.watch).lap(),
            peak_bytes: platform::peak_memory(),
            measures,
        };
        let (digest, seconds) = (receipt.digest(), receipt.seconds);
        self.store.record(receipt)?;
        let contradicts = past.is_some_and(|past| past != digest);
        unpoisoned(&self.finished).insert(position, Done { digest, contradicts });
        self.progress.event(&Event::Finished { stage, seconds });
        Ok(())
    }
}

fn undeclared(stage: &Stage, input: &str) -> WorkError {
    WorkError::failed(format!("{} reads {input} without declaring it", stage.id))
}

/// Reads a file whose bytes a key has been made from: other bytes would make a receipt that lies.
fn read_as(path: &Path, digest: &Digest) -> Result<Vec<u8>, WorkError> {
    match disk::read(path)? {
        Some(bytes) if Digest::of(&bytes) == *digest => Ok(bytes),
        _ => Err(WorkError::failed(format!("{} was edited during the run; run again", path.display()))),
    }
}
