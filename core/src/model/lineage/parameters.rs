//! One descriptor for each parameter of a lineage.
//!
//! The paper's words for a teacher and a student (η, ε, λ̃) are further rows of the same table, over the same numbers.

use crate::model::domain;

use super::descriptor::{Check, Descriptor, Home, Scale};
use super::{FixedTeacher, Lineage, Source, Spectrum, Stage, Targets};

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

fn targets(lineage: &Lineage, k: usize) -> Option<&Targets> {
    lineage.stages.get(k)?.targets.as_ref()
}

fn targets_mut(lineage: &mut Lineage, k: usize) -> Option<&mut Targets> {
    lineage.stages.get_mut(k)?.targets.as_mut()
}

fn cools(stage: &Stage) -> bool {
    stage.targets.is_some_and(|targets| stage.loss.cools(targets.kind))
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
    key: None,
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
    doc: "fraction of the features that a stage sees, the first ones",
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
    get: |lineage, k| lineage.stages.get(k).filter(|stage| stage.loss.smooths()).map(|stage| stage.smoothing),
    slot: |lineage, k| lineage.stages.get_mut(k).filter(|stage| stage.loss.smooths()).map(|stage| &mut stage.smoothing),
    ..STAGE
};
const TEACHER: Descriptor = Descriptor {
    domain: domain::TEACHER_M,
    key: Some("targets.teacher"),
    symbol: "m̃",
    doc: "w·v/N of the fixed teacher that a stage learns from",
    scale: Scale::Linear,
    lacks: "fixed teacher",
    get: |lineage, k| teacher(lineage, k).map(|teacher| teacher.m),
    slot: |lineage, k| teacher_mut(lineage, k).map(|teacher| &mut teacher.m),
    ..STAGE
};

/// The checks of all of them, without the texts and functions that a program which only validates would carry along.
pub(super) static CHECKS: [Option<Check>; DESCRIPTORS.len()] = {
    let mut checks = [None; DESCRIPTORS.len()];
    let mut place = 0;
    while place < checks.len() {
        let Descriptor { domain, spells, key, home, get, .. } = DESCRIPTORS[place];
        if spells.is_none() {
            let name = if let Some(key) = key { key } else { domain.parameter };
            checks[place] = Some(Check { name, domain, home, get });
        }
        place += 1;
    }
    checks
};

/// Every parameter of a lineage by each of its names, in the order in which they are told.
pub static DESCRIPTORS: [Descriptor; 17] = [
    Descriptor {
        domain: domain::ALPHA,
        spells: None,
        key: None,
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
        key: None,
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
        key: None,
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
        key: None,
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
        key: Some("spectrum.power"),
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
        doc: "ridge of the teacher, the stage that the last one learns from",
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
        key: Some("targets.chi"),
        symbol: "χ",
        doc: "weight of a stage's targets; the labels have 1 − χ",
        scale: Scale::Linear,
        lacks: "targets to mix with the labels",
        get: |lineage, k| targets(lineage, k).filter(|_| lineage.stages[k].loss.mixes()).map(|targets| targets.chi),
        slot: |lineage, k| match lineage.stages.get(k).is_some_and(|stage| stage.loss.mixes()) {
            true => targets_mut(lineage, k).map(|targets| &mut targets.chi),
            false => None,
        },
        ..STAGE
    },
    Descriptor {
        domain: domain::TARGET_TEMPERATURE,
        key: Some("targets.temperature"),
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
