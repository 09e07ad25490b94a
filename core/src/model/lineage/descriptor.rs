//! One descriptor for each parameter of a lineage: its name, symbol, domain and meaning, and where it stands.
//!
//! The paper's words for a teacher and a student (η, ε, λ̃) are further rows of the same table, over the same numbers.

use std::ops::Range;

use crate::model::domain::{self, Domain};

use super::{FixedTeacher, Lineage, Loss, Source, Spectrum, Stage, TargetKind, Targets};

/// Which of its homes a parameter means where no number is written behind its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// It is one of the data as a whole, and takes no number.
    Data,
    /// Every data set; a number picks one.
    Sets,
    /// The last stage; a number picks another.
    LastStage,
    /// The first stage, which learns from the labels; a number picks another.
    FirstStage,
    /// The stage that the last one learns from; it takes no number.
    SourceStage,
}

/// The coordinate in which a parameter is searched and stepped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// The value itself.
    Linear,
    /// Its logarithm.
    Log,
}

impl Scale {
    /// The coordinate of a value.
    #[must_use]
    pub fn coordinate(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log => libm::log(value),
        }
    }

    /// The value at a coordinate.
    #[must_use]
    pub fn value(self, coordinate: f64) -> f64 {
        match self {
            Self::Linear => coordinate,
            Self::Log => libm::exp(coordinate),
        }
    }
}

/// What there is to know of a parameter.
#[derive(Debug)]
pub struct Descriptor {
    /// Its name, and the values it may take.
    pub domain: Domain,
    /// The name whose further spelling it is, if it is one.
    pub spells: Option<&'static str>,
    /// Its symbol in the paper.
    pub symbol: &'static str,
    /// What it is, in a sentence.
    pub doc: &'static str,
    /// How it is searched.
    pub scale: Scale,
    /// Which one it means without a number.
    pub home: Home,
    /// What a lineage or stage without it lacks.
    pub(super) lacks: &'static str,
    pub(super) get: fn(&Lineage, usize) -> Option<f64>,
    /// The number itself, if there is one or one can be put there.
    pub(super) slot: fn(&mut Lineage, usize) -> Option<&mut f64>,
}

impl Descriptor {
    /// The row of a name of [`DESCRIPTORS`]; a constant of a name that is not there does not compile.
    #[must_use]
    pub const fn named(name: &str) -> &'static Self {
        let mut place = 0;
        while !equal(DESCRIPTORS[place].domain.parameter.as_bytes(), name.as_bytes()) {
            place += 1;
            assert!(place < DESCRIPTORS.len(), "no parameter has this name");
        }
        &DESCRIPTORS[place]
    }
}

const fn equal(one: &[u8], other: &[u8]) -> bool {
    match (one, other) {
        ([a, one @ ..], [b, other @ ..]) => *a == *b && equal(one, other),
        (one, other) => one.is_empty() && other.is_empty(),
    }
}

impl Home {
    /// The homes there are in a lineage, counted from 0.
    pub(super) fn all(self, lineage: &Lineage) -> usize {
        match self {
            Self::Data => 1,
            Self::Sets => lineage.data.alpha.len(),
            Self::LastStage | Self::FirstStage | Self::SourceStage => lineage.stages.len(),
        }
    }

    /// Those that are meant where no number is given.
    pub(super) fn meant(self, lineage: &Lineage) -> Range<usize> {
        let count = self.all(lineage);
        let only = |index: Option<usize>| index.map_or(0..0, |index| index..index + 1);
        match self {
            Self::Data | Self::Sets => 0..count,
            Self::LastStage => only(count.checked_sub(1)),
            Self::FirstStage => only((count > 0).then_some(0)),
            Self::SourceStage => only(count.checked_sub(1).and_then(|last| lineage.source(last))),
        }
    }

    /// What the number behind a name counts, if it takes one.
    pub(super) fn counts(self) -> Option<&'static str> {
        match self {
            Self::Data | Self::SourceStage => None,
            Self::Sets => Some("data set"),
            Self::LastStage | Self::FirstStage => Some("stage"),
        }
    }
}

fn targets(lineage: &Lineage, k: usize) -> Option<&Targets> {
    lineage.stages.get(k)?.targets.as_ref()
}

fn targets_mut(lineage: &mut Lineage, k: usize) -> Option<&mut Targets> {
    lineage.stages.get_mut(k)?.targets.as_mut()
}

fn smooths(stage: &Stage) -> bool {
    stage.loss == Loss::Logistic
}

/// The hinge loss learns hard labels and does not mix them.
fn mixes(stage: &Stage) -> bool {
    stage.loss != Loss::Hinge
}

/// The square loss compares h with h_src itself.
fn cools(stage: &Stage) -> bool {
    mixes(stage)
        && stage.targets.is_some_and(|targets| !(stage.loss == Loss::Square && targets.kind == TargetKind::Soft))
}

fn teacher(lineage: &Lineage, k: usize) -> Option<&FixedTeacher> {
    match &targets(lineage, k)?.source {
        Source::Teacher(teacher) => Some(teacher),
        Source::Stage(_) => None,
    }
}

fn teacher_mut(lineage: &mut Lineage, k: usize) -> Option<&mut FixedTeacher> {
    match &mut targets_mut(lineage, k)?.source {
        Source::Teacher(teacher) => Some(teacher),
        Source::Stage(_) => None,
    }
}

fn scaled(lineage: &Lineage) -> bool {
    !matches!(lineage.data.spectrum, Spectrum::Table { .. })
}

/// A number that every stage has.
const STAGE: Descriptor = Descriptor {
    domain: domain::RIDGE,
    spells: None,
    symbol: "λ",
    doc: "ridge of a stage, (λ/2)|w|²",
    scale: Scale::Log,
    home: Home::LastStage,
    lacks: "stage",
    get: |lineage, k| lineage.stages.get(k).map(|stage| stage.lambda),
    slot: |lineage, k| lineage.stages.get_mut(k).map(|stage| &mut stage.lambda),
};
const FEATURES: Descriptor = Descriptor {
    domain: domain::FEATURES,
    symbol: "η",
    doc: "share of the features that a stage sees, the first ones",
    scale: Scale::Linear,
    get: |lineage, k| lineage.stages.get(k).map(|stage| stage.features),
    slot: |lineage, k| lineage.stages.get_mut(k).map(|stage| &mut stage.features),
    ..STAGE
};
const SMOOTHING: Descriptor = Descriptor {
    domain: domain::SMOOTHING,
    symbol: "ε",
    doc: "smoothing of the labels of a stage",
    scale: Scale::Linear,
    lacks: "logistic loss, the one that smooths",
    get: |lineage, k| lineage.stages.get(k).filter(|stage| smooths(stage)).map(|stage| stage.smoothing),
    slot: |lineage, k| lineage.stages.get_mut(k).filter(|stage| smooths(stage)).map(|stage| &mut stage.smoothing),
    ..STAGE
};
const TEACHER: Descriptor = Descriptor {
    domain: domain::TEACHER_M,
    symbol: "m̃",
    doc: "w·v/N of the fixed teacher that a stage learns from",
    scale: Scale::Linear,
    lacks: "fixed teacher",
    get: |lineage, k| teacher(lineage, k).map(|teacher| teacher.m),
    slot: |lineage, k| teacher_mut(lineage, k).map(|teacher| &mut teacher.m),
    ..STAGE
};

/// Every parameter of a lineage by each of its names, in the order in which they are told.
pub static DESCRIPTORS: [Descriptor; 17] = [
    Descriptor {
        domain: domain::ALPHA,
        spells: None,
        symbol: "α",
        doc: "samples per feature, M/N of a data set",
        scale: Scale::Log,
        home: Home::Sets,
        lacks: "α common to all its data sets",
        get: |lineage, d| lineage.data.alpha.get(d).copied(),
        slot: |lineage, d| lineage.data.alpha.get_mut(d),
    },
    Descriptor {
        domain: domain::DELTA,
        spells: None,
        symbol: "Δ",
        doc: "variance of each cloud, the mean over its features",
        scale: Scale::Log,
        home: Home::Data,
        lacks: "Δ beside the variances of its table",
        get: |lineage, _| scaled(lineage).then_some(lineage.data.delta),
        slot: |lineage, _| scaled(lineage).then_some(&mut lineage.data.delta),
    },
    Descriptor {
        domain: domain::RHO,
        spells: None,
        symbol: "ρ",
        doc: "probability of y = 1, the weight of the cloud with s = +1",
        scale: Scale::Linear,
        home: Home::Data,
        lacks: "data",
        get: |lineage, _| Some(lineage.data.rho),
        slot: |lineage, _| Some(&mut lineage.data.rho),
    },
    Descriptor {
        domain: domain::LABEL_NOISE,
        spells: None,
        symbol: "θ",
        doc: "probability that a label is flipped",
        scale: Scale::Linear,
        home: Home::Data,
        lacks: "data",
        get: |lineage, _| Some(lineage.data.label_noise),
        slot: |lineage, _| Some(&mut lineage.data.label_noise),
    },
    Descriptor {
        domain: domain::POWER,
        spells: None,
        symbol: "a",
        doc: "exponent of a power-law spectrum, Δ(u) = Δ(1 − a)u^−a",
        scale: Scale::Linear,
        home: Home::Data,
        lacks: "power-law spectrum",
        get: |lineage, _| match &lineage.data.spectrum {
            Spectrum::Power { exponent, .. } => Some(*exponent),
            Spectrum::Isotropic | Spectrum::Blocks(_) | Spectrum::File(_) | Spectrum::Table { .. } => None,
        },
        slot: |lineage, _| match &mut lineage.data.spectrum {
            Spectrum::Power { exponent, .. } => Some(exponent),
            Spectrum::Isotropic | Spectrum::Blocks(_) | Spectrum::File(_) | Spectrum::Table { .. } => None,
        },
    },
    FEATURES,
    Descriptor { domain: domain::ETA, spells: Some("features"), ..FEATURES },
    STAGE,
    Descriptor {
        domain: domain::TEACHER_LAMBDA,
        spells: Some("lambda"),
        symbol: "λ̃",
        doc: "ridge of the stage that the last one learns from",
        home: Home::SourceStage,
        lacks: "stage that its last one learns from",
        ..STAGE
    },
    SMOOTHING,
    Descriptor {
        domain: domain::EPSILON,
        spells: Some("smoothing"),
        doc: "smoothing of the labels of the first stage",
        home: Home::FirstStage,
        ..SMOOTHING
    },
    Descriptor {
        domain: domain::BIAS,
        symbol: "b",
        doc: "prescribed bias of a stage",
        scale: Scale::Linear,
        lacks: "prescribed bias",
        get: |lineage, k| lineage.stages.get(k)?.bias,
        // a value prescribes it
        slot: |lineage, k| lineage.stages.get_mut(k).map(|Stage { bias, .. }| bias.get_or_insert(0.0)),
        ..STAGE
    },
    Descriptor {
        domain: domain::CHI,
        symbol: "χ",
        doc: "weight of a stage's targets, as its teacher's outputs, against the labels",
        scale: Scale::Linear,
        lacks: "targets to mix with the labels",
        get: |lineage, k| targets(lineage, k).filter(|_| mixes(&lineage.stages[k])).map(|targets| targets.chi),
        slot: |lineage, k| match lineage.stages.get(k).is_some_and(mixes) {
            true => targets_mut(lineage, k).map(|targets| &mut targets.chi),
            false => None,
        },
        ..STAGE
    },
    Descriptor {
        domain: domain::TARGET_TEMPERATURE,
        symbol: "T",
        doc: "temperature of the targets of a stage",
        scale: Scale::Log,
        lacks: "targets with a temperature",
        get: |lineage, k| targets(lineage, k).filter(|_| cools(&lineage.stages[k])).map(|targets| targets.temperature),
        slot: |lineage, k| match lineage.stages.get(k).is_some_and(cools) {
            true => targets_mut(lineage, k).map(|targets| &mut targets.temperature),
            false => None,
        },
        ..STAGE
    },
    TEACHER,
    Descriptor {
        domain: domain::TEACHER_Q,
        symbol: "q̃",
        doc: "|w|²/N of the fixed teacher that a stage learns from",
        scale: Scale::Log,
        get: |lineage, k| teacher(lineage, k).map(|teacher| teacher.q),
        slot: |lineage, k| teacher_mut(lineage, k).map(|teacher| &mut teacher.q),
        ..TEACHER
    },
    Descriptor {
        domain: domain::TEACHER_B,
        symbol: "b̃",
        doc: "bias of the fixed teacher that a stage learns from",
        get: |lineage, k| teacher(lineage, k).map(|teacher| teacher.b),
        slot: |lineage, k| teacher_mut(lineage, k).map(|teacher| &mut teacher.b),
        ..TEACHER
    },
];
