//! The real binary on a small project: commands, bad input, rebuilds, equal bytes, kills.

mod commands;
mod confined;
mod costs;
mod determinism;
mod faults;
mod golden;
mod inputs;
mod kills;
mod locks;
mod obstacles;
mod pictures;
mod print;
mod project;
mod rebuilds;
#[path = "../support/reference.rs"]
mod reference;
mod verdicts;
mod writes;
