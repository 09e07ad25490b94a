//! The reproduction as stages: what a figure file asks for, turned into work for the pipeline.
//!
//! ```text
//! theory/fig05/kd_lt1e-1 ─┬─ table/fig05.theory ──────┬─ table/fig05.comparison ─┬─ claims ─┐
//! trials/quick/1f0c… ─────┴─ table/fig05.experiment ──┘─ figure/fig05 ───────────┴──────────┴─ report
//! ```
//!
//! `project` reads what a run starts from; what a stage reads, makes and does stands in one place: the chunks in
//! `theory` and `trials`, what is made of a figure in `of_figure`, what of all figures in `of_project`. An [`Output`] is a
//! handle to what a stage makes; [`Workflow`] does the work.

mod alternatives;
mod cells;
mod checks;
mod cost_tables;
mod costs;
mod difference;
mod drawing;
mod experiment;
mod inputs;
mod layout;
mod map;
mod of_figure;
mod of_project;
mod output;
mod parameters;
mod profile;
mod project;
mod project_file;
mod reference;
mod reporting;
mod scaling;
mod seen;
mod sizes;
mod table_difference;
mod tables;
mod theory;
mod trials;
mod work;

pub use cells::{Solved, solution_cells};
pub use checks::one_class;
pub use costs::{COSTS_FILE, Circumstances, Costs, FigureCost, RunCost, Scaling, ScalingPoint, Series};
pub use difference::{Match, compare};
pub use drawing::View;
pub use output::Output;
pub use parameters::profile_values;
pub use profile::{MOST_ELEMENTS, MOST_FEATURES, Profile, SEED, SizeError, Sizes};
pub use project::{Broken, FIGURES, Project, ProjectError, sources};
pub use project_file::{Head, PROJECT_FILE, profiles};
pub use reference::{Findings, Reference};
pub use reporting::thresholds_of;
pub use scaling::{Case, cases};
pub use table_difference::{CellDifference, TableDifference};
pub use tables::has_table;
pub use trials::largest_data;
pub use work::Workflow;
