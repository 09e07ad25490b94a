//! The examples at the end of every command's help.

/// Of the program.
pub(super) const ALL: &str = "\
Examples:
  redistill                       # every figure, table and the report, at the quick profile
  redistill run fig05             # one figure
  redistill new my-project        # a project of your own
  redistill solve --learner distilled --alpha 2.5 --teacher-lambda 0.1";

/// Of `run`.
pub(super) const RUN: &str = "\
Examples:
  redistill run
  redistill run fig05 --profile full
  redistill run --n 800 --replicates 20 --seed 7
  redistill run --open            # and look at the report
  redistill run -n                # what would run, and why";

/// Of `status`.
pub(super) const STATUS: &str = "\
Examples:
  redistill status
  redistill status fig05 --check  # exit code 3 when stale";

/// Of `why`.
pub(super) const WHY: &str = "\
Examples:
  redistill why fig05
  redistill why data/fig05.theory.parquet";

/// Of `list`.
pub(super) const LIST: &str = "\
Examples:
  redistill list
  redistill list --json";

/// Of `graph`.
pub(super) const GRAPH: &str = "\
Examples:
  redistill graph --format svg > graph.svg";

/// Of `verify`.
pub(super) const VERIFY: &str = "\
Examples:
  redistill verify
  redistill verify --no-run --recompute none
  redistill verify --bless        # accept this run as the reference

Exit codes: 0 as the reference, 1 a stage failed, 2 bad input or a figure that cannot be run, 3 stale, 4 differs from the \
reference, 5 not deterministic, 6 a claim contradicted by its simulation; 130, 143, 129 ended by Ctrl-C, SIGTERM, SIGHUP.";

/// Of `diff`.
pub(super) const DIFF: &str = "\
Examples:
  redistill diff out other-out            # counts per table and column, the worst first
  redistill diff out other-out --rows     # every row
  redistill diff out other-out --check --html diff.html";

/// Of `clean`.
pub(super) const CLEAN: &str = "\
Examples:
  redistill clean
  redistill clean --cache";

/// Of `merge`.
pub(super) const MERGE: &str = "\
Examples:
  redistill run --shard 1/2 --out part1
  redistill run --shard 2/2 --out part2
  redistill merge part1 part2 && redistill run";

/// Of `export`.
pub(super) const EXPORT: &str = "\
Examples:
  redistill export snakemake --shards 8 --to workflow";

/// Of `measure`.
pub(super) const MEASURE: &str = "\
Examples:
  redistill run && redistill measure run
  redistill measure scaling";

/// How `solve` and `simulate` are called: of a learner, or of a lineage.
pub(super) const SOLVE_USAGE: &str = "\
redistill solve --learner <LEARNER> --alpha <ALPHA> [OPTIONS]
       redistill solve --lineage <FILE> [OPTIONS]";
pub(super) const SIMULATE_USAGE: &str = "\
redistill simulate --learner <LEARNER> --alpha <ALPHA> [OPTIONS]
       redistill simulate --lineage <FILE> [OPTIONS]";

/// Of `solve`.
pub(super) const SOLVE: &str = "\
Examples:
  redistill solve --learner teacher --alpha 3 --teacher-lambda 0.1
  redistill solve --learner distilled --alpha 2.5 --teacher-lambda 0.1 --chi 0.8 --json
  redistill solve --lineage examples/lineages/assistant.toml

The last stage of a named learner is the student, or the teacher alone, whose ridge goes by either name. ε is the smoothing \
of the labels that are learned from, with `distilled` of the teacher's labels only: the student's own stay hard.";

/// Of `simulate`.
pub(super) const SIMULATE: &str = "\
Examples:
  redistill simulate --learner direct --alpha 3 --lambda 0.1 --n 400 --replicates 20
  redistill simulate --lineage examples/lineages/assistant.toml --n 400";

/// Of `figure`.
pub(super) const FIGURE: &str = "\
Examples:
  redistill figure fig05 --to fig05.pdf
  redistill figure fig05 --view residuals --theme dark --scale 3 --to fig05.png";

/// Of `table`.
pub(super) const TABLE: &str = "\
Examples:
  redistill table fig05 > fig05.csv
  redistill table fig05 --arm agreement --format json";

/// Of `new`.
pub(super) const NEW: &str = "\
Examples:
  redistill new my-project && cd my-project && redistill run --open
  redistill new figure cusp       # in a project: adds figures/cusp";

/// Of `new figure`.
pub(super) const NEW_FIGURE: &str = "\
Examples:
  redistill new figure cusp && redistill run cusp";

/// Of `schema`.
pub(super) const SCHEMA: &str = "\
Examples:
  redistill schema > figure-reference.md
  redistill schema --json";

/// Of `completions`.
pub(super) const COMPLETIONS: &str = "\
Examples:
  redistill completions bash > redistill.bash";
