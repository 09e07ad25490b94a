//! The reproduction as stages: what a figure file asks for, turned into work for the pipeline.
//!
//! ```text
//! theory/fig05/kd_lt1e-1 ─┬─ table/fig05.theory ──────┬─ table/fig05.comparison ─┬─ claims ─┐
//! trials/quick/1f0c… ─────┴─ table/fig05.experiment ──┘─ figure/fig05 ───────────┴──────────┴─ report
//! ```
//!
//! One file a kind of stage; `project` reads what a run starts from, `stages` lays the stages out,
//! [`Workflow`] does their work.

mod alternatives;
mod cells;
mod costs;
mod difference;
mod drawing;
mod experiment;
mod job;
mod map;
mod parameters;
mod profile;
mod project;
mod project_file;
mod reference;
mod reporting;
mod scaling;
mod seen;
mod sizes;
mod stages;
mod tables;
mod theory;
mod trials;
mod work;

pub use cells::{Solved, solution_cells};
pub use costs::{COSTS_FILE, Circumstances, Costs, FigureCost, RunCost, Scaling, ScalingPoint, Series};
pub use difference::{CellDifference, Match, TableDifference, compare};
pub use drawing::View;
pub use job::Job;
pub use parameters::profile_parameters;
pub use profile::{MOST_ELEMENTS, MOST_FEATURES, Profile, SEED, SizeError, Sizes};
pub use project::{Broken, Project, ProjectError};
pub use project_file::{PROJECT_FILE, profiles};
pub use reference::{Findings, Reference};
pub use reporting::thresholds_of;
pub use scaling::{Case, cases};
pub use stages::layout;
pub use trials::largest_data;
pub use work::Workflow;
