//! Students that learn little more than a bias: of a source far to one side of 0, and of one that says next to nothing.

use redistill_core::model::lineage::{FixedTeacher, Source, Stage};
use redistill_core::model::{Lineage, Mixture};
use redistill_core::theory::lineage::{LineageSolution, Status, solve};

const MIXTURE: Mixture = Mixture { alpha: 0.5, eta: 0.7, delta: 4.0, rho: 0.3 };

/// A student of a fixed teacher whose field has standard deviation 20 and a mean of `aside` times that for the class
/// nearer to 0.
fn student(aside: f64, lambda: f64, temperature: f64) -> LineageSolution {
    let (m, q) = (1.0, 100.0);
    let teacher = FixedTeacher { m, q, b: aside * (MIXTURE.delta * q).sqrt() + m, variance: None };
    let mut lineage = Lineage::direct(&MIXTURE, lambda, 0.0);
    lineage.stages = vec![Stage::logistic(MIXTURE.eta, lambda).soft(Source::Teacher(teacher), 1.0, temperature)];
    solve(&lineage).unwrap()
}

/// ln E[σ(−h_src/T)] over both classes, by a plain sum whose largest term is taken out.
fn log_doubt(aside: f64, temperature: f64) -> f64 {
    let width = 20.0;
    let terms: Vec<f64> = [(1.0 - MIXTURE.rho, aside * width), (MIXTURE.rho, aside * width + 2.0)]
        .into_iter()
        .flat_map(|(share, mean): (f64, f64)| {
            (0..400_000).map(move |i| {
                let z = -1.5 * aside + (1.5 * aside + 10.0) * (f64::from(i) + 0.5) / 400_000.0;
                let x = (mean + width * z) / temperature;
                share.ln() - 0.5 * z * z - x.max(0.0) - (-x.abs()).exp().ln_1p()
            })
        })
        .collect();
    let largest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let step = (1.5 * aside + 10.0) / 400_000.0;
    largest + (terms.iter().map(|x| (x - largest).exp()).sum::<f64>() * step / std::f64::consts::TAU.sqrt()).ln()
}

#[test]
fn a_large_ridge_leaves_the_bias_that_says_what_the_teacher_says_on_average() {
    for (aside, temperature) in [(17.0, 0.5), (30.0, 0.5), (60.0, 2.0), (45.0, 0.3)] {
        let solution = student(aside, 1e6, temperature);
        let stage = &solution.stages[0];
        assert_eq!(stage.status, Status::Converged, "{:?}", stage.reason);
        // σ(−b/T) = E[σ(−h_src/T)], of which the left is e^{−b/T} to the last digit
        let expected = -temperature * log_doubt(aside, temperature);
        assert!((stage.b - expected).abs() < 1e-6 * expected, "{aside} {temperature}: {} {expected}", stage.b);
        assert_eq!((stage.m, stage.q, stage.eg), (0.0, 0.0, 1.0 - MIXTURE.rho));
    }
}

#[test]
fn weights_that_no_pre_activation_feels_leave_the_bias_where_it_is() {
    for (lambda, temperature) in [(1.0, 0.5), (1e-4, 0.5), (1e-4, 3.0), (1e-7, 1.0)] {
        let ask = |aside: f64| {
            let solution = student(aside, lambda, temperature);
            assert_eq!(solution.status(), Status::Converged, "{lambda} {temperature}: {:?}", solution.reason());
            (solution.stages[0].b, solution.error(), solution.stages[0].q)
        };
        // where the weights are taken for 0
        let (mut felt, mut unfelt) = (8.5, 20.0);
        while unfelt - felt > 1e-2 {
            let middle = 0.5 * (felt + unfelt);
            *(if ask(middle).2 > 0.0 { &mut felt } else { &mut unfelt }) = middle;
        }
        let [below, at, above, next] = [-1.5, -0.5, 0.5, 1.5].map(|steps| ask(0.5 * (felt + unfelt) + 0.02 * steps));
        assert!(at.2 > 0.0 && above.2 == 0.0);
        // b is smooth there: its third difference vanishes
        let third = next.0 - 3.0 * above.0 + 3.0 * at.0 - below.0;
        let errors = (below.1 + 3.0 * at.1 + 3.0 * above.1 + next.1) * next.0;
        assert!(third.abs() < errors + 1e-8 * next.0, "{lambda} {temperature}: {third:e} {errors:e}");
    }
}

#[test]
fn a_student_of_a_faint_teacher_is_certified() {
    // next to nothing is learned from a teacher with a ridge of several hundred
    for (alpha, delta, rho, teacher, smoothing, lambda, temperature) in [
        (0.0501, 0.0306, 0.219, 540.0, 0.41, 1.2e-4, 2.12),
        (0.0465, 0.6185, 0.484, 790.0, 0.492, 0.21, 4.0),
        (0.0277, 8.0556, 0.137, 610.0, 0.49, 48.0, 17.38),
    ] {
        let mixture = Mixture { alpha, eta: 0.8, delta, rho };
        let solution = solve(&Lineage::distilled(&mixture, teacher, smoothing, lambda, 1.0, temperature)).unwrap();
        assert_eq!(solution.status(), Status::Converged, "{teacher}: {:?}", solution.reason());
        let [first, second] = &solution.stages[..] else { panic!("two stages") };
        // its bias is its teacher's, but for second moments of what they say
        assert!((second.b / first.b - 1.0).abs() < 1e-4, "{teacher}: {} {}", second.b, first.b);
    }
}
