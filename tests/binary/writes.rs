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
fn what_is_there_is_shown_from_a_folder_that_cannot_be_written_to() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new();
    project.stdout(&["run"]);
    let commands = [&["figure", "tiny"][..], &["table", "tiny"]];
    let before = commands.map(|command| project.stdout(command));
    // whoever may write anywhere cannot be kept from it, but a lock that is held by another is waited for
    let mode = |mode| fs::set_permissions(project.out(), fs::Permissions::from_mode(mode)).unwrap();
    fs::remove_file(project.out().join(".lock")).unwrap();
    mode(0o555);
    let after = commands.map(|command| project.stdout(command));
    assert!(!project.out().join(".lock").exists(), "nothing is written to look at what is there");
    mode(0o755);
    assert!(before == after);
}

#[test]
fn a_mistyped_folder_or_format_is_refused() {
    let project = Project::new();
    project.write("one.toml", "[data]\nalpha = 2.0\n[[stage]]\nloss = \"square\"\nlambda = 0.1\n");
    let at = |name: &str| project.root().join(name).to_str().unwrap().to_owned();
    for arguments in [
        &["figure", "tiny", "--to", &at("nowhere/x.pdf")][..],
        &["diff", ".", ".", "--html", &at("nowhere/x.html")],
        &["sweep", "--lineage", &at("one.toml"), "--over", "lambda=1,2", "--to", &at("nowhere/x.csv")],
    ] {
        let output = project.output(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
        assert!(!project.root().join("nowhere").exists(), "{arguments:?}");
    }
    let sweep = |more: &[&str]| {
        project.output(&[&["sweep", "--lineage", &at("one.toml"), "--over", "lambda=1,2"], more].concat())
    };
    let told = sweep(&["--to", &at("s.json"), "--format", "csv"]);
    assert!(told.status.code() == Some(2) && said(&told).contains("contradicts the name"), "{}", said(&told));
    assert_eq!(String::from_utf8(sweep(&["--to", &at("s.json")]).stdout).unwrap(), format!("{}\n", at("s.json")));
    assert!(fs::read_to_string(at("s.json")).unwrap().starts_with('{'));
}

#[test]
fn more_threads_than_there_can_be_are_no_mistake_of_the_program() {
    let project = Project::new();
    project.write("one.toml", "[data]\nalpha = 2.0\n[[stage]]\nloss = \"square\"\nlambda = 0.1\n");
    let command = "ulimit -v 3000000; exec \"$0\" sweep --lineage one.toml --over lambda=0.1,0.2";
    let mut shell = Command::new("sh");
    shell.args(["-c", command, env!("CARGO_BIN_EXE_redistill")]).env("RAYON_NUM_THREADS", "4000");
    let output = shell.current_dir(project.root()).output().unwrap();
    assert!(!said(&output).contains("mistake"), "{}", said(&output));
    assert!(output.status.code() == Some(0) || said(&output).contains("threads"), "{}", said(&output));
}

#[test]
fn a_simulation_that_is_ended_says_so() {
    let project = Project::new();
    let many = ["simulate", "--learner", "direct", "--alpha", "4", "--n", "600", "--replicates", "100000"];
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let mut command = project.command(&many);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(800));
        assert!(Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{signal}: {}", said(&output));
        assert!(said(&output).contains("interrupted"), "{}", said(&output));
    }
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
