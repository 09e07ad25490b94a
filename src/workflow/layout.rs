//! The layout: which stages a project has. What each reads, makes and does is in one place: the chunks in `theory` and
//! `trials`, what is made of a figure in `of_figure`, what of all figures in `of_project`.

use std::collections::BTreeMap;

use crate::chunk::{Sweep, Trials};
use crate::pipeline::{Place, Stage, WorkError, source};

use super::inputs::Inputs;
use super::{Output, Project};

/// What makes the outputs of a stage, in their order.
pub(super) type Make = Box<dyn Fn(&Project, Inputs<'_>) -> Result<Vec<Vec<u8>>, WorkError> + Send + Sync>;

/// What a stage does.
pub(super) enum Job {
    /// Answers a question to the theory.
    Theory(Sweep),
    /// Answers a question to the experiment, with others on the same data.
    Trials(Trials),
    /// Anything else.
    Make(Make),
}

/// The stages laid out so far, with what each does.
pub(super) struct Layout<'a> {
    pub project: &'a Project,
    pub stages: BTreeMap<String, Stage>,
    pub jobs: BTreeMap<String, Job>,
}

/// Seconds that a table, a drawing or the report takes, about.
const SMALL_WEIGHT: f64 = 0.05;

/// A stage of that kind that makes these, all of them its outputs.
pub(super) fn making(kind: &'static str, outputs: &[Output<'_>]) -> Stage {
    let id = outputs.first().map(|output| output.stage()).unwrap_or_default();
    Stage {
        outputs: outputs.iter().map(|output| output.path()).collect(),
        weight: SMALL_WEIGHT,
        ..Stage::new(id, kind, Place::Folder)
    }
}

/// Ids of the stages that make these.
pub(super) fn stages_of(outputs: &[Output<'_>]) -> Vec<String> {
    let mut ids: Vec<String> = outputs.iter().map(|output| output.stage()).collect();
    ids.sort();
    ids.dedup();
    ids
}

impl Layout<'_> {
    /// Adds a stage, and gives its id. A chunk is made by the core from its question and by nothing else, and the core
    /// is in its key; whatever is made of chunks any part of the program may reach, and all of it is in its key.
    pub fn add(&mut self, stage: Stage, job: Job) -> String {
        let source = match job {
            Job::Theory(_) | Job::Trials(_) => source::core(),
            Job::Make(_) => source::program(),
        };
        let stage = Stage { source: source.to_owned(), ..stage };
        let id = stage.id.clone();
        self.jobs.insert(id.clone(), job);
        self.stages.insert(id.clone(), stage);
        id
    }

    /// Adds a stage that is made of other stages.
    pub fn make(
        &mut self,
        stage: Stage,
        make: impl Fn(&Project, Inputs<'_>) -> Result<Vec<Vec<u8>>, WorkError> + Send + Sync + 'static,
    ) {
        self.add(stage, Job::Make(Box::new(make)));
    }
}
