//! The work behind every stage: hands each what it declared, and takes its bytes.

use std::collections::BTreeMap;

use crate::chunk::{self, Trials};
use crate::pipeline::{Context, Graph, GraphError, Stage, Work, WorkError};

use super::Project;
use super::inputs::Inputs;
use super::layout::{Job, Layout};

/// A project laid out as stages, and able to do their work.
pub struct Workflow {
    /// What the run starts from.
    pub project: Project,
    /// The stages.
    pub graph: Graph,
    jobs: BTreeMap<String, Job>,
}

impl Workflow {
    /// Lays out a project.
    ///
    /// # Errors
    /// [`GraphError`] when two stages would write the same file.
    pub fn new(project: Project) -> Result<Self, GraphError> {
        let mut layout = Layout { project: &project, stages: BTreeMap::new(), jobs: BTreeMap::new() };
        for index in 0..project.figures.len() {
            layout.figure(index);
        }
        layout.alternatives();
        layout.claims();
        layout.costs();
        layout.report();
        let Layout { stages, jobs, .. } = layout;
        Ok(Self { graph: Graph::new(stages.into_values().collect())?, project, jobs })
    }

    fn job(&self, stage: &Stage) -> Result<&Job, WorkError> {
        self.jobs.get(&stage.id).ok_or_else(|| WorkError::failed(format!("{} has no job", stage.id)))
    }

    /// Trains the members of a group on the data they share.
    fn train(&self, stages: &[&Stage], context: &Context<'_>) -> Result<(), WorkError> {
        let mut asked: Vec<(&Trials, Option<Vec<u8>>)> = Vec::new();
        for stage in stages {
            let Job::Trials(trials) = self.job(stage)? else {
                return Err(WorkError::failed(format!("{} is grouped with trials", stage.id)));
            };
            let theory = trials.tuned.as_ref().map(|tuned| context.read(stage, &tuned.by)).transpose()?;
            asked.push((trials, theory.map(|outputs| outputs.concat())));
        }
        let trained = chunk::train(&asked, &|| context.interrupted()).map_err(WorkError::Failed)?;
        let (outcomes, work) = trained.ok_or(WorkError::Interrupted)?;
        // passes are shared, and so is what they cost: like the time of a group, in equal parts
        let part = |whole: u64| whole as f64 / stages.len() as f64;
        for ((stage, (trials, _)), outcome) in stages.iter().zip(&asked).zip(outcomes) {
            let own = outcome.trials.iter().filter_map(|trial| trial.stages.last());
            let passes = own.map(|stage| f64::from(stage.passes)).sum::<f64>();
            let measures = [("passes", passes), ("flops", part(work.flops)), ("bytes", part(work.bytes))];
            let measures = measures.map(|(name, value)| (name.to_owned(), value)).into();
            let bytes = chunk::write(*trials, &outcome).map_err(WorkError::Failed)?;
            context.finish_measured(stage, &[bytes], measures)?;
        }
        Ok(())
    }
}

impl Work for Workflow {
    fn run(&self, stages: &[&Stage], context: &Context<'_>) -> Result<(), WorkError> {
        if stages.iter().any(|stage| matches!(self.job(stage), Ok(Job::Trials(_)))) {
            return self.train(stages, context);
        }
        for stage in stages {
            context.checkpoint()?;
            let outputs = match self.job(stage)? {
                Job::Make(make) => make(&self.project, Inputs { stage, context, graph: &self.graph })?,
                Job::Theory(sweep) => {
                    let solved = sweep.solve(|| context.interrupted()).map_err(WorkError::Failed)?;
                    let solved = solved.ok_or(WorkError::Interrupted)?;
                    vec![chunk::write(sweep, &solved).map_err(WorkError::Failed)?]
                }
                Job::Trials(_) => return Err(WorkError::failed(format!("{} is not grouped", stage.id))),
            };
            context.finish(stage, &outputs)?;
        }
        Ok(())
    }
}
