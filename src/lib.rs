//! redistill

pub mod model;
pub mod numerics;
pub mod table;
pub mod theory;
