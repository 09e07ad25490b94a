//! Lineages one after another: a sketch is near the certified answer, and where a search starts does not matter.

use redistill_core::model::lineage::{Loss, Source, Stage};
use redistill_core::model::{Lineage, Mixture};
use redistill_core::theory::lineage::{LineageSolution, Status, Warm, sketch, solve, solve_from};

/// Figure 5 at α, behind a teacher of some ridge.
fn student(alpha: f64, teacher_lambda: f64) -> Lineage {
    let mixture = Mixture { alpha, eta: 0.5, delta: 1.0, rho: 0.2 };
    Lineage::distilled(&mixture, teacher_lambda, 0.0, 1e-5, 1.0, 1.0)
}

fn apart(a: &LineageSolution, b: &LineageSolution) -> f64 {
    let pairs = a.stages.iter().zip(&b.stages);
    pairs.map(|(a, b)| (a.eg / b.eg - 1.0).abs().max((a.q / b.q - 1.0).abs())).fold(0.0, f64::max)
}

#[test]
fn a_sketch_is_good_for_a_drawing() {
    let mut warm = Warm::default();
    let mut sweeps = [0, 0];
    for k in 1..40 {
        let lineage = student(0.15 * f64::from(k), 1e-1);
        let drawn = sketch(&lineage, &mut warm).unwrap();
        assert_eq!(drawn.status(), Status::Converged, "{k}");
        let certified = solve(&lineage).unwrap();
        assert!(apart(&drawn, &certified) < 1e-3, "{k}: {}", apart(&drawn, &certified));
        sweeps = [sweeps[0] + drawn.sweeps, sweeps[1] + certified.sweeps];
    }
    assert!(sweeps[0] < sweeps[1], "{} of {} sweeps", sweeps[0], sweeps[1]);
}

#[test]
fn a_neighbour_saves_work_and_changes_nothing() {
    let mut warm = Warm::default();
    let (mut saved, mut cold_sweeps) = (0, 0);
    for k in 0..20 {
        let lineage = student(2.0, 1e-4 * 1.6f64.powi(k));
        let (near, cold) = (solve_from(&lineage, &mut warm).unwrap(), solve(&lineage).unwrap());
        assert_eq!(near.status(), Status::Converged);
        assert!(apart(&near, &cold) <= near.error() + cold.error(), "{k}: {}", apart(&near, &cold));
        saved += cold.sweeps.saturating_sub(near.sweeps);
        cold_sweeps += cold.sweeps;
    }
    assert!(4 * saved > cold_sweeps, "{saved} of {cold_sweeps} sweeps");
}

#[test]
fn a_start_that_serves_another_lineage_is_passed_over() {
    let mut warm = Warm::default();
    // far away; of another shape; in closed form; and back
    let square = Stage::logistic(1.0, 0.1).with_loss(Loss::Square);
    let hard = Stage::logistic(0.5, 1e-2).hard(Source::Stage(1), 1.0, 0.0);
    let walk = [
        student(0.3, 1e-5),
        student(6.0, 10.0),
        Lineage { stages: vec![Stage::logistic(0.5, 1e-3)], ..student(1.0, 1.0) },
        Lineage { stages: vec![square], ..student(1.0, 1.0) },
        Lineage { stages: vec![square, hard], ..student(1.5, 1.0) },
        student(0.3, 1e-5),
    ];
    for (k, lineage) in walk.iter().enumerate() {
        let (near, cold) = (solve_from(lineage, &mut warm).unwrap(), solve(lineage).unwrap());
        assert_eq!((near.status(), cold.status()), (Status::Converged, Status::Converged), "{k}");
        assert!(apart(&near, &cold) <= near.error() + cold.error(), "{k}: {}", apart(&near, &cold));
    }
}
