//! What the binary was built from, as the build script wrote it down.

use super::digest::Digest;

pub use super::tree::digest as tree_of;

include!(concat!(env!("OUT_DIR"), "/source.rs"));

/// The lockfile the binary was built with.
const LOCKFILE: &str = include_str!("../../Cargo.lock");

/// Digest of the program: the whole tree it is compiled from, compiler, features and flags. It is part of every key.
#[must_use]
pub fn program() -> &'static str {
    PROGRAM
}

/// Digest of that tree alone, as [`tree_of`] finds it in the folder the binary was built in.
#[must_use]
pub fn tree() -> &'static str {
    TREE
}

/// The compiler, as it names itself.
#[must_use]
pub fn compiler() -> &'static str {
    COMPILER
}

/// Digest of the lockfile.
#[must_use]
pub fn lockfile() -> Digest {
    Digest::of(LOCKFILE.as_bytes())
}
