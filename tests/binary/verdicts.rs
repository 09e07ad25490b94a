//! Verdicts through the real binary: the simulation has its say, and a large one can contradict.

use redistill::table::parquet;
use serde_json::Value;

use crate::project::{FIGURE, Project, said};

/// One student at interpolation, where the outputs of a finite student stay nearer to its teacher's than theory says:
/// at N = 1000 the mean square error is below nine tenths of what theory gives, and the claim says that it is above.
const INTERPOLATION: &str = r#"id = "tiny"
title = "At interpolation"
paper = "Figure 0"
caption = "Where the finite size shows first."

[x]
parameter = "alpha"
range = [0.4, 0.6]
points = 3
experiment = [0.5]

[[panel]]
y = "mse_out"
range = [0.0, 0.01]

[[curve]]
id = "kd"
label = "distilled, λ̃ = 1"
learner = "distilled"
teacher = { lambda = 1.0 }

[[claim]]
id = "share"
claim = "1"
text = "the distance is nearly what theory says"
quantity = { statistic = "value", curve = "kd", column = "mse_out", at = 0.5 }
above = BOUND
reason = "set between what theory and a finite student give"
"#;

/// The verdict on claim 1, a line of the tables of a run.
fn verdict(project: &Project, column: &str) -> String {
    let table = parquet::read(&project.out().join("data/verdicts.parquet")).unwrap();
    let row = table.rows_where("id", "1")[0];
    table.text(column, row).unwrap().to_owned()
}

/// A project with one claim, whose ledger needs no figure but its own.
fn project(figure: &str) -> Project {
    let project = Project::new();
    project.write("figures/tiny/figure.toml", figure);
    project.write("figures/tiny/text.md", "Nothing.\n");
    let claims =
        "[[claim]]\nid = \"1\"\ntitle = \"A claim\"\npaper = \"nowhere\"\nfigures = [\"tiny\"]\ntext = \"t\"\n";
    project.write("data/paper/claims.toml", claims);
    project.write("data/paper/errata.toml", "erratum = []\n");
    project
}

#[test]
fn a_claim_is_heard_in_three_voices_and_told_in_the_closing_lines() {
    let project = project(FIGURE);
    let closing = project.stdout(&["run"]);
    assert!(closing.contains("A claim") && closing.contains("verdict"), "{closing}");
    assert_eq!(verdict(&project, "theory"), "holds");
    assert_eq!(verdict(&project, "print"), "cannot tell", "nothing of it is printed");
    let claims = parquet::read(&project.out().join("data/claims.parquet")).unwrap();
    assert_eq!(claims.rows(), 3, "one row a voice");
    let simulation = (0..3).find(|&row| claims.text("voice", row) == Some("simulation")).unwrap();
    assert_eq!(claims.integer("data_sets", simulation), Some(4), "the smoke profile has four");
    assert!(claims.real("resolution", simulation).unwrap() > 0.0, "what it could have seen");
}

#[test]
fn a_large_simulation_contradicts_and_verify_says_so_with_its_own_code() {
    let theory = {
        let solved = Project::new();
        let learner = ["solve", "--learner", "distilled", "--alpha", "0.5", "--teacher-lambda", "1", "--json"];
        let found: Value = serde_json::from_str(&solved.stdout(&learner)).unwrap();
        found["mse_out"].as_f64().unwrap()
    };
    let figure = INTERPOLATION.replace("BOUND", &(0.97 * theory).to_string());
    let mut project = project(&figure);
    // small, it cannot contradict
    project.at("quick").stdout(&["run"]);
    assert_eq!(
        (verdict(&project, "simulation").as_str(), verdict(&project, "verdict").as_str()),
        ("fails", "undecided")
    );
    let output = project.output(&["verify", "--bless", "--recompute", "none"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    // at N = 1000 it can
    let closing = project.at("full").stdout(&["run"]);
    assert!(closing.contains("contradicted"), "{closing}");
    let output = project.output(&["verify", "--recompute", "none"]);
    assert_eq!(output.status.code(), Some(6), "{}", said(&output));
    assert!(said(&output).contains("claim 1") && said(&output).contains("the voices differ"), "{}", said(&output));
}
