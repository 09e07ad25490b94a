//! The arguments of `figure` and `table`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::run_args::SizeOptions;

/// One way to look at a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Shown {
    /// Theory, simulation and print together.
    Overlay,
    /// Theory alone.
    Theory,
    /// Simulation alone.
    Experiment,
    /// Simulation minus theory in standard errors.
    Residuals,
}

/// How a figure is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Paint {
    /// Scalable vector graphics, as in the report.
    Svg,
    /// Portable document format: vectors, embedded type.
    Pdf,
    /// Pixels.
    Png,
}

/// The paper of a PDF or PNG; an SVG follows its reader.
#[cfg(feature = "pictures")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ThemeName {
    /// White.
    Light,
    /// Dark.
    Dark,
}

/// Options of `figure`.
#[derive(Debug, Clone, Args)]
pub(super) struct FigureOptions {
    /// Figure id.
    pub figure: String,
    /// How it is written; by the end of the name of --to when absent, as SVG where it has none.
    #[arg(long, value_enum)]
    pub format: Option<Paint>,
    /// What is shown.
    #[arg(long, value_enum, default_value_t = Shown::Overlay)]
    pub view: Shown,
    /// The paper of a PDF or PNG [default: light]; an SVG follows its reader.
    #[cfg(feature = "pictures")]
    #[arg(long, value_enum)]
    pub theme: Option<ThemeName>,
    /// Pixels of a PNG to a displayed pixel [default: 2].
    #[cfg(feature = "pictures")]
    #[arg(long, value_name = "FACTOR")]
    pub scale: Option<f64>,
    /// File to write to; stdout when absent.
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    #[command(flatten)]
    pub sizes: SizeOptions,
}

/// Which table of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Arm {
    /// One row a point of the theory.
    Theory,
    /// One row a trial.
    Experiment,
    /// One row an experiment point: mean, standard error, theory, z.
    Agreement,
    /// One row a vertex of a printed curve.
    Published,
    /// One row a printed simulation point.
    PrintedPoints,
    /// One row an experiment point and another N: mean, standard error, theory, z.
    FiniteSize,
    /// One row a measured value, in a figure that has some.
    Measured,
    /// One row a check and node, in a figure that is a map.
    Map,
}

/// How a table is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Comma-separated values.
    Csv,
    /// One JSON object a line.
    Json,
}

/// Options of `table`.
#[derive(Debug, Clone, Args)]
pub(super) struct TableOptions {
    /// Figure id.
    pub figure: String,
    /// Which table.
    #[arg(long, value_enum, default_value_t = Arm::Theory)]
    pub arm: Arm,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    pub format: Format,
    #[command(flatten)]
    pub sizes: SizeOptions,
}
