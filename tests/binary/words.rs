//! What commands say to people: help, the closing table, progress, changes in words, differences in counts.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use redistill::table::parquet;
use serde_json::Value;

use crate::project::{Project, said};

/// Characters of the widest line, with what stands above a letter not counted.
fn widest(text: &str) -> usize {
    let length = |line: &str| line.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).count();
    text.lines().map(length).max().unwrap_or(0)
}

#[test]
fn help_has_local_options_first_and_ends_with_examples() {
    let project = Project::new();
    for command in [
        "run",
        "status",
        "why",
        "list",
        "graph",
        "verify",
        "diff",
        "clean",
        "merge",
        "export",
        "measure",
        "solve",
        "simulate",
        "figure",
        "table",
        "new",
        "completions",
    ] {
        let help = project.stdout(&[command, "--help"]);
        let at = |words: &str| help.find(words).unwrap_or_else(|| panic!("{command}: no `{words}` in\n{help}"));
        assert!(at("\nOptions:") < at("Options of every command on a project:"), "{command}\n{help}");
        assert!(at("--root") > at("Options of every command on a project:"), "{command}");
        let examples = &help[at("\nExamples:")..];
        assert!(examples.contains(&format!("redistill {command}")) && !examples.contains("Options"), "{examples}");
    }
    assert!(project.stdout(&["--help"]).contains("redistill new my-project"));
}

#[test]
fn the_closing_table_stays_within_the_terminal() {
    let project = Project::new();
    project.edit(
        "figures/tiny/figure.toml",
        "A small figure",
        "A small figure with a title that is as long as a sentence",
    );
    project.stdout(&["run"]);
    let at = |columns: &str| {
        let output = project.command(&["run", "--force"]).env("COLUMNS", columns).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let text = String::from_utf8(output.stdout).unwrap();
        // a path is not cut: it is there to be copied
        text.lines().filter(|line| !line.starts_with("report: ")).map(|line| format!("{line}\n")).collect::<String>()
    };
    let [narrowest, narrow, wide] = ["40", "60", "200"].map(at);
    assert!(widest(&narrowest) <= 40, "{narrowest}");
    assert!(widest(&narrow) <= 60 && narrow.contains('…'), "{narrow}");
    assert!(wide.contains("as long as a sentence") && wide.contains("χ²/points"), "{wide}");
    assert!(narrow.contains("worst z"), "{narrow}");
    assert!(wide.contains("seconds") && wide.contains(" s at profile smoke"), "{wide}");
    assert!(
        wide.contains("not in this run, which lacks a figure they need: claims 1, 2,"),
        "the ledger is the paper's: {wide}"
    );
}

#[test]
fn progress_is_told_in_lines_where_there_is_no_terminal() {
    let project = Project::slow();
    project.edit("figures/tiny/figure.toml", "points = 60", "points = 4000");
    let mut child = project
        .command(&["run", "-j", "1", "--n", "1500"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_secs(8));
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.lines().count() >= 2 && told.lines().all(|line| line.contains(" % after ")), "{told}");
    assert!(told.contains(" s left: "), "how long it will take: {told}");
}

#[test]
fn the_report_is_opened_only_when_asked() {
    let project = Project::new();
    let folder = project.root().join("bin");
    fs::create_dir(&folder).unwrap();
    let opened = project.root().join("opened.txt");
    let opener = |text: String| {
        for name in ["xdg-open", "open"] {
            fs::write(folder.join(name), &text).unwrap();
            fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
    };
    opener(format!("#!/bin/sh\necho \"$1\" > '{}'\n", opened.display()));
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let run = |arguments: &[&str]| project.command(arguments).env("PATH", &path).output().unwrap();
    assert!(run(&["run"]).status.success() && !opened.exists());
    assert!(run(&["run", "--open"]).status.success());
    assert!(fs::read_to_string(&opened).unwrap().contains("out/report/report.html"));
    opener("#!/bin/sh\nexit 3\n".to_owned());
    let output = run(&["run", "--open"]);
    assert!(output.status.success() && said(&output).contains("warning: "), "{}", said(&output));
    for arguments in [&["run", "--open", "tiny"][..], &["run", "--open", "-n"], &["run", "--open", "--shard", "1/2"]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let told = said(&output);
        assert!(told.starts_with("error: --open does not go with ") && !told.contains('['), "{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
    }
}

#[test]
fn a_change_is_told_against_what_is_there_and_once() {
    let project = Project::new();
    project.stdout(&["run"]);
    let curve = "[[curve]]\nid = \"new\"\nlabel = \"n\"\nlearner = \"direct\"\nlambda = 0.5\n\n[[line]]";
    project.edit("figures/tiny/figure.toml", "[[line]]", curve);
    let why = project.stdout(&["why", "table/tiny.theory"]);
    assert!(why.contains("curve `new` in tiny is new") && !why.contains("null"), "{why}");
    for command in [&["status"][..], &["run", "-n"]] {
        let told = project.stdout(command);
        assert!(told.contains("curve `new` in tiny is new") && !told.contains("null"), "{told}");
        assert!(!told.contains("question") && !told.contains("none →"), "{told}");
    }
    project.edit("figures/tiny/figure.toml", curve, "[[line]]");
    // there and back with the same bytes: what is there is what is compared with
    let old = "experiment = [3.0]\n\n[[panel]]";
    project.edit("figures/tiny/figure.toml", old, "experiment = [3.0]\nlabel = \"a\"\n\n[[panel]]");
    project.stdout(&["run"]);
    project.edit("figures/tiny/figure.toml", "experiment = [3.0]\nlabel = \"a\"\n\n[[panel]]", old);
    project.stdout(&["run"]);
    project.edit("figures/tiny/figure.toml", "\nlambda = 0.2", "\nlambda = 0.3");
    let why = project.stdout(&["why", "table/tiny.theory"]);
    assert!(why.contains("0.2 → 0.3") && !why.contains("label"), "{why}");
    let sized = project.stdout(&["why", "table/tiny.experiment", "--replicates", "6"]);
    assert!(sized.contains("replicates of the profile changed: 4 → 6") && !sized.contains("chunk:"), "{sized}");
    assert!(sized.contains("4 chunks of trials/smoke-replicates6 were never made here"), "{sized}");
}

#[test]
fn why_says_what_changed_in_words() {
    let project = Project::new();
    assert!(project.stdout(&["why", "tiny"]).contains("figure/tiny was never made here"));
    project.stdout(&["run"]);
    assert!(project.stdout(&["why", "tiny"]).contains("is fresh"));
    project.edit("figures/tiny/figure.toml", "\nlambda = 0.2", "\nlambda = 0.3");
    project.edit("figures/tiny/figure.toml", "points = 5", "points = 50");
    let why = project.stdout(&["why", "tiny"]);
    for words in [
        "lambda of curve `direct` in tiny changed: 0.2 → 0.3",
        "x.points of tiny changed: 5 → 50",
        "x of theory/tiny/direct changed: 48 entries added, 2.0, 4.0 gone",
        " stages are made anew before it:\n",
        "\n  theory/tiny/direct (Figure 0: direct, λ = 0.2)\n",
    ] {
        assert!(why.contains(words), "`{words}` is not in:\n{why}");
    }
    assert_eq!(why.matches("lambda of curve `direct`").count(), 1, "once, not once a stage:\n{why}");
    assert!(!why.contains('{') && widest(&why) < 140, "no JSON, no long line:\n{why}");
    let chain: Value = serde_json::from_str(&project.stdout(&["why", "tiny", "--json"])).unwrap();
    assert!(chain.as_array().unwrap().len() > 1);
    project.write("figures/tiny/text.md", "Another text.\n");
    assert!(project.stdout(&["why", "report"]).contains("the file figures/tiny/text.md was edited"));
    fs::write(project.out().join("figures/tiny.svg"), "mine").unwrap();
    assert!(project.stdout(&["why", "table/tiny.theory"]).contains("tiny"));
}

#[test]
fn a_difference_is_told_in_counts_and_in_rows_when_asked() {
    let (a, b) = (Project::new(), Project::new());
    b.edit("figures/tiny/figure.toml", "\nlambda = 0.2", "\nlambda = 0.3");
    for project in [&a, &b] {
        project.stdout(&["run"]);
    }
    let folders = [a.out(), b.out()].map(|out| out.to_str().unwrap().to_owned());
    let diff = |more: &[&str]| a.output(&[&["diff", &folders[0], &folders[1]], more].concat());
    let short = String::from_utf8(diff(&[]).stdout).unwrap();
    let header: Vec<&str> = short.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(&header[..3], ["table", "column", "cells"], "{short}");
    let rows = short.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let row = rows.clone().find(|row| row[..2] == ["tiny.theory", "lambda"]).unwrap_or_else(|| panic!("{short}"));
    assert_eq!((row[2], &row[row.len() - 2..]), ("5", &["0.2", "0.3"][..]), "five points: {row:?}");
    assert!(short.split_whitespace().all(|word| word.chars().filter(char::is_ascii_digit).count() <= 11), "{short}");
    let ratios: Vec<f64> = short
        .lines()
        .filter(|line| line.starts_with("tiny.") || line.starts_with("claims "))
        .filter_map(|line| line.split_whitespace().nth(3)?.parse().ok())
        .collect();
    assert!(ratios.len() > 3 && ratios.is_sorted_by(|a, b| a >= b), "the worst first: {short}");
    let rows = String::from_utf8(diff(&["--rows"]).stdout).unwrap();
    assert!(rows.lines().count() > 2 * short.lines().count() && !rows.contains("--json has them all"), "{rows}");
    assert_eq!((diff(&["--check"]).status.code(), diff(&[]).status.code()), (Some(4), Some(0)));
    let same = a.stdout(&["diff", &folders[0], &folders[0], "--check"]);
    assert!(same.starts_with("14 of 14 tables agree") || same.contains(" tables agree within tolerance"), "{same}");
}

#[test]
fn a_difference_of_two_kinds_of_run_begins_with_that() {
    let project = Project::new();
    let other = project.root().join("other");
    project.stdout(&["run"]);
    project.stdout(&["run", "--seed", "5", "--out", other.to_str().unwrap()]);
    let page = project.root().join("page.html");
    let folders = [project.out(), other].map(|out| out.to_str().unwrap().to_owned());
    let arguments = ["diff", &folders[0], &folders[1], "--html", page.to_str().unwrap()];
    let told = project.command(&arguments).env("COLUMNS", "500").output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    let first = told.lines().next().unwrap();
    assert_eq!(first, "two different runs: profile smoke and smoke-seed5; seed 201200194 and 5");
    let rows: Vec<Vec<&str>> = told.lines().map(|line| line.split_whitespace().collect()).collect();
    assert!(rows.iter().all(|row| row.get(1) != Some(&"seed")), "the seed was asked for: {told}");
    // the page says the same, to the same digits
    let page = fs::read_to_string(&page).unwrap();
    assert!(page.contains(first));
    let row = rows.iter().find(|row| row[..2] == ["tiny.experiment", "eg"]).unwrap();
    assert!(page.contains(&format!("<td>{}</td><td>{}</td></tr>", row[row.len() - 2], row[row.len() - 1])), "{row:?}");
    let json: Value = serde_json::from_str(&project.stdout(&["diff", &folders[0], &folders[1], "--json"])).unwrap();
    assert_eq!(json["settings"]["seed"], serde_json::json!(["201200194", "5"]));
}

#[test]
fn rounded_classes_are_told_once_a_run() {
    let project = Project::new();
    assert!(!said(&project.output(&["run"])).contains("note: "), "180 samples, 36 of them of class +1");
    let output = project.output(&["run", "--n", "61"]);
    let told = said(&output);
    assert!(told.contains("note: tiny at α = 3 has 183 samples, 37 of them of class +1, "), "{told}");
    assert_eq!(told.matches("note: ").count(), 1, "{told}");
}

#[test]
fn columns_of_the_tables_say_what_they_mean() {
    let project = Project::new();
    project.stdout(&["run"]);
    for entry in fs::read_dir(project.out().join("data")).unwrap() {
        let path = entry.unwrap().path();
        let metadata = parquet::read_metadata(&path).unwrap();
        let table = parquet::read(&path).unwrap();
        for name in table.names() {
            let told = metadata.get(&format!("column:{name}")).unwrap_or_else(|| panic!("{} {name}", path.display()));
            let told: Value = serde_json::from_str(told).unwrap();
            assert!(!told["meaning"].as_str().unwrap().is_empty() && told["unit"].is_string(), "{name}: {told}");
        }
    }
}
