//! Beyond one machine: a run's chunks split into shards, and the caches of shards merged into one.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use serde::Serialize;

use super::digest::Digest;
use super::disk;
use super::error::Error;
use super::graph::{Graph, Selection};
use super::journal;
use super::lock::Lock;
use super::receipt::Receipt;
use super::stage::Place;
use super::store::{Folders, Store, journal_path, path_in, write_atomically};

impl Graph {
    /// The chunks of `selection` that fall to shard `index` of 1..=`count`, with whatever they read.
    ///
    /// Groups stay together. The heaviest goes first, each to the shard with the least so far; equal weights are told
    /// apart by the digest of their name, so that neighbours in a sweep spread out. Every machine gets the same split.
    ///
    /// # Errors
    /// There is no such shard.
    pub fn shard(&self, selection: &Selection, index: usize, count: usize) -> Result<Selection, Error> {
        if index == 0 || index > count {
            return Err(Error::Shard { index, count });
        }
        let mut units: Vec<(f64, Digest, Vec<usize>)> = Vec::new();
        for unit in self.units() {
            let chunk = |member: &usize| selection.0.contains(member) && self.stages()[*member].place == Place::Cache;
            let members: Vec<usize> = unit.stages.iter().copied().filter(chunk).collect();
            if !members.is_empty() {
                let weight = members.iter().map(|&member| self.stages()[member].weight).sum();
                units.push((weight, Digest::of(unit.name.as_bytes()), members));
            }
        }
        units.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let mut loads = vec![0.0; count];
        let mut mine = Vec::new();
        for (weight, _, members) in units {
            let lightest = (0..count).min_by(|&a, &b| f64::total_cmp(&loads[a], &loads[b])).unwrap_or(0);
            loads[lightest] += weight;
            if lightest == index - 1 {
                mine.extend(members);
            }
        }
        Ok(self.with_ancestors(mine))
    }
}

/// What a merge did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Merged {
    /// Chunks taken over.
    pub copied: usize,
    /// Chunks that were there already.
    pub present: usize,
    /// Files that were missing or did not have the bytes their receipt tells of; their stages will run again.
    pub damaged: Vec<PathBuf>,
    /// Stages for which two folders have different bytes under one key; the first folder's were kept.
    pub contradicting: Vec<String>,
}

/// Takes the chunks in the caches of the folders `from` over into `out`, each after checking its bytes.
///
/// # Errors
/// A folder has no journal, one can't be read, or `out` can't be written.
pub fn merge(out: &Path, from: &[PathBuf]) -> Result<Merged, Error> {
    let lock = Lock::acquire(out, &AtomicBool::new(false), |_| {})?;
    let folders = Folders { root: PathBuf::new(), out: out.to_owned() };
    let store = Store::writable(&folders, lock)?;
    let mut merged = Merged::default();
    for source in from {
        let path = journal_path(source);
        // A folder without a journal is a mistyped name more often than a shard without work.
        if !path.is_file() {
            return Err(Error::NoCache { path: source.clone() });
        }
        let receipts = journal::read(&path)?.receipts;
        for receipt in receipts.iter().filter(|receipt| receipt.place() == Place::Cache) {
            take(&store, out, source, receipt, &mut merged)?;
        }
    }
    Ok(merged)
}

/// Takes one receipt with its chunks over, if they are whole and `out` has no whole ones.
fn take(store: &Store, out: &Path, source: &Path, receipt: &Receipt, merged: &mut Merged) -> Result<(), Error> {
    let present = store.receipts().with_key(&receipt.stage, &receipt.key).cloned();
    if let Some(present) = present
        && store.intact(&present)?
    {
        merged.present += 1;
        if present.digest() != receipt.digest() {
            merged.contradicting.push(receipt.stage.clone());
        }
        return Ok(());
    }
    let mut chunks = Vec::with_capacity(receipt.products.len());
    for product in &receipt.products {
        let path = path_in(source, Place::Cache, product);
        match disk::read_own(&path)? {
            Some(bytes) if Digest::of(&bytes) == product.digest => chunks.push(bytes),
            _ => {
                merged.damaged.push(path);
                return Ok(());
            }
        }
    }
    for (product, bytes) in receipt.products.iter().zip(&chunks) {
        write_atomically(out, &path_in(out, Place::Cache, product), bytes)?;
    }
    merged.copied += 1;
    store.record(receipt.clone())
}
