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
fn a_place_that_stands_twice_would_count_its_data_sets_twice() {
    refused(
        &with("experiment = [3.0]", "experiment = [2.0, 2.0, 4.0]"),
        &[FILE, "x.experiment", "2.0 stands there twice"],
    );
    let own = with("\nlambda = 0.2", "\nlambda = 0.2\nexperiment = [4.0, 3.0, 4.0]");
    refused(&own, &[FILE, "`direct`", "experiment", "4.0 stands there twice"]);
    let sizes = "[[finite_size]]\ncurve = \"kd\"\nx = [3.0]\n";
    refused(&with("[[line]]", &format!("{sizes}\n{sizes}\n[[line]]")), &[FILE, "finite_size 2, x", "once"]);
}

#[test]
fn what_is_asked_beside_the_sweep() {
    let claim = "minus = \"kd\"";
    refused(&with(claim, "minus = \"kd\", range = [7.0, 9.0]"), &[FILE, "`range` = [7, 9]", "from 1 to 5 in alpha"]);
    let number = "\"min\", curve = \"direct\"";
    refused(&with(number, "\"value\", curve = \"direct\", at = 0.5"), &[FILE, "`best`", "`at` = 0.5", "from 1 to 5"]);
    let simulated = "\"value\", curve = \"direct\", arm = \"simulation\", at = 5.0";
    refused(&with(number, simulated), &[FILE, "`at` = 5", "from 3 to 3"]);
    refused(
        &with("points = 5", "points = 5\nfiner = [{ range = [7, 9], points = 5 }]"),
        &[FILE, "x.finer 1, range", "1 to 5"],
    );
    let project = with(claim, "minus = \"kd\", range = [4.5, 9.0]");
    assert_eq!(project.output(&["list"]).status.code(), Some(0), "a range that reaches beyond is cut");
}

#[test]
fn ranges_that_no_axis_has() {
    for range in ["[-1.7e308, 1.7e308]", "[0.0, 5e-324]"] {
        refused(&with("range = [0.1, 0.4]", &format!("range = {range}")), &[FILE, "panel 1, range", "cannot be drawn"]);
    }
    let twins = "[[panel]]\nid = \"p\"\ny = \"eg\"\nrange = [0.1, 0.4]\n\n";
    refused(&with("[[panel]]", &format!("{twins}{twins}[[panel]]")), &[FILE, "panel 2, id", "used twice"]);
}

#[test]
fn a_point_that_cannot_be_simulated() {
    let project = with("[x]", "[data]\nrho = 0.2\n\n[x]");
    project.edit("figures/tiny/figure.toml", "experiment = [3.0]", "experiment = [0.001, 3.0]");
    refused(&project, &[FILE, "`direct`", "α = 0.001", "N = 60", "no sample", "N ≥ 3000"]);
}

#[test]
fn a_ledger_about_a_figure_that_nobody_has() {
    let project = Project::new();
    project.edit("data/paper/claims.toml", "figures = [\"fig02\"]", "figures = [\"nope\"]");
    refused(&project, &["data/paper/claims.toml", "line ", "`nope`", "valid: tiny"]);
}

#[test]
fn a_text_that_the_page_cannot_show() {
    let project = Project::new();
    for (text, words) in [
        ("One.\n\n![i](nope.png)\n", ["line 3", "`nope.png`"]),
        ("[more](more.md)\n", ["line 1", "`more.md`"]),
        ("One.\n$\\frac{1}{2$\n", ["line 2", "brace closed"]),
    ] {
        project.write("figures/tiny/text.md", text);
        refused(&project, &[&["figures/tiny/text.md"], &words[..]].concat());
    }
}

#[test]
fn names_that_refer_to_nothing() {
    refused(&with("minus = \"kd\"", "minus = \"dk\""), &[FILE, "`minus`", "dk", "direct, kd"]);
    refused(&with("id = \"kd\"", "id = \"direct\""), &[FILE, "used twice"]);
    refused(&with("id = \"tiny\"", "id = \"huge\""), &[FILE, "huge", "tiny"]);
    refused(&with("claim = \"1\"", "claim = \"99\""), &[FILE, "line 36", "99", "half_loss"]);
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
        (&["--learner", "direct", "--alpha", "1,2,3"], &["--alpha", "a number", "sweep", "--over alpha=1,2,3"]),
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
