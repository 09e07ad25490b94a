//! What was seen of a curve as points of a drawing: simulations and measurements.

use crate::plot::Point;
use crate::spec::{Column, Curve, Figure, Swept};
use crate::table::Table;
use crate::verdict::{Evidence, measured_table, plain};

/// What of a point is drawn.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Measure {
    /// The mean over data sets, or the measured value.
    Mean,
    /// Its distance from theory in standard errors.
    Z,
}

/// What was seen of a curve: its simulations, then what was measured of it.
pub(super) fn seen_points(
    figure: &Figure,
    evidence: &Evidence<'_>,
    curve: &Curve,
    column: &str,
    measure: Measure,
) -> Vec<Point> {
    let agreement = evidence.agreement;
    let rows = rows_of(agreement, curve, "observable", column);
    let mut points = told_points(figure, curve, (agreement, &rows), ("simulation", "mean"), measure);
    if column == Column::EG.name() {
        let measured = measured_table(figure, evidence.theory).unwrap_or_default();
        let rows = measured.rows_where("curve", &curve.id);
        points.extend(told_points(figure, curve, (&measured, &rows), ("measured", "measured"), measure));
    }
    points
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
