//! Each cause of staleness alone, and how far its rerun goes.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};

use redistill::pipeline::{Clean, Digest, Error, Graph, GraphError, Place, Stage, Staleness, Verdict, clean};

use crate::toy::{Project, set, visible};

fn built() -> Project {
    let project = Project::new();
    assert_eq!(project.ran().len(), 4 + 2 * 3 + 2 * 2 + 1);
    project
}

/// The reasons given for `id`.
fn reasons(project: &Project, id: &str) -> Vec<Staleness> {
    project.plan().entry(id).unwrap().verdict.reasons().to_vec()
}

fn cleaned(project: &Project, what: Clean<'_>, extra: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    clean(&project.out(), what, extra, &AtomicBool::new(false), |_| {})
}

#[test]
fn a_first_plan_has_never_built_stages_and_writes_nothing() {
    let project = Project::new();
    let plan = project.plan();
    assert!(plan.entries.iter().all(|entry| entry.verdict == Verdict::Runs(vec![Staleness::NeverBuilt])));
    assert!(!project.out().exists());
    assert_eq!(project.ran(), plan.runs().into_iter().map(str::to_owned).collect());
    assert_eq!(project.ran(), set(&[]), "a second run does nothing");
}

#[test]
fn times_and_places_of_files_do_not_count() {
    let mut project = built();
    let past = SystemTime::now() - Duration::from_secs(86_400);
    for file in ["out/data/fig01.txt", "figures/fig01/text.md"] {
        fs::File::options().write(true).open(project.root().join(file)).unwrap().set_modified(past).unwrap();
    }
    assert!(project.plan().is_fresh());
    let moved = tempfile::tempdir().unwrap();
    fs::remove_dir(moved.path()).unwrap();
    fs::rename(project.root(), moved.path()).unwrap();
    project.folder = moved;
    assert!(project.plan().is_fresh());
}

#[test]
fn a_parameter_reruns_its_figure_and_the_report_and_switching_back_finds_the_chunks() {
    let mut project = built();
    project.values.insert("fig01", 30);
    let changed = |name: &str, old: &str, new: &str| Staleness::ParameterChanged {
        part: String::new(),
        name: name.into(),
        old: Some(old.into()),
        new: Some(new.into()),
    };
    assert_eq!(reasons(&project, "theory/fig01/0"), [changed("value", "10", "30")]);
    assert!(matches!(project.plan().entry("report").unwrap().verdict, Verdict::MayRun(_)));
    let downstream = ["table/fig01", "figure/fig01", "report"];
    let chunks = ["theory/fig01/0", "theory/fig01/1", "theory/fig01/2"];
    assert_eq!(project.ran(), set(&[&chunks[..], &downstream[..]].concat()));
    project.values.insert("fig01", 10);
    assert_eq!(project.ran(), set(&downstream));
    project.values.insert("fig01", 30);
    assert_eq!(reasons(&project, "theory/fig01/0"), []);
    assert_eq!(project.ran(), set(&downstream));
}

#[test]
fn a_caption_reruns_the_report_only() {
    let project = built();
    fs::write(project.root().join("figures/fig02/text.md"), "new").unwrap();
    let (old, new) = (Some(Digest::of(b"fig02")), Some(Digest::of(b"new")));
    assert_eq!(
        reasons(&project, "report"),
        [Staleness::FileChanged { file: "figures/fig02/text.md".into(), old, new }]
    );
    assert_eq!(project.ran(), set(&["report"]));
}

#[test]
fn a_missing_caption_is_an_error_that_names_stage_and_file() {
    let project = built();
    fs::remove_file(project.root().join("figures/fig02/text.md")).unwrap();
    let message = project.run().unwrap_err().to_string();
    assert_eq!(message, "stage report reads figures/fig02/text.md, which does not exist");
}

#[test]
fn the_plan_reads_the_same_for_humans_and_programs() {
    let mut project = built();
    project.sources.insert("figure", "source 2");
    let plan = project.plan();
    let text = plan.to_string();
    assert!(text.starts_with("run     figure/fig01  (program: source 1 → source 2)\n"), "{text}");
    assert!(text.contains("may run report  (input figure/fig01 is being rebuilt, and 1 more)\n"), "{text}");
    assert!(text.ends_with("2 to run, 1 may run, 12 fresh\n"), "{text}");
    let json = serde_json::to_value(&plan).unwrap();
    let entries = json["entries"].as_array().unwrap();
    let report = entries.iter().find(|entry| entry["stage"] == "report").unwrap();
    assert_eq!((&report["verdict"], &report["reasons"][0]["cause"]), (&"may_run".into(), &"input_stale".into()));
    assert_eq!(project.plan(), plan);
}

#[test]
fn new_code_that_gives_the_old_bytes_stops_the_rerun() {
    let mut project = built();
    project.sources.insert("figure", "source 2");
    let changed = Staleness::SourceChanged { old: "source 1".into(), new: "source 2".into() };
    assert_eq!(reasons(&project, "figure/fig01"), [changed]);
    let inputs = ["fig01", "fig02"].map(|figure| Staleness::InputStale { input: format!("figure/{figure}") });
    assert_eq!(project.plan().entry("report").unwrap().verdict, Verdict::MayRun(inputs.to_vec()));
    assert_eq!(project.ran(), set(&["figure/fig01", "figure/fig02"]));
}

#[test]
fn a_change_that_rounds_away_in_the_table_reaches_no_figure() {
    let mut project = built();
    let before = visible(&project.out());
    project.values.insert("fig02", 21);
    assert!(project.plan().may_run().contains("figure/fig02"));
    let chain: Vec<_> = project.plan().chain("figure/fig02").iter().map(|entry| entry.stage.clone()).collect();
    assert_eq!(chain[..2], ["figure/fig02", "table/fig02"]);
    assert_eq!(chain.len(), 5, "the figure, its table and the three chunks whose parameter changed");
    assert_eq!(project.ran(), set(&["theory/fig02/0", "theory/fig02/1", "theory/fig02/2", "table/fig02"]));
    assert_eq!(visible(&project.out()), before);
}

#[test]
fn deleted_truncated_and_edited_outputs_are_rebuilt_alone() {
    let project = built();
    let before = visible(&project.out());
    let svg = project.out().join("figures/fig01.svg");
    let bytes = fs::read(&svg).unwrap();
    for damaged in [None, Some(&bytes[..bytes.len() - 1]), Some(&b""[..]), Some(&b"<svg>edited"[..])] {
        let reason = match damaged {
            None => {
                fs::remove_file(&svg).unwrap();
                Staleness::OutputMissing { path: "figures/fig01.svg".into() }
            }
            Some(damaged) => {
                fs::write(&svg, damaged).unwrap();
                let (recorded, found) = (Digest::of(&bytes), Digest::of(damaged));
                Staleness::OutputEdited { path: "figures/fig01.svg".into(), recorded, found }
            }
        };
        assert_eq!(reasons(&project, "figure/fig01"), [reason]);
        assert_eq!(project.plan().may_run().len(), 0, "the old bytes are expected, so the plan is exact");
        assert_eq!(project.ran(), set(&["figure/fig01"]));
        assert_eq!(visible(&project.out()), before);
    }
}

#[test]
fn a_damaged_chunk_is_rebuilt_alone() {
    let project = built();
    let chunk = Digest::of(b"1001\n");
    let path = project.out().join(".cache/objects").join(&chunk.as_str()[..2]).join(chunk.as_str());
    fs::write(&path, "1002\n").unwrap();
    assert_eq!(project.ran(), set(&["theory/fig01/1"]));
    assert_eq!(fs::read(&path).unwrap(), b"1001\n");
}

#[test]
fn an_input_with_other_bytes_is_named_with_both_digests() {
    let mut project = built();
    project.values.insert("fig01", 40);
    let graph = project.graph();
    let table = graph.select(&["table/fig01"]).unwrap();
    project.run_selected(&graph, &table, &()).unwrap();
    let reasons = reasons(&project, "figure/fig01");
    assert!(matches!(&reasons[..], [Staleness::InputChanged { input, old: Some(old), new: Some(new) }]
        if input == "table/fig01" && old != new));
    assert!(reasons[0].to_string().starts_with("input table/fig01: "));
    assert_eq!(project.ran(), set(&["figure/fig01", "report"]));
}

#[test]
fn force_reruns_what_it_names_and_exposes_a_stage_that_is_not_deterministic() {
    let mut project = built();
    project.options.force = set(&["trials/3"]);
    assert_eq!(reasons(&project, "trials/3"), [Staleness::Forced]);
    let summary = project.run().unwrap();
    assert_eq!((summary.ran, summary.contradicting), (vec!["trials/3".to_owned()], vec![]));
    project.toy.noise = 5_000;
    let summary = project.run().unwrap();
    assert_eq!(summary.contradicting, ["trials/3"]);
    assert_eq!(summary.ran.len(), 6, "its tables, figures and the report follow");
}

#[test]
fn cleaning_removes_outputs_and_keeps_what_is_not_the_pipelines() {
    let mut project = built();
    let before = visible(&project.out());
    fs::write(project.out().join("data/notes.txt"), "mine").unwrap();
    let removed = cleaned(&project, Clean::Outputs, &["manifest.json".into()]).unwrap();
    assert_eq!(removed, before.keys().cloned().collect::<Vec<_>>());
    assert_eq!(visible(&project.out()).into_keys().collect::<Vec<_>>(), [std::path::Path::new("data/notes.txt")]);
    assert_eq!(project.ran(), set(&["table/fig01", "table/fig02", "figure/fig01", "figure/fig02", "report"]));
    project.values.remove("fig02");
    let removed = cleaned(&project, Clean::Orphans(&project.graph()), &[]).unwrap();
    let orphans = ["data/fig02.count.txt", "data/fig02.txt", "figures/fig02.svg"];
    assert_eq!(removed, orphans.map(std::path::PathBuf::from));
    cleaned(&project, Clean::Everything, &[]).unwrap();
    assert_eq!(project.plan().runs().len(), project.graph().stages().len());
}

#[test]
fn a_graph_that_cannot_run_says_why() {
    let stage = |id: &str, inputs: &[&str], output: &str, group: Option<&str>| Stage {
        inputs: inputs.iter().map(|&input| input.to_owned()).collect(),
        outputs: vec![output.into()],
        group: group.map(str::to_owned),
        ..Stage::new(id, "toy", Place::Folder)
    };
    let error = |stages: &[Stage]| Graph::new(stages.to_vec()).unwrap_err().to_string();
    let a = stage("a", &[], "a.txt", None);
    assert_eq!(error(&[a.clone(), a.clone()]), "two stages are called a");
    assert_eq!(error(&[stage("b", &["c"], "b", None)]), "stage b reads c, which is no stage");
    assert_eq!(error(&[a.clone(), stage("b", &[], "a.txt", None)]), "stages a and b both write a.txt");
    for outside in ["../a", "/a", "", ".cache/a", ".lock"] {
        let stages = vec![stage("a", &[], outside, None)];
        assert!(matches!(Graph::new(stages), Err(GraphError::OutputOutside { .. })), "{outside}");
    }
    let ring = [stage("a", &["c"], "a", None), stage("b", &["a"], "b", None), stage("c", &["b"], "c", None)];
    assert_eq!(error(&ring), "stages wait for each other: a ← c ← b ← a");
    let (x, y) = (Some("x"), Some("y"));
    let groups = [stage("a", &[], "a", x), stage("b", &["a"], "b", y), stage("c", &["b"], "c", x)];
    assert_eq!(error(&groups), "stages wait for each other: group x ← group y ← group x");
    let graph = Graph::new(vec![a, stage("figure/fig05", &[], "f", None)]).unwrap();
    let unknown = graph.select(&["figure/fig5"]).unwrap_err().to_string();
    assert_eq!(unknown, "no stage is called figure/fig5; did you mean figure/fig05?");
}
