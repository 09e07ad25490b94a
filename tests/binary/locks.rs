//! Commands beside a run: they wait, say so, and end with the truth.
#![cfg(unix)]

use std::fs::{self, File};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::project::{Project, said};

/// The project with its lock held, as by a run at work.
fn locked(project: &Project) -> File {
    let lock = File::options().write(true).open(project.out().join(".lock")).unwrap();
    lock.lock().unwrap();
    lock
}

fn spawned(mut command: Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Lets a command find the lock taken, then frees it, and gives what came of the command.
fn made_to_wait(project: &Project, arguments: &[&str]) -> Output {
    let lock = locked(project);
    let mut child = spawned(project.command(arguments));
    std::thread::sleep(Duration::from_millis(600));
    assert!(child.try_wait().unwrap().is_none(), "{arguments:?} did not wait");
    drop(lock);
    child.wait_with_output().unwrap()
}

#[test]
fn whatever_reads_or_removes_outputs_waits_for_the_run_and_says_so() {
    let project = Project::new();
    project.write("data/reference/README.md", "");
    project.stdout(&["run"]);
    let out = project.out().to_str().unwrap().to_owned();
    let commands: [&[&str]; 4] =
        [&["verify", "--no-run", "--recompute", "none"], &["diff", &out, &out], &["run"], &["clean"]];
    for arguments in commands {
        let output = made_to_wait(&project, arguments);
        let message = said(&output);
        assert!(message.contains("waiting for another run to release"), "{arguments:?}: {message}");
        assert!(!message.contains("Parquet") && !message.contains("panick"), "{arguments:?}: {message}");
        let expected = if arguments[0] == "verify" { Some(4) } else { Some(0) };
        assert_eq!(message.contains("no reference yet; `redistill verify --bless` makes it"), expected == Some(4));
        assert_eq!(output.status.code(), expected, "{arguments:?}: {message}");
    }
}

#[test]
fn verify_and_diff_beside_a_run_read_whole_folders() {
    let project = Project::slow();
    let reference = Project::slow();
    reference.stdout(&["run"]);
    let mut run = spawned(project.command(&["run"]));
    let start = Instant::now();
    while !project.out().join(".cache/journal.jsonl").is_file() {
        assert!(start.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(2));
    }
    let [out, other] = [project.out(), reference.out()].map(|path| path.to_str().unwrap().to_owned());
    let diff = project.output(&["diff", &out, &other, "--check"]);
    assert_eq!(diff.status.code(), Some(0), "{}", said(&diff));
    assert_eq!(run.wait().unwrap().code(), Some(0));
}

#[test]
fn an_interrupted_wait_says_that_it_waited() {
    for command in ["run", "clean"] {
        let project = Project::new();
        project.stdout(&["run"]);
        let _lock = locked(&project);
        let child = spawned(project.command(&[command]));
        std::thread::sleep(Duration::from_millis(600));
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        let message = said(&output);
        assert_eq!(output.status.code(), Some(130), "{command}: {message}");
        assert!(message.contains("interrupted while waiting for another run"), "{command}: {message}");
        assert!(!message.contains("0 left"), "{command}: {message}");
    }
}

#[test]
fn an_interrupted_sweep_leaves_nothing_and_the_old_file_as_it_was() {
    let project = Project::new();
    project.write("one.toml", "[data]\nalpha = 2.0\n[[stage]]\nloss = \"logistic\"\nlambda = 0.1\n");
    let folder = project.root().join("maps");
    for (format, old) in [("parquet", None), ("csv", Some("an old map"))] {
        project.write("maps/.keep", "");
        let path = folder.join("map");
        if let Some(old) = old {
            fs::write(&path, old).unwrap();
        }
        let entries = || fs::read_dir(&folder).unwrap().count();
        let before = entries();
        let lineage = project.root().join("one.toml");
        let mut command = project.command(&["sweep", "--format", format, "--lineage"]);
        let axes = ["--over", "lambda=log:1e-3:1:1000", "--over", "alpha=log:1:10:1000"];
        let mut child = spawned({
            command.arg(lineage).arg("--to").arg(&path).args(axes);
            command
        });
        let start = Instant::now();
        while entries() == before {
            assert!(child.try_wait().unwrap().is_none(), "{}", said(&child.wait_with_output().unwrap()));
            assert!(start.elapsed() < Duration::from_secs(60));
            std::thread::sleep(Duration::from_millis(2));
        }
        std::thread::sleep(Duration::from_millis(300));
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        let message = said(&output);
        assert_eq!(output.status.code(), Some(130), "{format}: {message}");
        assert!(message.contains("interrupted"), "{format}: {message}");
        assert_eq!(entries(), before, "{format}: nothing is left beside it");
        assert_eq!(fs::read_to_string(&path).ok().as_deref(), old, "{format}");
    }
}

#[test]
fn a_killed_verify_leaves_nothing_that_the_next_run_does_not_remove() {
    let project = Project::slow();
    project.write("data/reference/README.md", "");
    project.stdout(&["run"]);
    let temporary = tempfile::tempdir().unwrap();
    let scratch = project.out().join(".cache/scratch");
    let entries = |folder: &std::path::Path| fs::read_dir(folder).map_or(0, Iterator::count);
    let mut command = project.command(&["verify", "--recompute", "all"]);
    command.env("TMPDIR", temporary.path());
    let mut child = spawned(command);
    let start = Instant::now();
    while entries(&scratch) < 2 {
        assert!(child.try_wait().unwrap().is_none(), "{}", said(&child.wait_with_output().unwrap()));
        assert!(start.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(entries(temporary.path()), 0, "nothing in the folder of the system");
    assert_eq!(entries(&scratch), 2);
    project.stdout(&["run"]);
    assert_eq!(entries(&scratch), 0);
}
