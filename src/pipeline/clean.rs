//! Cleaning: removes what runs have made, and nothing else that may lie in the output folder.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::error::Error;
use super::graph::Graph;
use super::journal;
use super::lock::Lock;
use super::stage::Place;
use super::store::{CACHE, journal_path};

/// What is to be removed.
#[derive(Debug, Clone, Copy)]
pub enum Clean<'a> {
    /// Visible outputs; chunks stay, so that the next run makes tables, figures and report from them.
    Outputs,
    /// Visible outputs of stages that are not in this graph any more.
    Orphans(&'a Graph),
    /// Visible outputs and the cache.
    Everything,
}

/// Removes outputs that receipts tell of, and the files in `extra` (relative, such as the manifest), then empty folders.
///
/// Returns what was removed, sorted.
///
/// # Errors
/// The folder can't be locked or something can't be removed.
pub fn clean(out: &Path, what: Clean<'_>, extra: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    if !out.is_dir() {
        return Ok(Vec::new());
    }
    let _lock = Lock::acquire(out, &AtomicBool::new(false), |_| {})?;
    let kept: BTreeSet<&PathBuf> = match what {
        Clean::Orphans(graph) => graph.stages().iter().flat_map(|stage| &stage.outputs).collect(),
        Clean::Outputs | Clean::Everything => BTreeSet::new(),
    };
    let receipts = journal::read(&journal_path(out))?.receipts;
    let visible = receipts.iter().filter(|receipt| receipt.place() == Place::Folder);
    let recorded = visible.flat_map(|receipt| &receipt.products).map(|product| &product.path);
    let targets: BTreeSet<&PathBuf> = recorded.chain(extra).filter(|path| !kept.contains(path)).collect();
    let mut removed = Vec::new();
    for target in targets {
        let path = out.join(target);
        match fs::remove_file(&path) {
            Ok(()) => removed.push(target.clone()),
            Err(source) if matches!(source.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
            Err(source) => return Err(Error::io("remove", &path)(source)),
        }
        remove_empty(out, target);
    }
    if matches!(what, Clean::Everything) {
        let cache = out.join(CACHE);
        match fs::remove_dir_all(&cache) {
            Ok(()) => removed.push(CACHE.into()),
            Err(source) if source.kind() == ErrorKind::NotFound => {}
            Err(source) => return Err(Error::io("remove", &cache)(source)),
        }
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
