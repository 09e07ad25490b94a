//! What stages make, as others name it: a handle knows its stage and its path, so that neither is spelled twice.

use std::path::PathBuf;

use crate::table::{OfFigure, TableName};

use super::drawing::View;

/// Something that a stage makes and others read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output<'a> {
    /// A table.
    Table(TableName<'a>),
    /// A drawing of the figure of this id.
    Drawing(&'a str, View),
    /// The drawing of time against size.
    Scaling,
    /// The report as Markdown.
    Markdown,
    /// The report as a page.
    Page,
    /// The report's summary.
    Summary,
}

impl<'a> Output<'a> {
    /// What a figure is made for.
    #[must_use]
    pub const fn of(figure: &'a str) -> Self {
        Self::Drawing(figure, View::Overlay)
    }

    /// Id of the stage that makes it.
    #[must_use]
    pub fn stage(self) -> String {
        match self {
            Self::Table(TableName::Of(figure, table)) => {
                let arm = match table {
                    OfFigure::Theory => "theory",
                    OfFigure::Experiment => "experiment",
                    OfFigure::FiniteSize | OfFigure::Sized => "finite_size",
                    OfFigure::Map => "map",
                    OfFigure::Agreement
                    | OfFigure::Published
                    | OfFigure::Summary
                    | OfFigure::PrintedPoints
                    | OfFigure::Measured => "comparison",
                };
                format!("table/{figure}.{arm}")
            }
            Self::Table(TableName::Alternatives) => "table/alternatives".to_owned(),
            Self::Table(TableName::Claims | TableName::Verdicts) => "claims".to_owned(),
            Self::Table(TableName::Costs | TableName::Scaling) => "costs".to_owned(),
            Self::Drawing(figure, _) => format!("figure/{figure}"),
            Self::Scaling => "figure/scaling".to_owned(),
            Self::Markdown | Self::Page | Self::Summary => "report".to_owned(),
        }
    }

    /// Where it is in the output folder.
    #[must_use]
    pub fn path(self) -> PathBuf {
        match self {
            Self::Table(table) => format!("data/{}", table.file()),
            Self::Drawing(figure, view) => format!("figures/{figure}{}.svg", view.suffix(".")),
            Self::Scaling => "figures/scaling.svg".to_owned(),
            Self::Markdown => "report/report.md".to_owned(),
            Self::Page => "report/report.html".to_owned(),
            Self::Summary => "report/summary.md".to_owned(),
        }
        .into()
    }
}

impl<'a> From<TableName<'a>> for Output<'a> {
    fn from(table: TableName<'a>) -> Self {
        Self::Table(table)
    }
}
