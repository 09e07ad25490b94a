//! What there is to know of a parameter of a lineage: its name, symbol, domain and meaning, and where it stands.

use std::ops::Range;

use crate::model::domain::Domain;

use super::Lineage;

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
    /// Its key in a lineage file, where that is another.
    pub(super) key: Option<&'static str>,
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

/// What of a descriptor decides whether a value is valid.
#[derive(Clone, Copy)]
pub(super) struct Check {
    pub name: &'static str,
    pub domain: Domain,
    pub home: Home,
    pub get: fn(&Lineage, usize) -> Option<f64>,
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
