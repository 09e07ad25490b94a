//! redistill

pub mod experiment;
pub mod model;
