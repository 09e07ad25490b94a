//! Theory chunks: one curve, every point certified.

use serde::Serialize;

use crate::model::{Learner, Setting, TeacherKind};
use crate::numerics::maximise;
use crate::spec::points::rounded;
use crate::spec::quantity::Interval;
use crate::spec::{Arm, Curve, Expression, Figure, Number, Point, Scale};
use crate::table::{Cell, Rows, Table, schema};
use crate::theory::{Solution, TheoryError, Warm, optimal, solve_from};

/// An extremum of a column that claims or numbers ask for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Optimum {
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
pub fn optima(figure: &Figure, curve: &Curve) -> Vec<Optimum> {
    let numbers: Vec<Expression> = figure.numbers.iter().map(Number::expression).collect();
    let expressions = figure.claims.iter().map(|claim| &claim.expression).chain(&numbers);
    let mut optima: Vec<Optimum> = Vec::new();
    for quantity in expressions.flat_map(Expression::quantities) {
        let theory = matches!(quantity.arm, None | Some(Arm::Theory));
        let Some((_, largest)) = quantity.optimum().filter(|(id, _)| theory && *id == curve.id) else { continue };
        let optimum = Optimum { column: quantity.column.clone(), largest, range: quantity.range };
        if !optima.contains(&optimum) {
            optima.push(optimum);
        }
    }
    optima
}

/// One evaluated point of a curve.
struct Row {
    x: f64,
    setting: Setting,
    solution: Solution,
}

impl Row {
    fn cells(&self) -> Vec<(&'static str, Cell<'static>)> {
        let mut cells = parameter_cells(&self.setting);
        cells.extend(solution_cells(&self.setting, &self.solution));
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

/// Evaluates a curve at `places` in rising order, each point started from its neighbour's solution, then at the
/// extrema asked for, between the points around them. One row a point, by rising x. `stop` is asked between points.
///
/// # Errors
/// `None` when stopped; a parameter out of its domain.
pub fn evaluate(
    figure: &Figure,
    curve: &Curve,
    places: &[f64],
    optima: &[Optimum],
    stop: impl Fn() -> bool,
) -> Result<Option<Table>, Box<dyn std::error::Error + Send + Sync>> {
    let mut warm = Warm::default();
    let mut rows: Vec<Row> = Vec::new();
    let mut last: Option<Point> = None;
    for &x in places {
        if stop() {
            return Ok(None);
        }
        let point = figure.point(curve, x)?;
        let (setting, solution) = match (&last, rows.last()) {
            // a horizontal: the same point at every x
            (Some(before), Some(row)) if before.setting == point.setting => (row.setting, row.solution),
            (_, row) => solve_point(&point, row.map(|row| row.setting), &mut warm)?,
        };
        rows.push(Row { x, setting, solution });
        last = Some(point);
    }
    for optimum in optima {
        if stop() {
            return Ok(None);
        }
        if let Some(row) = refine(figure, curve, &rows, optimum) {
            rows.push(row);
            rows.sort_by(|a, b| a.x.total_cmp(&b.x));
            rows.dedup_by(|a, b| a.x == b.x);
        }
    }
    let mut table = Rows::new(&schema::THEORY);
    for row in &rows {
        let mut cells: Vec<(&str, Cell<'_>)> = vec![
            ("figure", figure.id.as_str().into()),
            ("curve", curve.id.as_str().into()),
            ("kind", row.setting.learner.kind().into()),
            ("x", row.x.into()),
        ];
        cells.extend(row.cells());
        table.push_row(&cells)?;
    }
    Ok(Some(table.table()?))
}

/// The extremum itself, between the neighbours of the best point; none where that is at an end, or where no
/// point between is better.
fn refine(figure: &Figure, curve: &Curve, rows: &[Row], optimum: &Optimum) -> Option<Row> {
    let sign = if optimum.largest { 1.0 } else { -1.0 };
    let inside = |x: f64| optimum.range.is_none_or(|[low, high]| (low..=high).contains(&x));
    let known: Vec<(f64, f64, Setting)> = (rows.iter())
        .filter(|row| inside(row.x))
        .map(|row| Some((row.x, sign * row.value(&optimum.column)?, row.setting)))
        .collect::<Option<_>>()?;
    let best = (0..known.len()).max_by(|&a, &b| known[a].1.total_cmp(&known[b].1))?;
    let (low, high) = (known.get(best.checked_sub(1)?)?.0, known.get(best + 1)?.0);
    let log = figure.sweep_of(curve).scale == Scale::Log;
    let to = |x: f64| if log { libm::log(x) } else { x };
    let from = |u: f64| if log { libm::exp(u) } else { u };
    let at = |x: f64| {
        let mut warm = Warm::default();
        let (setting, solution) = solve_point(&figure.point(curve, x).ok()?, Some(known[best].2), &mut warm).ok()?;
        Some(Row { x, setting, solution })
    };
    let value = |u: f64| at(from(u)).and_then(|row| row.value(&optimum.column)).map_or(f64::NEG_INFINITY, |y| sign * y);
    let scale = if log { 1.0 } else { known[best].0.abs() };
    let (u, found) = maximise(value, to(low), to(high), PLACE * scale);
    (found > known[best].1).then(|| at(rounded(from(u)))).flatten()
}

/// The point's setting with its ridge resolved, and the solution there.
fn solve_point(point: &Point, neighbour: Option<Setting>, warm: &mut Warm) -> Result<(Setting, Solution), TheoryError> {
    if !point.optimal {
        return Ok((point.setting, solve_from(&point.setting, warm)?));
    }
    let guess = neighbour.and_then(|setting| own_ridge(&setting.learner));
    let (ridge, solution) = optimal::optimal_ridge(&point.setting, guess)?;
    Ok((Setting { learner: optimal::with_ridge(point.setting.learner, ridge), ..point.setting }, solution))
}

/// The ridge that a learner tunes for itself.
fn own_ridge(learner: &Learner) -> Option<f64> {
    match learner {
        Learner::Teacher { lambda, .. } | Learner::Direct { lambda, .. } => Some(*lambda),
        Learner::Distilled { student, .. } => Some(student.lambda),
        Learner::BayesTeacher | Learner::BayesStudent => None,
    }
}

/// The parameter columns of a setting; null where the learner has none.
#[must_use]
pub fn parameter_cells(setting: &Setting) -> Vec<(&'static str, Cell<'static>)> {
    let mixture = setting.mixture;
    let (mut teacher_lambda, mut epsilon, mut lambda, mut chi, mut temperature) = (None, None, None, None, None);
    let mut eta = Some(mixture.eta);
    match setting.learner {
        Learner::Teacher { lambda: ridge, epsilon: smoothing } => {
            (eta, teacher_lambda, epsilon) = (None, Some(ridge), Some(smoothing));
        }
        Learner::Direct { lambda: ridge, epsilon: smoothing } => (lambda, epsilon) = (Some(ridge), Some(smoothing)),
        Learner::Distilled { teacher, student } => {
            if let TeacherKind::Logistic { lambda: ridge, epsilon: smoothing } = teacher {
                (teacher_lambda, epsilon) = (Some(ridge), Some(smoothing));
            }
            (lambda, chi, temperature) = (Some(student.lambda), Some(student.chi), Some(student.temperature));
        }
        Learner::BayesTeacher => eta = None,
        Learner::BayesStudent => {}
    }
    vec![
        ("alpha", mixture.alpha.into()),
        ("eta", eta.into()),
        ("delta", mixture.delta.into()),
        ("rho", mixture.rho.into()),
        ("teacher_lambda", teacher_lambda.into()),
        ("epsilon", epsilon.into()),
        ("lambda", lambda.into()),
        ("chi", chi.into()),
        ("temperature", temperature.into()),
    ]
}

/// The columns of a solution in a table: a point that did not converge keeps its certificate and nothing else.
#[must_use]
pub fn solution_cells(setting: &Setting, solution: &Solution) -> Vec<(&'static str, Cell<'static>)> {
    let certificate = solution.certificate;
    let status = if certificate.converged { "converged" } else { "not_converged" };
    let mut cells: Vec<(&'static str, Cell<'static>)> = vec![
        ("status", status.into()),
        ("iterations", Cell::count(certificate.iterations)),
        ("residual", certificate.residual.into()),
        ("quadrature_error", certificate.quadrature_error.into()),
    ];
    if certificate.converged {
        cells.extend(value_cells(setting, solution));
    }
    cells
}

/// The order parameters and observables of a solution, converged or not. For a teacher the learner's own columns
/// repeat the teacher's.
#[must_use]
pub fn value_cells(setting: &Setting, solution: &Solution) -> Vec<(&'static str, Cell<'static>)> {
    let mut cells: Vec<(&'static str, Cell<'static>)> = Vec::new();
    let closed_form = matches!(setting.learner, Learner::BayesTeacher | Learner::BayesStudent);
    let susceptibility = |v: f64| (!closed_form).then_some(v);
    let own = solution.student.or(solution.teacher);
    if let Some(teacher) = solution.teacher {
        cells.extend([
            ("m_t", teacher.m.into()),
            ("q_t", teacher.q.into()),
            ("b_t", teacher.b.into()),
            ("V_t", susceptibility(teacher.v).into()),
            ("eg_t", solution.teacher_error.into()),
        ]);
    }
    if let Some(own) = own {
        cells.extend([
            ("m", own.m.into()),
            ("q", own.q.into()),
            ("b", own.b.into()),
            ("V", susceptibility(own.v).into()),
            ("eg", solution.own_error().into()),
        ]);
    }
    if let Some((overlaps, conjugates)) = solution.cross {
        cells.extend([
            ("S", overlaps.s.into()),
            ("dS", overlaps.ds.into()),
            ("S_hat", conjugates.s_hat.into()),
            ("dS_hat", conjugates.ds_hat.into()),
        ]);
    }
    if let Some(conjugates) = solution.teacher_conjugates {
        cells.extend([
            ("m_hat_t", conjugates.m_hat.into()),
            ("q_hat_t", conjugates.q_hat.into()),
            ("dq_hat_t", conjugates.dq_hat.into()),
        ]);
    }
    if let Some(conjugates) = solution.student_conjugates.or(solution.teacher_conjugates) {
        cells.extend([
            ("m_hat", conjugates.m_hat.into()),
            ("q_hat", conjugates.q_hat.into()),
            ("dq_hat", conjugates.dq_hat.into()),
        ]);
    }
    if let Some(observables) = solution.observables {
        cells.extend([
            ("ce", observables.cross_entropy.into()),
            ("mse_out", observables.output_mse.into()),
            ("mse_pre", observables.preactivation_mse.into()),
        ]);
    }
    cells
}
