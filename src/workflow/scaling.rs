//! Scaling: which trials are measured at which sizes, and the drawing of what came of it.

use crate::experiment::lineage::{LineageData, run_all_on};
use crate::experiment::{ExperimentError, Protocol, Sampling, Work};
use crate::model::lineage::{Data, Stage};
use crate::model::{Lineage, Mixture};
use crate::plot::{self, Axis, Color, Dash, Drawing, Grid, LegendPlacement, Marker, Panel, PlotError, Point};
use crate::table::Table;

use super::SEED;
use super::costs::Series;

/// Sizes of each series; what does not grow stays at [`FEATURES`], [`ALPHA`] and [`CURVES`].
const GROWING_FEATURES: [usize; 5] = [250, 500, 1000, 2000, 4000];
const GROWING_SAMPLES: [usize; 5] = [1500, 3000, 6000, 12_000, 24_000];
const GROWING_CURVES: [usize; 5] = [1, 2, 4, 8, 16];
/// N of the other two series.
const FEATURES: usize = 1000;
/// M/N of the series in N and in curves: between the thresholds of student and teacher, as most of the figures are.
const ALPHA: usize = 3;
/// Curves of the series in N and in M.
const CURVES: usize = 4;
/// Ridges of the teachers, least and most, spaced evenly in the logarithm.
const TEACHERS: [f64; 2] = [1e-2, 1.0];

/// One trial to be timed: distilled students of teachers at several ridges, on one data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// What grows in the series it belongs to.
    pub series: Series,
    /// N.
    pub n: usize,
    /// M.
    pub samples: usize,
    /// Students, each with a teacher of its own.
    pub curves: usize,
}

/// Every trial of the scaling, series by series.
#[must_use]
pub fn cases() -> Vec<Case> {
    let features = GROWING_FEATURES.map(|n| Case { series: Series::Features, n, samples: ALPHA * n, curves: CURVES });
    let samples = GROWING_SAMPLES.map(|samples| Case { series: Series::Samples, n: FEATURES, samples, curves: CURVES });
    let curves =
        GROWING_CURVES.map(|curves| Case { series: Series::Curves, n: FEATURES, samples: ALPHA * FEATURES, curves });
    [features, samples, curves].concat()
}

impl Case {
    /// Draws the data and trains every student; what is to be timed.
    ///
    /// # Errors
    /// As [`run_all_on`].
    pub fn run(&self) -> Result<Work, ExperimentError> {
        let mixture = Mixture { alpha: self.samples as f64 / self.n as f64, eta: 0.5, delta: 1.0, rho: 0.2 };
        let protocol = Protocol { n: self.n, sampling: Sampling::Stratified, seed: SEED };
        let share = |k: usize| if self.curves > 1 { k as f64 / (self.curves - 1) as f64 } else { 0.5 };
        let ridge = |k: usize| TEACHERS[0] * libm::pow(TEACHERS[1] / TEACHERS[0], share(k));
        let student = |k: usize| Lineage::distilled(&mixture, ridge(k), 0.0, 1e-5, 1.0, 1.0);
        let students: Vec<Lineage> = (0..self.curves).map(student).collect();
        let stages: Vec<&[Stage]> = students.iter().map(|student| &student.stages[..]).collect();
        let data = Data::isotropic(mixture.alpha, mixture.delta, mixture.rho);
        let drawn = LineageData::draw(&data, 0, &protocol, &|| false)?;
        Ok(run_all_on(&drawn, &stages, &|| false)?.work)
    }
}

/// Draws seconds against N, M and curves with their power laws, and the speed against N.
///
/// # Errors
/// [`PlotError`] when the table holds a size or a time that no axis can show.
pub fn draw(scaling: &Table) -> Result<String, PlotError> {
    let seconds = (0..scaling.rows()).filter_map(|row| scaling.real("seconds", row)).collect::<Vec<_>>();
    let mut panels: Vec<Panel> = Series::ALL.iter().map(|&series| panel(scaling, series, &seconds)).collect();
    panels.push(speed(scaling));
    plot::render(&Drawing {
        id: "scaling".into(),
        title: "Seconds a trial against its size".into(),
        description: "Measured seconds of a trial as points, power laws as lines: against features, samples and \
                      curves; and billions of operations a second against features."
            .into(),
        panels,
        grid: Grid::Pairs,
        legend: LegendPlacement::Hidden,
    })
}

/// Rows of a series.
fn rows(scaling: &Table, series: Series) -> Vec<usize> {
    scaling.rows_where("series", series.name())
}

fn panel(scaling: &Table, series: Series, all_seconds: &[f64]) -> Panel {
    let rows = rows(scaling, series);
    let (symbol, what) = match series {
        Series::Features => ("N", format!("features N, at M = {ALPHA}N, {CURVES} curves")),
        Series::Samples => ("M", format!("samples M, at N = {FEATURES}, {CURVES} curves")),
        Series::Curves => ("c", format!("curves c on one data set, N = {FEATURES}, M = {}", ALPHA * FEATURES)),
    };
    let x = |row: usize| scaling.integer("x", row).map_or(f64::NAN, |x| x as f64);
    let measured = rows.iter().map(|&row| {
        let seconds = scaling.real("seconds", row);
        let hover = seconds.map(|seconds| format!("{symbol} = {}: {seconds:.3} s", x(row)));
        Point { hover, ..Point::maybe(x(row), seconds) }
    });
    let law = rows.iter().map(|&row| Point::maybe(x(row), scaling.real("fitted", row)));
    let exponent = rows.first().and_then(|&row| scaling.real("exponent", row));
    let sizes: Vec<f64> = rows.iter().map(|&row| x(row)).collect();
    let mut panel = Panel::new(Axis::log(what, around(&sizes)), Axis::log("seconds, one thread", around(all_seconds)));
    panel.title = exponent.map(|exponent| format!("time ∝ {symbol}^{{{exponent:.2}}}"));
    panel.series = vec![
        plot::Series::fit(series.name(), "", Color::NEUTRAL, Dash::Solid, law.collect()),
        plot::Series::experiment(series.name(), "", Color::slot(0), Marker::Circle, measured.collect()),
    ];
    panel
}

/// Operations a second of the series in N.
fn speed(scaling: &Table) -> Panel {
    let rows = rows(scaling, Series::Features);
    let point = |row: usize| {
        let (n, flops, seconds) =
            (scaling.integer("n", row)?, scaling.real("flops", row)?, scaling.real("seconds", row)?);
        let speed = flops / seconds * 1e-9;
        Some(Point { hover: Some(format!("N = {n}: {speed:.1} Gflop/s")), ..Point::new(n as f64, speed) })
    };
    let points: Vec<Point> = rows.into_iter().filter_map(point).collect();
    let sizes: Vec<f64> = points.iter().map(|point| point.x).collect();
    let top = points.iter().fold(0.0, |top: f64, point| top.max(point.y));
    let mut panel = Panel::new(
        Axis::log("features N", around(&sizes)),
        Axis::linear("10^{9} operations a second", (0.0, if top > 0.0 { 1.2 * top } else { 1.0 })),
    );
    panel.title = Some("speed of the fits, drawing of data included".into());
    panel.series = vec![plot::Series::experiment("speed", "", Color::slot(1), Marker::Square, points)];
    panel
}

/// A logarithmic range with room on either side.
fn around(values: &[f64]) -> (f64, f64) {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(0.0, f64::max);
    if low > 0.0 && high > 0.0 { (low / 1.4, high * 1.4) } else { (1.0, 10.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_grows_in_what_it_is_named_for_and_in_nothing_else_but_the_samples_of_constant_alpha() {
        for series in Series::ALL {
            let cases: Vec<Case> = cases().into_iter().filter(|case| case.series == series).collect();
            assert_eq!(cases.len(), 5);
            for pair in cases.windows(2) {
                let grows = [pair[0].n < pair[1].n, pair[0].samples < pair[1].samples, pair[0].curves < pair[1].curves];
                let expected = match series {
                    Series::Features => [true, true, false],
                    Series::Samples => [false, true, false],
                    Series::Curves => [false, false, true],
                };
                assert_eq!(grows, expected, "{pair:?}");
            }
        }
    }

    #[test]
    fn more_curves_read_the_matrix_no_more_often_than_the_slowest_of_them() {
        let cost = |curves| Case { series: Series::Curves, n: 60, samples: 180, curves }.run().unwrap();
        let (two, eight) = (cost(2), cost(8));
        assert!(eight.flops > 2 * two.flops && eight.bytes < 2 * two.bytes, "{two:?} {eight:?}");
    }
}
