//! The digest of the tree a program is built from. The build script compiles this very file, so that what the binary
//! knows of itself and what a test finds in a changed copy are computed by the same lines.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// All that the binary is compiled from, relative to the root of the project.
pub const PARTS: [&str; 7] = ["Cargo.lock", "Cargo.toml", "build.rs", "core", "live", "report", "src"];

/// All that the core is compiled from, but for the packages it uses: its folder, and the manifest that says which of
/// its features are on and how it is optimised.
const CORE: [&str; 2] = ["Cargo.toml", "core"];
/// The core, as the lockfile calls it.
const PACKAGE: &str = "redistill-core";

/// One digest for every file of the tree below `root`: its path relative to the root and its bytes as they are.
///
/// Hidden files, which editors leave behind, do not count.
///
/// # Errors
/// A part of the tree is not there or a file cannot be read.
pub fn digest(root: &Path) -> io::Result<String> {
    Ok(hashed(root, &PARTS)?.finalize().to_hex().as_str().to_owned())
}

/// One digest for all that the core is compiled from: its files, and the locked packages it uses, with what these use.
///
/// # Errors
/// As [`digest`]; the lockfile does not hold a package, or the core uses one whose files are not in this digest.
pub fn core(root: &Path) -> io::Result<String> {
    let mut hasher = hashed(root, &CORE)?;
    for package in locked(&fs::read_to_string(root.join("Cargo.lock"))?)? {
        hasher.update(package.as_bytes());
    }
    Ok(hasher.finalize().to_hex().as_str().to_owned())
}

/// The entries of the core and of all that it uses in a lockfile, each of which names a version and its checksum.
fn locked(lockfile: &str) -> io::Result<BTreeSet<&str>> {
    let entries: Vec<&str> = lockfile.split("[[package]]").skip(1).map(str::trim).collect();
    let field = |entry: &'_ str, key: &str| {
        let line = entry.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
        line.map(|value| value.trim_matches('"').to_owned())
    };
    let mut found = BTreeSet::new();
    let mut open = vec![PACKAGE.to_owned()];
    while let Some(wanted) = open.pop() {
        // `name`, or `name version` where there are several, or `name version (source)`
        let mut words = wanted.split(' ');
        let (name, version) = (words.next().unwrap_or_default(), words.next());
        let mine = |entry: &&&str| {
            field(entry, "name").as_deref() == Some(name)
                && version.is_none_or(|version| field(entry, "version").as_deref() == Some(version))
        };
        let of_name: Vec<&str> = entries.iter().filter(mine).copied().collect();
        if of_name.is_empty() {
            return Err(io::Error::other(format!("Cargo.lock does not hold {wanted}")));
        }
        for entry in of_name.into_iter().filter(|entry| found.insert(*entry)) {
            if name != PACKAGE && field(entry, "checksum").is_none() {
                return Err(io::Error::other(format!("{PACKAGE} uses {name}, of which Cargo.lock holds no checksum")));
            }
            let uses = entry.lines().filter_map(|line| line.strip_prefix(" \"")?.strip_suffix("\","));
            open.extend(uses.map(str::to_owned));
        }
    }
    Ok(found)
}

/// The names and bytes of all files below some parts of the tree.
fn hashed(root: &Path, parts: &[&str]) -> io::Result<blake3::Hasher> {
    let mut files = Vec::new();
    for part in parts {
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
    Ok(hasher)
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
