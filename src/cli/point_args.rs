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

impl LearnerChoice {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Teacher => "teacher",
            Self::Direct => "direct",
            Self::Distilled => "distilled",
            Self::KdBayes => "kd-bayes",
            Self::KdHebbian => "kd-hebbian",
        }
    }

    /// The parameters of the learner that mean something to it, by the names of their flags.
    pub fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Teacher => &["teacher-lambda", "lambda", "epsilon"],
            Self::Direct => &["lambda", "epsilon"],
            Self::Distilled => &["teacher-lambda", "epsilon", "lambda", "chi", "temperature"],
            Self::KdBayes | Self::KdHebbian => &["lambda", "chi", "temperature"],
        }
    }
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
    /// λ̃, ridge of a logistic teacher [default: 1e-5].
    #[arg(long, allow_negative_numbers = true)]
    pub teacher_lambda: Option<f64>,
    /// ε, smoothing of the labels that a teacher or a direct student learns from; with `distilled` of the teacher's
    /// labels only, the student's own stay hard [default: 0].
    #[arg(long, allow_negative_numbers = true)]
    pub epsilon: Option<f64>,
    /// λ, the student's ridge, or a teacher's when --teacher-lambda is absent [default: 1e-5].
    #[arg(long, allow_negative_numbers = true)]
    pub lambda: Option<f64>,
    /// χ, weight of the soft labels, for a student of a teacher [default: 1].
    #[arg(long, allow_negative_numbers = true)]
    pub chi: Option<f64>,
    /// T, temperature of the soft labels, for a student of a teacher [default: 1].
    #[arg(long, allow_negative_numbers = true)]
    pub temperature: Option<f64>,
    /// One flat JSON object instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// One point of the model at finite size.
#[derive(Debug, Clone, Args)]
pub(super) struct SimulateOptions {
    #[command(flatten)]
    pub point: PointOptions,
    /// N, features, 20000 at most.
    #[arg(long, default_value_t = 300)]
    pub n: usize,
    /// Independent data sets, 100000 at most.
    #[arg(long, default_value_t = 10)]
    pub replicates: u32,
    /// Root seed.
    #[arg(long, default_value_t = crate::workflow::SEED)]
    pub seed: u64,
}
