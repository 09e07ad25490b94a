//! One schema per table kind: name, symbol, unit, tolerance and meaning of every column.
//!
//! The tolerance is what `verify` and `diff` allow between two runs on different machines: relative to
//! max(floor, |value|), with a floor of one where the column is of order one and a small one where it runs over
//! decades, so that a 1-ulp difference in a library never fails a run while a change of physics always does.

use crate::model::lineage::{Descriptor, ObservableKind, TeacherColumn};

mod costs;
mod figure;

pub use costs::{COSTS, SCALING};
pub use figure::{
    AGREEMENT, ALTERNATIVES, CLAIMS, EXPERIMENT, MAP, MEASURED, PARAMETERS, PRINTED_POINTS, PUBLISHED, SUMMARY, THEORY,
    VERDICTS,
};

/// The type of a column's cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 64-bit float.
    Real,
    /// 64-bit integer.
    Integer,
    /// UTF-8 text.
    Text,
}

impl Kind {
    /// The type in a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Integer => "integer",
            Self::Text => "text",
        }
    }
}

/// One column of a schema.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// Column name, ASCII.
    pub name: &'static str,
    /// The paper's symbol.
    pub symbol: &'static str,
    /// Unit of a number, `1` for one without dimension; empty for words.
    pub unit: &'static str,
    /// Type of the cells.
    pub kind: Kind,
    /// Allowed difference relative to max(`floor`, |value|); `None` where two runs may differ freely.
    pub tolerance: Option<f64>,
    /// Size below which a difference counts as it is and not relative to the value.
    pub floor: f64,
    /// What the column holds.
    pub doc: &'static str,
}

/// The columns of one table kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schema {
    /// Kind of table.
    pub name: &'static str,
    /// Raised whenever a column changes name, type or meaning.
    pub version: u32,
    /// Columns in order.
    pub columns: &'static [Column],
}

/// Order parameters agree between machines to the certified quadrature error.
const PHYSICS: Option<f64> = Some(1e-6);
/// Parameters and readings are exact up to decimal parsing.
const EXACT: Option<f64> = Some(1e-12);

const fn real(name: &'static str, symbol: &'static str, tolerance: Option<f64>, doc: &'static str) -> Column {
    Column { name, symbol, unit: "1", kind: Kind::Real, tolerance, floor: 1.0, doc }
}

const fn text(name: &'static str, doc: &'static str) -> Column {
    Column { name, symbol: "", unit: "", kind: Kind::Text, tolerance: Some(0.0), floor: 1.0, doc }
}

const fn integer(name: &'static str, symbol: &'static str, tolerance: Option<f64>, doc: &'static str) -> Column {
    Column { name, symbol, unit: "1", kind: Kind::Integer, tolerance, floor: 1.0, doc }
}

/// The column of a parameter, in the words of its descriptor.
const fn parameter(name: &'static str, tolerance: Option<f64>) -> Column {
    let row = Descriptor::named(name);
    Column { unit: row.domain.unit, ..real(name, row.symbol, tolerance, row.doc) }
}

/// The column of an observable of a curve's own learner, in the words of its descriptor.
const fn own(kind: ObservableKind) -> Column {
    let row = kind.descriptor();
    match row.column {
        Some(name) => Column { unit: row.unit, ..real(name, row.symbol, PHYSICS, row.doc) },
        None => panic!("tables have no column for this observable"),
    }
}

/// The column of the same observable of the teacher behind it.
const fn of_teacher(kind: ObservableKind) -> Column {
    let row = kind.descriptor();
    match row.teacher {
        Some(TeacherColumn { column, symbol, doc }) => Column { unit: row.unit, ..real(column, symbol, PHYSICS, doc) },
        None => panic!("tables have no column for this observable of a teacher"),
    }
}

const fn total(parts: &[&[Column]]) -> usize {
    match parts {
        [] => 0,
        [first, rest @ ..] => first.len() + total(rest),
    }
}

const fn joined<const N: usize>(parts: &[&[Column]]) -> [Column; N] {
    let mut all = [parts[0][0]; N];
    let (mut part, mut from, mut place) = (0, 0, 0);
    while place < N {
        if from == parts[part].len() {
            (part, from) = (part + 1, 0);
        } else {
            all[place] = parts[part][from];
            (from, place) = (from + 1, place + 1);
        }
    }
    all
}

/// Groups of columns, one behind the other.
macro_rules! columns {
    ($($part:expr),+ $(,)?) => {{
        const PARTS: &[&[Column]] = &[$(&$part),+];
        const ALL: [Column; super::total(PARTS)] = super::joined(PARTS);
        &ALL
    }};
}
use columns;

/// All schemas, for documentation and for reading a table by its kind.
pub const ALL: [&Schema; 13] = [
    &THEORY,
    &EXPERIMENT,
    &AGREEMENT,
    &PUBLISHED,
    &MEASURED,
    &PRINTED_POINTS,
    &CLAIMS,
    &VERDICTS,
    &MAP,
    &ALTERNATIVES,
    &SUMMARY,
    &COSTS,
    &SCALING,
];

impl Schema {
    /// The schema that a table names in its metadata as `kind/version`.
    #[must_use]
    pub fn named(text: &str) -> Option<&'static Self> {
        let kind = text.split('/').next()?;
        ALL.into_iter().find(|schema| schema.name == kind)
    }

    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}
