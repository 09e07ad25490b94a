//! A small pipeline of the same shape as the real one, whose stages write numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use redistill::pipeline::{
    Context, Error, Folders, Graph, Options, Place, Plan, Progress, Selection, Stage, Summary, Work, WorkError, plan,
    run,
};

/// Two figures of three theory chunks each, which share the trials in one group.
pub const FIGURES: [&str; 2] = ["fig01", "fig02"];

/// A project in a temporary folder, with what its stages read.
pub struct Project {
    pub folder: tempfile::TempDir,
    /// Value of each theory chunk's parameter, by figure.
    pub values: BTreeMap<&'static str, i64>,
    /// "Digest" of the code of each kind.
    pub sources: BTreeMap<&'static str, &'static str>,
    pub toy: Toy,
    pub options: Options,
}

/// Makes the toy's outputs and notes which.
#[derive(Default)]
pub struct Toy {
    pub ran: Mutex<Vec<String>>,
    pub delay: Duration,
    pub failing: BTreeSet<String>,
    pub panicking: BTreeSet<String>,
    /// Added to every trial: what a stage that is not deterministic would do.
    pub noise: i64,
}

impl Project {
    pub fn new() -> Self {
        Self::within(&std::env::temp_dir())
    }

    /// The same in a folder that someone else clears away.
    pub fn within(parent: &Path) -> Self {
        let folder = tempfile::tempdir_in(parent).unwrap();
        for figure in FIGURES {
            fs::create_dir_all(folder.path().join("figures").join(figure)).unwrap();
            fs::write(folder.path().join("figures").join(figure).join("text.md"), figure).unwrap();
        }
        let values = FIGURES.into_iter().zip([10, 20]).collect();
        let sources = ["theory", "trial", "table", "figure", "report"].map(|kind| (kind, "source 1")).into();
        let options = Options { jobs: Some(2), ..Options::default() };
        Self { folder, values, sources, toy: Toy::default(), options }
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn out(&self) -> PathBuf {
        self.root().join("out")
    }

    pub fn folders(&self) -> Folders {
        Folders { root: self.root().to_owned(), out: self.out() }
    }

    pub fn graph(&self) -> Graph {
        Graph::new(stages(&self.values, &self.sources)).unwrap()
    }

    pub fn plan(&self) -> Plan {
        let graph = self.graph();
        plan(&graph, &graph.all(), &self.folders(), &self.options.force).unwrap()
    }

    pub fn run(&self) -> Result<Summary, Error> {
        let graph = self.graph();
        self.run_selected(&graph, &graph.all(), &())
    }

    pub fn run_selected(&self, graph: &Graph, selected: &Selection, progress: &dyn Progress) -> Result<Summary, Error> {
        self.toy.ran.lock().unwrap().clear();
        let result = run(graph, selected, &self.folders(), &self.toy, &self.options, progress);
        if let Ok(summary) = &result {
            let ran: BTreeSet<String> = self.toy.ran.lock().unwrap().iter().cloned().collect();
            assert_eq!(ran, summary.ran.iter().cloned().collect(), "the summary tells what ran");
            assert_eq!(ran.len(), self.toy.ran.lock().unwrap().len(), "nothing runs twice");
        }
        result
    }

    /// Runs; checks that what ran was planned, and that nothing is left to do.
    pub fn ran(&self) -> BTreeSet<String> {
        let before = self.plan();
        let ran: BTreeSet<String> = self.run().unwrap().ran.into_iter().collect();
        let planned: BTreeSet<String> = before.runs().into_iter().map(str::to_owned).collect();
        let possible: BTreeSet<String> = before.may_run().into_iter().map(str::to_owned).collect();
        assert!(planned.is_subset(&ran), "planned {planned:?}, ran {ran:?}");
        assert!(ran.is_subset(&planned.union(&possible).cloned().collect()), "possible {possible:?}, ran {ran:?}");
        assert!(self.plan().is_fresh());
        ran
    }
}

/// Ids as a set, to compare with.
pub fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|&id| id.to_owned()).collect()
}

/// Every file below `folder` that a reader sees, with its bytes.
pub fn visible(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(current) = open.pop() {
        for entry in fs::read_dir(&current).unwrap().map(Result::unwrap) {
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if entry.file_type().unwrap().is_dir() {
                open.push(entry.path());
            } else {
                files.insert(entry.path().strip_prefix(folder).unwrap().to_owned(), fs::read(entry.path()).unwrap());
            }
        }
    }
    files
}

fn stages(values: &BTreeMap<&'static str, i64>, sources: &BTreeMap<&'static str, &'static str>) -> Vec<Stage> {
    let new = |id: String, kind: &'static str, place| Stage {
        source: sources[kind].to_owned(),
        ..Stage::new(id, kind, place)
    };
    let trials: Vec<String> = (0..4).map(|trial| format!("trials/{trial}")).collect();
    let mut stages: Vec<Stage> = Vec::new();
    for (number, id) in trials.iter().enumerate() {
        stages.push(Stage {
            parameters: [("seed".to_owned(), number.to_string())].into(),
            outputs: vec!["trial.txt".into()],
            group: Some(format!("data {}", number / 2)),
            weight: 2.0,
            ..new(id.clone(), "trial", Place::Cache)
        });
    }
    for (&figure, &value) in values {
        let chunks: Vec<String> = (0..3).map(|chunk| format!("theory/{figure}/{chunk}")).collect();
        for (number, id) in chunks.iter().enumerate() {
            let parameters = [("value".to_owned(), value.to_string()), ("chunk".to_owned(), number.to_string())];
            let outputs = vec!["chunk.txt".into()];
            stages.push(Stage { parameters: parameters.into(), outputs, ..new(id.clone(), "theory", Place::Cache) });
        }
        stages.push(Stage {
            inputs: chunks.iter().chain(&trials).cloned().collect(),
            outputs: vec![format!("data/{figure}.txt").into(), format!("data/{figure}.count.txt").into()],
            ..new(format!("table/{figure}"), "table", Place::Folder)
        });
        stages.push(Stage {
            inputs: vec![format!("table/{figure}")],
            outputs: vec![format!("figures/{figure}.svg").into()],
            ..new(format!("figure/{figure}"), "figure", Place::Folder)
        });
    }
    stages.push(Stage {
        inputs: values.keys().map(|figure| format!("figure/{figure}")).collect(),
        files: values.keys().map(|figure| format!("figures/{figure}/text.md").into()).collect(),
        outputs: vec!["report/report.md".into()],
        ..new("report".to_owned(), "report", Place::Folder)
    });
    stages
}

impl Toy {
    fn make(&self, stage: &Stage, context: &Context<'_>) -> Result<Vec<Vec<u8>>, WorkError> {
        let number = |bytes: &[u8]| std::str::from_utf8(bytes).unwrap().trim().parse::<i64>().unwrap();
        let parameter = |name: &str| stage.parameters.own(name).unwrap().parse::<i64>().unwrap();
        let text = |number: i64| format!("{number}\n").into_bytes();
        Ok(match stage.kind {
            "theory" => vec![text(parameter("value") * 100 + parameter("chunk"))],
            "trial" => vec![text(parameter("seed") + self.noise)],
            "table" => {
                let mut sum = 0;
                for input in &stage.inputs {
                    sum += number(&context.read(stage, input)?[0]);
                }
                // Rounded, so that a small change stops here.
                vec![text(sum / 1000), text(stage.inputs.len() as i64)]
            }
            "figure" => vec![[b"<svg>".to_vec(), context.read(stage, &stage.inputs[0])?.concat()].concat()],
            _ => {
                let mut report = Vec::new();
                for (input, file) in stage.inputs.iter().zip(&stage.files) {
                    report.extend(context.file(stage, file.to_str().unwrap())?);
                    report.extend(context.read(stage, input)?.concat());
                }
                vec![report]
            }
        })
    }
}

impl Toy {
    fn make_and_finish(&self, stage: &Stage, context: &Context<'_>) -> Result<(), WorkError> {
        context.checkpoint()?;
        thread::sleep(self.delay);
        if self.failing.contains(&stage.id) {
            return Err(WorkError::failed("no luck"));
        }
        assert!(!self.panicking.contains(&stage.id), "no grip");
        let outputs = self.make(stage, context)?;
        context.finish(stage, &outputs)?;
        self.ran.lock().unwrap().push(stage.id.clone());
        Ok(())
    }
}

impl Work for Toy {
    /// A group's members are made at once, each on its own thread.
    fn run(&self, stages: &[&Stage], context: &Context<'_>) -> Result<(), WorkError> {
        let [stage] = stages else {
            return thread::scope(|scope| {
                let start = |&stage| scope.spawn(move || self.make_and_finish(stage, context));
                let members: Vec<_> = stages.iter().map(start).collect();
                members.into_iter().try_for_each(|member| member.join().unwrap())
            });
        };
        self.make_and_finish(stage, context)
    }
}

/// Stops the run after so many finished stages.
pub struct StopAfter {
    pub left: Mutex<usize>,
    pub stop: std::sync::Arc<std::sync::atomic::AtomicBool>,
}

impl Progress for StopAfter {
    fn event(&self, event: &redistill::pipeline::Event<'_>) {
        if let redistill::pipeline::Event::Finished { .. } = event {
            let mut left = self.left.lock().unwrap();
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.stop.store(true, Ordering::Relaxed);
            }
        }
    }
}
