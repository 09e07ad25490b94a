//! The arguments of `run` and `new`, and the sizes that several commands understand.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand};

use crate::experiment::Sampling;
use crate::workflow::Sizes;

use super::examples;
use super::point_args::samplings;

/// Sizes of the experiments in place of the profile's.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(super) struct SizeOptions {
    /// N, features, in place of the profile's.
    #[arg(long, value_name = "FEATURES", allow_negative_numbers = true)]
    pub n: Option<usize>,
    /// Independent data sets a point, in place of the profile's.
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub replicates: Option<u32>,
    /// What is left to chance in a data set, in place of the profile's choice.
    #[arg(long, value_parser = samplings())]
    pub sampling: Option<Sampling>,
    /// Root seed, in place of the profile's.
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub seed: Option<u64>,
}

impl SizeOptions {
    /// What is asked for.
    pub fn sizes(&self) -> Sizes {
        let Self { n, replicates, sampling, seed } = *self;
        Sizes { n, replicates, sampling, seed }
    }
}

/// Threads at most.
pub(super) const MOST_THREADS: usize = 512;
/// Shards at most.
const MOST_SHARDS: usize = 1000;

/// A count from 1 to `most`.
fn count(text: &str, most: usize) -> Result<NonZeroUsize, String> {
    let number = text.parse().ok().and_then(NonZeroUsize::new).filter(|number| number.get() <= most);
    number.ok_or_else(|| format!("valid: an integer from 1 to {most}"))
}

pub(super) fn threads(text: &str) -> Result<NonZeroUsize, String> {
    count(text, MOST_THREADS)
}

pub(super) fn shards(text: &str) -> Result<NonZeroUsize, String> {
    count(text, MOST_SHARDS)
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
    #[arg(short, long, value_name = "N", value_parser = threads)]
    pub jobs: Option<NonZeroUsize>,
    /// Go on with what does not depend on a failed stage.
    #[arg(short, long)]
    pub keep_going: bool,
    /// Run the targets even if they are fresh (all stages when no target is named).
    #[arg(long)]
    pub force: bool,
    /// Make only the chunks that fall to shard I of N, for `merge`.
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,
    /// Open the report when it is made, with the program that the system has for pages.
    #[arg(long, conflicts_with_all = ["dry_run", "shard", "targets"])]
    pub open: bool,
    /// Print what was done, or with -n the plan, as JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub sizes: SizeOptions,
}

/// Options of `new`.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct NewOptions {
    /// Folder to make the project in: a new one, or an empty one.
    #[arg(required = true, value_name = "DIR")]
    pub folder: Option<PathBuf>,
    #[command(subcommand)]
    pub part: Option<NewPart>,
}

/// What is added to a project.
#[derive(Debug, Clone, Subcommand)]
pub(super) enum NewPart {
    /// Add figures/ID, a figure to begin with, to the project.
    #[command(after_help = examples::NEW_FIGURE)]
    Figure {
        /// Its id, which is the name of its folder.
        id: String,
    },
}

/// One of several equal parts of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shard {
    /// Which part, from 1.
    pub index: usize,
    /// How many there are.
    pub count: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers = text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match numbers {
            Some((index, count)) if (1..=count).contains(&index) && count <= MOST_SHARDS => Ok(Self { index, count }),
            _ => Err(format!("valid: I/N, of which I is 1 to N and N at most {MOST_SHARDS}; the first of four is 1/4")),
        }
    }
}
