//! What a lineage file, a table beside it or samples may not be: one error with file, line, key and what is valid.

use polars::prelude::{Column, DataFrame};
use redistill::table::{Table, parquet};
use serde_json::Value;

use crate::lineage::{example, with};
use crate::project::{Project, said};

/// A lineage with one thing wrong is refused by both commands, with every word in one error.
#[track_caller]
fn refused(text: &str, words: &[&str]) {
    let (project, path) = with(text);
    for command in ["solve", "simulate"] {
        let output = project.output(&[command, "--json", "--lineage", path.to_str().unwrap()]);
        let message = said(&output);
        assert_eq!(output.status.code(), Some(2), "{command}: {message}");
        for word in [&["lineage.toml"], words].concat() {
            assert!(message.contains(word), "{command}: `{word}` is not in: {message}");
        }
        assert_eq!(message.matches("error:").count(), 1, "{message}");
        assert!(output.stdout.is_empty(), "{message}");
    }
}

/// A lineage of two stages with `old` replaced.
fn changed(old: &str, new: &str) -> String {
    let text = "[data]\nalpha = 2.0\nrho = 0.3\n\n[[stage]]\nloss = \"logistic\"\nlambda = 0.1\n\n[[stage]]\n\
                features = 0.5\nloss = \"logistic\"\nlambda = 0.1\ntargets = { from = 1, kind = \"soft\" }\n";
    assert!(text.contains(old));
    text.replacen(old, new, 1)
}

#[test]
fn files_that_are_no_lineage() {
    refused(&changed("rho", "roh"), &["line 3", "roh", "`rho`"]);
    refused(&changed("features = ", "feature = "), &["line 10", "feature", "`features`"]);
    refused(&changed("\"soft\"", "\"sofd\""), &["line 13", "sofd", "`soft`", "`hard`"]);
    refused(&changed("logistic", "logit"), &["line 6", "logit", "`hinge`"]);
    refused(&changed("alpha = 2.0", "alpha = \"two\""), &["line 2", "alpha", "a number or a list"]);
    refused(&changed("from = 1", "form = 1"), &["line 13", "form"]);
    refused(&changed("from = 1, ", ""), &["line 13", "from", "teacher"]);
    refused(&changed("[data]", "[data"), &["line 1"]);
    refused(&changed("rho = 0.3", "spectrum = { power = 0.5, file = \"x\" }"), &["line 3", "blocks", "power"]);
    refused("[data]\nalpha = 1.0\n", &["stage"]);
}

#[test]
fn values_out_of_their_domain_are_told_with_their_line() {
    refused(&changed("lambda = 0.1", "lambda = -0.1"), &["line 7", "stage 1, lambda", "-0.1", "≥ 0"]);
    refused(&changed("from = 1", "from = 2"), &["line 13", "stage 2, targets.from", "2", "earlier", "1"]);
    refused(&changed("from = 1", "from = 0"), &["line 13", "targets.from"]);
    refused(&changed("features = 0.5\nloss = \"logistic\"", "loss = \"hinge\""), &["stage 2, targets.kind", "hard"]);
    refused(&changed("loss = \"logistic\"", "loss = \"linear\""), &["stage 1, bias", "bias"]);
    refused(&changed("features = 0.5", "features = 1.5"), &["line 10", "(0, 1]"]);
    refused(&changed("rho = 0.3", "rho = 1.0"), &["line 3", "rho", "(0, 1)"]);
    refused(&changed("alpha = 2.0", "alpha = []"), &["line 2", "alpha"]);
    refused(&changed("alpha = 2.0", "alpha = nan"), &["line 2", "alpha", "> 0"]);
    refused(&changed("features", "data = 2\nfeatures"), &["line 10", "stage 2, data", "from 1 to 1"]);
    refused(&changed("rho", "label_noise = 1.5\nrho"), &["line 3", "label_noise", "[0, 1]"]);
    refused(
        &changed("rho = 0.3", "spectrum = { blocks = [[0.5, 1.0], [0.4, 2.0]] }"),
        &["line 3", "spectrum.blocks", "sum to 1"],
    );
}

#[test]
fn a_lineage_leaves_no_room_for_a_learner() {
    let (project, path) = with(&example("assistant"));
    let path = path.to_str().unwrap();
    for flags in [["--learner", "direct"], ["--alpha", "2"], ["--chi", "0.5"], ["--eta", "0.5"]] {
        for command in ["solve", "simulate"] {
            let output = project.output(&[&[command, "--lineage", path], &flags[..]].concat());
            let message = said(&output);
            assert_eq!(output.status.code(), Some(2), "{message}");
            assert!(message.contains("--lineage") && message.contains(flags[0]), "{message}");
        }
    }
    let message = said(&project.output(&["solve"]));
    assert!(message.contains("--learner") && message.contains("--alpha"), "{message}");
    let output = project.output(&["solve", "--learner", "direct"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("--alpha"));
    let output = project.output(&["solve", "--lineage", "nowhere.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("nowhere.toml") && said(&output).contains("no such file"));
}

#[test]
fn labels_that_can_be_separated_have_a_margin_and_no_weights() {
    let text = "[data]\nalpha = 0.5\n\n[[stage]]\nloss = \"logistic\"\nlambda = 0\n";
    let (project, path) = with(text);
    let path = path.to_str().unwrap();
    let object: Value = serde_json::from_str(&project.stdout(&["solve", "--json", "--lineage", path])).unwrap();
    let stage = &object["stages"][0];
    assert!(["m", "q", "b"].iter().all(|key| stage[*key].is_null()), "{object}");
    assert!(["m_over_sqrt_q", "b_over_sqrt_q", "margin"].iter().all(|key| stage[*key].is_f64()), "{object}");
    assert!(stage["margin"].as_f64().unwrap() > 0.0 && stage["eg"].is_f64());
    // trained at finite size there is no minimum to find
    let output = project.output(&["simulate", "--lineage", path]);
    let message = said(&output);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(message.contains("lineage.toml: line 6, stage 1, lambda") && message.contains("> 0"), "{message}");
}

/// Writes columns of numbers as Parquet.
fn table(project: &Project, name: &str, columns: Vec<(String, Vec<f64>)>) -> String {
    let columns = columns.into_iter().map(|(name, values)| Column::new(name.into(), values)).collect();
    let table = Table::new(Default::default(), DataFrame::new_infer_height(columns).unwrap()).unwrap();
    let path = project.root().join(name);
    std::fs::write(&path, parquet::to_bytes(&table).unwrap()).unwrap();
    path.to_str().unwrap().to_owned()
}

fn columns(names: &[(&str, Vec<f64>)]) -> Vec<(String, Vec<f64>)> {
    names.iter().map(|(name, column)| ((*name).to_owned(), column.clone())).collect()
}

#[test]
fn a_spectrum_in_a_file_is_the_same_as_its_blocks() {
    let blocks = "[data]\nalpha = 1.5\nspectrum = { blocks = [[0.5, 2.0], [0.5, 0.5]] }\n[[stage]]\nfeatures = 0.75\n\
                  loss = \"logistic\"\nlambda = 0.1\n";
    let (project, path) = with(blocks);
    let path = path.to_str().unwrap();
    let direct: Value = serde_json::from_str(&project.stdout(&["solve", "--json", "--lineage", path])).unwrap();
    let variance: Vec<f64> = (0..40).map(|i| if i < 20 { 2.0 } else { 0.5 }).collect();
    table(&project, "features.parquet", columns(&[("mean", vec![1.0; 40]), ("variance", variance)]));
    project.edit("lineage.toml", "blocks = [[0.5, 2.0], [0.5, 0.5]]", "file = \"features.parquet\"");
    let filed: Value = serde_json::from_str(&project.stdout(&["solve", "--json", "--lineage", path])).unwrap();
    for key in ["m", "q", "variance", "b", "v", "eg", "train_loss"] {
        let [a, b] = [&direct, &filed].map(|object| object["stages"][0][key].as_f64().unwrap());
        assert!((a - b).abs() < 1e-7 * a.abs(), "{key}: {a} and {b}");
    }
    let simulated: Value =
        serde_json::from_str(&project.stdout(&["simulate", "--json", "--replicates", "2", "--lineage", path])).unwrap();
    assert_eq!(simulated["n"], 40, "N is that of the table");
    let message = said(&project.output(&["simulate", "--n", "41", "--lineage", path]));
    assert!(message.contains("--n: 41") && message.contains("40"), "{message}");

    table(&project, "features.parquet", columns(&[("mean", vec![1.0; 4]), ("delta", vec![1.0; 4])]));
    let output = project.output(&["solve", "--lineage", path]);
    let message = said(&output);
    assert_eq!(output.status.code(), Some(2));
    for word in ["lineage.toml: line 3, spectrum.file", "features.parquet", "variance"] {
        assert!(message.contains(word), "{message}");
    }
    project.edit("lineage.toml", "features.parquet", "nowhere.parquet");
    let message = said(&project.output(&["solve", "--lineage", path]));
    assert!(message.contains("nowhere.parquet") && message.contains("no such file"), "{message}");
}

#[test]
fn samples_in_a_file_take_the_place_of_drawn_ones() {
    let lineage = "[data]\nalpha = 3.0\n[[stage]]\nloss = \"logistic\"\nlambda = 0.5\n[[stage]]\nfeatures = 0.5\n\
                   loss = \"logistic\"\nlambda = 0.1\ntargets = { from = 1 }\n";
    let (project, path) = with(lineage);
    let path = path.to_str().unwrap();
    let (n, count) = (20, 200);
    // numbers spread without pattern, moved by the label
    let spread = |i: usize| ((i as f64 * 0.754_877_666_2).fract() + (i as f64 * 0.569_840_291).fract() - 1.0) * 5.0;
    let y: Vec<f64> = (0..count).map(|i| if i % 3 == 0 { 1.0 } else { -1.0 }).collect();
    let feature = |j: usize| (0..count).map(|i| 2.0 + 0.2 * y[i] + spread(i * n + j * j)).collect::<Vec<f64>>();
    let mut all: Vec<(String, Vec<f64>)> = (1..=n).map(|j| (format!("x{j}"), feature(j))).collect();
    all.push(("y".to_owned(), y.clone()));
    let file = table(&project, "samples.parquet", all.clone());
    let run = |extra: &[&str]| {
        let given = ["simulate", "--lineage", path, "--samples", &file, "--replicates", "5", "--json"];
        project.output(&[&given, extra].concat())
    };
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&object["n"], &object["replicates"]), (&20.into(), &5.into()));
    for stage in object["stages"].as_array().unwrap() {
        assert!(stage["held_out_error"].as_f64().is_some_and(|error| error < 0.5), "{object}");
        assert!(stage["theory"]["eg"].is_f64());
    }
    let refused = |words: &[&str], extra: &[&str]| {
        let output = run(extra);
        let message = said(&output);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(words.iter().all(|word| message.contains(word)), "{words:?}: {message}");
    };
    refused(&["--n: 30", "20"], &["--n", "30"]);
    project.edit("lineage.toml", "alpha = 3.0", "alpha = 300.0");
    refused(&["samples.parquet", "alpha"], &[]);
    project.edit("lineage.toml", "alpha = 300.0", "alpha = 3.0\nrho = 0.4");
    refused(&["lineage.toml: line 3, rho", "--samples"], &[]);
    project.edit("lineage.toml", "rho = 0.4", "");
    all[0].0 = "x21".to_owned();
    table(&project, "samples.parquet", all.clone());
    refused(&["samples.parquet", "x21", "x1 to xN"], &[]);
    all[0].0 = "x1".to_owned();
    all[n].1[3] = 0.0;
    table(&project, "samples.parquet", all);
    refused(&["samples.parquet", "label is 0", "-1 and 1"], &[]);
    let without = project.output(&["simulate", "--samples", &file, "--learner", "direct", "--alpha", "2"]);
    assert!(without.status.code() == Some(2) && said(&without).contains("--samples"), "{}", said(&without));
}
