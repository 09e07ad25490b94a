//! What the binary was built from, as the build script wrote it down.

use super::digest::Digest;

pub use super::tree::{core as core_of, digest as tree_of};

include!(concat!(env!("OUT_DIR"), "/source.rs"));

/// The lockfile the binary was built with.
const LOCKFILE: &str = include_str!("../../Cargo.lock");

/// Digest of the program: the whole tree it is compiled from, compiler, features and flags. It is part of the key of
/// every stage that any of it may reach.
#[must_use]
pub fn program() -> &'static str {
    PROGRAM
}

/// Digest of the core: its files, the packages it uses, compiler and flags. It is part of the key of what nothing else
/// reaches.
#[must_use]
pub fn core() -> &'static str {
    CORE
}

/// Digest of the whole tree alone, as [`tree_of`] finds it in the folder the binary was built in.
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
