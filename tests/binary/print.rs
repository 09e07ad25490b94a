//! Readings of print on their way through the binary: refused when wrong, compared and drawn when right.

use redistill::verdict::normal_equivalent;

use crate::project::{FIGURE, Project, said};

const AXES: &str =
    "figure,panel,axis,scale,min,max,reading_error\nf,1,x,linear,1,5,0.001\nf,1,y,linear,0.1,0.4,0.0001\n";
const CURVES: &str = "figure,curve,segment,x,y\nf,direct,0,2.0,0.19\nf,direct,0,2.5,0.18\nf,direct,1,4.0,0.17\n";
const POINTS: &str = "figure,curve,x,y,y_reading_error,bar_half,kind\nf,kd,3,0.2,0.0001,0.01,simulation\n";

/// The small project with a print of its own.
fn printed() -> Project {
    let project = Project::new();
    let figure = FIGURE.replacen("caption =", "published = \"f\"\ncaption =", 1);
    project.write("figures/tiny/figure.toml", &(figure + "\n[[horizontal]]\nat = \"rho\"\n"));
    project.write("data/paper/axes.csv", AXES);
    project.write("data/paper/printed_curves.csv", CURVES);
    project.write("data/paper/printed_points.csv", POINTS);
    project
}

#[track_caller]
fn refused(project: &Project, words: &[&str]) {
    let output = project.output(&["run"]);
    let message = said(&output);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(words.iter().all(|word| message.contains(word)), "{words:?} are not in: {message}");
    assert!(!project.out().exists(), "something was written");
}

#[test]
fn print_is_compared_and_drawn() {
    let project = printed();
    project.run();
    let cell = |arm: &str, column: &str| -> Vec<String> {
        let text = project.stdout(&["table", "tiny", "--arm", arm]);
        let at = text.lines().next().unwrap().split(',').position(|name| name == column).expect(column);
        text.lines().skip(1).map(|line| line.split(',').nth(at).unwrap().to_owned()).collect()
    };
    assert_eq!(cell("published", "segment"), ["0", "0", "1"]);
    let numbers = |arm: &str, column: &str| -> Vec<f64> {
        cell(arm, column).iter().map(|cell| cell.parse().expect("a number")).collect()
    };
    let (difference, allowance) = (numbers("published", "difference"), numbers("published", "allowance"));
    for (at, readings) in numbers("published", "in_readings").into_iter().enumerate() {
        assert!((readings - difference[at].abs() / allowance[at]).abs() < 1e-9 * readings);
        assert!(allowance[at] > 1e-4, "the reading error, and the slope besides");
    }
    let z = numbers("printed-points", "z")[0];
    // a t of ten samples says less than a normal deviate of its size, and is told as one that says as much
    let t = numbers("printed-points", "difference")[0] / (0.01 / 10f64.sqrt());
    assert!(z * t > 0.0 && z.abs() < t.abs() && (z - normal_equivalent(t, 10).expect("ten")).abs() < 1e-9, "{z} {t}");
    let overlay = std::fs::read_to_string(project.out().join("figures/tiny.svg")).unwrap();
    for layer in ["series published c0", "series printed-points c1", ">print<", ">ρ<"] {
        assert_eq!(overlay.matches(layer).count(), 1, "{layer}");
    }
    let theory = std::fs::read_to_string(project.out().join("figures/tiny.theory.svg")).unwrap();
    assert!(!theory.contains("published") && !theory.contains("printed-points"));
    let page = std::fs::read_to_string(project.out().join("report/report.html")).unwrap();
    assert!(page.contains("class=\"show-published\"") && page.contains("class=\"show-printed-points\""));
}

#[test]
fn another_reading_reruns_what_it_changes() {
    let project = printed();
    project.run();
    project.edit("data/paper/printed_curves.csv", "4.0,0.17", "4.0,0.171");
    let ran = project.run();
    assert!(ran.iter().any(|stage| stage == "table/tiny.comparison"), "{ran:?}");
    assert!(!ran.iter().any(|stage| stage.starts_with("theory/") || stage.starts_with("trials/")), "{ran:?}");
    project.edit("data/paper/printed_points.csv", "kd,3,0.2", "kd,3.5,0.2");
    assert!(project.run().iter().any(|stage| stage == "theory/tiny/kd"), "the theory is evaluated there");
}

#[test]
fn wrong_readings_are_refused_with_their_line() {
    let wrong = |file: &str, old: &str, new: &str| {
        let project = printed();
        project.edit(&format!("data/paper/{file}"), old, new);
        project
    };
    refused(&wrong("printed_curves.csv", "2.5,0.18", "2.5,NaN"), &["printed_curves.csv line 3", "column y"]);
    refused(&wrong("printed_curves.csv", "2.5,0.18", "2.5"), &["printed_curves.csv line 3", "4 cells"]);
    refused(&wrong("printed_points.csv", "simulation", "guess"), &["printed_points.csv line 2", "guess"]);
    refused(&wrong("axes.csv", "linear,1,5", "linear,5,1"), &["axes.csv line 2", "from 5 to 1"]);
    let project = printed();
    project.edit("figures/tiny/figure.toml", "id = \"kd\"", "id = \"kd\"\npublished = \"dk\"");
    refused(&project, &["figures/tiny/figure.toml", "line", "published", "dk", "direct, kd"]);
    project.edit("figures/tiny/figure.toml", "published = \"dk\"", "published = { curves = \"kd\" }");
    refused(&project, &["figures/tiny/figure.toml", "published", "a list of names"]);
}
