//! The settings of `reference_general.csv` as lineages, with the infinite-N values of each stage.

use std::collections::BTreeMap;

use redistill_core::model::Lineage;
use redistill_core::model::lineage::{Data, Loss, Signal, Source, Spectrum, Stage};

/// One setting.
pub struct Setting {
    pub id: String,
    pub lineage: Lineage,
    /// The numbers of each stage, by the name of their column; those that are absent are left out.
    pub stages: Vec<BTreeMap<String, f64>>,
}

/// Every setting, in the order of the file.
pub fn settings() -> Vec<Setting> {
    let mut lines = include_str!("../data/reference_general.csv").lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let rows: Vec<BTreeMap<&str, &str>> =
        lines.map(|line| names.iter().copied().zip(line.split(',')).collect()).collect();
    rows.chunk_by(|a, b| a["id"] == b["id"]).map(setting).collect()
}

fn setting(rows: &[BTreeMap<&str, &str>]) -> Setting {
    let numbers = |row: &BTreeMap<&str, &str>| -> BTreeMap<String, f64> {
        row.iter().filter_map(|(name, text)| Some(((*name).to_owned(), text.parse().ok()?))).collect()
    };
    let stages: Vec<BTreeMap<String, f64>> = rows.iter().map(numbers).collect();
    let first = &stages[0];
    let sets = stages.iter().map(|stage| stage["data"] as usize).max().unwrap();
    let mut alpha = vec![1.0; sets];
    for stage in &stages {
        alpha[stage["data"] as usize - 1] = stage["alpha"];
    }
    let signal = if rows[0]["v"] == "flat" { Signal::Flat } else { Signal::Aligned };
    let spectrum = match first["a"] {
        0.0 => Spectrum::Isotropic,
        exponent => Spectrum::Power { exponent, signal },
    };
    let data = Data { alpha, delta: first["Delta"], rho: first["rho"], label_noise: first["theta"], spectrum };
    let fits = rows.iter().zip(&stages).map(|(row, numbers)| {
        let loss = match row["loss"] {
            "logistic" | "hard" => Loss::Logistic,
            "square" => Loss::Square,
            "hinge" => Loss::Hinge,
            "linear" => Loss::Linear,
            other => panic!("{other}"),
        };
        let stage = Stage {
            smoothing: numbers["eps"],
            bias: numbers.get("bias_fixed").copied(),
            ..Stage::logistic(numbers["eta"], numbers["lambda"]).with_loss(loss).on(numbers["data"] as usize)
        };
        let Some(source) = numbers.get("src") else { return stage };
        let (source, chi, temperature) = (Source::Stage(*source as usize), numbers["chi"], numbers["T"]);
        if row["loss"] == "hard" { stage.hard(source, chi, temperature) } else { stage.soft(source, chi, temperature) }
    });
    let lineage = Lineage { data, stages: fits.collect() };
    Setting { id: rows[0]["id"].to_owned(), lineage, stages }
}
