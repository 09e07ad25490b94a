//! Files on the disk: read without waiting on what is no file, written all or nothing, never through a link.
//!
//! A file is written under a temporary name in the same file system, flushed to the disk, then renamed:
//! at its own path there are always either all of its old bytes or all of its new ones.

use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

use super::error::Error;

/// How the name of a file that is being written begins.
const UNFINISHED: &str = ".redistill-";

/// Whether `path` stays below the folder it is relative to whatever is on the disk: names only, no root, no `..`.
pub(super) fn is_plain(path: &Path) -> bool {
    path.components().next().is_some() && path.components().all(|part| matches!(part, Component::Normal(_)))
}

/// What is at `path` itself, `None` if nothing is. A link is told as a link.
pub(super) fn look(path: &Path) -> Result<Option<Metadata>, Error> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(source) if matches!(source.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(source) => Err(Error::io("read", path)(source)),
    }
}

/// Bytes of the file at `path`; `None` where there is no file, be it that a folder, a link or a pipe is in its place.
pub(super) fn read_own(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match look(path)? {
        Some(found) if found.is_file() => read(path),
        _ => Ok(None),
    }
}

/// Bytes of the file at `path`, which may be a link to one; `None` where there is nothing.
///
/// # Errors
/// It can't be read, or is something that one could wait on for ever, such as a pipe.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    let bytes = fs::metadata(path).and_then(|found| match found.is_file() || found.is_dir() {
        true => fs::read(path),
        false => Err(io::Error::new(ErrorKind::InvalidInput, "it is no file")),
    });
    match bytes {
        Ok(bytes) => Ok(Some(bytes)),
        Err(source) if matches!(source.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(source) => Err(Error::io("read", path)(source)),
    }
}

/// Holds the folders between `out` and `path`, which is below it, to being no links: what is written, read or removed
/// below an output folder lies in that folder.
pub(super) fn no_link_between(out: &Path, path: &Path) -> Result<(), Error> {
    let Ok(inner) = path.strip_prefix(out) else { return Ok(()) };
    let mut folder = out.to_owned();
    for part in inner.parent().into_iter().flat_map(Path::components) {
        folder.push(part);
        match look(&folder)? {
            Some(found) if found.is_symlink() => return Err(Error::InTheWay { path: folder, what: "a link" }),
            Some(_) => {}
            None => break,
        }
    }
    Ok(())
}

/// Removes what is in the place of a file at `path`: a link, not what it leads to; a pipe; folders without a file.
///
/// # Errors
/// A folder there has files in it, which may be somebody's.
pub(super) fn make_way(path: &Path) -> Result<(), Error> {
    let Some(found) = look(path)? else { return Ok(()) };
    if found.is_file() {
        return Ok(());
    }
    if !found.is_dir() {
        return fs::remove_file(path).map_err(Error::io("remove", path));
    }
    for entry in fs::read_dir(path).map_err(Error::io("read", path))? {
        let inner = entry.map_err(Error::io("read", path))?.path();
        if !look(&inner)?.is_some_and(|found| found.is_dir()) {
            return Err(Error::InTheWay { path: path.to_owned(), what: "a folder with files in it" });
        }
        make_way(&inner).map_err(|_| Error::InTheWay { path: path.to_owned(), what: "a folder with files in it" })?;
    }
    fs::remove_dir(path).map_err(Error::io("remove", path))
}

/// Removes whatever is at `path`, with all that is in it; a link is removed and not followed.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    let removed = match look(path)? {
        None => return Ok(()),
        Some(found) if found.is_dir() => fs::remove_dir_all(path),
        Some(_) => fs::remove_file(path),
    };
    removed.map_err(Error::io("remove", path))
}

/// Replaces the file at `target`, below `out`, by `bytes`, all or nothing; the holder of the lock calls this.
pub(super) fn write_below(out: &Path, temporary: &Path, target: &Path, bytes: &[u8]) -> Result<(), Error> {
    for folder in [temporary, target] {
        no_link_between(out, folder)?;
    }
    fs::create_dir_all(temporary).map_err(Error::io("create", temporary))?;
    let folder = target.parent().unwrap_or(out);
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    make_way(target)?;
    replace(temporary, target, bytes)
}

/// Writes a file that is not below an output folder, all or nothing, making its folder if need be.
///
/// A link keeps pointing where it did: the file it leads to is replaced. A device or a pipe is simply written to. What a
/// killed writer left beside the file is removed.
///
/// # Errors
/// It can't be written.
pub fn write(target: &Path, bytes: &[u8]) -> Result<(), Error> {
    let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
    if let Ok(found) = fs::metadata(&target) {
        if found.is_dir() {
            return Err(Error::io("write", &target)(ErrorKind::IsADirectory.into()));
        }
        if !found.is_file() {
            let file = File::options().write(true).open(&target);
            return file.and_then(|mut file| file.write_all(bytes)).map_err(Error::io("write", &target));
        }
    }
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
    for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            remove_if_abandoned(&entry.path());
        }
    }
    replace(&folder, &target, bytes)
}

/// Removes a file whose writer is no more: a living one holds its lock.
fn remove_if_abandoned(path: &Path) {
    if let Ok(Some(found)) = look(path)
        && found.is_file()
        && let Ok(file) = File::open(path)
        && file.try_lock().is_ok()
    {
        let _ = fs::remove_file(path);
    }
}

fn replace(temporary: &Path, target: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What a plain create asks for; the umask takes its share as usual.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let failed = || Error::io("write", target);
    let mut file = builder.tempfile_in(temporary).map_err(failed())?;
    if let Err(TryLockError::Error(source)) = file.as_file().try_lock()
        && source.kind() != ErrorKind::Unsupported
    {
        return Err(failed()(source));
    }
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed())?;
    file.persist(target).map_err(|error| failed()(error.error))?;
    flush_folder(target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(temporary))
}

/// Makes a rename in `folder` survive a power cut, where folders can be opened and flushed.
fn flush_folder(folder: &Path) -> Result<(), Error> {
    if cfg!(unix) {
        File::open(folder).and_then(|file| file.sync_all()).map_err(Error::io("write", folder))
    } else {
        Ok(())
    }
}
