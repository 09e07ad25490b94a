//! Theory against simulation: the two arms share nothing but the definition of the model.

use redistill_core::experiment::{Protocol, Sampling, Status, Trial, run_trials, summarise};
use redistill_core::model::{Learner, Mixture, ProxyVariance, Setting, Student, TeacherKind};
use redistill_core::theory::{Solution, solve};

/// N and the data sets of a comparison, and the largest |z| that chance is given over some hundred of them.
const N: usize = 400;
const REPLICATES: u32 = 16;
const LARGEST_Z: f64 = 4.0;

fn distilled(teacher: TeacherKind, lambda: f64, chi: f64, temperature: f64) -> Learner {
    Learner::Distilled { teacher, student: Student { lambda, chi, temperature } }
}

fn logistic(lambda: f64, epsilon: f64) -> TeacherKind {
    TeacherKind::Logistic { lambda, epsilon }
}

fn trials(mixture: Mixture, learners: &[Learner], n: usize, replicates: u32) -> Vec<Vec<Trial>> {
    let protocol = Protocol { n, sampling: Sampling::Stratified, seed: 145_809 };
    let run = |replicate| run_trials(&mixture, learners, replicate, &protocol, &|| false).expect("valid parameters");
    (0..replicates).map(|replicate| run(replicate).trials).collect()
}

/// Every observable that both arms have, as (name, theory, simulated).
fn observables(solution: &Solution, trial: &Trial) -> Vec<(&'static str, f64, f64)> {
    let mut all = Vec::new();
    let own = solution.student.or(solution.teacher).expect("order parameters");
    let measured = trial.learner.expect("a converged trial");
    all.extend([("m", own.m, measured.m), ("q", own.q, measured.q), ("b", own.b, measured.b)]);
    all.push(("eg", solution.own_error().expect("a test error"), measured.test_error));
    if let (Some(imitation), Some(seen), Some((cross, _))) = (trial.imitation, solution.observables, solution.cross) {
        let (teacher, taught) = (solution.teacher.expect("a teacher"), trial.teacher.expect("a teacher"));
        all.extend([("m_t", teacher.m, taught.m), ("q_t", teacher.q, taught.q), ("b_t", teacher.b, taught.b)]);
        all.push(("eg_t", solution.teacher_error.expect("a test error"), taught.test_error));
        all.push(("S", cross.s, imitation.cross_overlap));
        all.push(("ce", seen.cross_entropy, imitation.cross_entropy));
        all.push(("mse_out", seen.output_mse, imitation.output_mse));
        all.push(("mse_pre", seen.preactivation_mse, imitation.preactivation_mse));
    }
    all
}

/// Holds every observable of every learner at one mixture to |z| < [`LARGEST_Z`]; gives how many there were.
fn compare(mixture: Mixture, learners: &[Learner]) -> usize {
    let runs = trials(mixture, learners, N, REPLICATES);
    let mut compared = 0;
    for (index, learner) in learners.iter().enumerate() {
        let solution = solve(&Setting { mixture, learner: *learner }).expect("a setting in the domain");
        let rows: Vec<_> = runs
            .iter()
            .map(|run| {
                assert_eq!(run[index].status, Status::Converged, "{learner:?}");
                observables(&solution, &run[index])
            })
            .collect();
        for (place, (name, theory, _)) in rows[0].iter().enumerate() {
            let summary = summarise(&rows.iter().map(|row| row[place].2).collect::<Vec<_>>());
            let (mean, error) = (summary.mean.expect("trials"), summary.standard_error.expect("replicates"));
            // what does not fluctuate (b̃ and others of the formula teachers) must be equal
            let deviation = (mean - theory).abs();
            let agrees = if error > 1e-12 { deviation < LARGEST_Z * error } else { deviation < 1e-9 };
            assert!(agrees, "{learner:?} {name}: simulated {mean} ± {error}, theory {theory}");
            compared += 1;
        }
    }
    compared
}

const PAPER: Mixture = Mixture { alpha: 3.0, eta: 0.5, delta: 1.0, rho: 0.2 };

#[test]
fn learners_of_labels() {
    let learners = [
        Learner::Teacher { lambda: 0.1, epsilon: 0.0 },
        Learner::Teacher { lambda: 0.01, epsilon: 0.1 },
        Learner::Direct { lambda: 0.2, epsilon: 0.0 },
        Learner::Direct { lambda: 1e-5, epsilon: 0.1 },
    ];
    assert_eq!(compare(PAPER, &learners), 16);
}

#[test]
fn students_of_logistic_teachers() {
    let learners = [
        distilled(logistic(0.1, 0.0), 1e-5, 1.0, 1.0),
        distilled(logistic(0.15, 0.0), 0.1, 0.6, 2.0),
        distilled(logistic(0.3, 0.1), 0.2, 0.5, 4.0),
    ];
    assert_eq!(compare(PAPER, &learners), 36);
}

#[test]
fn students_of_formula_teachers() {
    let proxy = TeacherKind::BayesOptimalProxy { variance: ProxyVariance::Derived };
    let learners = [distilled(proxy, 1e-5, 1.0, 1.0), distilled(TeacherKind::Hebbian, 1e-5, 1.0, 1.0)];
    assert_eq!(compare(PAPER, &learners), 24);
}

#[test]
fn another_mixture() {
    let mixture = Mixture { alpha: 2.0, eta: 0.75, delta: 0.5, rho: 0.4 };
    let learners = [
        Learner::Teacher { lambda: 1.0, epsilon: 0.0 },
        Learner::Direct { lambda: 0.5, epsilon: 0.05 },
        distilled(logistic(0.5, 0.0), 0.05, 0.7, 3.0),
    ];
    assert_eq!(compare(mixture, &learners), 20);
}

#[test]
fn what_remains_at_finite_size_shrinks_with_it() {
    // just above separability the norm has large corrections; the data sets are many enough for the first to stand
    // clear of its fluctuation
    let mixture = Mixture { alpha: 2.2, ..PAPER };
    let learner = Learner::Direct { lambda: 1e-2, epsilon: 0.0 };
    let limit = solve(&Setting { mixture, learner }).expect("a setting in the domain").student.expect("a student").q;
    let deviation = |n: usize, replicates: u32| {
        let runs = trials(mixture, &[learner], n, replicates);
        let summary =
            summarise(&runs.iter().map(|run| run[0].learner.expect("a converged trial").q).collect::<Vec<_>>());
        (summary.mean.expect("trials") / limit - 1.0, summary.standard_error.expect("replicates") / limit)
    };
    let (small, small_error) = deviation(60, 800);
    let (large, large_error) = deviation(240, 200);
    assert!(small.abs() > 4.0 * small_error, "N = 60: {small} ± {small_error} is no deviation to speak of");
    // corrections of order 1/N would leave a quarter
    assert!(
        large.abs() + large_error < 0.6 * small.abs(),
        "N = 60: {small} ± {small_error}, N = 240: {large} ± {large_error}"
    );
}
