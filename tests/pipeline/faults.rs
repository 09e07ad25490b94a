//! Kills, locks, interrupts, failures, panics and folders that can't be written.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use redistill::pipeline::{Error, Event, Folders, Progress, run};

use crate::toy::{Project, StopAfter, set, visible};

/// Names the project's root to the helper process.
const ROOT: &str = "PIPELINE_TOY_ROOT";

/// Not a test of its own: the process that the others start, lock out and kill.
#[test]
#[ignore = "a helper process of the other tests"]
fn helper() {
    let Some(root) = env::var_os(ROOT) else { return };
    // a kill leaves its folder behind
    let mut project = Project::within(Path::new(&root));
    project.toy.delay = Duration::from_millis(4);
    let graph = project.graph();
    let folders = Folders { root: root.clone().into(), out: Path::new(&root).join("out") };
    if let Err(error) = run(&graph, &graph.all(), &folders, &project.toy, &project.options, &Note(root.into())) {
        panic!("{error}");
    }
}

/// Leaves a file when it has to wait.
struct Note(std::path::PathBuf);

impl Progress for Note {
    fn event(&self, event: &Event<'_>) {
        if let Event::Waiting { .. } = event {
            fs::write(self.0.join("waited"), "").unwrap();
        }
    }
}

fn start_helper(root: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "faults::helper", "--ignored"])
        .env(ROOT, root)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// A file system that takes no file over 2 KiB: the journal soon fails to grow, in the middle of a line.
#[cfg(unix)]
#[test]
fn a_write_that_fails_half_way_is_one_error_and_the_next_run_finishes() {
    let project = Project::new();
    let script = "trap '' XFSZ; ulimit -f 4; exec \"$0\" --exact faults::helper --ignored";
    let mut shell = Command::new("sh");
    let output =
        shell.args(["-c", script]).arg(env::current_exe().unwrap()).env(ROOT, project.root()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!output.status.success(), "{said}");
    assert!(said.contains(&format!("cannot write {}", project.out().join(".cache/journal.jsonl").display())), "{said}");
    let journal = fs::read(project.out().join(".cache/journal.jsonl")).unwrap();
    assert_eq!(journal.last(), Some(&b'\n'), "the torn line was taken back");
    let finished = recorded(&project.out());
    assert!(!finished.is_empty());
    assert!(project.ran().is_disjoint(&finished));
}

/// Stages with a whole line in the journal.
fn recorded(out: &Path) -> BTreeSet<String> {
    let journal = fs::read_to_string(out.join(".cache/journal.jsonl")).unwrap_or_default();
    let receipts = journal.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    receipts.map(|receipt| receipt["stage"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_kill_at_any_moment_loses_nothing_that_had_finished() {
    let clean = Project::new();
    clean.ran();
    let expected = visible(&clean.out());
    let mut finished_before_kill = BTreeSet::new();
    let undisturbed = Instant::now();
    let whole = Project::new();
    assert!(start_helper(whole.root()).wait().unwrap().success());
    let step = undisturbed.elapsed() / 20;
    // From before the first stage to after the last, in steps that fall everywhere between.
    for moment in 0..24 {
        let project = Project::new();
        let mut helper = start_helper(project.root());
        thread::sleep(step * moment);
        helper.kill().unwrap();
        helper.wait().unwrap();
        for (path, bytes) in if project.out().exists() { visible(&project.out()) } else { Default::default() } {
            assert_eq!(bytes, expected[&path], "{} is half-written", path.display());
        }
        let finished = recorded(&project.out());
        let ran = project.ran();
        assert!(ran.is_disjoint(&finished), "recomputed: {:?}", ran.intersection(&finished));
        assert_eq!(ran.len() + finished.len(), project.graph().stages().len());
        assert_eq!(visible(&project.out()), expected);
        assert_eq!(fs::read_dir(project.out().join(".cache/tmp")).unwrap().count(), 0);
        finished_before_kill.insert(finished.len());
    }
    assert!(finished_before_kill.len() > 4, "the kills fell at different moments: {finished_before_kill:?}");
}

#[test]
fn leftovers_of_a_kill_are_swept_by_the_next_run() {
    let project = Project::new();
    project.ran();
    let leftover = project.out().join(".cache/tmp/half");
    fs::write(&leftover, "half").unwrap();
    let journal = project.out().join(".cache/journal.jsonl");
    let whole = fs::read(&journal).unwrap();
    fs::write(&journal, [&whole[..], b"{\"stage\":\"rep"].concat()).unwrap();
    assert_eq!(project.ran(), set(&[]));
    assert!(!leftover.exists());
    assert_eq!(fs::read(&journal).unwrap(), whole);
}

#[test]
fn the_second_of_two_runs_waits_says_so_and_finds_all_done() {
    let project = Project::new();
    let children: Vec<Child> = (0..3).map(|_| start_helper(project.root())).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert!(project.root().join("waited").exists());
    let lines = fs::read_to_string(project.out().join(".cache/journal.jsonl")).unwrap().lines().count();
    assert_eq!(lines, project.graph().stages().len(), "each stage was made once");
    assert!(project.plan().is_fresh());
}

#[test]
fn an_interrupt_stops_within_two_seconds_and_the_next_run_continues() {
    let mut project = Project::new();
    project.toy.delay = Duration::from_millis(20);
    let stop = Arc::new(AtomicBool::new(false));
    project.options.interrupt = stop.clone();
    let graph = project.graph();
    let began = Instant::now();
    let progress = StopAfter { left: Mutex::new(3), stop: stop.clone() };
    let error = project.run_selected(&graph, &graph.all(), &progress).unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(2));
    let Error::Interrupted { finished, left } = error else { panic!("{error}") };
    assert!((3..=5).contains(&finished), "{finished}");
    assert_eq!(finished + left, graph.stages().len());
    stop.store(false, Ordering::Relaxed);
    project.toy.delay = Duration::ZERO;
    assert_eq!(project.ran().len(), left);
}

#[test]
fn a_run_that_waits_for_the_lock_can_be_interrupted() {
    let mut project = Project::new();
    fs::create_dir_all(project.out()).unwrap();
    let held = fs::File::create(project.out().join(".lock")).unwrap();
    held.lock().unwrap();
    project.options.interrupt = Arc::new(AtomicBool::new(true));
    assert!(matches!(project.run(), Err(Error::InterruptedWaiting)));
    assert!(!project.plan().is_fresh(), "looking needs no lock");
}

#[test]
fn a_failure_stops_the_rest_unless_told_to_keep_going() {
    let mut project = Project::new();
    project.options.jobs = Some(1);
    project.toy.failing = set(&["theory/fig01/0", "theory/fig01/2"]);
    let error = project.run().unwrap_err();
    assert_eq!(error.to_string().lines().next().unwrap(), "stage theory/fig01/0 failed: no luck");
    let before = project.toy.ran.lock().unwrap().len();
    assert!(before < 9, "{before} stages ran");

    project.options.keep_going = true;
    let Error::Failed { failures, skipped } = project.run().unwrap_err() else { panic!("not a failure") };
    assert_eq!((failures.len(), skipped), (2, 3), "their table, figure and the report are skipped");
    assert_eq!(
        project.plan().runs(),
        ["theory/fig01/0", "theory/fig01/2", "table/fig01", "figure/fig01", "report"].into()
    );
    project.toy.failing.clear();
    assert_eq!(project.ran().len(), 5);
}

#[test]
fn a_group_keeps_the_members_that_finished_before_one_failed() {
    let mut project = Project::new();
    project.options.keep_going = true;
    project.toy.failing = set(&["trials/1"]);
    assert!(matches!(project.run(), Err(Error::Failed { .. })));
    assert!(recorded(&project.out()).is_superset(&set(&["trials/0", "trials/2", "trials/3"])));
    assert!(!recorded(&project.out()).contains("trials/1"));
}

#[test]
fn a_panic_is_an_error_of_its_stage_with_place_and_message() {
    let mut project = Project::new();
    project.toy.panicking = set(&["figure/fig02"]);
    let message = project.run().unwrap_err().to_string();
    let first = message.lines().next().unwrap();
    assert!(first.starts_with("stage figure/fig02 failed: it panicked at "), "{first}");
    assert!(first.ends_with(": no grip"), "{first}");
    project.toy.panicking.clear();
    assert!(project.ran().contains("figure/fig02"));
}

#[test]
fn a_folder_that_cannot_be_made_is_one_error_with_its_path() {
    let project = Project::new();
    fs::write(project.out(), "a file where the folder should be").unwrap();
    let message = project.run().unwrap_err().to_string();
    assert!(message.starts_with(&format!("cannot create {}: ", project.out().display())), "{message}");
    assert_eq!(message.lines().count(), 1);
}

#[test]
fn an_output_that_cannot_be_written_is_one_error_even_when_keeping_going() {
    let mut project = Project::new();
    project.options.keep_going = true;
    fs::create_dir_all(project.out()).unwrap();
    fs::write(project.out().join("figures"), "a file where a folder should be").unwrap();
    let message = project.run().unwrap_err().to_string();
    assert!(message.starts_with(&format!("cannot create {}: ", project.out().join("figures").display())), "{message}");
    fs::remove_file(project.out().join("figures")).unwrap();
    assert!(project.ran().contains("figure/fig01"));
}

/// Edits a caption when the report begins.
struct EditCaption(std::path::PathBuf);

impl Progress for EditCaption {
    fn event(&self, event: &Event<'_>) {
        if let Event::Started { stage } = event
            && stage.id == "report"
        {
            fs::write(&self.0, "edited meanwhile").unwrap();
        }
    }
}

#[test]
fn a_file_edited_during_the_run_never_gets_a_receipt_for_its_old_contents() {
    let project = Project::new();
    let (graph, caption) = (project.graph(), project.root().join("figures/fig02/text.md"));
    let message = project.run_selected(&graph, &graph.all(), &EditCaption(caption)).unwrap_err().to_string();
    assert!(message.ends_with("text.md was edited during the run; run again"), "{message}");
    assert_eq!(project.ran(), set(&["report"]));
    assert!(fs::read_to_string(project.out().join("report/report.md")).unwrap().contains("edited meanwhile"));
}
