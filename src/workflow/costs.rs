//! What runs cost: measured once on a named machine, committed, and from then on an input like any other.
//!
//! ```text
//! measure ─► data/measured/costs.toml ─► costs ─► data/costs.parquet, data/scaling.parquet ─► figures/scaling.svg, report
//! ```
//!
//! A clock read during a run would give every run other bytes. So the clock is read by `measure` alone, and
//! what a run prints about time is what is written down here, with machine and date.

use serde::{Deserialize, Serialize};

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
    /// What grows, as a number.
    #[must_use]
    pub fn x(&self) -> usize {
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
}

#[cfg(test)]
mod tests {
    use super::*;

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
