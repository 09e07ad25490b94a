//! Self-distillation in rounds: every learner is trained on the outputs of the one before it, on the same data.
//!
//! `cargo run --release -p redistill-core --example rounds`

use redistill_core::model::Lineage;
use redistill_core::model::lineage::{Data, LineageError, Loss, Source, Stage};
use redistill_core::theory::lineage::solve;

/// A square-loss learner whose ridge is far from the best, and as many learners after it.
const ROUNDS: usize = 5;
const LAMBDA: f64 = 0.05;

fn main() -> Result<(), LineageError> {
    let first = Stage::logistic(1.0, LAMBDA).with_loss(Loss::Square);
    let next = |round: usize| first.soft(Source::Stage(round), 1.0, 1.0);
    let data = Data { label_noise: 0.2, ..Data::isotropic(2.0, 1.0, 0.5) };
    let lineage = Lineage { data, stages: std::iter::once(first).chain((1..=ROUNDS).map(next)).collect() };
    for (round, stage) in solve(&lineage)?.stages.iter().enumerate() {
        let alignment = stage.m / stage.q.sqrt();
        println!("round {round}: m/√q = {alignment:.5}, ε_g = {:.6}, its error {:.0e}", stage.eg, stage.error);
    }
    Ok(())
}
