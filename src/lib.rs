//! redistill

pub mod model;
pub mod table;
