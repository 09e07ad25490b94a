//! What a lineage can be asked, through the real binary: derivatives that are those of `solve`, sweeps whose rows are
//! those of `solve` whatever the threads, optima that plain solutions confirm, thresholds.

use std::path::Path;

use redistill::table::{Cell, parquet};
use serde_json::Value;

use crate::lineage::with;
use crate::project::{Project, said};

/// A student of a teacher; α, λ, χ and T stand in it as they are told.
fn student(alpha: f64, lambda: f64, chi: f64, temperature: f64) -> String {
    format!(
        "[data]\nalpha = {alpha}\nrho = 0.2\n[[stage]]\nloss = \"logistic\"\nlambda = 0.1\n[[stage]]\nloss = \"logistic\"\n\
         features = 0.5\nlambda = {lambda}\ntargets = {{ from = 1, chi = {chi}, temperature = {temperature} }}\n"
    )
}

fn json(project: &Project, arguments: &[&str]) -> Value {
    let text = project.stdout(arguments);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn eg(text: &str) -> f64 {
    let (project, path) = with(text);
    json(&project, &["solve", "--json", "--lineage", path.to_str().unwrap()])["stages"][1]["eg"].as_f64().unwrap()
}

fn refused(project: &Project, arguments: &[&str], parts: &[&str]) {
    let output = project.output(arguments);
    let told = said(&output);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
    assert!(output.stdout.is_empty() && parts.iter().all(|part| told.contains(part)), "{arguments:?}: {told}");
}

#[test]
fn derivatives_are_differences_of_solutions() {
    let (project, path) = with(&student(3.0, 0.05, 0.8, 2.0));
    let path = path.to_str().unwrap();
    let told = json(&project, &["solve", "--lineage", path, "--derivatives", "eg,m", "--json"]);
    let step = 1e-3;
    for (parameter, value, at) in [
        ("alpha", 3.0, &(|x| student(x, 0.05, 0.8, 2.0)) as &dyn Fn(f64) -> String),
        ("lambda@2", 0.05, &|x| student(3.0, x, 0.8, 2.0)),
        ("chi@2", 0.8, &|x| student(3.0, 0.05, x, 2.0)),
        ("temperature@2", 2.0, &|x| student(3.0, 0.05, 0.8, x)),
    ] {
        let difference = (eg(&at(value * (1.0 + step))) - eg(&at(value * (1.0 - step)))) / (2.0 * step * value);
        let slope = told["derivatives"][parameter]["eg"].as_f64().unwrap();
        assert!((slope - difference).abs() < 1e-3 * difference.abs() + 1e-6, "{parameter}: {slope} {difference}");
        assert!(told["derivative_errors"][parameter]["eg"].as_f64().unwrap() < 1e-6, "{parameter}");
        assert!(told["derivatives"][parameter]["m"].is_f64());
    }
    let some = json(
        &project,
        &["solve", "--lineage", path, "--derivatives", "eg@1", "--with-respect-to", "lambda,teacher_lambda", "--json"],
    );
    let slopes = some["derivatives"].as_object().unwrap();
    assert_eq!(slopes.keys().collect::<Vec<_>>(), ["lambda", "teacher_lambda"]);
    assert_eq!(slopes["lambda"]["eg@1"], 0.0, "a teacher does not hear of its student");
    let table = project.stdout(&["solve", "--lineage", path, "--derivatives", "eg"]);
    assert!(table.contains("∂ε_g") && table.contains("temperature@2"), "{table}");
    refused(
        &project,
        &["solve", "--lineage", path, "--derivatives", "error"],
        &["`error` is no observable", "valid: eg, m"],
    );
    let absent = ["solve", "--lineage", path, "--derivatives", "eg", "--with-respect-to", "chi@1"];
    refused(&project, &absent, &["chi@1: stage 1 has no targets", "valid: chi@2"]);
    refused(&project, &["solve", "--lineage", path, "--derivatives", "eg@3"], &["eg@3: the learner has none"]);
}

#[test]
fn what_a_teacher_makes_of_the_data_moves_with_them() {
    let project = Project::new();
    for learner in ["kd-bayes", "kd-hebbian", "distilled", "direct"] {
        let at = |alpha: &str, more: &[&str]| {
            let point = ["solve", "--learner", learner, "--lambda", "0.1", "--alpha", alpha, "--json"];
            json(&project, &[&point[..], more].concat())
        };
        let eg = |alpha: &str| at(alpha, &[])["eg"].as_f64().unwrap();
        let told = at("2", &["--derivatives", "eg"]);
        let slope = told["derivatives"]["alpha"]["eg"].as_f64().unwrap();
        let difference = (eg("2.002") - eg("1.998")) / 0.004;
        assert!((slope - difference).abs() < 1e-3 * difference.abs() + 1e-6, "{learner}: {slope} {difference}");
    }
}

#[test]
fn the_rows_of_a_sweep_are_solutions_in_any_format_and_on_any_threads() {
    let (project, path) = with(&student(3.0, 0.05, 0.8, 2.0));
    let path = path.to_str().unwrap();
    let over = ["sweep", "--lineage", path, "--over", "alpha=0.5:4:0.05", "--over", "chi=0,0.8,1"];
    let once = |threads: &str, more: &[&str]| {
        let output = project.command(&[&over, more].concat()).env("RAYON_NUM_THREADS", threads).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        output.stdout
    };
    let csv = once("1", &[]);
    assert_eq!(csv, once("3", &[]), "no byte depends on the threads");
    let text = String::from_utf8(csv).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(names[..4], ["alpha", "chi", "eg", "m"]);
    for name in ["s", "train_loss", "eg@1", "error", "status", "reason"] {
        assert!(names.contains(&name), "{name}");
    }
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 71 * 3);
    assert_eq!(
        (rows[1][0], rows[1][1], rows[71][0], rows[71][1]),
        ("0.55", "0", "0.5", "0.8"),
        "the first runs fastest"
    );
    for row in [0, 70, 100, 212] {
        let number = |column: usize| rows[row][column].parse::<f64>().unwrap();
        let alone = eg(&student(number(0), 0.05, number(1), 2.0));
        assert!((number(2) - alone).abs() < 1e-7, "{}: {alone}", rows[row].join(","));
    }
    let objects = String::from_utf8(once("2", &["--format", "json", "--columns", "eg,m@1"])).unwrap();
    let last: Value = serde_json::from_str(objects.lines().last().unwrap()).unwrap();
    assert_eq!(
        (last["alpha"].as_f64(), last["chi"].as_f64(), &last["status"]),
        (Some(4.0), Some(1.0), &"converged".into())
    );
    assert_eq!(last["eg"].as_f64().unwrap(), rows[212][2].parse::<f64>().unwrap());
    assert!(last["m@1"].is_f64() && last["q"].is_null());
    let file = project.root().join("map.parquet");
    let to = file.to_str().unwrap();
    assert_eq!(String::from_utf8(once("2", &["--to", to])).unwrap(), format!("{to}\n"), "in the format of the name");
    let table = parquet::read(Path::new(to)).unwrap();
    assert_eq!((table.rows(), table.cell("eg", 212)), (213, Cell::Real(rows[212][2].parse().unwrap())));
    let told = parquet::read_metadata(Path::new(to)).unwrap();
    assert!(told["column:chi"].contains("χ") && told["column:eg"].contains("test error"), "{told:?}");
    let bytes = std::fs::read(&file).unwrap();
    once("1", &["--format", "parquet", "--to", to]);
    assert!(bytes == std::fs::read(&file).unwrap());
}

#[test]
fn a_point_without_an_answer_is_a_row_that_says_why() {
    let text = "[data]\nalpha = 2.0\n[[stage]]\nloss = \"hinge\"\nlambda = 0.1\n";
    let (project, path) = with(text);
    let output =
        project.output(&["sweep", "--lineage", path.to_str().unwrap(), "--over", "lambda=0,0.1", "--columns", "eg"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(String::from_utf8_lossy(&output.stderr).contains("1 of 2 points"), "{}", said(&output));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[1].starts_with("0,,,not_valid,") && lines[1].contains("hinge"), "{text}");
    assert!(lines[2].starts_with("0.1,0.") && lines[2].ends_with(",converged,"), "{text}");
}

#[test]
fn a_sweep_that_cannot_be_says_what_could() {
    let (project, path) = with(&student(3.0, 0.05, 0.8, 2.0));
    let sweep = |more: &[&'static str], parts: &[&str]| {
        refused(&project, &[&["sweep", "--lineage", path.to_str().unwrap()], more].concat(), parts);
    };
    sweep(&[], &["--over"]);
    sweep(&["--over", "mu=1,2"], &["`mu` is no parameter", "valid: alpha"]);
    sweep(&["--over", "alpha"], &["first:last:step"]);
    sweep(&["--over", "rho=0.1,1.5"], &["rho = 1.5 is out of range", "valid: a number in (0, 1)"]);
    sweep(&["--over", "chi@1=0,1"], &["chi@1: stage 1 has no targets", "valid: chi@2"]);
    sweep(&["--over", "lambda=0.1,1", "--over", "lambda@2=1,2"], &["lambda@2: it is swept twice"]);
    sweep(
        &["--over", "lambda=log:1e-4:1:100000", "--over", "alpha=log:1:2:100000"],
        &["10000000000 points", "at most"],
    );
    sweep(&["--over", "alpha=1,2", "--columns", "teacher_overlap"], &["the lineage has none", "valid: eg"]);
    sweep(&["--over", "alpha=1,2", "--to", "/no/such/folder/map.csv"], &["--to /no/such/folder/map.csv", "valid"]);
}

#[test]
fn an_optimum_is_lower_than_what_surrounds_it() {
    let (project, path) = with(&student(3.0, 0.05, 0.8, 2.0));
    let path = path.to_str().unwrap();
    let search = ["optimise", "--lineage", path, "--over", "lambda,chi", "--bounds", "lambda=1e-4:10", "--starts", "2"];
    let told = json(&project, &[&search[..], &["--json"]].concat());
    assert_eq!(told["status"], "certified", "{told}");
    let value = |name: &str| told["parameters"][name]["value"].as_f64().unwrap();
    let (lambda, chi, best) = (value("lambda"), value("chi"), told["eg"].as_f64().unwrap());
    assert!((eg(&student(3.0, lambda, chi, 2.0)) - best).abs() < 1e-8, "{told}");
    for (lambda, chi) in [(0.8 * lambda, chi), (1.25 * lambda, chi), (lambda, chi - 0.05), (lambda, chi + 0.05)] {
        let there = eg(&student(3.0, lambda, chi.clamp(0.0, 1.0), 2.0));
        assert!(there > best + 1e-8, "λ = {lambda}, χ = {chi}: {there} {best}");
    }
    assert!(told["parameters"]["lambda"]["gradient"].as_f64().unwrap().abs() < 1e-5, "{told}");
    assert!(told["curvature"].as_array().unwrap().iter().all(|value| value.as_f64().unwrap() > 0.0), "{told}");
    assert_eq!(told["starts"].as_array().unwrap().len(), 2);
    assert!(told["second_best"].as_f64().unwrap() >= told["best"].as_f64().unwrap());
    let table = project.stdout(&search);
    assert!(table.contains("ε_g = ") && table.contains("curvature") && table.ends_with("certified\n"), "{table}");
    let once = |threads: &str| project.command(&search).env("RAYON_NUM_THREADS", threads).output().unwrap().stdout;
    assert_eq!(once("1"), once("2"));
    for (more, part) in [
        (&["--over", "chi@1"][..], "valid: chi@2"),
        (&["--over", "chi", "--bounds", "chi=0.5:0.1"], "the smaller one first"),
        (&["--over", "chi", "--bounds", "chi=0:200"], "chi = 200 is out of range"),
        (&["--over", "chi", "--bounds", "lambda=0.1:1"], "it is not searched"),
        (&["--over", "chi", "--starts", "0"], "valid: an integer from 1"),
    ] {
        refused(&project, &[&["optimise", "--lineage", path], more].concat(), &[part]);
    }
}

#[test]
fn an_optimum_at_no_finite_value_says_so() {
    let (project, path) = with("[data]\nalpha = 2.0\nrho = 0.5\n[[stage]]\nloss = \"logistic\"\nlambda = 0.1\n");
    let told = json(&project, &["optimise", "--lineage", path.to_str().unwrap(), "--over", "lambda", "--json"]);
    assert_eq!(
        (&told["parameters"]["lambda"]["at_bound"], told["parameters"]["lambda"]["value"].as_f64()),
        (&"upper".into(), Some(1000.0))
    );
    assert!(told["notes"][0].as_str().unwrap().contains("upper bound 1000"), "{told}");
}

#[test]
fn thresholds_are_those_of_the_features_of_a_stage() {
    let (project, path) = with(&student(3.0, 0.05, 0.8, 2.0));
    let path = path.to_str().unwrap();
    for (arguments, expected, eta) in [
        (&["threshold", "--eta", "0.5", "--delta", "1", "--rho", "0.2"][..], 1.80356, 0.5),
        (&["threshold", "--lineage", path], 1.80356, 0.5),
        (&["threshold", "--lineage", path, "--stage", "1"], 4.84904, 1.0),
    ] {
        let told = json(&project, &[arguments, &["--json"]].concat());
        assert!((told["alpha_s"].as_f64().unwrap() - expected).abs() < 1e-5, "{told}");
        assert_eq!(told["alpha_i"].as_f64(), Some(eta));
    }
    assert!(project.stdout(&["threshold"]).starts_with("α_S  1.803559 "));
    refused(&project, &["threshold", "--rho", "1"], &["--rho", "valid"]);
    refused(&project, &["threshold", "--lineage", path, "--stage", "3"], &["valid: 1 to 2"]);
    // any outputs at all can be met below α_I, whatever the labels and the variances are
    for data in ["label_noise = 0.1", "spectrum = { power = 0.4 }"] {
        let stage = "[[stage]]\nloss = \"logistic\"\nlambda = 0.1\nfeatures = 0.5\n";
        let (project, path) = with(&format!("[data]\nalpha = 2.0\n{data}\n{stage}"));
        let arguments = ["threshold", "--lineage", path.to_str().unwrap()];
        let told = json(&project, &[&arguments[..], &["--json"]].concat());
        assert!(told["alpha_s"].is_null() && told["reason"].as_str().unwrap().contains("clean labels"), "{told}");
        assert_eq!(told["alpha_i"].as_f64(), Some(0.5));
        assert!(project.stdout(&arguments).contains("α_S  –"));
    }
}

#[test]
fn help_shows_how_it_is_done() {
    let project = Project::new();
    for (command, example) in [
        ("sweep", "--over alpha=0.1:10:0.1 --over rho=0.1,0.2,0.5"),
        ("optimise", "--over lambda,chi,temperature --bounds lambda=1e-6:10"),
        ("threshold", "--eta 0.5 --delta 1 --rho 0.2"),
    ] {
        assert!(project.stdout(&[command, "--help"]).contains(example), "{command}");
    }
}
