//! What is made of all figures together: the errata's explanations, the claims, the costs and the report.

use std::path::PathBuf;

use crate::pipeline::{Parameters, Stage, WorkError};
use crate::spec::Figure;
use crate::table::{OfFigure, TableName};
use crate::verdict::{CLAIMS_FILE, ERRATA_FILE};

use super::alternatives::trials;
use super::costs::{COSTS_FILE, Costs};
use super::layout::{Layout, making, stages_of};
use super::of_figure::{READINGS, encode, readings, tables_of};
use super::parameters::{figure_parameters, profile_parameters, without_colours, without_numbers_told, without_words};
use super::project::text_file;
use super::{Head, Output, reporting, scaling};

/// What claims are judged by of a figure.
fn as_judged(figure: &Figure) -> Figure {
    without_colours(without_numbers_told(figure))
}

impl Layout<'_> {
    /// The stages behind the tables that every figure has.
    fn tables(&self) -> Vec<String> {
        let arms = [OfFigure::Theory, OfFigure::Experiment, OfFigure::Agreement, OfFigure::FiniteSize];
        self.project.figures.iter().flat_map(|figure| stages_of(&tables_of(figure, &arms))).collect()
    }

    /// The explanations of the errata, and the table that holds them against print.
    pub fn alternatives(&mut self) {
        let project = self.project;
        let mut inputs = self.tables();
        let mut parameters = Parameters::default();
        for (index, figure) in project.figures.iter().enumerate() {
            parameters.extend(figure_parameters(&without_colours(without_words(figure))));
            parameters.insert(&figure.id, READINGS, readings(project, index));
        }
        // a project is read only when every explanation can be tried
        for trial in trials(project).unwrap_or_default() {
            let stage = trial.course(project).stage(trial.stage.clone());
            inputs.extend(stage.map(|(stage, job)| self.add(stage, job)));
        }
        let stage = Stage {
            about: "explanations of the errata".to_owned(),
            parameters,
            inputs,
            files: vec![ERRATA_FILE.into()],
            ..making("table", &[TableName::Alternatives.into()])
        };
        self.make(stage, |project, inputs| Ok(vec![encode(&reporting::alternatives(project, inputs)?)?]));
    }

    /// The checks of all figures and the verdicts they add up to.
    pub fn claims(&mut self) {
        let mut parameters = Parameters::default();
        self.project.figures.iter().for_each(|figure| parameters.extend(figure_parameters(&as_judged(figure))));
        let mut inputs = self.tables();
        inputs.extend(stages_of(&[TableName::Alternatives.into()]));
        let stage = Stage {
            about: "checks of the claims".to_owned(),
            parameters,
            inputs,
            files: vec![CLAIMS_FILE.into(), ERRATA_FILE.into()],
            ..making("table", &[TableName::Claims.into(), TableName::Verdicts.into()])
        };
        self.make(stage, |project, inputs| {
            let judged: Vec<_> = project.figures.iter().map(as_judged).collect();
            reporting::claims(&judged, &project.ledger, inputs)?.iter().map(encode).collect()
        });
    }

    /// What runs cost, where that was measured.
    pub fn costs(&mut self) {
        let Some(_) = &self.project.costs else { return };
        let tables = [TableName::Costs, TableName::Scaling].map(Output::from);
        let stage =
            Stage { about: "what runs cost".to_owned(), files: vec![COSTS_FILE.into()], ..making("table", &tables) };
        self.make(stage, |_, inputs| {
            let costs = Costs::parse(&inputs.file(COSTS_FILE)?).map_err(WorkError::failed)?;
            let tables = [costs.runs_table(), costs.scaling_table()];
            tables.into_iter().map(|table| encode(&table.map_err(WorkError::failed)?)).collect()
        });
        let stage = Stage {
            about: "drawing of the scaling".to_owned(),
            inputs: stages_of(&tables),
            ..making("figure", &[Output::Scaling])
        };
        self.make(stage, |_, inputs| {
            let table = inputs.table(TableName::Scaling)?;
            Ok(vec![scaling::draw(&table).map_err(WorkError::failed)?.into_bytes()])
        });
    }

    /// The report.
    pub fn report(&mut self) {
        let project = self.project;
        let mut inputs = self.tables();
        inputs.extend(stages_of(&[TableName::Claims, TableName::Alternatives].map(Output::from)));
        if project.costs.is_some() {
            inputs.extend(stages_of(&[TableName::Costs.into(), Output::Scaling]));
        }
        inputs.extend(project.figures.iter().map(|figure| Output::of(&figure.id).stage()));
        let mut files: Vec<PathBuf> = vec![CLAIMS_FILE.into(), ERRATA_FILE.into()];
        files.extend(project.figures.iter().map(|figure| text_file(figure).into()));
        let mut parameters = profile_parameters(&project.profile);
        project.figures.iter().for_each(|figure| parameters.extend(figure_parameters(figure)));
        let Head { title, lede } = &project.head;
        for (name, value) in [("title", title.as_str()), ("lede", lede), ("command", project.command)] {
            parameters.insert("the report", name, value);
        }
        let stage = Stage {
            about: "the report".to_owned(),
            parameters,
            inputs,
            files,
            ..making("report", &[Output::Markdown, Output::Page, Output::Summary])
        };
        self.make(stage, reporting::report);
    }
}
