//! Equal bytes of every artefact, whatever the machine is set to.

use std::path::Path;

use crate::project::{Project, assert_equal};

#[test]
fn every_artefact_has_equal_bytes() {
    let reference = Project::new();
    reference.stdout(&["run", "-j", "1"]);
    let expected = reference.artefacts();
    for name in [
        "data/tiny.theory.parquet",
        "data/tiny.experiment.parquet",
        "figures/tiny.svg",
        "report/report.md",
        "report/report.html",
    ] {
        assert!(expected.contains_key(Path::new(name)), "{name} in {:?}", expected.keys());
    }
    type Case = (&'static [&'static str], &'static [(&'static str, &'static str)]);
    let cases: [Case; 6] = [
        (&["run", "-j", "2"], &[]),
        (&["run", "-j", "8"], &[]),
        (&["run"], &[("TZ", "Asia/Kathmandu")]),
        (&["run"], &[("LANG", "de_DE.UTF-8"), ("LC_ALL", "tr_TR.UTF-8")]),
        (&["run"], &[("HOME", "/nonexistent"), ("USER", "nobody")]),
        (&["run"], &[("NO_COLOR", "1"), ("TERM", "dumb"), ("SOURCE_DATE_EPOCH", "0"), ("RAYON_NUM_THREADS", "3")]),
    ];
    for (arguments, variables) in cases {
        // each in another directory
        let project = Project::new();
        let output = project.command(arguments).envs(variables.iter().copied()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?} {variables:?}");
        assert_equal(&project.artefacts(), &expected, &format!("{arguments:?} {variables:?}"));
    }
}

#[test]
fn a_forced_run_writes_the_same_bytes_again() {
    let project = Project::new();
    project.stdout(&["run"]);
    let before = project.artefacts();
    let stages = project.stdout(&["run", "--force"]);
    assert!(!stages.starts_with("0 stages ran"), "{stages}");
    assert_equal(&project.artefacts(), &before, "after --force");
}

#[test]
fn one_figure_alone_has_the_bytes_it_has_in_company() {
    let project = Project::new();
    project.stdout(&["run"]);
    let all = project.artefacts();
    let alone = Project::new();
    alone.stdout(&["run", "tiny"]);
    for (path, bytes) in alone.artefacts() {
        assert!(all[&path] == bytes, "{}", path.display());
    }
    assert!(alone.out().join("figures/tiny.svg").is_file());
}
