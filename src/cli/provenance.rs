//! What a whole run leaves behind about itself: manifest, crate metadata, graph of stages.

use std::path::{Path, PathBuf};

use crate::pipeline::{self, About, CRATE, Description, Folders, MANIFEST, Manifest, Summary, WORKFLOW};
use crate::workflow::{Workflow, profile_values};

use super::{Failure, interrupt};

/// The files written here, relative to the output folder.
pub(super) fn files() -> [PathBuf; 3] {
    [MANIFEST, CRATE, WORKFLOW].map(PathBuf::from)
}

/// Whether all of them are there as they were written.
pub(super) fn is_whole(out: &Path) -> bool {
    pipeline::is_whole(out, &files())
}

/// Writes them for a run that has just finished.
pub(super) fn leave(workflow: &Workflow, folders: &Folders, summary: &Summary, about: About) -> Result<(), Failure> {
    let description = Description {
        name: workflow.project.head.title.clone(),
        description: "Every figure as theory and experiment, with its tables.".to_owned(),
        license: "https://spdx.org/licenses/MIT".to_owned(),
        homepage: HOMEPAGE.to_owned(),
        publisher: "The contributors to redistill".to_owned(),
    };
    // the run has given up its lock, and another may be waiting for it
    let write = || {
        let manifest = Manifest::gather(&workflow.graph, folders, summary, &about)?;
        manifest.write(&folders.out)?;
        pipeline::write_crate(&workflow.graph, &folders.out, &manifest, &description)?;
        pipeline::seal(&folders.out, &files())
    };
    Ok(pipeline::exclusively(&folders.out, &interrupt::flag(), write)??)
}

/// What is known of a run on `threads` threads that began at `started` and took `wall_seconds`.
pub(super) fn about(workflow: &Workflow, threads: usize, started: String, wall_seconds: f64) -> About {
    let arguments = std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    About {
        profile: workflow.project.profile.name.clone(),
        command: std::iter::once(env!("CARGO_PKG_NAME").to_owned()).chain(arguments).collect(),
        threads,
        started,
        wall_seconds,
        sizes: profile_values(&workflow.project.profile).map(|(name, value)| (name.to_owned(), value)).collect(),
    }
}

/// Where the paper that is reproduced can be read.
const HOMEPAGE: &str = "https://arxiv.org/abs/2012.00194";
