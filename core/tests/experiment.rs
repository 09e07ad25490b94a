//! The experiment arm against what is known of the model: identities, and infinite-N values.

use redistill_core::experiment::{
    ExperimentError, GRADIENT_TOLERANCE, Protocol, Sampling, Status, Trial, run_trials, summarise,
};
use redistill_core::model::{Learner, Mixture, ProxyVariance, Student, TeacherKind};

const PROXY: TeacherKind = TeacherKind::BayesOptimalProxy { variance: ProxyVariance::Derived };

fn mixture(alpha: f64, eta: f64, rho: f64) -> Mixture {
    Mixture { alpha, eta, delta: 1.0, rho }
}

fn protocol(n: usize) -> Protocol {
    Protocol { n, sampling: Sampling::Stratified, seed: 2012 }
}

fn teacher(lambda: f64) -> Learner {
    Learner::Teacher { lambda, epsilon: 0.0 }
}

fn direct(lambda: f64) -> Learner {
    Learner::Direct { lambda, epsilon: 0.0 }
}

fn distilled(teacher: TeacherKind, lambda: f64, chi: f64, temperature: f64) -> Learner {
    Learner::Distilled { teacher, student: Student { lambda, chi, temperature } }
}

fn logistic(lambda: f64) -> TeacherKind {
    TeacherKind::Logistic { lambda, epsilon: 0.0 }
}

fn trials(mixture: Mixture, learners: &[Learner], n: usize) -> Vec<Trial> {
    let trials = run_trials(&mixture, learners, 0, &protocol(n), &|| false).expect("valid parameters").trials;
    for trial in &trials {
        assert_eq!(trial.status, Status::Converged, "{trial:?}");
        assert!(trial.gradient_norm <= GRADIENT_TOLERANCE);
    }
    trials
}

#[test]
fn a_student_told_everything_is_its_teacher() {
    let learners = [teacher(0.3), distilled(logistic(0.3), 1e-7, 1.0, 1.0)];
    let [teacher, student] = &trials(mixture(3.0, 1.0, 0.2), &learners, 120)[..] else { panic!() };
    let (own, taught) = (student.learner.unwrap(), student.teacher.unwrap());
    assert_eq!(teacher.learner, teacher.teacher);
    assert_eq!(teacher.imitation, None);
    assert_eq!(student.teacher, teacher.teacher);
    for (a, b) in [(own.m, taught.m), (own.q, taught.q), (own.b, taught.b)] {
        assert!((a - b).abs() < 1e-5 * b.abs(), "{a} {b}");
    }
    let imitation = student.imitation.unwrap();
    assert!(imitation.preactivation_mse < 1e-10 && imitation.output_mse < 1e-12);
    assert!((imitation.cross_overlap - taught.q).abs() < 1e-5 * taught.q);
}

#[test]
fn a_student_told_nothing_by_its_teacher_learns_from_labels() {
    let learners = [direct(0.1), distilled(logistic(0.5), 0.1, 0.0, 3.0), distilled(PROXY, 0.1, 0.0, 1.0)];
    let all = trials(mixture(2.0, 0.5, 0.3), &learners, 100);
    assert_eq!(all[0].learner, all[1].learner);
    assert_eq!(all[0].learner, all[2].learner);
    assert_eq!(all[0].passes, all[1].passes);
}

#[test]
fn the_company_a_learner_keeps_does_not_change_its_bits() {
    let mut learners: Vec<Learner> = (0..11).map(|i| teacher(10f64.powi(i - 5))).collect();
    learners.push(direct(1e-4));
    learners.push(distilled(logistic(1e-4), 1e-3, 0.7, 2.0));
    learners.push(distilled(TeacherKind::Hebbian, 1e-3, 1.0, 1.0));
    let together = trials(mixture(1.9, 0.4, 0.4), &learners, 61);
    for (learner, trial) in learners.iter().zip(&together) {
        assert_eq!(trials(mixture(1.9, 0.4, 0.4), &[*learner], 61)[0], *trial);
    }
}

#[test]
fn fits_below_separability_reach_the_certificate() {
    let learners = [teacher(1e-5), direct(1e-5), distilled(logistic(1e-5), 1e-5, 1.0, 1.0)];
    for alpha in [0.5, 1.5, 4.5] {
        for trial in trials(mixture(alpha, 0.5, 0.2), &learners, 300) {
            assert!(trial.passes < 2500, "{trial:?}");
        }
    }
}

#[test]
fn curves_share_their_data_and_replicates_do_not() {
    let seed = |mixture, replicate, n| {
        run_trials(&mixture, &[teacher(1.0)], replicate, &protocol(n), &|| false).unwrap().trials[0].seed
    };
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
        run_trials(&mixture, &learners, 0, &protocol(64), &|| false).unwrap()
    };
    let (one, other, both) = (cost(&[0.1]), cost(&[1.0]), cost(&[0.1, 1.0]));
    // above separability every pass takes all of the 384 samples, on the way to f and on the way back
    let passes = u64::from(one.trials[0].passes);
    assert_eq!((one.work.flops, one.work.bytes), (passes * 4 * 64 * 384, passes * 4 * 64 * 384));
    assert_eq!(both.work.flops, one.work.flops + other.work.flops);
    assert_eq!(both.work.bytes, one.work.bytes.max(other.work.bytes));
}

#[test]
fn refusals_say_why() {
    let run = |mixture, learner, n| run_trials(&mixture, &[learner], 0, &protocol(n), &|| false).unwrap_err();
    let good = mixture(2.0, 0.5, 0.2);
    assert!(matches!(run(good, teacher(0.0), 40), ExperimentError::Domain(_)));
    assert!(matches!(run(mixture(2.0, 1.5, 0.2), teacher(1.0), 40), ExperimentError::Domain(_)));
    assert!(matches!(run(good, Learner::BayesStudent, 40), ExperimentError::ClosedForm { .. }));
    assert!(matches!(run(good, teacher(1.0), 2), ExperimentError::Features { features: 1, .. }));
    assert!(matches!(run(mixture(0.5, 0.5, 0.01), teacher(1.0), 40), ExperimentError::OneClass { samples: 20 }));
    for (alpha, n) in [(2.0, 1_000_000_000), (1e4, 700)] {
        let large = run(mixture(alpha, 0.5, 0.2), teacher(1.0), n);
        assert!(matches!(large, ExperimentError::TooLarge { .. }), "{large}");
    }
    let stopped = run_trials(&good, &[teacher(1.0)], 0, &protocol(40), &|| true);
    assert_eq!(stopped, Err(ExperimentError::Interrupted));
}

#[test]
fn labels_without_information_have_no_test_error() {
    let blind = Learner::Direct { lambda: 1.0, epsilon: 0.5 };
    let trial = &run_trials(&mixture(2.0, 0.5, 0.2), &[blind], 0, &protocol(40), &|| false).unwrap().trials[0];
    assert_eq!((trial.status, trial.learner), (Status::Undefined, None));
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
            distilled(PROXY, 1e-5, 1.0, 1.0),
            &[("m", 0.587875063), ("q", 0.992029193), ("b", -1.040025), ("S", 0.737825836), ("eg", 0.175882132)],
        ),
        (
            "h1",
            mixture(3.0, 0.5, 0.2),
            distilled(TeacherKind::Hebbian, 1e-5, 1.0, 1.0),
            &[("m", 0.647606656), ("q", 1.30310374), ("b", -1.11994735), ("S", 0.863475541), ("eg", 0.180706621)],
        ),
        (
            "d4",
            mixture(4.5, 0.5, 0.2),
            Learner::Direct { lambda: 1e-5, epsilon: 0.1 },
            &[("m", 0.592336118), ("q", 1.0756797), ("b", -0.937683987), ("eg", 0.182146676)],
        ),
    ];
    for (id, mixture, learner, expected) in references {
        let trials: Vec<Trial> = (0..REPLICATES)
            .flat_map(|replicate| {
                run_trials(&mixture, &[learner], replicate, &protocol(320), &|| false).expect("valid parameters").trials
            })
            .collect();
        for (observable, limit) in expected {
            let summary = summarise(&trials.iter().map(|trial| value(trial, observable)).collect::<Vec<_>>());
            let z = (summary.mean.unwrap() - limit) / summary.standard_error.unwrap();
            println!("{id} {observable}: {summary:?} limit {limit} z {z:.2}");
            assert!(z.abs() < LARGEST_Z, "{id} {observable}: {summary:?}, limit {limit}, z = {z:.2}");
        }
    }
}

fn value(trial: &Trial, observable: &str) -> f64 {
    let (own, taught, imitation) = (trial.learner.unwrap(), trial.teacher, trial.imitation);
    match observable {
        "m" => own.m,
        "q" => own.q,
        "b" => own.b,
        "eg" => own.test_error,
        "m_t" => taught.unwrap().m,
        "q_t" => taught.unwrap().q,
        "b_t" => taught.unwrap().b,
        "eg_t" => taught.unwrap().test_error,
        "S" => imitation.unwrap().cross_overlap,
        "ce" => imitation.unwrap().cross_entropy,
        "mse_out" => imitation.unwrap().output_mse,
        "mse_pre" => imitation.unwrap().preactivation_mse,
        other => panic!("no observable {other}"),
    }
}
