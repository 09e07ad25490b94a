//! Numerical methods, free of physics: vectors of floating point numbers, Brent's methods.

mod brent;
mod symmetric;
mod vector;

pub use brent::{maximise, root};
pub use symmetric::eigen;
pub use vector::{MOST_LANES, Vector, dispatch};
