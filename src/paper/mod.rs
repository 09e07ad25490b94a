//! What was read off print: curves, simulation points, lines and axes of the paper's figures.
//!
//! The files are text in, typed and validated readings out; a wrong row is refused with file and line. The print
//! has its own names for figures and curves. A figure file says under `published` which of them stand for its own,
//! and [`Print`] answers by our figure: [`Print::curves`] and [`Print::points`], under our curve ids and with the
//! column of our tables that the panel shows.
//!
//! Where two files hold the same line, the curves' file counts; dots of theory are among the points.

mod axis;
mod error;
mod print;
mod readings;
mod rows;
#[cfg(test)]
mod tests;

pub use axis::{Axis, Direction, ReadingError};
pub use error::PaperError;
pub use print::{Files, Print, PrintedPoint, Vertex, reading_ends};
pub use readings::{Kind, Line};

/// The curves, relative to the project's root.
pub const CURVES: &str = "data/paper/printed_curves.csv";
/// The simulation points and the dots of theory.
pub const POINTS: &str = "data/paper/printed_points.csv";
/// The straight lines, and pieces of curves.
pub const LINES: &str = "data/paper/printed_lines.csv";
/// The axes.
pub const AXES: &str = "data/paper/axes.csv";
