//! Seals: digests of files that no stage makes, such as the manifest, by which damage to them is seen.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::digest::Digest;
use super::disk;
use super::error::Error;
use super::stage::CACHE;
use super::store::write_atomically;

/// Notes the bytes that `files`, relative to the output folder, have now; the holder of the lock calls this.
///
/// # Errors
/// One of them can't be read, or the note can't be written.
pub fn seal(out: &Path, files: &[PathBuf]) -> Result<(), Error> {
    let path = path(out);
    let digests = files.iter().map(|file| Ok((file.clone(), digest(out, file)?)));
    let digests: BTreeMap<PathBuf, Option<Digest>> = digests.collect::<Result<_, Error>>()?;
    let bytes = serde_json::to_vec(&digests).map_err(std::io::Error::from).map_err(Error::io("write", &path))?;
    write_atomically(out, &path, &bytes)
}

/// Whether all `files` are there with the bytes they were sealed with.
#[must_use]
pub fn is_whole(out: &Path, files: &[PathBuf]) -> bool {
    let bytes = disk::read_own(&path(out)).ok().flatten().unwrap_or_default();
    let sealed: BTreeMap<PathBuf, Option<Digest>> = serde_json::from_slice(&bytes).unwrap_or_default();
    files.iter().all(|file| match (digest(out, file), sealed.get(file)) {
        (Ok(Some(found)), Some(Some(sealed))) => found == *sealed,
        _ => false,
    })
}

fn digest(out: &Path, file: &Path) -> Result<Option<Digest>, Error> {
    Ok(disk::read_own(&out.join(file))?.map(|bytes| Digest::of(&bytes)))
}

fn path(out: &Path) -> PathBuf {
    out.join(CACHE).join("seals.json")
}
