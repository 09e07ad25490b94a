//! A lineage at ever finer resolution, from nothing or from a neighbour, until two resolutions agree.

use crate::model::Lineage;

use super::certificate::difference;
use super::ground::{Ground, Walk};
use super::outcome::{Solved, difference_told, fixed};
use super::panels::Rule;
use super::recursion::{Problem, Setup};
use super::seek::{Near, Spent, WORK, first, solve_unit};
use super::solution::{InSample, LineageSolution};
use super::unit::Unit;

/// Rules tried in turn, by the number of nested averages: a finer one is up to a thousand times as exact, and
/// a deeper chain can afford less.
const LADDERS: [&[Rule]; 4] = [
    &[
        Rule::new(5.0, 6.25),
        Rule::new(3.6, 7.0),
        Rule::new(2.6, 7.5),
        Rule::new(1.9, 8.0),
        Rule::new(1.4, 8.5),
        Rule::new(1.0, 8.75),
        // for kinks behind a hinge loss that only the nodes resolve, and sources whose outputs are next to hard labels
        Rule::new(0.7, 8.75),
        Rule::new(0.5, 8.75),
        Rule::new(0.35, 8.75),
        Rule::new(0.25, 8.75),
    ],
    &[
        Rule::new(6.0, 5.75),
        Rule::new(4.2, 6.5),
        Rule::new(3.0, 7.0),
        Rule::new(2.1, 7.5),
        Rule::new(1.5, 7.75),
        Rule::new(1.05, 8.0),
    ],
    &[Rule::new(6.0, 5.75), Rule::new(4.6, 6.25), Rule::new(3.4, 6.75)],
    &[Rule::new(10.0, 4.5), Rule::new(8.0, 5.0)],
];
/// The coarsest rules a solution is held against, by the number of nested averages, and how much finer they are than
/// the one it ended at.
const FINER: [Rule; 4] = [Rule::new(0.6, 9.5), Rule::new(0.75, 9.0), Rule::new(2.2, 7.5), Rule::new(6.0, 5.75)];
const FINENESS: f64 = 0.7;
/// Refinement ends once two rules agree to this, by the number of nested averages.
const REFINED: [f64; 4] = [1e-7, 1e-7, 1e-6, 1e-4];
/// The largest error of a converged stage, by the number of stages: up to three, four, more.
const LIMITS: [f64; 3] = [1e-6, 1e-4, 1e-3];

/// The coordinates and the Jacobian of every unit, and the rule to begin with.
#[derive(Debug, Clone)]
pub(super) struct Start {
    level: usize,
    units: Vec<Near>,
}

/// The class of the averages of a lineage, by how many are nested.
fn class(ground: &Ground<'_>) -> usize {
    ground.depth().saturating_sub(2).min(LADDERS.len() - 1)
}

/// The largest error of a converged stage of a lineage.
pub(super) fn limit(lineage: &Lineage) -> f64 {
    LIMITS[lineage.stages.len().saturating_sub(3).min(LIMITS.len() - 1)]
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
            .map_or_else(Vec::new, |(_, solved)| ground.stages(solved, &self.errors, limit(ground.lineage)));
        LineageSolution { stages, sweeps: self.spent.sweeps }
    }

    /// Where a neighbour may start.
    pub fn start(&self) -> Option<Start> {
        let (_, solved) = self.levels.last()?;
        let worst = self.errors.iter().copied().fold(0.0, f64::max);
        // two rules that agree far better than they must were both finer than needed
        let back = if worst < COMFORTABLE * REFINED[self.class] { 2 } else { 1 };
        Some(Start { level: self.level.saturating_sub(back), units: solved.iter().map(Near::from).collect() })
    }
}

/// Agreement of two rules, in units of what is asked for, at which a neighbour begins with a coarser one.
const COMFORTABLE: f64 = 0.05;

/// Walks up the rules until two agree; none if that fails from the start that is given.
pub(super) fn resolve(ground: &Ground<'_>, start: Option<&Start>) -> Option<Resolved> {
    let setup = ground.setup();
    let count = ground.units.len();
    let class = class(ground);
    let ladder = LADDERS[class];
    let mut spent = Spent::default();
    let mut levels: Vec<(Rule, Vec<Solved>)> = Vec::new();
    let (mut of_state, mut errors) = (vec![f64::INFINITY; count], vec![f64::INFINITY; count]);
    let first = start.map_or(0, |start| start.level.min(ladder.len() - 2));
    let mut level = first;
    loop {
        let rule = ladder[level];
        let from = match (levels.last(), start) {
            (Some((_, last)), _) => Origin::Coarser(last),
            (None, Some(start)) => Origin::Neighbour(&start.units),
            (None, None) => Origin::Nothing,
        };
        levels.push((rule, at_rule(ground, rule, from, &mut spent)?));
        if levels.len() > 2 {
            levels.remove(0);
        }
        if let [(_, before), (_, here)] = &levels[..] {
            let moved = |k: usize| here[k].left + apart(&setup, here, before, k) + here[k].least_error();
            of_state = (0..count).map(moved).collect();
        }
        // units after one that is lost are learning from nothing
        let solved = &levels[levels.len() - 1].1;
        let told = solved.iter().position(Solved::is_lost).unwrap_or(count);
        let within = |errors: &[f64], most: f64| errors[..told].iter().all(|error| *error <= most || error.is_nan());
        // the next rule takes about twice the work of this one
        let is_last = (level > first && 2 * spent.work >= WORK[class]) || level + 1 == ladder.len();
        if is_last || (level > first && within(&of_state, REFINED[class])) {
            for (rule, solved) in &mut levels {
                *solved = with_samples(ground, *rule, std::mem::take(solved));
            }
            if let [(_, before), (_, here)] = &mut levels[..] {
                let mut coarser = before.clone();
                let mut finer = ladder[level + 1..].iter();
                loop {
                    // the samples' averages gain less from a finer rule
                    let of_samples = |k: usize| 2.0 * apart_told(here, &coarser, k) + 3.0 * here[k].least_error();
                    errors = (0..count).map(|k| of_state[k].max(here[k].left + of_samples(k))).collect();
                    // they take no part in the fixed points, which stay, and need only be within the limit
                    if is_last || within(&errors, limit(ground.lineage)) {
                        break;
                    }
                    let Some(rule) = finer.next() else { break };
                    coarser.clone_from(here);
                    here.iter_mut().for_each(|unit| unit.samples = InSample::NONE);
                    *here = with_samples(ground, *rule, std::mem::take(here));
                }
            }
            break;
        }
        level += 1;
    }
    let believed = errors.iter().all(|error| *error <= limit(ground.lineage));
    (start.is_none() || believed).then_some(Resolved { levels, level, errors, class, spent })
}

/// Every unit at the coarsest rule alone: near enough to be drawn, and nothing to believe.
pub(super) fn sketch(ground: &Ground<'_>, start: Option<&Start>) -> Option<Resolved> {
    let class = class(ground);
    let mut spent = Spent::default();
    let rule = LADDERS[class][0];
    let near = start.and_then(|start| at_rule(ground, rule, Origin::Neighbour(&start.units), &mut spent));
    let near = near.filter(|solved| solved.iter().all(|unit| unit.left <= limit(ground.lineage)));
    let solved = near.or_else(|| at_rule(ground, rule, Origin::Nothing, &mut spent))?;
    let errors = solved.iter().map(|unit| unit.left).collect();
    Some(Resolved { levels: vec![(rule, solved)], level: 0, errors, class, spent })
}

/// Every unit at a rule beyond the one its solution ended at, with what a Newton step would still change there.
pub(super) fn finer(ground: &Ground<'_>) -> Option<Resolved> {
    let Resolved { levels, class, .. } = resolve(ground, None)?;
    let (last, solved) = levels.last()?;
    let rule = Rule { length: FINER[class].length.min(FINENESS * last.length), ..FINER[class] };
    let mut spent = Spent::default();
    let solved = with_samples(ground, rule, at_rule(ground, rule, Origin::Coarser(solved), &mut spent)?);
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
    Neighbour(&'a [Near]),
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

/// All units where the deepest have a rule; none where a neighbour does not lead to one of them.
fn at_rule(ground: &Ground<'_>, rule: Rule, from: Origin<'_>, spent: &mut Spent) -> Option<Vec<Solved>> {
    let mut walk = Walk::new(ground);
    for (k, unit) in ground.units.iter().enumerate() {
        let here = match unit {
            Unit::Fixed(teacher) => fixed(&ground.groups, &walk.weights, *teacher, k),
            Unit::Fit(fit) => {
                let setup = walk.setup(ground);
                let problem = Problem::new(&setup, k, *fit, &walk.states, &walk.weights, ground.rule_of(k, rule));
                match from {
                    Origin::Nothing => {
                        let near = first(&problem, None, &walk, spent);
                        let found = near.map(|near| solve_unit(&problem, Some(&near), spent));
                        found.filter(|unit| unit.left <= LIMITS[0]).unwrap_or_else(|| solve_unit(&problem, None, spent))
                    }
                    // what is lost at one resolution is not found at the next
                    Origin::Coarser(last) if last[k].is_lost() || last[k].is_weightless() => last[k].clone(),
                    Origin::Coarser(last) => solve_unit(&problem, Some(&Near::from(&last[k])), spent),
                    Origin::Neighbour(near) => {
                        let near = near.get(k).filter(|near| near.x.len() == problem.coordinate_count())?;
                        let nearer = first(&problem, Some(near), &walk, spent);
                        let found = solve_unit(&problem, nearer.as_ref().or(Some(near)), spent);
                        Some(found).filter(|unit| !unit.is_lost())?
                    }
                }
            }
        };
        walk.push(ground, k, here);
    }
    Some(walk.solved)
}

/// Units solved at a rule with what their samples say of them.
fn with_samples(ground: &Ground<'_>, rule: Rule, solved: Vec<Solved>) -> Vec<Solved> {
    if !cfg!(feature = "in-sample") {
        return solved;
    }
    let mut walk = Walk::new(ground);
    for (k, own) in solved.into_iter().enumerate() {
        let own = match &ground.units[k] {
            Unit::Fixed(_) => own,
            Unit::Fit(_) if !own.samples.train_loss.is_nan() => own,
            Unit::Fit(fit) => {
                let setup = walk.setup(ground);
                own.with_samples(&Problem::new(&setup, k, *fit, &walk.states, &walk.weights, ground.rule_of(k, rule)))
            }
        };
        walk.push(ground, k, own);
    }
    walk.solved
}
