//! Writes down what the binary is built from: one digest of the whole tree, the compiler, the features and the flags.
//!
//! Every stage's key contains it: whatever is changed in the program, nothing it made before counts as fresh.

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs, io};

#[path = "src/pipeline/tree.rs"]
mod tree;

/// What else decides the code that comes out of the tree, beside the features and the compiler.
const CIRCUMSTANCES: [&str; 4] = ["TARGET", "OPT_LEVEL", "CARGO_CFG_TARGET_FEATURE", "CARGO_ENCODED_RUSTFLAGS"];

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let tree = tree::digest(&root)?;
    let compiler = compiler(&["--version"]);

    let mut program = vec![format!("tree={tree}"), format!("compiler={}", self::compiler(&["-vV"]))];
    program.extend(CIRCUMSTANCES.map(|name| format!("{name}={}", env::var(name).unwrap_or_default())));
    let mut features: Vec<String> = env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| name.starts_with("CARGO_FEATURE_"))
        .collect();
    features.sort();
    program.extend(features);
    let program = blake3::hash(program.join("\n").as_bytes()).to_hex();

    let text = format!(
        "const TREE: &str = {tree:?};\nconst PROGRAM: &str = {:?};\nconst COMPILER: &str = {compiler:?};\n",
        program.as_str()
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
