//! What a point of the theory is in a table: the columns of its parameters, of its order parameters, of its certificate.

use crate::model::lineage::{FixedTeacher, OBSERVABLES, ObservableKind, Parameter};
use crate::model::{LearnerName, Lineage, Mixture, bayes};
use crate::spec::Subject;
use crate::table::{Cell, schema};
use crate::theory::lineage::{LineageSolution, StageSolution, Status};

/// What the theory says of a point.
#[derive(Debug, Clone, PartialEq)]
pub enum Solved {
    /// A lineage, its tuned parameters in place, and its solution.
    Lineage(Lineage, LineageSolution),
    /// A bound, which is a closed form.
    Bound(Mixture),
}

impl Solved {
    /// What was solved.
    #[must_use]
    pub fn subject(&self) -> Subject {
        match self {
            Self::Lineage(lineage, _) => Subject::Lineage(lineage.clone()),
            Self::Bound(mixture) => Subject::Bound(*mixture),
        }
    }
}

/// The parameter columns of a subject; null where it has none. A teacher's own ridge is λ̃.
#[must_use]
pub(super) fn parameter_cells(learner: Option<LearnerName>, subject: &Subject) -> Vec<(&'static str, Cell<'static>)> {
    let is_teacher = learner.is_some_and(LearnerName::is_teacher);
    match subject {
        Subject::Bound(Mixture { alpha, eta, delta, rho }) => {
            let all = learner.is_some_and(LearnerName::sees_all);
            let eta = (!all).then_some(*eta);
            vec![("alpha", (*alpha).into()), ("eta", eta.into()), ("delta", (*delta).into()), ("rho", (*rho).into())]
        }
        Subject::Lineage(lineage) => {
            let get = |name: &str| name.parse::<Parameter>().ok().and_then(|parameter| parameter.get(lineage));
            let of = |name: &str| match name {
                "eta" | "lambda" if is_teacher => None,
                "teacher_lambda" if is_teacher => get("lambda"),
                _ => get(name),
            };
            schema::PARAMETERS.iter().map(|column| (column.name, of(column.name).into())).collect()
        }
    }
}

/// The columns of a solution in a table: a point that did not converge keeps its certificate and nothing else.
#[must_use]
pub fn solution_cells(learner: Option<LearnerName>, solved: &Solved) -> Vec<(&'static str, Cell<'static>)> {
    let (status, sweeps, error) = match solved {
        Solved::Bound(_) => (Status::Converged, 0, 0.0),
        Solved::Lineage(_, solution) => (solution.status(), solution.sweeps, solution.error()),
    };
    let mut cells: Vec<(&'static str, Cell<'static>)> =
        vec![("status", status.name().into()), ("iterations", Cell::count(sweeps)), ("error", error.into())];
    if status == Status::Converged {
        cells.extend(value_cells(learner, solved));
    }
    cells
}

/// The order parameters and observables of a solution, converged or not. For a teacher the learner's own columns
/// repeat the teacher's.
#[must_use]
fn value_cells(learner: Option<LearnerName>, solved: &Solved) -> Vec<(&'static str, Cell<'static>)> {
    let is_teacher = learner.is_some_and(LearnerName::is_teacher);
    match solved {
        Solved::Bound(mixture) => {
            let (m, q, b) = bayes::optimal_overlaps(mixture);
            let error = bayes::bound(mixture);
            let own = [("m", m.into()), ("q", q.into()), ("b", b.into()), ("eg", error.into())];
            let taught = [("m_t", m.into()), ("q_t", q.into()), ("b_t", b.into()), ("eg_t", error.into())];
            let teacher = learner.is_some_and(LearnerName::sees_all);
            own.into_iter().chain(taught.into_iter().filter(|_| teacher)).collect()
        }
        Solved::Lineage(lineage, solution) => lineage_cells(is_teacher, lineage, solution),
    }
}

/// The columns of the last stage and of what it learns from. Conjugates are those of the paper, which have Δ in them.
fn lineage_cells(
    is_teacher: bool,
    lineage: &Lineage,
    solution: &LineageSolution,
) -> Vec<(&'static str, Cell<'static>)> {
    let mut cells: Vec<(&'static str, Cell<'static>)> = Vec::new();
    let Some((last, own)) = lineage.stages.len().checked_sub(1).zip(solution.last()) else { return cells };
    let delta = lineage.data.delta;
    let source = if is_teacher { Some(last) } else { lineage.source(last) };
    if let Some(k) = source {
        let taught = &solution.stages[k];
        let StageSolution { m_hat, ref q_hat, kappa, .. } = *taught;
        cells.extend(teacher_cells(|kind| taught.value(kind, None)));
        cells.extend([
            ("m_hat_t", m_hat.into()),
            ("q_hat_t", (delta * q_hat[k]).into()),
            ("dq_hat_t", (delta * kappa).into()),
        ]);
    }
    if let Some(teacher) = lineage.fixed_teacher(last) {
        cells.extend(fixed_teacher_cells(&teacher, &lineage.mixture(last)));
        cells.push(("V_t", 0.0.into()));
        cells.extend([("dS", 0.0.into()), ("S_hat", 0.0.into())]);
        cells.push(("dS_hat", own.teacher_response.map(|response| delta * response).into()));
    }
    if let Some(k) = source.filter(|_| !is_teacher) {
        cells.extend([
            ("dS", (own.susceptibilities[k] / delta).into()),
            ("S_hat", (delta * own.q_hat[k]).into()),
            ("dS_hat", (delta * own.c[k]).into()),
        ]);
    }
    cells.extend([
        ("m_hat", own.m_hat.into()),
        ("q_hat", (delta * own.q_hat[last]).into()),
        ("dq_hat", (delta * own.kappa).into()),
    ]);
    cells.extend(observable_cells(|kind| own.value(kind, lineage.source(last))));
    cells
}

/// The columns of a teacher that is independent of the data, seen by a student of that mixture.
pub(super) fn fixed_teacher_cells(teacher: &FixedTeacher, mixture: &Mixture) -> [(&'static str, Cell<'static>); 4] {
    let FixedTeacher { m, q, b, .. } = *teacher;
    let error = bayes::test_error(mixture, m, q, b);
    [("m_t", m.into()), ("q_t", q.into()), ("b_t", b.into()), ("eg_t", error.into())]
}

/// The columns of the observables that an arm has a value of.
pub(super) fn observable_cells(
    value: impl Fn(ObservableKind) -> Option<f64>,
) -> impl Iterator<Item = (&'static str, Cell<'static>)> {
    OBSERVABLES.iter().filter_map(move |row| Some((row.column?, value(row.kind)?.into())))
}

/// The columns of the same observables of a teacher.
pub(super) fn teacher_cells(
    value: impl Fn(ObservableKind) -> Option<f64>,
) -> impl Iterator<Item = (&'static str, Cell<'static>)> {
    OBSERVABLES.iter().filter_map(move |row| Some((row.teacher?.column, value(row.kind)?.into())))
}
