//! The way to the fixed points of a lineage, at ever finer resolution until two agree.

use crate::model::Lineage;
use crate::model::lineage::{FixedTeacher, Loss, Source, TargetKind};

use super::certificate::{difference, test_error};
use super::fixed_point::{Jacobian, Map};
use super::groups::{Group, groups};
use super::imitation::Imitation;
use super::limits::{Limit, in_the_limit, without_limits};
use super::panels::{Reader, Rule};
use super::recursion::{Problem, Setup};
use super::search::{arrived, polish, search};
use super::solution::{Error, LineageSolution, StageSolution, Status};
use super::state::{Conjugates, State};
use super::unit::{Unit, ancestors, reader, units};
use super::warm::{Effort, Start, Warm};
use super::weights::Weights;

/// Rules tried in turn, by the number of nested averages: a finer one is up to a thousand times as exact, and
/// a deeper chain can afford less.
const LADDERS: [&[Rule]; 4] = [
    &[rule(5.0, 6.25), rule(3.6, 7.0), rule(2.6, 7.5), rule(1.9, 8.0), rule(1.4, 8.5), rule(1.0, 8.75)],
    &[rule(6.0, 5.75), rule(4.2, 6.5), rule(3.0, 7.0), rule(2.1, 7.5), rule(1.5, 7.75), rule(1.05, 8.0)],
    &[rule(6.0, 5.75), rule(4.6, 6.25), rule(3.4, 6.75)],
    &[rule(10.0, 4.5), rule(8.0, 5.0)],
];
/// Refinement ends once two rules agree to this, by the number of nested averages.
const REFINED: [f64; 4] = [1e-7, 1e-7, 1e-6, 1e-4];
/// The largest error of a converged stage, by the number of nested averages.
const LIMITS: [f64; 4] = [1e-6, 1e-6, 1e-4, 1e-3];

const fn rule(length: f64, cut: f64) -> Rule {
    Rule { length, cut }
}

/// A unit that a Newton step would still change by this is lost, and no finer rule will find it.
const LOST: f64 = 0.1;
/// Panels a lineage may take, by the number of nested averages: under a second for up to two.
const WORK: [usize; 4] = [8_000_000, 200_000_000, 1_500_000_000, 3_000_000_000];

/// A unit at one resolution.
#[derive(Debug, Clone, Default)]
struct Solved {
    state: State,
    x: Vec<f64>,
    jacobian: Option<Jacobian>,
    /// What a Newton step would still change of the observables.
    left: f64,
    conjugates: Conjugates,
    plain: Vec<f64>,
    train_loss: f64,
    imitation: Option<Imitation>,
    /// Whether its loss is the hinge.
    hinge: bool,
}

/// What has gone into a lineage.
#[derive(Debug, Clone, Copy, Default)]
struct Spent {
    sweeps: usize,
    /// Panels.
    work: usize,
}

/// What the cut of the Gaussian may take from an average at the rules above, and two of them by chance agree on.
const LEAST_ERROR: f64 = 1e-9;

impl Solved {
    fn is_lost(&self) -> bool {
        self.left > LOST || self.left.is_nan()
    }

    /// A closed form has none.
    fn least_error(&self) -> f64 {
        if self.x.is_empty() { 0.0 } else { LEAST_ERROR }
    }
}

/// The solution of every stage of a lineage.
///
/// # Errors
/// A parameter out of its domain. A stage that does not converge is part of a solution that says so.
pub fn solve(lineage: &Lineage) -> Result<LineageSolution, Error> {
    solve_from(lineage, Effort::Certified, &mut Warm::default())
}

/// The solution of every stage of a lineage, sought first where `warm` says; it is left where this one was found.
///
/// # Errors
/// As [`solve`].
pub fn solve_from(lineage: &Lineage, effort: Effort, warm: &mut Warm) -> Result<LineageSolution, Error> {
    lineage.validate()?;
    let cold = |lineage: &Lineage| with_ridges(lineage, Effort::Certified, &mut Warm::default());
    let (standing, limits) = without_limits(lineage, cold);
    let mut solution = with_ridges(&standing, effort, warm);
    for (k, stage) in solution.stages.iter_mut().enumerate() {
        let read_softly = lineage.stages.iter().any(|other| {
            other.targets.is_some_and(|targets| {
                targets.source == Source::Stage(k + 1)
                    && !(targets.kind == TargetKind::Hard && targets.temperature == 0.0)
            })
        });
        *stage = in_the_limit(stage.clone(), limits[k]);
        let own = &lineage.stages[k];
        let reason = match limits[k] {
            Limit::Margin if read_softly => {
                Some("its weights have no limit as λ → 0, so another stage cannot learn its outputs".to_owned())
            }
            Limit::Ridgeless if (lineage.data.alpha[lineage.set(k)] / own.features - 1.0).abs() < 1e-9 => {
                Some("its weights grow without bound as λ → 0 at α = η".to_owned())
            }
            Limit::Own | Limit::Ridgeless | Limit::Margin => None,
        };
        if let Some(reason) = reason {
            (stage.status, stage.reason) = (Status::NotConverged, Some(reason));
        }
    }
    // what stands behind a stage that is refused is no stage either
    if let Some(first) = solution.stages.iter().position(|stage| stage.status == Status::NotConverged) {
        for stage in &mut solution.stages[first + 1..] {
            let behind = || format!("stage {} before it did not converge", first + 1);
            (stage.status, stage.reason) = (Status::NotConverged, stage.reason.take().or_else(|| Some(behind())));
        }
    }
    Ok(solution)
}

/// The solution of every stage of a valid lineage whose ridges are as they stand.
fn with_ridges(lineage: &Lineage, effort: Effort, warm: &mut Warm) -> LineageSolution {
    let (units, of_stage) = units(lineage);
    let groups = groups(lineage);
    let readers: Vec<Option<Reader>> = (0..units.len()).map(|k| reader(&units, &groups, k)).collect();
    let setup = Setup { data: &lineage.data, units: &units, groups: &groups, readers: &readers };
    let depth = (0..units.len())
        .map(|k| units[k].set().map_or(1, |set| ancestors(&units, k, set).len() + 1))
        .max()
        .unwrap_or(1);
    let class = depth.saturating_sub(2).min(LADDERS.len() - 1);
    let mut spent = Spent::default();
    let mut last: Option<Vec<Solved>> = None;
    let mut errors = vec![f64::INFINITY; units.len()];
    let ladder = LADDERS[class];
    for (level, &rule) in ladder.iter().enumerate() {
        let solved = at_rule(&setup, rule, warm, last.as_deref(), &mut spent);
        if effort == Effort::Sketch {
            errors = solved.iter().map(|unit| unit.left).collect();
        } else if let Some(last) = &last {
            errors = (0..units.len())
                .map(|k| solved[k].left + apart(&setup, &solved, last, k) + solved[k].least_error())
                .collect();
        }
        // units after one that is lost are learning from nothing
        let told = solved.iter().position(Solved::is_lost).unwrap_or(solved.len());
        last = Some(solved);
        let refined = errors[..told].iter().all(|error| *error <= REFINED[class] || error.is_nan());
        // the next rule takes about twice the work of this one
        if effort == Effort::Sketch || level > 0 && (refined || 2 * spent.work >= WORK[class]) {
            break;
        }
    }
    let solved = last.unwrap_or_default();
    let start = |unit: &Solved| Start { x: unit.x.clone(), jacobian: unit.jacobian.clone() };
    warm.units = solved.iter().map(|unit| if unit.is_lost() { Start::default() } else { start(unit) }).collect();
    let mut failed: Option<usize> = None;
    let stages = of_stage
        .iter()
        .enumerate()
        .map(|(stage, &k)| {
            let own = tell(&setup, &solved, k, &of_stage, errors[k], LIMITS[class], failed);
            if own.status == Status::NotConverged && failed.is_none() {
                failed = Some(stage);
            }
            own
        })
        .collect();
    LineageSolution { stages, sweeps: spent.sweeps }
}

/// By how much the answers for unit k at two resolutions differ.
fn apart(setup: &Setup<'_>, a: &[Solved], b: &[Solved], k: usize) -> f64 {
    let scales: Vec<(usize, f64)> = (0..k).map(|j| (j, a[j].state.q[j])).collect();
    match setup.units[k] {
        Unit::Fixed(_) => 0.0,
        Unit::Fit(_) => difference(&b[k].state, &a[k].state, &scales, setup.data.rho),
    }
}

/// All units at one rule, from where the last rule ended, or else from where `warm` says.
fn at_rule(setup: &Setup<'_>, rule: Rule, warm: &Warm, last: Option<&[Solved]>, spent: &mut Spent) -> Vec<Solved> {
    let mut weights = Weights::new(setup.groups);
    let mut solved: Vec<Solved> = Vec::new();
    let mut states: Vec<State> = Vec::new();
    for (k, unit) in setup.units.iter().enumerate() {
        let here = match unit {
            Unit::Fixed(teacher) => fixed(setup.groups, &weights, *teacher, k),
            Unit::Fit(fit) => {
                let problem = Problem::new(setup, k, *fit, &states, &weights, rule);
                solve_unit(problem, warm.units.get(k), last.map(|last| &last[k]), spent)
            }
        };
        weights.push(setup.groups, unit, here.conjugates.clone());
        states.push(here.state.clone());
        solved.push(here);
    }
    solved
}

/// A fixed teacher, which is solved already.
fn fixed(groups: &[Group], weights: &Weights, teacher: FixedTeacher, k: usize) -> Solved {
    let conjugates = Conjugates { m_hat: teacher.m, q_hat: vec![0.0; k + 1], c: vec![0.0; k], ..Conjugates::default() };
    let unit = Unit::Fixed(teacher);
    let mut state = weights.overlaps(groups, &unit, &conjugates);
    state.b = teacher.b;
    state.v.fill(0.0);
    let plain = weights.plain_overlaps(groups, &unit, &conjugates);
    Solved { state, conjugates, plain, ..Solved::default() }
}

/// One unit's fixed point.
fn solve_unit(problem: Problem<'_>, warm: Option<&Start>, last: Option<&Solved>, spent: &mut Spent) -> Solved {
    if let Some(state) = problem.closed_form() {
        let scales: Vec<(usize, f64)> = problem.behind.iter().map(|&j| (j, problem.variance_of(j))).collect();
        let again = problem.sweep(&state, problem.fit.lambda);
        let own = told(&problem, &state, 0.0, true);
        let left = difference(&again, &own.state, &scales, problem.setup.data.rho);
        return Solved { left, ..own };
    }
    if problem.chain.overfull() {
        let state = problem.cold_start(problem.fit.lambda);
        return told(&problem, &state, f64::INFINITY, false);
    }
    // the search leaves half of the work to finer rules
    let most = WORK[problem.behind.len().saturating_sub(1).min(WORK.len() - 1)] / 2;
    let of = |x: &[f64], lambda: f64| problem.map(x, lambda);
    // what is lost at one resolution is not found at the next
    if let Some(last) = last.filter(|last| last.is_lost()) {
        return last.clone();
    }
    let mut map = Map::new(&of, problem.fit.lambda, &problem.work, most);
    let (reached, jacobian) = match last {
        Some(last) => polish(&mut map, &last.x, last.jacobian.clone()),
        None => {
            let near = warm.filter(|start| start.x.len() == problem.dimension());
            let (reached, jacobian) =
                near.map_or((None, None), |start| polish(&mut map, &start.x, start.jacobian.clone()));
            if arrived(&reached) { (reached, jacobian) } else { search(&problem, &mut map) }
        }
    };
    let map_asked = map.asked();
    spent.sweeps += map_asked;
    let x = reached
        .as_ref()
        .map_or_else(|| problem.coordinates(&problem.cold_start(problem.fit.lambda)), |reached| reached.x.clone());
    let state = problem.state(&x);
    let left = match (&reached, &jacobian) {
        (Some(reached), Some(jacobian)) => {
            let step = jacobian.solve(&reached.residual);
            let moved: Vec<f64> = reached.x.iter().zip(&step).map(|(x, step)| x + step).collect();
            let scales: Vec<(usize, f64)> = problem.behind.iter().map(|&j| (j, problem.variance_of(j))).collect();
            difference(&problem.state(&moved), &state, &scales, problem.setup.data.rho)
        }
        _ => f64::INFINITY,
    };
    // the first rule is never the last but for what is lost there
    let in_full = last.is_some() || left > LOST || left.is_nan();
    let told = told(&problem, &state, left, in_full);
    // its samples are gone through twice more for what they say
    let panels = problem.work.get();
    spent.work += panels + 2 * panels / (map_asked + 1);
    Solved { x, jacobian, ..told }
}

/// What there is to tell of a fixed point; `in_full`, also what its samples say of it.
fn told(problem: &Problem<'_>, state: &State, left: f64, in_full: bool) -> Solved {
    let in_full = in_full && cfg!(feature = "in-sample");
    let conjugates = problem.conjugates(state);
    let plain = problem.weights.plain_overlaps(problem.setup.groups, &Unit::Fit(problem.fit), &conjugates);
    Solved {
        state: problem.complete(state, &conjugates),
        left,
        plain,
        train_loss: if in_full { problem.mean_loss(state) } else { f64::NAN },
        imitation: if in_full { problem.imitation(state) } else { None },
        hinge: problem.fit.loss == Loss::Hinge,
        conjugates,
        ..Solved::default()
    }
}

/// What is told of unit k.
fn tell(
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
        train_loss: own.train_loss,
        imitation: own.imitation,
        overlaps: pick(q),
        susceptibilities: pick(v),
        m_hat: own.conjugates.m_hat,
        q_hat: pick(&own.conjugates.q_hat),
        kappa: own.conjugates.kappa,
        c: earlier[..earlier.len() - 1].iter().map(|&j| own.conjugates.c[j]).collect(),
        margin: None,
        status: if reason.is_none() { Status::Converged } else { Status::NotConverged },
        reason,
        // no bound is known of what is not a number
        error: if error.is_nan() { f64::INFINITY } else { error },
    }
}
