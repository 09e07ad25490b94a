//! Sizes of experiments: flags, profiles of a project file, their bounds.

use std::fs;

use redistill::table::parquet;
use serde_json::Value;

use crate::project::{Project, said};

fn manifest(project: &Project) -> Value {
    serde_json::from_slice(&fs::read(project.out().join("manifest.json")).unwrap()).unwrap()
}

/// N, data sets and seeds of the experiment table.
fn trials(project: &Project) -> (i64, usize, Vec<String>) {
    let table = parquet::read(&project.out().join("data/tiny.experiment.parquet")).unwrap();
    let rows = table.rows_where("curve", "kd");
    let seeds = rows.iter().map(|&row| table.text("seed", row).unwrap().to_owned()).collect();
    (table.integer("n", 0).unwrap(), rows.len(), seeds)
}

#[test]
fn flags_take_the_place_of_the_profile_and_are_told() {
    let project = Project::new();
    let told = project.stdout(&["run", "--n", "80", "--replicates", "3", "--seed", "7"]);
    assert!(told.contains("at profile smoke-n80-replicates3-seed7"), "{told}");
    let (n, replicates, seeds) = trials(&project);
    assert_eq!((n, replicates), (80, 3));
    let manifest = manifest(&project);
    assert_eq!(manifest["profile"], "smoke-n80-replicates3-seed7");
    assert_eq!((&manifest["sizes"]["n"], &manifest["sizes"]["seed"]), (&"80".into(), &"7".into()));
    assert!(manifest["stages"].as_object().unwrap().keys().any(|id| id.starts_with("trials/smoke-n80-")));
    // the same again is fresh, another seed is not, and why says so
    assert!(project.stdout(&["run", "--n", "80", "--replicates", "3", "--seed", "7"]).contains("0 stages ran"));
    let why = project.stdout(&["why", "table/tiny.experiment", "--n", "80", "--replicates", "3", "--seed", "8"]);
    assert!(why.contains("seed of the profile changed: 7 → 8"), "{why}");
    project.stdout(&["run", "--n", "80", "--replicates", "3", "--seed", "8"]);
    assert!(trials(&project).2.iter().all(|seed| !seeds.contains(seed)), "other data sets");
    // what is the profile's own is the profile
    assert!(project.stdout(&["run", "--n", "60"]).contains("at profile smoke\n"));
    project.stdout(&["run", "--n", "80", "--sampling", "iid"]);
    assert!(project.stdout(&["status", "--n", "80", "--sampling", "iid"]).starts_with("0 to run, 0 may run"));
}

#[test]
fn a_project_has_profiles_of_its_own() {
    let mut project = Project::new();
    project.write("redistill.toml", "[profile.mine]\nn = 50\nreplicates = 5\nsampling = \"iid\"\nseed = 3\n");
    project.at("mine").stdout(&["run"]);
    let (n, replicates, _) = trials(&project);
    assert_eq!((n, replicates), (50, 5));
    let manifest = manifest(&project);
    assert_eq!((&manifest["profile"], &manifest["sizes"]["sampling"]), (&"mine".into(), &"iid".into()));
    assert!(project.stdout(&["export", "snakemake"]).contains("mine"));
    let unknown = said(&project.at("yours").output(&["run"]));
    assert!(unknown.contains("yours") && unknown.contains("mine, smoke, quick, full, paper"), "{unknown}");
}

#[test]
fn a_wrong_project_file_is_told_with_its_line() {
    for (text, words) in [
        ("[profile.mine]\nm = 50\n", &["line 2", "`m`", "replicates"][..]),
        ("[profle.mine]\n", &["line 1", "profle", "profile"]),
        ("[profile.mine]\nn = 5\n", &["line 2", "profile.mine.n", "5", "from 20 to 20000"]),
        ("[profile.mine]\n\nreplicates = 0\n", &["line 3", "replicates", "from 1 to 10000"]),
        ("[profile.mine]\nreplicates = 99999999999\n", &["line 2", "replicates", "from 1 to 10000"]),
        ("[profile.mine]\nseed = -1\n", &["line 2", "-1"]),
        ("[profile.mine]\nsampling = \"all\"\n", &["line 2", "all", "stratified"]),
        ("[profile.quick]\nn = 50\n", &["line 1", "quick", "built in"]),
        ("[profile.\"My Own\"]\nn = 50\n", &["line 1", "My Own", "a letter a-z"]),
        ("profile = 3\n", &["line 1"]),
        ("[report]\ntitel = \"A\"\n", &["line 2", "titel", "`title`", "`lede`"]),
        ("[report]\n\ntitle = \" \"\n", &["line 3", "report.title", "a line of 1 to 200 characters"]),
        ("[report]\ntitle = \"a\\nb\"\n", &["line 2", "report.title", "control character"]),
        ("[report]\nlede = \"[a](b.md)\"\n", &["line 2", "report.lede", "b.md", "https://"]),
    ] {
        let project = Project::new();
        project.write("redistill.toml", text);
        let output = project.output(&["run"]);
        let message = said(&output);
        assert_eq!(output.status.code(), Some(2), "{text}: {message}");
        assert!(message.contains("redistill.toml"), "{message}");
        assert!(words.iter().all(|word| message.contains(word)), "{text}: {message}");
        assert!(!project.out().exists());
    }
}

#[test]
fn sizes_beyond_their_bounds() {
    let project = Project::new();
    for (arguments, words) in [
        (&["--n", "19"][..], &["--n", "19", "from 20 to 20000"][..]),
        (&["--n", "1000000"], &["--n", "from 20 to 20000"]),
        (&["--replicates", "0"], &["--replicates", "from 1 to 10000"]),
        (&["--replicates", "10001"], &["--replicates", "from 1 to 10000"]),
        (&["--seed", "-1"], &["--seed"]),
        (&["--sampling", "some"], &["--sampling", "stratified"]),
        // sixty thousand samples of twenty thousand features
        (&["--n", "20000"], &["tiny", "α = 3", "4e8"]),
    ] {
        let output = project.output(&[&["run"], arguments].concat());
        let message = said(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {message}");
        assert!(words.iter().all(|word| message.contains(word)), "{arguments:?}: {message}");
    }
    assert!(!project.out().exists());
}
