//! redistill

pub mod model;
