//! Files that commands write where they are told to: whole or not at all, and told in plain words.
#![cfg(unix)]

use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::project::{Project, said};

/// Runs a command that writes `target`, which exists, and holds it to having replaced the file: whoever has the old one
/// open keeps all of it, so that a kill at no moment leaves a part.
fn replaces(project: &Project, arguments: &[&str], target: &Path) {
    let old = "the old bytes, which are longer than nothing";
    fs::write(target, old).unwrap();
    let (before, mut open) = (fs::metadata(target).unwrap().ino(), File::open(target).unwrap());
    project.stdout(arguments);
    assert_ne!(fs::metadata(target).unwrap().ino(), before, "{arguments:?} wrote into the old file");
    let mut kept = String::new();
    std::io::Read::read_to_string(&mut open, &mut kept).unwrap();
    assert_eq!(kept, old);
    assert_ne!(fs::read_to_string(target).unwrap(), old);
    let folder = fs::read_dir(target.parent().unwrap()).unwrap();
    let left = folder.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(".redistill"));
    assert_eq!(left.count(), 0, "{arguments:?} leaves nothing beside it");
}

#[test]
fn every_file_is_replaced_and_never_cut_short() {
    let project = Project::new();
    project.stdout(&["run"]);
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let out = text(&project.out());
    replaces(&project, &["export", "snakemake", "--to", &text(folder.path())], &at("Snakefile"));
    replaces(&project, &["figure", "tiny", "--to", &text(&at("tiny.svg"))], &at("tiny.svg"));
    replaces(&project, &["diff", &out, &out, "--html", &text(&at("page.html"))], &at("page.html"));
    // what a killed writer left is taken away by the next
    fs::write(at(".redistill-killed"), "half").unwrap();
    replaces(&project, &["figure", "tiny", "--to", &text(&at("tiny.svg"))], &at("tiny.svg"));
}

#[test]
fn the_measurement_is_replaced_whole_and_an_empty_one_refused() {
    let project = Project::new();
    project.stdout(&["run"]);
    project.stdout(&["measure", "run"]);
    let path = project.root().join("data/measured/costs.toml");
    let before = fs::metadata(&path).unwrap().ino();
    project.stdout(&["run"]);
    project.stdout(&["measure", "run"]);
    assert_ne!(fs::metadata(&path).unwrap().ino(), before);
    for empty in ["", "\n", "# nothing\n"] {
        fs::write(&path, empty).unwrap();
        let output = project.output(&["run"]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains("costs.toml") && said(&output).contains("no measurement"), "{}", said(&output));
    }
}

#[test]
fn a_link_is_written_through_and_a_device_written_to() {
    let project = Project::new();
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("real.svg"), folder.path().join("link.svg"));
    fs::write(&file, "old").unwrap();
    symlink(&file, &link).unwrap();
    project.stdout(&["figure", "tiny", "--to", link.to_str().unwrap()]);
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert!(fs::read_to_string(&file).unwrap().contains("<svg"));
    let printed = project.stdout(&["figure", "tiny", "--to", "/dev/stdout"]);
    assert!(printed.contains("<svg"));
    let refused = project.output(&["figure", "tiny", "--to", folder.path().to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(said(&refused).contains("cannot write"), "{}", said(&refused));
}

#[test]
fn a_folder_whose_name_is_no_text_is_no_reason_to_panic() {
    let project = Project::new();
    let out = project.root().join(std::ffi::OsStr::from_bytes(b"o\xff"));
    for arguments in [&["run", "--json"][..], &["run", "-n", "--json"], &["status", "--json"], &["clean"]] {
        let mut command = project.command(arguments);
        let output = command.arg("--out").arg(&out).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
        if arguments.contains(&"--json") {
            serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap();
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_written_is_an_error() {
    for arguments in [&["--help"][..], &["--version"], &["run", "--help"], &["list"], &["completions", "bash"]] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_redistill"));
        let output = command.args(arguments).stdout(full).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", said(&output));
        assert!(said(&output).starts_with("error: "), "{arguments:?}: {}", said(&output));
    }
}

#[test]
fn a_damaged_manifest_is_written_anew_and_not_measured_by() {
    for file in ["manifest.json", "ro-crate-metadata.json", "workflow.json"] {
        let project = Project::new();
        project.stdout(&["run"]);
        let path = project.out().join(file);
        let whole = fs::read(&path).unwrap();
        let wrong_number = String::from_utf8(whole.clone()).unwrap().replacen('1', "2", 1);
        for damaged in [Vec::new(), whole[..whole.len() / 2].to_vec(), wrong_number.into_bytes(), b"{}".to_vec()] {
            fs::write(&path, &damaged).unwrap();
            let refused = project.output(&["measure", "run"]);
            assert_eq!(refused.status.code(), Some(2), "{file}: {}", said(&refused));
            assert!(said(&refused).contains("manifest.json"), "{file}: {}", said(&refused));
            project.stdout(&["run"]);
            let found = fs::read(&path).unwrap();
            assert_ne!(found, damaged, "{file}");
            assert!(serde_json::from_slice::<serde_json::Value>(&found).is_ok(), "{file}");
            project.stdout(&["measure", "run"]);
        }
    }
}
