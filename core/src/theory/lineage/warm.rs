//! Lineages one after another: where the last one was found, and how far the next is taken.

use super::fixed_point::Jacobian;

/// How far a lineage is solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Effort {
    /// Its fixed points at the first resolution alone, for a drawing that follows the hand. Status and error tell of the
    /// fixed points and say nothing of the averages, which are good to some five digits; the training loss is left out.
    Sketch,
    /// At ever finer resolution until two agree.
    #[default]
    Certified,
}

/// Where the units of a lineage were found. It serves any lineage: one that is far from it or of another shape is
/// sought from nothing.
#[derive(Debug, Clone, Default)]
pub struct Warm {
    pub(super) units: Vec<Start>,
}

/// Where one unit was found; nowhere, if it was lost or has a closed form.
#[derive(Debug, Clone, Default)]
pub(super) struct Start {
    pub x: Vec<f64>,
    pub jacobian: Option<Jacobian>,
}
