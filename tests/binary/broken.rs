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
    assert!(lines[0].starts_with("warning: other is left out: "), "{message}");
    assert!(message.contains("error: other cannot be run, the rest was made"), "{message}");
    for line in [lines[0], lines[lines.len() - 1]] {
        assert!(WORDS.iter().all(|word| line.contains(word)), "{line}");
    }
    assert!(String::from_utf8_lossy(&output.stdout).contains("report.html"));
    // mended, it is made and nothing else of the other figure is
    project.edit("figures/other/figure.toml", "\nlambda = -0.2", "\nlambda = 0.2");
    let told = project.stdout(&["run"]);
    assert!(told.contains("other") && project.out().join("figures/other.svg").is_file(), "{told}");
}

#[test]
fn what_asks_for_the_broken_figure_or_for_all_of_them_is_refused() {
    let project = half();
    for arguments in [
        &["run", "other"][..],
        &["run", "figure/other"],
        &["table", "other"],
        &["figure", "other"],
        &["why", "table/other.theory"],
        &["verify"],
        &["measure", "run"],
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
    let listed = project.output(&["list"]);
    assert!(String::from_utf8_lossy(&listed.stdout).contains("tiny  Figure 0"), "the rest is listed");
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
fn a_file_that_all_figures_share_is_no_figure_s_fault() {
    let project = half();
    project.write("data/paper/claims.toml", "[[claim]]\nid = \"1\"\n");
    let output = project.output(&["run"]);
    assert!(output.status.code() == Some(2) && said(&output).contains("claims.toml"), "{}", said(&output));
    assert!(!project.out().exists());
}
