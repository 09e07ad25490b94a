//! Lineages trained on given samples.

use ndarray::{Array1, Array2};
use redistill_core::experiment::lineage::{self, LineageData, Samples};
use redistill_core::experiment::{ExperimentError, Protocol, Sampling};
use redistill_core::model::lineage::{Data, Loss, Signal, Source, Spectrum, Stage};

fn protocol(n: usize, sampling: Sampling) -> Protocol {
    Protocol { n, sampling, seed: 2012 }
}

fn close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs().max(1e-9), "{found}, expected {expected}");
}

#[test]
fn given_samples_are_brought_to_the_models_units() {
    // two clouds in other units, off the origin
    let (n, count) = (40, 400);
    let data = Data {
        spectrum: Spectrum::Power { exponent: 0.3, signal: Signal::Aligned },
        ..Data::isotropic(10.0, 0.5, 0.4)
    };
    let drawn = LineageData::draw(&data, 0, &protocol(n, Sampling::Stratified), &|| false).expect("two classes");
    let (set, y) = drawn.set(0).expect("a set");
    let x = Array2::from_shape_fn((count, n), |(i, j)| 7.0 * f64::from(set.samples()[[i, j]]) + j as f64);
    let samples = Samples::standardise(x.view(), y).expect("two classes");
    let description = samples.data(&[3.0, 2.0], 0.0);
    let (Spectrum::Table { variance, mean }, Spectrum::Table { variance: drawn_with, .. }) =
        (&description.spectrum, lineage::discretised(&data, n))
    else {
        panic!()
    };
    close(mean.iter().map(|v| v * v).sum::<f64>(), n as f64, 1e-12);
    close(description.rho, 0.4, 1e-12);
    // the distance of 400 samples' class means is longer than that of the clouds by Σ Δ_i (1/M₊ + 1/M₋)/4
    let stretch = 1.0 + 0.5 * n as f64 * (1.0 / 160.0 + 1.0 / 240.0) / 4.0;
    for (found, expected) in variance.iter().zip(&drawn_with) {
        // 4.5 standard deviations of a variance of 400 samples, and what the stretch itself varies by
        close(*found, expected / stretch, 4.5 * (2.0 / 400.0f64).sqrt() + 0.1);
    }
    let protocol = protocol(n, Sampling::Stratified);
    let taken = samples.draw(&[3.0, 2.0], 0.0, 0, &protocol, &|| false).expect("enough samples");
    let mut rows: Vec<Vec<u32>> = (0..2)
        .flat_map(|k| {
            taken
                .set(k)
                .expect("a set")
                .0
                .samples()
                .outer_iter()
                .map(|row| row.mapv(f32::to_bits).to_vec())
                .collect::<Vec<_>>()
        })
        .collect();
    rows.sort();
    rows.dedup();
    assert_eq!(rows.len(), 200, "no sample is in two sets");
    let stages = [Stage::logistic(1.0, 0.1), Stage::logistic(0.5, 0.1).on(2).soft(Source::Stage(1), 1.0, 1.0)];
    let trial = lineage::run_on(&taken, &stages, &|| false).expect("valid parameters");
    for stage in &trial.stages {
        let measured = stage.measured.as_ref().expect("converged");
        let held_out = measured.held_out_error.expect("samples are left");
        // 4 standard deviations of a share of 200
        assert!((held_out - measured.test_error).abs() < 4.0 * (measured.test_error / 200.0f64).sqrt(), "{measured:?}");
    }
    let everything = samples.draw(&[10.0], 0.0, 0, &protocol, &|| false).expect("all the samples");
    let trial = lineage::run_on(&everything, &stages[..1], &|| false).expect("valid parameters");
    assert_eq!(trial.stages[0].measured.as_ref().expect("converged").held_out_error, None);
    assert!(matches!(samples.draw(&[10.1], 0.0, 0, &protocol, &|| false), Err(ExperimentError::Samples { .. })));
}

#[test]
fn samples_that_are_no_samples_are_refused_with_a_reason() {
    let x = Array2::from_shape_fn((6, 3), |(i, j)| ((i * 3 + j) as f64).sin());
    let y = Array1::from(vec![1.0, -1.0, 1.0, -1.0, 1.0, -1.0]);
    let message = |x: &Array2<f64>, y: &Array1<f64>| match Samples::standardise(x.view(), y.view()) {
        Ok(_) => panic!("accepted"),
        Err(error) => error.to_string(),
    };
    let with = |i: usize, value: f64| {
        let mut y = y.clone();
        y[i] = value;
        y
    };
    assert!(message(&x, &with(2, 0.0)).contains("a label is 0; valid are -1 and 1"));
    assert!(message(&x, &Array1::ones(6)).contains("6 of class +1 and 0 of class -1"));
    assert!(message(&x, &Array1::ones(5)).contains("6 rows and 5 labels"));
    let mut constant = x.clone();
    constant.column_mut(1).fill(2.0);
    assert!(message(&constant, &y).contains("feature 2 does not vary"));
    let mut missing = x.clone();
    missing[[3, 0]] = f64::NAN;
    assert!(message(&missing, &y).contains("feature 1 of sample 4 is NaN"));
    assert!(message(&Array2::ones((6, 3)), &y).contains("apart"));
}

#[test]
fn flipping_every_label_changes_the_sign_of_the_classifier() {
    let drawn = LineageData::draw(&Data::isotropic(2.0, 1.0, 0.3), 0, &protocol(80, Sampling::Iid), &|| false);
    let drawn = drawn.expect("two classes");
    let (set, y) = drawn.set(0).expect("a set");
    let x = set.samples().mapv(f64::from);
    for loss in [Loss::Logistic, Loss::Square, Loss::Hinge] {
        let stage = Stage::logistic(0.7, 0.2).with_loss(loss);
        let [plain, flipped] = [1.0, -1.0].map(|sign| {
            let samples = Samples::standardise(x.view(), (&y * sign).view()).expect("two classes");
            let taken = samples.draw(&[2.0], 0.0, 0, &protocol(80, Sampling::Iid), &|| false).expect("all the samples");
            let trial = lineage::run_on(&taken, &[stage], &|| false).expect("valid parameters");
            trial.stages[0].measured.clone().expect("converged")
        });
        // s v is the same, and with it m; the bias changes sides
        close(flipped.m, plain.m, 1e-4);
        close(flipped.b, -plain.b, 1e-4);
        close(flipped.train_loss, plain.train_loss, 1e-4);
    }
}
