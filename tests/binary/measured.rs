//! Measured values of a curve: drawn, named and told as what they are.

use std::fs;

use crate::project::Project;

#[test]
fn drawings_of_measured_points_speak_of_no_simulation() {
    let project = Project::new();
    project.write("figures/tiny/errors.csv", "alpha,error,spread\n2,0.2,0.01\n4,0.21,0.02\n");
    project.edit("figures/tiny/figure.toml", "experiment = [3.0]", "experiment = []");
    let told = "measured = { file = \"errors.csv\", x = \"alpha\", value = \"error\", error = \"spread\" }\n";
    project.edit("figures/tiny/figure.toml", "lambda = 0.2\n", &format!("lambda = 0.2\n{told}"));
    project.stdout(&["run"]);
    let drawn = |view: &str| fs::read_to_string(project.out().join(format!("figures/tiny{view}.svg"))).unwrap();
    let overlay = drawn("");
    assert_eq!(overlay.matches("class=\"series measured ").count(), 1);
    assert_eq!(overlay.matches(">measured<").count(), 1, "the key to the roles");
    assert_eq!(overlay.matches("direct, λ = 0.2: α = 2, measured 0.20000 ± 0.01000").count(), 1);
    for (view, words) in [("", "measurement as points"), (".experiment", "Measurement"), (".residuals", "Measurement")]
    {
        let svg = drawn(view);
        assert!(svg.contains(words) && !svg.to_lowercase().contains("simulation"), "{view}: {svg}");
    }
    let report = fs::read_to_string(project.out().join("report/report.html")).unwrap();
    assert!(report.contains("data-name=\"tiny.measured.csv\""), "the script reads the points from it");
}
