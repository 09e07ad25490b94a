//! The work behind every stage: reads what the stage declared, computes, hands back bytes.

use std::collections::BTreeMap;
use std::path::Path;

use crate::model::Lineage;
use crate::pipeline::{Context, Graph, GraphError, Stage, Work, WorkError};
use crate::spec::{Curve, Figure};
use crate::table::{Table, parquet};

use super::costs::{COSTS_FILE, Costs};
use super::experiment::{Chunk, train};
use super::job::{COSTS, figure_stage, theory_id};
use super::parameters::{without_numbers_told, without_words};
use super::{Job, Project, alternatives, drawing, layout, map, reporting, scaling, tables, theory};

/// A project laid out as stages, and able to do their work.
#[derive(Debug)]
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
        let (stages, jobs) = layout(&project);
        Ok(Self { graph: Graph::new(stages)?, project, jobs })
    }

    fn job(&self, stage: &Stage) -> Result<&Job, WorkError> {
        self.jobs.get(&stage.id).ok_or_else(|| WorkError::failed(format!("{} has no job", stage.id)))
    }

    /// One table out of the outputs of an input stage.
    fn table(stage: &Stage, context: &Context<'_>, input: &str, output: usize) -> Result<Table, WorkError> {
        let bytes = context.read(stage, input)?;
        let bytes = bytes.get(output).ok_or_else(|| WorkError::failed(format!("{input} has no output {output}")))?;
        parquet::from_bytes(bytes, Path::new(input)).map_err(WorkError::failed)
    }

    /// The trials among the inputs of a stage, by stage id.
    fn chunks(stage: &Stage, context: &Context<'_>) -> Result<BTreeMap<String, Chunk>, WorkError> {
        let mut chunks = BTreeMap::new();
        for input in stage.inputs.iter().filter(|input| input.starts_with("trials/")) {
            let bytes = context.read(stage, input)?.concat();
            chunks.insert(input.clone(), serde_json::from_slice(&bytes).map_err(WorkError::failed)?);
        }
        Ok(chunks)
    }

    fn trials(&self, stages: &[&Stage], context: &Context<'_>) -> Result<(), WorkError> {
        // members of a group share data and replicates; they differ in their stages
        let mut lineages: Vec<Lineage> = Vec::new();
        let mut shared = None;
        for stage in stages {
            let Job::Trials { lineage, replicates, n, tuned } = self.job(stage)? else {
                return Err(WorkError::failed(format!("{} is grouped with trials", stage.id)));
            };
            shared = Some((lineage.data.clone(), *replicates, self.project.profile.at_size(*n)));
            lineages.push(match tuned {
                Some((theory, x)) => Self::tuned(stage, context, theory, *x)?,
                None => lineage.clone(),
            });
        }
        let Some((data, (first, last), profile)) = shared else { return Ok(()) };
        let stop = || context.interrupted();
        let (chunks, work) = train(&data, lineages, first..last, &profile, &stop).map_err(|error| match error {
            crate::experiment::ExperimentError::Interrupted => WorkError::Interrupted,
            other => WorkError::failed(other),
        })?;
        // passes are shared, and so is what they cost: like the time of a group, in equal parts
        let part = |whole: u64| whole as f64 / stages.len() as f64;
        for (stage, chunk) in stages.iter().zip(chunks) {
            let own = chunk.trials.iter().filter_map(|trial| trial.stages.last());
            let passes = own.map(|stage| f64::from(stage.passes)).sum::<f64>();
            let measures = [("passes", passes), ("flops", part(work.flops)), ("bytes", part(work.bytes))];
            let measures = measures.map(|(name, value)| (name.to_owned(), value)).into();
            context.finish_measured(stage, &[serde_json::to_vec(&chunk).map_err(WorkError::failed)?], measures)?;
        }
        Ok(())
    }

    /// The lineage at x with the parameters that the theory found best.
    fn tuned(stage: &Stage, context: &Context<'_>, theory: &str, x: f64) -> Result<Lineage, WorkError> {
        let bytes = context.read(stage, theory)?;
        let bytes = bytes.get(1).ok_or_else(|| WorkError::failed(format!("{theory} tunes nothing")))?;
        let tuned: Vec<(f64, Lineage)> = serde_json::from_slice(bytes).map_err(WorkError::failed)?;
        let found = tuned.into_iter().find(|(place, _)| *place == x);
        found
            .map(|(_, lineage)| lineage)
            .ok_or_else(|| WorkError::failed(format!("{theory} has no optimum at x = {x}")))
    }

    /// The theory of a curve: its table, and the lineages whose parameters are tuned.
    fn evaluated(
        &self,
        (figure, curve): (&Figure, &Curve),
        places: &[f64],
        optima: &[theory::Extremum],
        context: &Context<'_>,
    ) -> Result<Vec<Vec<u8>>, WorkError> {
        let places = (places, self.project.profile.n);
        let found = theory::evaluate(figure, curve, places, optima, || context.interrupted());
        let theory::Evaluated { table, tuned } = found.map_err(WorkError::failed)?.ok_or(WorkError::Interrupted)?;
        let mut outputs = vec![parquet::to_bytes(&table).map_err(WorkError::failed)?];
        if !curve.optimal().is_empty() {
            outputs.push(serde_json::to_vec(&tuned).map_err(WorkError::failed)?);
        }
        Ok(outputs)
    }

    fn single(&self, stage: &Stage, context: &Context<'_>) -> Result<Vec<Vec<u8>>, WorkError> {
        let encode = |table: &Table| parquet::to_bytes(table).map_err(WorkError::failed);
        let project = &self.project;
        // tables and drawings are made from what their keys hold of a figure, and nothing else
        let shown = |index: usize| without_words(&project.figures[index]);
        let of_figure = |index: usize, arm: &str| figure_stage("table", &project.figures[index], arm);
        Ok(match self.job(stage)? {
            Job::Theory { figure, curve } => {
                let spec = &project.figures[*figure];
                let curve = &spec.curves[*curve];
                let places = project.theory_x(*figure, curve);
                self.evaluated((spec, curve), &places, &theory::extrema(spec, curve), context)?
            }
            Job::TheoryTable(index) => {
                let figure = shown(*index);
                let mut chunks = Vec::new();
                for curve in &figure.curves {
                    chunks.push(Self::table(stage, context, &theory_id(&figure, curve), 0)?);
                }
                vec![encode(&tables::theory(&figure, &chunks).map_err(WorkError::failed)?)?]
            }
            Job::ExperimentTable(index) => {
                let chunks = Self::chunks(stage, context)?;
                let chunk = |id: &str| chunks.get(id);
                vec![encode(&tables::experiment(&project.profile, &shown(*index), chunk).map_err(WorkError::failed)?)?]
            }
            Job::Map(index) => {
                let figure = without_numbers_told(&project.figures[*index]);
                let judged = map::judge(&figure, project.profile.n, || context.interrupted());
                vec![encode(&judged.map_err(WorkError::failed)?.ok_or(WorkError::Interrupted)?)?]
            }
            Job::FiniteSize(index) => {
                let theory = Self::table(stage, context, &of_figure(*index, "theory"), 0)?;
                let chunks = Self::chunks(stage, context)?;
                let chunk = |id: &str| chunks.get(id);
                let figure = shown(*index);
                let tables = tables::finite_size(&project.profile, &figure, &theory, chunk);
                let tables = tables.map_err(WorkError::failed)?;
                tables.iter().map(encode).collect::<Result<_, _>>()?
            }
            Job::Comparison(index) => {
                let theory = Self::table(stage, context, &of_figure(*index, "theory"), 0)?;
                let experiment = Self::table(stage, context, &of_figure(*index, "experiment"), 0)?;
                let vertices = project.vertices(*index);
                let printed = project.printed_points(*index);
                let tables = tables::comparison(&shown(*index), vertices, printed, &theory, &experiment);
                let tables = tables.map_err(WorkError::failed)?;
                tables.iter().map(encode).collect::<Result<_, _>>()?
            }
            Job::Drawing(index) => {
                let theory = Self::table(stage, context, &of_figure(*index, "theory"), 0)?;
                let agreement = Self::table(stage, context, &of_figure(*index, "comparison"), 0)?;
                let published = Self::table(stage, context, &of_figure(*index, "comparison"), 1)?;
                let printed_points = Self::table(stage, context, &of_figure(*index, "comparison"), 3)?;
                let finite_size = Self::table(stage, context, &of_figure(*index, "finite_size"), 0)?;
                let measured = match project.figures[*index].is_measured() {
                    true => Self::table(stage, context, &of_figure(*index, "comparison"), 4)?,
                    false => Table::default(),
                };
                let tables = drawing::Tables {
                    theory: &theory,
                    agreement: &agreement,
                    published: &published,
                    printed_points: &printed_points,
                    finite_size: &finite_size,
                    measured: &measured,
                };
                let figure = shown(*index);
                let judged = match figure.map.is_empty() {
                    true => None,
                    false => Some(Self::table(stage, context, &of_figure(*index, "map"), 0)?),
                };
                let mapped = without_numbers_told(&project.figures[*index]);
                let draw = |view| match (&judged, view) {
                    // what a map is looked at for
                    (Some(judged), drawing::View::Overlay) => map::draw(&mapped, judged),
                    (Some(_) | None, _) => drawing::draw(&figure, tables, view),
                };
                let drawn = drawing::views(&figure).into_iter().map(draw);
                drawn.map(|svg| svg.map(String::into_bytes).map_err(WorkError::failed)).collect::<Result<_, _>>()?
            }
            Job::Costs => {
                let text = String::from_utf8(context.file(stage, COSTS_FILE)?).map_err(WorkError::failed)?;
                let costs = Costs::parse(&text).map_err(WorkError::failed)?;
                let tables = [costs.runs_table(), costs.scaling_table()];
                tables.into_iter().map(|table| encode(&table.map_err(WorkError::failed)?)).collect::<Result<_, _>>()?
            }
            Job::Scaling => {
                let table = Self::table(stage, context, COSTS[0], 1)?;
                vec![scaling::draw(&table).map_err(WorkError::failed)?.into_bytes()]
            }
            Job::Alternative(index) => {
                let trials = alternatives::trials(project).map_err(WorkError::failed)?;
                let trial = &trials[*index];
                self.evaluated((trial.figure, &trial.curve), &trial.places(), &[], context)?
            }
            Job::Alternatives => {
                vec![encode(&reporting::alternatives(project, |id, output| Self::table(stage, context, id, output))?)?]
            }
            Job::Claims => {
                let judged: Vec<_> = project.figures.iter().map(without_numbers_told).collect();
                let table = |id: &str, output| Self::table(stage, context, id, output);
                let tables = reporting::claims(&judged, &project.ledger, table)?;
                tables.iter().map(encode).collect::<Result<_, _>>()?
            }
            Job::Report => {
                reporting::report(project, stage, context, |id, output| Self::table(stage, context, id, output))?
            }
            Job::Trials { .. } => return Err(WorkError::failed(format!("{} is not grouped", stage.id))),
        })
    }
}

impl Work for Workflow {
    fn run(&self, stages: &[&Stage], context: &Context<'_>) -> Result<(), WorkError> {
        if stages.iter().any(|stage| matches!(self.job(stage), Ok(Job::Trials { .. }))) {
            return self.trials(stages, context);
        }
        for stage in stages {
            context.checkpoint()?;
            let outputs = self.single(stage, context)?;
            context.finish(stage, &outputs)?;
        }
        Ok(())
    }
}
