//! The theory of a curve: the chunk that is solved for it, and the table that is made of the chunk.

use std::cell::RefCell;

use serde::Serialize;
use serde_json::json;

use crate::chunk::{self, Failure, Sweep, as_drawn, solve_point};
use crate::numerics::maximise;
use crate::pipeline::{Parameters, Place, Stage, WorkError};
use crate::spec::points::rounded;
use crate::spec::quantity::Interval;
use crate::spec::{Arm, Curve, Expression, Figure, Number, Point, PointError, Scale, Subject, Swept};
use crate::table::{Cell, Rows, Table, schema};
use crate::theory::lineage::Warm;

use super::Project;
use super::cells::{Solved, parameter_cells, solution_cells};
use super::inputs::Inputs;
use super::layout::Job;
use super::parameters::{subject_parameters, text};

/// Seconds that a point takes, about: as it is, with one tuned parameter, and with several tuned jointly.
const POINT_WEIGHTS: [f64; 3] = [6e-4, 6e-3, 1.2];

/// Seconds that points of a curve take, about.
pub fn weight(curve: &Curve, points: usize) -> f64 {
    POINT_WEIGHTS[curve.optimal().len().min(2)] * points as f64
}

/// Id of the stage that solves a curve.
#[must_use]
pub fn theory_id(figure: &Figure, curve: &Curve) -> String {
    format!("theory/{}/{}", figure.id, curve.id)
}

/// A curve and the places where it is evaluated, in rising order.
pub struct Course<'a> {
    /// The figure.
    pub figure: &'a Figure,
    /// The curve.
    pub curve: &'a Curve,
    /// The places.
    pub places: Vec<f64>,
    /// The number of features whose spectrum is meant, where it is not isotropic.
    n: Option<usize>,
}

impl<'a> Course<'a> {
    /// A curve at some places, of as many features as an experiment draws.
    pub fn new(figure: &'a Figure, curve: &'a Curve, places: Vec<f64>, n: usize) -> Self {
        let n = figure.data_of(curve).spectrum.is_some().then_some(n);
        Self { figure, curve, places, n }
    }

    /// A curve of a project's figure, where that asks for it.
    pub fn of(project: &'a Project, figure: usize, curve: &'a Curve) -> Self {
        let places = project.theory_x(figure, curve);
        Self::new(&project.figures[figure], curve, places, project.profile.n)
    }

    fn points(&self) -> Result<Vec<Point>, PointError> {
        self.places.iter().map(|&x| self.figure.point(self.curve, x)).collect()
    }

    /// What the theory is asked; nothing for a bound, which is a closed form.
    ///
    /// # Errors
    /// A parameter out of its domain.
    pub fn sweep(&self) -> Result<Option<Sweep>, PointError> {
        let places: Vec<chunk::Place> = self.points()?.iter().filter_map(place).collect();
        Ok((!places.is_empty()).then_some(Sweep { places, n: self.n }))
    }

    /// The stage that solves it, if there is anything to solve.
    pub(super) fn stage(&self, id: String) -> Option<(Stage, Job)> {
        // what cannot be asked is told by the table that needs it
        let sweep = self.sweep().ok().flatten()?;
        let swept = self.figure.swept(self.curve);
        // the first lineage and x are there to be read; the question is what counts
        let first = sweep.places.first().map(|place| Subject::Lineage(place.lineage.clone()))?;
        let mut parameters = subject_parameters(&first);
        parameters.insert("x.parameter".into(), swept.name());
        parameters.insert("x".into(), text(&json!(self.places)));
        let tuned = self.curve.optimal();
        if !tuned.is_empty() {
            parameters.insert("optimal".into(), text(&json!(tuned)));
        }
        parameters.extend(self.n.map(|n| ("n".to_owned(), n.to_string())));
        let mut parameters = Parameters::from(parameters);
        parameters.echo("question", chunk::question(&sweep));
        let points = if swept == Swept::None { 1 } else { self.places.len() };
        let stage = Stage {
            about: format!("{}: {}", self.figure.name(), self.curve.label),
            parameters,
            outputs: vec!["theory.chunk".into()],
            weight: weight(self.curve, points),
            ..Stage::new(id, "theory", Place::Cache)
        };
        Some((stage, Job::Theory(sweep)))
    }

    /// Its table, from the chunk of the stage of that id.
    pub(super) fn read(&self, inputs: Inputs<'_>, id: &str, optima: &[Extremum]) -> Result<Table, WorkError> {
        let solved = match self.sweep().map_err(WorkError::failed)? {
            Some(sweep) => {
                chunk::read(&inputs.chunk(id)?, &sweep).map_err(|error| WorkError::failed(format!("{id}: {error}")))?
            }
            None => Vec::new(),
        };
        self.table(solved, optima, || inputs.stop()).map_err(WorkError::Failed)?.ok_or(WorkError::Interrupted)
    }

    /// Its table, all of it computed here; none when stopped.
    ///
    /// # Errors
    /// A parameter out of its domain.
    pub fn evaluate(&self, optima: &[Extremum], stop: impl Fn() -> bool) -> Result<Option<Table>, Failure> {
        let solved = match self.sweep()? {
            Some(sweep) => sweep.solve(&stop)?,
            None => Some(Vec::new()),
        };
        solved.map_or(Ok(None), |solved| self.table(solved, optima, stop))
    }

    /// One row a point and one an extremum that is asked for and lies between points, by rising x; none when stopped.
    fn table(
        &self,
        solved: Vec<chunk::Solved>,
        optima: &[Extremum],
        stop: impl Fn() -> bool,
    ) -> Result<Option<Table>, Failure> {
        let Self { figure, curve, .. } = self;
        let mut solved = solved.into_iter();
        let rows = self.points()?.into_iter().map(|point| Row::new(point, self.n, || solved.next()));
        let mut rows: Vec<Row> = rows.collect::<Option<_>>().ok_or("the chunk lacks a point")?;
        for optimum in optima {
            if stop() {
                return Ok(None);
            }
            if let Some(row) = self.refine(&rows, optimum) {
                rows.push(row);
                rows.sort_by(|a, b| a.point.x.total_cmp(&b.point.x));
                rows.dedup_by(|a, b| a.point.x == b.point.x);
            }
        }
        let mut table = Rows::new(&schema::THEORY);
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
        }
        Ok(Some(table.table()?))
    }

    /// The extremum itself, between the neighbours of the best point; none where that is at an end, or where no
    /// point between is better.
    fn refine(&self, rows: &[Row], optimum: &Extremum) -> Option<Row> {
        let Self { figure, curve, .. } = self;
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
        let neighbour = match known[best].2 {
            Solved::Lineage(lineage, _) => Some(lineage),
            Solved::Bound(_) => None,
        };
        let warm = RefCell::new(Warm::default());
        let at = |x: f64| {
            let point = figure.point(curve, x).ok()?;
            let solved = |place| solve_point(place, neighbour, self.n, &mut warm.borrow_mut()).ok();
            let asked = place(&point);
            Row::new(point, self.n, || asked.as_ref().and_then(solved))
        };
        let value =
            |u: f64| at(from(u)).and_then(|row| row.value(&optimum.column)).map_or(f64::NEG_INFINITY, |y| sign * y);
        let scale = if log { 1.0 } else { known[best].0.abs() };
        let (u, found) = maximise(value, to(low), to(high), PLACE * scale);
        (found > known[best].1).then(|| at(rounded(from(u)))).flatten()
    }
}

/// What the theory is asked of a point.
fn place(point: &Point) -> Option<chunk::Place> {
    match &point.subject {
        Subject::Bound(_) => None,
        Subject::Lineage(lineage) => {
            Some(chunk::Place { x: point.x, lineage: lineage.clone(), optimal: point.optimal.clone() })
        }
    }
}

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
        let Some((_, largest)) = quantity.optimum().filter(|(id, _)| theory && *id == curve.id) else {
            continue;
        };
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
    /// A point with its solution, which a bound does without, and the lineage that was solved.
    fn new(point: Point, n: Option<usize>, solution: impl FnOnce() -> Option<chunk::Solved>) -> Option<Self> {
        let solved = match &point.subject {
            Subject::Bound(mixture) => Solved::Bound(*mixture),
            Subject::Lineage(lineage) => {
                let chunk::Solved { tuned, solution, .. } = solution()?;
                Solved::Lineage(tuned.unwrap_or_else(|| as_drawn(lineage, n)), solution)
            }
        };
        Some(Self { point, solved })
    }

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
