//! Teachers and students trained on handwritten digits: everything that data/digits holds.
//!
//! `redistill-digits IMAGES OUT` reads the four IDX files in the folder IMAGES, takes two tasks out of them and writes
//! to OUT, for each: the moments (`TASK.parquet`) and a lineage on them (`TASK.toml`); and for both, what was measured
//! (`errors.csv`, `tails.csv`).

mod axes;
mod images;
mod learn;
mod noise;
mod tails;
mod write;

use std::error::Error;
use std::path::Path;

use ndarray::ArrayView1;
use redistill::experiment::lineage::Samples;

use images::Images;
use learn::{SetMeans, mean_and_error, on_set};
use noise::{Noise, OTHERS, Split};
use tails::Tail;
use write::{Measurement, Trained, measurements};

/// What stops a run: it is said and that is all.
type Failure = Box<dyn Error + Send + Sync>;

/// Two classes of digits, and how much is measured on them.
struct Task {
    name: &'static str,
    title: &'static str,
    class: fn(u8) -> Option<f64>,
    /// α of what is trained on other noise, and on how many sets of it.
    alphas: &'static [f64],
    sets: u32,
}

/// α of what is trained on images.
const ALPHAS: [f64; 8] = [0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0];
/// Choices of training images at each α.
const DRAWS: u32 = 64;
/// Choices of training samples from each set with other noise.
const DRAWS_OF_A_SET: u32 = 4;

const TASKS: [Task; 2] = [
    Task {
        name: "odd-even",
        title: "Odd digits (y = 1) against even ones",
        class: |digit| Some(if digit % 2 == 1 { 1.0 } else { -1.0 }),
        alphas: &[1.0, 4.0],
        sets: 8,
    },
    Task {
        name: "three-eight",
        title: "The digit 3 (y = 1) against 8",
        class: |digit| match digit {
            3 => Some(1.0),
            8 => Some(-1.0),
            _ => None,
        },
        alphas: &[0.5, 1.0, 2.0, 4.0],
        sets: 24,
    },
];

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [images, out] = &arguments[..] else { return Err("redistill-digits IMAGES OUT".into()) };
    let (images, out) = (Images::read(Path::new(images))?, Path::new(out));
    let (mut errors, mut tails) = (Vec::new(), Vec::new());
    for task in &TASKS {
        measure(task, &images, out, &mut errors, &mut tails)?;
    }
    write::csv(&out.join("errors.csv"), write::errors(&errors)?)?;
    write::csv(&out.join("tails.csv"), write::tails(&tails)?)
}

fn measure(
    task: &Task,
    images: &Images,
    out: &Path,
    errors: &mut Vec<Measurement>,
    tails: &mut Vec<Tail>,
) -> Result<(), Failure> {
    let pixels = images.two_classes(task.class);
    let x = axes::principal(&pixels);
    let y = pixels.y;
    drop(pixels.x);
    let data = Samples::standardise(x.view(), ArrayView1::from(&y))?.data(&[1.0], 0.0);
    write::moments(out, task.name, task.title, &data, y.len())?;
    let split = Split::new(&x, y);
    for teacher in learn::TEACHERS {
        tails.extend(tails::tails(task.name, &split, &data, teacher)?);
    }
    let (n, samples) = (x.ncols(), split.y.len());
    let trained = |noise: Noise, sets, replicates| {
        let (task, source) = (task.name, noise.name());
        Trained { task, source, n, samples, sets, replicates }
    };
    for (alpha, means) in ALPHAS.iter().zip(on_set(&x, &split.y, &ALPHAS, 0, DRAWS)?) {
        errors.extend(measurements(trained(Noise::Images, 1, DRAWS), *alpha, &means));
    }
    for noise in OTHERS {
        let sets: Vec<Vec<SetMeans>> = (0..task.sets)
            .map(|set| on_set(&split.samples(noise, u64::from(set)), &split.y, task.alphas, set, DRAWS_OF_A_SET))
            .collect::<Result<_, _>>()?;
        for (i, alpha) in task.alphas.iter().enumerate() {
            let over = |of: fn(&SetMeans) -> &[(f64, f64)]| -> Vec<(f64, f64)> {
                let stage = |k: usize| mean_and_error(&sets.iter().map(|set| of(&set[i])[k].0).collect::<Vec<f64>>());
                (0..of(&sets[0][i]).len()).map(stage).collect()
            };
            let means = SetMeans { error: over(|set| &set.error), gaussian: over(|set| &set.gaussian) };
            let trained = trained(noise, task.sets, task.sets * DRAWS_OF_A_SET);
            errors.extend(measurements(trained, *alpha, &means));
        }
    }
    Ok(())
}
