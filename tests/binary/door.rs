//! `new`: what it makes runs as it is, and it takes nothing away.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::tempdir;

use crate::project::said;

fn redistill(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_redistill")).current_dir(folder).args(arguments).output().unwrap()
}

#[track_caller]
fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = redistill(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_new_project_runs_from_inside_and_from_outside() {
    let folder = tempdir().unwrap();
    done(folder.path(), &["new", "mine"]);
    let mine = folder.path().join("mine");
    for file in [
        "figures/first/figure.toml",
        "figures/first/text.md",
        "data/paper/claims.toml",
        ".gitignore",
        ".github/workflows/report.yml",
        "README.md",
        "redistill.toml",
    ] {
        assert!(mine.join(file).is_file(), "{file}");
    }
    let told = done(folder.path(), &["run", "--root", "mine", "--profile", "smoke"]);
    assert!(told.contains("first") && told.contains("1 holds") && told.contains("report.html"), "{told}");
    let report = fs::read_to_string(mine.join("out/report/report.md")).unwrap();
    assert!(report.contains("A student and its teacher") && !report.contains("{{"), "the text, with its numbers");
    assert!(done(&mine, &["run", "--profile", "smoke"]).contains("0 stages ran"), "inside it, the same project");
    assert!(fs::read_to_string(mine.join(".gitignore")).unwrap().contains("out"));
    // the profile that its project file has as an example
    assert!(done(&mine, &["run", "--profile", "small"]).contains("at profile small"));
    // and it can be held against itself
    done(&mine, &["verify", "--bless"]);
    done(&mine, &["verify"]);
}

#[test]
fn the_report_of_a_new_project_speaks_of_it_and_of_no_paper() {
    let folder = tempdir().unwrap();
    done(folder.path(), &["new", "."]);
    done(folder.path(), &["run", "--profile", "smoke"]);
    let read = |name: &str| fs::read_to_string(folder.path().join("out/report").join(name)).unwrap();
    let [page, markdown, summary] = ["report.html", "report.md", "summary.md"].map(read);
    for text in [&page, &markdown] {
        assert!(text.contains("What a student takes over from its teacher"), "its title");
        assert!(text.contains("A student that sees half of the features learns"), "its lede");
        assert!(text.contains("The figures") && text.contains("redistill run first"));
    }
    assert!(page.contains("One claim: ") && page.contains("How far the simulation is from the theory"));
    for text in [&page, &markdown, &summary] {
        for word in [
            "Part I",
            "## Errata",
            "\"errata\"",
            "\"#errata\"",
            "cargo run",
            "theory − print",
            "paper's figures",
            "paper's claims",
        ] {
            assert!(!text.contains(word), "{word}");
        }
    }
    // without words of its own it has neutral ones
    fs::remove_file(folder.path().join("redistill.toml")).unwrap();
    done(folder.path(), &["run", "--profile", "smoke"]);
    assert!(read("report.html").contains("<h1>Theory and simulation, side by side</h1>"));
}

#[test]
fn a_new_figure_runs_and_its_claim_can_be_uncommented() {
    let folder = tempdir().unwrap();
    done(folder.path(), &["new", "."]);
    let told = done(folder.path(), &["new", "figure", "cusp"]);
    assert!(told.contains("redistill run cusp"), "{told}");
    let file = folder.path().join("figures/cusp/figure.toml");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("id = \"cusp\"") && text.contains("\n# [[claim]]\n"), "{text}");
    assert!(text.lines().filter(|line| line.starts_with('#')).count() > 10, "it says what its keys are");
    assert!(done(folder.path(), &["run", "cusp", "--profile", "smoke"]).contains("cusp"));
    let at = text.find("# [[claim]]").unwrap();
    let claim: String = text[at..].lines().map(|line| format!("{}\n", line.trim_start_matches("# "))).collect();
    fs::write(&file, format!("{}{claim}", &text[..at])).unwrap();
    assert!(done(folder.path(), &["run", "--profile", "smoke"]).contains("cusp"));
}

#[test]
fn what_is_there_is_left_alone() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("notes.txt"), "mine").unwrap();
    let at = |name: &str| folder.path().join(name);
    for arguments in [&["new", "."][..], &["new", "notes.txt"], &["new"], &["new", "figure", "a"], &["new", "figure"]] {
        let output = redistill(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing was written");
    assert!(said(&redistill(folder.path(), &["new", "."])).contains("is not empty; valid: "));
    fs::create_dir(at("empty")).unwrap();
    done(folder.path(), &["new", "empty"]);
    for (id, word) in [("first", "there already"), ("Bad Id", "no id"), ("report", "taken"), ("../up", "no id")] {
        let output = redistill(&at("empty"), &["new", "figure", id]);
        assert!(output.status.code() == Some(2) && said(&output).contains(word), "{id}: {}", said(&output));
    }
    assert_eq!(fs::read_dir(at("empty/figures")).unwrap().count(), 1);
    let outside = said(&redistill(folder.path(), &["run"]));
    assert!(outside.contains("redistill new DIR"), "{outside}");
}

#[test]
fn the_workflow_of_a_new_project_names_no_address() {
    let folder = tempdir().unwrap();
    done(folder.path(), &["new", "."]);
    let workflow = fs::read_to_string(folder.path().join(".github/workflows/report.yml")).unwrap();
    assert!(workflow.contains("redistill run") && workflow.contains("vars.REDISTILL_GIT"));
    assert!(!workflow.contains("http"), "{workflow}");
}
