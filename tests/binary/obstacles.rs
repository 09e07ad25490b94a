//! Pipes, folders and links where a file belongs: never waited for, replaced where nothing is lost, named otherwise.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::project::{Project, assert_equal, said};

/// Runs a command; one that has not ended within a minute hangs.
fn within_a_minute(project: &Project, arguments: &[&str]) -> Output {
    let mut child = project.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(60) {
            child.kill().unwrap();
            panic!("{arguments:?} hangs");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.wait_with_output().unwrap()
}

fn pipe(path: &Path) {
    fs::remove_file(path).unwrap();
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Every file that a run leaves: outputs, what is told of them, journal, lock, one chunk.
fn files(project: &Project) -> Vec<PathBuf> {
    let out = project.out();
    let mut files: Vec<PathBuf> = project.artefacts().into_keys().collect();
    let own = [
        "manifest.json",
        "ro-crate-metadata.json",
        "workflow.json",
        ".cache/journal.jsonl",
        ".cache/seals.json",
        ".lock",
    ];
    files.extend(own.map(PathBuf::from));
    let objects = out.join(".cache/objects");
    let first = |folder: &Path| {
        let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        entries.remove(0)
    };
    files.push(first(&first(&objects)).strip_prefix(&out).unwrap().to_owned());
    files
}

#[test]
fn a_pipe_in_place_of_a_file_is_replaced_and_not_waited_for() {
    let project = Project::new();
    project.stdout(&["run"]);
    let expected = project.artefacts();
    for file in files(&project) {
        pipe(&project.out().join(&file));
        for command in [&["status"][..], &["run"]] {
            let output = within_a_minute(&project, command);
            assert_eq!(output.status.code(), Some(0), "{} {command:?}: {}", file.display(), said(&output));
        }
        // a pipe among the chunks is seen once something reads it
        if !file.starts_with(".cache/objects") {
            assert!(project.out().join(&file).symlink_metadata().unwrap().is_file(), "{}", file.display());
        }
        assert_equal(&project.artefacts(), &expected, &format!("a pipe at {}", file.display()));
    }
    pipe(&project.out().join("manifest.json"));
    for command in [&["measure", "run"][..], &["verify", "--no-run", "--recompute", "none"], &["clean", "--cache"]] {
        let output = within_a_minute(&project, command);
        assert!(output.status.code().is_some(), "{}", said(&output));
    }
}

#[test]
fn a_folder_without_files_and_any_link_at_an_outputs_path_are_replaced() {
    let project = Project::new();
    project.stdout(&["run"]);
    let expected = project.artefacts();
    for file in files(&project) {
        let path = project.out().join(&file);
        fs::remove_file(&path).unwrap();
        fs::create_dir_all(path.join("empty/too")).unwrap();
        let output = project.output(&["run"]);
        assert_eq!(output.status.code(), Some(0), "a folder at {}: {}", file.display(), said(&output));
        for target in [path.as_path(), Path::new("nowhere")] {
            if let Ok(found) = path.symlink_metadata() {
                if found.is_dir() { fs::remove_dir_all(&path).unwrap() } else { fs::remove_file(&path).unwrap() }
            }
            symlink(target, &path).unwrap();
            let output = project.output(&["run"]);
            assert_eq!(output.status.code(), Some(0), "a link at {}: {}", file.display(), said(&output));
        }
        assert_equal(&project.artefacts(), &expected, &format!("obstacles at {}", file.display()));
    }
}

#[test]
fn what_may_be_somebodys_is_named_and_kept() {
    for file in ["figures/tiny.svg", "data/claims.parquet", "report/report.md", ".cache/journal.jsonl", ".lock"] {
        let project = Project::new();
        let path = project.out().join(file);
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("notes"), "mine").unwrap();
        let output = project.output(&["run"]);
        let message = said(&output);
        assert_eq!(output.status.code(), Some(1), "{file}: {message}");
        assert!(message.contains(&format!("out/{file} is a folder with files in it")), "{message}");
        assert!(message.contains("remove it"), "{message}");
        assert_eq!(fs::read_to_string(path.join("notes")).unwrap(), "mine");
        fs::remove_dir_all(&path).unwrap();
        project.stdout(&["run"]);
    }
}

#[test]
fn a_file_or_a_loop_in_place_of_a_folder_is_named() {
    for folder in ["figures", "data", ".cache", ".cache/objects"] {
        let project = Project::new();
        let path = project.out().join(folder);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "mine").unwrap();
        let message = said(&project.output(&["run"]));
        assert!(
            message.contains(path.to_str().unwrap()) && message.contains("remove that file"),
            "{folder}: {message}"
        );
        fs::remove_file(&path).unwrap();
        symlink(&path, &path).unwrap();
        let message = said(&project.output(&["run"]));
        assert!(message.contains(&format!("{} is a link", path.display())), "{folder}: {message}");
        fs::remove_file(&path).unwrap();
        project.stdout(&["run"]);
    }
}

#[test]
fn a_link_to_no_folder_as_output_folder_is_told_as_such() {
    let project = Project::new();
    symlink(project.root().join("gone"), project.out()).unwrap();
    for command in ["run", "clean"] {
        let output = project.output(&[command]);
        let message = said(&output);
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert!(message.contains("out is a link to") && message.contains("gone, which does not exist"), "{message}");
    }
    fs::create_dir(project.root().join("gone")).unwrap();
    project.stdout(&["run"]);
    assert!(project.root().join("gone/report/report.html").is_file(), "a link to a folder is that folder");
}
