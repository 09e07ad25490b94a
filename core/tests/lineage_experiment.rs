//! Lineages at finite N: their data, their fits, and infinite-N values.

mod support;

use redistill_core::experiment::lineage::{self, LineageData, LineageTrial, Status, set_seed};
use redistill_core::experiment::{ExperimentError, GAP_TOLERANCE, GRADIENT_TOLERANCE, Protocol, Sampling, summarise};
use redistill_core::model::Lineage;
use redistill_core::model::lineage::{Block, Data, FixedTeacher, Loss, Signal, Source, Spectrum, Stage};
use redistill_core::theory::lineage::solve;

fn protocol(n: usize, sampling: Sampling) -> Protocol {
    Protocol { n, sampling, seed: 2012 }
}

fn stratified(n: usize) -> Protocol {
    protocol(n, Sampling::Stratified)
}

fn lineage_of(data: Data, stages: &[Stage]) -> Lineage {
    Lineage { data, stages: stages.to_vec() }
}

/// A trial all of whose stages have their certificate.
fn trial(lineage: &Lineage, replicate: u32, protocol: &Protocol) -> LineageTrial {
    let trial = lineage::run(lineage, replicate, protocol, &|| false).expect("valid parameters");
    for (stage, fit) in trial.stages.iter().zip(&lineage.stages) {
        assert_eq!(stage.status, Status::Converged, "{fit:?}: {stage:?}");
        let bound = match fit.loss {
            Loss::Logistic | Loss::Square => GRADIENT_TOLERANCE,
            Loss::Hinge => GAP_TOLERANCE,
            Loss::Linear => 0.0,
        };
        assert!(stage.residual.is_some_and(|residual| residual <= bound), "{fit:?}: {stage:?}");
    }
    trial
}

fn close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs().max(1e-9), "{found}, expected {expected}");
}

#[test]
fn data_of_today_keep_their_seeds_and_bits() {
    let cases = [
        ((2.0, 1.0, 0.2), 64, 0, 1, Sampling::Stratified, 8017938393093599428, 3621052785081299624, 26, 1.0),
        (
            (0.7, 0.5, 0.45),
            40,
            7,
            2012,
            Sampling::Iid,
            7856758969127891726,
            2625768443985516737,
            14,
            0.8581971020842842,
        ),
    ];
    for ((alpha, delta, rho), n, replicate, seed, sampling, expected_seed, expected_bits, ones, entry) in cases {
        let protocol = Protocol { n, sampling, seed };
        let description = Data::isotropic(alpha, delta, rho);
        assert_eq!(set_seed(&description, 0, replicate, &protocol), expected_seed);
        let alone = LineageData::draw(&description, replicate, &protocol, &|| false).expect("two classes");
        let description = Data { alpha: vec![alpha, 1.0], ..Data::isotropic(alpha, delta, rho) };
        let shared = LineageData::draw(&description, replicate, &protocol, &|| false).expect("two classes");
        let (first, labels) = shared.set(0).expect("a set");
        assert_eq!(labels, first.signs());
        for data in [alone.set(0).expect("a set").0, first] {
            let bits = data
                .samples()
                .iter()
                .fold(0u64, |hash, x| hash.rotate_left(5) ^ u64::from(x.to_bits()).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let found = data.signs().iter().filter(|sign| **sign > 0.0).count();
            assert_eq!((data.seed(), bits, found, data.centre()[1]), (expected_seed, expected_bits, ones, entry));
        }
        // all sets lie around the same v
        assert_eq!(shared.set(1).expect("a set").0.centre(), first.centre());
    }
}

#[test]
fn whatever_changes_the_data_changes_the_seed_and_nothing_else_does() {
    let base = Data { alpha: vec![2.0, 2.0], ..Data::isotropic(2.0, 1.0, 0.2) };
    let spectrum = |spectrum| Data { spectrum, ..base.clone() };
    let block = |variance| Spectrum::Blocks(vec![Block { fraction: 1.0, variance }]);
    let all = [
        base.clone(),
        Data { label_noise: 0.1, ..base.clone() },
        Data { label_noise: 0.2, ..base.clone() },
        spectrum(block(1.0)),
        spectrum(block(2.0)),
        spectrum(Spectrum::Power { exponent: 0.3, signal: Signal::Flat }),
        spectrum(Spectrum::Power { exponent: 0.3, signal: Signal::Aligned }),
        spectrum(Spectrum::Table { variance: vec![1.0; 50], mean: vec![1.0; 50] }),
    ];
    let protocol = stratified(50);
    let mut seeds: Vec<u64> = all.iter().flat_map(|data| [0, 1].map(|set| set_seed(data, set, 3, &protocol))).collect();
    let count = seeds.len();
    seeds.sort_unstable();
    seeds.dedup();
    assert_eq!(seeds.len(), count);
    // the ratio of another set, and its being there, are no part of this one
    let alone = Data::isotropic(2.0, 1.0, 0.2);
    assert_eq!(set_seed(&alone, 0, 3, &protocol), set_seed(&base, 0, 3, &protocol));
}

#[test]
fn an_independent_teacher_has_the_overlaps_asked_for() {
    let (teacher, other) = (
        FixedTeacher { m: 0.8, q: 2.5, b: -0.6, variance: None },
        FixedTeacher { m: -0.3, q: 0.4, b: 0.2, variance: None },
    );
    // with the square loss and no ridge to speak of, a student of many samples is its teacher
    let copy = |teacher| Stage::logistic(1.0, 1e-9).with_loss(Loss::Square).soft(Source::Teacher(teacher), 1.0, 1.0);
    let data = Data { label_noise: 0.2, ..Data::isotropic(4.0, 1.0, 0.3) };
    let found = trial(&lineage_of(data, &[copy(teacher), copy(other)]), 0, &stratified(100));
    for (stage, teacher) in found.stages.iter().zip([teacher, other]) {
        let measured = stage.measured.as_ref().expect("converged");
        close(measured.m, teacher.m, 1e-7);
        close(measured.q, teacher.q, 1e-7);
        close(measured.b, teacher.b, 1e-7);
        close(measured.teacher_overlap.expect("a teacher"), teacher.q, 1e-7);
        assert!(measured.train_loss < 1e-14);
    }
    // independent of each other: only their means along v meet
    let overlap =
        found.stages[1].measured.as_ref().and_then(|measured| measured.cross_overlaps[0]).expect("two stages");
    let spread = ((2.5f64 - 0.64) * (0.4 - 0.09) / 100.0).sqrt();
    assert!((overlap - 0.8 * -0.3).abs() < 4.0 * spread, "{overlap}");
}

#[test]
fn labels_are_flipped_as_often_as_asked_for() {
    let data = |label_noise| Data { label_noise, ..Data::isotropic(3.0, 1.0, 0.3) };
    let flips = |data: &Data, replicate, sampling| {
        let drawn = LineageData::draw(data, replicate, &protocol(101, sampling), &|| false).expect("two classes");
        let (set, labels) = drawn.set(0).expect("a set");
        let flipped = |class: f64| labels.iter().zip(set.signs()).filter(|(y, s)| **s == class && *y != *s).count();
        [flipped(1.0), flipped(-1.0)]
    };
    // 91 and 212 samples of the classes: 13.65 and 31.8 flips on average
    let counts: Vec<[usize; 2]> =
        (0..40).map(|replicate| flips(&data(0.15), replicate, Sampling::Stratified)).collect();
    assert!(counts.iter().all(|[up, down]| (13..=14).contains(up) && (31..=32).contains(down)));
    for [class, expected] in [[0, 13], [1, 31]] {
        assert!(counts.iter().any(|count| count[class] == expected) && counts.iter().any(|c| c[class] == expected + 1));
    }
    let total: usize = (0..40).map(|r| flips(&data(0.15), r, Sampling::Iid).iter().sum::<usize>()).sum();
    // 4 standard deviations of the number of flips among 40·303 labels
    assert!((total as f64 - 1818.0).abs() < 4.0 * (1818.0 * 0.85f64).sqrt(), "{total}");
}

#[test]
fn hard_targets_are_the_limit_of_a_low_temperature_and_teach_every_loss() {
    let data = Data { label_noise: 0.1, ..Data::isotropic(2.0, 1.0, 0.4) };
    let teacher = Stage::logistic(1.0, 0.3);
    let student = |loss| Stage::logistic(0.6, 0.2).with_loss(loss);
    let from = Source::Stage(1);
    let stages = [
        teacher,
        student(Loss::Logistic).hard(from, 0.6, 0.0),
        student(Loss::Logistic).hard(from, 0.6, 1e-7),
        student(Loss::Square).hard(from, 0.6, 0.0),
        student(Loss::Hinge).hard(from, 1.0, 0.0),
        student(Loss::Hinge),
    ];
    let found = trial(&lineage_of(data, &stages), 1, &stratified(120));
    let of = |k: usize| found.stages[k].measured.as_ref().expect("converged");
    close(of(2).m, of(1).m, 1e-5);
    close(of(2).train_loss, of(1).train_loss, 1e-5);
    // the teacher's labels are cleaner than the observed ones: its students separate them better
    assert!(of(4).train_loss < of(5).train_loss);
}

#[test]
fn what_is_not_mixed_in_has_no_effect() {
    let data = Data { alpha: vec![1.5, 2.0], label_noise: 0.1, ..Data::isotropic(1.5, 1.0, 0.4) };
    for loss in [Loss::Logistic, Loss::Square] {
        let plain = Stage::logistic(0.6, 0.2).with_loss(loss).on(2);
        let none = plain.soft(Source::Stage(1), 0.0, 1.0);
        let found = trial(&lineage_of(data.clone(), &[Stage::logistic(1.0, 0.3), plain, none]), 0, &stratified(80));
        assert_eq!(found.samples, [120, 160]);
        assert_eq!(found.stages[1].residual, found.stages[2].residual);
        let [a, b] = [1, 2].map(|k| found.stages[k].measured.as_ref().expect("converged"));
        assert_eq!((a.m, a.b, a.train_loss, a.cross_overlaps[0]), (b.m, b.b, b.train_loss, b.cross_overlaps[0]));
        assert_eq!(b.cross_overlaps[1], Some(a.q));
    }
}

#[test]
fn a_mask_takes_the_features_with_the_largest_variance() {
    let blocks = vec![Block { fraction: 0.5, variance: 3.0 }, Block { fraction: 0.5, variance: 0.1 }];
    let data = Data { spectrum: Spectrum::Blocks(blocks), ..Data::isotropic(2.0, 0.5, 0.4) };
    let found = trial(&lineage_of(data, &[Stage::logistic(0.5, 0.1), Stage::logistic(1.0, 0.1)]), 0, &stratified(60));
    let [half, whole] = [0, 1].map(|k| found.stages[k].measured.as_ref().expect("converged"));
    close(half.variance, 1.5 * half.q, 1e-12);
    assert!(whole.variance < 1.5 * whole.q && whole.variance > 0.05 * whole.q);
}

/// Settings of the reference with every kind of stage, α's list and label noise among them. Where the ridge is so
/// small, or α so near a threshold, that N = 300 is far from the limit, the mean of 16 replicates is not the value
/// at infinite N; such settings (h3, h4, e8, e11) are left out.
const HELD: [&str; 16] =
    ["a1", "a7", "a12", "a14", "b3", "b7", "c4", "c9", "d3", "d5", "d7", "e2", "e4", "e16", "e18", "e19"];
/// The largest |z| of about 150 correlated comparisons; a fault shows by tens.
const LARGEST_Z: f64 = 4.5;

#[test]
fn experiments_have_the_infinite_n_values() {
    let settings = support::settings();
    for id in HELD {
        let setting = settings.iter().find(|setting| setting.id == id).expect("a setting of the file");
        let trials: Vec<LineageTrial> = (0..16).map(|r| trial(&setting.lineage, r, &stratified(300))).collect();
        for (k, expected) in setting.stages.iter().enumerate() {
            let measured: Vec<_> = trials.iter().map(|t| t.stages[k].measured.as_ref().expect("converged")).collect();
            let held = |name: &str, values: Vec<f64>| {
                let summary = summarise(&values);
                let error = summary.standard_error.expect("replicates");
                let z = (summary.mean.expect("replicates") - expected[name]) / error;
                assert!(z.abs() < LARGEST_Z, "{id} stage {} {name}: z = {z}, {summary:?}", k + 1);
            };
            held("m", measured.iter().map(|x| x.m).collect());
            held("q", measured.iter().map(|x| x.q).collect());
            held("Q", measured.iter().map(|x| x.variance).collect());
            held("eg", measured.iter().map(|x| x.test_error).collect());
            if setting.lineage.stages[k].bias.is_none() {
                held("b", measured.iter().map(|x| x.b).collect());
            }
            for j in 0..k {
                held(
                    &format!("S{}", j + 1),
                    measured.iter().map(|x| x.cross_overlaps[j].expect("converged")).collect(),
                );
            }
        }
    }
}

#[test]
fn what_cannot_be_trained_is_refused_or_said() {
    let refused = |lineage: &Lineage, n: usize| {
        lineage::run(lineage, 0, &stratified(n), &|| false).expect_err("not trainable").to_string()
    };
    let data = Data::isotropic(1.0, 1.0, 0.3);
    let of = |stages: &[Stage]| lineage_of(data.clone(), stages);
    assert!(refused(&of(&[Stage::logistic(1.0, 0.0)]), 50).contains("stage 1: at lambda = 0 the logistic loss"));
    assert!(refused(&of(&[Stage::logistic(0.01, 0.1)]), 50).contains("leaves 1 features"));
    assert!(refused(&of(&[Stage::logistic(2.0, 0.1)]), 50).contains("features = 2 is out of range"));
    let table = Spectrum::Table { variance: vec![1.0; 20], mean: vec![1.0; 20] };
    let tabled = lineage_of(Data { spectrum: table, ..data.clone() }, &[Stage::logistic(1.0, 0.1)]);
    assert!(refused(&tabled, 50).contains("n = 50 features were asked for, of a table with 20"));
    let stopped = lineage::run(&of(&[Stage::logistic(1.0, 0.1)]), 0, &stratified(50), &|| true);
    assert_eq!(stopped, Err(ExperimentError::Interrupted));

    // a teacher so biased that all its hard labels are the same leaves its student without a bias
    let biased = Source::Teacher(FixedTeacher { m: 0.0, q: 1.0, b: 50.0, variance: None });
    let hard = Stage::logistic(1.0, 0.1).hard(biased, 1.0, 0.0);
    let student = Stage::logistic(1.0, 0.1).soft(Source::Stage(1), 1.0, 1.0);
    let found = lineage::run(&of(&[hard, student, Stage { bias: Some(1.0), ..hard }]), 0, &stratified(50), &|| false);
    let statuses = found.expect("valid parameters").stages.iter().map(|stage| stage.status).collect::<Vec<_>>();
    assert_eq!(statuses, [Status::NotConverged, Status::NotConverged, Status::Converged]);
}

#[test]
fn mixes_beyond_zero_and_one_have_their_infinite_n_values() {
    let data = Data { label_noise: 0.1, ..Data::isotropic(2.0, 1.0, 0.3) };
    let (teacher, student) = (Stage::logistic(1.0, 0.3), Stage::logistic(0.7, 0.8));
    let from = Source::Stage(1);
    let stages = [
        teacher,
        student.soft(from, 1.5, 1.0),
        student.soft(from, -0.5, 1.0),
        student.soft(from, 1.2, 2.0),
        student.soft(from, -1.0, 0.8),
        student.hard(from, 1.5, 0.0),
        student.with_loss(Loss::Square).soft(from, -0.5, 1.0),
    ];
    let lineage = lineage_of(data, &stages);
    let trials: Vec<LineageTrial> = (0..16).map(|r| trial(&lineage, r, &stratified(600))).collect();
    for (k, stage) in stages.iter().enumerate().skip(1) {
        // of a chain only the source stands behind a stage
        let theory = solve(&lineage_of(lineage.data.clone(), &[teacher, *stage])).expect("convex");
        let theory = theory.last().expect("two stages");
        assert!(theory.reason.is_none(), "stage {}: {:?}", k + 1, theory.reason);
        let measured: Vec<_> = trials.iter().map(|t| t.stages[k].measured.as_ref().expect("converged")).collect();
        let held = |name: &str, expected: f64, values: Vec<f64>| {
            let summary = summarise(&values);
            let z = (summary.mean.expect("replicates") - expected) / summary.standard_error.expect("replicates");
            assert!(z.abs() < LARGEST_Z, "stage {} {name}: z = {z}, {expected}, {summary:?}", k + 1);
        };
        held("m", theory.m, measured.iter().map(|x| x.m).collect());
        held("q", theory.q, measured.iter().map(|x| x.q).collect());
        held("b", theory.b, measured.iter().map(|x| x.b).collect());
        held("eg", theory.eg, measured.iter().map(|x| x.test_error).collect());
        held("loss", theory.samples.train_loss, measured.iter().map(|x| x.train_loss).collect());
        held("S", theory.s[0], measured.iter().map(|x| x.cross_overlaps[0].expect("converged")).collect());
    }
    let refused = |stage: Stage| lineage_of(lineage.data.clone(), &[teacher, stage]).validate().is_err();
    assert!(refused(student.soft(from, 1.4, 2.0)) && refused(student.soft(from, 1.1, 0.9)));
    assert!(refused(student.soft(from, -0.1, 1.1)) && refused(Stage { lambda: 0.0, ..student }.soft(from, 1.5, 1.0)));
}
