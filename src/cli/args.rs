//! The arguments, as clap reads them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::workflow::Profile;

/// Regenerates every figure of the paper, theory and experiment side by side, and says what holds.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub common: Common,
    /// What to do; `run` when absent.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options of every command that works on a project.
#[derive(Debug, Clone, Args)]
pub(super) struct Common {
    /// Folder that holds `figures` and `data`; found upwards from here when absent.
    #[arg(long, global = true, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Output folder; `out` in the root when absent.
    #[arg(long, global = true, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Size of the experiments.
    #[arg(long, global = true, value_name = "NAME", default_value = "quick", value_parser = Profile::NAMES)]
    pub profile: String,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make figures, tables and the report; all of them when no figure is named.
    Run(RunOptions),
    /// Solve the theory at one point.
    Solve(PointOptions),
    /// Train at finite size at one point.
    Simulate(SimulateOptions),
    /// Print the table behind a figure.
    Table(TableOptions),
}

impl Default for Command {
    fn default() -> Self {
        Self::Run(RunOptions::default())
    }
}

/// Options of `run`.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct RunOptions {
    /// Figures or stages to make (`fig05`, `table/fig05.theory`); everything when absent.
    pub targets: Vec<String>,
    /// Show what would run, and write nothing.
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Number of threads.
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Go on with what does not depend on a failed stage.
    #[arg(short, long)]
    pub keep_going: bool,
    /// Run the targets even if they are fresh (all stages when no target is named).
    #[arg(long)]
    pub force: bool,
    /// Print what was done as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Who learns, on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LearnerChoice {
    /// Logistic regression on all features.
    Teacher,
    /// Logistic regression on the student's features.
    Direct,
    /// Student of a logistic teacher.
    Distilled,
    /// Student of the Bayes-optimal proxy teacher.
    KdBayes,
    /// Student of the Hebbian teacher on the same data.
    KdHebbian,
}

/// One point of the model.
#[derive(Debug, Clone, Args)]
pub(super) struct PointOptions {
    /// Who learns.
    #[arg(long, value_enum)]
    pub learner: LearnerChoice,
    /// α = M/N, samples per feature.
    #[arg(long, allow_negative_numbers = true)]
    pub alpha: f64,
    /// η, fraction of the features that the student sees.
    #[arg(long, default_value_t = 0.5, allow_negative_numbers = true)]
    pub eta: f64,
    /// Δ, variance of each cloud.
    #[arg(long, default_value_t = 1.0, allow_negative_numbers = true)]
    pub delta: f64,
    /// ρ, probability of y = 1.
    #[arg(long, default_value_t = 0.2, allow_negative_numbers = true)]
    pub rho: f64,
    /// λ̃, the teacher's ridge [default: 1e-5].
    #[arg(long, allow_negative_numbers = true)]
    pub teacher_lambda: Option<f64>,
    /// ε, label smoothing.
    #[arg(long, default_value_t = 0.0, allow_negative_numbers = true)]
    pub epsilon: f64,
    /// λ, the student's ridge, or a teacher's when --teacher-lambda is absent [default: 1e-5].
    #[arg(long, allow_negative_numbers = true)]
    pub lambda: Option<f64>,
    /// χ, weight of the soft labels.
    #[arg(long, default_value_t = 1.0, allow_negative_numbers = true)]
    pub chi: f64,
    /// T, temperature of the soft labels.
    #[arg(long, default_value_t = 1.0, allow_negative_numbers = true)]
    pub temperature: f64,
    /// One flat JSON object instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// One point of the model at finite size.
#[derive(Debug, Clone, Args)]
pub(super) struct SimulateOptions {
    #[command(flatten)]
    pub point: PointOptions,
    /// N, features.
    #[arg(long, default_value_t = 300)]
    pub n: usize,
    /// Independent data sets.
    #[arg(long, default_value_t = 10)]
    pub replicates: u32,
    /// Root seed.
    #[arg(long, default_value_t = crate::workflow::SEED)]
    pub seed: u64,
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
    /// One row a vertex of a published curve.
    Published,
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
}
