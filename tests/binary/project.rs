//! A small project in a folder of its own, and the binary at work on it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// Two curves of five points, one experiment each, with a check, numbers and a text.
pub const FIGURE: &str = r#"id = "tiny"
title = "A small figure"
paper = "Figure 0"
caption = "Direct and distilled."

[x]
parameter = "alpha"
range = [1.0, 5.0]
points = 5
experiment = [3.0]

[[panel]]
y = "eg"
range = [0.1, 0.4]

[[curve]]
id = "direct"
label = "direct, λ = 0.2"
learner = "direct"
lambda = 0.2

[[curve]]
id = "kd"
label = "distilled, λ̃ = 0.1"
learner = "distilled"
teacher_lambda = 0.1
lambda = 1e-3
chi = 0.8
temperature = 2.0

[[line]]
at = "student_separability"

[[claim]]
id = "finite"
claim = "1"
text = "tuned ridge beats a light one"
quantity = { statistic = "max", curve = "direct", minus = "kd" }
below = 0.0
reason = "to beat is to lie below"

[[number]]
name = "best"
quantity = { statistic = "min", curve = "direct" }
"#;

/// The text of the figure, with a number of its own and one that every figure has.
pub const TEXT: &str =
    "The lowest error is {{ best }} and the largest deviation {{ worst_z }} standard errors, at $\\alpha = 3$.\n";

/// Commands that work on no project.
pub const ALONE: [&str; 8] = ["solve", "simulate", "sweep", "optimise", "threshold", "schema", "completions", "diff"];

/// A project in a temporary folder, removed with it.
pub struct Project {
    folder: TempDir,
    profile: &'static str,
}

impl Project {
    /// The small project, not run yet.
    pub fn new() -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap(), profile: "smoke" };
        project.write("figures/tiny/figure.toml", FIGURE);
        project.write("figures/tiny/text.md", TEXT);
        project.write("data/paper/claims.toml", include_str!("../../data/paper/claims.toml"));
        project.write("data/paper/errata.toml", include_str!("../../data/paper/errata.toml"));
        project
    }

    /// The small project at the profile of CI.
    pub fn quick() -> Self {
        Self { profile: "quick", ..Self::new() }
    }

    /// A project whose trials take seconds: what a kill or an interrupt finds at work.
    pub fn slow() -> Self {
        let project = Self::quick();
        let places: Vec<String> = (0..24).map(|k| format!("{:.2}", 1.0 + 0.15 * f64::from(k))).collect();
        project.edit(
            "figures/tiny/figure.toml",
            "experiment = [3.0]",
            &format!("experiment = [{}]", places.join(", ")),
        );
        project.edit("figures/tiny/figure.toml", "points = 5", "points = 60");
        project
    }

    /// The same project at another profile.
    pub fn at(&mut self, profile: &'static str) -> &Self {
        self.profile = profile;
        self
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn out(&self) -> PathBuf {
        self.root().join("out")
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces `old`, which must be there, by `new`.
    pub fn edit(&self, path: &str, old: &str, new: &str) {
        let text = fs::read_to_string(self.root().join(path)).unwrap();
        assert!(text.contains(old), "{path} holds no {old}");
        self.write(path, &text.replace(old, new));
    }

    /// The binary with this project as its root, at its profile.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_redistill"));
        if !arguments.first().is_some_and(|first| ALONE.contains(first)) {
            command.arg("--root").arg(self.root()).args(["--profile", self.profile]);
        }
        command.args(arguments).stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub fn output(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that must succeed; gives its stdout.
    pub fn stdout(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs everything; gives the ids of the stages that ran, as the journal recorded them.
    pub fn run(&self) -> Vec<String> {
        let before = journal(&self.out()).len();
        self.stdout(&["run"]);
        let mut ran = journal(&self.out()).split_off(before);
        ran.sort();
        ran
    }

    /// Every artefact by its path: all below `out` but the cache, the lock and the manifest, which may tell the time.
    pub fn artefacts(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        artefacts(&self.out())
    }
}

/// Everything a command said.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Stages that have ended, in the order in which they did.
pub fn journal(out: &Path) -> Vec<String> {
    let text = fs::read_to_string(out.join(".cache/journal.jsonl")).unwrap_or_default();
    let stage = |line: &str| Some(serde_json::from_str::<serde_json::Value>(line).ok()?["stage"].as_str()?.to_owned());
    text.lines().filter_map(stage).collect()
}

fn artefacts(out: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![out.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && !path.ends_with(".cache") {
                folders.push(path);
            } else if ["parquet", "svg", "md", "html"].contains(&extension.as_str()) {
                found.insert(path.strip_prefix(out).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Holds two sets of artefacts to equal names and equal bytes.
#[track_caller]
pub fn assert_equal(a: &BTreeMap<PathBuf, Vec<u8>>, b: &BTreeMap<PathBuf, Vec<u8>>, what: &str) {
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>(), "{what}");
    for (path, bytes) in a {
        assert!(bytes == &b[path], "{what}: {} differs", path.display());
    }
}
