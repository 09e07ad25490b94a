//! The experiment arm against what is known of the model: identities, and infinite-N values.

use crate::solved::{direct, distilled, hebbian, logistic, proxy, smoothed, teacher};
use redistill_core::experiment::lineage::{self, LineageData, LineageTrial, Measured, Status, Trained};
use redistill_core::experiment::{ExperimentError, GRADIENT_TOLERANCE, Protocol, Sampling, summarise};
use redistill_core::model::lineage::Stage;
use redistill_core::model::{Learner, Lineage, Mixture, Setting};

fn mixture(alpha: f64, eta: f64, rho: f64) -> Mixture {
    Mixture { alpha, eta, delta: 1.0, rho }
}

fn protocol(n: usize) -> Protocol {
    Protocol { n, sampling: Sampling::Stratified, seed: 2012 }
}

/// All learners on the data of one replicate.
fn run(mixture: Mixture, learners: &[Learner], replicate: u32, n: usize) -> Trained {
    let lineages: Vec<Lineage> =
        learners.iter().map(|&learner| Setting { mixture, learner }.lineage().expect("a learner")).collect();
    let stages: Vec<&[Stage]> = lineages.iter().map(|lineage| &lineage.stages[..]).collect();
    let data = LineageData::draw(&lineages[0].data, replicate, &protocol(n), &|| false).expect("two classes");
    lineage::run_all_on(&data, &stages, &|| false).expect("valid parameters")
}

fn trials(mixture: Mixture, learners: &[Learner], n: usize) -> Vec<LineageTrial> {
    let trials = run(mixture, learners, 0, n).trials;
    for stage in trials.iter().flat_map(|trial| &trial.stages) {
        assert_eq!(stage.status, Status::Converged, "{stage:?}");
        assert!(stage.residual.unwrap() <= GRADIENT_TOLERANCE);
    }
    trials
}

/// What was measured of the learner itself, and of the stage that it learns from.
fn own(trial: &LineageTrial) -> &Measured {
    trial.stages.last().and_then(|stage| stage.measured.as_ref()).expect("a converged learner")
}

fn taught(trial: &LineageTrial) -> &Measured {
    trial.stages[0].measured.as_ref().expect("a converged teacher")
}

#[test]
fn a_student_told_everything_is_its_teacher() {
    let learners = [teacher(0.3), distilled(logistic(0.3), 1e-7, 1.0, 1.0)];
    let [teacher, student] = &trials(mixture(3.0, 1.0, 0.2), &learners, 120)[..] else { panic!() };
    let (own, above) = (own(student), taught(student));
    assert_eq!(taught(teacher), above);
    assert_eq!(above.imitation, None);
    for (a, b) in [(own.m, above.m), (own.q, above.q), (own.b, above.b)] {
        assert!((a - b).abs() < 1e-5 * b.abs(), "{a} {b}");
    }
    let imitation = own.imitation.unwrap();
    assert!(imitation.preactivation_mse < 1e-10 && imitation.output_mse < 1e-12);
    assert!((own.cross_overlaps[0].unwrap() - above.q).abs() < 1e-5 * above.q);
}

#[test]
fn a_student_told_nothing_by_its_teacher_learns_from_labels() {
    let learners = [direct(0.1), distilled(logistic(0.5), 0.1, 0.0, 3.0), distilled(proxy(), 0.1, 0.0, 1.0)];
    let all = trials(mixture(2.0, 0.5, 0.3), &learners, 100);
    let answer = |trial| {
        let Measured { m, q, b, test_error, train_loss, .. } = *own(trial);
        ([m, q, b, test_error, train_loss], trial.stages.last().unwrap().passes)
    };
    assert_eq!(answer(&all[0]), answer(&all[1]));
    assert_eq!(answer(&all[0]), answer(&all[2]));
}

#[test]
fn the_company_a_learner_keeps_does_not_change_its_bits() {
    let mut learners: Vec<Learner> = (0..11).map(|i| teacher(10f64.powi(i - 5))).collect();
    learners.push(direct(1e-4));
    learners.push(distilled(logistic(1e-4), 1e-3, 0.7, 2.0));
    learners.push(distilled(hebbian(), 1e-3, 1.0, 1.0));
    let together = trials(mixture(1.9, 0.4, 0.4), &learners, 61);
    for (learner, trial) in learners.iter().zip(&together) {
        assert_eq!(trials(mixture(1.9, 0.4, 0.4), &[*learner], 61)[0], *trial);
    }
}

#[test]
fn fits_below_separability_reach_the_certificate() {
    let learners = [teacher(1e-5), direct(1e-5), distilled(logistic(1e-5), 1e-5, 1.0, 1.0)];
    for alpha in [0.5, 1.5, 4.5] {
        for stage in trials(mixture(alpha, 0.5, 0.2), &learners, 300).iter().flat_map(|trial| &trial.stages) {
            assert!(stage.passes < 2500, "{stage:?}");
        }
    }
}

#[test]
fn curves_share_their_data_and_replicates_do_not() {
    let seed = |mixture, replicate, n| run(mixture, &[direct(1.0)], replicate, n).trials[0].seeds[0];
    let reference = seed(mixture(2.0, 0.5, 0.2), 0, 40);
    assert_eq!(reference, seed(mixture(2.0, 0.9, 0.2), 0, 40));
    for other in [
        seed(mixture(2.5, 0.5, 0.2), 0, 40),
        seed(mixture(2.0, 0.5, 0.3), 0, 40),
        seed(mixture(2.0, 0.5, 0.2), 1, 40),
        seed(mixture(2.0, 0.5, 0.2), 0, 48),
    ] {
        assert_ne!(reference, other);
    }
}

#[test]
fn what_fits_cost_counts_every_column_and_a_shared_matrix_once() {
    let mixture = mixture(6.0, 0.5, 0.2);
    let cost = |ridges: &[f64]| {
        let learners: Vec<Learner> = ridges.iter().map(|&ridge| teacher(ridge)).collect();
        run(mixture, &learners, 0, 64)
    };
    let (one, other, both) = (cost(&[0.1]), cost(&[1.0]), cost(&[0.1, 1.0]));
    // above separability every pass takes all of the 384 samples, on the way to f and on the way back
    let passes = u64::from(one.trials[0].stages[0].passes);
    assert_eq!((one.work.flops, one.work.bytes), (passes * 4 * 64 * 384, passes * 4 * 64 * 384));
    assert_eq!(both.work.flops, one.work.flops + other.work.flops);
    assert_eq!(both.work.bytes, one.work.bytes.max(other.work.bytes));
}

#[test]
fn refusals_say_why() {
    let run = |mixture, learner, n, stop: bool| {
        let lineage = Setting { mixture, learner }.lineage().expect("a learner");
        lineage::run(&lineage, 0, &protocol(n), &|| stop).unwrap_err()
    };
    let good = mixture(2.0, 0.5, 0.2);
    assert!(matches!(run(good, teacher(-1.0), 40, false), ExperimentError::Lineage(_)));
    assert!(matches!(run(good, teacher(0.0), 40, false), ExperimentError::NoRidge { stage: 1 }));
    assert!(matches!(run(mixture(2.0, 1.5, 0.2), direct(1.0), 40, false), ExperimentError::Lineage(_)));
    assert!(matches!(run(good, direct(1.0), 2, false), ExperimentError::Features { features: 1, .. }));
    assert!(matches!(run(mixture(0.5, 0.5, 0.01), teacher(1.0), 40, false), ExperimentError::OneClass { samples: 20 }));
    for (alpha, n) in [(2.0, 1_000_000_000), (1e4, 700)] {
        let large = run(mixture(alpha, 0.5, 0.2), teacher(1.0), n, false);
        assert!(matches!(large, ExperimentError::TooLarge { .. }), "{large}");
    }
    assert_eq!(run(good, teacher(1.0), 40, true), ExperimentError::Interrupted);
}

#[test]
fn labels_without_information_have_no_test_error() {
    let blind = smoothed(direct(1.0), 0.5);
    let stage = &run(mixture(2.0, 0.5, 0.2), &[blind], 0, 40).trials[0].stages[0];
    assert_eq!((stage.status, &stage.measured), (Status::Undefined, &None));
}

/// Infinite-N values: id in `reference_points.csv`, setting, then what is compared.
type Reference = (&'static str, Mixture, Learner, &'static [(&'static str, f64)]);

/// Replicates at N = 320, and the largest |z| that chance is given.
const REPLICATES: u32 = 40;
const LARGEST_Z: f64 = 4.0;

#[test]
fn finite_size_averages_agree_with_the_infinite_limit() {
    let references: [Reference; 8] = [
        (
            "t2",
            mixture(4.5, 0.5, 0.2),
            teacher(0.1),
            &[("m", 1.63751434), ("q", 4.33864073), ("b", -1.57183955), ("eg", 0.146832789)],
        ),
        ("t9", mixture(3.0, 0.5, 0.5), teacher(1.0), &[("m", 0.625209966), ("q", 0.543197758), ("eg", 0.198136851)]),
        (
            "d1",
            mixture(4.5, 0.5, 0.2),
            direct(0.2),
            &[("m", 0.721488161), ("q", 1.50470352), ("b", -1.40850595), ("eg", 0.17545321)],
        ),
        (
            "k2",
            mixture(4.5, 0.5, 0.2),
            distilled(logistic(0.15), 0.2, 0.5, 2.0),
            &[
                ("m_t", 1.42793969),
                ("q_t", 3.18653838),
                ("b_t", -1.47820813),
                ("eg_t", 0.143655333),
                ("m", 0.633017039),
                ("q", 1.13227478),
                ("b", -1.45761506),
                ("S", 1.2831366),
                ("eg", 0.175940754),
                ("ce", 0.378926979),
                ("mse_out", 0.013159862),
                ("mse_pre", 1.12094304),
            ],
        ),
        (
            "k0",
            mixture(3.0, 0.5, 0.2),
            distilled(logistic(0.1), 1e-5, 1.0, 1.0),
            &[
                ("m", 0.854848362),
                ("q", 2.63384917),
                ("b", -1.54989773),
                ("S", 1.98415726),
                ("eg", 0.188517879),
                ("ce", 0.355486736),
                ("mse_out", 0.011783763),
                ("mse_pre", 1.06820766),
            ],
        ),
        (
            "p1",
            mixture(3.0, 0.5, 0.2),
            distilled(proxy(), 1e-5, 1.0, 1.0),
            &[("m", 0.587875063), ("q", 0.992029193), ("b", -1.040025), ("S", 0.737825836), ("eg", 0.175882132)],
        ),
        (
            "h1",
            mixture(3.0, 0.5, 0.2),
            distilled(hebbian(), 1e-5, 1.0, 1.0),
            &[("m", 0.647606656), ("q", 1.30310374), ("b", -1.11994735), ("S", 0.863475541), ("eg", 0.180706621)],
        ),
        (
            "d4",
            mixture(4.5, 0.5, 0.2),
            smoothed(direct(1e-5), 0.1),
            &[("m", 0.592336118), ("q", 1.0756797), ("b", -0.937683987), ("eg", 0.182146676)],
        ),
    ];
    for (id, mixture, learner, expected) in references {
        let trials: Vec<LineageTrial> =
            (0..REPLICATES).flat_map(|replicate| run(mixture, &[learner], replicate, 320).trials).collect();
        for (observable, limit) in expected {
            let summary = summarise(&trials.iter().map(|trial| value(trial, observable)).collect::<Vec<_>>());
            let z = (summary.mean.unwrap() - limit) / summary.standard_error.unwrap();
            println!("{id} {observable}: {summary:?} limit {limit} z {z:.2}");
            assert!(z.abs() < LARGEST_Z, "{id} {observable}: {summary:?}, limit {limit}, z = {z:.2}");
        }
    }
}

fn value(trial: &LineageTrial, observable: &str) -> f64 {
    let own = own(trial);
    match observable {
        "m" => own.m,
        "q" => own.q,
        "b" => own.b,
        "eg" => own.test_error,
        "m_t" => taught(trial).m,
        "q_t" => taught(trial).q,
        "b_t" => taught(trial).b,
        "eg_t" => taught(trial).test_error,
        "S" => own.teacher_overlap.or_else(|| own.cross_overlaps[0]).unwrap(),
        "ce" => own.imitation.unwrap().cross_entropy,
        "mse_out" => own.imitation.unwrap().output_mse,
        "mse_pre" => own.imitation.unwrap().preactivation_mse,
        other => panic!("no observable {other}"),
    }
}
