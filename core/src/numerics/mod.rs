//! Numerical methods, free of physics: graded quadrature on vectors, Anderson acceleration, Brent's methods.

mod anderson;
mod brent;
pub mod quadrature;
mod vector;

pub use anderson::{Anderson, FixedPoint};
pub use brent::{BracketError, maximise, root};
pub use vector::{MOST_LANES, Vector, dispatch};
