//! Exit codes of the commands that look at a run: verify, diff, clean, merge, why, status, list, graph, export.

use std::fs;

use serde_json::Value;

use crate::project::{Project, said};

#[track_caller]
fn code(project: &Project, arguments: &[&str], expected: i32) -> String {
    let output = project.output(arguments);
    assert_eq!(output.status.code(), Some(expected), "{arguments:?}: {}", said(&output));
    said(&output)
}

#[test]
fn verify_tells_stale_other_numbers_and_other_bytes_apart() {
    let mut project = Project::new();
    let project = project.at("quick");
    assert!(code(project, &["verify", "--no-run"], 3).contains("stale"));
    code(project, &["verify", "--bless"], 0);
    code(project, &["verify"], 0);
    // another ridge: first the outputs are stale, then they differ from the reference
    project.edit("figures/tiny/figure.toml", "{ lambda = 0.2 }", "{ lambda = 0.21 }");
    assert!(code(project, &["verify", "--no-run"], 3).contains("stale"));
    assert!(code(project, &["verify"], 4).contains("differs from reference"));
    let verdict: Value = {
        let output = project.output(&["verify", "--json"]);
        serde_json::from_slice(&output.stdout).unwrap()
    };
    assert_eq!((&verdict["verdict"], &verdict["code"]), (&"differs from reference".into(), &4.into()));
    code(project, &["verify", "--bless"], 0);
    code(project, &["verify"], 0);
    assert!(code(project, &["verify", "--profile", "smoke", "--bless"], 2).contains("quick"));
}

#[test]
fn shards_are_merged_and_contradicting_ones_told() {
    let project = Project::new();
    let at = |name: &str| project.root().join(name).to_str().unwrap().to_owned();
    for part in ["1", "2"] {
        code(&project, &["run", "--shard", &format!("{part}/2"), "--out", &at(&format!("part{part}"))], 0);
    }
    assert!(code(&project, &["merge", &at("part1"), &at("part2")], 0).contains("taken over"));
    code(&project, &["run"], 0);
    assert!(code(&project, &["merge", &at("nowhere")], 2).contains("no such folder"));
}

#[test]
fn small_commands_do_what_they_say() {
    let project = Project::new();
    assert!(code(&project, &["status", "--check"], 3).contains("stale"));
    assert!(code(&project, &["run", "-n"], 0).contains("to run"));
    code(&project, &["run"], 0);
    assert!(code(&project, &["status", "--check"], 0).starts_with("0 to run"));
    assert!(code(&project, &["why", "report"], 0).contains("is fresh"));
    assert!(code(&project, &["why", "repotr"], 2).contains("did you mean report?"));
    assert!(code(&project, &["list"], 0).contains("kd"));
    let listed: Value = serde_json::from_str(&project.stdout(&["list", "--json"])).unwrap();
    assert_eq!((&listed[0]["id"], &listed[0]["curves"][1]["id"]), (&"tiny".into(), &"kd".into()));
    assert!(code(&project, &["graph"], 0).contains("flowchart"));
    assert!(code(&project, &["graph", "--format", "svg"], 0).contains("<svg"));
    assert!(code(&project, &["export", "snakemake"], 0).contains("rule "));
    assert!(code(&project, &["completions", "bash"], 0).contains("redistill"));
    let out = project.out();
    let folder = out.to_str().unwrap();
    assert!(code(&project, &["diff", folder, folder, "--check"], 0).contains("tables agree"));
    assert!(code(&project, &["diff", folder, "nowhere"], 2).contains("nowhere"));
    assert!(code(&project, &["clean"], 0).contains("removed from"));
    assert!(!out.join("report").exists() && out.join(".cache").exists(), "the cache stays");
    assert!(code(&project, &["clean", "--cache"], 0).contains("removed from"));
    assert!(!fs::exists(out.join(".cache/journal.jsonl")).unwrap());
}
