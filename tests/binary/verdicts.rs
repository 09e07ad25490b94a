//! Verdicts through the real binary: the simulation has its say, and a large one can contradict.

use redistill::table::parquet;

use crate::project::{FIGURE, Project, said};

/// Two checks of one claim, each of one arm, that the same error cannot satisfy both of: the theory's passes, the
/// simulation's does not.
const AT_ODDS: &str = r#"[[claim]]
id = "theory"
claim = "1"
text = "the error is small in theory"
quantity = { statistic = "value", curve = "direct", at = 3.0, arm = "theory" }
below = 0.3
reason = "far above what theory gives"

[[claim]]
id = "simulation"
claim = "1"
text = "and smaller in the simulation"
quantity = { statistic = "value", curve = "direct", at = 3.0, arm = "simulation" }
below = 0.1
reason = "far below what the simulation gives"

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
    let claims = FIGURE.find("[[claim]]").unwrap();
    let numbers = FIGURE.find("[[number]]").unwrap();
    let mut project = project(&format!("{}{AT_ODDS}{}", &FIGURE[..claims], &FIGURE[numbers..]));
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
