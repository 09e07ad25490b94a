//! The paper's learners through lineages: the reference points, the solvers of their own, and random settings.

#[path = "support/random.rs"]
mod random;
#[path = "support/reference.rs"]
mod reference;

use redistill_core::model::{Lineage, Mixture, ProxyVariance};
use redistill_core::theory::lineage::{Status, solve};

use random::Random;
use reference::points;

/// Random settings.
const COUNT: usize = 1200;
/// Relative accuracy of the reference points, and of three of them that are known to be less so.
const PRINTED: f64 = 1e-7;
const LESS_SURE: [(&str, f64); 4] = [("t5", 2e-5), ("t6", 2e-5), ("k5", 4e-6), ("d3", 2e-6)];

#[test]
fn the_reference_points_are_met() {
    let mut compared = 0;
    for point in points() {
        let id = &point.id;
        let setting = &point.setting;
        let solution = solve(&setting.lineage().expect("a learner")).unwrap();
        assert_eq!(solution.status(), Status::Converged, "{id}: {:?}", solution.reason());
        let tolerance = LESS_SURE.iter().find(|(less, _)| less == id).map_or(PRINTED, |(_, tolerance)| *tolerance);
        let mut check = |name: &str, value: f64| {
            if let Some(expected) = point.get(name) {
                let apart = (expected - value).abs() / expected.abs().max(1e-3);
                assert!(apart <= tolerance, "{id} {name}: {expected} expected, {value} found ({apart:.1e})");
                compared += 1;
            }
        };
        let (first, last) = (&solution.stages[0], solution.last().unwrap());
        for (name, value) in
            [("m_t", first.m), ("q_t", first.q), ("b_t", first.b), ("V_t", first.v), ("eg_t", first.eg)]
        {
            // a proxy teacher is no stage
            if last.teacher_overlap.is_none() {
                check(name, value);
            }
        }
        for (name, value) in [("m", last.m), ("q", last.q), ("b", last.b), ("V", last.v), ("eg", last.eg)] {
            check(name, value);
        }
        if let Some(imitation) = last.samples.imitation {
            check("ce", imitation.cross_entropy);
            check("mse_out", imitation.output_mse);
            check("mse_pre", imitation.preactivation_mse);
        }
        if let Some(s) = last.teacher_overlap.or(last.s.first().copied()) {
            check("S", s);
        }
    }
    assert!(compared >= 240, "{compared} cells of the file");
}

/// Every setting of the usual domain is certified, and 99.5 % of a wide one.
#[test]
fn random_settings_are_certified() {
    let mut random = Random::new(1);
    let mut refused = Vec::new();
    for i in 0..COUNT {
        let usual = i % 2 == 0;
        let (alpha, delta, rho, ridges) = match usual {
            true => (random.log(0.1, 20.0), random.log(0.3, 5.0), random.between(0.1, 0.9), (1e-6, 10.0)),
            false => (random.log(0.02, 50.0), random.log(0.02, 20.0), random.between(0.01, 0.99), (1e-8, 1e3)),
        };
        let mixture = Mixture { alpha, eta: random.between(0.05, 1.0), delta, rho };
        let [teacher, lambda] = [0, 1].map(|_| random.log(ridges.0, ridges.1));
        let smoothing = if random.of(&[true, false]) { 0.0 } else { random.between(0.0, 0.49) };
        let chi = random.between(0.0, 1.3).min(1.0);
        let t = random.log(0.2, 20.0);
        let lineage = match i % 5 {
            0 => Lineage::teacher(&mixture, teacher, smoothing),
            1 => Lineage::direct(&mixture, lambda, smoothing),
            2 => Lineage::distilled(&mixture, teacher, smoothing, lambda, chi, t),
            3 => Lineage::kd_bayes(&mixture, ProxyVariance::Derived, lambda, chi, t),
            _ => Lineage::kd_hebbian(&mixture, lambda, chi, t),
        };
        let solution = solve(&lineage).unwrap();
        if solution.status() == Status::Converged {
            assert!(solution.error() <= 1e-6, "{lineage:?}");
        } else {
            assert!(solution.reason().is_some());
            refused.push(format!("{:?}: {lineage:?}", solution.reason()));
            assert!(!usual, "{refused:?}");
        }
    }
    assert!(200 * refused.len() <= COUNT / 2, "{} refused\n{}", refused.len(), refused.join("\n"));
}
