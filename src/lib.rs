//! redistill

pub mod cli;
pub mod experiment;
pub mod model;
pub mod numerics;
pub mod pipeline;
pub mod plot;
pub mod report;
pub mod spec;
pub mod table;
pub mod theory;
pub mod workflow;
