//! The real binary on a small project: commands, bad input, rebuilds, equal bytes, kills, verdicts.

mod ask;
mod broken;
mod commands;
mod confined;
mod costs;
mod determinism;
mod digits;
mod door;
mod exits;
mod faults;
mod golden;
mod inputs;
mod kills;
mod lineage;
mod lineage_inputs;
mod locks;
mod measured;
mod names;
mod obstacles;
mod pictures;
mod points;
mod print;
mod project;
mod readme;
mod rebuilds;
#[path = "../../core/tests/support/reference.rs"]
mod reference;
mod sizes;
mod texts;
mod verdicts;
mod words;
mod writes;
