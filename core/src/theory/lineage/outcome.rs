//! What a unit came to at one resolution, and what is told of it.

use crate::model::Status;
use crate::model::lineage::{FixedTeacher, Loss};

use super::certificate::{FLOOR, largest, norm_beside, relative, test_error};
use super::groups::Group;
use super::jacobian::Jacobian;
use super::recursion::{Problem, Setup};
use super::solution::{InSample, StageSolution};
use super::state::{Conjugates, State};
use super::unit::Unit;
use super::weights::Weights;

/// A unit that a Newton step would still change by this is lost, and no finer rule will find it.
pub(super) const LOST: f64 = 0.1;

/// |b| of a hinge loss beyond which the other class is hardly there.
const ONE_CLASS: f64 = 1.0;

/// Q that stands for 0, where √Q is still to be divided by: what is asked of h is felt to 10⁻¹².
pub(super) const NOTHING: f64 = 1e-24;

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
    /// Whether no finite bias is the best.
    pub unbounded: bool,
    /// Whether its weights are 0, which its state is only near.
    pub weightless: bool,
}

/// What the cut of the Gaussian may take from an average at the rules above, and two of them by chance agree on.
const LEAST_ERROR: f64 = 1e-9;

impl Solved {
    /// Whether its weights are 0, which no learner of the page comes to.
    pub fn is_weightless(&self) -> bool {
        cfg!(feature = "corners") && self.weightless
    }

    pub fn is_lost(&self) -> bool {
        self.left > LOST || self.left.is_nan()
    }

    /// The same with what its samples say of it.
    pub fn with_samples(self, problem: &Problem<'_>) -> Self {
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

/// A unit at some order parameters, of which nothing else is told.
pub(super) fn placed(state: State) -> Solved {
    let k = state.q.len() - 1;
    let conjugates = Conjugates { q_hat: vec![0.0; k + 1], c: vec![0.0; k], ..Conjugates::default() };
    Solved { state, conjugates, plain: vec![0.0; k + 1], ..Solved::default() }
}

/// The largest difference of what else is told of unit k between two answers: |w_k|²/N and the overlaps of the weights,
/// relatively, and what its samples say of it, of which less than [`FLOOR`] counts as that. `scales` are the
/// |w_j|²/N of the units before it.
pub(super) fn difference_told(a: &Solved, b: &Solved, scales: &[f64]) -> f64 {
    let Some((&own_a, &own_b)) = a.plain.last().zip(b.plain.last()) else { return 0.0 };
    let norm = norm_beside(own_b, b.state.b);
    let overlaps = scales.iter().zip(&a.plain).zip(&b.plain);
    let overlaps = overlaps.map(|((scale, a), b)| (*a, *b, norm * libm::sqrt(*scale)));
    let said = |of: &Solved| {
        let seen = of.samples.imitation.map(|seen| [seen.cross_entropy, seen.output_mse, seen.preactivation_mse]);
        [of.samples.train_loss].into_iter().chain(seen.unwrap_or([f64::NAN; 3]))
    };
    let said = said(a).zip(said(b)).filter(|(a, b)| !(a.is_nan() && b.is_nan())).map(|(a, b)| (a, b, 1.0));
    let all = [(own_a, own_b, norm * norm / FLOOR)].into_iter().chain(overlaps).chain(said);
    largest(all.map(|(a, b, scale)| relative(a, b, scale)))
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
        None if cfg!(feature = "corners") && own.unbounded => {
            Some("its source gives one label to all samples, to which no finite bias is the best".to_owned())
        }
        None if cfg!(feature = "corners")
            && own.left.is_infinite()
            && own.jacobian.is_none()
            && own.x.is_empty() =>
        {
            Some("its averages are over more fields than can be held".to_owned())
        }
        None if own.left <= limit => {
            Some(format!("two resolutions of its averages differ by {error:.1e} where {limit:.0e} is the limit"))
        }
        None if cfg!(feature = "corners") && own.hinge && own.state.b.abs() > ONE_CLASS => Some(
            "no fixed point was reached: the hinge loss is asked to tell classes of which one has next to no samples, and \
             b may have no limit"
                .to_owned(),
        ),
        None if own.left.is_finite() => {
            Some(format!("no fixed point was reached: a Newton step would still change it by {:.1e}", own.left))
        }
        None => Some("no fixed point was reached: the search stalled, or its work was done".to_owned()),
    };
    let teacher = setup.units[k].source().filter(|&j| matches!(setup.units[j], Unit::Fixed(_)));
    let beside = &earlier[..earlier.len() - 1];
    let s = beside.iter().map(|&j| if solved[j].is_weightless() { 0.0 } else { own.plain[j] }).collect();
    let stage = StageSolution {
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
        c: beside.iter().map(|&j| own.conjugates.c[j]).collect(),
        margin: None,
        status: if reason.is_none() { Status::Converged } else { Status::NotConverged },
        reason,
        residual: own.left,
        // no bound is known of what is not a number
        error: if error.is_nan() { f64::INFINITY } else { error },
    };
    if own.is_weightless() { without_weights(stage, setup.data.rho) } else { stage }
}

/// A stage whose state is next to w = 0, at w = 0.
fn without_weights(near: StageSolution, rho: f64) -> StageSolution {
    let none = |values: &[f64]| vec![0.0; values.len()];
    StageSolution {
        m: 0.0,
        q: 0.0,
        variance: 0.0,
        eg: if near.b > 0.0 { 1.0 - rho } else { rho },
        s: none(&near.s),
        teacher_overlap: near.teacher_overlap.map(|_| 0.0),
        overlaps: none(&near.overlaps),
        ..near
    }
}
