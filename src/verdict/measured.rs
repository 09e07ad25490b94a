//! What was measured against theory.

use crate::spec::Figure;
use crate::table::{Rows, Table, TableError, schema};

use super::arm::{MEASURED, theory_series};

/// One row per measured value of every curve, in the order of the figure file. What is not known of theory is null.
///
/// # Errors
/// [`TableError`] only if the schema lacks a column named here.
pub fn table(figure: &Figure, theory: &Table) -> Result<Table, TableError> {
    let mut rows = Rows::new(&schema::MEASURED);
    for curve in &figure.curves {
        let Some(measured) = &curve.measured else { continue };
        let expected = theory_series(theory, &curve.id, MEASURED);
        for point in &measured.points {
            let theory = expected.at(point.x);
            rows.push_row(&[
                ("figure", figure.id.as_str().into()),
                ("curve", curve.id.as_str().into()),
                ("x", point.x.into()),
                ("measured", point.value.into()),
                ("standard_error", point.error.into()),
                ("theory", theory.into()),
                ("difference", theory.map(|theory| (point.value - theory) / theory).into()),
                ("z", theory.map(|theory| (point.value - theory) / point.error).into()),
            ])?;
        }
    }
    rows.table()
}
