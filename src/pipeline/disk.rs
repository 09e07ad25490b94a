//! Files on the disk: read without waiting on what is no file, written all or nothing, never through a link.
//!
//! A file is written under a temporary name in the same file system, flushed to the disk, then renamed:
//! at its own path there are always either all of its old bytes or all of its new ones.

use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

use tempfile::NamedTempFile;

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
    let mut file = Replacement::Beside(unfinished(temporary).map_err(Error::io("write", target))?, target.to_owned());
    file.write_all(bytes).and_then(|()| file.persist()).map_err(Error::io("write", target))
}

/// Writes a file that is not below an output folder, all or nothing, making its folder if need be.
///
/// # Errors
/// It can't be written.
pub fn write(target: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = folder_of(target);
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    let written = Replacement::of(target).and_then(|mut file| file.write_all(bytes).and_then(|()| file.persist()));
    written.map_err(Error::io("write", target))
}

/// A file that takes the place of another once it is whole; dropped before that, it leaves nothing.
///
/// A link keeps pointing where it did: the file it leads to is replaced. A device or a pipe is simply written to. What a
/// killed writer left beside the file is removed.
#[derive(Debug)]
pub enum Replacement {
    /// A file beside the one that it will replace.
    Beside(NamedTempFile, PathBuf),
    /// A device or a pipe.
    Stream(File),
}

impl Replacement {
    /// An empty file for the place `target`, in a folder that is there.
    ///
    /// # Errors
    /// A folder is at the place, or nothing can be made there.
    pub fn of(target: &Path) -> io::Result<Self> {
        let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        match fs::metadata(&target) {
            Ok(found) if found.is_dir() => return Err(ErrorKind::IsADirectory.into()),
            Ok(found) if !found.is_file() => return File::options().write(true).open(&target).map(Self::Stream),
            Ok(_) | Err(_) => {}
        }
        let folder = folder_of(&target);
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                remove_if_abandoned(&entry.path());
            }
        }
        Ok(Self::Beside(unfinished(folder)?, target))
    }

    /// Where the unfinished file is, if there is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Beside(file, _) => Some(file.path()),
            Self::Stream(_) => None,
        }
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// The disk or the folder refuses it.
    pub fn persist(self) -> io::Result<()> {
        match self {
            Self::Beside(file, target) => {
                file.as_file().sync_all()?;
                file.persist(&target)?;
                flush_folder(folder_of(&target))
            }
            Self::Stream(mut file) => file.flush(),
        }
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Beside(file, _) => file.write(bytes),
            Self::Stream(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Beside(file, _) => file.flush(),
            Self::Stream(file) => file.flush(),
        }
    }
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
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

/// A file under a temporary name, locked as long as its writer lives.
fn unfinished(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What a plain create asks for; the umask takes its share as usual.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder)?;
    match file.as_file().try_lock() {
        Err(TryLockError::Error(source)) if source.kind() != ErrorKind::Unsupported => Err(source),
        Ok(()) | Err(TryLockError::Error(_) | TryLockError::WouldBlock) => Ok(file),
    }
}

/// Makes a rename in `folder` survive a power cut, where folders can be opened and flushed.
fn flush_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
