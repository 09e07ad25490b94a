//! Kills early and often: a run at the profile of CI keeps something of every few seconds.

use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use crate::project::{Project, journal};

/// A project with as many settings on one data set as the paper's largest group, so that it is one long piece of work.
fn one_large_group() -> Project {
    let project = Project::quick();
    let curve = |k: usize| {
        format!(
            "\n[[curve]]\nid = \"kd{k}\"\nlabel = \"{k}\"\nlearner = \"distilled\"\nteacher_lambda = 1e-4\n\
             lambda = {:e}\nchi = 0.5\ntemperature = 3.0\n",
            1e-5 * (1.0 + k as f64)
        )
    };
    let curves: String = (0..40).map(curve).collect();
    project.edit("figures/tiny/figure.toml", "\n[[line]]", &format!("{curves}\n[[line]]"));
    project
}

#[test]
fn a_run_killed_again_and_again_gets_done() {
    let project = one_large_group();
    let trials = |project: &Project| journal(&project.out()).iter().filter(|id| id.starts_with("trials/")).count();
    let whole = 42 * 4;
    let mut kept = Vec::new();
    while kept.len() < 200 {
        let mut child = project.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // by work, not by the clock alone: a busy machine is given its time, a dead end is not
        for _ in 0..300 {
            sleep(Duration::from_millis(50));
            let more = trials(&project) > kept.last().copied().unwrap_or(0);
            if child.try_wait().unwrap().is_some() || more {
                break;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let now = trials(&project);
        assert!(now > kept.last().copied().unwrap_or(0) || now == whole, "15 seconds kept nothing: {kept:?}");
        kept.push(now);
        if now == whole {
            break;
        }
    }
    assert_eq!(kept.last(), Some(&whole));
    assert!(kept.len() >= 4, "the group came in several pieces: {kept:?}");
    project.stdout(&["run"]);
    assert_eq!(trials(&project), whole, "no trial was made twice");
}
