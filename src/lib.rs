//! redistill

pub mod model;
pub mod plot;
