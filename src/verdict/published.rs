//! Print against theory: the difference at every vertex of a printed curve and at every printed point.

use crate::paper::{Kind, PrintedPoint, Vertex};
use crate::spec::{Column, Curve, Figure, Scale};
use crate::table::{Cell, Rows, Table, TableError, schema};

use super::arm::theory_series;
use super::series::{Point, Series, same_x};
use super::student::normal_equivalent;

/// The paper's simulations took the mean of so many samples.
const SAMPLES: usize = 10;

/// Compares printed vertices with the theory at the same x; the dots of theory that print has count as vertices.
///
/// ```text
/// allowance = y_error + |slope| · x_error
/// ```
///
/// The errors are those of reading. `slope` is the steeper of the two one-sided slopes of the theory (a cusp is
/// misread from either side), taken in the scales of the panel. `within` is null where the theory is.
///
/// # Errors
/// [`TableError`] only if the schema lacks a column named here.
pub fn vertices(
    figure: &Figure,
    theory: &Table,
    vertices: &[Vertex],
    points: &[PrintedPoint],
) -> Result<Table, TableError> {
    let mut rows = Rows::new(&schema::PUBLISHED);
    let mut current: Option<(&str, Column, Series)> = None;
    let lines = vertices.iter().map(|vertex| (vertex.clone(), Some(vertex.segment)));
    let dots = points.iter().filter(|point| point.kind == Kind::TheoryDot).map(|dot| (vertex_of(dot), None));
    let all: Vec<(Vertex, Option<i64>)> = lines.chain(dots).collect();
    for (vertex, segment) in &all {
        let known =
            current.as_ref().is_some_and(|(curve, column, _)| (*curve, *column) == (&vertex.curve, vertex.column));
        if !known {
            let series = theory_series(theory, &vertex.curve, vertex.column.name());
            current = Some((&vertex.curve, vertex.column, series));
        }
        let Some((.., series)) = &current else { continue };
        let Some(curve) = figure.curves.iter().find(|curve| curve.id == vertex.curve) else { continue };
        let scales = Scales::of(figure, curve, vertex.column);
        let expected = series.at(vertex.x);
        let slope = steepest(series, vertex, scales);
        let difference = expected.map(|value| value - vertex.y);
        let allowance = vertex.y_error + slope.unwrap_or(0.0).abs() * vertex.x_error;
        let readings = difference.map(|difference| difference.abs() / allowance);
        let within = readings.map(|readings| if readings <= 1.0 { "yes" } else { "no" });
        rows.push_row(&[
            ("figure", figure.id.as_str().into()),
            ("curve", vertex.curve.as_str().into()),
            ("column", vertex.column.name().into()),
            ("segment", segment.map_or(Cell::Null, Cell::Integer)),
            ("x", vertex.x.into()),
            ("published", vertex.y.into()),
            ("theory", expected.into()),
            ("difference", difference.into()),
            ("reading_error", vertex.y_error.into()),
            ("x_error", vertex.x_error.into()),
            ("slope", slope.into()),
            ("allowance", allowance.into()),
            ("in_readings", readings.into()),
            ("within", within.map_or(Cell::Null, Cell::Text)),
            ("bound", if curve.is_bound() { "yes" } else { "no" }.into()),
        ])?;
    }
    rows.table()
}

/// Compares the paper's simulations with the theory at the same x.
///
/// `z` is the normal deviate as improbable as the difference over bar/√10, a t of ten: the bars behave like standard
/// deviations over ten samples, and the marker is their mean. It is null where no bar could be read.
///
/// # Errors
/// [`TableError`] only if the schema lacks a column named here.
pub fn points(figure: &Figure, theory: &Table, points: &[PrintedPoint]) -> Result<Table, TableError> {
    let mut rows = Rows::new(&schema::PRINTED_POINTS);
    for point in points.iter().filter(|point| point.kind == Kind::Simulation) {
        let expected = theory_series(theory, &point.curve, point.column.name()).at(point.x);
        let difference = expected.map(|value| point.y - value);
        let t = difference.zip(point.bar).map(|(difference, bar)| difference / (bar / (SAMPLES as f64).sqrt()));
        let z = t.and_then(|t| normal_equivalent(t, SAMPLES));
        rows.push_row(&[
            ("figure", figure.id.as_str().into()),
            ("curve", point.curve.as_str().into()),
            ("column", point.column.name().into()),
            ("x", point.x.into()),
            ("printed", point.y.into()),
            ("bar", point.bar.into()),
            ("reading_error", point.y_error.into()),
            ("theory", expected.into()),
            ("difference", difference.into()),
            ("z", z.into()),
        ])?;
    }
    rows.table()
}

/// A dot of theory as a vertex. It stands exactly at its x, which is a round number.
fn vertex_of(dot: &PrintedPoint) -> Vertex {
    let &PrintedPoint { ref curve, column, x, y, y_error, .. } = dot;
    Vertex { curve: curve.clone(), column, x, y, x_error: 0.0, y_error, segment: 0 }
}

/// The scales on which a column of a curve was read.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Scales {
    x: Scale,
    y: Scale,
}

impl Scales {
    fn of(figure: &Figure, curve: &Curve, column: Column) -> Self {
        let panel = figure.panels.iter().find(|panel| panel.y == column && figure.shows(panel, curve));
        Self { x: figure.sweep_of(curve).scale, y: panel.map_or(Scale::Linear, |panel| panel.scale) }
    }

    /// dy/dx at `here`, from the straight line in these scales to `there`; null where a logarithm is.
    fn slope(self, here: (f64, f64), there: (f64, f64)) -> Option<f64> {
        // d(log u) = du/u: the rise is that of the drawn line, in units of the value it starts from
        let rise = |scale, from: f64, to: f64| match scale {
            Scale::Linear => to - from,
            Scale::Log => from * (to / from).ln(),
        };
        let slope = rise(self.y, here.1, there.1) / rise(self.x, here.0, there.0);
        Some(slope).filter(|slope| slope.is_finite())
    }
}

/// The steeper one-sided slope at a theory point. A neighbour nearer than the error of reading x says
/// nothing about the reading, so the nearest at or beyond it is taken.
fn steepest(series: &Series, vertex: &Vertex, scales: Scales) -> Option<f64> {
    let here = series.points().iter().find(|point| same_x(point.x, vertex.x))?;
    let y = here.y?;
    // the points at the ends of the reading error count, whatever rounding made of their distance
    let far = vertex.x_error * (1.0 - 1e-6);
    let slope = |point: &Point| scales.slope((here.x, y), (point.x, point.y?));
    let beyond = |point: &&Point| (point.x - here.x).abs() >= far && !same_x(point.x, here.x);
    let left = series.points().iter().rev().filter(|point| point.x < here.x).find(beyond).and_then(slope);
    let right = series.points().iter().filter(|point| point.x > here.x).find(beyond).and_then(slope);
    match (left, right) {
        (Some(left), Some(right)) => Some(if left.abs() > right.abs() { left } else { right }),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    fn figure(extra: &str) -> Figure {
        let text = format!(
            "id = \"f\"\ntitle = \"\"\npaper = \"\"\ncaption = \"\"\n{extra}\n\
             [[curve]]\nid = \"a\"\nlabel = \"a\"\nlearner = \"direct\"\n"
        );
        toml::from_str(&text).expect("a figure")
    }

    fn vertex(x: f64, y: f64, x_error: f64) -> Vertex {
        Vertex { curve: "a".into(), column: Column::EG, x, y, x_error, y_error: 1e-4, segment: 0 }
    }

    const LINEAR: &str =
        "[x]\nparameter = \"alpha\"\nrange = [1.0, 4.0]\npoints = 4\n[[panel]]\ny = \"eg\"\nrange = [0.1, 0.9]\n";

    #[test]
    fn allowance_is_the_reading_error_plus_the_steeper_slope_times_that_of_x() {
        let theory = fixture::theory(&[("a", &[(1.0, Some(0.2)), (2.0, Some(0.3)), (3.0, Some(0.7)), (4.0, None)])]);
        let read =
            [vertex(1.0, 0.2, 0.01), vertex(2.0, 0.2960, 0.01), vertex(2.0, 0.2957, 0.01), vertex(4.0, 0.1, 0.01)];
        let table = vertices(&figure(LINEAR), &theory, &read, &[]).unwrap();
        // steeper side of x = 2 is 0.4 per unit: 1e-4 + 0.4 × 0.01
        assert!((table.real("allowance", 1).unwrap() - 0.0041).abs() < 1e-12);
        assert!((table.real("in_readings", 1).unwrap() - 0.004 / 0.0041).abs() < 1e-9);
        let within = [1, 2, 3].map(|row| table.text("within", row));
        assert_eq!(within, [Some("yes"), Some("no"), None]);
        assert!((table.real("slope", 0).unwrap() - 0.1).abs() < 1e-12);
    }

    #[test]
    fn on_logarithmic_axes_the_slope_is_that_of_the_line_as_drawn() {
        // y = x² is straight with slope 2 in both logarithms: dy/dx = 2x at every point
        let theory = fixture::theory(&[("a", &[(0.01, Some(1e-4)), (0.1, Some(1e-2)), (1.0, Some(1.0))])]);
        let log = LINEAR.replace("points = 4", "points = 4\nscale = \"log\"") + "scale = \"log\"\n";
        let table = vertices(&figure(&log), &theory, &[vertex(0.1, 1e-2, 1e-4)], &[]).unwrap();
        assert!((table.real("slope", 0).unwrap() - 0.2).abs() < 1e-12);
    }

    #[test]
    fn a_printed_point_is_measured_in_bars_of_its_mean() {
        let theory = fixture::theory(&[("a", &[(1.0, Some(0.2)), (2.0, Some(0.3))])]);
        let point =
            |x, bar, kind| PrintedPoint { curve: "a".into(), column: Column::EG, x, y: 0.31, bar, y_error: 1e-4, kind };
        let read = [
            point(2.0, Some(0.01), Kind::Simulation),
            point(2.0, None, Kind::Simulation),
            point(1.0, None, Kind::TheoryDot),
        ];
        let table = points(&figure(LINEAR), &theory, &read).unwrap();
        assert_eq!(table.rows(), 2);
        // P(t₉ > √10) = 0.005754, whose normal deviate is 2.5263
        assert!((table.real("z", 0).unwrap() - 2.5263).abs() < 1e-3, "{:?}", table.real("z", 0));
        assert_eq!(table.real("z", 1), None);
        let dots = vertices(&figure(LINEAR), &theory, &[], &read).unwrap();
        assert_eq!((dots.rows(), dots.integer("segment", 0), dots.text("within", 0)), (1, None, Some("no")));
    }
}
