//! Our side of the comparison with other programs: writes a data set, prints our timings of it as JSON.
//!
//! `peer fits N ALPHA REPEATS FILE` writes the matrix to FILE (f32, row after row) and the class signs to
//! FILE.signs (f64), both little-endian, and times the fits of it. `peer theory REPEATS` times theory points.

use std::error::Error;
use std::io::Write;
use std::time::Instant;

use redistill::experiment::lineage::{LineageData, run_all_on};
use redistill::experiment::{Protocol, Sampling};
use redistill::model::Lineage;
use redistill::model::lineage::{Data, Stage};
use redistill::theory::lineage::solve;
use redistill_benches::{FIGURE_6, mixture, theory_points};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments[..] {
        ["fits", n, alpha, repeats, file] => fits(n.parse()?, alpha.parse()?, repeats.parse()?, file)?,
        ["theory", repeats] => theory(repeats.parse()?)?,
        _ => return Err("peer fits N ALPHA REPEATS FILE, or peer theory REPEATS".into()),
    };
    writeln!(std::io::stdout(), "{result}")?;
    Ok(())
}

/// Seconds this thread has had a core, where the system says so to better than the clock of a shared machine.
fn on_core() -> Option<f64> {
    let counters = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    counters.split_whitespace().next()?.parse::<f64>().ok().map(|nanoseconds| 1e-9 * nanoseconds)
}

/// Calls are repeated until they take this many seconds: far above the grain of the scheduler's counter.
const SPAN: f64 = 0.1;

/// Seconds a call, of the fastest of `repeats` spans: processor seconds where they are known.
fn fastest(repeats: u32, mut call: impl FnMut()) -> f64 {
    let span = |_| {
        let (start, before) = (Instant::now(), on_core());
        let mut calls = 0.0;
        loop {
            call();
            calls += 1.0;
            let (elapsed, after) = (start.elapsed().as_secs_f64(), on_core());
            let seconds = before.zip(after).map_or(elapsed, |(before, after)| after - before);
            if seconds >= SPAN {
                return seconds / calls;
            }
        }
    };
    (0..repeats).map(span).fold(f64::INFINITY, f64::min)
}

fn fits(n: usize, alpha: f64, repeats: u32, file: &str) -> Result<Value, Box<dyn Error>> {
    let protocol = Protocol { n, sampling: Sampling::Stratified, seed: 1 };
    let data = LineageData::draw(&Data::isotropic(alpha, 1.0, 0.2), 0, &protocol, &|| false)?;
    let (set, _) = data.set(0).ok_or("no data set")?;
    std::fs::write(file, set.samples().iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>())?;
    std::fs::write(format!("{file}.signs"), set.signs().iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>())?;
    let time = |lineages: &[Vec<Stage>]| -> Result<Value, Box<dyn Error>> {
        let stages: Vec<&[Stage]> = lineages.iter().map(|stages| &stages[..]).collect();
        let run = || run_all_on(&data, &stages, &|| false);
        let trials = run()?.trials;
        let seconds = fastest(repeats, || drop(run()));
        let last = trials.iter().filter_map(|trial| trial.stages.last());
        let of: Vec<Value> = last
            .map(|stage| {
                let (q, b) = stage.measured.as_ref().map(|own| (own.q, own.b)).unzip();
                json!({ "gradient_norm": stage.residual, "passes": stage.passes, "q": q, "b": b })
            })
            .collect();
        Ok(json!({ "seconds": seconds, "trials": of }))
    };
    let teacher = |lambda: f64| vec![Stage::logistic(1.0, lambda)];
    let mut single = serde_json::Map::new();
    for lambda in FIGURE_6 {
        single.insert(format!("{lambda:e}"), time(&[teacher(lambda)])?);
    }
    let student = Lineage::distilled(&mixture(alpha), 0.1, 0.0, 1e-5, 1.0, 1.0);
    Ok(json!({
        "n": n, "samples": set.signs().len(),
        "single": single,
        "five": time(&FIGURE_6.map(teacher))?,
        "teacher_and_student": time(&[student.stages])?,
    }))
}

fn theory(repeats: u32) -> Result<Value, Box<dyn Error>> {
    let mut points = serde_json::Map::new();
    for (name, lineage) in theory_points() {
        let solution = solve(&lineage)?;
        let own = solution.last().ok_or("no solution")?;
        let seconds = fastest(repeats, || drop(solve(&lineage)));
        points.insert(name.to_owned(), json!({ "seconds": seconds, "m": own.m, "q": own.q, "v": own.v, "b": own.b }));
    }
    Ok(Value::Object(points))
}
