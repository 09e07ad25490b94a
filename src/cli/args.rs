//! The arguments, as clap reads them.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::Failure;
use super::ask_args::{DerivativeOptions, OptimiseOptions, SweepOptions, ThresholdOptions};
use super::examples;
use super::point_args::SimulateOptions;
use super::run_args::{NewOptions, RunOptions, SizeOptions, shards, threads};
use super::show_args::{FigureOptions, TableOptions};

/// Regenerates every figure of the paper, theory and experiment side by side, and says what holds.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100, after_help = examples::ALL)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub common: Common,
    /// What to do; `run` when absent.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Heading of what every command that works on a project understands.
const PROJECT: &str = "Options of every command on a project";

/// Options of every command that works on a project.
#[derive(Debug, Clone, Args)]
pub(super) struct Common {
    /// Folder that holds `figures` and `data`; found upwards from here when absent.
    #[arg(long, global = true, value_name = "DIR", help_heading = PROJECT)]
    pub root: Option<PathBuf>,
    /// Output folder; `out` in the root when absent.
    #[arg(long, global = true, value_name = "DIR", help_heading = PROJECT)]
    pub out: Option<PathBuf>,
    /// Size of the experiments: smoke, quick, full, paper, or a [profile.NAME] of redistill.toml [default: quick].
    #[arg(long, global = true, value_name = "NAME", help_heading = PROJECT)]
    pub profile: Option<String>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make figures, tables and the report; all of them when no figure is named.
    #[command(after_help = examples::RUN)]
    Run(RunOptions),
    /// Say what is stale.
    #[command(after_help = examples::STATUS)]
    Status(StatusOptions),
    /// Say why a figure or a stage would run: old → new value of whatever changed.
    #[command(after_help = examples::WHY)]
    Why(WhyOptions),
    /// List the figures and their curves.
    #[command(after_help = examples::LIST)]
    List(ListOptions),
    /// Print the graph of stages.
    #[command(after_help = examples::GRAPH)]
    Graph(GraphOptions),
    /// Hold the run against the committed reference: exit 3 stale, 4 differs, 5 not deterministic, 6 contradicted by
    /// simulation, 130 and the like interrupted.
    #[command(after_help = examples::VERIFY)]
    Verify(VerifyOptions),
    /// Compare the tables of two output folders.
    #[command(after_help = examples::DIFF)]
    Diff(DiffOptions),
    /// Remove what runs have made; cached chunks stay unless --cache is given.
    #[command(after_help = examples::CLEAN)]
    Clean(CleanOptions),
    /// Take over the chunks that shards have made.
    #[command(after_help = examples::MERGE)]
    Merge(MergeOptions),
    /// Write the stages as a workflow for another system.
    #[command(subcommand, after_help = examples::EXPORT)]
    Export(ExportCommand),
    /// Write down what runs cost on this machine, for the report.
    #[command(subcommand, after_help = examples::MEASURE)]
    Measure(MeasureCommand),
    /// Solve the theory at one point, or of a lineage.
    #[command(after_help = examples::SOLVE, override_usage = examples::SOLVE_USAGE)]
    Solve(DerivativeOptions),
    /// Train at finite size at one point, or a lineage.
    #[command(after_help = examples::SIMULATE, override_usage = examples::SIMULATE_USAGE)]
    Simulate(SimulateOptions),
    /// Solve the theory of a lineage over a grid of its parameters.
    Sweep(SweepOptions),
    /// Find the best values of parameters of a lineage.
    Optimise(OptimiseOptions),
    /// Tell α_S and α_I, below which labels are separable and outputs can be met exactly.
    Threshold(ThresholdOptions),
    /// Write a figure as SVG, PDF or PNG.
    #[command(after_help = examples::FIGURE)]
    Figure(FigureOptions),
    /// Print the table behind a figure.
    #[command(after_help = examples::TABLE)]
    Table(TableOptions),
    /// Make a project, or a figure in a project, that runs as it is.
    #[command(after_help = examples::NEW)]
    New(NewOptions),
    /// Print the reference of figure files: every table, key and word, made from the types that read them.
    #[command(after_help = examples::SCHEMA)]
    Schema(SchemaOptions),
    /// Print completions for a shell.
    #[command(after_help = examples::COMPLETIONS)]
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

impl Common {
    /// Refuses options that a command without a project would not look at.
    pub fn unused(&self, command: &str) -> Result<(), Failure> {
        let given = [("root", self.root.is_some()), ("out", self.out.is_some()), ("profile", self.profile.is_some())];
        match given.into_iter().find(|(_, given)| *given) {
            None => Ok(()),
            Some((flag, _)) => Err(Failure::input(format!(
                "--{flag}: has no effect on `{command}`, which works on no project; valid: the command without it"
            ))),
        }
    }
}

impl Default for Command {
    fn default() -> Self {
        Self::Run(RunOptions::default())
    }
}

/// Options of `status`.
#[derive(Debug, Clone, Args)]
pub(super) struct StatusOptions {
    /// Figures or stages; everything when absent.
    pub targets: Vec<String>,
    /// Exit with code 3 when anything is stale.
    #[arg(long)]
    pub check: bool,
    /// Print every stage and its reasons as JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub sizes: SizeOptions,
}

/// Options of `why`.
#[derive(Debug, Clone, Args)]
pub(super) struct WhyOptions {
    /// A figure, a stage or an output (`fig05`, `table/fig05.theory`, `data/fig05.theory.parquet`).
    pub target: String,
    /// Print the chain of stages as JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub sizes: SizeOptions,
}

/// Options of `schema`.
#[derive(Debug, Clone, Args)]
pub(super) struct SchemaOptions {
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Options of `list`.
#[derive(Debug, Clone, Args)]
pub(super) struct ListOptions {
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// How the graph is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum GraphFormat {
    /// A Mermaid flowchart.
    Mermaid,
    /// An SVG document.
    Svg,
}

/// Options of `graph`.
#[derive(Debug, Clone, Args)]
pub(super) struct GraphOptions {
    /// How it is printed.
    #[arg(long, value_enum, default_value_t = GraphFormat::Mermaid)]
    pub format: GraphFormat,
}

/// What `verify` computes a second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Recompute {
    /// Nothing.
    None,
    /// The theory tables.
    Theory,
    /// Everything down to the report.
    All,
}

/// Options of `verify`.
#[derive(Debug, Clone, Args)]
pub(super) struct VerifyOptions {
    /// Make the reference anew from this run.
    #[arg(long)]
    pub bless: bool,
    /// Make nothing: exit with code 3 when the output folder is stale.
    #[arg(long)]
    pub no_run: bool,
    /// What is computed a second time and must give equal bytes.
    #[arg(long, value_enum, default_value_t = Recompute::Theory)]
    pub recompute: Recompute,
    /// Number of threads.
    #[arg(short, long, value_name = "N", value_parser = threads)]
    pub jobs: Option<NonZeroUsize>,
    /// Print the verdict and every finding as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Options of `diff`.
#[derive(Debug, Clone, Args)]
pub(super) struct DiffOptions {
    /// An output folder.
    pub a: PathBuf,
    /// The output folder held against it.
    pub b: PathBuf,
    /// Exit with code 4 when a cell differs by more than its tolerance.
    #[arg(long)]
    pub check: bool,
    /// Print every row that differs, instead of counts per table and column.
    #[arg(long, conflicts_with = "json")]
    pub rows: bool,
    /// Write a page with the figures of both folders on top of each other.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Options of `clean`.
#[derive(Debug, Clone, Args)]
pub(super) struct CleanOptions {
    /// Remove the cached chunks too.
    #[arg(long)]
    pub cache: bool,
}

/// Options of `merge`.
#[derive(Debug, Clone, Args)]
pub(super) struct MergeOptions {
    /// Output folders of shards.
    #[arg(required = true)]
    pub folders: Vec<PathBuf>,
    /// Print what was done as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Systems that `export` writes for.
#[derive(Debug, Clone, Subcommand)]
pub(super) enum ExportCommand {
    /// A Snakefile: shards, a merge, the final run.
    Snakemake {
        /// Number of shards.
        #[arg(long, value_name = "N", default_value = "4", value_parser = shards)]
        shards: NonZeroUsize,
        /// Folder to write the Snakefile to; it is printed when absent.
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
}

/// What `measure` takes down.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(super) enum MeasureCommand {
    /// The last whole run of the profile, from its manifest.
    Run,
    /// Seconds against N, M and the number of curves, by running trials on one thread.
    Scaling,
}
