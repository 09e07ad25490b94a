//! A bound on the work of one point, counted in nodes visited, because a clock would make answers depend on the machine.

use std::cell::Cell;

/// Nodes that the averages of one point may still visit.
///
/// A node of a group of lanes counts once, so that the count is the same whatever the width of a register. When
/// nothing is left, a sweep is not a number, which ends the iteration at the best point it has seen.
#[derive(Debug)]
pub struct Budget(Cell<u64>);

/// Nodes of a point: far more than any point of the paper's figures takes. One core visits them in 4 to 20 s; in the
/// corners of the domain (α = 1e4, λ = 1e-10), where placing a node takes many Newton steps, in up to a minute.
const NODES: u64 = 5_000_000;

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(NODES))
    }
}

impl Budget {
    /// Takes note of visited nodes.
    pub(super) fn spend(&self, nodes: u64) {
        self.0.set(self.0.get().saturating_sub(nodes));
    }

    /// Whether nothing is left.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.0.get() == 0
    }
}
