//! What a check is decided on: the tables of one figure.

use crate::spec::quantity::Interval;
use crate::spec::{Figure, LineStyle, Swept, Threshold};
use crate::table::Table;

use super::series::in_range;

/// The tables of one figure, and the thresholds its lines stand at.
#[derive(Debug, Clone)]
pub struct Evidence<'a> {
    /// The figure file.
    pub spec: &'a Figure,
    /// The theory table.
    pub theory: Table,
    /// The experiment table.
    pub experiment: Table,
    /// Simulation against theory.
    pub agreement: Table,
    /// Simulation against theory at other sizes, for the points that ask for it; columns as `agreement`.
    pub finite_size: Table,
    /// The trials behind that.
    pub sized: Table,
    /// Printed curves against theory.
    pub published: Table,
    /// Printed simulations against theory.
    pub printed_points: Table,
    /// What was measured, against theory.
    pub measured: Table,
    /// The exact thresholds at the figure's η, Δ, ρ.
    pub thresholds: Vec<(Threshold, f64)>,
}

/// Status of a row whose values may be used.
pub const CONVERGED: &str = "converged";

impl<'a> Evidence<'a> {
    /// A figure of which nothing is known yet.
    #[must_use]
    pub fn none(spec: &'a Figure) -> Self {
        Self {
            spec,
            theory: Table::default(),
            experiment: Table::default(),
            agreement: Table::default(),
            finite_size: Table::default(),
            sized: Table::default(),
            published: Table::default(),
            printed_points: Table::default(),
            measured: Table::default(),
            thresholds: Vec::new(),
        }
    }

    /// Symbol of the parameter that a curve sweeps.
    #[must_use]
    pub fn symbol(&self, curve: &str) -> String {
        self.swept(curve).symbol()
    }

    /// What a curve sweeps; the figure's parameter for a curve that it does not have.
    #[must_use]
    pub fn swept(&self, curve: &str) -> Swept {
        let found = self.spec.curves.iter().find(|known| known.id == curve);
        found.map_or(self.spec.x.parameter, |curve| self.spec.swept(curve))
    }

    /// Rows of a table that belong to a curve (to any drawn curve when absent) and lie in a range.
    #[must_use]
    pub fn rows(&self, table: &Table, curve: Option<&str>, range: Option<Interval>) -> Vec<usize> {
        let drawn =
            |name: &str| self.spec.curves.iter().any(|curve| curve.id == name && curve.style != LineStyle::Hidden);
        (0..table.rows())
            .filter(|&row| match (table.text("curve", row), curve) {
                (Some(name), Some(wanted)) => name == wanted,
                (Some(name), None) => drawn(name),
                (None, _) => false,
            })
            .filter(|&row| table.real("x", row).is_none_or(|x| in_range(x, range)))
            .collect()
    }
}

/// The row with the largest |cell| in a column.
#[must_use]
pub fn largest(table: &Table, rows: &[usize], column: &str) -> Option<(usize, f64)> {
    let cells = rows.iter().filter_map(|&row| table.real(column, row).map(|value| (row, value)));
    cells.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
}
