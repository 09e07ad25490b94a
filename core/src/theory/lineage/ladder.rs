//! A lineage at ever finer resolution, from nothing or from a neighbour, until two resolutions agree.

use crate::model::Lineage;
use crate::model::lineage::{FixedTeacher, Loss};

use super::certificate::{difference, difference_told};
use super::collapse::collapsed;
use super::fixed_point::{Jacobian, Map};
use super::groups::{Group, groups};
use super::outcome::{LOST, Solved, tell, told};
use super::panels::{Reader, Rule};
use super::recursion::{Problem, Setup};
use super::search::{polish, search};
use super::solution::{LineageSolution, StageSolution, Status};
use super::state::{Conjugates, State};
use super::unit::{Unit, ancestors, reader, units};
use super::weights::Weights;

/// Rules tried in turn, by the number of nested averages: a finer one is up to a thousand times as exact, and
/// a deeper chain can afford less.
const LADDERS: [&[Rule]; 4] = [
    &[
        rule(5.0, 6.25),
        rule(3.6, 7.0),
        rule(2.6, 7.5),
        rule(1.9, 8.0),
        rule(1.4, 8.5),
        rule(1.0, 8.75),
        // behind a hinge loss with little of its own, a kink that only the nodes resolve
        rule(0.7, 8.75),
        rule(0.5, 8.75),
        rule(0.35, 8.75),
        rule(0.25, 8.75),
    ],
    &[rule(6.0, 5.75), rule(4.2, 6.5), rule(3.0, 7.0), rule(2.1, 7.5), rule(1.5, 7.75), rule(1.05, 8.0)],
    &[rule(6.0, 5.75), rule(4.6, 6.25), rule(3.4, 6.75)],
    &[rule(10.0, 4.5), rule(8.0, 5.0)],
];
/// The coarsest rules a solution is held against, by the number of nested averages, and how much finer they are than
/// the one it ended at.
const FINER: [Rule; 4] = [rule(0.6, 9.5), rule(0.75, 9.0), rule(2.2, 7.5), rule(6.0, 5.75)];
const FINENESS: f64 = 0.7;
/// Refinement ends once two rules agree to this, by the number of nested averages.
const REFINED: [f64; 4] = [1e-7, 1e-7, 1e-6, 1e-4];
/// The largest error of a converged stage, by the number of nested averages.
const LIMITS: [f64; 4] = [1e-6, 1e-6, 1e-4, 1e-3];

const fn rule(length: f64, cut: f64) -> Rule {
    Rule { length, cut }
}

/// Panels a lineage may take, by the number of nested averages: under a second for up to two.
const WORK: [usize; 4] = [8_000_000, 200_000_000, 1_500_000_000, 3_000_000_000];

/// What has gone into a lineage.
#[derive(Debug, Clone, Copy, Default)]
struct Spent {
    sweeps: usize,
    /// Panels.
    work: usize,
}

/// The coordinates and the Jacobian of every unit, and the rule to begin with.
#[derive(Debug, Clone)]
pub(super) struct Start {
    level: usize,
    units: Vec<(Vec<f64>, Option<Jacobian>)>,
}

/// A lineage as the recursion walks through it, with what [`Setup`] borrows.
pub(super) struct Ground<'a> {
    pub lineage: &'a Lineage,
    pub units: Vec<Unit>,
    pub of_stage: Vec<usize>,
    pub groups: Vec<Group>,
    readers: Vec<Option<Reader>>,
}

impl<'a> Ground<'a> {
    pub fn new(lineage: &'a Lineage) -> Self {
        let (units, of_stage) = units(lineage);
        let groups = groups(lineage);
        let readers = (0..units.len()).map(|k| reader(&units, &groups, k)).collect();
        Self { lineage, units, of_stage, groups, readers }
    }

    /// The same with averages as fine as another's, to be held against them.
    pub fn beside(lineage: &'a Lineage, other: &Ground<'_>) -> Self {
        Self { readers: other.readers.clone(), ..Self::new(lineage) }
    }

    /// Whether the data and the groups of features are those of another.
    pub fn is_alike(&self, other: &Ground<'_>) -> bool {
        self.lineage.data == other.lineage.data && self.groups == other.groups
    }

    pub fn setup(&self) -> Setup<'_> {
        Setup { data: &self.lineage.data, units: &self.units, groups: &self.groups, readers: &self.readers }
    }

    /// What is told of every stage when the units are solved to these errors.
    pub fn stages(&self, solved: &[Solved], errors: &[f64], limit: f64) -> Vec<StageSolution> {
        let mut failed: Option<usize> = None;
        let tell_stage = |(stage, &k): (usize, &usize)| {
            let own = tell(&self.setup(), solved, k, &self.of_stage, errors[k], limit, failed);
            if own.status == Status::NotConverged && failed.is_none() {
                failed = Some(stage);
            }
            own
        };
        self.of_stage.iter().enumerate().map(tell_stage).collect()
    }

    /// The class of its averages, by how many are nested.
    fn class(&self) -> usize {
        let depth = |k: usize| self.units[k].set().map_or(1, |set| ancestors(&self.units, k, set).len() + 1);
        let deepest = (0..self.units.len()).map(depth).max().unwrap_or(1);
        deepest.saturating_sub(2).min(LADDERS.len() - 1)
    }
}

/// Every unit at the rules that were tried.
pub(super) struct Resolved {
    /// The last rules, two at most, and the units there; the finest stands last.
    pub levels: Vec<(Rule, Vec<Solved>)>,
    /// Where the finest stands on the ladder.
    level: usize,
    errors: Vec<f64>,
    class: usize,
    spent: Spent,
}

impl Resolved {
    /// What is told of every stage.
    pub fn solution(&self, ground: &Ground<'_>) -> LineageSolution {
        let stages = self
            .levels
            .last()
            .map_or_else(Vec::new, |(_, solved)| ground.stages(solved, &self.errors, LIMITS[self.class]));
        LineageSolution { stages, sweeps: self.spent.sweeps }
    }

    /// Where a neighbour may start.
    pub fn start(&self) -> Option<Start> {
        let (_, solved) = self.levels.last()?;
        let worst = self.errors.iter().copied().fold(0.0, f64::max);
        // two rules that agree far better than they must were both finer than needed
        let back = if worst < COMFORTABLE * REFINED[self.class] { 2 } else { 1 };
        let units = solved.iter().map(|unit| (unit.x.clone(), unit.jacobian.clone())).collect();
        Some(Start { level: self.level.saturating_sub(back), units })
    }
}

/// Agreement of two rules, in units of what is asked for, at which a neighbour begins with a coarser one.
const COMFORTABLE: f64 = 0.05;

/// Walks up the rules until two agree; none if that fails from the start that is given.
pub(super) fn resolve(ground: &Ground<'_>, start: Option<&Start>) -> Option<Resolved> {
    let setup = ground.setup();
    let count = ground.units.len();
    let class = ground.class();
    let mut spent = Spent::default();
    let mut levels: Vec<(Rule, Vec<Solved>)> = Vec::new();
    let (mut of_state, mut errors) = (vec![f64::INFINITY; count], vec![f64::INFINITY; count]);
    let first = start.map_or(0, |start| start.level.min(LADDERS[class].len() - 2));
    let mut level = first;
    loop {
        let rule = LADDERS[class][level];
        let from = match (levels.last(), start) {
            (Some((_, last)), _) => Origin::Coarser(last),
            (None, Some(start)) => Origin::Neighbour(start),
            (None, None) => Origin::Nothing,
        };
        let solved = at_rule(&setup, rule, from, &mut spent)?;
        if let Some((_, last)) = levels.last() {
            of_state = (0..count)
                .map(|k| solved[k].left + apart(&setup, &solved, last, k) + solved[k].least_error())
                .collect();
            // the samples' averages gain less from a finer rule
            errors = (0..count).map(|k| of_state[k].max(solved[k].left + 2.0 * apart_told(&solved, last, k))).collect();
        }
        // units after one that is lost are learning from nothing
        let told = solved.iter().position(Solved::is_lost).unwrap_or(solved.len());
        levels.push((rule, solved));
        if levels.len() > 2 {
            levels.remove(0);
        }
        let within = |errors: &[f64], most: f64| errors[..told].iter().all(|error| *error <= most || error.is_nan());
        // what a stage says of its samples takes no part in the fixed points, and need only be within the limit
        let refined = within(&of_state, REFINED[class]) && within(&errors, LIMITS[class]);
        // the next rule takes about twice the work of this one
        if (level > first && (refined || 2 * spent.work >= WORK[class])) || level + 1 == LADDERS[class].len() {
            break;
        }
        level += 1;
    }
    let resolved = Resolved { levels, level, errors, class, spent };
    let believed = resolved.errors.iter().all(|error| *error <= LIMITS[class]);
    (start.is_none() || believed).then_some(resolved)
}

/// Every unit at the coarsest rule alone: near enough to be drawn, and nothing to believe.
pub(super) fn sketch(ground: &Ground<'_>, start: Option<&Start>) -> Option<Resolved> {
    let setup = ground.setup();
    let class = ground.class();
    let mut spent = Spent::default();
    let rule = LADDERS[class][0];
    let near = start.and_then(|start| at_rule(&setup, rule, Origin::Neighbour(start), &mut spent));
    let near = near.filter(|solved| solved.iter().all(|unit| unit.left <= LIMITS[class]));
    let solved = near.or_else(|| at_rule(&setup, rule, Origin::Nothing, &mut spent))?;
    let errors = solved.iter().map(|unit| unit.left).collect();
    Some(Resolved { levels: vec![(rule, solved)], level: 0, errors, class, spent })
}

/// Every unit at a rule beyond the one its solution ended at, with what a Newton step would still change there.
pub(super) fn finer(ground: &Ground<'_>) -> Option<Resolved> {
    let setup = ground.setup();
    let Resolved { levels, class, .. } = resolve(ground, None)?;
    let (last, solved) = levels.last()?;
    let rule = Rule { length: FINER[class].length.min(FINENESS * last.length), ..FINER[class] };
    let mut spent = Spent::default();
    let solved = at_rule(&setup, rule, Origin::Coarser(solved), &mut spent)?;
    let errors = solved.iter().map(|unit| unit.left).collect();
    Some(Resolved { levels: vec![(rule, solved)], level: 0, errors, class, spent })
}

/// Where the units of a lineage are sought from.
#[derive(Clone, Copy)]
enum Origin<'a> {
    Nothing,
    /// A coarser rule.
    Coarser(&'a [Solved]),
    /// A lineage nearby.
    Neighbour(&'a Start),
}

/// By how much the answers for unit k at two resolutions differ.
fn apart(setup: &Setup<'_>, a: &[Solved], b: &[Solved], k: usize) -> f64 {
    let scales: Vec<(usize, f64)> = (0..k).map(|j| (j, a[j].state.q[j])).collect();
    match setup.units[k] {
        Unit::Fixed(_) => 0.0,
        Unit::Fit(_) => difference(&b[k].state, &a[k].state, &scales, setup.data.rho),
    }
}

/// By how much what else is told of unit k at two resolutions differs.
fn apart_told(a: &[Solved], b: &[Solved], k: usize) -> f64 {
    let scales: Vec<f64> = a[..k].iter().map(|other| other.plain.last().copied().unwrap_or(0.0)).collect();
    difference_told(&b[k], &a[k], &scales)
}

/// A Newton step that changes no observable by more is nearer to the fixed point at its end.
const SMALL: f64 = 1e-6;

/// All units at one rule; none where a neighbour does not lead to one of them.
fn at_rule(setup: &Setup<'_>, rule: Rule, from: Origin<'_>, spent: &mut Spent) -> Option<Vec<Solved>> {
    let mut weights = Weights::new(setup.groups);
    let mut solved: Vec<Solved> = Vec::new();
    let mut states: Vec<State> = Vec::new();
    for (k, unit) in setup.units.iter().enumerate() {
        let here = match unit {
            Unit::Fixed(teacher) => fixed(setup.groups, &weights, *teacher, k),
            Unit::Fit(fit) => {
                let problem = Problem::new(setup, k, *fit, &states, &weights, rule);
                solve_unit(&problem, from, spent)?
            }
        };
        weights.push(setup.groups, unit, here.conjugates.clone());
        states.push(here.state.clone());
        solved.push(here);
    }
    Some(solved)
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

/// One unit's fixed point; none where a neighbour does not lead to it.
fn solve_unit(problem: &Problem<'_>, from: Origin<'_>, spent: &mut Spent) -> Option<Solved> {
    let scales = || -> Vec<(usize, f64)> { problem.behind.iter().map(|&j| (j, problem.variance_of(j))).collect() };
    if let Some(state) = problem.closed_form() {
        let again = problem.sweep(&state, problem.fit.lambda);
        let own = told(problem, &state, 0.0, true);
        let left = difference(&again, &own.state, &scales(), problem.setup.data.rho);
        return Some(Solved { left, ..own });
    }
    if problem.chain.overfull() {
        let state = problem.cold_start(problem.fit.lambda);
        return Some(told(problem, &state, f64::INFINITY, false));
    }
    // the search leaves half of the work to finer rules
    let most = WORK[problem.behind.len().saturating_sub(1).min(WORK.len() - 1)] / 2;
    let of = |x: &[f64], lambda: f64| problem.map(x, lambda);
    let mut map = Map::new(&of, problem.fit.lambda, &problem.work, most);
    let (reached, jacobian) = match from {
        // what is lost at one resolution is not found at the next
        Origin::Coarser(last) if last[problem.k].is_lost() || last[problem.k].collapsed => {
            return Some(last[problem.k].clone());
        }
        Origin::Coarser(last) => polish(&mut map, &last[problem.k].x, last[problem.k].jacobian.clone()),
        Origin::Neighbour(start) => {
            let (x, jacobian) = start.units.get(problem.k).filter(|(x, _)| x.len() == problem.coordinate_count())?;
            polish(&mut map, x, jacobian.clone())
        }
        Origin::Nothing => search(problem, &mut map),
    };
    let map_asked = map.asked();
    spent.sweeps += map_asked;
    let mut x = reached
        .as_ref()
        .map_or_else(|| problem.coordinates(&problem.cold_start(problem.fit.lambda)), |reached| reached.x.clone());
    let mut state = problem.state(&x);
    let left = match (&reached, &jacobian) {
        (Some(reached), Some(jacobian)) => {
            let step = jacobian.solve(&reached.residual);
            let moved: Vec<f64> = reached.x.iter().zip(&step).map(|(x, step)| x + step).collect();
            let there = problem.state(&moved);
            let left = difference(&there, &state, &scales(), problem.setup.data.rho);
            // a small step is worth taking
            if left <= SMALL {
                (x, state) = (moved, there);
            }
            left
        }
        _ => f64::INFINITY,
    };
    let lost = left > LOST || left.is_nan();
    let arrived = left <= SMALL;
    let may_collapse = problem.fit.loss == Loss::Hinge && problem.fit.bias.is_none();
    if !arrived
        && may_collapse
        && matches!(from, Origin::Nothing)
        && let Some(state) = collapsed(problem, 2 * most)
    {
        let x = problem.coordinates(&state);
        return Some(Solved { x, collapsed: true, ..told(problem, &state, 0.0, true) });
    }
    if lost && matches!(from, Origin::Neighbour(_)) {
        return None;
    }
    let told = told(problem, &state, left, true);
    // its samples are gone through twice more for what they say
    let panels = problem.work.get();
    spent.work += panels + 2 * panels / (map_asked + 1);
    Some(Solved { x, jacobian, ..told })
}
