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
mod costs;
mod difference;
mod drawing;
mod experiment;
mod job;
mod parameters;
mod profile;
mod project;
mod reference;
mod reporting;
mod scaling;
mod sizes;
mod stages;
mod tables;
mod theory;
mod trials;
mod work;

pub use costs::{COSTS_FILE, Circumstances, Costs, FigureCost, RunCost, Scaling, ScalingPoint, Series};
pub use difference::{CellDifference, Match, TableDifference, compare};
pub use drawing::View;
pub use experiment::trial_cells;
pub use job::Job;
pub use profile::{Profile, SEED};
pub use project::{Project, ProjectError};
pub use reference::{Findings, Reference};
pub use scaling::{Case, cases};
pub use stages::layout;
pub use theory::{Solved, parameter_cells, solution_cells, value_cells};
pub use work::Workflow;
