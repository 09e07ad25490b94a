//! Theory chunks: one curve, every point certified.

use serde::Serialize;

use crate::experiment::lineage::discretised;
use crate::model::Lineage;
use crate::model::lineage::{Parameter, Spectrum};
use crate::numerics::maximise;
use crate::spec::points::rounded;
use crate::spec::quantity::Interval;
use crate::spec::{Arm, Curve, Expression, Figure, Number, Point, Scale, Subject};
use crate::table::{Cell, Rows, Table, schema};
use crate::theory::lineage::{self, Optimum, Search, Status, Warm};
use crate::theory::optimal;

use super::cells::{Solved, parameter_cells, solution_cells};

/// An extremum of a column that claims or numbers ask for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Extremum {
    /// The column.
    pub column: String,
    /// Whether the largest value is asked for, or the smallest.
    pub largest: bool,
    /// The x among which.
    pub range: Option<Interval>,
}

/// Why a curve has no theory.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How finely the place of an extremum is told, relative to itself.
const PLACE: f64 = 2e-5;

/// The extrema of a curve that the claims and numbers of its figure ask of the theory, each once.
#[must_use]
pub fn extrema(figure: &Figure, curve: &Curve) -> Vec<Extremum> {
    let numbers: Vec<Expression> = figure.numbers.iter().map(Number::expression).collect();
    let expressions = figure.claims.iter().map(|claim| &claim.expression).chain(&numbers);
    let mut optima: Vec<Extremum> = Vec::new();
    for quantity in expressions.flat_map(Expression::quantities) {
        let theory = matches!(quantity.arm, None | Some(Arm::Theory));
        let Some((_, largest)) = quantity.optimum().filter(|(id, _)| theory && *id == curve.id) else { continue };
        let optimum = Extremum { column: quantity.column.clone(), largest, range: quantity.range };
        if !optima.contains(&optimum) {
            optima.push(optimum);
        }
    }
    optima
}

/// One evaluated point of a curve.
struct Row {
    point: Point,
    solved: Solved,
}

impl Row {
    fn cells(&self) -> Vec<(&'static str, Cell<'static>)> {
        let mut cells = parameter_cells(self.point.learner, &self.solved.subject());
        cells.extend(solution_cells(self.point.learner, &self.solved));
        cells
    }

    fn value(&self, column: &str) -> Option<f64> {
        let found = self.cells().into_iter().find(|(name, _)| *name == column)?;
        match found.1 {
            Cell::Real(value) => Some(value),
            Cell::Null | Cell::Integer(_) | Cell::Text(_) => None,
        }
    }
}

/// A curve's theory, and the lineages of its points where parameters are tuned.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluated {
    /// One row a point, by rising x.
    pub table: Table,
    /// x and the lineage there, of the points whose parameters are tuned.
    pub tuned: Vec<(f64, Lineage)>,
}

/// Evaluates a curve at `places` in rising order, each point from where the one before was found, then at the extrema asked for, between the points around them. One
/// row a point, by rising x. `n` is the number of features whose spectrum is meant where it is not isotropic, and `stop`
/// is asked between points.
///
/// # Errors
/// `None` when stopped; a parameter out of its domain.
pub fn evaluate(
    figure: &Figure,
    curve: &Curve,
    (places, n): (&[f64], usize),
    optima: &[Extremum],
    stop: impl Fn() -> bool,
) -> Result<Option<Evaluated>, Failure> {
    let mut rows: Vec<Row> = Vec::new();
    // each point from where its neighbour was found
    let mut warm = Warm::default();
    for &x in places {
        if stop() {
            return Ok(None);
        }
        let point = figure.point(curve, x)?;
        let solved = match rows.last() {
            // a horizontal: the same point at every x
            Some(row) if row.point.subject == point.subject => row.solved.clone(),
            row => solve_point(&point, row.map(|row| &row.solved), n, &mut warm)?,
        };
        rows.push(Row { point, solved });
    }
    for optimum in optima {
        if stop() {
            return Ok(None);
        }
        if let Some(row) = refine(figure, curve, (&rows, n), optimum) {
            rows.push(row);
            rows.sort_by(|a, b| a.point.x.total_cmp(&b.point.x));
            rows.dedup_by(|a, b| a.point.x == b.point.x);
        }
    }
    let mut table = Rows::new(&schema::THEORY);
    let mut tuned = Vec::new();
    for row in &rows {
        let mut cells: Vec<(&str, Cell<'_>)> = vec![
            ("figure", figure.id.as_str().into()),
            ("curve", curve.id.as_str().into()),
            ("kind", row.point.kind().into()),
            ("x", row.point.x.into()),
        ];
        cells.extend(row.cells());
        if let Solved::Lineage(_, solution) = &row.solved {
            cells.push(("reason", solution.reason().map_or(Cell::Null, Cell::Text)));
        }
        table.push_row(&cells)?;
        if let (Solved::Lineage(lineage, _), false) = (&row.solved, row.point.optimal.is_empty()) {
            tuned.push((row.point.x, lineage.clone()));
        }
    }
    Ok(Some(Evaluated { table: table.table()?, tuned }))
}

/// The extremum itself, between the neighbours of the best point; none where that is at an end, or where no
/// point between is better.
fn refine(figure: &Figure, curve: &Curve, (rows, n): (&[Row], usize), optimum: &Extremum) -> Option<Row> {
    let sign = if optimum.largest { 1.0 } else { -1.0 };
    let inside = |x: f64| optimum.range.is_none_or(|[low, high]| (low..=high).contains(&x));
    let known: Vec<(f64, f64, &Solved)> = (rows.iter())
        .filter(|row| inside(row.point.x))
        .map(|row| Some((row.point.x, sign * row.value(&optimum.column)?, &row.solved)))
        .collect::<Option<_>>()?;
    let best = (0..known.len()).max_by(|&a, &b| known[a].1.total_cmp(&known[b].1))?;
    let (low, high) = (known.get(best.checked_sub(1)?)?.0, known.get(best + 1)?.0);
    let log = figure.sweep_of(curve).scale == Scale::Log;
    let to = |x: f64| if log { libm::log(x) } else { x };
    let from = |u: f64| if log { libm::exp(u) } else { u };
    let at = |x: f64| {
        let point = figure.point(curve, x).ok()?;
        let solved = solve_point(&point, Some(known[best].2), n, &mut Warm::default()).ok()?;
        Some(Row { point, solved })
    };
    let value = |u: f64| at(from(u)).and_then(|row| row.value(&optimum.column)).map_or(f64::NEG_INFINITY, |y| sign * y);
    let scale = if log { 1.0 } else { known[best].0.abs() };
    let (u, found) = maximise(value, to(low), to(high), PLACE * scale);
    (found > known[best].1).then(|| at(rounded(from(u)))).flatten()
}

/// The point with its tuned parameters in place, and its solution.
fn solve_point(point: &Point, neighbour: Option<&Solved>, n: usize, warm: &mut Warm) -> Result<Solved, Failure> {
    let lineage = match &point.subject {
        Subject::Bound(mixture) => return Ok(Solved::Bound(*mixture)),
        Subject::Lineage(lineage) => as_drawn(lineage, n),
    };
    if point.optimal.is_empty() {
        let solution = lineage::solve_from(&lineage, warm)?;
        return Ok(Solved::Lineage(lineage, solution));
    }
    let neighbour = match neighbour {
        Some(Solved::Lineage(neighbour, _)) => Some(neighbour),
        Some(Solved::Bound(_)) | None => None,
    };
    let own_ridge: Parameter = OWN_RIDGE.parse()?;
    if let [parameter] = point.optimal[..]
        && parameter == own_ridge
    {
        let guess = neighbour.and_then(|neighbour| parameter.get(neighbour));
        let (ridge, solution) = optimal::optimal_ridge(&lineage, guess)?;
        let mut tuned = lineage;
        parameter.set(&mut tuned, ridge)?;
        return Ok(Solved::Lineage(tuned, solution));
    }
    let over: Vec<(Parameter, Option<(f64, f64)>)> = point.optimal.iter().map(|parameter| (*parameter, None)).collect();
    let search = Search::new(&lineage, &over, TEST_ERROR.parse()?)?;
    let near =
        neighbour.map(|neighbour| point.optimal.iter().filter_map(|one| one.get(neighbour)).collect::<Vec<f64>>());
    // a neighbour's optimum is a good place to begin, and the others see whether it is the best
    let starts = search.starts(if near.is_some() { FEW_STARTS } else { STARTS });
    let descents = near.into_iter().chain(starts).map(|start| search.descend(&start)).collect();
    let Optimum { lineage, mut solution, reason, .. } = search.conclude(descents)?;
    if let (Some(reason), Some(last)) = (reason, solution.stages.last_mut()) {
        (last.status, last.reason) = (Status::NotConverged, Some(format!("not certified to be the best: {reason}")));
    }
    Ok(Solved::Lineage(lineage, solution))
}

/// The ridge of the last stage, for which there is a search of its own, and what a joint search makes small.
const OWN_RIDGE: &str = "lambda";
const TEST_ERROR: &str = "eg";
/// Places that a joint search begins at, and besides a neighbour's optimum.
const STARTS: usize = 6;
const FEW_STARTS: usize = 1;

/// The lineage with the spectrum of the N features that an experiment draws.
fn as_drawn(lineage: &Lineage, n: usize) -> Lineage {
    let mut drawn = lineage.clone();
    match &lineage.data.spectrum {
        Spectrum::Power { .. } => drawn.data.spectrum = discretised(&lineage.data, n),
        Spectrum::Isotropic | Spectrum::Blocks(_) | Spectrum::File(_) | Spectrum::Table { .. } => {}
    }
    drawn
}
