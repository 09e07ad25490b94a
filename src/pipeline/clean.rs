//! Cleaning: removes what runs have made, and nothing else that may lie in the output folder.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::digest::Digest;
use super::disk;
use super::error::Error;
use super::graph::Graph;
use super::journal;
use super::lock::Lock;
use super::receipt::Product;
use super::stage::{CACHE, Place};
use super::store::journal_path;

/// What is to be removed.
#[derive(Debug, Clone, Copy)]
pub enum Clean<'a> {
    /// Visible outputs; chunks stay, so that the next run makes tables, figures and report from them.
    Outputs,
    /// Visible outputs of stages that are not in this graph any more, with the bytes they were made with: what somebody
    /// has put in their place stays.
    Orphans(&'a Graph),
    /// Visible outputs and the cache.
    Everything,
}

/// Removes outputs that receipts tell of, and the files in `extra` (relative, such as the manifest), then empty folders.
///
/// Nothing outside `out` is touched: no link is followed, and a receipt that names another place is none. Waits for a
/// run that writes to the folder, calling `waiting` once. Returns what was removed, sorted.
///
/// # Errors
/// The folder can't be locked, something can't be removed, a folder that held outputs is a link, or `interrupt` was
/// set during the wait.
pub fn clean(
    out: &Path,
    what: Clean<'_>,
    extra: &[PathBuf],
    interrupt: &AtomicBool,
    waiting: impl FnOnce(&Path),
) -> Result<Vec<PathBuf>, Error> {
    if disk::look(out)?.is_none() {
        return Ok(Vec::new());
    }
    let _lock = Lock::acquire(out, interrupt, waiting)?;
    disk::no_link_between(out, &journal_path(out))?;
    let kept: BTreeSet<&PathBuf> = match what {
        Clean::Orphans(graph) => graph.stages().iter().flat_map(|stage| &stage.outputs).collect(),
        Clean::Outputs | Clean::Everything => BTreeSet::new(),
    };
    let receipts = journal::read(&journal_path(out))?.receipts;
    let visible = receipts.iter().filter(|receipt| receipt.place() == Place::Folder);
    let recorded: Vec<&Product> = visible.flat_map(|receipt| &receipt.products).collect();
    let made: BTreeSet<(&PathBuf, Option<Digest>)> =
        recorded.iter().map(|product| (&product.path, Some(product.digest.clone()))).collect();
    let targets = recorded.iter().map(|product| &product.path).chain(extra);
    let targets: BTreeSet<&PathBuf> = targets.filter(|path| !kept.contains(path)).collect();
    // before the first is removed, so that a refusal leaves all as it was
    for target in &targets {
        disk::no_link_between(out, &out.join(target))?;
    }
    let mut removed = Vec::new();
    for target in targets {
        let path = out.join(target);
        let ours = match what {
            Clean::Orphans(_) => made.contains(&(target, disk::read_own(&path)?.map(|bytes| Digest::of(&bytes)))),
            // a folder in the place of an output is not ours
            Clean::Outputs | Clean::Everything => disk::look(&path)?.is_some_and(|found| !found.is_dir()),
        };
        if ours {
            fs::remove_file(&path).map_err(Error::io("remove", &path))?;
            removed.push(target.clone());
        }
        remove_empty(out, target);
    }
    let cache = out.join(CACHE);
    if matches!(what, Clean::Everything) && disk::look(&cache)?.is_some() {
        disk::remove(&cache)?;
        removed.push(CACHE.into());
    }
    Ok(removed)
}

/// Removes the folders above `target` that are empty, up to but not including `out`.
fn remove_empty(out: &Path, target: &Path) {
    for folder in target.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
        // One that is not empty, or not there, ends the climb; it is no error.
        if fs::remove_dir(out.join(folder)).is_err() {
            break;
        }
    }
}
