//! What reruns after a change: never less than what is stale, never more.

use std::fs;
use std::time::{Duration, SystemTime};

use crate::project::{Project, TEXT, assert_equal};

/// The small project after a whole run.
fn finished() -> Project {
    let project = Project::new();
    assert_eq!(project.run().len(), 12, "2 curves, 2 trials, 4 tables, drawings, explanations, claims, report");
    project
}

fn without_trials(ran: &[String]) -> Vec<&str> {
    ran.iter().map(String::as_str).filter(|stage| !stage.starts_with("trials/")).collect()
}

#[test]
fn nothing_reruns_without_a_change() {
    let project = finished();
    assert_eq!(project.run(), Vec::<String>::new());
    // a touched file, and a fresh clone, have other times and the same bytes
    let later = SystemTime::now() + Duration::from_secs(3600);
    for file in
        ["figures/tiny/figure.toml", "figures/tiny/text.md", "data/paper/claims.toml", "out/data/tiny.theory.parquet"]
    {
        fs::File::options().append(true).open(project.root().join(file)).unwrap().set_modified(later).unwrap();
    }
    assert_eq!(project.run(), Vec::<String>::new());
}

#[test]
fn a_no_op_run_is_quick() {
    let project = finished();
    let start = std::time::Instant::now();
    project.stdout(&["run"]);
    assert!(start.elapsed() < Duration::from_millis(300), "{:?}", start.elapsed());
}

#[test]
fn one_ridge_reruns_its_curve_and_what_shows_it() {
    let project = finished();
    project.edit("figures/tiny/figure.toml", "\nlambda = 0.2", "\nlambda = 0.3");
    let ran = project.run();
    let expected = [
        "claims",
        "figure/tiny",
        "report",
        "table/alternatives",
        "table/tiny.comparison",
        "table/tiny.experiment",
        "table/tiny.finite_size",
        "table/tiny.theory",
        "theory/tiny/direct",
    ];
    assert_eq!(without_trials(&ran), expected);
    assert_eq!(ran.len(), expected.len() + 1, "the trials of the one point: {ran:?}");
    // and back: the chunks are remembered
    project.edit("figures/tiny/figure.toml", "\nlambda = 0.3", "\nlambda = 0.2");
    assert!(!project.run().iter().any(|stage| stage.starts_with("trials/") || stage.starts_with("theory/")));
    assert_equal(&project.artefacts(), &finished().artefacts(), "there and back");
}

#[test]
fn a_caption_or_a_text_reruns_the_report_only() {
    let project = finished();
    project.edit("figures/tiny/figure.toml", "Direct and distilled.", "Distilled and direct.");
    assert_eq!(project.run(), ["report"]);
    project.write("figures/tiny/text.md", &format!("{TEXT}One more sentence.\n"));
    assert_eq!(project.run(), ["report"]);
    assert!(fs::read_to_string(project.out().join("report/report.md")).unwrap().contains("One more sentence."));
}

#[test]
fn a_colour_reruns_drawings_and_report_only() {
    let project = finished();
    project.edit("figures/tiny/figure.toml", "\nlambda = 0.2", "\nlambda = 0.2\ncolor = 3");
    assert_eq!(project.run(), ["figure/tiny", "report"]);
}

#[test]
fn a_comment_or_another_layout_reruns_nothing() {
    let project = finished();
    project.edit("figures/tiny/figure.toml", "[x]", "# the sweep\n\n\n[x]");
    project.edit("figures/tiny/figure.toml", "range = [1.0, 5.0]", "range = [1, 5.00]");
    assert_eq!(project.run(), Vec::<String>::new());
}

#[test]
fn an_added_experiment_point_adds_its_trials_only() {
    let project = finished();
    project.edit("figures/tiny/figure.toml", "experiment = [3.0]", "experiment = [3.0, 4.0]");
    let ran = project.run();
    assert_eq!(ran.iter().filter(|stage| stage.starts_with("trials/")).count(), 2, "{ran:?}");
    assert!(!ran.iter().any(|stage| stage.starts_with("theory/")), "4 was a theory point already: {ran:?}");
}

#[test]
fn a_damaged_output_is_rebuilt() {
    let project = finished();
    let expected = project.artefacts();
    let out = project.out();
    type Damage = fn(&std::path::Path);
    let damages: [(&str, Damage); 3] = [
        ("deleted", |path| fs::remove_file(path).unwrap()),
        ("truncated", |path| {
            let length = fs::metadata(path).unwrap().len();
            fs::File::options().write(true).open(path).unwrap().set_len(length / 2).unwrap();
        }),
        ("edited by hand", |path| {
            let mut bytes = fs::read(path).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(path, bytes).unwrap();
        }),
    ];
    let files = [
        "data/tiny.theory.parquet",
        "data/claims.parquet",
        "figures/tiny.svg",
        "report/report.html",
        "report/summary.md",
    ];
    for file in files {
        for (what, damage) in damages {
            damage(&out.join(file));
            project.stdout(&["run"]);
            assert_equal(&project.artefacts(), &expected, &format!("{file} {what}"));
        }
    }
    fs::remove_dir_all(out.join("figures")).unwrap();
    project.stdout(&["run"]);
    assert_equal(&project.artefacts(), &expected, "a folder deleted");
}

#[test]
fn a_damaged_chunk_in_the_cache_is_recomputed() {
    let project = finished();
    let expected = project.artefacts();
    let mut folders = vec![project.out().join(".cache/objects")];
    let mut damaged = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                // objects are read-only by intent, which an editor overrides
                fs::remove_file(&path).unwrap();
                fs::write(&path, "garbage").unwrap();
                damaged += 1;
            }
        }
    }
    assert!(damaged > 0);
    for table in ["theory", "experiment"] {
        fs::remove_file(project.out().join(format!("data/tiny.{table}.parquet"))).unwrap();
    }
    project.stdout(&["run"]);
    assert_equal(&project.artefacts(), &expected, "after damage to the cache");
}

#[test]
fn a_dry_run_says_what_then_runs_and_writes_nothing() {
    let project = Project::new();
    let plan = project.stdout(&["run", "-n"]);
    assert!(!project.out().exists(), "a dry run writes nothing");
    let ran = project.run();
    for stage in &ran {
        assert!(plan.contains(stage.as_str()), "{stage} in the plan: {plan}");
    }
    project.edit("figures/tiny/figure.toml", "Direct and distilled.", "Distilled and direct.");
    let plan = project.stdout(&["run", "--dry-run"]);
    assert!(plan.contains("report") && !plan.contains("theory/tiny"), "{plan}");
    assert_eq!(project.run(), ["report"]);
}
