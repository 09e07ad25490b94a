//! The layout: which stages a project has, what each reads, and which job it stands for.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::json;

use crate::pipeline::{Digest, Place, Stage, source};
use crate::spec::{Curve, Figure, Swept};
use crate::verdict::ERRATA_FILE;

use super::Project;
use super::alternatives::trials;
use super::costs::COSTS_FILE;
use super::job::{ALTERNATIVES, COSTS, Job, figure_stage, theory_id};
use super::parameters::{
    figure_parameters, profile_parameters, subject_parameters, text, without_numbers_told, without_words,
};
use super::project::LEDGER;
use super::theory::extrema;
use super::trials::{sized_points, trial_stages};

/// Lays out every stage of a project, with the job each stands for.
#[must_use]
pub fn layout(project: &Project) -> (Vec<Stage>, BTreeMap<String, Job>) {
    let mut layout = Layout { project, stages: BTreeMap::new(), jobs: BTreeMap::new() };
    for index in 0..project.figures.len() {
        layout.figure(index);
    }
    layout.alternatives();
    layout.claims();
    layout.costs();
    layout.report();
    (layout.stages.into_values().collect(), layout.jobs)
}

/// Seconds that one theory point takes, about.
const THEORY_WEIGHT: f64 = 5e-3;
/// Seconds that a table, a drawing or the report takes, about.
const SMALL_WEIGHT: f64 = 0.05;

struct Layout<'a> {
    project: &'a Project,
    stages: BTreeMap<String, Stage>,
    jobs: BTreeMap<String, Job>,
}

impl Layout<'_> {
    /// Adds a stage. Any part of the program may reach its bytes, so the whole program is in its key.
    fn add(&mut self, stage: Stage, job: Job) -> String {
        let stage = Stage { source: source::program().to_owned(), ..stage };
        let id = stage.id.clone();
        self.jobs.insert(id.clone(), job);
        self.stages.insert(id.clone(), stage);
        id
    }

    fn figure(&mut self, index: usize) {
        let project = self.project;
        let figure = &project.figures[index];
        let id = &figure.id;
        let (mut theory, mut trials) = (Vec::new(), Vec::new());
        let mut points = figure_parameters(&without_words(figure));
        points.extend(profile_parameters(&project.profile));
        for (place, curve) in figure.curves.iter().enumerate() {
            theory.push(self.theory(index, place));
            for x in figure.experiment_x(curve) {
                let mut chunks = Vec::new();
                for (stage, job) in trial_stages(&project.profile, figure, curve, x) {
                    chunks.push(self.add(stage, job));
                }
                points.insert(format!("{} at {x}", curve.id), chunks.join(" "));
                trials.extend(chunks);
            }
        }
        trials.sort();
        trials.dedup();
        let table = |arm: &str| Stage {
            about: format!("{arm} table of {}", figure.name()),
            outputs: vec![PathBuf::from(format!("data/{id}.{arm}.parquet"))],
            weight: SMALL_WEIGHT,
            ..Stage::new(figure_stage("table", figure, arm), "table", Place::Folder)
        };
        let parameters = figure_parameters(&without_words(figure));
        let theory = self.add(Stage { parameters, inputs: theory, ..table("theory") }, Job::TheoryTable(index));
        let experiment = Stage { parameters: points, inputs: trials, ..table("experiment") };
        let experiment = self.add(experiment, Job::ExperimentTable(index));
        self.finite_size(index, &theory);
        self.map(index);
        self.comparison(index, &theory, &experiment);
        self.drawing(index);
    }

    fn theory(&mut self, index: usize, place: usize) -> String {
        let figure = &self.project.figures[index];
        let curve = &figure.curves[place];
        let places = self.project.theory_x(index, curve);
        let mut stage = self.solved(theory_id(figure, curve), figure, curve, &places);
        stage.parameters.insert("optima".into(), text(&json!(extrema(figure, curve))));
        self.add(stage, Job::Theory { figure: index, curve: place })
    }

    /// A stage that solves a curve at some places.
    fn solved(&self, id: String, figure: &Figure, curve: &Curve, places: &[f64]) -> Stage {
        let points: Vec<_> = places.iter().map(|&x| figure.point(curve, x).ok()).collect();
        let mut parameters = match points.first() {
            Some(Some(point)) => subject_parameters(&point.subject),
            _ => BTreeMap::new(),
        };
        // the first lineage and x are there to be read; this is what counts
        let points: Vec<_> = points.iter().flatten().map(|point| (&point.subject, &point.optimal)).collect();
        let points = serde_json::to_vec(&points).expect("the keys of a lineage are texts");
        parameters.insert("points".into(), Digest::of(&points).to_string());
        let swept = figure.swept(curve);
        parameters.insert("x.parameter".into(), swept.name());
        parameters.insert("x".into(), text(&json!(places)));
        let tuned = curve.optimal();
        let mut outputs = vec![PathBuf::from("theory.parquet")];
        if !tuned.is_empty() {
            parameters.insert("optimal".into(), text(&json!(tuned)));
            outputs.push("tuned.json".into());
        }
        // the spectrum of as many features as an experiment draws
        if figure.data_of(curve).spectrum.is_some() {
            parameters.insert("n".into(), self.project.profile.n.to_string());
        }
        let horizontal = swept == Swept::None;
        Stage {
            about: format!("{}: {}", figure.name(), curve.label),
            parameters,
            outputs,
            weight: THEORY_WEIGHT * if horizontal { 1.0 } else { places.len() as f64 },
            ..Stage::new(id, "theory", Place::Cache)
        }
    }

    /// The explanations of the errata, and the table that holds them against print.
    fn alternatives(&mut self) {
        let project = self.project;
        let mut inputs = self.tables();
        let mut parameters = BTreeMap::new();
        for (index, figure) in project.figures.iter().enumerate() {
            parameters.extend(figure_parameters(&without_words(figure)));
            parameters.insert(format!("{}.print", figure.id), self.readings(index));
        }
        // a project is read only when every explanation can be tried
        for (index, trial) in trials(project).unwrap_or_default().into_iter().enumerate() {
            let stage = self.solved(trial.stage.clone(), trial.figure, &trial.curve, &trial.places());
            inputs.push(self.add(stage, Job::Alternative(index)));
        }
        let stage = Stage {
            about: "explanations of the errata".to_owned(),
            parameters,
            inputs,
            files: vec![ERRATA_FILE.into()],
            outputs: vec!["data/alternatives.parquet".into()],
            weight: SMALL_WEIGHT,
            ..Stage::new(ALTERNATIVES, "table", Place::Folder)
        };
        self.add(stage, Job::Alternatives);
    }

    /// Trials of a figure's `finite_size` points at the profile's other sizes.
    fn finite_size(&mut self, index: usize, theory: &str) {
        let project = self.project;
        let figure = &project.figures[index];
        let mut inputs = vec![theory.to_owned()];
        let mut parameters = figure_parameters(&without_words(figure));
        parameters.extend(profile_parameters(&project.profile));
        for (profile, curve, x) in sized_points(&project.profile, figure) {
            let mut chunks = Vec::new();
            for (stage, job) in trial_stages(&profile, figure, curve, x) {
                chunks.push(self.add(stage, job));
            }
            parameters.insert(format!("{} at {x}, N = {}", curve.id, profile.n), chunks.join(" "));
            inputs.extend(chunks);
        }
        inputs.sort();
        inputs.dedup();
        let stage = Stage {
            about: format!("finite size of {}", figure.name()),
            parameters,
            inputs,
            outputs: super::tables::sized(figure)
                .iter()
                .map(|kind| format!("data/{}.{kind}.parquet", figure.id).into())
                .collect(),
            weight: SMALL_WEIGHT,
            ..Stage::new(figure_stage("table", figure, "finite_size"), "table", Place::Folder)
        };
        self.add(stage, Job::FiniteSize(index));
    }

    /// The checks of a figure at every node of its map, if it has one.
    fn map(&mut self, index: usize) {
        let figure = &self.project.figures[index];
        let nodes: usize = figure.map.iter().map(|axis| axis.values.len()).product();
        if figure.map.is_empty() {
            return;
        }
        let points: usize = figure.curves.iter().map(|curve| figure.theory_x(curve, &[]).len()).sum();
        let mut parameters = figure_parameters(&without_numbers_told(figure));
        parameters.insert("n".into(), self.project.profile.n.to_string());
        let stage = Stage {
            about: format!("map of {}", figure.name()),
            parameters,
            outputs: vec![format!("data/{}.map.parquet", figure.id).into()],
            weight: THEORY_WEIGHT * (nodes * points) as f64,
            ..Stage::new(figure_stage("table", figure, "map"), "table", Place::Folder)
        };
        self.add(stage, Job::Map(index));
    }

    /// Digest of what was read off print of a figure.
    fn readings(&self, index: usize) -> String {
        let (vertices, points) = (self.project.vertices(index), self.project.printed_points(index));
        Digest::of(format!("{vertices:?} {points:?}").as_bytes()).to_string()
    }

    fn comparison(&mut self, index: usize, theory: &str, experiment: &str) {
        let figure = &self.project.figures[index];
        let mut parameters = figure_parameters(&without_words(figure));
        parameters.insert("print".to_owned(), self.readings(index));
        let stage = Stage {
            about: format!("agreement of {}", figure.name()),
            parameters,
            inputs: vec![theory.to_owned(), experiment.to_owned()],
            outputs: super::tables::compared(figure)
                .into_iter()
                .map(|kind| format!("data/{}.{kind}.parquet", figure.id).into())
                .collect(),
            weight: SMALL_WEIGHT,
            ..Stage::new(figure_stage("table", figure, "comparison"), "table", Place::Folder)
        };
        self.add(stage, Job::Comparison(index));
    }

    fn drawing(&mut self, index: usize) {
        let figure = &self.project.figures[index];
        let arms = ["theory", "experiment", "comparison", "finite_size"];
        let mut inputs: Vec<String> = arms.map(|arm| figure_stage("table", figure, arm)).into();
        // the panels of a map are checks
        let mut parameters = figure_parameters(&without_words(figure));
        if !figure.map.is_empty() {
            inputs.push(figure_stage("table", figure, "map"));
            parameters = figure_parameters(&without_numbers_told(figure));
        }
        let stage = Stage {
            about: format!("drawings of {}", figure.name()),
            parameters,
            inputs,
            outputs: super::drawing::views(figure).into_iter().map(|view| view.path(&figure.id)).collect(),
            weight: SMALL_WEIGHT,
            ..Stage::new(figure_stage("figure", figure, ""), "figure", Place::Folder)
        };
        self.add(stage, Job::Drawing(index));
    }

    fn tables(&self) -> Vec<String> {
        let arms = ["theory", "experiment", "comparison", "finite_size"];
        let of = |figure| arms.map(|arm| figure_stage("table", figure, arm));
        self.project.figures.iter().flat_map(of).collect()
    }

    fn claims(&mut self) {
        let figures = self.project.figures.iter().map(without_numbers_told);
        let mut inputs = self.tables();
        inputs.push(ALTERNATIVES.to_owned());
        let stage = Stage {
            about: "checks of the claims".to_owned(),
            parameters: figures.flat_map(|figure| figure_parameters(&figure)).collect(),
            inputs,
            files: LEDGER.map(PathBuf::from).into(),
            outputs: ["claims", "verdicts"].map(|kind| format!("data/{kind}.parquet").into()).into(),
            weight: SMALL_WEIGHT,
            ..Stage::new("claims", "table", Place::Folder)
        };
        self.add(stage, Job::Claims);
    }

    fn costs(&mut self) {
        let Some(_) = &self.project.costs else { return };
        let [tables, drawing] = COSTS;
        let stage = Stage {
            about: "what runs cost".to_owned(),
            files: vec![COSTS_FILE.into()],
            outputs: ["costs", "scaling"].map(|kind| format!("data/{kind}.parquet").into()).into(),
            weight: SMALL_WEIGHT,
            ..Stage::new(tables, "table", Place::Folder)
        };
        self.add(stage, Job::Costs);
        let stage = Stage {
            about: "drawing of the scaling".to_owned(),
            inputs: vec![tables.to_owned()],
            outputs: vec!["figures/scaling.svg".into()],
            weight: SMALL_WEIGHT,
            ..Stage::new(drawing, "figure", Place::Folder)
        };
        self.add(stage, Job::Scaling);
    }

    fn report(&mut self) {
        let project = self.project;
        let mut inputs = self.tables();
        inputs.extend(["claims", ALTERNATIVES].map(str::to_owned));
        if project.costs.is_some() {
            inputs.extend(COSTS.map(str::to_owned));
        }
        inputs.extend(project.figures.iter().map(|figure| figure_stage("figure", figure, "")));
        let mut files: Vec<PathBuf> = LEDGER.map(PathBuf::from).into();
        files.extend(project.figures.iter().map(|figure| format!("figures/{}/text.md", figure.id).into()));
        let mut parameters: BTreeMap<String, String> = project.figures.iter().flat_map(figure_parameters).collect();
        parameters.extend(profile_parameters(&project.profile));
        let stage = Stage {
            about: "the report".to_owned(),
            parameters,
            inputs,
            files,
            outputs: ["report.md", "report.html", "summary.md"].map(|name| format!("report/{name}").into()).into(),
            weight: SMALL_WEIGHT,
            ..Stage::new("report", "report", Place::Folder)
        };
        self.add(stage, Job::Report);
    }
}
