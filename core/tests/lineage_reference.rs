//! The recursion against values of an independent prototype, itself held against simulation.

mod support;

use std::collections::BTreeMap;

use redistill_core::theory::lineage::{StageSolution, Status, solve};

/// What a row says of a stage, beside what was found.
fn pairs(row: &BTreeMap<String, f64>, k: usize, found: &StageSolution) -> Vec<(String, f64, f64)> {
    let mut pairs = Vec::new();
    let mut take = |name: &str, value: f64| {
        if let Some(expected) = row.get(name) {
            pairs.push((name.to_owned(), *expected, value));
        }
    };
    for (name, value) in [
        ("m", found.m),
        ("q", found.q),
        ("Q", found.variance),
        ("b", found.b),
        ("V", found.v),
        ("eg", found.eg),
        ("mhat", found.m_hat),
        ("qhat", found.q_hat[k]),
        ("kappa", found.kappa),
    ] {
        take(name, value);
    }
    for j in 0..k {
        take(&format!("S{}", j + 1), found.s[j]);
        take(&format!("SD{}", j + 1), found.overlaps[j]);
        take(&format!("V{}", j + 1), found.susceptibilities[j]);
        take(&format!("c{}", j + 1), found.c[j]);
    }
    pairs
}

#[test]
fn every_row_of_the_reference_is_met() {
    let mut missed = Vec::new();
    for support::Setting { id, lineage, stages } in support::settings() {
        let solution = solve(&lineage).unwrap();
        if solution.status() != Status::Converged {
            missed.push(format!("{id}: {:?}", solution.reason()));
        }
        for (k, row) in stages.iter().enumerate() {
            let tolerance = (3.0 * row["accuracy"]).max(1e-6);
            for (name, expected, value) in pairs(row, k, &solution.stages[k]) {
                let apart = (expected - value).abs();
                if apart > tolerance * expected.abs().max(1e-3) || apart.is_nan() {
                    missed.push(format!("{id} stage {} {name}: {expected} expected, {value} found", k + 1));
                }
            }
        }
    }
    assert!(missed.is_empty(), "{} missed\n{}", missed.len(), missed.join("\n"));
}
