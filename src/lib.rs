//! redistill

pub mod experiment;
pub mod model;
pub mod numerics;
pub mod report;
pub mod spec;
pub mod table;
pub mod theory;
pub mod plot;
pub mod pipeline;
