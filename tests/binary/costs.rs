//! What runs cost: measured on request, committed, and from then on part of the report's input.

use crate::project::{Project, assert_equal, said};

const FILE: &str = "data/measured/costs.toml";

/// Times that grow as the square of N and not at all with the number of curves.
const SCALING: &str = "[scaling]\nmeasured = { machine = \"an abacus\", date = \"2026-01-02\", threads = 1 }\n";

fn scaling() -> String {
    let point = |series: &str, n: usize, curves: usize, seconds: f64| {
        format!(
            "[[scaling.point]]\nseries = \"{series}\"\nn = {n}\nsamples = 300\ncurves = {curves}\nseconds = {seconds}\n\
             flops = 1e9\nbytes = 1e9\n"
        )
    };
    let features = [(100, 0.01), (200, 0.04), (400, 0.16)].map(|(n, seconds)| point("features", n, 1, seconds));
    let curves = [1, 2, 4].map(|curves| point("curves", 100, curves, 0.01));
    format!("{SCALING}{}{}", features.concat(), curves.concat())
}

#[test]
fn a_measured_run_tells_its_seconds_and_leaves_no_clock_in_the_bytes() {
    let project = Project::new();
    project.stdout(&["run"]);
    let untold = std::fs::read_to_string(project.out().join("report/report.md")).unwrap();
    assert!(!untold.contains("seconds"), "nothing was measured");
    project.stdout(&["measure", "run"]);
    let ran = project.run();
    assert_eq!(ran, ["costs", "figure/scaling", "report"], "only what reads the measurement");
    let report = std::fs::read_to_string(project.out().join("report/report.md")).unwrap();
    assert!(report.contains("| seconds |") && report.contains("| smoke |"), "{report}");
    let first = project.artefacts();
    project.stdout(&["run", "--force"]);
    assert_equal(&first, &project.artefacts(), "a second run takes other times");
}

#[test]
fn exponents_are_those_of_the_measured_times() {
    let project = Project::new();
    project.write(FILE, &scaling());
    project.stdout(&["run"]);
    let report = std::fs::read_to_string(project.out().join("report/report.html")).unwrap();
    let power = |of: &str| format!("<msup><mi>{of}</mi><mn>");
    assert!(
        report.contains(&(power("N") + "2.00")) && report.contains(&(power("c") + "0.00")),
        "slopes of the logarithms"
    );
    assert!(
        report.contains("an abacus, 2026-01-02") && !report.contains(&power("M")),
        "what was not measured is not told"
    );
    assert!(
        project.out().join("figures/scaling.svg").is_file() && project.out().join("data/scaling.parquet").is_file()
    );
}

#[test]
fn what_was_not_run_cannot_be_measured_and_a_broken_file_is_named() {
    let project = Project::new();
    let early = project.output(&["measure", "run"]);
    assert!(early.status.code() == Some(2) && said(&early).contains("manifest.json"), "{}", said(&early));
    project.stdout(&["run"]);
    let other = project.output(&["measure", "run", "--profile", "quick"]);
    assert!(other.status.code() == Some(2) && said(&other).contains("smoke"), "{}", said(&other));
    project.write(FILE, "[[run]]\nprofil = \"quick\"\n");
    let broken = project.output(&["run"]);
    assert!(broken.status.code() == Some(2) && said(&broken).contains(FILE), "{}", said(&broken));
}
