//! The arguments of what a lineage can be asked: derivatives, sweeps, optima, thresholds.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::model::domain;
use crate::model::lineage::{Observable, Parameter};

use super::axis::{Axis, Bounds};
use super::point_args::{SolveOptions, flag_help};

/// Options of `solve`.
#[derive(Debug, Clone, Args)]
pub(super) struct DerivativeOptions {
    #[command(flatten)]
    pub solve: SolveOptions,
    /// Also the derivatives of these observables, with their errors: eg, m, q, b, v, train_loss, …, of the last stage or,
    /// as eg@1, of another.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub derivatives: Vec<Observable>,
    /// The parameters they are taken in: lambda, chi@2, alpha, … [default: all that there are].
    #[arg(long, value_name = "NAMES", value_delimiter = ',', requires = "derivatives")]
    pub with_respect_to: Vec<Parameter>,
}

/// How a sweep is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SweepFormat {
    /// Comma-separated values.
    Csv,
    /// One JSON object a line.
    Json,
    /// Parquet, whose metadata tell what every column is.
    Parquet,
}

/// Options of `sweep`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  redistill sweep --lineage student.toml --over alpha=0.1:10:0.1 --over rho=0.1,0.2,0.5 --format csv
  redistill sweep --lineage student.toml --over lambda=log:1e-4:10:50 --over chi@2=0:1:0.05 --format parquet --to map.parquet

One row a point, the first --over running fastest. Without a number a parameter is that of the last stage, and alpha that \
of every data set. A point that does not converge is a row that says so and why; the exit code then is 1.")]
pub(super) struct SweepOptions {
    /// A lineage in TOML.
    #[arg(long, value_name = "FILE")]
    pub lineage: PathBuf,
    /// A parameter and its values: first:last:step, a list with commas, or log:first:last:count (lin: likewise).
    #[arg(long, value_name = "PARAMETER=VALUES", required = true)]
    pub over: Vec<Axis>,
    /// The observables that become columns, as eg or m@1 [default: all of every stage].
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub columns: Vec<Observable>,
    /// How it is written; by the end of the name of --to when absent, else as csv.
    #[arg(long, value_enum)]
    pub format: Option<SweepFormat>,
    /// File to write to; stdout when absent.
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
}

/// Starts of a search at most.
const MOST_STARTS: usize = 1000;

fn starts(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=MOST_STARTS).contains(number));
    number.ok_or_else(|| format!("valid: an integer from 1 to {MOST_STARTS}"))
}

/// Options of `optimise`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Example:
  redistill optimise --lineage student.toml --over lambda,chi,temperature --bounds lambda=1e-6:10

The first start is what the lineage says, the others are spread over the bounds. The certificate: the slope, the \
curvature (of the scales searched in: logarithms, of the odds for a parameter between two ends), the gain that a Newton \
step would still bring, bounds and flat directions, and where every start led. Exit code 1: not certified, and why.")]
pub(super) struct OptimiseOptions {
    /// A lineage in TOML.
    #[arg(long, value_name = "FILE")]
    pub lineage: PathBuf,
    /// The parameters to search: lambda, chi@2, teacher_lambda, …
    #[arg(long, value_name = "NAMES", value_delimiter = ',', required = true)]
    pub over: Vec<Parameter>,
    /// Bounds of a parameter, as lambda=1e-6:10 [default: 1e-6 to 1e3, and less where the domain ends before].
    #[arg(long, value_name = "PARAMETER=LEAST:MOST", value_delimiter = ',')]
    pub bounds: Vec<Bounds>,
    /// The observable to make small.
    #[arg(long, value_name = "NAME", default_value = "eg")]
    pub minimise: Observable,
    /// Number of starts.
    #[arg(long, value_name = "N", default_value = "4", value_parser = starts)]
    pub starts: usize,
    /// One JSON object instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// Options of `threshold`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  redistill threshold --eta 0.5 --delta 1 --rho 0.2
  redistill threshold --lineage student.toml --stage 2")]
pub(super) struct ThresholdOptions {
    /// A lineage in TOML, in place of η, Δ and ρ.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["eta", "delta", "rho"])]
    pub lineage: Option<PathBuf>,
    /// The stage whose features are meant [default: the last].
    #[arg(long, value_name = "K", requires = "lineage")]
    pub stage: Option<usize>,
    #[arg(long, help = flag_help(&domain::ETA), default_value_t = domain::ETA.usual(), hide_default_value = true, allow_negative_numbers = true)]
    pub eta: f64,
    #[arg(long, help = flag_help(&domain::DELTA), default_value_t = domain::DELTA.usual(), hide_default_value = true, allow_negative_numbers = true)]
    pub delta: f64,
    #[arg(long, help = flag_help(&domain::RHO), default_value_t = domain::RHO.usual(), hide_default_value = true, allow_negative_numbers = true)]
    pub rho: f64,
    /// One JSON object instead of a table.
    #[arg(long)]
    pub json: bool,
}
