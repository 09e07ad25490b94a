//! Writes down what the binary is built from: one digest of the whole tree and one of its core, each with the compiler
//! and the flags.
//!
//! Every stage's key contains one of them: whatever is changed in the core, no chunk made before counts as fresh, and
//! whatever is changed in the program, nothing else does.

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs, io};

#[path = "src/pipeline/tree.rs"]
mod tree;

/// What else decides the code that comes out of the tree, beside the features and the compiler.
const CIRCUMSTANCES: [&str; 4] = ["TARGET", "OPT_LEVEL", "CARGO_CFG_TARGET_FEATURE", "CARGO_ENCODED_RUSTFLAGS"];

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let (tree, core) = (tree::digest(&root)?, tree::core(&root)?);
    let compiler = compiler(&["--version"]);

    let mut circumstances = vec![format!("compiler={}", self::compiler(&["-vV"]))];
    circumstances.extend(CIRCUMSTANCES.map(|name| format!("{name}={}", env::var(name).unwrap_or_default())));
    let digest = |lines: &[String]| blake3::hash(lines.join("\n").as_bytes()).to_hex().as_str().to_owned();
    // which features of the core are on is said in its digest
    let core = digest(&[&[format!("core={core}")], &circumstances[..]].concat());
    let mut features: Vec<String> = env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| name.starts_with("CARGO_FEATURE_"))
        .collect();
    features.sort();
    let program = digest(&[&[format!("tree={tree}")], &circumstances[..], &features].concat());

    let text = format!(
        "const TREE: &str = {tree:?};\nconst PROGRAM: &str = {program:?};\nconst CORE: &str = {core:?};\n\
         const COMPILER: &str = {compiler:?};\n"
    );
    fs::write(PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("source.rs"), text)?;

    for part in tree::PARTS {
        println!("cargo:rerun-if-changed={part}");
    }
    for name in CIRCUMSTANCES {
        println!("cargo:rerun-if-env-changed={name}");
    }
    Ok(())
}

/// What the compiler in use says of itself, or "unknown" where it does not answer.
fn compiler(arguments: &[&str]) -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    Command::new(rustc)
        .args(arguments)
        .output()
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .map_or_else(|| "unknown".to_owned(), |version| version.trim().to_owned())
}
