//! What a stage stands for, and how stages are called.

use crate::model::Lineage;
use crate::spec::{Curve, Figure};

/// What a stage does, apart from what it reads.
#[derive(Debug, Clone, PartialEq)]
pub enum Job {
    /// The theory of one curve.
    Theory {
        /// Index of the figure.
        figure: usize,
        /// Index of the curve in it.
        curve: usize,
    },
    /// The trials of one lineage on some replicates.
    Trials {
        /// The lineage.
        lineage: Lineage,
        /// Replicates, first and one past the last.
        replicates: (u32, u32),
        /// N.
        n: usize,
        /// Where its tuned parameters are read, if it has any: a theory stage and an x.
        tuned: Option<(String, f64)>,
    },
    /// The theory table of a figure.
    TheoryTable(usize),
    /// The experiment table of a figure.
    ExperimentTable(usize),
    /// Agreement with simulation at other sizes.
    FiniteSize(usize),
    /// Agreement with simulation and print.
    Comparison(usize),
    /// The drawings of a figure.
    Drawing(usize),
    /// The tables of what runs cost.
    Costs,
    /// The drawing of the scaling.
    Scaling,
    /// The theory of one explanation of an erratum on one printed curve, by its place in the list of all.
    Alternative(usize),
    /// How the explanations of all errata fare against print.
    Alternatives,
    /// The checks of all figures and the verdicts they add up to.
    Claims,
    /// The report.
    Report,
}

/// Id of the stage that makes the tables of what runs cost, and of the one that draws the scaling.
pub const COSTS: [&str; 2] = ["costs", "figure/scaling"];

/// Id of the stage that holds the explanations of the errata against print.
pub const ALTERNATIVES: &str = "table/alternatives";

/// Id of the theory stage of a curve.
#[must_use]
pub fn theory_id(figure: &Figure, curve: &Curve) -> String {
    format!("theory/{}/{}", figure.id, curve.id)
}

/// Id of a stage of a figure: `table/fig05.theory`, `figure/fig05`.
#[must_use]
pub fn figure_stage(kind: &str, figure: &Figure, arm: &str) -> String {
    if arm.is_empty() { format!("{kind}/{}", figure.id) } else { format!("{kind}/{}.{arm}", figure.id) }
}
