//! The replica theory: order parameters at the fixed point, for every learner.
//!
//! [`solve`] is the only entry: it picks the fixed point of the learner ([`teacher`], [`student`] behind a [`teacher_field`]),
//! certifies it at a finer quadrature and adds the observables. Files read in the order of the
//! derivation: the proximal operator of the loss ([`proximal`]), what it is averaged into
//! ([`order_parameters`]), the two fixed points, what is left of them where labels
//! say nothing ([`silent`]), the observables, the optimal ridge.
//!
//! [`lineage`] is the same theory for any list of stages, of which those learners are short ones.

mod average;
mod budget;
mod certificate;
pub mod lineage;
pub mod observables;
pub mod optimal;
pub mod order_parameters;
mod point;
pub mod proximal;
pub mod silent;
pub mod student;
pub mod teacher;
pub mod teacher_field;

pub use budget::Budget;
pub use certificate::{Certificate, Doubt, QUADRATURE_LIMIT, RESIDUAL_LIMIT};
pub use order_parameters::{Conjugates, CrossConjugates, CrossOverlaps, Overlaps};
pub use point::{Solution, TheoryError, Warm, solve, solve_from};
