//! The theory of a lineage: one recursion over its stages.
//!
//! Stage k is solved behind the stages before it: its unknowns are m_k, b_k, Q_kj and V_kj, j ≤ k, and its averages
//! are over the fields of itself and of its ancestors on its data set. Files read in the order of the derivation:
//! the features (`groups`), the learners (`unit`), the field of one sample (`cavity`), how it is averaged
//! (`panels`), the fields behind a stage (`chain`), their averages (`average`), the weights' side
//! (`weights`), one stage's fixed point (`recursion`, `fixed_point`), the way to it (`search`, `ladder`, `solver`), and
//! how far to believe it (`certificate`). What a solution can be asked comes after: observables by name (`observable`),
//! derivatives (`linearised`, `stencil`, `derivative`), minima (`space`, `descent`, `optimum`, `minimise`; `ridge`).
//!
//! ```
//! use redistill_core::model::{Lineage, Mixture};
//! use redistill_core::theory::lineage::{Status, solve};
//!
//! let mixture = Mixture { alpha: 3.0, eta: 0.5, delta: 1.0, rho: 0.2 };
//! let lineage = Lineage::distilled(&mixture, 0.1, 0.0, 1e-5, 1.0, 1.0);
//! let solution = solve(&lineage).unwrap();
//! assert_eq!(solution.status(), Status::Converged);
//! assert!((solution.stages[1].eg - 0.188517879).abs() < 1e-7);
//! ```

mod affine;
mod aside;
mod average;
mod balance;
mod bias;
mod cavity;
mod certificate;
mod chain;
mod collapse;
mod derivative;
mod descent;
mod explicit;
mod fixed_point;
mod ground;
mod groups;
mod in_sample;
mod jacobian;
mod ladder;
mod limits;
mod linearised;
mod member;
mod minimise;
mod optimum;
mod outcome;
mod panels;
mod recursion;
mod ridge;
mod search;
mod seek;
mod solution;
mod solver;
mod space;
mod start;
mod state;
mod stencil;
mod unit;
mod weights;

pub use crate::model::Status;
pub use derivative::{Derivatives, Direction, derivatives};
pub use descent::Descent;
pub use minimise::optimise;
pub use optimum::{Bound, Found, Optimum, RISE};
pub use ridge::optimal_ridge;
pub use solution::{InSample, LineageSolution, Margin, StageSolution};
pub use solver::{Warm, sketch, solve, solve_finely, solve_from};
pub use space::{OptimumError, Search, Searched};
pub use stencil::Derivative;
