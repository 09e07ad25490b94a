//! Writes down what the binary was built from: one digest per area of the source, and the compiler.
//!
//! A stage's key contains the digests of the areas it depends on, so that an edit reruns what it can have changed and
//! nothing else. Paths enter relative and sorted and line ends are normalised: a fresh clone gives the same digests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs, io, process::Command};

/// Folder of templates that belong to the area of the code that fills them in.
const TEMPLATES: &str = "report";

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let mut areas: BTreeMap<String, blake3::Hasher> = BTreeMap::new();
    for (tree, area) in areas_of(&root)? {
        let hasher = areas.entry(area.clone()).or_default();
        absorb(hasher, &root, &root.join(tree).join(&area))?;
        // single files are areas too, for stages that need one subject of a folder only
        for file in files(&root.join(tree).join(&area))? {
            let name = format!("{area}/{}", file.trim_end_matches(".rs"));
            absorb_files(areas.entry(name).or_default(), &root, vec![root.join(tree).join(&area).join(&file)])?;
        }
        let hasher = areas.entry(area.clone()).or_default();
        if area == TEMPLATES && root.join(TEMPLATES).is_dir() {
            absorb(hasher, &root, &root.join(TEMPLATES))?;
        }
    }
    let mut text =
        String::from("/// Area of the source and its digest, sorted by area.\npub const AREAS: &[(&str, &str)] = &[\n");
    for (area, hasher) in &areas {
        text.push_str(&format!("    ({area:?}, {:?}),\n", hasher.finalize().to_hex().as_str()));
    }
    text.push_str(&format!("];\n/// The compiler, as it names itself.\npub const RUSTC: &str = {:?};\n", compiler()));
    let generated = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("source.rs");
    fs::write(generated, text)?;

    for watched in ["src", "core/src", TEMPLATES, "Cargo.lock", "build.rs"] {
        // A watched path that is missing would rerun this script at every build.
        if root.join(watched).exists() {
            println!("cargo:rerun-if-changed={watched}");
        }
    }
    Ok(())
}

/// The folders of the root package and of the core, each with the tree it stands in.
fn areas_of(root: &Path) -> io::Result<Vec<(&'static str, String)>> {
    let mut areas = Vec::new();
    for tree in ["src", "core/src"] {
        areas.extend(folders(&root.join(tree))?.into_iter().map(|area| (tree, area)));
    }
    Ok(areas)
}

/// Names of the folders directly below `folder`, sorted.
fn folders(folder: &Path) -> io::Result<Vec<String>> {
    entries(folder, true)
}

/// Names of the files directly below `folder`, sorted.
fn files(folder: &Path) -> io::Result<Vec<String>> {
    entries(folder, false)
}

fn entries(folder: &Path, folders: bool) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() == folders {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Adds every file below `folder`, in the order of their paths relative to `root`.
fn absorb(hasher: &mut blake3::Hasher, root: &Path, folder: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    absorb_files(hasher, root, files)
}

/// Adds files, in the order of their paths relative to `root`.
fn absorb_files(hasher: &mut blake3::Hasher, root: &Path, files: Vec<PathBuf>) -> io::Result<()> {
    let mut named: Vec<(String, PathBuf)> = files
        .into_iter()
        .map(|file| (file.strip_prefix(root).unwrap_or(&file).to_string_lossy().replace('\\', "/"), file))
        .collect();
    named.sort();
    for (name, file) in named {
        let mut bytes = fs::read(&file)?;
        bytes.retain(|&byte| byte != b'\r');
        for part in [name.as_bytes(), &bytes] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    Ok(())
}

/// All files below `folder` except hidden ones, which editors leave behind.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// `rustc --version` of the compiler in use, or "unknown" where it does not answer.
fn compiler() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    Command::new(rustc)
        .arg("--version")
        .output()
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .map_or_else(|| "unknown".to_owned(), |version| version.trim().to_owned())
}
