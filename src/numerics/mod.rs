//! Numerical methods, free of physics: graded quadrature, Anderson acceleration, Brent's methods.

mod anderson;
mod brent;
pub mod quadrature;

pub use anderson::{Anderson, FixedPoint};
pub use brent::{BracketError, maximise, root};
