//! All checks of all figures as one table.

use crate::table::{Cell, Table, TableError, schema};

use super::check::judge;
use super::evidence::Evidence;

/// Decides every check of every figure, in the order of the figures and of their files.
///
/// # Errors
/// [`TableError`] only if the schema lacks a column named here.
pub fn table(figures: &[Evidence<'_>]) -> Result<Table, TableError> {
    let mut claims = Table::with_schema(&schema::CLAIMS);
    for evidence in figures {
        for claim in &evidence.spec.claims {
            let outcome = judge(&claim.check, evidence);
            claims.push_row(&[
                ("figure", evidence.spec.id.as_str().into()),
                ("check", claim.id.as_str().into()),
                ("claim", claim.claim.as_str().into()),
                ("kind", claim.check.kind().into()),
                ("verdict", outcome.verdict.word().into()),
                ("value", outcome.value.into()),
                ("threshold", outcome.threshold.into()),
                ("curve", outcome.curve.as_deref().map_or(Cell::Null, Cell::Text)),
                ("x", outcome.x.into()),
                ("detail", outcome.detail.as_str().into()),
            ])?;
        }
    }
    Ok(claims)
}
