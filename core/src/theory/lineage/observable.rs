//! The observables of a stage by name: `eg`, `eg@1`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::model::Lineage;
use crate::model::lineage::Source;

use super::solution::{LineageSolution, StageSolution};

/// What there is to know of an observable.
#[derive(Debug)]
pub struct ObservableDescriptor {
    /// Its name.
    pub name: &'static str,
    /// Its symbol in the paper.
    pub symbol: &'static str,
    /// What it is, in a few words.
    pub doc: &'static str,
    /// Whether it is an average over the training samples, for which they are gone through once more.
    pub of_samples: bool,
    /// Whose outputs a stage must learn to have it.
    needs: Needs,
    get: fn(&StageSolution, Option<usize>) -> Option<f64>,
}

/// What a stage learns from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    Anyone,
    Stage,
    FixedTeacher,
}

impl Needs {
    fn met(self, lineage: &Lineage, index: usize) -> bool {
        let source = lineage.stages[index].targets.map(|targets| targets.source);
        match self {
            Self::Nothing => true,
            Self::Anyone => source.is_some(),
            Self::Stage => matches!(source, Some(Source::Stage(_))),
            Self::FixedTeacher => matches!(source, Some(Source::Teacher(_))),
        }
    }
}

const fn observable(
    name: &'static str,
    symbol: &'static str,
    doc: &'static str,
    get: fn(&StageSolution, Option<usize>) -> Option<f64>,
) -> ObservableDescriptor {
    ObservableDescriptor { name, symbol, doc, of_samples: false, needs: Needs::Nothing, get }
}

const fn needing(needs: Needs, descriptor: ObservableDescriptor) -> ObservableDescriptor {
    ObservableDescriptor { needs, ..descriptor }
}

const fn of_samples(descriptor: ObservableDescriptor) -> ObservableDescriptor {
    ObservableDescriptor { of_samples: true, ..descriptor }
}

/// Every observable of a stage that is one number.
pub static OBSERVABLES: [ObservableDescriptor; 12] = [
    observable("eg", "ε_g", "test error", |s, _| Some(s.eg)),
    observable("m", "m", "overlap of the weights with the mean direction", |s, _| Some(s.m)),
    observable("q", "q", "squared norm of the weights over N", |s, _| Some(s.q)),
    observable("variance", "Q", "variance of the pre-activation within a cloud", |s, _| Some(s.variance)),
    observable("b", "b", "bias", |s, _| Some(s.b)),
    observable("v", "V", "susceptibility of the pre-activation", |s, _| Some(s.v)),
    needing(
        Needs::Stage,
        observable("s", "S", "overlap with the weights of the stage it learns from", |s, source| {
            source.and_then(|source| s.s.get(source).copied())
        }),
    ),
    needing(
        Needs::FixedTeacher,
        observable("teacher_overlap", "w·u/N", "overlap with its fixed teacher", |s, _| s.teacher_overlap),
    ),
    of_samples(observable("train_loss", "E_t", "mean of the loss over the samples, without the ridge", |s, _| {
        Some(s.train_loss)
    })),
    imitation("cross_entropy", "CE", "cross-entropy with its source on the samples", |s, _| {
        s.imitation.map(|imitation| imitation.cross_entropy)
    }),
    imitation("output_mse", "MSE_out", "half the mean squared distance of the outputs to the source's", |s, _| {
        s.imitation.map(|imitation| imitation.output_mse)
    }),
    imitation("preactivation_mse", "MSE_pre", "half the mean squared distance of the pre-activations", |s, _| {
        s.imitation.map(|imitation| imitation.preactivation_mse)
    }),
];

const fn imitation(
    name: &'static str,
    symbol: &'static str,
    doc: &'static str,
    get: fn(&StageSolution, Option<usize>) -> Option<f64>,
) -> ObservableDescriptor {
    needing(Needs::Anyone, of_samples(observable(name, symbol, doc, get)))
}

/// An observable of one stage, the last one where no number is given.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Observable {
    descriptor: &'static ObservableDescriptor,
    /// The stage, from 1.
    stage: Option<usize>,
}

/// A text that names no observable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservableError {
    text: String,
    valid: String,
}

impl fmt::Display for ObservableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, valid } = self;
        write!(f, "`{text}` is no observable; valid: {valid}, of the last stage or, as eg@1, of another")
    }
}

impl std::error::Error for ObservableError {}

impl Observable {
    /// What there is to know of it.
    #[must_use]
    pub fn descriptor(self) -> &'static ObservableDescriptor {
        self.descriptor
    }

    /// Its symbol, with the number of the stage as an index where one is given.
    #[must_use]
    pub fn symbol(self) -> String {
        self.stage.map_or(self.descriptor.symbol.to_owned(), |stage| format!("{}_{stage}", self.descriptor.symbol))
    }

    /// Every observable that a lineage has: those of the last stage without a number, then those of the others.
    #[must_use]
    pub fn all(lineage: &Lineage) -> Vec<Self> {
        let count = lineage.stages.len();
        let stages = [None].into_iter().chain((1..count).map(Some));
        let all = stages.flat_map(|stage| OBSERVABLES.iter().map(move |descriptor| Self { descriptor, stage }));
        all.filter(|observable| observable.is_of(lineage)).collect()
    }

    /// Whether a lineage has it.
    #[must_use]
    pub fn is_of(self, lineage: &Lineage) -> bool {
        let stage = self.stage(lineage.stages.len());
        stage.is_some_and(|number| self.descriptor.needs.met(lineage, number - 1))
    }

    /// The number of its stage among `count`, if there is such a stage.
    #[must_use]
    pub fn stage(self, count: usize) -> Option<usize> {
        Some(self.stage.unwrap_or(count)).filter(|number| (1..=count).contains(number))
    }

    /// Its value in the solution of a lineage, if it has one there.
    #[must_use]
    pub fn get(self, lineage: &Lineage, solution: &LineageSolution) -> Option<f64> {
        let index = self.stage(solution.stages.len())? - 1;
        (self.descriptor.get)(&solution.stages[index], lineage.source(index)).filter(|value| value.is_finite())
    }
}

impl PartialEq for Observable {
    fn eq(&self, other: &Self) -> bool {
        (self.descriptor.name, self.stage) == (other.descriptor.name, other.stage)
    }
}

impl Eq for Observable {}

impl fmt::Display for Observable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.descriptor.name)?;
        self.stage.map_or(Ok(()), |stage| write!(f, "@{stage}"))
    }
}

impl FromStr for Observable {
    type Err = ObservableError;

    fn from_str(text: &str) -> Result<Self, ObservableError> {
        let (name, stage) = match text.split_once('@') {
            None => (text, Some(None)),
            Some((name, number)) => (name, number.parse().ok().filter(|number| *number > 0).map(Some)),
        };
        let found = OBSERVABLES.iter().find(|descriptor| descriptor.name == name).zip(stage);
        found.map(|(descriptor, stage)| Self { descriptor, stage }).ok_or_else(|| {
            let names: Vec<&str> = OBSERVABLES.iter().map(|descriptor| descriptor.name).collect();
            ObservableError { text: text.to_owned(), valid: names.join(", ") }
        })
    }
}

impl TryFrom<String> for Observable {
    type Error = ObservableError;

    fn try_from(text: String) -> Result<Self, ObservableError> {
        text.parse()
    }
}

impl From<Observable> for String {
    fn from(observable: Observable) -> Self {
        observable.to_string()
    }
}
