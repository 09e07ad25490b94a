//! The digest of the tree a program is built from. The build script compiles this very file, so that what the binary
//! knows of itself and what a test finds in a changed copy are computed by the same lines.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// All that the binary is compiled from, relative to the root of the project.
pub const PARTS: [&str; 7] = ["Cargo.lock", "Cargo.toml", "build.rs", "core", "live", "report", "src"];

/// One digest for every file of the tree below `root`: its path relative to the root and its bytes as they are.
///
/// Hidden files, which editors leave behind, do not count.
///
/// # Errors
/// A part of the tree is not there or a file cannot be read.
pub fn digest(root: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    for part in PARTS {
        collect(&root.join(part), &mut files)?;
    }
    let mut named: Vec<(String, PathBuf)> = files
        .into_iter()
        .map(|file| (file.strip_prefix(root).unwrap_or(&file).to_string_lossy().replace('\\', "/"), file))
        .collect();
    named.sort();
    let mut hasher = blake3::Hasher::new();
    for (name, file) in named {
        for part in [name.as_bytes(), &fs::read(&file)?] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    Ok(hasher.finalize().to_hex().as_str().to_owned())
}

/// `path` if it is a file, otherwise all files below it.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !fs::metadata(path)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}
