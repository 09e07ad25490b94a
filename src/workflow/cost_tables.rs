//! What runs cost as tables, time against size with the power law fitted to it.

use crate::table::{Cell, Rows, Table, TableError, schema};

use super::costs::{Circumstances, Costs, ScalingPoint, Series};

impl Costs {
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
}
