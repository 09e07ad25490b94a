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
    let mut points = agreement_points(figure, evidence.agreement, curve, column, measure);
    if column != Column::EG.name() {
        return points;
    }
    let measured = measured_table(figure, evidence.theory).unwrap_or_default();
    for row in measured.rows_where("curve", &curve.id) {
        let (x, z) = (measured.real("x", row), measured.real("z", row));
        let (value, error) = (measured.real("measured", row), measured.real("standard_error", row));
        let y = if measure == Measure::Mean { value } else { z };
        if let (Some(x), Some(y)) = (x, y) {
            let digits = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.5}"));
            let hover = format!(
                "{}: {}measured {} ± {}, theory {}, z = {}",
                plain(&curve.label),
                place(figure, curve, x),
                digits(value),
                digits(error),
                digits(measured.real("theory", row)),
                z.map_or("–".to_owned(), |z| format!("{z:.2}"))
            );
            let error = error.filter(|_| measure == Measure::Mean);
            points.push(Point { x, y, error, hover: Some(hover) });
        }
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

fn agreement_points(figure: &Figure, agreement: &Table, curve: &Curve, column: &str, measure: Measure) -> Vec<Point> {
    let mut points = Vec::new();
    for row in rows_of(agreement, curve, "observable", column) {
        let (mean, error) = (agreement.real("mean", row), agreement.real("standard_error", row));
        let (x, z) = (agreement.real("x", row), agreement.real("z", row));
        let y = if measure == Measure::Mean { mean } else { z };
        if let (Some(x), Some(y)) = (x, y) {
            let digits = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.5}"));
            let hover = format!(
                "{}: {}simulation {} ± {}, theory {}, z = {}",
                plain(&curve.label),
                place(figure, curve, x),
                digits(mean),
                digits(error),
                digits(agreement.real("theory", row)),
                z.map_or("–".to_owned(), |z| format!("{z:.2}")),
            );
            let error = if measure == Measure::Mean { error } else { None };
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
