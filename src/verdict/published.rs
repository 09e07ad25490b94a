//! Print against theory: the difference at every vertex of a published curve, and what reading it allows.

use crate::spec::{Figure, Scale, Sweep};
use crate::table::{Cell, Table, TableError, schema};

use super::ReportError;
use super::series::{Series, same_x};

/// One vertex of a printed curve, under the curve id of our figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Vertex {
    /// Curve id.
    pub curve: String,
    /// Horizontal reading.
    pub x: f64,
    /// Vertical reading of the test error.
    pub y: f64,
}

/// The x axis on which a curve was read.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Axis {
    /// Limits of the axis.
    limits: [f64; 2],
    /// True for a base-10 logarithmic axis.
    log: bool,
}

/// Vertical accuracy of the readings.
const READING: f64 = 2e-4;
/// Horizontal accuracy of the readings, as a share of the axis width.
const PLACEMENT: f64 = 1e-3;

impl Axis {
    /// Position along the axis in units of its scale.
    fn position(&self, x: f64) -> f64 {
        if self.log { x.log10() } else { x }
    }

    fn width(&self) -> f64 {
        (self.position(self.limits[1]) - self.position(self.limits[0])).abs()
    }
}

/// The two x between which a reading at `x` may lie: 0.1 % of the axis to either side.
#[must_use]
pub fn placement(sweep: &Sweep, x: f64) -> [f64; 2] {
    let axis = Axis { limits: sweep.limits(), log: sweep.scale == Scale::Log };
    let reach = PLACEMENT * axis.width();
    if axis.log { [x * 10f64.powf(-reach), x * 10f64.powf(reach)] } else { [x - reach, x + reach] }
}

/// Name of the file of readings, for messages.
const FILE: &str = "data/paper/published_curves.csv";

/// The printed vertices of a figure's curves, from the text of `published_curves.csv`
/// (columns figure, curve, x, y), in the order of the figure's curves.
///
/// # Errors
/// [`ReportError::Ledger`] with the line of a row that is not two words and two numbers.
pub fn readings(figure: &Figure, csv: &str) -> Result<Vec<Vertex>, ReportError> {
    let mut rows = Vec::new();
    for (index, line) in csv.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
        let refuse = || ReportError::Ledger {
            file: FILE,
            reason: format!("line {}: `{line}` is not figure,curve,x,y", index + 1),
        };
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let [name, curve, x, y] = cells[..] else { return Err(refuse()) };
        let (Ok(x), Ok(y)) = (x.parse::<f64>(), y.parse::<f64>()) else { return Err(refuse()) };
        rows.push((name, curve, x, y));
    }
    let of_curve = |curve: &crate::spec::Curve| {
        let figure = figure.published_name(curve).unwrap_or("");
        let name = curve.published.as_deref().unwrap_or(&curve.id);
        let mine = rows.iter().filter(|row| row.0 == figure && row.1 == name);
        mine.map(|&(_, _, x, y)| Vertex { curve: curve.id.clone(), x, y }).collect::<Vec<_>>()
    };
    Ok(figure.curves.iter().flat_map(of_curve).collect())
}

/// Compares published vertices with the theory rows at the same curve and x.
///
/// ```text
/// allowance = 2e-4 + |slope| · 0.1 % of the x axis
/// ```
///
/// `slope` is the steeper of the two one-sided slopes of the theory (a cusp is misread from either side),
/// per unit of x, or per decade on a logarithmic axis. `within` is null where the theory is.
///
/// # Errors
/// [`TableError`] only if the schema lacks a column named here.
pub fn table(figure: &Figure, theory: &Table, vertices: &[Vertex]) -> Result<Table, TableError> {
    let axis = |name: &str| {
        let curve = figure.curves.iter().find(|curve| curve.id == name);
        let sweep = curve.map_or(&figure.x, |curve| figure.sweep_of(curve));
        Axis { limits: sweep.axis.unwrap_or(sweep.range), log: sweep.scale == Scale::Log }
    };
    compare(&figure.id, theory, vertices, axis)
}

fn compare(
    figure: &str,
    theory: &Table,
    vertices: &[Vertex],
    axis: impl Fn(&str) -> Axis,
) -> Result<Table, TableError> {
    let mut published = Table::with_schema(&schema::PUBLISHED);
    let mut current: Option<(&str, Series)> = None;
    for vertex in vertices {
        if current.as_ref().is_none_or(|(curve, _)| *curve != vertex.curve) {
            current = Some((&vertex.curve, Series::new(theory, &vertex.curve, "eg")));
        }
        let Some((_, series)) = &current else { continue };
        let axis = axis(&vertex.curve);
        let expected = series.at(vertex.x);
        let slope = steepest(series, vertex.x, axis);
        let difference = expected.map(|value| value - vertex.y);
        let allowance = READING + slope.unwrap_or(0.0).abs() * PLACEMENT * axis.width();
        let within = difference.map(|difference| if difference.abs() <= allowance { "yes" } else { "no" });
        published.push_row(&[
            ("figure", figure.into()),
            ("curve", vertex.curve.as_str().into()),
            ("x", vertex.x.into()),
            ("published", vertex.y.into()),
            ("theory", expected.into()),
            ("difference", difference.into()),
            ("slope", slope.into()),
            ("allowance", allowance.into()),
            ("within", within.map_or(Cell::Null, Cell::Text)),
        ])?;
    }
    Ok(published)
}

/// The steeper one-sided slope at a theory point. A neighbour nearer than the placement error says
/// nothing about the reading, so the nearest at or beyond it is taken.
fn steepest(series: &Series, x: f64, axis: Axis) -> Option<f64> {
    let here = series.points().iter().find(|point| same_x(point.x, x))?;
    let (at, y) = (axis.position(x), here.y?);
    // the points at the ends of the reading error count, whatever rounding made of their distance
    let far = PLACEMENT * axis.width() * (1.0 - 1e-6);
    let slope = |point: &super::series::Point| Some((point.y? - y) / (axis.position(point.x) - at));
    let left = series.points().iter().rev().find(|point| axis.position(point.x) <= at - far).and_then(slope);
    let right = series.points().iter().find(|point| axis.position(point.x) >= at + far).and_then(slope);
    match (left, right) {
        (Some(left), Some(right)) => Some(if left.abs() > right.abs() { left } else { right }),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    fn vertex(x: f64, y: f64) -> Vertex {
        Vertex { curve: "a".into(), x, y }
    }

    #[test]
    fn allowance_is_the_reading_plus_the_slope_over_a_thousandth_of_the_axis() {
        let theory = fixture::theory(&[("a", &[(1.0, Some(0.2)), (2.0, Some(0.3)), (3.0, Some(0.7)), (4.0, None)])]);
        let axis = |_: &str| Axis { limits: [0.0, 10.0], log: false };
        let rows = [vertex(1.0, 0.2), vertex(2.0, 0.2961), vertex(2.0, 0.2957), vertex(4.0, 0.1)];
        let table = compare("f", &theory, &rows, axis).unwrap();
        // steeper side of x = 2 is 0.4 per unit: 2e-4 + 0.4 × 0.01
        assert!((table.real("allowance", 1).unwrap() - 0.0042).abs() < 1e-12);
        assert!((table.real("difference", 1).unwrap() - 0.0039).abs() < 1e-12);
        assert_eq!(
            [table.text("within", 1), table.text("within", 2), table.text("within", 3)],
            [Some("yes"), Some("no"), None]
        );
        assert!((table.real("slope", 0).unwrap() - 0.1).abs() < 1e-12);
    }

    #[test]
    fn on_a_logarithmic_axis_slopes_are_per_decade() {
        let theory = fixture::theory(&[("a", &[(0.01, Some(0.2)), (0.1, Some(0.3)), (1.0, Some(0.3))])]);
        let axis = |_: &str| Axis { limits: [1e-5, 10.0], log: true };
        let table = compare("f", &theory, &[vertex(0.1, 0.3)], axis).unwrap();
        assert!((table.real("slope", 0).unwrap() - 0.1).abs() < 1e-12);
        assert!((table.real("allowance", 0).unwrap() - (2e-4 + 0.1 * 1e-3 * 6.0)).abs() < 1e-12);
    }
}
