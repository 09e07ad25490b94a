//! What was seen of a curve as points of a drawing: simulations and measurements.

use crate::plot::Point;
use crate::spec::{Column, Curve, Figure, Swept};
use crate::table::Table;
use crate::verdict::{Evidence, plain};

/// What of a point is drawn.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Measure {
    /// The mean over data sets, or the measured value.
    Mean,
    /// Its distance from theory in standard errors.
    Z,
}

/// The simulations of a curve.
pub(super) fn simulated_points(evidence: &Evidence<'_>, curve: &Curve, column: &str, measure: Measure) -> Vec<Point> {
    let rows = rows_of(&evidence.agreement, curve, "observable", column);
    told_points(evidence.spec, curve, (&evidence.agreement, &rows), ("simulation", "mean"), measure)
}

/// What was measured of a curve: test errors.
pub(super) fn measured_points(evidence: &Evidence<'_>, curve: &Curve, column: &str, measure: Measure) -> Vec<Point> {
    let rows = if column == Column::EG.name() { evidence.measured.rows_where("curve", &curve.id) } else { Vec::new() };
    told_points(evidence.spec, curve, (&evidence.measured, &rows), ("measured", "measured"), measure)
}

/// Where along its sweep a point of a curve is; nothing for a horizontal.
fn place(figure: &Figure, curve: &Curve, x: f64) -> String {
    match figure.swept(curve) {
        Swept::None => String::new(),
        swept => format!("{} = {x}, ", swept.symbol()),
    }
}

/// Some rows of a table as points, which stand in a column and are called by a word.
fn told_points(
    figure: &Figure,
    curve: &Curve,
    (table, rows): (&Table, &[usize]),
    (word, value): (&str, &str),
    measure: Measure,
) -> Vec<Point> {
    let mut points = Vec::new();
    for &row in rows {
        let (mean, error) = (table.real(value, row), table.real("standard_error", row));
        let (x, z) = (table.real("x", row), table.real("z", row));
        let y = if measure == Measure::Mean { mean } else { z };
        if let (Some(x), Some(y)) = (x, y) {
            let digits = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.5}"));
            let hover = format!(
                "{}: {}{word} {} ± {}, theory {}, z = {}",
                plain(&curve.label),
                place(figure, curve, x),
                digits(mean),
                digits(error),
                digits(table.real("theory", row)),
                z.map_or("–".to_owned(), |z| format!("{z:.2}")),
            );
            let error = error.filter(|_| measure == Measure::Mean);
            points.push(Point { x, y, error, hover: Some(hover) });
        }
    }
    points
}

/// The rows of a curve that hold an observable; `key` is the column that names it.
pub(super) fn rows_of(table: &Table, curve: &Curve, key: &str, observable: &str) -> Vec<usize> {
    let rows = table.rows_where("curve", &curve.id).into_iter();
    rows.filter(|&row| table.text(key, row) == Some(observable)).collect()
}
