//! The arguments that name one point of the model, or a file with a lineage, as clap reads them.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::experiment::{Protocol, Sampling};
use crate::model::domain::{self, Domain};
use crate::model::{LearnerName, lineage::Descriptor};
use crate::table::csv;
use crate::workflow::MOST_ELEMENTS;

use super::Failure;

/// The learners by their names.
fn learners() -> impl TypedValueParser<Value = LearnerName> {
    let named = |learner: LearnerName| PossibleValue::new(learner.name()).help(learner.meaning());
    let of = |name: String| LearnerName::ALL.into_iter().find(|learner| learner.name() == name);
    PossibleValuesParser::new(LearnerName::ALL.map(named)).try_map(move |name| of(name).ok_or("no learner"))
}

/// What may be left to chance in a data set, by its names.
pub(super) fn samplings() -> impl TypedValueParser<Value = Sampling> {
    let all = [
        (Sampling::Stratified, "Class counts and v are their means"),
        (Sampling::Iid, "Labels are drawn one by one, and v is Gaussian"),
    ];
    let named = all.map(|(sampling, meaning)| PossibleValue::new(sampling.name()).help(meaning));
    let of = move |name: String| all.into_iter().find(|(sampling, _)| sampling.name() == name);
    PossibleValuesParser::new(named).try_map(move |name| of(name).map(|(sampling, _)| sampling).ok_or("no sampling"))
}

/// The parameters of a learner that mean something to it, by the names of their flags; a teacher's own ridge is λ too.
pub(super) fn flags(learner: LearnerName) -> Vec<String> {
    // the command line has one reading of Eq. 112, and no flag for it
    let mut own: Vec<&str> = learner.parameters().iter().copied().filter(|name| *name != "variance").collect();
    if learner.is_teacher() {
        own.insert(1, "lambda");
    }
    own.into_iter().map(|name| name.replace('_', "-")).collect()
}

/// What `--help` says of the flag of a parameter: its symbol, its meaning, its domain, and what it is where it is absent.
pub(super) fn flag_help(domain: &Domain) -> String {
    let Descriptor { symbol, doc, .. } = Descriptor::named(domain.parameter);
    let usual = domain.usual.map_or(String::new(), |usual| format!(" [default: {}]", csv::real(usual)));
    format!("{symbol}, {doc}: {}{usual}", domain.valid)
}

/// One point of the model.
#[derive(Debug, Clone, Args)]
pub(super) struct PointOptions {
    /// Who learns.
    #[arg(long, value_parser = learners(), required_unless_present = "lineage")]
    pub learner: LearnerName,
    #[arg(long, help = flag_help(&domain::ALPHA), allow_negative_numbers = true, required_unless_present = "lineage")]
    pub alpha: f64,
    #[arg(long, help = flag_help(&domain::ETA), default_value_t = domain::ETA.usual(), hide_default_value = true, allow_negative_numbers = true)]
    pub eta: f64,
    #[arg(long, help = flag_help(&domain::DELTA), default_value_t = domain::DELTA.usual(), hide_default_value = true, allow_negative_numbers = true)]
    pub delta: f64,
    #[arg(long, help = flag_help(&domain::RHO), default_value_t = domain::RHO.usual(), hide_default_value = true, allow_negative_numbers = true)]
    pub rho: f64,
    #[arg(long, help = flag_help(&domain::TEACHER_LAMBDA), allow_negative_numbers = true)]
    pub teacher_lambda: Option<f64>,
    #[arg(long, help = flag_help(&domain::EPSILON), allow_negative_numbers = true)]
    pub epsilon: Option<f64>,
    #[arg(long, help = flag_help(&domain::LAMBDA), allow_negative_numbers = true)]
    pub lambda: Option<f64>,
    #[arg(long, help = flag_help(&domain::CHI), allow_negative_numbers = true)]
    pub chi: Option<f64>,
    #[arg(long, help = flag_help(&domain::TEMPERATURE), allow_negative_numbers = true)]
    pub temperature: Option<f64>,
}

/// What is solved: one of the paper's learners, or a lineage.
#[derive(Debug, Clone, Args)]
pub(super) struct SolveOptions {
    /// A lineage in TOML, in place of --learner and the parameters that go with it.
    #[arg(long, value_name = "FILE", conflicts_with = "PointOptions")]
    pub lineage: Option<PathBuf>,
    #[command(flatten)]
    pub point: Option<PointOptions>,
    /// One JSON object instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// The same at finite size.
#[derive(Debug, Clone, Args)]
pub(super) struct SimulateOptions {
    #[command(flatten)]
    pub solve: SolveOptions,
    /// N, features, 20000 at most [default: 300, or those of the table or samples that are given].
    #[arg(long)]
    pub n: Option<usize>,
    /// Independent data sets, 100000 at most.
    #[arg(long, default_value_t = 10)]
    pub replicates: u32,
    /// Root seed.
    #[arg(long, default_value_t = crate::workflow::SEED)]
    pub seed: u64,
    /// What is left to chance in a data set.
    #[arg(long, value_parser = samplings(), default_value = Sampling::Stratified.name())]
    pub sampling: Sampling,
    /// Samples to take data sets from in place of drawing them, in Parquet: a label y (−1 or 1) and features x1 to xN.
    #[arg(long, value_name = "FILE", requires = "lineage", conflicts_with = "PointOptions")]
    pub samples: Option<PathBuf>,
}

/// Features where nothing is said of them.
const FEATURES: usize = 300;
/// Features and data sets of a simulation at most.
const MOST_FEATURES: usize = 20_000;
const MOST_REPLICATES: usize = 100_000;

impl SimulateOptions {
    /// N, where `given` tells how many features the data have already, if they have.
    pub fn features(&self, given: Option<usize>) -> usize {
        self.n.or(given).unwrap_or(FEATURES)
    }

    /// Refuses sizes beyond any machine; α is that of all data sets together.
    pub fn check_sizes(&self, n: usize, alpha: f64) -> Result<(), Failure> {
        let replicates = usize::try_from(self.replicates).unwrap_or(usize::MAX);
        for (flag, value, most) in [("n", n, MOST_FEATURES), ("replicates", replicates, MOST_REPLICATES)] {
            if !(1..=most).contains(&value) {
                return Err(Failure::input(format!(
                    "--{flag}: {value} is out of range; valid: an integer ≥ 1 and ≤ {most}"
                )));
            }
        }
        let elements = alpha * (n as f64).powi(2);
        if elements > MOST_ELEMENTS {
            return Err(Failure::input(format!(
                "--n: {n} features at α = {alpha} are {elements:.1e} numbers of data; valid: α N² ≤ {MOST_ELEMENTS:e}"
            )));
        }
        Ok(())
    }

    /// How a data set of N features comes about.
    pub fn protocol(&self, n: usize) -> Protocol {
        Protocol { n, sampling: self.sampling, seed: self.seed }
    }
}
