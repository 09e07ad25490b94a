//! The points of a sweep: where they are, and the row of each.

use std::collections::BTreeMap;

use polars::prelude::{Column, DataFrame};
use serde_json::json;

use crate::cli::Failure;
use crate::cli::axis::Axis;
use crate::cli::lineage_table::finite;
use crate::cli::lineage_view::doubt;
use crate::model::lineage::{Descriptor, Observable, ObservableDescriptor};
use crate::model::{Lineage, Status};
use crate::table::Table;
use crate::theory::lineage::{Warm, solve_from};

/// Points along the first axis of which each starts where the one before ended. The first starts from nothing, so that
/// no byte depends on how many threads there are.
const SEGMENT: usize = 24;

/// One point of the grid.
pub(super) struct Row {
    values: Vec<f64>,
    observables: Vec<Option<f64>>,
    pub(super) status: Status,
    reason: Option<String>,
    error: Option<f64>,
}

/// What is swept.
pub(super) struct Grid<'a> {
    pub(super) lineage: &'a Lineage,
    pub(super) axes: &'a [Axis],
    pub(super) columns: Vec<Observable>,
}

impl Grid<'_> {
    /// Points along the first axis, and of the other axes together.
    pub(super) fn sizes(&self) -> (usize, usize) {
        let size = |axes: &[Axis]| axes.iter().map(|axis| axis.values.len()).fold(1usize, usize::saturating_mul);
        (size(&self.axes[..1]), size(&self.axes[1..]))
    }

    /// Every segment: the line it is on, and its points on it.
    pub(super) fn segments(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        let (along, lines) = self.sizes();
        let count = along.div_ceil(SEGMENT);
        let part = along.div_ceil(count);
        (0..lines)
            .flat_map(move |line| (0..count).map(move |i| (line, i * part, ((i + 1) * part).min(along))))
            .filter(|(_, from, to)| from < to)
    }

    /// Solves the points of a segment, each from where the one before ended; none once `go_on` says no.
    pub(super) fn solve(&self, (line, from, to): (usize, usize, usize), go_on: impl Fn() -> bool) -> Option<Vec<Row>> {
        let mut warm = Warm::default();
        let mut point = |along: usize| {
            let mut left = line;
            let mut values = vec![self.axes[0].values[along]];
            for axis in &self.axes[1..] {
                values.push(axis.values[left % axis.values.len()]);
                left /= axis.values.len();
            }
            self.row(values, &mut warm)
        };
        (from..to).map(|along| go_on().then(|| point(along))).collect()
    }

    fn row(&self, values: Vec<f64>, warm: &mut Warm) -> Row {
        let mut lineage = self.lineage.clone();
        let mut set = self.axes.iter().zip(&values);
        let refused = set.find_map(|(axis, value)| axis.parameter.set(&mut lineage, *value).err());
        let solved = match refused {
            Some(error) => Err(error.to_string()),
            None => solve_from(&lineage, warm).map_err(|error| error.to_string()),
        };
        match solved {
            Ok(solution) => Row {
                values,
                observables: self.columns.iter().map(|column| column.get(&lineage, &solution)).collect(),
                status: solution.status(),
                reason: doubt(&solution),
                error: finite(solution.error()),
            },
            Err(reason) => Row {
                values,
                observables: vec![None; self.columns.len()],
                status: Status::NotValid,
                reason: Some(reason),
                error: None,
            },
        }
    }

    /// Rows as a table, whose metadata tell what the columns are.
    pub(super) fn table(&self, rows: &[Row]) -> Result<Table, Failure> {
        let mut metadata = BTreeMap::new();
        let mut columns: Vec<Column> = Vec::new();
        let mut add = |column: Column, symbol: &str, unit: &str, meaning: &str| {
            let told = json!({ "symbol": symbol, "unit": unit, "meaning": meaning });
            metadata.insert(format!("column:{}", column.name()), told.to_string());
            columns.push(column);
        };
        let reals = |name: &str, of: &dyn Fn(&Row) -> Option<f64>| {
            Column::new(name.into(), rows.iter().map(|row| of(row).and_then(finite)).collect::<Vec<_>>())
        };
        let texts = |name: &str, of: &dyn Fn(&Row) -> Option<String>| {
            Column::new(name.into(), rows.iter().map(of).collect::<Vec<Option<String>>>())
        };
        for (i, Axis { parameter, .. }) in self.axes.iter().enumerate() {
            let column = reals(&parameter.to_string(), &|row| Some(row.values[i]));
            let Descriptor { domain, doc, .. } = parameter.descriptor();
            add(column, &parameter.symbol(), domain.unit, doc);
        }
        for (i, observable) in self.columns.iter().enumerate() {
            let column = reals(&observable.to_string(), &|row| row.observables[i]);
            let ObservableDescriptor { unit, doc, .. } = observable.descriptor();
            add(column, &observable.symbol(), unit, doc);
        }
        let error = reals("error", &|row| row.error);
        add(error, "", "1", "bound on the relative error of the observables of every stage");
        let status = texts("status", &|row| Some(row.status.name().to_owned()));
        add(status, "", "", "converged, not_converged (the best iterate stands in the row) or not_valid");
        let reason = texts("reason", &|row| row.reason.clone());
        add(reason, "", "", "why the point did not converge, or is not valid");
        let frame = DataFrame::new(rows.len(), columns).map_err(Failure::failed)?;
        Table::new(metadata, frame).map_err(Failure::failed)
    }
}
