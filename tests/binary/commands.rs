//! What the commands give: files, tables, points.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::project::{Project, said};
use crate::reference::{Reference, points};
use redistill::model::Learner;

#[test]
fn a_run_makes_tables_drawings_and_the_report_and_says_where() {
    let project = Project::new();
    let said = project.stdout(&["run"]);
    let out = project.out();
    for arm in ["theory", "experiment", "agreement", "published"] {
        assert!(out.join(format!("data/tiny.{arm}.parquet")).is_file(), "{arm}");
    }
    for view in ["", ".theory", ".experiment", ".residuals"] {
        let drawing = std::fs::read_to_string(out.join(format!("figures/tiny{view}.svg"))).unwrap();
        assert!(drawing.contains("<title") && drawing.contains("<desc"), "{view}");
    }
    for name in ["data/claims.parquet", "report/report.md", "report/report.html", "report/summary.md", "manifest.json"]
    {
        assert!(out.join(name).is_file(), "{name}");
    }
    assert!(said.contains("report.html"), "where the report is: {said}");
    assert!(said.contains("tiny"), "one line a figure: {said}");
    let report = std::fs::read_to_string(out.join("report/report.md")).unwrap();
    assert!(report.contains("The lowest error is 0.17"), "the number of the text, from the table");
    assert!(!report.contains("{{"));
}

#[test]
fn run_is_what_happens_without_a_command() {
    let project = Project::new();
    project.stdout(&[]);
    assert!(project.out().join("report/report.html").is_file());
}

/// The options that name a reference point.
fn options(reference: &Reference) -> Vec<String> {
    let mixture = reference.setting.mixture;
    let Learner { name, told } = reference.setting.learner;
    let own = [
        ("teacher_lambda", told.teacher_lambda),
        ("epsilon", told.epsilon),
        ("lambda", told.lambda),
        ("chi", told.chi),
        ("temperature", told.temperature),
    ];
    let own = own.into_iter().filter(|(parameter, _)| name.parameters().contains(parameter));
    let all = [("alpha", mixture.alpha), ("eta", mixture.eta), ("delta", mixture.delta), ("rho", mixture.rho)];
    let numbers = all.into_iter().chain(own);
    let numbers = numbers.flat_map(|(name, value)| [format!("--{}", name.replace('_', "-")), value.to_string()]);
    ["--learner".to_owned(), name.name().to_owned(), "--json".to_owned()].into_iter().chain(numbers).collect()
}

fn object(text: &str) -> BTreeMap<String, Value> {
    assert_eq!(text.lines().count(), 1, "one flat object: {text}");
    let object: BTreeMap<String, Value> = serde_json::from_str(text).unwrap();
    assert!(object.values().all(|value| !value.is_object() && !value.is_array()), "flat: {text}");
    object
}

/// One reference point of every learner.
const LEARNERS: [&str; 5] = ["t2", "d1", "k9", "p1", "h1"];
/// The columns that hold values.
const VALUES: [&str; 14] =
    ["m_t", "q_t", "b_t", "V_t", "eg_t", "m", "q", "b", "S", "V", "eg", "ce", "mse_out", "mse_pre"];
/// Their names, and what the reference calls them.
const PARAMETERS: [(&str, &str); 9] = [
    ("alpha", "alpha"),
    ("eta", "eta"),
    ("delta", "delta"),
    ("rho", "rho"),
    ("teacher_lambda", "lambda_t"),
    ("epsilon", "epsilon"),
    ("lambda", "lambda"),
    ("chi", "chi"),
    ("temperature", "T"),
];

#[test]
fn solve_answers_the_reference_points() {
    let project = Project::new();
    for reference in points().into_iter().filter(|point| LEARNERS.contains(&point.id.as_str())) {
        let options = options(&reference);
        let arguments: Vec<&str> = ["solve"].into_iter().chain(options.iter().map(String::as_str)).collect();
        let found = object(&project.stdout(&arguments));
        for (key, column) in PARAMETERS.into_iter().chain(VALUES.map(|value| (value, value))) {
            let value = found.get(key).unwrap_or_else(|| panic!("key {key} in {found:?}"));
            if let Some(expected) = reference.get(column) {
                let value = value.as_f64().unwrap_or_else(|| panic!("{} {column} is {value}", reference.id));
                assert!(
                    (value - expected).abs() <= 1e-5 * expected.abs(),
                    "{} {column}: {value} for {expected}",
                    reference.id
                );
            }
        }
        assert_eq!(found["status"], "converged");
        assert!(found["residual"].as_f64().unwrap() <= 1e-10 && found["error"].as_f64().unwrap() <= 1e-6);
    }
    assert!(!project.out().exists(), "a point leaves nothing behind");
}

#[test]
fn simulate_answers_with_errors_that_hold_the_theory() {
    let project = Project::new();
    for reference in points().into_iter().filter(|point| LEARNERS.contains(&point.id.as_str())) {
        let options = options(&reference);
        let size = ["simulate", "--n", "200", "--replicates", "12", "--seed", "7"];
        let arguments: Vec<&str> = size.into_iter().chain(options.iter().map(String::as_str)).collect();
        let text = project.stdout(&arguments);
        assert_eq!(text, project.stdout(&arguments), "the seed decides");
        let found = object(&text);
        assert_eq!((&found["n"], &found["replicates"], &found["seed"]), (&200.into(), &12.into(), &7.into()));
        assert_eq!(found["status"], "converged");
        let own = if reference.id == "t2" { "eg_t" } else { "eg" };
        let (mean, error) = (found[own].as_f64().unwrap(), found[&format!("{own}_se")].as_f64().unwrap());
        let expected = reference.get(own).expect("a test error");
        assert!((mean - expected).abs() < 4.0 * error, "{}: {mean} ± {error}, theory {expected}", reference.id);
    }
}

#[test]
fn a_point_without_json_is_a_small_table() {
    let text = Project::new().stdout(&["solve", "--learner", "direct", "--alpha", "4.5", "--lambda", "0.2"]);
    let line = |key: &str| {
        text.lines()
            .find(|line| line.split_whitespace().next() == Some(key))
            .unwrap_or_else(|| panic!("{key} in {text}"))
    };
    assert!(line("ε_g").contains("0.17545") && line("ε_g").contains("test error"), "{text}");
    assert!(text.starts_with("direct: α = 4.5") && text.contains("\nconverged, relative error at most"), "{text}");
    let digits = |word: &str| word.chars().filter(char::is_ascii_digit).count();
    assert!(text.split_whitespace().all(|word| digits(word) <= 11), "no digit beyond the error: {text}");
}

/// Columns that `table` must print for both arms.
const COLUMNS: [&str; 23] = [
    "curve",
    "x",
    "alpha",
    "eta",
    "delta",
    "rho",
    "teacher_lambda",
    "epsilon",
    "lambda",
    "chi",
    "temperature",
    "m_t",
    "q_t",
    "b_t",
    "eg_t",
    "m",
    "q",
    "b",
    "S",
    "eg",
    "ce",
    "mse_out",
    "mse_pre",
];

#[test]
fn table_prints_what_is_behind_a_figure() {
    let project = Project::new();
    for (arm, rows) in [("theory", 10), ("experiment", 8)] {
        let text = project.stdout(&["table", "tiny", "--arm", arm, "--format", "csv"]);
        let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let header = lines.next().unwrap();
        for column in COLUMNS {
            assert!(header.contains(&column), "{arm}: {column} in {header:?}");
        }
        let rows_found: Vec<_> = lines.collect();
        assert_eq!(rows_found.len(), rows, "{arm}");
        let field =
            |row: &[&str], column: &str| row[header.iter().position(|name| *name == column).unwrap()].to_owned();
        for row in &rows_found {
            assert_eq!(row.len(), header.len());
            assert_eq!(field(row, "status"), "converged");
            let taught = field(row, "curve") == "kd";
            assert_eq!(field(row, "S").is_empty(), !taught, "only a student of a teacher has S");
            assert_eq!(field(row, "chi"), if taught { "0.8" } else { "" });
            assert!((0.1..0.4).contains(&field(row, "eg").parse::<f64>().unwrap()));
        }
    }
    let unknown = project.output(&["table", "tiny", "--arm", "practice"]);
    assert!(unknown.status.code() == Some(2) && said(&unknown).contains("experiment"));
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    use std::io::Read;
    use std::process::Stdio;
    let project = Project::new();
    project.stdout(&["run"]);
    let mut child = project
        .command(&["table", "tiny", "--arm", "experiment"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut message = String::new();
    child.stderr.take().unwrap().read_to_string(&mut message).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{message}");
    assert!(message.is_empty(), "{message}");
}
