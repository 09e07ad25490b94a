//! The real binary on a small project: commands, bad input, rebuilds, equal bytes, kills.

mod commands;
mod costs;
mod determinism;
mod faults;
mod golden;
mod inputs;
mod names;
mod pictures;
mod points;
mod project;
mod rebuilds;
#[path = "../support/reference.rs"]
mod reference;
mod texts;
