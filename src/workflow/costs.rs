//! What runs cost: measured once on a named machine, committed, and from then on an input like any other.
//!
//! ```text
//! measure ─► data/measured/costs.toml ─► costs ─► data/costs.parquet, data/scaling.parquet ─► figures/scaling.svg, report
//! ```
//!
//! A clock read during a run would give every run other bytes. So the clock is read by `measure` alone, and
//! what a run prints about time is what is written down here, with machine and date.

use serde::{Deserialize, Serialize};

use crate::table::{Cell, Rows, Table, TableError, schema};

/// The committed measurement, relative to the project's root.
pub const COSTS_FILE: &str = "data/measured/costs.toml";

/// All that was measured.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Costs {
    /// Whole runs, at most one a profile.
    #[serde(default, rename = "run", skip_serializing_if = "Vec::is_empty")]
    pub runs: Vec<RunCost>,
    /// Time against size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scaling: Option<Scaling>,
}

/// Where and when something was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Circumstances {
    /// The machine.
    pub machine: String,
    /// The day, UTC.
    pub date: String,
    /// Threads in use.
    pub threads: usize,
}

/// What a run from nothing cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunCost {
    /// Its profile.
    pub profile: String,
    /// Where and when.
    pub measured: Circumstances,
    /// Seconds by the clock on the wall, where one run made every stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wall_seconds: Option<f64>,
    /// Seconds of work: those of all stages together.
    pub seconds: f64,
    /// Of these, seconds of the theory.
    pub theory_seconds: f64,
    /// Highest resident memory in bytes, where the system told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_bytes: Option<f64>,
    /// Floating-point operations in passes over X.
    pub flops: f64,
    /// Bytes of X read.
    pub bytes: f64,
    /// Each figure: learners trained together share their time in equal parts, stages that figures share count in each.
    #[serde(default, rename = "figure", skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<FigureCost>,
}

/// What the stages behind one figure cost in the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FigureCost {
    /// The figure.
    pub id: String,
    /// Seconds of work.
    pub seconds: f64,
    /// Floating-point operations in passes over X.
    pub flops: f64,
    /// Bytes of X read.
    pub bytes: f64,
}

/// Time against N, M and the number of curves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scaling {
    /// Where and when.
    pub measured: Circumstances,
    /// The points, series by series, each by rising size.
    #[serde(rename = "point")]
    pub points: Vec<ScalingPoint>,
}

/// What grows in a series of the scaling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Series {
    /// N at constant α.
    Features,
    /// M at constant N.
    Samples,
    /// The number of curves on one data set.
    Curves,
}

impl Series {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Features, Self::Samples, Self::Curves];

    /// Its word in tables and files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Features => "features",
            Self::Samples => "samples",
            Self::Curves => "curves",
        }
    }
}

/// One measured size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScalingPoint {
    /// What grows.
    pub series: Series,
    /// N.
    pub n: usize,
    /// M.
    pub samples: usize,
    /// Students, each with a teacher of its own.
    pub curves: usize,
    /// Fastest of several runs, seconds.
    pub seconds: f64,
    /// Floating-point operations in passes over X.
    pub flops: f64,
    /// Bytes of X read.
    pub bytes: f64,
}

impl ScalingPoint {
    fn x(&self) -> usize {
        match self.series {
            Series::Features => self.n,
            Series::Samples => self.samples,
            Series::Curves => self.curves,
        }
    }
}

impl Costs {
    /// Reads the committed file's text.
    ///
    /// # Errors
    /// What is wrong, with its line.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let costs: Self = toml::from_str(text)?;
        if costs == Self::default() {
            return Err(serde::de::Error::custom(
                "it holds no measurement, as after a cut-off write; valid: what `measure` writes, or no such file",
            ));
        }
        Ok(costs)
    }

    /// The file's text, with what it is for.
    ///
    /// # Errors
    /// Never for what [`Costs::parse`] gave.
    pub fn to_text(&self) -> Result<String, toml::ser::Error> {
        Ok(format!("# Written by `redistill measure`; README.md beside it says how.\n\n{}", toml::to_string(self)?))
    }

    /// Puts a run in the place of the one of the same profile.
    pub fn record(&mut self, run: RunCost) {
        match self.runs.iter_mut().find(|known| known.profile == run.profile) {
            Some(known) => *known = run,
            None => self.runs.push(run),
        }
    }

    /// The runs as a table.
    ///
    /// # Errors
    /// [`TableError`] only if the schema lacks a column.
    pub fn runs_table(&self) -> Result<Table, TableError> {
        let mut table = Rows::new(&schema::COSTS);
        for run in &self.runs {
            let shared = [("profile", Cell::from(run.profile.as_str()))].into_iter().chain(told(&run.measured));
            let whole = [
                ("theory_seconds", run.theory_seconds.into()),
                ("wall_seconds", run.wall_seconds.into()),
                ("peak_bytes", run.peak_bytes.into()),
                ("threads", Cell::count(run.measured.threads)),
            ];
            let whole = whole.into_iter().chain(amounts(run.seconds, run.flops, run.bytes));
            table.push_row(&shared.clone().chain(whole).collect::<Vec<_>>())?;
            for figure in &run.figures {
                let own = [("figure", Cell::from(figure.id.as_str())), ("threads", Cell::count(run.measured.threads))];
                let own = own.into_iter().chain(amounts(figure.seconds, figure.flops, figure.bytes));
                table.push_row(&shared.clone().chain(own).collect::<Vec<_>>())?;
            }
        }
        table.table()
    }

    /// The scaling as a table, each series with the power law fitted to it.
    ///
    /// # Errors
    /// [`TableError`] only if the schema lacks a column.
    pub fn scaling_table(&self) -> Result<Table, TableError> {
        let mut table = Rows::new(&schema::SCALING);
        let Some(scaling) = &self.scaling else { return table.table() };
        for series in Series::ALL {
            let points: Vec<&ScalingPoint> = scaling.points.iter().filter(|point| point.series == series).collect();
            let law = power_law(points.iter().map(|point| (point.x() as f64, point.seconds)));
            for point in points {
                let x = point.x() as f64;
                let mut cells = vec![
                    ("series", series.name().into()),
                    ("x", Cell::count(point.x())),
                    ("n", Cell::count(point.n)),
                    ("samples", Cell::count(point.samples)),
                    ("curves", Cell::count(point.curves)),
                    ("exponent", law.map(|(_, exponent)| exponent).into()),
                    ("fitted", law.map(|(factor, exponent)| factor * libm::pow(x, exponent)).into()),
                ];
                cells.extend(amounts(point.seconds, point.flops, point.bytes));
                cells.extend(told(&scaling.measured));
                table.push_row(&cells)?;
            }
        }
        table.table()
    }
}

fn told(circumstances: &Circumstances) -> impl Iterator<Item = (&'static str, Cell<'_>)> + Clone {
    let Circumstances { machine, date, .. } = circumstances;
    [("machine", Cell::from(machine.as_str())), ("date", date.as_str().into())].into_iter()
}

fn amounts<'a>(seconds: f64, flops: f64, bytes: f64) -> impl Iterator<Item = (&'static str, Cell<'a>)> {
    [("seconds", seconds.into()), ("flops", flops.into()), ("bytes", bytes.into())].into_iter()
}

/// Factor and exponent of y = c·x^p by least squares of log y on log x; none below two sizes.
fn power_law(points: impl Iterator<Item = (f64, f64)>) -> Option<(f64, f64)> {
    let logs: Vec<(f64, f64)> = points.map(|(x, y)| (libm::log(x), libm::log(y))).collect();
    let count = logs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = logs.iter().map(|point| (point.0 - x) * (point.0 - x)).sum();
    let slope = logs.iter().map(|point| (point.0 - x) * (point.1 - y)).sum::<f64>() / spread;
    slope.is_finite().then(|| (libm::exp(y - slope * x), slope))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_law_is_found_exactly_and_one_size_has_none() {
        let (factor, exponent) = power_law([10.0, 20.0, 80.0].map(|x| (x, 3e-4 * x * x)).into_iter()).unwrap();
        assert!((factor / 3e-4 - 1.0).abs() < 1e-12 && (exponent - 2.0).abs() < 1e-12);
        assert_eq!(power_law([(10.0, 1.0)].into_iter()), None);
    }

    #[test]
    fn the_file_gives_back_what_was_written_and_a_profile_has_one_run() {
        let measured = Circumstances { machine: "m".into(), date: "2026-01-01".into(), threads: 2 };
        let figures = vec![FigureCost { id: "fig01".into(), seconds: 0.5, flops: 1e6, bytes: 2e6 }];
        let run = |seconds, wall_seconds| RunCost {
            profile: "quick".into(),
            measured: measured.clone(),
            wall_seconds,
            seconds,
            theory_seconds: 1.0,
            peak_bytes: None,
            flops: 1e9,
            bytes: 2e9,
            figures: figures.clone(),
        };
        let point = |n, seconds| ScalingPoint {
            series: Series::Features,
            n,
            samples: 3 * n,
            curves: 1,
            seconds,
            flops: 1.0,
            bytes: 1.0,
        };
        let scaling = Scaling { measured: measured.clone(), points: vec![point(100, 1.0), point(200, 8.0)] };
        let mut costs = Costs { runs: Vec::new(), scaling: Some(scaling) };
        costs.record(run(30.0, None));
        costs.record(run(20.0, Some(11.0)));
        assert_eq!(Costs::parse(&costs.to_text().unwrap()).unwrap(), costs);
        let runs = costs.runs_table().unwrap();
        assert_eq!((runs.rows(), runs.real("wall_seconds", 0), runs.text("figure", 1)), (2, Some(11.0), Some("fig01")));
        assert_eq!((runs.text("figure", 0), runs.real("peak_bytes", 0)), (None, None));
        let table = costs.scaling_table().unwrap();
        assert!((table.real("exponent", 1).unwrap() - 3.0).abs() < 1e-12);
        assert!((table.real("fitted", 1).unwrap() - 8.0).abs() < 1e-9);
    }
}
