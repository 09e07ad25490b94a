//! `solve` and `simulate` at the edges: bounds, flags that mean nothing, labels that say nothing, points that fail.

use serde_json::Value;

use crate::project::{Project, said};

/// Exit code, the object on stdout if there is one, and all that was said.
fn solve(arguments: &[&str]) -> (Option<i32>, Option<Value>, String) {
    let output = Project::new().output(&[&["solve", "--json"], arguments].concat());
    let object = serde_json::from_slice(&output.stdout).ok();
    (output.status.code(), object, said(&output))
}

#[test]
fn values_no_one_means_are_refused_at_once_with_the_bound() {
    let kd = ["--learner", "distilled", "--alpha", "3"];
    for (flag, value, bound) in [
        ("--alpha", "5e-324", "1e-6"),
        ("--alpha", "1e300", "1e5"),
        ("--delta", "1e-300", "1e-3"),
        ("--rho", "1e-12", "1e-3"),
        ("--eta", "1e-12", "1e-3"),
        ("--lambda", "1e-300", "1e-12"),
        ("--teacher-lambda", "1e300", "1e6"),
        ("--temperature", "1e-300", "0.01"),
        ("--chi", "1e-300", "1e-9"),
        ("--epsilon", "0.6", "[0, 0.5]"),
    ] {
        let base = if flag == "--alpha" { &kd[..2] } else { &kd[..] };
        for command in ["solve", "simulate"] {
            let output = Project::new().output(&[&[command], base, &[flag, value]].concat());
            let message = said(&output);
            assert_eq!(output.status.code(), Some(2), "{command} {flag} {value}: {message}");
            assert!(message.contains(flag) && message.contains(bound), "{message}");
        }
    }
    let project = Project::new();
    project.edit("figures/tiny/figure.toml", "temperature = 2.0", "temperature = 1e-300");
    let message = said(&project.output(&["run"]));
    assert!(message.contains("temperature") && message.contains("0.01"), "one domain for files and flags");
}

#[test]
fn counts_beyond_any_machine() {
    let project = Project::new();
    for (arguments, bound) in [
        (&["run", "-j", "100000"][..], "512"),
        (&["run", "-j", "0"], "512"),
        (&["verify", "-j", "100000"], "512"),
        (&["run", "--shard", "1/1000000000"], "1000"),
        (&["run", "--shard", "5/4"], "1000"),
        (&["export", "snakemake", "--shards", "1000000000"], "1000"),
        (&["simulate", "--learner", "direct", "--alpha", "2", "--n", "1000000000"], "20000"),
        (&["simulate", "--learner", "direct", "--alpha", "9000", "--n", "20000"], "4e8"),
        (&["simulate", "--learner", "direct", "--alpha", "2", "--replicates", "4000000000"], "100000"),
        (&["simulate", "--learner", "direct", "--alpha", "0.001"], "there is no sample; valid: a larger n"),
        (&["simulate", "--learner", "direct", "--alpha", "0.01", "--n", "100"], "one sample, of one class"),
    ] {
        let output = project.output(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(bound), "{arguments:?}: {}", said(&output));
    }
    assert!(!project.out().exists());
}

#[test]
fn a_flag_that_means_nothing_to_the_learner_is_refused() {
    for (learner, flag, users) in [
        ("direct", "--teacher-lambda", "teacher, distilled"),
        ("direct", "--chi", "distilled, kd-bayes, kd-hebbian"),
        ("teacher", "--chi", "distilled, kd-bayes, kd-hebbian"),
        ("teacher", "--temperature", "distilled"),
        ("kd-bayes", "--teacher-lambda", "teacher, distilled"),
        ("kd-hebbian", "--epsilon", "teacher, direct, distilled"),
    ] {
        for command in ["solve", "simulate"] {
            let output = Project::new().output(&[command, "--learner", learner, "--alpha", "2", flag, "0.3"]);
            let message = said(&output);
            assert_eq!(output.status.code(), Some(2), "{command} {learner} {flag}: {message}");
            assert!(message.contains(flag) && message.contains(learner) && message.contains(users), "{message}");
        }
    }
    let both = ["--learner", "teacher", "--alpha", "2", "--lambda", "1", "--teacher-lambda", "2"];
    assert_eq!(solve(&both).0, Some(2));
    let help = said(&Project::new().output(&["solve", "--help"]));
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains("with `distilled` of the teacher's labels only"), "{help}");
    let (_, object, _) =
        solve(&["--learner", "distilled", "--alpha", "3", "--epsilon", "0.1", "--teacher-lambda", "0.1"]);
    assert!(object.unwrap()["note"].as_str().unwrap().contains("teacher alone"));
}

#[test]
fn labels_that_say_nothing_leave_zero_weights() {
    for learner in ["teacher", "direct", "distilled"] {
        let (code, object, message) = solve(&["--learner", learner, "--alpha", "3", "--epsilon", "0.5"]);
        let object = object.unwrap_or_else(|| panic!("{message}"));
        assert_eq!((code, &object["status"]), (Some(0), &"converged".into()), "{message}");
        for key in ["m", "q", "b"] {
            assert_eq!(object[key], 0.0, "{learner} {key}");
        }
        assert!(object["eg"].is_null() && object["note"].as_str().unwrap().contains("no test error"), "{object}");
        assert!(object["V"].as_f64().unwrap() > 0.0);
    }
    // hard labels beside a teacher that says nothing are still learned from
    let (code, object, _) = solve(&["--learner", "distilled", "--alpha", "3", "--epsilon", "0.5", "--chi", "0.5"]);
    let object = object.unwrap();
    assert!(code == Some(0) && object["eg"].as_f64().unwrap() < 0.2 && object["q_t"] == 0.0, "{object}");
}

#[test]
fn a_point_that_does_not_converge_fails_with_its_reason_and_its_best_iterate() {
    // a teacher five standard deviations to one side, whose rare doubts move a student that next to no ridge holds
    let hopeless = ["--alpha", "4.8173", "--eta", "0.441", "--delta", "5.5936", "--rho", "0.055"];
    let student = ["--learner", "kd-bayes", "--lambda", "2.1e-6", "--temperature", "0.26"];
    let (code, object, message) = solve(&[&student[..], &hopeless].concat());
    let object = object.unwrap_or_else(|| panic!("{message}"));
    assert_eq!((code, &object["status"]), (Some(1), &"not_converged".into()), "{message}");
    let reason = object["reason"].as_str().expect("a reason");
    assert!(reason.contains("no fixed point was reached") && message.contains(reason), "{message}");
    assert!(["m", "q", "b", "V", "eg"].iter().all(|key| object[*key].is_f64()), "{object}");
}

#[test]
fn a_teacher_thousands_of_standard_deviations_to_one_side_teaches_a_bias() {
    let far = ["--alpha", "0.112", "--eta", "0.255", "--delta", "817", "--rho", "0.858"];
    let student = ["--learner", "kd-bayes", "--lambda", "5.77e-7", "--temperature", "0.208"];
    let (code, object, message) = solve(&[&student[..], &far].concat());
    let object = object.unwrap_or_else(|| panic!("{message}"));
    assert_eq!((code, &object["status"]), (Some(0), &"converged".into()), "{message}");
    // σ(−b/T) is the chance z²/2 that its teacher says the opposite, but for logarithms
    let [b, teacher, q] = ["b", "b_t", "q_t"].map(|key| object[key].as_f64().unwrap());
    let z = teacher / (817.0 * q).sqrt();
    assert!((b / (0.208 * 0.5 * z * z) - 1.0).abs() < 1e-3, "{b} {z}");
    assert_eq!((&object["m"], &object["q"]), (&0.0.into(), &0.0.into()));
}

#[test]
fn points_that_sweeps_refused_are_solved() {
    for (arguments, values) in [
        (
            &[
                "--learner",
                "teacher",
                "--alpha",
                "5",
                "--delta",
                "0.05",
                "--epsilon",
                "0.3",
                "--teacher-lambda",
                "1e-3",
            ][..],
            &[("m", 0.7893), ("q", 0.7822), ("V", 1.149), ("b", -0.0377)][..],
        ),
        (
            &[
                "--learner",
                "kd-hebbian",
                "--alpha",
                "1",
                "--delta",
                "10",
                "--rho",
                "0.05",
                "--lambda",
                "1e-2",
                "--chi",
                "0.1",
            ],
            &[],
        ),
        (&["--learner", "kd-hebbian", "--alpha", "1", "--delta", "10", "--rho", "0.05", "--lambda", "1e-2"], &[]),
        // a student with the features of its teacher and hardly a ridge copies it
        (
            &["--learner", "distilled", "--alpha", "4", "--eta", "1", "--teacher-lambda", "1", "--lambda", "1e-6"],
            &[("m", 0.60411), ("q", 0.52377)],
        ),
        (&["--learner", "distilled", "--alpha", "2.5", "--teacher-lambda", "0.1", "--temperature", "0.07"], &[]),
    ] {
        let (code, object, message) = solve(arguments);
        let object = object.unwrap_or_else(|| panic!("{message}"));
        assert_eq!((code, &object["status"]), (Some(0), &"converged".into()), "{arguments:?}: {message}");
        assert!(object["error"].as_f64().unwrap() <= 1e-6);
        for (key, value) in values {
            let found = object[*key].as_f64().unwrap();
            assert!((found - value).abs() < 1e-4_f64.max(1e-3 * value.abs()), "{arguments:?} {key}: {found}");
        }
    }
}

#[test]
fn bayes_bounds_are_solved_and_cannot_be_trained() {
    let (code, object, _) = solve(&["--learner", "bayes-student", "--alpha", "3"]);
    let object = object.unwrap();
    assert_eq!((code, object["m"].as_f64(), &object["V"]), (Some(0), Some(0.5), &Value::Null));
    let (_, direct, _) = solve(&["--learner", "direct", "--alpha", "3", "--lambda", "0.1"]);
    assert!(object["eg"].as_f64() < direct.unwrap()["eg"].as_f64(), "it is a bound");
    let output = Project::new().output(&["simulate", "--learner", "bayes-teacher", "--alpha", "3"]);
    assert!(output.status.code() == Some(2) && said(&output).contains("closed form"), "{}", said(&output));
    assert_eq!(solve(&["--learner", "bayes-teacher", "--alpha", "3", "--lambda", "0.1"]).0, Some(2));
}

#[test]
fn a_simulation_is_told_with_theory_and_z() {
    let point = ["simulate", "--learner", "distilled", "--alpha", "3", "--teacher-lambda", "0.1", "--n", "120"];
    let text = Project::new().stdout(&point);
    assert!(text.starts_with("distilled: α = 3, η = 0.5") && text.contains("λ = 1e-5"), "{text}");
    let row = text.lines().filter(|line| line.contains("ε_g")).nth(1).unwrap_or_else(|| panic!("{text}"));
    let words: Vec<&str> = row.split_whitespace().collect();
    let [who, _, mean, sign, error, theory, z] = words[..] else { panic!("{row}") };
    assert_eq!((who, sign, mean.len()), ("student", "±", error.len()), "{row}");
    assert!(theory.starts_with("0.1885") && z.starts_with(['+', '-']), "{row}");
    let json = Project::new().stdout(&[&point[..], &["--json"]].concat());
    let object: Value = serde_json::from_str(&json).unwrap();
    for key in ["m_t", "q_t", "b_t", "eg_t", "m", "q", "b", "S", "eg", "ce", "mse_out", "mse_pre"] {
        let of = |suffix: &str| object[format!("{key}{suffix}")].as_f64().unwrap_or_else(|| panic!("{key}{suffix}"));
        let t = (of("") - of("_theory")) / of("_se");
        assert!(t * of("_z") > 0.0 && of("_z").abs() < 5.0, "{key}: {t}");
    }
}
