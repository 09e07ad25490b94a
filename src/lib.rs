//! redistill

pub mod model;
pub mod pipeline;
