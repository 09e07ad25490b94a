//! The tables of a figure, put together from its chunks.

use std::collections::BTreeMap;

use crate::experiment::Sampling;
use crate::paper::{PrintedPoint, Vertex};
use crate::pipeline::WorkError;
use crate::report::{Summary, shown_columns};
use crate::spec::{Curve, Figure};
use crate::table::{Cell, OfFigure, Rows, Schema, Table, TableError, schema};
use crate::verdict::{Evidence, agreement_table, measured_table, printed_points_table, published_table};

use super::Profile;
use super::experiment::append;
use super::trials::{Chunks, sized_points};

/// Puts the rows of all curves into one table, in the order of the figure file.
///
/// # Errors
/// [`TableError`] if a chunk has other columns than the schema.
pub fn theory(figure: &Figure, chunks: &[Table]) -> Result<Table, TableError> {
    together(&schema::THEORY, figure, chunks)
}

/// One row a trial, for every point of every curve, in the order of the figure file.
///
/// # Errors
/// As [`Chunks::of`].
pub fn experiment(profile: &Profile, figure: &Figure, chunks: Chunks<'_>) -> Result<Table, WorkError> {
    let mut table = Rows::new(&schema::EXPERIMENT);
    describe(&mut table.metadata, figure);
    let sampling = match profile.sampling {
        Sampling::Stratified => "stratified: class counts round(ρM), |v_S|² = ηN exactly",
        Sampling::Iid => "iid",
    };
    let facts =
        [("profile", profile.name.clone()), ("seed", profile.seed.to_string()), ("sampling", sampling.to_owned())];
    table.metadata.extend(facts.map(|(key, value)| (key.to_owned(), value)));
    for curve in &figure.curves {
        for x in figure.experiment_x(curve) {
            add(&mut table, profile, (figure, curve, x), chunks)?;
        }
    }
    table.table().map_err(WorkError::failed)
}

/// Agreement of the theory with simulation at other sizes, by rising N, and the trials behind it where a figure has
/// points of that kind.
///
/// # Errors
/// As [`Chunks::of`].
pub fn finite_size(
    profile: &Profile,
    figure: &Figure,
    theory: &Table,
    chunks: Chunks<'_>,
) -> Result<Vec<Table>, WorkError> {
    let points = sized_points(profile, figure);
    let mut numbers: Vec<usize> = points.iter().map(|(sized, ..)| sized.n).collect();
    numbers.dedup();
    let at_size = |n: usize| {
        let mut trials = Rows::new(&schema::EXPERIMENT);
        for (profile, curve, x) in points.iter().filter(|(sized, ..)| sized.n == n) {
            add(&mut trials, profile, (figure, curve, *x), chunks)?;
        }
        trials.table().map_err(WorkError::failed)
    };
    let trials: Vec<Table> = numbers.into_iter().map(at_size).collect::<Result<_, _>>()?;
    let columns = shown_columns(figure);
    let compared = trials.iter().map(|trials| agreement_table(theory, trials, &columns));
    let compared: Vec<Table> = compared.collect::<Result<_, _>>().map_err(WorkError::failed)?;
    let mut tables = vec![together(&schema::AGREEMENT, figure, &compared).map_err(WorkError::failed)?];
    if !figure.finite_size.is_empty() {
        tables.push(together(&schema::EXPERIMENT, figure, &trials).map_err(WorkError::failed)?);
    }
    Ok(tables)
}

/// Which tables [`finite_size`] gives, in their order.
#[must_use]
pub fn sized(figure: &Figure) -> &'static [OfFigure] {
    if figure.finite_size.is_empty() { &[OfFigure::FiniteSize] } else { &[OfFigure::FiniteSize, OfFigure::Sized] }
}

/// Appends the trials of a point.
fn add(
    table: &mut Rows,
    profile: &Profile,
    (figure, curve, x): (&Figure, &Curve, f64),
    chunks: Chunks<'_>,
) -> Result<(), WorkError> {
    for (lineage, trials) in chunks.of(profile, figure, curve, x)? {
        append(table, &figure.id, (&curve.id, curve.learner), x, (&lineage, &trials)).map_err(WorkError::failed)?;
    }
    Ok(())
}

/// Tables below each other, as one of the figure.
fn together(schema: &'static Schema, figure: &Figure, parts: &[Table]) -> Result<Table, TableError> {
    let mut table = Table::with_schema(schema);
    describe(&mut table.metadata, figure);
    parts.iter().try_for_each(|part| table.append(part))?;
    Ok(table)
}

/// Agreement of the theory with simulation and with print, the figure's numbers in one row, the printed points, and what was measured if anything was.
///
/// # Errors
/// [`TableError`] only if a schema lacks a column.
pub fn comparison(
    figure: &Figure,
    vertices: &[Vertex],
    printed: &[PrintedPoint],
    theory: Table,
    experiment: Table,
) -> Result<Vec<Table>, TableError> {
    let told = |mut table: Table| {
        describe(&mut table.metadata, figure);
        table
    };
    // the numbers are those of the profile's own N and of no threshold
    let evidence = Evidence {
        agreement: told(agreement_table(&theory, &experiment, &shown_columns(figure))?),
        published: told(published_table(figure, &theory, vertices, printed)?),
        printed_points: told(printed_points_table(figure, &theory, printed)?),
        measured: told(measured_table(figure, &theory)?),
        theory,
        experiment,
        ..Evidence::none(figure)
    };
    let summary = summary(&Summary::new(&evidence), figure)?;
    let Evidence { agreement, published, printed_points, measured, .. } = evidence;
    let mut tables = vec![agreement, published, summary, printed_points, measured];
    tables.truncate(compared(figure).len());
    Ok(tables)
}

/// Whether a figure has a table.
#[must_use]
pub fn has_table(figure: &Figure, table: OfFigure) -> bool {
    match table {
        OfFigure::Measured => figure.is_measured(),
        OfFigure::Map => !figure.map.is_empty(),
        OfFigure::Sized => !figure.finite_size.is_empty(),
        OfFigure::Theory
        | OfFigure::Experiment
        | OfFigure::Agreement
        | OfFigure::FiniteSize
        | OfFigure::Published
        | OfFigure::PrintedPoints
        | OfFigure::Summary => true,
    }
}

/// Which tables [`comparison`] gives, in their order.
#[must_use]
pub fn compared(figure: &Figure) -> Vec<OfFigure> {
    use OfFigure::{Agreement, Measured, PrintedPoints, Published, Summary};
    let all = [Agreement, Published, Summary, PrintedPoints, Measured];
    all.into_iter().filter(|&table| has_table(figure, table)).collect()
}

/// The numbers of a figure as a table of one row.
fn summary(numbers: &Summary, figure: &Figure) -> Result<Table, TableError> {
    let worst = |worst: Option<(usize, f64)>| Cell::from(worst.map(|(_, value)| value));
    let mut table = Rows::new(&schema::SUMMARY);
    describe(&mut table.metadata, figure);
    table.push_row(&[
        ("figure", figure.id.as_str().into()),
        ("title", figure.title.as_str().into()),
        ("theory_points", Cell::count(numbers.theory_points)),
        ("theory_failed", Cell::count(numbers.theory_failed)),
        ("trials", Cell::count(numbers.trials)),
        ("trials_failed", Cell::count(numbers.trials_failed)),
        ("vertices", Cell::count(numbers.vertices)),
        ("outside", Cell::count(numbers.outside)),
        ("published_difference", worst(numbers.worst_published)),
        ("published_readings", numbers.worst_reading.into()),
        ("bounds", Cell::count(numbers.bounds)),
        ("bounds_outside", Cell::count(numbers.bounds_outside)),
        ("printed_points", Cell::count(numbers.printed_points)),
        ("printed_rms_z", numbers.printed_rms_z.into()),
        ("worst_z", worst(numbers.worst_z)),
        ("chi_squared", numbers.chi_squared.into()),
        ("z_points", Cell::count(numbers.freedom)),
    ])?;
    table.table()
}

fn describe(metadata: &mut BTreeMap<String, String>, figure: &Figure) {
    let facts = [("figure", figure.id.clone()), ("paper", figure.paper.clone())];
    metadata.extend(facts.map(|(key, value)| (key.to_owned(), value)));
}
