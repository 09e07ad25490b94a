//! A sweep over the samples per feature as CSV: the test error of a teacher, of its student and of learning alone.
//!
//! `cargo run --release -p redistill-core --example sweep > sweep.csv`

use redistill_core::model::lineage::LineageError;
use redistill_core::model::{Lineage, Mixture};
use redistill_core::theory::lineage::{Status, solve};

/// The test error of the last stage; nothing where it is no more than a best iterate.
fn test_error(lineage: &Lineage) -> Result<String, LineageError> {
    let solution = solve(lineage)?;
    let certified = solution.last().filter(|_| solution.status() == Status::Converged);
    Ok(certified.map_or(String::new(), |stage| stage.eg.to_string()))
}

fn main() -> Result<(), LineageError> {
    println!("alpha,teacher,student,alone");
    for step in 1..=24 {
        let mixture = Mixture { alpha: 0.25 * f64::from(step), eta: 0.5, delta: 1.0, rho: 0.2 };
        let teacher = test_error(&Lineage::teacher(&mixture, 0.1, 0.0))?;
        let student = test_error(&Lineage::distilled(&mixture, 0.1, 0.0, 1e-5, 1.0, 1.0))?;
        let alone = test_error(&Lineage::direct(&mixture, 1e-5, 0.0))?;
        println!("{},{teacher},{student},{alone}", mixture.alpha);
    }
    Ok(())
}
