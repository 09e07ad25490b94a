//! Kills, interrupts, two runs at once, folders that cannot be written.

use std::fs;
use std::process::{Child, Stdio};
use std::sync::LazyLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::project::{Project, assert_equal, journal, said};

/// A slow project's artefacts after an undisturbed run, and how long that took.
static CLEAN: LazyLock<(std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>, Duration)> = LazyLock::new(|| {
    let project = Project::slow();
    let start = Instant::now();
    project.stdout(&["run"]);
    (project.artefacts(), start.elapsed())
});

fn start(project: &Project) -> Child {
    project.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits until some stages are done; fails if the run ends before.
fn wait_for_stages(project: &Project, child: &mut Child, count: usize) {
    let start = Instant::now();
    while journal(&project.out()).len() < count {
        assert!(child.try_wait().unwrap().is_none(), "the run ended before {count} stages were done");
        assert!(start.elapsed() < Duration::from_secs(60), "no {count} stages within a minute");
        sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_killed_run_is_finished_by_the_next() {
    let (expected, took) = &*CLEAN;
    let mut killed_at_work = 0;
    for part in 1..=6 {
        let project = Project::slow();
        let mut child = start(&project);
        sleep(took.mul_f64(f64::from(part) / 7.0));
        child.kill().unwrap();
        let status = child.wait().unwrap();
        killed_at_work += usize::from(status.code().is_none());
        let finished = journal(&project.out());
        project.stdout(&["run"]);
        let again = journal(&project.out()).split_off(finished.len());
        assert!(finished.iter().all(|stage| !again.contains(stage)), "finished chunks are not recomputed");
        assert_equal(&project.artefacts(), expected, &format!("killed after {part}/7"));
        assert_eq!(project.run(), Vec::<String>::new(), "and nothing is left to do");
    }
    assert!(killed_at_work >= 3, "only {killed_at_work} of 6 kills met a run at work");
}

#[test]
fn many_kills_in_a_row_still_make_headway() {
    let (expected, took) = &*CLEAN;
    let project = Project::slow();
    for _ in 0..8 {
        let mut child = start(&project);
        sleep(took.mul_f64(0.12));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    project.stdout(&["run"]);
    assert_equal(&project.artefacts(), expected, "after eight kills");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_stops_within_two_seconds() {
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let project = Project::slow();
        let mut child = start(&project);
        wait_for_stages(&project, &mut child, 3);
        let sent = Instant::now();
        let kill =
            std::process::Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{signal}: {}", said(&output));
        assert!(sent.elapsed() < Duration::from_secs(2), "{signal}: {:?}", sent.elapsed());
        // whatever is there is whole: the next run keeps it and ends with the bytes of a clean one
        let finished = journal(&project.out());
        project.stdout(&["run"]);
        let again = journal(&project.out()).split_off(finished.len());
        assert!(finished.iter().all(|stage| !again.contains(stage)));
        assert_equal(&project.artefacts(), &CLEAN.0, signal);
    }
}

#[test]
fn of_two_runs_at_once_the_second_waits() {
    let project = Project::slow();
    let mut first = start(&project);
    wait_for_stages(&project, &mut first, 1);
    let second = start(&project).wait_with_output().unwrap();
    assert_eq!(second.status.code(), Some(0), "{}", said(&second));
    assert!(said(&second).contains("waiting for another run"), "{}", said(&second));
    let first = first.wait_with_output().unwrap();
    assert_eq!(first.status.code(), Some(0), "{}", said(&first));
    let mut stages = journal(&project.out());
    let count = stages.len();
    stages.sort();
    stages.dedup();
    assert_eq!(stages.len(), count, "no stage was done twice");
    assert_equal(&project.artefacts(), &CLEAN.0, "two runs at once");
}

#[test]
fn an_output_that_cannot_be_written_is_one_clear_error() {
    let project = Project::new();
    project.write("blocked", "a file where a folder should be");
    let blocked = project.root().join("blocked/out");
    let output = project.output(&["run", "--out", blocked.to_str().unwrap()]);
    let message = said(&output);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("blocked/out"), "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
    assert_eq!(fs::read_to_string(project.root().join("blocked")).unwrap(), "a file where a folder should be");
}
