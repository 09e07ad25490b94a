//! The claims and the report.

use crate::pipeline::{Context, Stage, WorkError};
use crate::table::{Table, schema};

use super::Project;

/// Files of the project that the report reads besides the figures' texts.
pub const FILES: [&str; 2] = ["data/paper/claims.toml", "data/paper/errata.toml"];

pub fn claims(_project: &Project, _table: impl Fn(&str, usize) -> Result<Table, WorkError>) -> Result<Table, WorkError> {
    Ok(Table::with_schema(&schema::CLAIMS))
}

pub fn report(_project: &Project, _stage: &Stage, _context: &Context<'_>) -> Result<Vec<Vec<u8>>, WorkError> {
    Ok(vec![vec![], vec![], vec![]])
}
