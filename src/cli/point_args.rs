//! The arguments that name one point of the model, as clap reads them.

use clap::{Args, ValueEnum};

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
