//! The arms of a curve as series: theory, simulation with replicates left out, print.

use std::collections::{BTreeMap, BTreeSet};

use crate::spec::quantity::Quantity;
use crate::spec::{Arm, Curves, Measurement, Swept};
use crate::table::Table;

use super::evidence::{CONVERGED, Evidence};
use super::finite_size::{Deviation, deviations};
use super::series::{Point, Series, same_x};
use super::student::CERTIFIED;

/// What measured values are values of.
pub(super) const MEASURED: &str = "eg";

/// Converged values of one column of one curve: for each x, the value of each data set.
type Replicates = Vec<(f64, BTreeMap<i64, f64>)>;

/// At which N trials are read: the profile's, or the largest other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Read {
    /// The profile's own.
    Own,
    /// The largest other N at which a point of the curve is run.
    Other,
}

impl Read {
    /// Where the trials of an arm are; none for an arm that is no mean over them.
    pub fn of(arm: Arm) -> Option<Self> {
        match arm {
            Arm::Simulation | Arm::StandardError => Some(Self::Own),
            Arm::OtherSize => Some(Self::Other),
            Arm::Theory
            | Arm::Expected
            | Arm::Z
            | Arm::Print
            | Arm::PrintDifference
            | Arm::PrintReadings
            | Arm::OneOverN
            | Arm::OneOverNError
            | Arm::Measured
            | Arm::MeasuredDifference => None,
        }
    }
}

/// What the simulation voice reads: trials grouped by x and data set.
#[derive(Debug, Default)]
pub(super) struct Trials {
    columns: BTreeMap<(Read, String, String), Replicates>,
}

impl Trials {
    /// Gathers the trials of all curves that some quantities read, those without an arm from `arm`.
    pub fn new<'q>(evidence: &Evidence<'_>, quantities: impl Iterator<Item = &'q Quantity>, arm: Arm) -> Self {
        let mut columns = BTreeMap::new();
        for quantity in quantities {
            let Some(read) = Read::of(quantity.arm.unwrap_or(arm)) else { continue };
            for curve in quantity.curves() {
                let key = (read, curve.to_owned(), quantity.column.clone());
                columns.entry(key).or_insert_with(|| match read {
                    Read::Own => replicates(&evidence.experiment, curve, &quantity.column, None),
                    Read::Other => {
                        let sized = &evidence.sized;
                        let largest = sized.rows_where("curve", curve).into_iter();
                        let largest = largest.filter_map(|row| sized.integer("n", row)).max();
                        replicates(sized, curve, &quantity.column, largest)
                    }
                });
            }
        }
        Self { columns }
    }

    /// Numbers of the data sets there are.
    pub fn data_sets(&self) -> BTreeSet<i64> {
        self.columns.values().flatten().flat_map(|(_, values)| values.keys().copied()).collect()
    }

    /// Mean and standard error at every x, one data set left out where that is asked for.
    fn series(&self, read: Read, curve: &str, column: &str, (left_out, horizontal): (Option<i64>, bool)) -> Series {
        let known = self.columns.get(&(read, curve.to_owned(), column.to_owned()));
        let point = |(x, values): &(f64, BTreeMap<i64, f64>)| {
            let kept: Vec<f64> =
                values.iter().filter(|(set, _)| Some(**set) != left_out).map(|(_, value)| *value).collect();
            let (mean, error) = mean_and_error(&kept);
            Point { x: *x, y: mean, error: error.unwrap_or(0.0) }
        };
        Series::new(known.into_iter().flatten().map(point).collect(), horizontal)
    }
}

fn replicates(experiment: &Table, curve: &str, column: &str, n: Option<i64>) -> Replicates {
    let mut points: Replicates = Vec::new();
    for row in experiment.rows_where("curve", curve) {
        if n.is_some() && experiment.integer("n", row) != n {
            continue;
        }
        let (Some(x), Some(set)) = (experiment.real("x", row), experiment.integer("replicate", row)) else { continue };
        let value = experiment.real(column, row).filter(|_| experiment.text("status", row) == Some(CONVERGED));
        let index = points.iter().position(|(at, _)| same_x(*at, x)).unwrap_or_else(|| {
            points.push((x, BTreeMap::new()));
            points.len() - 1
        });
        points[index].1.extend(value.map(|value| (set, value)));
    }
    points
}

/// Mean of some values and its standard error; null below one and two values.
pub(super) fn mean_and_error(values: &[f64]) -> (Option<f64>, Option<f64>) {
    if values.is_empty() {
        return (None, None);
    }
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    if values.len() < 2 {
        return (Some(mean), None);
    }
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (Some(mean), Some((squares / (count - 1.0) / count).sqrt()))
}

/// A column of the theory of a curve; flat where all its values are equal.
pub(super) fn theory_series(theory: &Table, curve: &str, column: &str) -> Series {
    column_of(theory, curve, column, &|_, y| CERTIFIED * y.abs(), &|_| true, false)
}

/// A column of the rows of a curve, null where a row did not converge.
fn column_of(
    table: &Table,
    curve: &str,
    value: &str,
    error: &dyn Fn(usize, f64) -> f64,
    keep: &dyn Fn(usize) -> bool,
    horizontal: bool,
) -> Series {
    let rows = table.rows_where("curve", curve).into_iter().filter(|&row| keep(row));
    let sure = |row: usize| table.text("status", row).is_none_or(|status| status == CONVERGED);
    let point = |row: usize| {
        let y = table.real(value, row).filter(|_| sure(row));
        Some(Point { x: table.real("x", row)?, y, error: y.map_or(0.0, |y| error(row, y)) })
    };
    Series::new(rows.filter_map(point).collect(), horizontal)
}

/// Reads series of a figure.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub evidence: &'a Evidence<'a>,
    pub trials: &'a Trials,
    /// The arm that a quantity without one of its own is read from.
    pub arm: Arm,
    /// The data set that is left out of simulated means.
    pub left_out: Option<i64>,
    /// Standard errors that the error of a measured or fitted value stands for.
    pub reach: f64,
}

/// The delete-one jackknife's standard error.
///
/// ```text
/// se² = (R−1)/R Σ_r (v₍₋ᵣ₎ − v̄)²
/// ```
pub(super) fn jackknife(left: &[f64]) -> f64 {
    let count = left.len() as f64;
    let mean = left.iter().sum::<f64>() / count;
    ((count - 1.0) / count * left.iter().map(|value| (value - mean).powi(2)).sum::<f64>()).sqrt()
}

impl Reader<'_> {
    /// The series a quantity reduces: its curve, or the lowest of its curves, minus the other where it has one.
    pub fn series(&self, quantity: &Quantity) -> Series {
        let arm = quantity.arm.unwrap_or(self.arm);
        if arm == Arm::StandardError && quantity.minus.is_some() {
            return self.paired_error(quantity);
        }
        let read = |curve: &str| self.curve(curve, &quantity.column, arm);
        let own = match &quantity.curve {
            None => Series::default(),
            Some(Curves::One(curve)) => read(curve),
            Some(Curves::Lowest(curves)) => {
                let all = curves.iter().map(|curve| read(curve));
                all.reduce(|low, next| low.combined(&next, None, f64::min)).unwrap_or_default()
            }
        };
        match &quantity.minus {
            None => own,
            Some(other) => {
                let relative = quantity.relative;
                let with = |own: f64, other: f64| if relative { (own - other) / other.abs() } else { own - other };
                own.combined(&read(other), quantity.range, with)
            }
        }
    }

    /// The standard error of a simulated difference at every x, both curves on the same data sets.
    fn paired_error(&self, quantity: &Quantity) -> Series {
        let difference = Quantity { arm: Some(Arm::Simulation), ..quantity.clone() };
        let left = self.trials.data_sets().into_iter();
        let left: Vec<Series> = left.map(|set| Reader { left_out: Some(set), ..*self }.series(&difference)).collect();
        let point = |point: &Point| {
            let values: Option<Vec<f64>> = left.iter().map(|series| series.at(point.x)).collect();
            Point { y: values.map(|values| jackknife(&values)).filter(|error| *error > 0.0), error: 0.0, ..*point }
        };
        Series::new(self.series(&difference).points().iter().map(point).collect(), false)
    }

    fn curve(&self, curve: &str, column: &str, arm: Arm) -> Series {
        let spec = self.evidence.spec;
        let known = spec.curves.iter().find(|known| known.id == curve);
        let horizontal = known.is_some_and(|curve| spec.swept(curve) == Swept::None);
        let bound = known.is_some_and(|curve| curve.is_bound());
        let table = |table: &Table, value: &str, error: &dyn Fn(usize, f64) -> f64, keep: &dyn Fn(usize) -> bool| {
            column_of(table, curve, value, error, keep, horizontal)
        };
        let Evidence { theory, agreement, published, .. } = self.evidence;
        let none = |_: usize, _: f64| 0.0;
        let print = |value: &str, error: &dyn Fn(usize, f64) -> f64| {
            table(published, value, error, &|row| published.text("column", row) == Some(column))
        };
        match arm {
            Arm::Theory => table(theory, column, &|_, y| CERTIFIED * y.abs(), &|_| true),
            // a bound in closed form has no trials, and needs none
            Arm::Expected | Arm::Simulation | Arm::OtherSize if bound => table(theory, column, &none, &|_| true),
            Arm::Expected => {
                let keep = |row: usize| agreement.text("observable", row) == Some(column);
                table(agreement, "theory", &|_, y| CERTIFIED * y.abs(), &keep)
            }
            Arm::Simulation => self.trials.series(Read::Own, curve, column, (self.left_out, horizontal)),
            Arm::OtherSize => self.trials.series(Read::Other, curve, column, (self.left_out, horizontal)),
            Arm::StandardError => {
                let simulated = self.trials.series(Read::Own, curve, column, (self.left_out, horizontal));
                let points = simulated.points().iter();
                let points =
                    points.map(|point| Point { y: Some(point.error).filter(|e| *e > 0.0), error: 0.0, ..*point });
                Series::new(points.collect(), horizontal)
            }
            Arm::Z => table(agreement, "z", &none, &|row| agreement.text("observable", row) == Some(column)),
            Arm::Print => print("published", &|row, _| published.real("allowance", row).unwrap_or(0.0)).dense(),
            Arm::PrintDifference => print("difference", &none),
            Arm::PrintReadings => print("in_readings", &none),
            Arm::OneOverN | Arm::OneOverNError => {
                let mine = deviations(self.evidence).into_iter();
                let mine = mine.filter(|one| one.curve == curve && one.observable == column);
                let point = |one: Deviation| {
                    let found = one.coefficient();
                    let error = found.map(|found| found.standard_error);
                    if arm == Arm::OneOverNError {
                        return Point { x: one.x, y: error, error: 0.0 };
                    }
                    let y = found.map(|found| found.value);
                    Point { x: one.x, y, error: error.map_or(0.0, |error| self.reach * error) }
                };
                Series::new(mine.map(point).collect(), horizontal)
            }
            Arm::Measured | Arm::MeasuredDifference if column != MEASURED => Series::default(),
            Arm::Measured => {
                let points = known.and_then(|curve| curve.measured.as_ref()).into_iter().flat_map(|all| &all.points);
                let point = |one: &Measurement| Point { x: one.x, y: Some(one.value), error: self.reach * one.error };
                Series::new(points.map(point).collect(), horizontal)
            }
            Arm::MeasuredDifference => {
                let measured = self.curve(curve, column, Arm::Measured);
                let expected = self.curve(curve, column, Arm::Theory);
                measured.combined(&expected, None, |measured, theory| (measured - theory) / theory)
            }
        }
    }
}
