//! The layout: which stages a project has, what each reads, and which job it stands for.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::paper;
use crate::pipeline::{Digest, Place, Stage, source};
use crate::report::shown_columns;
use crate::spec::{Curve, Figure, Parameter};
use crate::verdict::ERRATA_FILE;

use super::Project;
use super::alternatives::trials;
use super::costs::COSTS_FILE;
use super::job::{ALTERNATIVES, COSTS, Job, figure_stage, theory_id};
use super::parameters::{setting_parameters, text};
use super::project::LEDGER;
use super::theory::optima;
use super::trials::{sized_points, trial_stages};

/// Code that the order parameters depend on.
const THEORY: &[&str] = &["numerics", "model", "theory", "table", "workflow/theory", "crate:libm", "crate:pulp"];
/// Code that the tables depend on.
const TABLES: &[&str] = &["table", "workflow/tables", "crate:polars"];
/// Code that the comparison depends on.
const COMPARISON: &[&str] = &["table", "paper", "report", "workflow/tables", "crate:polars"];
/// Code that the drawings depend on.
const DRAWING: &[&str] = &["model", "numerics", "plot", "table", "verdict", "workflow/drawing", "crate:plotters"];
/// Code that the report depends on.
const REPORT: &[&str] = &[
    "report",
    "verdict",
    "table",
    "workflow/reporting",
    "crate:base64",
    "crate:tera",
    "crate:math-core",
    "crate:pulldown-cmark",
];

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
    fn add(&mut self, stage: Stage, job: Job) -> String {
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
        let mut points = BTreeMap::new();
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
            about: format!("{arm} table of {}", figure.paper),
            outputs: vec![PathBuf::from(format!("data/{id}.{arm}.parquet"))],
            source: source::digest_of(TABLES),
            weight: SMALL_WEIGHT,
            ..Stage::new(figure_stage("table", figure, arm), "table", Place::Folder)
        };
        let order = figure.curves.iter().map(|curve| curve.id.as_str()).collect::<Vec<_>>().join(" ");
        let parameters = BTreeMap::from([("curves".to_owned(), order.clone())]);
        let theory = self.add(Stage { parameters, inputs: theory, ..table("theory") }, Job::TheoryTable(index));
        points.insert("curves".into(), order);
        let profile = &project.profile;
        for (key, value) in [("profile", profile.name.clone()), ("seed", profile.seed.to_string())] {
            points.insert(key.into(), value);
        }
        let experiment = Stage { parameters: points, inputs: trials, ..table("experiment") };
        let experiment = self.add(experiment, Job::ExperimentTable(index));
        self.finite_size(index, &theory);
        self.comparison(index, &theory, &experiment);
        self.drawing(index);
    }

    fn theory(&mut self, index: usize, place: usize) -> String {
        let figure = &self.project.figures[index];
        let curve = &figure.curves[place];
        let places = self.project.theory_x(index, curve);
        let mut stage = self.solved(theory_id(figure, curve), figure, curve, &places);
        stage.parameters.insert("optima".into(), text(&json!(optima(figure, curve))));
        self.add(stage, Job::Theory { figure: index, curve: place })
    }

    /// A stage that solves a curve at some places.
    fn solved(&self, id: String, figure: &Figure, curve: &Curve, places: &[f64]) -> Stage {
        let mut parameters = match places.first().map(|&x| figure.point(curve, x)) {
            Some(Ok(point)) => setting_parameters(&point.setting),
            _ => BTreeMap::new(),
        };
        let parameter = curve.x.unwrap_or(figure.sweep_of(curve).parameter);
        parameters.insert("x.parameter".into(), text(&json!(parameter)));
        parameters.insert("x".into(), text(&json!(places)));
        if curve.is_optimal() {
            parameters.insert("ridge".into(), "optimal".into());
        }
        let horizontal = parameter == Parameter::None;
        Stage {
            about: format!("{}: {}", figure.paper, curve.label),
            parameters,
            outputs: vec![PathBuf::from("theory.parquet")],
            source: source::digest_of(THEORY),
            weight: THEORY_WEIGHT * if horizontal { 1.0 } else { places.len() as f64 },
            ..Stage::new(id, "theory", Place::Cache)
        }
    }

    /// The explanations of the errata, and the table that holds them against print.
    fn alternatives(&mut self) {
        let project = self.project;
        let mut inputs = self.tables();
        // a project is read only when every explanation can be tried
        for (index, trial) in trials(project).unwrap_or_default().into_iter().enumerate() {
            let stage = self.solved(trial.stage.clone(), trial.figure, &trial.curve, &trial.places());
            inputs.push(self.add(stage, Job::Alternative(index)));
        }
        let stage = Stage {
            about: "explanations of the errata".to_owned(),
            inputs,
            files: vec![PathBuf::from(ERRATA_FILE), paper::CURVES.into(), paper::POINTS.into()],
            outputs: vec!["data/alternatives.parquet".into()],
            source: source::digest_of(COMPARISON),
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
        let mut parameters = BTreeMap::from([("columns".to_owned(), shown_columns(figure).join(" "))]);
        for (profile, curve, x) in sized_points(project, figure) {
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
            about: format!("finite size of {}", figure.paper),
            parameters,
            inputs,
            outputs: vec![format!("data/{}.finite_size.parquet", figure.id).into()],
            source: source::digest_of(COMPARISON),
            weight: SMALL_WEIGHT,
            ..Stage::new(figure_stage("table", figure, "finite_size"), "table", Place::Folder)
        };
        self.add(stage, Job::FiniteSize(index));
    }

    fn comparison(&mut self, index: usize, theory: &str, experiment: &str) {
        let figure = &self.project.figures[index];
        let vertices = self.project.vertices(index).iter();
        let points = self.project.printed_points(index);
        let readings = format!("{:?} {points:?}", vertices.collect::<Vec<_>>());
        let columns = shown_columns(figure);
        let axes: Vec<Value> = (figure.curves.iter())
            .map(|curve| (figure.sweep_of(curve).limits(), figure.sweep_of(curve).scale))
            .map(|(limits, scale)| json!([limits, scale]))
            .collect();
        let parameters = BTreeMap::from([
            ("title".to_owned(), figure.title.clone()),
            ("columns".to_owned(), columns.join(" ")),
            ("print".to_owned(), Digest::of(readings.as_bytes()).as_str().to_owned()),
            ("axes".to_owned(), text(&json!(axes))),
        ]);
        let stage = Stage {
            about: format!("agreement of {}", figure.paper),
            parameters,
            inputs: vec![theory.to_owned(), experiment.to_owned()],
            outputs: ["agreement", "published", "summary", "printed_points"]
                .map(|kind| format!("data/{}.{kind}.parquet", figure.id).into())
                .into(),
            source: source::digest_of(COMPARISON),
            weight: SMALL_WEIGHT,
            ..Stage::new(figure_stage("table", figure, "comparison"), "table", Place::Folder)
        };
        self.add(stage, Job::Comparison(index));
    }

    fn drawing(&mut self, index: usize) {
        let figure = &self.project.figures[index];
        let drawn: Vec<Value> = (figure.curves.iter())
            .map(|curve| json!([curve.id, curve.label, curve.panel, curve.style, curve.color]))
            .collect();
        let mut parameters = BTreeMap::from([
            ("title".to_owned(), figure.title.clone()),
            ("panels".to_owned(), text(&json!(figure.panels))),
            ("lines".to_owned(), text(&json!(figure.lines))),
            ("horizontals".to_owned(), text(&json!(figure.horizontals))),
            ("data".to_owned(), text(&json!(figure.data))),
            ("curves".to_owned(), text(&json!(drawn))),
        ]);
        let axis = json!([figure.x.limits(), figure.x.scale, figure.x.label, figure.x.parameter]);
        parameters.insert("axis".into(), text(&axis));
        let stage = Stage {
            about: format!("drawings of {}", figure.paper),
            parameters,
            inputs: ["theory", "experiment", "comparison"].map(|arm| figure_stage("table", figure, arm)).into(),
            outputs: super::drawing::VIEWS.map(|view| view.path(&figure.id)).into(),
            source: source::digest_of(DRAWING),
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
        // sentences call curves by their labels
        let labels = |figure: &Figure| figure.curves.iter().map(|curve| curve.label.clone()).collect::<Vec<_>>();
        let of = |figure: &Figure| (figure.id.clone(), text(&json!([figure.claims, labels(figure)])));
        let checks = self.project.figures.iter().map(of);
        let mut inputs = self.tables();
        inputs.push(ALTERNATIVES.to_owned());
        let stage = Stage {
            about: "checks of the claims".to_owned(),
            parameters: checks.collect(),
            inputs,
            files: LEDGER.map(PathBuf::from).into(),
            outputs: ["claims", "verdicts"].map(|kind| format!("data/{kind}.parquet").into()).into(),
            source: source::digest_of(COMPARISON),
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
            source: source::digest_of(&["table", "workflow/costs", "crate:libm", "crate:polars"]),
            weight: SMALL_WEIGHT,
            ..Stage::new(tables, "table", Place::Folder)
        };
        self.add(stage, Job::Costs);
        let stage = Stage {
            about: "drawing of the scaling".to_owned(),
            inputs: vec![tables.to_owned()],
            outputs: vec!["figures/scaling.svg".into()],
            source: source::digest_of(&["plot", "table", "workflow/scaling", "crate:plotters"]),
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
        let mut parameters: BTreeMap<String, String> =
            project.figures.iter().map(|figure| (figure.id.clone(), text(&json!(figure)))).collect();
        parameters.insert("profile".into(), project.profile.name.clone());
        let stage = Stage {
            about: "the report".to_owned(),
            parameters,
            inputs,
            files,
            outputs: ["report.md", "report.html", "summary.md"].map(|name| format!("report/{name}").into()).into(),
            source: source::digest_of(REPORT),
            weight: SMALL_WEIGHT,
            ..Stage::new("report", "report", Place::Folder)
        };
        self.add(stage, Job::Report);
    }
}
