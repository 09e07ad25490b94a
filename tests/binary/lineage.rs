//! `solve --lineage` and `simulate --lineage` through the real binary: values, equality with the five learners,
//! agreement of the two arms, equal bytes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use redistill::model::{Lineage, Mixture, ProxyVariance};
use serde_json::Value;

use crate::project::{Project, said};

/// One of the lineages that come with the project.
pub fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/lineages/{name}.toml"));
    std::fs::read_to_string(path).unwrap()
}

/// A project with a lineage in it, and its path.
pub fn with(text: &str) -> (Project, PathBuf) {
    let project = Project::new();
    project.write("lineage.toml", text);
    let path = project.root().join("lineage.toml");
    (project, path)
}

/// Exit code and object of a command on a lineage.
fn run(text: &str, command: &[&str]) -> (Option<i32>, Value, String) {
    let (project, path) = with(text);
    let arguments = [command, &["--json", "--lineage", path.to_str().unwrap()]].concat();
    let output = project.output(&arguments);
    let object = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
    (output.status.code(), object, said(&output))
}

fn solved(text: &str) -> Value {
    let (code, object, message) = run(text, &["solve"]);
    assert_eq!((code, &object["status"]), (Some(0), &"converged".into()), "{message}");
    object
}

#[track_caller]
fn near(found: &Value, expected: f64, tolerance: f64, what: &str) {
    let found = found.as_f64().unwrap_or_else(|| panic!("{what}: {found}"));
    assert!((found - expected).abs() <= tolerance * expected.abs().max(1e-3), "{what}: {found}, not {expected}");
}

type Row = BTreeMap<&'static str, &'static str>;

/// The lines of a lineage file for one setting of the reference.
fn written(rows: &[Row]) -> String {
    let first = &rows[0];
    let mut alpha = vec![first["alpha"]; rows.iter().map(|row| row["data"].parse().unwrap()).max().unwrap_or(1)];
    rows.iter().for_each(|row| alpha[row["data"].parse::<usize>().unwrap() - 1] = row["alpha"]);
    let mut text = format!(
        "[data]\nalpha = [{}]\ndelta = {}\nrho = {}\nlabel_noise = {}\n",
        alpha.join(", "),
        first["Delta"],
        first["rho"],
        first["theta"]
    );
    if first["a"] != "0.0" {
        text += &format!("spectrum = {{ power = {}, signal = \"{}\" }}\n", first["a"], first["v"]);
    }
    for row in rows {
        let (loss, kind) = if row["loss"] == "hard" { ("logistic", "hard") } else { (row["loss"], "soft") };
        text += &format!("[[stage]]\nloss = \"{loss}\"\n");
        for (key, column) in
            [("lambda", "lambda"), ("features", "eta"), ("data", "data"), ("smoothing", "eps"), ("bias", "bias_fixed")]
        {
            if !row[column].is_empty() {
                text += &format!("{key} = {}\n", row[column]);
            }
        }
        if !row["src"].is_empty() {
            text += &format!(
                "targets = {{ from = {}, kind = \"{kind}\", chi = {}, temperature = {} }}\n",
                row["src"], row["chi"], row["T"]
            );
        }
    }
    text
}

#[test]
fn lineages_of_the_reference_are_solved() {
    let mut lines = include_str!("../data/reference_lineages.csv").lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let rows: Vec<Row> = lines.map(|line| names.iter().copied().zip(line.split(',')).collect()).collect();
    for setting in rows.chunk_by(|a, b| a["id"] == b["id"]) {
        let object = solved(&written(setting));
        assert!(object["error"].as_f64().unwrap() < 1e-6 && object["reason"].is_null(), "{object}");
        assert_eq!(object["stages"].as_array().unwrap().len(), setting.len());
        for (k, row) in setting.iter().enumerate() {
            let stage = &object["stages"][k];
            let what = |name: &str| format!("{} stage {} {name}", row["id"], k + 1);
            let columns = [("m", "m"), ("q", "q"), ("variance", "Q"), ("b", "b"), ("v", "V"), ("eg", "eg")];
            for (key, column) in columns {
                near(&stage[key], row[column].parse().unwrap(), 1e-6, &what(key));
            }
            assert_eq!(stage["s"].as_array().unwrap().len(), k);
            for (j, column) in ["S1", "S2"].into_iter().take(k).enumerate() {
                near(&stage["s"][j], row[column].parse().unwrap(), 1e-6, &what(column));
            }
            assert!(stage["train_loss"].is_f64());
        }
    }
}

#[test]
fn the_five_learners_as_lineages_are_what_they_are_by_name() {
    let mixture = Mixture { alpha: 2.5, eta: 0.5, delta: 0.8, rho: 0.3 };
    let point = ["--alpha", "2.5", "--eta", "0.5", "--delta", "0.8", "--rho", "0.3"];
    let student = ["--lambda", "0.01", "--chi", "0.7", "--temperature", "2"];
    let teacher = ["--teacher-lambda", "0.1", "--epsilon", "0.05"];
    for (learner, flags, lineage) in [
        ("teacher", teacher.to_vec(), Lineage::teacher(&mixture, 0.1, 0.05)),
        ("direct", vec!["--lambda", "0.01", "--epsilon", "0.05"], Lineage::direct(&mixture, 0.01, 0.05)),
        ("distilled", [&teacher[..], &student].concat(), Lineage::distilled(&mixture, 0.1, 0.05, 0.01, 0.7, 2.0)),
        ("kd-bayes", student.to_vec(), Lineage::kd_bayes(&mixture, ProxyVariance::Derived, 0.01, 0.7, 2.0)),
        ("kd-hebbian", student.to_vec(), Lineage::kd_hebbian(&mixture, 0.01, 0.7, 2.0)),
    ] {
        let named = Project::new().stdout(&[&["solve", "--json", "--learner", learner], &point[..], &flags].concat());
        let named: Value = serde_json::from_str(&named).unwrap();
        let object = solved(&toml::to_string(&lineage).unwrap());
        let last = object["stages"].as_array().unwrap().last().unwrap();
        // a lone teacher is told under its own names
        let suffix = if learner == "teacher" { "_t" } else { "" };
        for (key, column) in [("m", "m"), ("q", "q"), ("b", "b"), ("v", "V"), ("eg", "eg")] {
            let expected = named[format!("{column}{suffix}")].as_f64().unwrap_or_else(|| panic!("{named}"));
            near(&last[key], expected, 1e-6, &format!("{learner} {key}"));
        }
        if learner == "distilled" {
            near(&last["s"][0], named["S"].as_f64().unwrap(), 1e-6, "S");
        }
        if learner == "kd-bayes" {
            near(&last["teacher_overlap"], named["S"].as_f64().unwrap(), 1e-6, "S with a fixed teacher");
        }
    }
}

#[test]
fn simulations_agree_with_the_theory_of_the_same_features() {
    for (name, stages) in [("assistant", 3), ("noisy_labels", 2), ("fresh_inputs", 2)] {
        let (code, object, message) = run(&example(name), &["simulate", "--n", "400", "--replicates", "12"]);
        assert_eq!((code, &object["status"]), (Some(0), &"converged".into()), "{name}: {message}");
        assert_eq!((&object["n"], &object["theory"]["status"]), (&400.into(), &"converged".into()));
        assert_eq!(object["stages"].as_array().unwrap().len(), stages);
        for (k, stage) in object["stages"].as_array().unwrap().iter().enumerate() {
            assert_eq!(stage["replicates"], 12);
            let observables =
                ["m", "q", "variance", "b", "eg", "train_loss"].map(|key| (key, stage["z"][key].as_f64()));
            let overlaps = stage["z"]["s"].as_array().unwrap().iter().map(|z| ("s", z.as_f64()));
            for (key, z) in observables.into_iter().chain(overlaps) {
                let z = z.unwrap_or_else(|| panic!("{name} stage {}: no z of {key} in {stage}", k + 1));
                assert!(z.abs() < 4.5, "{name} stage {}: z of {key} is {z}", k + 1);
            }
            let [mean, error, theory, z] = [&stage["eg"], &stage["eg_se"], &stage["theory"]["eg"], &stage["z"]["eg"]];
            let [mean, error, theory, z] = [mean, error, theory, z].map(|x| x.as_f64().unwrap());
            let t = (mean - theory) / error;
            assert!(z * t > 0.0 && z.abs() < t.abs(), "z is that of Student's t, {t}, of few trials: {z}");
            assert!(stage["v"].is_null() && stage["theory"]["v"].is_f64(), "V is no mean over trials");
        }
    }
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let (project, path) = with(&example("fresh_inputs"));
    for json in [&["--json"][..], &[]] {
        let once = |threads: &str| {
            let arguments =
                [&["simulate", "--n", "80", "--replicates", "7", "--lineage", path.to_str().unwrap()], json];
            let output = project.command(&arguments.concat()).env("RAYON_NUM_THREADS", threads).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{}", said(&output));
            output.stdout
        };
        assert_eq!(once("1"), once("2"));
    }
}

#[test]
fn sampling_and_seed_matter() {
    let [stratified, iid, other] = [&["--seed", "1"][..], &["--seed", "1", "--sampling", "iid"], &["--seed", "2"]]
        .map(|flags| run(&example("assistant"), &[&["simulate", "--n", "60", "--replicates", "3"], flags].concat()).1);
    assert_eq!((&stratified["sampling"], &iid["sampling"]), (&"stratified".into(), &"iid".into()));
    assert!(stratified["stages"][2]["m"] != iid["stages"][2]["m"]);
    assert!(stratified["stages"][2]["m"] != other["stages"][2]["m"]);
}

#[test]
fn people_get_tables_with_the_digits_that_mean_something() {
    let (project, path) = with(&example("assistant"));
    let path = path.to_str().unwrap();
    let text = project.stdout(&["solve", "--lineage", path]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0].split_whitespace().collect::<Vec<_>>().join(" "), "1 logistic 2 logistic 3 logistic", "{text}");
    let row = |symbol: &str| -> Vec<&str> {
        let found = lines.iter().find(|line| line.split_whitespace().next() == Some(symbol));
        found.unwrap_or_else(|| panic!("{symbol} in {text}")).split_whitespace().collect()
    };
    let m = row("m")[3];
    assert!(m.starts_with("0.394758") && m.len() <= 12, "m of a1 in the reference: {text}");
    assert_eq!((&row("S_2")[1..3], row("ε_g").len() > 4), (&["–", "–"][..], true), "no overlap with itself:\n{text}");
    assert!(lines.last().unwrap().starts_with("converged, relative error at most"), "{text}");

    let text = project.stdout(&["simulate", "--n", "100", "--replicates", "4", "--lineage", path]);
    let row = text.lines().find(|line| line.contains("ε_g")).unwrap();
    let words: Vec<&str> = row.split_whitespace().collect();
    let [stage, _, mean, sign, error, theory, z] = words[..] else { panic!("{row}") };
    assert_eq!((stage, sign), ("1", "±"));
    assert_eq!(mean.len(), error.len(), "as many decimals: {row}");
    assert!(theory.starts_with("0.162") && z.starts_with(['+', '-']), "{row}");
}
