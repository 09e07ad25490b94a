//! The recursion against values of an independent prototype, itself held against simulation.

use std::collections::BTreeMap;

use redistill_core::model::Lineage;
use redistill_core::model::lineage::{Data, Loss, Signal, Source, Spectrum, Stage};
use redistill_core::theory::lineage::{StageSolution, Status, solve};

const GENERAL: &str = include_str!("data/reference_general.csv");

/// One row, by the name of its column.
type Row = BTreeMap<String, String>;

fn rows(text: &str) -> Vec<Row> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| names.iter().map(|name| (*name).to_owned()).zip(line.split(',').map(str::to_owned)).collect())
        .collect()
}

fn number(row: &Row, name: &str) -> Option<f64> {
    row.get(name).filter(|text| !text.is_empty()).map(|text| text.parse().unwrap())
}

/// The stages of one setting as a lineage.
fn lineage(stages: &[Row]) -> Lineage {
    let first = &stages[0];
    let of = |name: &str| number(first, name).unwrap();
    let sets = stages.iter().map(|row| number(row, "data").unwrap() as usize).max().unwrap();
    let mut alpha = vec![1.0; sets];
    for row in stages {
        alpha[number(row, "data").unwrap() as usize - 1] = number(row, "alpha").unwrap();
    }
    let signal = if first["v"] == "flat" { Signal::Flat } else { Signal::Aligned };
    let spectrum = match of("a") {
        0.0 => Spectrum::Isotropic,
        exponent => Spectrum::Power { exponent, signal },
    };
    let data = Data { alpha, delta: of("Delta"), rho: of("rho"), label_noise: of("theta"), spectrum };
    let stages = stages.iter().map(|row| {
        let of = |name: &str| number(row, name);
        let loss = match row["loss"].as_str() {
            "logistic" | "hard" => Loss::Logistic,
            "square" => Loss::Square,
            "hinge" => Loss::Hinge,
            "linear" => Loss::Linear,
            other => panic!("{other}"),
        };
        let stage = Stage {
            smoothing: of("eps").unwrap(),
            bias: of("bias_fixed"),
            data: of("data").unwrap() as usize,
            ..Stage::logistic(of("eta").unwrap(), of("lambda").unwrap()).with_loss(loss)
        };
        match of("src") {
            None => stage,
            Some(number) => {
                let source = Source::Stage(number as usize);
                let (chi, t) = (of("chi").unwrap(), of("T").unwrap());
                if row["loss"] == "hard" { stage.hard(source, chi, t) } else { stage.soft(source, chi, t) }
            }
        }
    });
    Lineage { data, stages: stages.collect() }
}

/// What a row says of a stage, beside what was found.
fn pairs(row: &Row, k: usize, found: &StageSolution) -> Vec<(String, f64, f64)> {
    let mut pairs = Vec::new();
    let mut take = |name: &str, value: Option<f64>| {
        if let (Some(expected), Some(value)) = (number(row, name), value) {
            pairs.push((name.to_owned(), expected, value));
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
        take(name, Some(value));
    }
    for j in 0..k {
        take(&format!("S{}", j + 1), Some(found.s[j]));
        take(&format!("SD{}", j + 1), Some(found.overlaps[j]));
        take(&format!("V{}", j + 1), Some(found.susceptibilities[j]));
        take(&format!("c{}", j + 1), Some(found.c[j]));
    }
    pairs
}

#[test]
fn every_row_of_the_reference_is_met() {
    let rows = rows(GENERAL);
    let mut settings: Vec<Vec<Row>> = Vec::new();
    for row in rows {
        match settings.last_mut() {
            Some(last) if last[0]["id"] == row["id"] => last.push(row),
            _ => settings.push(vec![row]),
        }
    }
    let only = std::env::var("ONLY").unwrap_or_default();
    let mut missed = Vec::new();
    for setting in settings.iter().filter(|setting| only.is_empty() || only.split(',').any(|id| id == setting[0]["id"]))
    {
        let lineage = lineage(setting);
        let t = std::time::Instant::now();
        let solution = solve(&lineage).unwrap();
        if setting.len() > 2 {
            eprintln!("{} {:?} err {:.1e} sweeps {}", setting[0]["id"], t.elapsed(), solution.error(), solution.sweeps);
        }
        if solution.status() != Status::Converged {
            missed.push(format!("{}: {:?}", setting[0]["id"], solution.reason()));
        }
        for (k, row) in setting.iter().enumerate() {
            let tolerance = (3.0 * number(row, "accuracy").unwrap()).max(1e-6);
            for (name, expected, value) in pairs(row, k, &solution.stages[k]) {
                if !((expected - value).abs() <= tolerance * expected.abs().max(1e-3)) {
                    missed.push(format!("{} stage {} {name}: {expected} expected, {value} found", row["id"], k + 1));
                }
            }
        }
    }
    assert!(missed.is_empty(), "{} missed\n{}", missed.len(), missed.join("\n"));
}
