//! What a unit came to at one resolution, and what is told of it.

use crate::model::Status;
use crate::model::lineage::{FixedTeacher, Loss};

use super::certificate::test_error;
use super::groups::Group;
use super::jacobian::Jacobian;
use super::recursion::{Problem, Setup};
use super::solution::{InSample, StageSolution};
use super::state::{Conjugates, State};
use super::unit::Unit;
use super::weights::Weights;

/// A unit that a Newton step would still change by this is lost, and no finer rule will find it.
pub(super) const LOST: f64 = 0.1;

/// A unit at one resolution.
#[derive(Debug, Clone, Default)]
pub(super) struct Solved {
    pub state: State,
    pub x: Vec<f64>,
    pub jacobian: Option<Jacobian>,
    /// What a Newton step would still change of the observables.
    pub left: f64,
    pub conjugates: Conjugates,
    pub plain: Vec<f64>,
    pub samples: InSample,
    /// Whether its loss is the hinge.
    pub hinge: bool,
}

/// What the cut of the Gaussian may take from an average at the rules above, and two of them by chance agree on.
const LEAST_ERROR: f64 = 1e-9;

impl Solved {
    pub fn is_lost(&self) -> bool {
        self.left > LOST || self.left.is_nan()
    }

    /// The same with what its samples say of it.
    pub fn with_samples(self, problem: &Problem<'_>) -> Self {
        if !cfg!(feature = "in-sample") {
            return self;
        }
        Self { samples: problem.in_sample(&self.state), ..self }
    }

    /// A closed form has none.
    pub fn least_error(&self) -> f64 {
        if self.x.is_empty() { 0.0 } else { LEAST_ERROR }
    }
}

/// What there is to tell of a fixed point but for what its samples say of it.
pub(super) fn told(problem: &Problem<'_>, state: &State, left: f64) -> Solved {
    let conjugates = problem.conjugates(state);
    let plain = problem.weights.plain_overlaps(problem.setup.groups, &Unit::Fit(problem.fit), &conjugates);
    Solved {
        state: problem.complete(state, &conjugates),
        left,
        plain,
        hinge: problem.fit.loss == Loss::Hinge,
        conjugates,
        ..Solved::default()
    }
}

/// A fixed teacher, which is solved already.
pub(super) fn fixed(groups: &[Group], weights: &Weights, teacher: FixedTeacher, k: usize) -> Solved {
    let conjugates = Conjugates { m_hat: teacher.m, q_hat: vec![0.0; k + 1], c: vec![0.0; k], ..Conjugates::default() };
    let unit = Unit::Fixed(teacher);
    let mut state = weights.overlaps(groups, &unit, &conjugates);
    state.b = teacher.b;
    if let Some(variance) = teacher.variance {
        state.q[k] = variance;
    }
    state.v.fill(0.0);
    let plain = weights.plain_overlaps(groups, &unit, &conjugates);
    Solved { state, conjugates, plain, ..Solved::default() }
}

/// What is told of unit k.
pub(super) fn tell(
    setup: &Setup<'_>,
    solved: &[Solved],
    k: usize,
    of_stage: &[usize],
    error: f64,
    limit: f64,
    failed: Option<usize>,
) -> StageSolution {
    let own = &solved[k];
    let earlier: Vec<usize> = of_stage.iter().copied().filter(|&j| j <= k).collect();
    let pick = |values: &[f64]| earlier.iter().map(|&j| values[j]).collect::<Vec<f64>>();
    let State { m, b, q, v } = &own.state;
    let reason = match failed {
        Some(stage) => Some(format!("stage {} behind it did not converge", stage + 1)),
        None if error <= limit => None,
        None if own.left.is_infinite() && own.jacobian.is_none() && own.x.is_empty() => {
            Some("its averages are over more fields than can be held".to_owned())
        }
        None if own.left <= limit => {
            Some(format!("two resolutions of its averages differ by {error:.1e} where {limit:.0e} is the limit"))
        }
        None if own.hinge => Some(
            "no fixed point was reached: between classes as unequal as these the hinge loss may leave w = 0 and b = ±1"
                .to_owned(),
        ),
        None if own.left.is_finite() => {
            Some(format!("no fixed point was reached: a Newton step would still change it by {:.1e}", own.left))
        }
        None => Some("no fixed point was reached: the search stalled, or its work was done".to_owned()),
    };
    let teacher = setup.units[k].source().filter(|&j| matches!(setup.units[j], Unit::Fixed(_)));
    let mut s = pick(&own.plain);
    s.pop();
    StageSolution {
        m: *m,
        q: own.plain[k],
        variance: q[k],
        b: *b,
        v: v[k],
        eg: test_error(setup.data.rho, *m, *b, q[k]),
        s,
        teacher_overlap: teacher.map(|j| own.plain[j]),
        teacher_response: teacher.map(|j| own.conjugates.c[j]),
        samples: own.samples,
        overlaps: pick(q),
        susceptibilities: pick(v),
        m_hat: own.conjugates.m_hat,
        q_hat: pick(&own.conjugates.q_hat),
        kappa: own.conjugates.kappa,
        c: earlier[..earlier.len() - 1].iter().map(|&j| own.conjugates.c[j]).collect(),
        margin: None,
        status: if reason.is_none() { Status::Converged } else { Status::NotConverged },
        reason,
        residual: own.left,
        // no bound is known of what is not a number
        error: if error.is_nan() { f64::INFINITY } else { error },
    }
}
