//! A figure that cannot be run keeps none of the others from being made.

use std::fs;

use serde_json::Value;

use crate::project::{FIGURE, Project, TEXT, said};

/// A project with one figure that is whole and one with a wrong ridge.
fn half() -> Project {
    let project = Project::new();
    let text = FIGURE.replace("id = \"tiny\"", "id = \"other\"").replace("\nlambda = 0.2", "\nlambda = -0.2");
    project.write("figures/other/figure.toml", &text);
    project.write("figures/other/text.md", TEXT);
    project
}

/// What is wrong, where, and what would be valid.
const WORDS: [&str; 4] = ["figures/other/figure.toml", "line ", "lambda", "> 0"];

#[test]
fn the_rest_runs_and_the_broken_one_is_told_at_both_ends() {
    let project = half();
    let output = project.output(&["run"]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(project.out().join("report/report.html").is_file() && project.out().join("figures/tiny.svg").is_file());
    assert!(!project.out().join("figures/other.svg").exists());
    let lines: Vec<&str> = message.lines().collect();
    assert_eq!(lines[0], "warning: other is left out: it cannot be run");
    assert!(message.contains("error: other cannot be run; the rest was made"), "{message}");
    assert!(WORDS.iter().all(|word| lines[lines.len() - 1].contains(word)), "{message}");
    assert_eq!(message.matches("figure.toml").count(), 1, "once is enough: {message}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("report.html"));
    // mended, it is made and nothing else of the other figure is
    project.edit("figures/other/figure.toml", "\nlambda = -0.2", "\nlambda = 0.2");
    let told = project.stdout(&["run"]);
    assert!(told.contains("other") && project.out().join("figures/other.svg").is_file(), "{told}");
}

#[test]
fn what_asks_for_the_broken_figure_is_refused_and_the_rest_goes_on() {
    let project = half();
    for arguments in [
        &["run", "other"][..],
        &["run", "figure/other"],
        &["table", "other"],
        &["figure", "other"],
        &["why", "table/other.theory"],
        &["verify", "--bless"],
        &["export", "snakemake"],
        &["graph"],
        &["list"],
        &["status"],
        &["run", "-n"],
    ] {
        let output = project.output(arguments);
        let message = said(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {message}");
        assert!(WORDS.iter().all(|word| message.contains(word)), "{arguments:?}: {message}");
        assert!(!project.out().exists(), "{arguments:?}");
    }
    for arguments in [&["run", "tiny"][..], &["table", "tiny"], &["figure", "tiny"], &["why", "tiny"]] {
        project.stdout(arguments);
    }
    let rest = [
        (&["list"][..], "tiny  Figure 0"),
        (&["graph"], "figure/tiny"),
        (&["export", "snakemake"], "out/figures/tiny.svg"),
        (&["run", "-n"], "report  (never made here"),
    ];
    for (arguments, words) in rest {
        let told = String::from_utf8(project.output(arguments).stdout).unwrap();
        assert!(told.contains(words) && !told.contains("other"), "{arguments:?}: {told}");
    }
    let planned = said(&project.output(&["run", "-n"]));
    assert!(planned.contains("the rest is planned") && !planned.contains("was made"), "{planned}");
}

#[test]
fn the_rest_is_held_against_its_reference_and_measured() {
    let mut project = half();
    project.edit("figures/other/figure.toml", "\nlambda = -0.2", "\nlambda = 0.3");
    project.at("quick").stdout(&["verify", "--bless", "--recompute", "none"]);
    project.edit("figures/other/figure.toml", "\nlambda = 0.3", "\nlambda = -0.2");
    let verified = project.output(&["verify", "--recompute", "none"]);
    assert_eq!(verified.status.code(), Some(2), "{}", said(&verified));
    assert!(said(&verified).contains("1 table within") && said(&verified).contains("lambda"), "{}", said(&verified));
    let reference = project.root().join("data/reference/other.theory.parquet");
    assert_eq!(project.output(&["verify", "--bless"]).status.code(), Some(2));
    assert!(reference.is_file(), "the reference of a figure that is being mended stays");
    project.output(&["run"]);
    let measured = project.output(&["measure", "run"]);
    assert_eq!(measured.status.code(), Some(2), "{}", said(&measured));
    assert!(project.root().join("data/measured/costs.toml").is_file(), "{}", said(&measured));
}

#[test]
fn json_names_what_is_left_out() {
    let project = half();
    let output = project.output(&["run", "--json"]);
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &object["broken"][0]["figure"]), (Some(2), &"other".into()));
    assert!(object["broken"][0]["error"].as_str().unwrap().contains("line "));
}

#[test]
fn every_sort_of_fault_is_the_figure_s_own() {
    type Break = fn(&Project);
    let faults: [(&str, Break); 5] = [
        ("no such file; valid: the figure's text", |project| {
            fs::remove_file(project.root().join("figures/other/text.md")).unwrap();
        }),
        ("`best`", |project| project.write("figures/other/text.md", "The best is {{ bset }}.\n")),
        ("half_loss", |project| project.edit("figures/other/figure.toml", "claim = \"1\"", "claim = \"99\"")),
        ("nothing", |project| project.edit("figures/other/figure.toml", "direct, λ = 0.2", "$\\\\nothing")),
        ("`title`", |project| project.edit("figures/other/figure.toml", "title = ", "titel = ")),
    ];
    for (word, fault) in faults {
        let project = half();
        project.edit("figures/other/figure.toml", "\nlambda = -0.2", "\nlambda = 0.2");
        fault(&project);
        let output = project.output(&["run"]);
        let message = said(&output);
        assert!(output.status.code() == Some(2) && message.contains(word), "{word}: {message}");
        assert!(message.contains("other") && !message.contains("os error"), "{message}");
        assert!(project.out().join("figures/tiny.svg").is_file(), "{word}: {message}");
    }
}

#[test]
fn a_folder_without_a_figure_is_told() {
    type Break = fn(&std::path::Path);
    let faults: [(&str, Break); 4] = [
        ("no figure.toml; valid", |folder| fs::remove_file(folder.join("figure.toml")).unwrap()),
        ("but `Figure.toml`", |folder| {
            fs::rename(folder.join("figure.toml"), folder.join("FIGURE")).unwrap();
            fs::rename(folder.join("FIGURE"), folder.join("Figure.toml")).unwrap();
        }),
        ("no figure.toml; valid", |folder| {
            fs::remove_dir_all(folder).unwrap();
            fs::create_dir(folder).unwrap();
        }),
        #[cfg(unix)]
        ("no figure.toml; valid", |folder| {
            fs::remove_dir_all(folder).unwrap();
            std::os::unix::fs::symlink("nowhere", folder).unwrap();
        }),
    ];
    for (word, fault) in faults {
        let project = half();
        fault(&project.root().join("figures/other"));
        let output = project.output(&["run"]);
        let message = said(&output);
        assert!(output.status.code() == Some(2) && message.contains(word), "{word}: {message}");
        assert!(message.contains("other") && project.out().join("figures/tiny.svg").is_file(), "{message}");
    }
}

#[test]
fn a_file_that_all_figures_share_is_no_figure_s_fault() {
    let project = half();
    project.write("data/paper/claims.toml", "[[claim]]\nid = \"1\"\n");
    let output = project.output(&["run"]);
    assert!(output.status.code() == Some(2) && said(&output).contains("claims.toml"), "{}", said(&output));
    assert!(!project.out().exists());
}
