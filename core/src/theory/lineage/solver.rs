//! The way to the fixed points of a lineage, at ever finer resolution until two agree.

use crate::model::Lineage;
use crate::model::lineage::FixedTeacher;

use super::certificate::{difference, test_error};
use super::fixed_point::{Jacobian, Map, Reached, anderson, leap, newton, size};
use super::groups::{Group, groups};
use super::panels::{Reader, Rule};
use super::recursion::{Problem, Setup};
use super::solution::{Error, LineageSolution, StageSolution, Status};
use super::state::{Conjugates, State};
use super::unit::{Unit, ancestors, units};
use super::weights::Weights;

/// Rules tried in turn, by the number of nested averages: a finer one is up to a thousand times as exact, and
/// a deeper chain can afford less.
const LADDERS: [&[Rule]; 4] = [
    &[rule(5.0, 6.25), rule(3.6, 7.0), rule(2.6, 7.5), rule(1.9, 8.0), rule(1.4, 8.5), rule(1.0, 8.75)],
    &[rule(6.0, 5.75), rule(4.2, 6.5), rule(3.0, 7.0), rule(2.1, 7.5)],
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

/// Residual at which the coarse search hands over to Newton steps.
const NEAR: f64 = 1e-5;
/// Residual below which nothing is left to gain.
const ROUNDING: f64 = 1e-10;
/// A unit that a Newton step would still change by this is lost, and no finer rule will find it.
const LOST: f64 = 0.1;
/// Sweeps of the first search.
const FIRST_SEARCH: usize = 40;
/// Panels a unit's search may take, by the number of nested averages: a second at most for up to two.
const WORK: [usize; 4] = [6_000_000, 200_000_000, 1_500_000_000, 3_000_000_000];

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
}

/// The solution of every stage of a lineage.
///
/// # Errors
/// A parameter out of its domain. A stage that does not converge is part of a solution that says so.
pub fn solve(lineage: &Lineage) -> Result<LineageSolution, Error> {
    lineage.validate()?;
    let (units, of_stage) = units(lineage);
    let groups = groups(lineage);
    let readers: Vec<Option<Reader>> = (0..units.len()).map(|k| reader(&units, &groups, k)).collect();
    let setup = Setup { data: &lineage.data, units: &units, groups: &groups, readers: &readers };
    let depth = (0..units.len())
        .map(|k| units[k].set().map_or(1, |set| ancestors(&units, k, set).len() + 1))
        .max()
        .unwrap_or(1);
    let class = depth.saturating_sub(2).min(LADDERS.len() - 1);
    let mut sweeps = 0;
    let mut last: Option<Vec<Solved>> = None;
    let mut errors = vec![f64::INFINITY; units.len()];
    let ladder = LADDERS[class];
    for (level, &rule) in ladder.iter().enumerate() {
        let solved = at_rule(&setup, rule, last.as_deref(), &mut sweeps);
        let lost = solved.iter().any(|unit| !(unit.left <= LOST));
        if let Some(last) = &last {
            errors = (0..units.len()).map(|k| solved[k].left + apart(&setup, &solved, last, k)).collect();
        }
        last = Some(solved);
        if lost {
            break;
        }
        if level > 0
            && (errors.iter().all(|error| *error <= REFINED[class]) || errors.iter().any(|error| error.is_nan()))
        {
            break;
        }
    }
    let solved = last.unwrap_or_default();
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
    Ok(LineageSolution { stages, sweeps })
}

/// A reader with no ridge at all counts as one with this.
const LEAST_RIDGE: f64 = 1e-10;

/// The finest scale and the largest V with which the outputs of unit k are read, if they are.
fn reader(units: &[Unit], groups: &[Group], k: usize) -> Option<Reader> {
    let mean: f64 = groups.iter().map(|group| group.weight * group.variance).sum();
    let readers = units.iter().filter_map(|unit| match unit {
        Unit::Fit(fit) => fit.lesson.filter(|lesson| lesson.from == k).map(|lesson| {
            let scale = if lesson.temperature > 0.0 { lesson.temperature } else { 1.0 };
            Reader { scale, v: mean / fit.lambda.max(LEAST_RIDGE) }
        }),
        Unit::Fixed(_) => None,
    });
    readers.reduce(|a, b| Reader { scale: a.scale.min(b.scale), v: a.v.max(b.v) })
}

/// By how much the answers for unit k at two resolutions differ.
fn apart(setup: &Setup<'_>, a: &[Solved], b: &[Solved], k: usize) -> f64 {
    let scales: Vec<(usize, f64)> = (0..k).map(|j| (j, a[j].state.q[j])).collect();
    match setup.units[k] {
        Unit::Fixed(_) => 0.0,
        Unit::Fit(_) => difference(&b[k].state, &a[k].state, &scales, setup.data.rho),
    }
}

/// All units at one rule, from where the last rule ended.
fn at_rule(setup: &Setup<'_>, rule: Rule, last: Option<&[Solved]>, sweeps: &mut usize) -> Vec<Solved> {
    let mut weights = Weights::new(setup.groups);
    let mut solved: Vec<Solved> = Vec::new();
    let mut states: Vec<State> = Vec::new();
    for (k, unit) in setup.units.iter().enumerate() {
        let here = match unit {
            Unit::Fixed(teacher) => fixed(setup.groups, &weights, *teacher, k),
            Unit::Fit(fit) => {
                let problem = Problem::new(setup, k, *fit, &states, &weights, rule);
                solve_unit(problem, last.map(|last| &last[k]), sweeps)
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
fn solve_unit(problem: Problem<'_>, last: Option<&Solved>, sweeps: &mut usize) -> Solved {
    if let Some(state) = problem.closed_form() {
        let scales: Vec<(usize, f64)> = problem.behind.iter().map(|&j| (j, problem.variance_of(j))).collect();
        let again = problem.sweep(&state, problem.fit.lambda);
        let own = told(&problem, &state, 0.0);
        let left = difference(&again, &own.state, &scales, problem.setup.data.rho);
        return Solved { left, ..own };
    }
    let most = WORK[problem.behind.len().saturating_sub(1).min(WORK.len() - 1)];
    let of = |x: &[f64], lambda: f64| problem.map(x, lambda);
    let mut map = Map::new(&of, problem.fit.lambda, &problem.work, most);
    let (reached, jacobian) = match last {
        Some(last) => polish(&mut map, &last.x, last.jacobian.clone()),
        None => search(&problem, &mut map),
    };
    *sweeps += map.asked();
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
    Solved { x, jacobian, ..told(&problem, &state, left) }
}

/// What there is to tell of a fixed point.
fn told(problem: &Problem<'_>, state: &State, left: f64) -> Solved {
    let conjugates = problem.conjugates(state);
    let plain = problem.weights.plain_overlaps(problem.setup.groups, &Unit::Fit(problem.fit), &conjugates);
    Solved {
        state: problem.complete(state, &conjugates),
        left,
        plain,
        train_loss: problem.mean_loss(state),
        conjugates,
        ..Solved::default()
    }
}

/// Newton steps from a neighbour with its Jacobian, which is made anew only where it fails.
fn polish(map: &mut Map<'_>, start: &[f64], jacobian: Option<Jacobian>) -> (Option<Reached>, Option<Jacobian>) {
    let (reached, mut jacobian, _) = newton(map, start, jacobian, ROUNDING, 20);
    if let (Some(found), None) = (&reached, &jacobian) {
        jacobian = Jacobian::at(map, &found.x, &found.residual);
    }
    (reached, jacobian)
}

/// A fixed point from nothing: Anderson's mixing, Newton from where it ended, and else from a large ridge.
fn search(problem: &Problem<'_>, map: &mut Map<'_>) -> (Option<Reached>, Option<Jacobian>) {
    let start = problem.coordinates(&problem.cold_start(problem.fit.lambda));
    let start = leap(map, start);
    let (best, _) = anderson(map, &start, NEAR, FIRST_SEARCH);
    let (mut reached, mut jacobian) = (None, None);
    if let Some(best) = best {
        (reached, jacobian, _) = newton(map, &best.x, None, ROUNDING, 20);
    }
    let arrived = |reached: &Option<Reached>| reached.as_ref().is_some_and(|reached| size(&reached.residual) <= NEAR);
    if !arrived(&reached) {
        let (from_afar, at_end) = follow(problem, map);
        if arrived(&from_afar) || reached.is_none() {
            (reached, jacobian) = (from_afar, at_end);
        }
    }
    if let (Some(found), None) = (&reached, &jacobian) {
        jacobian = Jacobian::at(map, &found.x, &found.residual);
    }
    (reached, jacobian)
}

/// Residual to which the points on the way are solved.
const ON_THE_WAY: f64 = 1e-5;
/// Steps of ln λ on the way: the first, the largest, and the smallest before it is given up.
const STRIDES: (f64, f64, f64) = (1.5, 4.0, 0.02);
/// Points on the way at most.
const MOST_POINTS: usize = 120;

/// A fixed point followed from a ridge that outweighs the data down to its own, with steps of ln λ as long as Newton
/// arrives.
fn follow(problem: &Problem<'_>, map: &mut Map<'_>) -> (Option<Reached>, Option<Jacobian>) {
    let goal = problem.fit.lambda;
    let alpha = problem.setup.data.alpha[problem.fit.set];
    let scale = problem.fit.scale();
    let heavy = 4.0 * alpha * problem.setup.data.delta / (scale * scale).min(1.0);
    let mut lambda = goal.max(heavy);
    map.lambda = lambda;
    let begin = problem.coordinates(&problem.cold_start(lambda));
    let (best, _) = anderson(map, &begin, ON_THE_WAY, 3 * FIRST_SEARCH);
    let Some(mut here) = best else {
        map.lambda = goal;
        return (None, None);
    };
    let mut jacobian = None;
    let mut before: Option<(f64, Vec<f64>)> = None;
    let mut stride = STRIDES.0;
    for _ in 0..MOST_POINTS {
        if lambda <= goal {
            break;
        }
        let next = (lambda * libm::exp(-stride)).max(goal);
        map.lambda = next;
        let guess: Vec<f64> = match &before {
            None => here.x.clone(),
            Some((other, x)) => {
                let share = libm::log(next / lambda) / libm::log(lambda / other);
                here.x.iter().zip(x).map(|(here, before)| here + share * (here - before)).collect()
            }
        };
        let (reached, at_end, converged) = newton(map, &guess, jacobian.clone(), ON_THE_WAY, 12);
        match reached.filter(|_| converged) {
            Some(reached) => {
                before = Some((lambda, std::mem::replace(&mut here, reached).x));
                (lambda, jacobian) = (next, at_end);
                stride = (1.7 * stride).min(STRIDES.1);
            }
            None => {
                stride *= 0.35;
                jacobian = None;
                if stride < STRIDES.2 {
                    break;
                }
            }
        }
    }
    let arrived = lambda <= goal;
    map.lambda = goal;
    if !arrived {
        return (None, None);
    }
    let (reached, jacobian, _) = newton(map, &here.x, None, ROUNDING, 20);
    (reached, jacobian)
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
        None if own.left <= limit => {
            Some(format!("two resolutions of its averages differ by {error:.1e} where {limit:.0e} is the limit"))
        }
        None => Some(format!("no fixed point was reached: a Newton step would change it by {:.1e}", own.left)),
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
        overlaps: pick(q),
        susceptibilities: pick(v),
        m_hat: own.conjugates.m_hat,
        q_hat: pick(&own.conjugates.q_hat),
        kappa: own.conjugates.kappa,
        c: earlier[..earlier.len() - 1].iter().map(|&j| own.conjugates.c[j]).collect(),
        status: if reason.is_none() { Status::Converged } else { Status::NotConverged },
        reason,
        error,
    }
}
