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
        ("--alpha", "1e300", "1e4"),
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
    assert!(message.contains("student.temperature") && message.contains("0.01"), "one domain for files and flags");
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
        (&["simulate", "--learner", "direct", "--alpha", "9000", "--n", "20000"], "2.5e8"),
        (&["simulate", "--learner", "direct", "--alpha", "2", "--replicates", "4000000000"], "100000"),
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
    let hopeless =
        ["--alpha", "1000", "--eta", "0.17", "--delta", "1000", "--rho", "0.65", "--teacher-lambda", "1.2e-6"];
    let (code, object, message) = solve(
        &[&["--learner", "distilled", "--lambda", "1e-10", "--chi", "0.5", "--temperature", "1000"][..], &hopeless]
            .concat(),
    );
    let object = object.unwrap_or_else(|| panic!("{message}"));
    assert_eq!((code, &object["status"]), (Some(1), &"not_converged".into()), "{message}");
    let reason = object["reason"].as_str().expect("a reason");
    assert!(reason.contains("bound on the work") && message.contains(reason), "{message}");
    assert!(["m", "q", "b", "V", "eg"].iter().all(|key| object[*key].is_f64()), "{object}");
}
