//! Figure files: what a figure sweeps, draws and claims, read from `figures/<id>/figure.toml`.
//!
//! [`Figure`] is the file as written, with serde refusing unknown keys and wrong types; [`load`]
//! reads a folder of figures and validates every value, so that a run starts only from figures that
//! are whole; [`Figure::point`] turns curves into the settings that both arms evaluate.

pub mod claim;
mod column;
mod concern;
mod curve;
mod error;
mod figure;
mod lineage;
mod load;
mod locate;
mod map;
mod measured;
pub mod name;
pub mod number;
mod point;
pub mod points;
pub mod project_file;
pub mod quantity;
mod reach;
pub mod reference;
mod relation;
mod rules;
mod source;
mod spectra;
mod swept;
mod text;
mod validate;

pub use claim::Claim;
pub use column::Column;
pub use curve::{Alpha, Curve, Data, LineStyle, Published, PublishedSeries, Value};
pub use error::SpecError;
pub use figure::{
    Figure, Finer, FiniteSize, Horizontal, Level, MajorityClass, Panel, Place, Scale, Sweep, Threshold, Vertical,
};
pub use lineage::{LineageFile, SampleFile};
pub use load::{load, load_all, load_each};
pub use locate::{key_in_words, line_of};
pub use map::{MapAxis, Varied};
pub use measured::{Measured, Measurement};
pub use name::{figure_id, id};
pub use number::Number;
pub use point::{Point, PointError, Subject, kind};
pub use quantity::{Arm, Curves, Quantity, Statistic};
pub use relation::{Expression, Relation};
pub use rules::{FEWEST_FEATURES, MOST_FEATURES};
pub use source::{clip, read_text, toml_error, unprintable};
pub use swept::Swept;
pub use text::fault_of_text;
