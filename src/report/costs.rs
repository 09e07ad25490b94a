//! The appendix on cost: whole runs, and time against size. Numbers of a committed measurement, as tables.

use serde::Serialize;

use crate::table::Table;
use crate::verdict::{NONE, fixed};

use super::download::Download;

/// What was measured of cost, and how it is drawn.
#[derive(Debug, Clone, Copy)]
pub struct CostsInput<'a> {
    /// One row a profile and figure, and one a profile for the whole run.
    pub runs: &'a Table,
    /// Time against size.
    pub scaling: &'a Table,
    /// Time against size as an SVG document.
    pub drawing: &'a str,
}

/// The appendix.
#[derive(Debug, Serialize)]
pub(super) struct CostsModel {
    /// Time against size as an SVG document.
    pub drawing: String,
    pub downloads: [Download; 2],
    pub runs: Vec<RunModel>,
    pub laws: Vec<LawModel>,
    /// Where the seconds of the figures were measured: of this run's profile.
    pub figures_measured: Option<String>,
    /// Where the scaling was measured.
    pub scaling_measured: String,
}

/// One whole run.
#[derive(Debug, Serialize)]
pub(super) struct RunModel {
    pub profile: String,
    pub wall: String,
    pub seconds: String,
    pub theory: String,
    pub memory: String,
    pub flops: String,
    pub bytes: String,
    pub threads: String,
    pub measured: String,
}

/// One series of the scaling.
#[derive(Debug, Serialize)]
pub(super) struct LawModel {
    pub symbol: &'static str,
    pub grows: &'static str,
    pub from: String,
    pub to: String,
    pub exponent: String,
}

impl CostsInput<'_> {
    /// Seconds of work behind a figure at a profile, where they were measured.
    #[must_use]
    pub fn seconds(&self, profile: &str, figure: &str) -> Option<f64> {
        let mine = |row: &usize| self.runs.text("profile", *row) == Some(profile);
        let row = self.runs.rows_where("figure", figure).into_iter().find(mine)?;
        self.runs.real("seconds", row)
    }

    /// The appendix of a report at that profile.
    pub(super) fn model(&self, profile: &str) -> CostsModel {
        let whole = (0..self.runs.rows()).filter(|&row| self.runs.text("figure", row).is_none());
        CostsModel {
            drawing: self.drawing.to_owned(),
            downloads: ["scaling", "costs"].map(|name| Download::beside(format!("{name}.parquet"))),
            runs: whole.map(|row| self.run(row)).collect(),
            laws: [
                ("features", "N", "at constant α"),
                ("samples", "M", "at constant N"),
                ("curves", "c", "on one data set"),
            ]
            .into_iter()
            .filter_map(|(series, symbol, grows)| self.law(series, symbol, grows))
            .collect(),
            figures_measured: self.runs.rows_where("profile", profile).first().map(|&row| measured(self.runs, row)),
            scaling_measured: measured(self.scaling, 0),
        }
    }

    fn run(&self, row: usize) -> RunModel {
        let real = |column: &str, unit: f64, digits: usize| {
            self.runs.real(column, row).map_or(NONE.to_owned(), |value| fixed(value / unit, digits))
        };
        RunModel {
            profile: self.runs.text("profile", row).unwrap_or(NONE).to_owned(),
            wall: real("wall_seconds", 1.0, 0),
            seconds: real("seconds", 1.0, 0),
            theory: real("theory_seconds", 1.0, 1),
            memory: real("peak_bytes", 1e9, 2),
            flops: real("flops", 1e12, 2),
            bytes: real("bytes", 1e12, 2),
            threads: self.runs.integer("threads", row).map_or(NONE.to_owned(), |threads| threads.to_string()),
            measured: measured(self.runs, row),
        }
    }

    fn law(&self, series: &str, symbol: &'static str, grows: &'static str) -> Option<LawModel> {
        let rows = self.scaling.rows_where("series", series);
        let (first, last) = (*rows.first()?, *rows.last()?);
        let size = |row| self.scaling.integer("x", row).map(|size| size.to_string());
        let exponent = fixed(self.scaling.real("exponent", first)?, 2);
        Some(LawModel { symbol, grows, from: size(first)?, to: size(last)?, exponent })
    }
}

/// Machine and day of a row.
fn measured(table: &Table, row: usize) -> String {
    let word = |column| table.text(column, row).unwrap_or(NONE);
    format!("{}, {}", word("machine"), word("date"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::schema;

    #[test]
    fn what_was_not_measured_is_a_dash_and_other_profiles_say_nothing_of_this_one() {
        let mut runs = Table::with_schema(&schema::COSTS);
        let row = [("profile", "quick".into()), ("machine", "m".into()), ("date", "2026-01-01".into())];
        runs.push_row(&[&row[..], &[("seconds", 40.0.into()), ("flops", 2.5e12.into())]].concat()).unwrap();
        runs.push_row(&[&row[..], &[("figure", "fig05".into()), ("seconds", 3.0.into())]].concat()).unwrap();
        let input = CostsInput { runs: &runs, scaling: &Table::with_schema(&schema::SCALING), drawing: "" };
        assert_eq!(input.seconds("quick", "fig05"), Some(3.0));
        assert_eq!((input.seconds("paper", "fig05"), input.seconds("quick", "fig06")), (None, None));
        let model = input.model("quick");
        assert_eq!(model.figures_measured.as_deref(), Some("m, 2026-01-01"));
        assert_eq!((model.runs.len(), model.laws.len()), (1, 0));
        assert_eq!((model.runs[0].wall.as_str(), model.runs[0].flops.as_str()), (NONE, "2.50"));
        assert_eq!(input.model("paper").figures_measured, None);
    }
}
