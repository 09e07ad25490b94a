//! Bad input: one error that names the file, the key and what would be valid, exit code 2, nothing written.

use crate::project::{FIGURE, Project, said};

/// Runs a project with one thing wrong; the error must hold every word, and nothing may be written.
#[track_caller]
fn refused(project: &Project, words: &[&str]) {
    for command in [&["run"][..], &["table", "tiny"]] {
        let output = project.output(command);
        let message = said(&output);
        assert_eq!(output.status.code(), Some(2), "{command:?}: {message}");
        for word in words {
            assert!(message.contains(word), "{command:?}: `{word}` is not in: {message}");
        }
        assert_eq!(message.matches("error:").count(), 1, "one error: {message}");
        assert!(output.stdout.is_empty(), "nothing on stdout: {message}");
        assert!(!project.out().exists(), "{command:?} wrote something");
    }
}

/// The small project with `old` replaced in its figure file.
fn with(old: &str, new: &str) -> Project {
    let project = Project::new();
    project.edit("figures/tiny/figure.toml", old, new);
    project
}

const FILE: &str = "figures/tiny/figure.toml";

#[test]
fn unknown_keys_and_words() {
    refused(&with("title = ", "titel = "), &[FILE, "titel", "line 2", "`title`"]);
    refused(&with("lambda = 0.2", "lamda = 0.2"), &[FILE, "lamda", "`lambda`"]);
    refused(&with("learner = \"direct\"", "learner = \"driect\""), &[FILE, "learner", "driect", "`direct`"]);
    refused(&with("parameter = \"alpha\"", "parameter = \"alhpa\""), &[FILE, "parameter", "alhpa", "alpha,"]);
    refused(&with("y = \"eg\"", "y = \"error\""), &[FILE, "error", "`eg`"]);
    refused(&with("below = 0.0", "beneath = 0.0"), &[FILE, "beneath", "`below`"]);
    refused(&with("statistic = \"min\"", "statistic = \"minimum\""), &[FILE, "minimum", "`min`"]);
}

#[test]
fn wrong_types() {
    refused(&with("points = 5", "points = \"five\""), &[FILE, "points", "five"]);
    refused(&with("range = [1.0, 5.0]", "range = 5.0"), &[FILE, "range"]);
    refused(&with("lambda = 0.2", "lambda = \"best\""), &[FILE, "lambda", "\"optimal\""]);
    refused(&with("experiment = [3.0]", "experiment = \"everywhere\""), &[FILE, "experiment"]);
}

#[test]
fn values_out_of_their_domain() {
    refused(&with("lambda = 0.2", "lambda = -0.2"), &[FILE, "direct", "lambda", "-0.2", "> 0"]);
    refused(
        &with("teacher_lambda = 0.1", "teacher_lambda = -0.1"),
        &[FILE, "line 26", "kd", "teacher_lambda", "-0.1", "> 0"],
    );
    refused(&with("[x]", "[data]\neta = 1.5\n\n[x]"), &[FILE, "line 7", "data.eta", "1.5", "(0, 1]"]);
    for rho in ["0.0", "1.0", "-0.3"] {
        refused(&with("[x]", &format!("[data]\nrho = {rho}\n\n[x]")), &[FILE, "rho", "(0, 1)"]);
    }
    refused(&with("chi = 0.8", "chi = 1.8"), &[FILE, "chi", "1.8", "[0, 1]"]);
    refused(&with("temperature = 2.0", "temperature = 0.0"), &[FILE, "temperature", "> 0"]);
    refused(
        &with("experiment = [3.0]", "experiment = [-3.0]"),
        &[FILE, "line 10", "x.experiment", "alpha at x = -3", "> 0"],
    );
}

#[test]
fn a_curve_without_x() {
    refused(&with("points = 5\n", ""), &[FILE, "points"]);
    refused(&with("points = 5", "points = 0"), &[FILE, "x.points", "≥ 2"]);
    refused(&with("range = [1.0, 5.0]\n", ""), &[FILE, "range"]);
    refused(&with("range = [1.0, 5.0]", "range = []"), &[FILE, "range"]);
    refused(&with("range = [1.0, 5.0]", "range = [5.0, 1.0]"), &[FILE, "x.range", "first smaller"]);
    refused(&with("label = \"direct, λ = 0.2\"", "label = \"d\"\npoints = 0"), &[FILE, "direct", "points", "≥ 2"]);
    refused(&with("parameter = \"alpha\"", "parameter = \"lambda\""), &[FILE, "alpha", "valid"]);
    let start = FIGURE.find("[x]").unwrap();
    let end = FIGURE.find("[[panel]]").unwrap();
    refused(&with(&FIGURE[start..end], ""), &[FILE, "missing field `x`"]);
}

#[test]
fn names_that_refer_to_nothing() {
    refused(&with("minus = \"kd\"", "minus = \"dk\""), &[FILE, "`minus`", "dk", "direct, kd"]);
    refused(&with("id = \"kd\"", "id = \"direct\""), &[FILE, "used twice"]);
    refused(&with("id = \"tiny\"", "id = \"huge\""), &[FILE, "huge", "tiny"]);
    refused(&with("claim = \"1\"", "claim = \"99\""), &["tiny", "99", "half_loss"]);
}

#[test]
fn an_unknown_number_in_a_text() {
    let project = Project::new();
    project.write("figures/tiny/text.md", "First line.\n\nThe best is {{ bset }}.\n");
    refused(&project, &["figures/tiny/text.md:3", "bset", "`best`"]);
    project.write("figures/tiny/text.md", "First line.\nThe best is {{ best.\n");
    refused(&project, &["figures/tiny/text.md:2", "}}"]);
}

#[test]
fn a_figure_without_its_text() {
    let project = Project::new();
    std::fs::remove_file(project.root().join("figures/tiny/text.md")).unwrap();
    refused(&project, &["figures/tiny/text.md"]);
}

#[test]
fn a_label_that_cannot_be_drawn() {
    refused(&with("label = \"direct, λ = 0.2\"", "label = \"$\\\\nothing\""), &[FILE, "label", "nothing"]);
}

#[test]
fn bad_points_on_the_command_line() {
    let project = Project::new();
    for (arguments, words) in [
        (&["--learner", "direct", "--alpha", "2", "--lambda", "-1"][..], &["--lambda", "-1", "> 0"][..]),
        (&["--learner", "direct", "--alpha", "2", "--eta", "1.2"], &["--eta", "(0, 1]"]),
        (&["--learner", "teacher", "--alpha", "2", "--rho", "0"], &["--rho", "(0, 1)"]),
        (&["--learner", "distilled", "--alpha", "-2"], &["--alpha", "> 0"]),
        (&["--learner", "distilled", "--alpha", "2", "--teacher-lambda", "0"], &["--teacher-lambda", "> 0"]),
        (&["--learner", "distiled", "--alpha", "2"], &["distiled", "distilled"]),
        (&["--learner", "distilled"], &["--alpha"]),
    ] {
        for command in ["solve", "simulate"] {
            let output = project.output(&[&[command], arguments].concat());
            assert_eq!(output.status.code(), Some(2), "{command} {arguments:?}");
            assert!(
                words.iter().all(|word| said(&output).contains(word)),
                "{command} {arguments:?}: {}",
                said(&output)
            );
            assert!(output.stdout.is_empty());
        }
    }
    assert_eq!(project.output(&["table", "fig99"]).status.code(), Some(2));
    assert_eq!(project.output(&["run", "fig99"]).status.code(), Some(2));
    assert_eq!(project.output(&["fly"]).status.code(), Some(2));
    assert!(!project.out().exists());
}
