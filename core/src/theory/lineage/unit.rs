//! The learners of a lineage as the recursion sees them: each fixed teacher, then each stage, in order.

use crate::model::Lineage;
use crate::model::lineage::{FixedTeacher, Loss, Source, TargetKind};

use super::groups::Group;
use super::panels::Reader;

/// What of its source a unit's loss sees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lesson {
    /// The unit whose outputs are learned.
    pub from: usize,
    pub kind: TargetKind,
    pub chi: f64,
    pub temperature: f64,
}

/// A stage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fit {
    pub loss: Loss,
    pub lambda: f64,
    pub smoothing: f64,
    pub features: f64,
    /// Its data set.
    pub set: usize,
    pub bias: Option<f64>,
    pub lesson: Option<Lesson>,
}

/// A learner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Unit {
    Fixed(FixedTeacher),
    Fit(Fit),
}

impl Fit {
    /// Whether g jumps where h_src = 0.
    pub fn jumps(&self) -> bool {
        self.lesson
            .is_some_and(|lesson| lesson.kind == TargetKind::Hard && lesson.temperature == 0.0 && lesson.chi != 0.0)
    }

    /// The smallest scale in h on which ℓ' bends.
    pub fn scale(&self) -> f64 {
        match self.lesson {
            Some(Lesson { kind: TargetKind::Soft, chi, temperature, .. }) if chi != 0.0 => {
                if chi != 1.0 {
                    temperature.min(1.0)
                } else {
                    temperature
                }
            }
            None | Some(Lesson { kind: TargetKind::Soft | TargetKind::Hard, .. }) => 1.0,
        }
    }
}

impl Unit {
    /// Its data set, if it was trained on one.
    pub fn set(&self) -> Option<usize> {
        match self {
            Self::Fixed(_) => None,
            Self::Fit(fit) => Some(fit.set),
        }
    }

    pub fn source(&self) -> Option<usize> {
        match self {
            Self::Fixed(_) => None,
            Self::Fit(fit) => fit.lesson.map(|lesson| lesson.from),
        }
    }
}

/// The units of a lineage, and the unit of each stage.
pub(super) fn units(lineage: &Lineage) -> (Vec<Unit>, Vec<usize>) {
    let mut units = Vec::new();
    let mut of_stage: Vec<usize> = Vec::new();
    for stage in &lineage.stages {
        let lesson = stage.targets.map(|targets| {
            let from = match targets.source {
                Source::Stage(number) => of_stage[number - 1],
                Source::Teacher(teacher) => {
                    units.push(Unit::Fixed(teacher));
                    units.len() - 1
                }
            };
            Lesson { from, kind: targets.kind, chi: targets.chi, temperature: targets.temperature }
        });
        of_stage.push(units.len());
        units.push(Unit::Fit(Fit {
            loss: stage.loss,
            lambda: stage.lambda,
            smoothing: stage.smoothing,
            features: stage.features,
            set: stage.data - 1,
            bias: stage.bias,
            lesson,
        }));
    }
    (units, of_stage)
}

/// The units whose fields stand behind that of unit `k` on data set `set`, in order: those trained there,
/// and the sources of any of them.
pub(super) fn ancestors(units: &[Unit], k: usize, set: usize) -> Vec<usize> {
    let trained = |j: usize| units[j].set() == Some(set);
    (0..k)
        .filter(|&j| trained(j) || (j + 1..=k).any(|i| (i == k || trained(i)) && units[i].source() == Some(j)))
        .collect()
}

/// A reader with no ridge at all counts as one with this.
const LEAST_RIDGE: f64 = 1e-10;

/// The finest scale and the largest V with which the outputs of unit k are read, if they are.
pub(super) fn reader(units: &[Unit], groups: &[Group], k: usize) -> Option<Reader> {
    let mean: f64 = groups.iter().map(|group| group.weight * group.variance).sum();
    let readers = units.iter().filter_map(|unit| match unit {
        Unit::Fit(fit) => fit.lesson.filter(|lesson| lesson.from == k).map(|lesson| {
            let scale = if lesson.temperature > 0.0 { lesson.temperature } else { 1.0 };
            Reader { scale, v: mean / fit.lambda.max(LEAST_RIDGE), sharpness: 1.0 }
        }),
        Unit::Fixed(_) => None,
    });
    readers.reduce(|a, b| Reader { scale: a.scale.min(b.scale), v: a.v.max(b.v), sharpness: 1.0 })
}
