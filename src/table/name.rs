//! Which tables a run makes, and what their files are called.

use super::schema::{self, Schema};

/// A table of one figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfFigure {
    /// Every solved point.
    Theory,
    /// Every trial.
    Experiment,
    /// Simulation against theory.
    Agreement,
    /// The same at other sizes.
    FiniteSize,
    /// The trials at other sizes, for a figure that asks for some.
    Sized,
    /// Printed curves against theory.
    Published,
    /// Printed simulations against theory.
    PrintedPoints,
    /// What was measured, against theory.
    Measured,
    /// The figure's numbers, in one row.
    Summary,
    /// Its checks at every node of its map.
    Map,
}

/// A table of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableName<'a> {
    /// One of the figure of this id.
    Of(&'a str, OfFigure),
    /// How the explanations of the errata fare against print.
    Alternatives,
    /// Every check, in every voice.
    Claims,
    /// What the checks add up to.
    Verdicts,
    /// What runs cost.
    Costs,
    /// Time against size.
    Scaling,
}

impl TableName<'_> {
    /// The schema it has.
    #[must_use]
    pub const fn schema(self) -> &'static Schema {
        match self {
            Self::Of(_, OfFigure::Theory) => &schema::THEORY,
            Self::Of(_, OfFigure::Experiment | OfFigure::Sized) => &schema::EXPERIMENT,
            Self::Of(_, OfFigure::Agreement | OfFigure::FiniteSize) => &schema::AGREEMENT,
            Self::Of(_, OfFigure::Published) => &schema::PUBLISHED,
            Self::Of(_, OfFigure::PrintedPoints) => &schema::PRINTED_POINTS,
            Self::Of(_, OfFigure::Measured) => &schema::MEASURED,
            Self::Of(_, OfFigure::Summary) => &schema::SUMMARY,
            Self::Of(_, OfFigure::Map) => &schema::MAP,
            Self::Alternatives => &schema::ALTERNATIVES,
            Self::Claims => &schema::CLAIMS,
            Self::Verdicts => &schema::VERDICTS,
            Self::Costs => &schema::COSTS,
            Self::Scaling => &schema::SCALING,
        }
    }

    /// The name of its file.
    #[must_use]
    pub fn file(self) -> String {
        let kind = match self {
            Self::Of(_, OfFigure::FiniteSize) => "finite_size",
            Self::Of(_, OfFigure::Sized) => "finite_size_experiment",
            Self::Of(..) | Self::Alternatives | Self::Claims | Self::Verdicts | Self::Costs | Self::Scaling => {
                self.schema().name
            }
        };
        match self {
            Self::Of(figure, _) => format!("{figure}.{kind}.parquet"),
            Self::Alternatives | Self::Claims | Self::Verdicts | Self::Costs | Self::Scaling => {
                format!("{kind}.parquet")
            }
        }
    }
}
