//! One point in both arms: a student of a teacher, by theory and by training at finite size.
//!
//! `cargo run --release -p redistill-core --example point`

use redistill_core::experiment::lineage::run;
use redistill_core::experiment::{Protocol, Sampling, summarise};
use redistill_core::model::{Lineage, Mixture};
use redistill_core::theory::lineage::solve;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mixture = Mixture { alpha: 2.5, eta: 0.5, delta: 1.0, rho: 0.2 };
    let lineage = Lineage::distilled(&mixture, 0.1, 0.0, 1e-3, 1.0, 1.0);
    let theory = solve(&lineage)?;

    let protocol = Protocol { n: 300, sampling: Sampling::Stratified, seed: 1 };
    let trials =
        (0..16).map(|replicate| run(&lineage, replicate, &protocol, &|| false)).collect::<Result<Vec<_>, _>>()?;
    for (k, stage) in theory.stages.iter().enumerate() {
        let errors = trials.iter().filter_map(|trial| Some(trial.stages[k].measured.as_ref()?.test_error));
        let measured = summarise(&errors.collect::<Vec<f64>>());
        let (Some(mean), Some(error)) = (measured.mean, measured.standard_error) else {
            return Err("too few fits converged".into());
        };
        println!("stage {}: ε_g = {:.6} in theory, {mean:.4} ± {error:.4} at N = {}", k + 1, stage.eg, protocol.n);
    }
    Ok(())
}
