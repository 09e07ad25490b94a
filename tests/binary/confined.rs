//! `clean` and `run` touch nothing outside the output folder, whatever lies in it.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::project::{Project, said};

/// Adds a receipt to the journal that says that `path` was made here.
fn claim(project: &Project, path: &str) {
    let journal = project.out().join(".cache/journal.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    let line = text.lines().find(|line| line.contains("\"stage\":\"figure/tiny\"")).unwrap();
    let forged = line.replace("\"path\":\"figures/tiny.svg\"", &format!("\"path\":{}", serde_json::json!(path)));
    assert_ne!(forged, line);
    fs::write(&journal, format!("{text}{forged}\n")).unwrap();
}

#[test]
fn a_receipt_cannot_have_a_file_elsewhere_removed() {
    let project = Project::new();
    project.stdout(&["run"]);
    let elsewhere = tempfile::tempdir().unwrap();
    let absolute = elsewhere.path().join("mine.txt");
    fs::write(&absolute, "mine").unwrap();
    project.write("mine.txt", "mine");
    for path in [absolute.to_str().unwrap(), "../mine.txt", "data/../../mine.txt", ".lock", "./.lock"] {
        claim(&project, path);
    }
    project.stdout(&["clean"]);
    assert_eq!(fs::read_to_string(&absolute).unwrap(), "mine");
    assert_eq!(fs::read_to_string(project.root().join("mine.txt")).unwrap(), "mine");
    assert!(project.out().join(".lock").is_file());
    assert!(!project.out().join("data").exists(), "its own outputs are removed");
}

/// Moves a part of the output folder elsewhere and leaves a link in its place.
fn moved(project: &Project, part: &str, to: &Path) {
    fs::rename(project.out().join(part), to).unwrap();
    symlink(to, project.out().join(part)).unwrap();
}

#[test]
fn a_linked_folder_is_refused_and_left_alone() {
    for part in ["data", ".cache", ".cache/objects"] {
        let (project, elsewhere) = (Project::new(), tempfile::tempdir().unwrap());
        project.stdout(&["run"]);
        let target = elsewhere.path().join("moved");
        moved(&project, part, &target);
        let mut before: Vec<_> = fs::read_dir(&target).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        let commands: &[&[&str]] = if part == "data" { &[&["clean"], &["run"]] } else { &[&["run"]] };
        for command in commands {
            let output = project.output(command);
            let message = said(&output);
            assert_eq!(output.status.code(), Some(1), "{part} {command:?}: {message}");
            assert!(message.contains(&format!("out/{part} is a link")), "{part} {command:?}: {message}");
            assert!(message.contains("remove it"), "{message}");
            assert_eq!(message.lines().count(), 1, "{message}");
        }
        let mut after: Vec<_> = fs::read_dir(&target).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        before.sort();
        after.sort();
        assert_eq!(before, after, "{part}");
    }
}

#[test]
fn cleaning_the_cache_removes_a_link_and_not_what_it_leads_to() {
    let (project, elsewhere) = (Project::new(), tempfile::tempdir().unwrap());
    project.stdout(&["run"]);
    let target = elsewhere.path().join("objects");
    moved(&project, ".cache/objects", &target);
    project.stdout(&["clean", "--cache"]);
    assert!(!project.out().join(".cache").exists());
    assert!(fs::read_dir(&target).unwrap().count() > 0);
}

#[test]
fn a_linked_journal_or_output_is_replaced_and_not_written_through() {
    let (project, elsewhere) = (Project::new(), tempfile::tempdir().unwrap());
    project.stdout(&["run"]);
    let expected = project.artefacts();
    for part in [".cache/journal.jsonl", ".lock", "figures/tiny.svg", "manifest.json"] {
        let target = elsewhere.path().join("precious");
        fs::write(&target, "precious").unwrap();
        fs::remove_file(project.out().join(part)).unwrap();
        symlink(&target, project.out().join(part)).unwrap();
        project.stdout(&["run"]);
        assert_eq!(fs::read_to_string(&target).unwrap(), "precious", "{part}");
        assert!(project.out().join(part).symlink_metadata().unwrap().is_file(), "{part}");
    }
    crate::project::assert_equal(&project.artefacts(), &expected, "after links");
}

#[test]
fn outputs_are_not_made_among_what_the_project_is_made_of() {
    let project = Project::new();
    project.write("report/report.md", "mine");
    for out in [".", "figures", "./figures/tiny/out", "data/../figures"] {
        for command in ["run", "clean"] {
            let output = project.output(&[command, "--out", project.root().join(out).to_str().unwrap()]);
            let message = said(&output);
            assert_eq!(output.status.code(), Some(2), "{command} --out {out}: {message}");
            assert!(message.contains("valid: a folder for nothing but outputs"), "{message}");
        }
    }
    assert_eq!(fs::read_to_string(project.root().join("report/report.md")).unwrap(), "mine");
    assert!(!project.root().join("figures/data").exists());
}
