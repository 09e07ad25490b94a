//! A lineage as the recursion walks through it, unit by unit.

use crate::model::lineage::FixedTeacher;
use crate::model::{Lineage, Status};

use super::groups::{Group, groups};
use super::outcome::{NOTHING, Solved, fixed, tell};
use super::panels::{Reader, Rule};
use super::recursion::Setup;
use super::solution::StageSolution;
use super::state::State;
use super::unit::{Unit, ancestors, reader, units};
use super::weights::Weights;

/// Averages nested in a unit below which it is none the cheaper.
const LEAST_DEPTH: usize = 2;
/// By how much panels are shorter and reach further for every average that a unit is spared, and how far at most.
const SHORTER: f64 = 0.6;
const FURTHER: f64 = 0.75;
const FURTHEST: f64 = 8.75;

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

    /// How many averages are nested in the deepest of its units.
    pub fn depth(&self) -> usize {
        (0..self.units.len()).map(|k| self.nested(k)).max().unwrap_or(1)
    }

    /// How many averages are nested in unit k.
    fn nested(&self, k: usize) -> usize {
        self.units[k].set().map_or(1, |set| ancestors(&self.units, k, set).len() + 1)
    }

    /// The rule of unit k where the deepest have this one: averages that are less deep can be finer, and those behind
    /// them learn from what they come to.
    pub fn rule_of(&self, k: usize, deepest: Rule) -> Rule {
        let mut rule = deepest;
        for _ in self.nested(k).max(LEAST_DEPTH)..self.depth() {
            rule = Rule { length: SHORTER * rule.length, cut: (rule.cut + FURTHER).min(FURTHEST) };
        }
        rule
    }
}

/// A lineage walked through up to some unit.
pub(super) struct Walk {
    /// All its units; one that was found to have no weights is a fixed teacher that says b.
    units: Vec<Unit>,
    pub weights: Weights,
    pub states: Vec<State>,
    pub solved: Vec<Solved>,
}

impl Walk {
    pub fn new(ground: &Ground<'_>) -> Self {
        let units = ground.units.clone();
        Self { units, weights: Weights::new(&ground.groups), states: Vec::new(), solved: Vec::new() }
    }

    /// What the next unit is set into.
    pub fn setup<'a>(&'a self, ground: &'a Ground<'_>) -> Setup<'a> {
        Setup { units: &self.units, ..ground.setup() }
    }

    pub fn push(&mut self, ground: &Ground<'_>, k: usize, solved: Solved) {
        let (mut conjugates, mut state) = (solved.conjugates.clone(), solved.state.clone());
        if solved.is_weightless() {
            let constant = FixedTeacher { m: 0.0, q: NOTHING, b: solved.state.b, variance: None };
            self.units[k] = Unit::Fixed(constant);
            let seen = fixed(&ground.groups, &self.weights, constant, k);
            (conjugates, state) = (seen.conjugates, seen.state);
        }
        self.weights.push(&ground.groups, &self.units[k], conjugates);
        self.states.push(state);
        self.solved.push(solved);
    }
}
