//! The appendix on cost: whole runs, and time against size. Numbers of a committed measurement, as tables.

use serde::Serialize;

use crate::table::{Table, TableName};
use crate::verdict::{NONE, fixed};

use super::download::Download;
use super::sheet::Sheet;

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
    pub runs: Sheet,
    /// How the time of a trial grows with each of its sizes, Markdown; empty where that was not measured.
    pub laws: Vec<String>,
    /// Where the seconds of the figures were measured: of this run's profile.
    pub figures_measured: Option<String>,
    /// Where the scaling was measured.
    pub scaling_measured: String,
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
        let head = [
            "profile",
            "seconds by the clock",
            "threads",
            "seconds of work",
            "of theory",
            "peak memory, GB",
            "10¹² operations",
            "TB of X read",
            "measured",
        ];
        let mut runs = Sheet::new(head);
        for row in (0..self.runs.rows()).filter(|&row| self.runs.text("figure", row).is_none()) {
            runs.push(self.run(row));
        }
        CostsModel {
            drawing: self.drawing.to_owned(),
            downloads: [TableName::Scaling, TableName::Costs].map(Download::beside),
            runs,
            laws: [
                ("features", "N", "at constant α"),
                ("samples", "M", "at constant N"),
                ("curves", "c", "on one data set"),
            ]
            .into_iter()
            .filter_map(|series| self.law(series))
            .collect(),
            figures_measured: self.runs.rows_where("profile", profile).first().map(|&row| measured(self.runs, row)),
            scaling_measured: measured(self.scaling, 0),
        }
    }

    fn run(&self, row: usize) -> [String; 9] {
        let real = |column: &str, unit: f64, digits: usize| {
            self.runs.real(column, row).map_or(NONE.to_owned(), |value| fixed(value / unit, digits))
        };
        [
            self.runs.text("profile", row).unwrap_or(NONE).to_owned(),
            real("wall_seconds", 1.0, 0),
            self.runs.integer("threads", row).map_or(NONE.to_owned(), |threads| threads.to_string()),
            real("seconds", 1.0, 0),
            real("theory_seconds", 1.0, 1),
            real("peak_bytes", 1e9, 2),
            real("flops", 1e12, 2),
            real("bytes", 1e12, 2),
            measured(self.runs, row),
        ]
    }

    fn law(&self, (series, symbol, grows): (&str, &str, &str)) -> Option<String> {
        let rows = self.scaling.rows_where("series", series);
        let (first, last) = (*rows.first()?, *rows.last()?);
        let size = |row| self.scaling.integer("x", row);
        let exponent = fixed(self.scaling.real("exponent", first)?, 2);
        Some(format!("${symbol}^{{{exponent}}}$ {grows} (${symbol}$ from {} to {})", size(first)?, size(last)?))
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
    use crate::table::{Rows, schema};

    #[test]
    fn what_was_not_measured_is_a_dash_and_other_profiles_say_nothing_of_this_one() {
        let mut runs = Rows::new(&schema::COSTS);
        let row = [("profile", "quick".into()), ("machine", "m".into()), ("date", "2026-01-01".into())];
        runs.push_row(&[&row[..], &[("seconds", 40.0.into()), ("flops", 2.5e12.into())]].concat()).unwrap();
        runs.push_row(&[&row[..], &[("figure", "fig05".into()), ("seconds", 3.0.into())]].concat()).unwrap();
        let runs = runs.table().unwrap();
        let input = CostsInput { runs: &runs, scaling: &Table::with_schema(&schema::SCALING), drawing: "" };
        assert_eq!(input.seconds("quick", "fig05"), Some(3.0));
        assert_eq!((input.seconds("paper", "fig05"), input.seconds("quick", "fig06")), (None, None));
        let model = input.model("quick");
        assert_eq!(model.figures_measured.as_deref(), Some("m, 2026-01-01"));
        assert!(model.laws.is_empty());
        let run = input.run(0);
        assert_eq!((run[1].as_str(), run[6].as_str()), (NONE, "2.50"));
        assert_eq!(input.model("paper").figures_measured, None);
    }
}
