//! The graph of stages: validated once, then ordered, selected from and iterated without surprises.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::error::GraphError;
use super::stage::{Place, Stage};

/// What runs as a whole: one stage, or the stages of one group.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    /// The group's or the stage's name.
    pub name: String,
    /// Members, ascending.
    pub stages: Vec<usize>,
    /// Units whose outputs any member reads.
    pub inputs: BTreeSet<usize>,
}

/// A valid graph of stages, sorted by id whatever order they came in.
#[derive(Debug, Clone)]
pub struct Graph {
    stages: Vec<Stage>,
    index: BTreeMap<String, usize>,
    inputs: Vec<Vec<usize>>,
    units: Vec<Unit>,
    unit_of: Vec<usize>,
    order: Vec<usize>,
}

/// A set of stages that contains the ancestors of each of its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection(pub(super) BTreeSet<usize>);

impl Selection {
    /// Number of stages selected.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is selected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Graph {
    /// Validates and orders `stages`.
    ///
    /// # Errors
    /// The first of: a duplicate id, an unknown input, two writers of one file, an output outside the output folder,
    /// a cycle among stages or groups.
    pub fn new(mut stages: Vec<Stage>) -> Result<Self, GraphError> {
        stages.sort_by(|a, b| a.id.cmp(&b.id));
        let mut index = BTreeMap::new();
        for (position, stage) in stages.iter().enumerate() {
            if index.insert(stage.id.clone(), position).is_some() {
                return Err(GraphError::DuplicateStage(stage.id.clone()));
            }
        }
        let inputs = stages.iter().map(|stage| resolve(stage, &index)).collect::<Result<Vec<_>, _>>()?;
        check_outputs(&stages)?;
        let (units, unit_of) = units(&stages, &inputs);
        let order = ordered(&units)?;
        Ok(Self { stages, index, inputs, units, unit_of, order })
    }

    /// All stages, sorted by id.
    #[must_use]
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// The stage called `id`.
    #[must_use]
    pub fn stage(&self, id: &str) -> Option<&Stage> {
        self.index.get(id).map(|&position| &self.stages[position])
    }

    /// Every stage.
    #[must_use]
    pub fn all(&self) -> Selection {
        Selection((0..self.stages.len()).collect())
    }

    /// The stages called `targets` and all their ancestors.
    ///
    /// # Errors
    /// The first target that is no stage, with the nearest id.
    pub fn select<T: AsRef<str>>(&self, targets: &[T]) -> Result<Selection, GraphError> {
        let mut found = Vec::with_capacity(targets.len());
        for target in targets {
            let target = target.as_ref();
            let position = self.position(target).ok_or_else(|| GraphError::UnknownTarget {
                target: target.to_owned(),
                nearest: self.nearest(target),
            })?;
            found.push(position);
        }
        Ok(self.with_ancestors(found))
    }

    /// The selected stages, by id.
    pub fn selected<'a>(&'a self, selection: &'a Selection) -> impl Iterator<Item = &'a Stage> + 'a {
        selection.0.iter().map(|&position| &self.stages[position])
    }

    pub(super) fn with_ancestors(&self, mut open: Vec<usize>) -> Selection {
        let mut closed = BTreeSet::new();
        while let Some(position) = open.pop() {
            if closed.insert(position) {
                open.extend(&self.inputs[position]);
            }
        }
        Selection(closed)
    }

    pub(super) fn position(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    pub(super) fn inputs(&self, position: usize) -> &[usize] {
        &self.inputs[position]
    }

    pub(super) fn units(&self) -> &[Unit] {
        &self.units
    }

    pub(super) fn unit_of(&self, position: usize) -> usize {
        self.unit_of[position]
    }

    /// Selected stages, each after everything it waits for.
    pub(super) fn in_order<'a>(&'a self, selection: &'a Selection) -> impl Iterator<Item = usize> + 'a {
        let stages = self.order.iter().flat_map(|&unit| self.units[unit].stages.iter().copied());
        stages.filter(|position| selection.0.contains(position))
    }

    /// The id that fewest edits lead to, if it shares the better half of `target`.
    fn nearest(&self, target: &str) -> Option<String> {
        let alike = |stage: &&Stage| strsim::normalized_levenshtein(&stage.id, target);
        let best = self.stages.iter().max_by(|a, b| alike(a).total_cmp(&alike(b)));
        best.filter(|stage| alike(stage) > 0.5).map(|stage| stage.id.clone())
    }
}

fn resolve(stage: &Stage, index: &BTreeMap<String, usize>) -> Result<Vec<usize>, GraphError> {
    let find = |input: &String| {
        let unknown = || GraphError::UnknownInput { stage: stage.id.clone(), input: input.clone() };
        index.get(input).copied().ok_or_else(unknown)
    };
    let mut positions = stage.inputs.iter().map(find).collect::<Result<Vec<_>, _>>()?;
    positions.sort_unstable();
    positions.dedup();
    Ok(positions)
}

fn check_outputs(stages: &[Stage]) -> Result<(), GraphError> {
    let mut writers: BTreeMap<&Path, &str> = BTreeMap::new();
    for stage in stages.iter().filter(|stage| stage.place == Place::Folder) {
        for path in &stage.outputs {
            if !super::journal::is_own(path) {
                return Err(GraphError::OutputOutside { stage: stage.id.clone(), path: path.clone() });
            }
            if let Some(first) = writers.insert(path, &stage.id) {
                let (first, second) = (first.to_owned(), stage.id.clone());
                return Err(GraphError::DuplicateOutput { path: path.clone(), first, second });
            }
        }
    }
    Ok(())
}

fn units(stages: &[Stage], inputs: &[Vec<usize>]) -> (Vec<Unit>, Vec<usize>) {
    let mut units: Vec<Unit> = Vec::new();
    let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unit_of = Vec::with_capacity(stages.len());
    for (position, stage) in stages.iter().enumerate() {
        let fresh = units.len();
        let unit = stage.group.as_deref().map_or(fresh, |group| *groups.entry(group).or_insert(fresh));
        if unit == fresh {
            let name = stage.group.as_ref().map_or_else(|| stage.id.clone(), |group| format!("group {group}"));
            units.push(Unit { name, stages: Vec::new(), inputs: BTreeSet::new() });
        }
        units[unit].stages.push(position);
        unit_of.push(unit);
    }
    for (position, needed) in inputs.iter().enumerate() {
        units[unit_of[position]].inputs.extend(needed.iter().map(|&input| unit_of[input]));
    }
    (units, unit_of)
}

/// Kahn's algorithm, always taking the first unit that is ready, so that the order is one and the same.
fn ordered(units: &[Unit]) -> Result<Vec<usize>, GraphError> {
    let mut waiting: Vec<usize> = units.iter().map(|unit| unit.inputs.len()).collect();
    let mut readers = vec![Vec::new(); units.len()];
    for (position, unit) in units.iter().enumerate() {
        for &input in &unit.inputs {
            readers[input].push(position);
        }
    }
    let mut ready: BTreeSet<usize> = (0..units.len()).filter(|&unit| waiting[unit] == 0).collect();
    let mut order = Vec::with_capacity(units.len());
    while let Some(unit) = ready.pop_first() {
        order.push(unit);
        for &reader in &readers[unit] {
            waiting[reader] -= 1;
            if waiting[reader] == 0 {
                ready.insert(reader);
            }
        }
    }
    if order.len() == units.len() { Ok(order) } else { Err(cycle(units, &waiting)) }
}

/// Walks from a unit that never became ready to one that it waits for, until one repeats.
fn cycle(units: &[Unit], waiting: &[usize]) -> GraphError {
    let stuck = |unit: &usize| waiting[*unit] > 0;
    let mut path: Vec<usize> = Vec::new();
    let mut next = (0..units.len()).find(stuck);
    while let Some(unit) = next {
        if let Some(start) = path.iter().position(|&seen| seen == unit) {
            path.drain(..start);
            path.push(unit);
            break;
        }
        path.push(unit);
        next = units[unit].inputs.iter().copied().find(|input| stuck(input));
    }
    GraphError::Cycle { path: path.into_iter().map(|unit| units[unit].name.clone()).collect() }
}
