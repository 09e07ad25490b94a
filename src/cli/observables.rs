//! The numbers of a stage, as both arms tell them: keys, symbols, meanings.

use crate::experiment::lineage::Measured;
use crate::theory::lineage::StageSolution;

/// A number that both arms may tell of a stage.
pub(super) struct Observable {
    /// Its key in the JSON of a lineage.
    pub key: &'static str,
    /// Its key in the JSON of a learner with a name, if it has one there.
    pub named: Option<&'static str>,
    /// Its symbol in tables.
    pub symbol: &'static str,
    /// What it is, in a few words.
    pub meaning: &'static str,
    /// Whether JSON has it as a null where it has no value.
    pub always: bool,
    pub theory: fn(&StageSolution) -> Option<f64>,
    pub experiment: fn(&Measured) -> Option<f64>,
}

const fn observable(
    (key, named): (&'static str, Option<&'static str>),
    symbol: &'static str,
    meaning: &'static str,
    always: bool,
    theory: fn(&StageSolution) -> Option<f64>,
    experiment: fn(&Measured) -> Option<f64>,
) -> Observable {
    Observable { key, named, symbol, meaning, always, theory, experiment }
}

/// Every number of a stage but its overlaps with earlier ones.
pub(super) const OBSERVABLES: [Observable; 15] = [
    observable(("m", Some("m")), "m", "overlap with the centre, w·v/N", true, |s| Some(s.m), |x| Some(x.m)),
    observable(("q", Some("q")), "q", "norm, |w|²/N", true, |s| Some(s.q), |x| Some(x.q)),
    observable(("variance", None), "Q", "variance of its field", true, |s| Some(s.variance), |x| Some(x.variance)),
    observable(("b", Some("b")), "b", "bias", true, |s| Some(s.b), |x| Some(x.b)),
    observable(("v", Some("V")), "V", "susceptibility", true, |s| Some(s.v), |_| None),
    observable(("eg", Some("eg")), "ε_g", "test error", true, |s| Some(s.eg), |x| Some(x.test_error)),
    observable(
        ("train_loss", None),
        "train loss",
        "mean loss of its samples",
        true,
        |s| Some(s.train_loss),
        |x| Some(x.train_loss),
    ),
    observable(
        ("teacher_overlap", Some("S")),
        "w·u/N",
        "overlap with its fixed teacher",
        false,
        |s| s.teacher_overlap,
        |x| x.teacher_overlap,
    ),
    observable(
        ("ce", Some("ce")),
        "E H(h̃, h)",
        "training cross-entropy to its teacher",
        false,
        |s| s.imitation.map(|imitation| imitation.cross_entropy),
        |x| x.imitation.map(|imitation| imitation.cross_entropy),
    ),
    observable(
        ("mse_out", Some("mse_out")),
        "½E(σ−σ̃)²",
        "training MSE of outputs, with ½",
        false,
        |s| s.imitation.map(|imitation| imitation.output_mse),
        |x| x.imitation.map(|imitation| imitation.output_mse),
    ),
    observable(
        ("mse_pre", Some("mse_pre")),
        "½E(h−h̃)²",
        "training MSE of pre-activations, with ½",
        false,
        |s| s.imitation.map(|imitation| imitation.preactivation_mse),
        |x| x.imitation.map(|imitation| imitation.preactivation_mse),
    ),
    observable(
        ("held_out_error", None),
        "held out",
        "error on samples left out",
        false,
        |_| None,
        |x| x.held_out_error,
    ),
    observable(
        ("m_over_sqrt_q", None),
        "m/√q",
        "of the limit λ → 0",
        false,
        |s| s.margin.map(|margin| margin.m),
        |_| None,
    ),
    observable(
        ("b_over_sqrt_q", None),
        "b/√q",
        "of the limit λ → 0",
        false,
        |s| s.margin.map(|margin| margin.b),
        |_| None,
    ),
    observable(
        ("margin", None),
        "margin",
        "smallest y h/√q of its samples",
        false,
        |s| s.margin.map(|margin| margin.margin),
        |_| None,
    ),
];

/// The overlap with an earlier stage, in the JSON of a learner with a name.
pub(super) const OVERLAP: &str = "S";

/// A finite number; a limit that does not exist has none.
pub(super) fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}

/// The numbers that the theory tells of a stage under the keys of a learner with a name; V and its like without a
/// value are left out.
pub(super) fn named_values(stage: &StageSolution) -> impl Iterator<Item = (&'static str, f64)> {
    let own = OBSERVABLES.iter().filter_map(|one| Some((one.named?, (one.theory)(stage).and_then(finite)?)));
    own.chain(stage.s.first().copied().and_then(finite).map(|s| (OVERLAP, s)))
}
