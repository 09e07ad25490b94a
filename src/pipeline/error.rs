//! Everything that can go wrong between a graph of stages and its finished outputs.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a plan, a run, a merge or a cleaning did not succeed.
#[derive(Debug, Error)]
pub enum Error {
    /// The stages do not form a graph that can run.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// A file or folder could not be read or written.
    #[error("cannot {action} {}: {}", path.display(), plain(source))]
    Io {
        /// The verb: read, write, create, lock, remove.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Something that the pipeline neither follows nor removes is where a file or folder of its own belongs.
    #[error("{} is {what}, where an output folder has files of its own; remove it and try again", path.display())]
    InTheWay {
        /// Where.
        path: PathBuf,
        /// What is there.
        what: &'static str,
    },
    /// The output folder is a link that leads nowhere.
    #[error("{} is a link to {}, which does not exist; create that folder or remove the link", path.display(), to.display())]
    DanglingOut {
        /// The output folder.
        path: PathBuf,
        /// Where it leads.
        to: PathBuf,
    },
    /// The run was interrupted before it had begun: another had the lock.
    #[error("interrupted while waiting for another run; the same command waits again")]
    InterruptedWaiting,
    /// A source file that a stage reads does not exist.
    #[error("stage {stage} reads {}, which does not exist", path.display())]
    MissingFile {
        /// The stage.
        stage: String,
        /// The file, relative to the project's root.
        path: PathBuf,
    },
    /// The run was interrupted; what had finished is kept.
    #[error("interrupted: {finished} stages finished, {left} left; the same command continues")]
    Interrupted {
        /// Stages that this run finished or found fresh.
        finished: usize,
        /// Stages not reached.
        left: usize,
    },
    /// At least one stage failed.
    #[error("{}", listed(failures, *skipped))]
    Failed {
        /// The failures, sorted by stage.
        failures: Vec<Failure>,
        /// Stages not run because an input failed or the run was given up.
        skipped: usize,
    },
    /// The system gives no threads.
    #[error("cannot start the threads of a run: {0}; a smaller -j asks for fewer")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// A folder to take chunks from that has none.
    #[error("{}: no chunks here; valid: the output folder of `run --shard`", path.display())]
    NoCache {
        /// The folder.
        path: PathBuf,
    },
    /// A shard i/n with i outside 1..=n.
    #[error("shard {index}/{count} does not exist: the first of {count} shards is 1/{count}")]
    Shard {
        /// The shard asked for.
        index: usize,
        /// How many there are.
        count: usize,
    },
}

/// Why a list of stages is no graph that can run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GraphError {
    /// Two stages with one id.
    #[error("two stages are called {0}")]
    DuplicateStage(String),
    /// An input that no stage is.
    #[error("stage {stage} reads {input}, which is no stage")]
    UnknownInput {
        /// The stage.
        stage: String,
        /// The id it names.
        input: String,
    },
    /// Two stages write the same file.
    #[error("stages {first} and {second} both write {}", path.display())]
    DuplicateOutput {
        /// The file, relative to the output folder.
        path: PathBuf,
        /// The stage that comes first by id.
        first: String,
        /// The other one.
        second: String,
    },
    /// An output that is not strictly inside the output folder, or in its private part.
    #[error("stage {stage} writes {}, which is not a plain path in the output folder", path.display())]
    OutputOutside {
        /// The stage.
        stage: String,
        /// The path it names.
        path: PathBuf,
    },
    /// Stages or groups of stages that wait for each other.
    #[error("stages wait for each other: {}", path.join(" ← "))]
    Cycle {
        /// The stages and groups around the cycle; the first is repeated at the end.
        path: Vec<String>,
    },
    /// A target that no stage is.
    #[error("no stage is called {target}{}", nearest.as_ref().map(|id| format!("; did you mean {id}?")).unwrap_or_default())]
    UnknownTarget {
        /// The id asked for.
        target: String,
        /// The stage with the nearest id.
        nearest: Option<String>,
    },
}

/// A stage that failed, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The stage, the first unfinished one when its group failed.
    pub stage: String,
    /// The reason, in one line where the stage gave one line.
    pub reason: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "stage {} failed: {}", self.stage, self.reason)
    }
}

impl Error {
    /// Wraps what the operating system said about `path`.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }
}

/// The two causes a user can act on in plain words, the others as the system puts them.
fn plain(source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the disk is full".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        io::ErrorKind::PermissionDenied => "no permission".to_owned(),
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
            "a file is in the place of this folder, or of one above it; remove that file".to_owned()
        }
        _ => source.to_string(),
    }
}

fn listed(failures: &[Failure], skipped: usize) -> String {
    let mut text = failures.iter().map(Failure::to_string).collect::<Vec<_>>().join("\n");
    if skipped > 0 {
        let skipped = if skipped == 1 { "1 stage was".to_owned() } else { format!("{skipped} stages were") };
        text.push_str(&format!("\n{skipped} not run because of this"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_named_as_such_with_its_path() {
        let error = Error::io("write", Path::new("out/a.svg"))(io::ErrorKind::StorageFull.into());
        assert_eq!(error.to_string(), "cannot write out/a.svg: the disk is full");
    }
}
