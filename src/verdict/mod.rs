//! Verdicts: what theory, simulation and print say of every claim, and which explanation of an erratum survives.
//!
//! Tables come in, tables go out; nothing here solves, simulates or draws.
//!
//! ```text
//! theory + trials → agreement     theory + print → published, printed points, alternatives
//! all of them + [[claim]] → claims (check × voice) → verdicts (claim, erratum)
//! ```

mod agreement;
mod alternatives;
mod arm;
mod claims;
mod error;
mod estimate;
mod evidence;
mod finite_size;
#[cfg(test)]
pub mod fixture;
mod judge;
mod ledger;
mod measured;
mod notation;
mod published;
mod reduce;
mod series;
mod student;
#[cfg(test)]
mod tests;
mod voices;
mod words;

pub use agreement::table as agreement_table;
pub use alternatives::{Fate, Printed, Standing, Tried, alternatives_table, changed, standing};
pub use claims::{Outcome, Row, claim_outcome, claims_table, erratum_outcome, rows_of, verdicts_table};
pub use error::VerdictError;
pub use estimate::{Estimate, estimate, told};
pub use evidence::{CONVERGED, Evidence, largest};
pub use finite_size::{BEYOND, Coefficient, Deviation, Trend, deviations, mean_coefficient};
pub use judge::{Decision, Heard, Judgement};
pub use ledger::{Alternative, CLAIMS_FILE, ERRATA_FILE, Entry, Held, Ledger, Role};
pub use measured::table as measured_table;
pub use notation::{NONE, fixed, number, plain};
pub use published::{points as printed_points_table, vertices as published_table};
pub use series::{Point, Series, in_range, same_x};
pub use student::{normal_equivalent, t_of, varies};
pub use voices::{Finding, Verdict, Voice, hear};
pub use words::{curve_name, quantity_words, relation_words};
