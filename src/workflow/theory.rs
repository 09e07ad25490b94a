//! Theory chunks: one curve, every point certified.

use crate::model::{Learner, Setting, TeacherKind};
use crate::spec::{Curve, Figure, Point};
use crate::table::{Cell, Table, schema};
use crate::theory::{Solution, TheoryError, Warm, optimal, solve_from};

/// Evaluates a curve at `places` in rising order, each point started from its neighbour's solution, and
/// gives one row a point. `stop` is asked between points.
///
/// # Errors
/// `None` when stopped; a parameter out of its domain.
pub fn evaluate(
    figure: &Figure,
    curve: &Curve,
    places: &[f64],
    stop: impl Fn() -> bool,
) -> Result<Option<Table>, Box<dyn std::error::Error + Send + Sync>> {
    let mut table = Table::with_schema(&schema::THEORY);
    let mut warm = Warm::default();
    let mut last: Option<(Point, Setting, Solution)> = None;
    for &x in places {
        if stop() {
            return Ok(None);
        }
        let point = figure.point(curve, x)?;
        let (setting, solution) = match last {
            // a horizontal: the same point at every x
            Some((before, setting, solution)) if before.setting == point.setting => (setting, solution),
            _ => solve_point(&point, last.map(|(_, setting, _)| setting), &mut warm)?,
        };
        let mut cells: Vec<(&str, Cell<'_>)> = vec![
            ("figure", figure.id.as_str().into()),
            ("curve", curve.id.as_str().into()),
            ("kind", setting.learner.kind().into()),
            ("x", x.into()),
        ];
        cells.extend(parameter_cells(&setting));
        cells.extend(solution_cells(&setting, &solution));
        table.push_row(&cells)?;
        last = Some((point, setting, solution));
    }
    Ok(Some(table))
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
