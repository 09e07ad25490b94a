//! `merge` and `export`: a run spread over machines.

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::Path;

use serde_json::json;

use crate::pipeline::{self, Place};
use crate::workflow::Workflow;

use super::args::{Common, MergeOptions};
use super::columns::counted;
use super::run_args::SizeOptions;
use super::{Failure, broken, print_json};

/// Exit code when two shards have different bytes for the same work.
const NOT_DETERMINISTIC: u8 = 5;

/// The workflow with holes for profile, shards, resources and outputs.
const SNAKEFILE: &str = include_str!("Snakefile");

/// Takes over the chunks that shards have made.
pub(super) fn merge(common: &Common, options: &MergeOptions) -> Result<(), Failure> {
    let folders = common.folders()?;
    if let Some(missing) = options.folders.iter().find(|folder| !folder.is_dir()) {
        return Err(Failure::input(format!(
            "{}: no such folder; valid: the output folder of `run --shard`",
            missing.display()
        )));
    }
    let merged = pipeline::merge(&folders.out, &options.folders)?;
    if options.json {
        let damaged: Vec<_> = merged.damaged.iter().map(|path| path.display().to_string()).collect();
        print_json(&json!({
            "copied": merged.copied, "present": merged.present, "damaged": damaged, "contradicting": merged.contradicting,
        }))?;
    } else {
        let mut out = std::io::stdout().lock();
        let copied = counted(merged.copied, "chunk", "chunks");
        writeln!(out, "{copied} taken over, {} there already", merged.present)?;
    }
    for path in &merged.damaged {
        let _ = writeln!(std::io::stderr(), "warning: {} is damaged; its stage will run again", path.display());
    }
    if merged.contradicting.is_empty() {
        return Ok(());
    }
    Err(Failure::verdict(
        NOT_DETERMINISTIC,
        format!("not deterministic: shards differ in {}", merged.contradicting.join(", ")),
    ))
}

/// Writes the Snakefile to stdout or into a folder.
pub(super) fn snakemake(common: &Common, shards: NonZeroUsize, to: Option<&Path>) -> Result<(), Failure> {
    let (workflow, _) = common.workflow(&SizeOptions::default())?;
    let text = snakefile(&workflow, shards, common.out.as_deref().unwrap_or(Path::new("out")));
    match to {
        None => std::io::stdout().write_all(text.as_bytes())?,
        Some(folder) => {
            let path = folder.join("Snakefile");
            pipeline::write(&path, text.as_bytes())?;
            writeln!(std::io::stdout(), "{}", path.display())?;
        }
    }
    broken::ended(&workflow.project.broken, "the workflow is without it")
}

/// The workflow of a project, whose last run writes to `out`.
fn snakefile(workflow: &Workflow, shards: NonZeroUsize, out: &Path) -> String {
    let visible = workflow.graph.stages().iter().filter(|stage| stage.place == Place::Folder);
    // a string of JSON is one of Python too
    let quoted = |path: &Path| serde_json::Value::from(path.display().to_string());
    let mut outputs: Vec<String> =
        visible.flat_map(|stage| &stage.outputs).map(|path| format!("    {},\n", quoted(&out.join(path)))).collect();
    outputs.sort();
    let profile = &workflow.project.profile;
    let (memory, minutes) = resources(&profile.name);
    [
        ("@profile@", profile.name.clone()),
        ("@shards@", shards.to_string()),
        ("@memory@", memory.to_string()),
        ("@minutes@", minutes.to_string()),
        ("@out@", quoted(out).to_string()),
        ("@outputs@", outputs.concat()),
    ]
    .iter()
    .fold(SNAKEFILE.to_owned(), |text, (hole, value)| text.replace(hole, value))
}

/// MiB and minutes that a shard of a profile is given: several times what one machine with two threads needs; as for
/// the largest where the profile is a project's own.
fn resources(profile: &str) -> (u32, u32) {
    match profile {
        "smoke" => (1000, 10),
        "quick" => (2000, 20),
        "full" => (4000, 60),
        _ => (6000, 240),
    }
}
