//! The observables of a stage: one table of their names, symbols and meanings, and their addresses, `eg`, `eg@1`.
//!
//! What an observable is worth, the theory says of a solved stage and the experiment of a trained one, each by its
//! [`ObservableKind`].

use std::fmt;

use super::address::{Address, Named};
use super::{Lineage, Loss, Source};

/// Every observable of a stage that is one number, in the order in which they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "OBSERVABLES says what they are")]
pub enum ObservableKind {
    TestError,
    CentreOverlap,
    Norm,
    Variance,
    Bias,
    Susceptibility,
    SourceOverlap,
    TeacherOverlap,
    TrainLoss,
    CrossEntropy,
    OutputMse,
    PreactivationMse,
    HeldOutError,
    CentreCosine,
    ScaledBias,
    Margin,
}

/// What a stage must have to have an observable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: every stage has it.
    Nothing,
    /// Outputs to learn from.
    Anyone,
    /// An earlier stage to learn from.
    Stage,
    /// A fixed teacher to learn from.
    FixedTeacher,
    /// Samples that were given in place of drawn ones, and left some over: no lineage has them.
    Samples,
    /// No ridge, and labels that it separates.
    Separation,
}

/// What tables call an observable of the teacher behind a student.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TeacherColumn {
    /// The column.
    pub column: &'static str,
    /// Its symbol.
    pub symbol: &'static str,
    /// What it is.
    pub doc: &'static str,
}

/// What there is to know of an observable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObservableDescriptor {
    /// Which one it is.
    pub kind: ObservableKind,
    /// Its name in sweeps, derivatives and optima.
    pub name: &'static str,
    /// Its key in the JSON of a lineage; none where that has a list of them.
    pub key: Option<&'static str>,
    /// Its column in the tables of a figure, and its key in the JSON of a named learner, if it is there.
    pub column: Option<&'static str>,
    /// The same of the teacher behind a student.
    pub teacher: Option<TeacherColumn>,
    /// Its symbol in the paper.
    pub symbol: &'static str,
    /// Its unit, `1` for a number without dimension.
    pub unit: &'static str,
    /// What it is called in a sentence: words, or its symbol.
    pub words: &'static str,
    /// What it is called along an axis.
    pub label: &'static str,
    /// What it is, in a few words.
    pub doc: &'static str,
    /// Whether it is an average over the training samples, for which they are gone through once more.
    pub of_samples: bool,
    /// Whether it is told by the order parameters m, b, Q and V of its stage alone.
    pub of_state: bool,
    /// What a stage must have to have it.
    pub needs: Needs,
}

use ObservableKind as Kind;

const fn row(kind: Kind, name: &'static str, symbol: &'static str, doc: &'static str) -> ObservableDescriptor {
    ObservableDescriptor {
        kind,
        name,
        key: Some(name),
        column: None,
        teacher: None,
        symbol,
        unit: "1",
        words: symbol,
        label: symbol,
        doc,
        of_samples: false,
        of_state: false,
        needs: Needs::Nothing,
    }
}

impl ObservableDescriptor {
    const fn column(self, column: &'static str) -> Self {
        Self { column: Some(column), ..self }
    }

    const fn teacher(self, column: &'static str, symbol: &'static str, doc: &'static str) -> Self {
        Self { teacher: Some(TeacherColumn { column, symbol, doc }), ..self }
    }

    const fn called(self, words: &'static str, label: &'static str) -> Self {
        Self { words, label, ..self }
    }

    const fn needing(self, needs: Needs) -> Self {
        Self { needs, ..self }
    }

    const fn of_state(self) -> Self {
        Self { of_state: true, ..self }
    }

    /// How near a stage comes to its source on the samples.
    const fn imitation(self, short: &'static str, words: &'static str) -> Self {
        let key = Some(short);
        Self { key, column: key, words, label: words, of_samples: true, needs: Needs::Anyone, ..self }
    }
}

/// Every observable, each at the place of its kind.
pub static OBSERVABLES: [ObservableDescriptor; 16] = [
    row(Kind::TestError, "eg", "ε_g", "test error")
        .column("eg")
        .teacher("eg_t", "ε̃_g", "teacher's test error")
        .called("test error", "test error ε_g")
        .of_state(),
    row(Kind::CentreOverlap, "m", "m", "overlap with v, w·v/N")
        .column("m")
        .teacher("m_t", "m̃", "teacher's overlap with v, w̃·v/N")
        .of_state(),
    row(Kind::Norm, "q", "q", "squared norm, |w|²/N").column("q").teacher("q_t", "q̃", "teacher's squared norm, |w̃|²/N"),
    row(Kind::Variance, "variance", "Q", "variance of the pre-activation within a cloud").of_state(),
    row(Kind::Bias, "b", "b", "bias").column("b").teacher("b_t", "b̃", "teacher's bias").of_state(),
    row(Kind::Susceptibility, "v", "V", "susceptibility of the pre-activation")
        .column("V")
        .teacher("V_t", "Ṽ", "teacher's susceptibility")
        .of_state(),
    ObservableDescriptor {
        key: None,
        ..row(Kind::SourceOverlap, "s", "S", "overlap with the teacher, w·w̃/N").column("S").needing(Needs::Stage)
    },
    row(Kind::TeacherOverlap, "teacher_overlap", "w·u/N", "overlap with its fixed teacher")
        .column("S")
        .needing(Needs::FixedTeacher),
    ObservableDescriptor {
        of_samples: true,
        ..row(Kind::TrainLoss, "train_loss", "E_t", "mean of the loss over the samples, without the ridge")
    },
    row(Kind::CrossEntropy, "cross_entropy", "E H(σ(h̃), σ(h))", "training cross-entropy against the teacher's outputs")
        .imitation("ce", "cross-entropy"),
    row(Kind::OutputMse, "output_mse", "½E(σ(h)−σ(h̃))²", "training output MSE against the teacher, with ½")
        .imitation("mse_out", "output MSE"),
    row(
        Kind::PreactivationMse,
        "preactivation_mse",
        "½E(h−h̃)²",
        "training pre-activation MSE against the teacher, with ½",
    )
    .imitation("mse_pre", "pre-activation MSE"),
    row(Kind::HeldOutError, "held_out_error", "held out", "error on samples left out").needing(Needs::Samples),
    row(Kind::CentreCosine, "m_over_sqrt_q", "m/√q", "of the limit λ → 0").needing(Needs::Separation),
    row(Kind::ScaledBias, "b_over_sqrt_q", "b/√q", "of the limit λ → 0").needing(Needs::Separation),
    row(Kind::Margin, "margin", "margin", "smallest y h/√q of its samples").needing(Needs::Separation),
];

// every row stands at the place of its kind
const _: () = {
    let mut place = 0;
    while place < OBSERVABLES.len() {
        assert!(OBSERVABLES[place].kind as usize == place);
        place += 1;
    }
};

impl ObservableKind {
    /// What there is to know of it.
    #[must_use]
    pub const fn descriptor(self) -> &'static ObservableDescriptor {
        &OBSERVABLES[self as usize]
    }
}

impl Needs {
    fn met(self, lineage: &Lineage, index: usize) -> bool {
        let stage = &lineage.stages[index];
        let source = stage.targets.map(|targets| targets.source);
        match self {
            Self::Nothing => true,
            Self::Anyone => source.is_some(),
            Self::Stage => matches!(source, Some(Source::Stage(_))),
            Self::FixedTeacher => matches!(source, Some(Source::Teacher(_))),
            Self::Samples => false,
            Self::Separation => stage.lambda == 0.0 && stage.loss == Loss::Logistic,
        }
    }
}

/// An observable of one stage, the last one where no number is given.
pub type Observable = Address<ObservableKind>;

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
        self.kind.descriptor()
    }

    /// Every observable that a lineage has: those of the last stage without a number, then those of the others.
    #[must_use]
    pub fn all(lineage: &Lineage) -> Vec<Self> {
        let count = lineage.stages.len();
        let stages = [None].into_iter().chain((1..count).map(Some));
        let all = stages.flat_map(|number| OBSERVABLES.iter().map(move |row| Self { kind: row.kind, number }));
        all.filter(|observable| observable.is_of(lineage)).collect()
    }

    /// Whether a lineage has it.
    #[must_use]
    pub fn is_of(self, lineage: &Lineage) -> bool {
        let stage = self.stage(lineage.stages.len());
        stage.is_some_and(|number| self.descriptor().needs.met(lineage, number - 1))
    }

    /// The number of its stage among `count`, if there is such a stage.
    #[must_use]
    pub fn stage(self, count: usize) -> Option<usize> {
        Some(self.number.unwrap_or(count)).filter(|number| (1..=count).contains(number))
    }
}

impl Named for ObservableKind {
    type Error = ObservableError;

    fn name(self) -> &'static str {
        self.descriptor().name
    }

    fn symbol(self) -> &'static str {
        self.descriptor().symbol
    }

    fn address(text: &str, name: &str, number: Option<&str>) -> Result<Observable, ObservableError> {
        let number = match number.map(str::parse) {
            None => Some(None),
            Some(number) => number.ok().filter(|number: &usize| *number > 0).map(Some),
        };
        let known = || OBSERVABLES.iter().filter(|row| row.needs != Needs::Samples);
        let found = known().find(|row| row.name == name || row.key == Some(name)).zip(number);
        found.map(|(row, number)| Address { kind: row.kind, number }).ok_or_else(|| ObservableError {
            text: text.to_owned(),
            valid: known().map(|row| row.name).collect::<Vec<&str>>().join(", "),
        })
    }
}
