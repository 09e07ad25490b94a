//! The settings that benchmarks and the comparison with other programs share.

use redistill::model::{Lineage, Mixture};

/// The mixture of most of the paper's figures at one α.
#[must_use]
pub fn mixture(alpha: f64) -> Mixture {
    Mixture { alpha, eta: 0.5, delta: 1.0, rho: 0.2 }
}

/// The five ridges of Figure 6.
pub const FIGURE_6: [f64; 5] = [1e-5, 1e-3, 1e-2, 1e-1, 1.0];

/// The theory points timed: an average over one field, the same below separability, and over two fields.
#[must_use]
pub fn theory_points() -> [(&'static str, Lineage); 3] {
    [
        ("teacher", Lineage::teacher(&mixture(4.5), 0.1, 0.0)),
        ("teacher below separability", Lineage::teacher(&mixture(1.5), 1e-3, 0.0)),
        ("distilled", Lineage::distilled(&mixture(4.5), 0.15, 0.0, 0.2, 0.5, 2.0)),
    ]
}
