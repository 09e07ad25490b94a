//! Theory against simulation: the two arms share nothing but the definition of the model.

use crate::solved::{Solved, at, direct, distilled, hebbian, logistic, own, proxy, smoothed, teacher};
use redistill_core::experiment::lineage::{LineageData, LineageTrial, Status, run_all_on};
use redistill_core::experiment::{Protocol, Sampling, summarise};
use redistill_core::model::lineage::{FixedTeacher, Stage};
use redistill_core::model::{Learner, Lineage, Mixture, Setting};

/// N and the data sets of a comparison, and the largest |z| that chance is given over some hundred of them.
const N: usize = 400;
const REPLICATES: u32 = 16;
const LARGEST_Z: f64 = 4.0;

fn trials(mixture: Mixture, learners: &[Learner], n: usize, replicates: u32) -> Vec<Vec<LineageTrial>> {
    let protocol = Protocol { n, sampling: Sampling::Stratified, seed: 145_809 };
    let lineages: Vec<Lineage> =
        learners.iter().map(|&learner| Setting { mixture, learner }.lineage().expect("a learner")).collect();
    let stages: Vec<&[Stage]> = lineages.iter().map(|lineage| &lineage.stages[..]).collect();
    let run = |replicate| {
        let data = LineageData::draw(&lineages[0].data, replicate, &protocol, &|| false).expect("two classes");
        run_all_on(&data, &stages, &|| false).expect("valid parameters").trials
    };
    (0..replicates).map(run).collect()
}

/// Every observable that both arms have, as (name, theory, simulated).
fn observables(solved: &Solved, trial: &LineageTrial) -> Vec<(&'static str, f64, f64)> {
    let (own, stage) = (&solved.own, trial.stages.last().expect("a stage"));
    let measured = stage.measured.as_ref().expect("a converged trial");
    let mut all = vec![
        ("m", own.m, measured.m),
        ("q", own.q, measured.q),
        ("b", own.b, measured.b),
        ("eg", own.eg, measured.test_error),
        ("train_loss", own.samples.train_loss, measured.train_loss),
    ];
    if let Some(teacher) = &solved.teacher {
        let taught = trial.stages[0].measured.as_ref().expect("a converged teacher");
        all.extend([("m_t", teacher.m, taught.m), ("q_t", teacher.q, taught.q), ("b_t", teacher.b, taught.b)]);
        all.push(("eg_t", teacher.eg, taught.test_error));
    }
    if let Some((FixedTeacher { m, q, b, .. }, drawn)) = solved.fixed.zip(measured.teacher) {
        all.extend([("m_t", m, drawn.m), ("q_t", q, drawn.q), ("b_t", b, drawn.b)]);
    }
    if let (Some(seen), Some(imitation)) = (own.samples.imitation, measured.imitation) {
        let overlap = measured.teacher_overlap.or_else(|| measured.cross_overlaps[0]).expect("a teacher");
        all.push(("S", solved.s(), overlap));
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
        let solution = at(mixture, *learner);
        let rows: Vec<_> = runs
            .iter()
            .map(|run| {
                assert_eq!(run[index].stages.last().unwrap().status, Status::Converged, "{learner:?}");
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
    let learners = [teacher(0.1), smoothed(teacher(0.01), 0.1), direct(0.2), smoothed(direct(1e-5), 0.1)];
    assert_eq!(compare(PAPER, &learners), 20);
}

#[test]
fn students_of_logistic_teachers() {
    let learners = [
        distilled(logistic(0.1), 1e-5, 1.0, 1.0),
        distilled(logistic(0.15), 0.1, 0.6, 2.0),
        distilled(smoothed(logistic(0.3), 0.1), 0.2, 0.5, 4.0),
    ];
    assert_eq!(compare(PAPER, &learners), 39);
}

#[test]
fn students_of_formula_teachers() {
    let learners = [distilled(proxy(), 1e-5, 1.0, 1.0), distilled(hebbian(), 1e-5, 1.0, 1.0)];
    assert_eq!(compare(PAPER, &learners), 25);
}

#[test]
fn another_mixture() {
    let mixture = Mixture { alpha: 2.0, eta: 0.75, delta: 0.5, rho: 0.4 };
    let learners = [teacher(1.0), smoothed(direct(0.5), 0.05), distilled(logistic(0.5), 0.05, 0.7, 3.0)];
    assert_eq!(compare(mixture, &learners), 23);
}

#[test]
fn what_remains_at_finite_size_shrinks_with_it() {
    // just above separability the norm has large corrections; the data sets are many enough for the first to stand
    // clear of its fluctuation
    let mixture = Mixture { alpha: 2.2, ..PAPER };
    let learner = direct(1e-2);
    let limit = own(mixture, learner).q;
    let deviation = |n: usize, replicates: u32| {
        let runs = trials(mixture, &[learner], n, replicates);
        let q = |run: &Vec<LineageTrial>| run[0].stages[0].measured.as_ref().expect("a converged trial").q;
        let summary = summarise(&runs.iter().map(q).collect::<Vec<_>>());
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
