//! The exit codes of the commands that look, compare and clear away.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::project::{FIGURE, Project, TEXT, said};

/// Runs a command that must end with a code; gives all it said.
#[track_caller]
fn ends(project: &Project, code: i32, arguments: &[&str]) -> String {
    let output = project.output(arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
    said(&output)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Other bytes in a table that can still be read: the figure of the paper in its metadata.
fn edit_table(path: &Path) -> [Vec<u8>; 2] {
    let before = fs::read(path).unwrap();
    let mut after = before.clone();
    let at = after.windows(8).position(|window| window == b"Figure 0").expect("the figure of the paper");
    after[at + 7] = b'9';
    fs::write(path, &after).unwrap();
    [before, after]
}

#[test]
fn status_and_why_tell_fresh_from_stale() {
    let project = Project::new();
    ends(&project, 3, &["status", "--check"]);
    assert!(ends(&project, 0, &["why", "tiny"]).contains("never"), "{}", ends(&project, 0, &["why", "tiny"]));
    project.stdout(&["run"]);
    ends(&project, 0, &["status", "--check"]);
    let plan: Value = serde_json::from_str(&project.stdout(&["status", "--json"])).unwrap();
    assert!(plan.to_string().contains("theory/tiny/kd"), "{plan}");
    project.edit("figures/tiny/figure.toml", "lambda = 0.2", "lambda = 0.3");
    ends(&project, 3, &["status", "--check"]);
    let why = ends(&project, 0, &["why", "data/tiny.theory.parquet"]);
    assert!(why.contains("0.2") && why.contains("0.3"), "{why}");
    serde_json::from_str::<Value>(&project.stdout(&["why", "tiny", "--json"])).unwrap();
    let unknown = ends(&project, 2, &["why", "tinny"]);
    assert!(unknown.contains("did you mean tiny"), "{unknown}");
    ends(&project, 2, &["status", "tinny"]);
    assert_eq!(ends(&project, 0, &["status"]), ends(&project, 0, &["status"]), "to look changes nothing");
}

#[test]
fn list_graph_and_completions_print_what_they_are_asked_for() {
    let project = Project::new();
    let listed = project.stdout(&["list"]);
    assert!(listed.contains("tiny") && listed.contains("kd") && listed.contains("Figure 0"), "{listed}");
    let figures: Value = serde_json::from_str(&project.stdout(&["list", "--json"])).unwrap();
    assert_eq!(figures[0]["curves"][1]["id"], "kd");
    assert!(project.stdout(&["graph"]).starts_with("flowchart"));
    assert!(project.stdout(&["graph", "--format", "svg"]).starts_with("<svg"));
    ends(&project, 2, &["graph", "--format", "dot"]);
    for shell in ["bash", "zsh", "fish"] {
        assert!(project.stdout(&["completions", shell]).contains("redistill"), "{shell}");
    }
    ends(&project, 2, &["completions", "tcsh"]);
    assert!(!project.out().exists(), "none of them makes anything");
    ends(&project, 2, &["dance"]);
    ends(&project, 2, &["--root", text(&project.root().join("figures/tiny")), "list"]);
}

#[test]
fn verify_tells_stale_differing_and_undetermined_apart() {
    let project = Project::quick();
    ends(&project, 3, &["verify", "--no-run"]);
    ends(&project, 0, &["verify", "--bless", "--recompute", "none"]);
    ends(&project, 0, &["verify"]);
    // 4: a number that is not the reference's
    project.edit("figures/tiny/figure.toml", "lambda = 0.2", "lambda = 0.3");
    let stale = ends(&project, 3, &["verify", "--no-run", "--recompute", "none"]);
    assert!(stale.contains("stale"), "{stale}");
    let differs = ends(&project, 4, &["verify", "--recompute", "none"]);
    assert!(differs.contains("tiny.theory") && differs.contains("tolerance"), "{differs}");
    let told = project.output(&["verify", "--json", "--recompute", "none"]);
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(told["verdict"], "differs from reference");
    // 5: a table with a receipt, which the same stages do not give again
    let [before, after] = edit_table(&project.out().join("data/tiny.theory.parquet"));
    let digest = |bytes: &[u8]| blake3::hash(bytes).to_hex().to_string();
    let journal = project.out().join(".cache/journal.jsonl");
    let receipts = fs::read_to_string(&journal).unwrap();
    assert!(receipts.contains(&digest(&before)), "{receipts}");
    fs::write(&journal, receipts.replace(&digest(&before), &digest(&after))).unwrap();
    let other = ends(&project, 5, &["verify", "--recompute", "theory"]);
    assert!(other.contains("not deterministic") && other.contains("tiny.theory"), "{other}");
}

#[test]
fn diff_compares_folders_and_checks_only_when_asked() {
    let project = Project::new();
    let other = project.root().join("other");
    project.stdout(&["run"]);
    project.edit("figures/tiny/figure.toml", "lambda = 0.2", "lambda = 0.3");
    project.stdout(&["run", "--out", text(&other)]);
    let out = project.out();
    let (out, other) = (text(&out), text(&other));
    assert!(ends(&project, 0, &["diff", out, out, "--check"]).contains("agree within tolerance"));
    let told = ends(&project, 0, &["diff", out, other, "--rows"]);
    assert!(told.contains("lambda") && told.contains("curve direct") && told.contains("0.3"), "{told}");
    assert!(ends(&project, 4, &["diff", out, other, "--check"]).contains("differ beyond tolerance"));
    let json: Value = serde_json::from_str(&project.stdout(&["diff", out, other, "--json"])).unwrap();
    assert!(json["tables"]["tiny.theory.parquet"]["cells"].as_array().is_some_and(|cells| !cells.is_empty()), "{json}");
    let page = project.root().join("page.html");
    ends(&project, 0, &["diff", out, other, "--html", text(&page)]);
    let page = fs::read_to_string(&page).unwrap();
    assert!(page.contains("tiny.svg, second folder") && page.contains("data:image/svg+xml"), "{page}");
    ends(&project, 2, &["diff", out, text(&project.root().join("nowhere"))]);
    fs::write(project.out().join("data/tiny.theory.parquet"), "no table").unwrap();
    assert!(ends(&project, 2, &["diff", out, other]).contains("tiny.theory.parquet"));
}

#[test]
fn shards_are_merged_and_those_that_disagree_are_told() {
    let project = Project::new();
    let shards: Vec<PathBuf> = (1..=2).map(|shard| project.root().join(format!("shard{shard}"))).collect();
    for (shard, folder) in shards.iter().enumerate() {
        ends(&project, 0, &["run", "--shard", &format!("{}/2", shard + 1), "--out", text(folder)]);
    }
    let folders: Vec<&str> = shards.iter().map(|folder| text(folder)).collect();
    let merged = ends(&project, 0, &["merge", folders[0], folders[1]]);
    assert!(merged.contains("chunks taken over"), "{merged}");
    let planned: Value = serde_json::from_str(&project.stdout(&["run", "-n", "--json"])).unwrap();
    let entries = planned["entries"].as_array().unwrap().iter();
    let mut trials = entries.filter(|entry| entry["stage"].as_str().unwrap().starts_with("trials/"));
    assert!(trials.all(|entry| entry["verdict"] == "fresh"), "the chunks are there: {planned}");
    ends(&project, 0, &["run"]);
    serde_json::from_str::<Value>(&project.stdout(&["merge", "--json", folders[0]])).unwrap();
    ends(&project, 2, &["merge", text(&project.root().join("nowhere"))]);
    ends(&project, 2, &["merge"]);
    ends(&project, 2, &["run", "--shard", "3/2"]);
}

#[test]
fn clean_takes_the_outputs_and_then_the_cache() {
    let project = Project::new();
    project.stdout(&["run"]);
    assert!(ends(&project, 0, &["clean"]).contains("removed from"));
    assert!(!project.out().join("report/report.html").exists() && project.out().join(".cache/journal.jsonl").is_file());
    let ran = project.run();
    assert!(!ran.is_empty() && ran.iter().all(|stage| !stage.starts_with("trials/")), "chunks are kept: {ran:?}");
    ends(&project, 0, &["clean", "--cache"]);
    assert!(!project.out().join(".cache/journal.jsonl").exists());
    assert!(project.root().join("figures/tiny/figure.toml").is_file(), "what nobody made stays");
    ends(&project, 0, &["clean"]);
}

#[test]
fn outputs_of_a_figure_that_is_gone_go_with_the_next_run() {
    let project = Project::new();
    project.write("figures/other/figure.toml", &FIGURE.replace("id = \"tiny\"", "id = \"other\""));
    project.write("figures/other/text.md", TEXT);
    project.stdout(&["run"]);
    let [theory, drawing] = ["data/other.theory.parquet", "figures/other.svg"].map(|path| project.out().join(path));
    assert!(theory.is_file() && drawing.is_file());
    // while it is broken its outputs stay, and what somebody has put in the place of one stays for good
    project.edit("figures/other/figure.toml", "\nlambda = 0.2", "\nlambda = -0.2");
    assert_eq!(project.output(&["run"]).status.code(), Some(2));
    assert!(theory.is_file());
    fs::write(&drawing, "mine").unwrap();
    fs::remove_dir_all(project.root().join("figures/other")).unwrap();
    project.stdout(&["run", "tiny"]);
    assert!(theory.is_file(), "a run of one figure says nothing of the others");
    let told = project.stdout(&["run"]);
    assert!(told.contains("outputs that no figure makes any more removed"), "{told}");
    assert!(!theory.exists() && fs::read_to_string(&drawing).unwrap() == "mine");
    assert!(!project.stdout(&["run"]).contains("removed"));
}

#[test]
fn an_option_without_effect_is_refused() {
    let project = Project::new();
    let root = text(project.root()).to_owned();
    for (flag, value) in [("--root", root.as_str()), ("--out", "x"), ("--profile", "smoke")] {
        let told = ends(&project, 2, &["solve", "--learner", "direct", "--alpha", "2", flag, value]);
        assert!(told.contains(&format!("{flag}: has no effect on `solve`")), "{told}");
        assert!(ends(&project, 2, &["schema", flag, value]).contains("has no effect on `schema`"));
    }
    let conflict = ends(&project, 2, &["solve", "--lineage", "x.toml", "--alpha", "2"]);
    assert!(conflict.contains("--alpha") && !conflict.contains("--rho"), "{conflict}");
    let usage = project.stdout(&["solve", "--help"]);
    assert!(usage.contains("redistill solve --lineage <FILE>"), "{usage}");
    let nowhere = project.root().join("nowhere");
    let lost = redistill(&["run", "--root", text(&nowhere)]);
    assert!(lost.status.code() == Some(2) && said(&lost).contains("no project there"), "{}", said(&lost));
}

/// The binary without a project.
fn redistill(arguments: &[&str]) -> std::process::Output {
    std::process::Command::new(env!("CARGO_BIN_EXE_redistill")).args(arguments).output().unwrap()
}

#[test]
fn words_that_name_nothing_are_told_what_there_is() {
    let project = Project::new();
    for word in ["", "tinny", "data/tiny.teory.parquet"] {
        let told = ends(&project, 2, &["run", word]);
        let words =
            [format!("`{word}`"), "a figure (tiny)".into(), "a stage (report".into(), "data/tiny.theory".into()];
        assert!(words.iter().all(|word| told.contains(word)), "{told}");
    }
    let empty = ends(&project, 2, &["table", "tiny", "--arm", "finite-size"]);
    assert!(empty.contains("`finite-size` is empty") && !empty.contains("figure,"), "{empty}");
    let merged = ends(&project, 2, &["merge", text(project.root())]);
    assert!(merged.contains("no chunks here; valid") && !merged.contains("os error"), "{merged}");
}

#[test]
fn export_prints_or_writes_a_workflow() {
    let project = Project::new();
    let elsewhere = project.stdout(&["export", "snakemake", "--out", "far/away"]);
    assert!(elsewhere.contains("\"far/away/figures/tiny.svg\"") && elsewhere.contains("OUT = quote(\"far/away\")"));
    let printed = project.stdout(&["export", "snakemake", "--shards", "3"]);
    assert!(printed.contains("merge") && printed.contains('3'), "{printed}");
    let folder = project.root().join("workflow");
    project.stdout(&["export", "snakemake", "--shards", "3", "--to", text(&folder)]);
    assert_eq!(fs::read_to_string(folder.join("Snakefile")).unwrap(), printed);
    ends(&project, 2, &["export", "snakemake", "--shards", "0"]);
    ends(&project, 2, &["export", "make"]);
}
