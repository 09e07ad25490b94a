//! What is made of the chunks of one figure: its tables and its drawings.

use crate::pipeline::{Digest, Stage, WorkError};
use crate::spec::{Curve, Figure};
use crate::table::{OfFigure, Table, TableName, parquet};
use crate::verdict::Evidence;

use super::Output;
use super::drawing::{self, View};
use super::layout::{Layout, making, stages_of};
use super::map;
use super::parameters::{
    figure_parameters, part_of_curve, profile_parameters, text, without_colours, without_numbers_told, without_words,
};
use super::project::Project;
use super::tables;
use super::theory::{Course, extrema, theory_id};
use super::trials::{Chunks, sized_points, trial_stages};

/// A table as bytes.
pub(super) fn encode(table: &Table) -> Result<Vec<u8>, WorkError> {
    parquet::to_bytes(table).map_err(WorkError::failed)
}

/// Handles to tables of a figure.
pub(super) fn tables_of<'a>(figure: &'a Figure, tables: &[OfFigure]) -> Vec<Output<'a>> {
    tables.iter().map(|&table| TableName::Of(&figure.id, table).into()).collect()
}

/// What the parameter is called that holds the digest of [`readings`].
pub(super) const READINGS: &str = "what was read off print";

/// Digest of what was read off print of a figure.
pub(super) fn readings(project: &Project, index: usize) -> String {
    let (vertices, points) = (project.vertices(index), project.printed_points(index));
    Digest::of(format!("{vertices:?} {points:?}").as_bytes()).to_string()
}

impl Layout<'_> {
    /// Lays out all stages of a figure. Tables and drawings are made from what their keys hold of it, and of nothing else.
    pub fn figure(&mut self, index: usize) {
        self.theory(index);
        self.experiment(index);
        self.finite_size(index);
        self.map(index);
        self.comparison(index);
        self.drawing(index);
    }

    fn theory(&mut self, index: usize) {
        let project = self.project;
        let figure = &project.figures[index];
        let mut inputs = Vec::new();
        let mut parameters = figure_parameters(&without_colours(without_words(figure)));
        for curve in &figure.curves {
            let stage = Course::of(project, index, curve).stage(theory_id(figure, curve));
            inputs.extend(stage.map(|(stage, job)| self.add(stage, job)));
            let optima = text(&serde_json::json!(extrema(figure, curve)));
            parameters.insert(&part_of_curve(figure, curve), "extrema that are asked for", optima);
        }
        let about = format!("theory table of {}", figure.name());
        let stage = Stage { about, parameters, inputs, ..making("table", &tables_of(figure, &[OfFigure::Theory])) };
        self.make(stage, move |project, inputs| {
            let figure = &project.figures[index];
            let table = |curve: &Curve| {
                let id = theory_id(figure, curve);
                Course::of(project, index, curve).read(inputs, &id, &extrema(figure, curve))
            };
            let curves = figure.curves.iter().map(table).collect::<Result<Vec<_>, _>>()?;
            Ok(vec![encode(&tables::theory(figure, &curves).map_err(WorkError::failed)?)?])
        });
    }

    fn experiment(&mut self, index: usize) {
        let project = self.project;
        let figure = &project.figures[index];
        let mut inputs = Vec::new();
        let mut parameters = figure_parameters(&without_colours(without_words(figure)));
        parameters.extend(profile_parameters(&project.profile));
        for curve in &figure.curves {
            for x in figure.experiment_x(curve) {
                let chunks = trial_stages(&project.profile, figure, curve, x);
                let chunks: Vec<String> = chunks.into_iter().map(|(stage, job)| self.add(stage, job)).collect();
                parameters.echo(format!("chunks of {} at {x}", curve.id), chunks.join(" "));
                inputs.extend(chunks);
            }
        }
        inputs.sort();
        inputs.dedup();
        let about = format!("experiment table of {}", figure.name());
        let stage = Stage { about, parameters, inputs, ..making("table", &tables_of(figure, &[OfFigure::Experiment])) };
        self.make(stage, move |project, inputs| {
            let figure = without_colours(without_words(&project.figures[index]));
            Ok(vec![encode(&tables::experiment(&project.profile, &figure, Chunks(inputs))?)?])
        });
    }

    /// Trials of a figure's `finite_size` points at the profile's other sizes.
    fn finite_size(&mut self, index: usize) {
        let project = self.project;
        let figure = &project.figures[index];
        let mut inputs = stages_of(&tables_of(figure, &[OfFigure::Theory]));
        let mut parameters = figure_parameters(&without_colours(without_words(figure)));
        parameters.extend(profile_parameters(&project.profile));
        for (profile, curve, x) in sized_points(&project.profile, figure) {
            let chunks = trial_stages(&profile, figure, curve, x);
            let chunks: Vec<String> = chunks.into_iter().map(|(stage, job)| self.add(stage, job)).collect();
            parameters.echo(format!("chunks of {} at {x}, N = {}", curve.id, profile.n), chunks.join(" "));
            inputs.extend(chunks);
        }
        inputs.sort();
        inputs.dedup();
        let about = format!("finite size of {}", figure.name());
        let stage = Stage { about, parameters, inputs, ..making("table", &tables_of(figure, tables::sized(figure))) };
        self.make(stage, move |project, inputs| {
            let figure = without_colours(without_words(&project.figures[index]));
            let theory = inputs.table(TableName::Of(&figure.id, OfFigure::Theory))?;
            tables::finite_size(&project.profile, &figure, &theory, Chunks(inputs))?.iter().map(encode).collect()
        });
    }

    /// The checks of a figure at every node of its map, if it has one.
    fn map(&mut self, index: usize) {
        let figure = &self.project.figures[index];
        if figure.map.is_empty() {
            return;
        }
        let mut parameters = figure_parameters(&without_numbers_told(figure));
        parameters.insert("", "n", self.project.profile.n.to_string());
        let about = format!("map of {}", figure.name());
        let stage = making("table", &tables_of(figure, &[OfFigure::Map]));
        self.make(Stage { about, parameters, weight: map::weight(figure), ..stage }, move |project, inputs| {
            let figure = without_numbers_told(&project.figures[index]);
            let judged = map::judge(&figure, project.profile.n, || inputs.stop()).map_err(WorkError::Failed)?;
            Ok(vec![encode(&judged.ok_or(WorkError::Interrupted)?)?])
        });
    }

    fn comparison(&mut self, index: usize) {
        let figure = &self.project.figures[index];
        let mut parameters = figure_parameters(&without_colours(without_words(figure)));
        parameters.insert(&figure.id, READINGS, readings(self.project, index));
        let stage = Stage {
            about: format!("agreement of {}", figure.name()),
            parameters,
            inputs: stages_of(&tables_of(figure, &[OfFigure::Theory, OfFigure::Experiment])),
            ..making("table", &tables_of(figure, &tables::compared(figure)))
        };
        self.make(stage, move |project, inputs| {
            let figure = without_colours(without_words(&project.figures[index]));
            let table = |table| inputs.table(TableName::Of(&figure.id, table));
            let (theory, experiment) = (table(OfFigure::Theory)?, table(OfFigure::Experiment)?);
            let (vertices, printed) = (project.vertices(index), project.printed_points(index));
            let tables = tables::comparison(&figure, vertices, printed, theory, experiment);
            tables.map_err(WorkError::failed)?.iter().map(encode).collect()
        });
    }

    fn drawing(&mut self, index: usize) {
        let figure = &self.project.figures[index];
        let mut inputs = stages_of(&tables_of(
            figure,
            &[OfFigure::Theory, OfFigure::Experiment, OfFigure::Agreement, OfFigure::FiniteSize],
        ));
        // the panels of a map are checks
        let mut parameters = figure_parameters(&without_words(figure));
        if !figure.map.is_empty() {
            inputs.extend(stages_of(&tables_of(figure, &[OfFigure::Map])));
            parameters = figure_parameters(&without_numbers_told(figure));
        }
        let views = drawing::views(figure).into_iter().map(|view| Output::Drawing(&figure.id, view));
        let stage = Stage {
            about: format!("drawings of {}", figure.name()),
            parameters,
            inputs,
            ..making("figure", &views.collect::<Vec<_>>())
        };
        self.make(stage, move |project, inputs| {
            let figure = without_words(&project.figures[index]);
            let mapped = without_numbers_told(&project.figures[index]);
            let table = |table| inputs.table_of(&figure, table);
            let judged = (!figure.map.is_empty()).then(|| table(OfFigure::Map)).transpose()?;
            let evidence = Evidence {
                theory: table(OfFigure::Theory)?,
                agreement: table(OfFigure::Agreement)?,
                finite_size: table(OfFigure::FiniteSize)?,
                published: table(OfFigure::Published)?,
                printed_points: table(OfFigure::PrintedPoints)?,
                measured: table(OfFigure::Measured)?,
                ..Evidence::none(&figure)
            };
            let draw = |view| match (&judged, view) {
                // what a map is looked at for
                (Some(judged), View::Overlay) => map::draw(&mapped, judged),
                (Some(_) | None, _) => drawing::draw(&evidence, view),
            };
            let drawn = drawing::views(&figure).into_iter().map(draw);
            drawn.map(|svg| svg.map(String::into_bytes).map_err(WorkError::failed)).collect()
        });
    }
}
