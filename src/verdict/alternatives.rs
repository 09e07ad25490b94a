//! Errata that survive an adversary: every explanation that was tried, held against print vertex by vertex and point by point.

use polars::prelude::IntoSeries;

use crate::paper::{PrintedPoint, Vertex};
use crate::spec::{Curve, Figure};
use crate::table::{Cell, Rows, Table, TableError, schema};

use super::VerdictError;
use super::evidence::{Evidence, largest};
use super::finite_size::BEYOND;
use super::ledger::{Alternative, Entry, Held, Role};
use super::published;
use super::series::{in_range, same_x};
use super::student::normal_equivalent;

/// Reading errors within which an explanation meets a printed curve: coordinates in print stand on a grid whose step
/// is two of our reading errors.
const SURVIVES: f64 = 2.0;

/// The curve that an alternative puts behind a printed one: the figure's, with some keys replaced.
///
/// # Errors
/// [`VerdictError::Alternative`] when the figure has no such curve or a key does not exist.
pub fn changed(entry: &Entry, alternative: &Alternative, held: &Held, figure: &Figure) -> Result<Curve, VerdictError> {
    let refuse = |reason: String| VerdictError::Alternative {
        erratum: entry.id.clone(),
        label: alternative.label.clone(),
        reason,
    };
    let base = figure.curves.iter().find(|curve| curve.id == held.curve).ok_or_else(|| {
        let ids: Vec<&str> = figure.curves.iter().map(|curve| curve.id.as_str()).collect();
        refuse(format!("{} has no curve `{}`; it has {}", figure.id, held.curve, ids.join(", ")))
    })?;
    let mut table = toml::Table::try_from(base).map_err(|error| refuse(error.to_string()))?;
    merge(&mut table, &held.change);
    table.try_into().map_err(|error: toml::de::Error| refuse(error.message().to_owned()))
}

/// Replaces the keys that are given, table by table.
fn merge(into: &mut toml::Table, change: &toml::Table) {
    for (key, value) in change {
        match (into.get_mut(key), value) {
            (Some(toml::Value::Table(known)), toml::Value::Table(inner)) => merge(known, inner),
            _ => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}

/// What an alternative is held against: the printed curve and points of one curve and quantity.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Printed {
    /// Vertices of the printed curve.
    pub vertices: Vec<Vertex>,
    /// Printed simulation points.
    pub points: Vec<PrintedPoint>,
}

impl Printed {
    /// The readings of a figure that one held curve speaks of.
    #[must_use]
    pub fn of(held: &Held, vertices: &[Vertex], points: &[PrintedPoint]) -> Self {
        let mine = |curve: &str, column, x| curve == held.curve && column == held.column && in_range(x, held.range);
        Self {
            vertices: vertices.iter().filter(|one| mine(&one.curve, one.column, one.x)).cloned().collect(),
            points: points.iter().filter(|one| mine(&one.curve, one.column, one.x)).cloned().collect(),
        }
    }

    /// Every x there is a reading at, rising.
    #[must_use]
    pub fn places(&self) -> Vec<f64> {
        let vertices = self.vertices.iter().map(|vertex| vertex.x);
        let mut places: Vec<f64> = vertices.chain(self.points.iter().map(|point| point.x)).collect();
        places.sort_by(f64::total_cmp);
        places.dedup();
        places
    }
}

/// One alternative on one printed curve, and the theory it was solved to.
#[derive(Debug, Clone, Copy)]
pub struct Tried<'a> {
    /// The erratum.
    pub entry: &'a Entry,
    /// The alternative.
    pub alternative: &'a Alternative,
    /// The curve of it.
    pub held: &'a Held,
    /// Its theory at every place of `printed`, under the curve's own id.
    pub theory: &'a Table,
    /// The readings.
    pub printed: &'a Printed,
}

/// One row an alternative and printed curve, in the order of the errata.
///
/// # Errors
/// [`TableError`] only if a schema lacks a column.
pub fn alternatives_table(tried: &[Tried<'_>], figures: &[Evidence<'_>]) -> Result<Table, TableError> {
    let mut table = Rows::new(&schema::ALTERNATIVES);
    for Tried { entry, alternative, held, theory, printed } in tried {
        let Some(evidence) = figures.iter().find(|figure| figure.spec.id == held.figure) else { continue };
        let theory = scaled(theory, held)?;
        let against = published::vertices(evidence.spec, &theory, &printed.vertices, &printed.points)?;
        let rows: Vec<usize> = (0..against.rows()).collect();
        let worst = largest(&against, &rows, "in_readings");
        let marks = published::points(evidence.spec, &theory, &printed.points)?;
        let rows: Vec<usize> = (0..marks.rows()).filter(|&row| marks.real("z", row).is_some()).collect();
        let mark = largest(&marks, &rows, "z").map(|(_, z)| z);
        let simulated = simulated(&theory, held, alternative, evidence);
        let far = simulated.iter().copied().max_by(|a, b| a.abs().total_cmp(&b.abs()));
        let role = crate::spec::quantity::word_of(&alternative.role);
        table.push_row(&[
            ("erratum", entry.id.as_str().into()),
            ("alternative", alternative.label.as_str().into()),
            ("role", role.as_str().into()),
            ("figure", held.figure.as_str().into()),
            ("curve", held.curve.as_str().into()),
            ("column", held.column.name().into()),
            ("vertices", Cell::count(against.rows())),
            (
                "largest",
                largest(&against, &(0..against.rows()).collect::<Vec<_>>(), "difference").map(|found| found.1).into(),
            ),
            ("in_readings", worst.map(|found| found.1).into()),
            ("x", worst.and_then(|(row, _)| against.real("x", row)).into()),
            ("points", Cell::count(rows.len())),
            ("points_z", mark.into()),
            ("simulated", Cell::count(simulated.len())),
            ("simulated_z", far.into()),
        ])?;
    }
    table.table()
}

/// z of our own simulated points against an alternative that is the figure's setting, by the same or another formula.
fn simulated(theory: &Table, held: &Held, alternative: &Alternative, evidence: &Evidence<'_>) -> Vec<f64> {
    if !(held.change.is_empty() || alternative.formula) || held.factor != 1.0 {
        return Vec::new();
    }
    let agreement = &evidence.agreement;
    let rows = agreement.rows_where("curve", &held.curve).into_iter();
    rows.filter(|&row| agreement.text("observable", row) == Some(held.column.name()))
        .filter_map(|row| {
            let x = agreement.real("x", row)?;
            let at = (0..theory.rows()).find(|&at| theory.real("x", at).is_some_and(|other| same_x(other, x)))?;
            let t = (agreement.real("mean", row)? - theory.real(held.column.name(), at)?)
                / agreement.real("standard_error", row)?;
            normal_equivalent(t, usize::try_from(agreement.integer("replicates", row)?).ok()?)
        })
        .collect()
}

/// The theory with its column multiplied by the factor of the alternative.
fn scaled(theory: &Table, held: &Held) -> Result<Table, TableError> {
    let column = theory.frame().column(held.column.name())?;
    let mut frame = theory.frame().clone();
    frame.with_column((column.f64()? * held.factor).into_series().into())?;
    Table::new(theory.metadata.clone(), frame)
}

/// How the alternatives of an erratum stand after all were tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It has none.
    None,
    /// Print gives no reading to hold them against.
    Unread,
    /// What print says meets what print shows.
    PrintStands,
    /// The explanation alone survives, by these routes.
    Alone(Vec<&'static str>),
    /// The explanation survives, and so do these.
    Shared(Vec<String>),
    /// Print does not meet what it says, and no explanation survives either, if any was tried.
    Unexplained {
        /// Whether one was.
        tried: bool,
    },
}

/// How one alternative fared on all its printed curves.
#[derive(Debug, Clone, PartialEq)]
pub struct Fate {
    /// Largest |theory − print| in reading errors.
    pub in_readings: Option<f64>,
    /// Largest |theory − print|.
    pub largest: Option<f64>,
    /// Farthest printed point.
    pub points_z: Option<f64>,
    /// Our farthest simulated point.
    pub simulated_z: Option<f64>,
}

impl Fate {
    /// The fate of an alternative in the table of alternatives.
    #[must_use]
    pub fn of(erratum: &str, alternative: &Alternative, table: &Table) -> Self {
        let rows: Vec<usize> = (table.rows_where("erratum", erratum).into_iter())
            .filter(|&row| table.text("alternative", row) == Some(&alternative.label))
            .collect();
        let far = |column: &str| largest(table, &rows, column).map(|found| found.1);
        Self {
            in_readings: far("in_readings"),
            largest: far("largest"),
            points_z: far("points_z"),
            simulated_z: far("simulated_z"),
        }
    }

    /// The routes by which it was tried, with whether it came through.
    #[must_use]
    pub fn routes(&self) -> Vec<(&'static str, bool)> {
        let curve = self.in_readings.map(|size| ("printed curve", size <= SURVIVES));
        let points = self.points_z.map(|z| ("printed points", z.abs() < BEYOND));
        let simulated = self.simulated_z.map(|z| ("our simulation", z.abs() < BEYOND));
        [curve, points, simulated].into_iter().flatten().collect()
    }

    /// Whether it came through every route there is.
    #[must_use]
    pub fn survives(&self) -> bool {
        let routes = self.routes();
        !routes.is_empty() && routes.iter().all(|(_, through)| *through)
    }
}

/// How the alternatives of an entry stand.
#[must_use]
pub fn standing(entry: &Entry, table: &Table) -> Standing {
    if entry.alternatives.is_empty() {
        return Standing::None;
    }
    let fates: Vec<(&Alternative, Fate)> =
        entry.alternatives.iter().map(|alternative| (alternative, Fate::of(&entry.id, alternative, table))).collect();
    if fates.iter().all(|(_, fate)| fate.routes().is_empty()) {
        return Standing::Unread;
    }
    let explanation = fates.iter().find(|(alternative, _)| alternative.role == Role::Explanation);
    let explained = explanation.filter(|(_, fate)| fate.survives());
    let rivals: Vec<String> = fates
        .iter()
        .filter(|(alternative, fate)| alternative.role != Role::Explanation && fate.survives())
        .map(|(alternative, _)| alternative.label.clone())
        .collect();
    let printed = fates.iter().any(|(alternative, fate)| alternative.role == Role::Printed && fate.survives());
    match (explained, printed) {
        (Some((_, fate)), _) if rivals.is_empty() => {
            Standing::Alone(fate.routes().into_iter().map(|(route, _)| route).collect())
        }
        (Some(_), _) => Standing::Shared(rivals),
        (None, true) => Standing::PrintStands,
        (None, false) => {
            Standing::Unexplained { tried: fates.iter().any(|(alternative, _)| alternative.role != Role::Printed) }
        }
    }
}
