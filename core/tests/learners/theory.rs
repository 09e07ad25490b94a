//! What must hold of the theory whatever its numbers are: limits, equivalences, symmetries, monotonicities.

use crate::solved::{at, difference, direct, distilled, hebbian, logistic, own, proxy, smoothed, teacher};
use redistill_core::model::{Learner, Mixture, Setting, bayes, thresholds};
use redistill_core::theory::lineage::{StageSolution, optimal_ridge};

const PAPER: Mixture = Mixture { alpha: 3.0, eta: 0.5, delta: 1.0, rho: 0.2 };
/// Two solutions of one point agree to this: their certificates allow no more.
const SAME: f64 = 1e-7;

#[track_caller]
fn close(a: f64, b: f64, relative: f64) {
    assert!((a - b).abs() <= relative * b.abs(), "{a} and {b} differ by {:e}", (a - b).abs() / b.abs());
}

#[test]
fn a_student_told_everything_is_its_teacher() {
    let mixture = Mixture { eta: 1.0, ..PAPER };
    let distance = |lambda: f64| {
        let solution = at(mixture, distilled(logistic(0.1), lambda, 1.0, 1.0));
        let (student, teacher) = (&solution.own, solution.teacher.as_ref().unwrap());
        let pairs = [(student.m, teacher.m), (student.q, teacher.q), (student.b, teacher.b), (solution.s(), teacher.q)];
        pairs.into_iter().map(|(a, b)| (a / b - 1.0).abs()).fold(0.0, f64::max)
    };
    let (far, near) = (distance(1e-3), distance(1e-4));
    assert!(near < 5e-3, "{near}");
    // the distance is of first order in λ
    assert!((0.08..0.12).contains(&(near / far)), "{far} {near}");
}

#[test]
fn a_student_told_nothing_by_its_teacher_learns_from_labels() {
    for lambda in [0.01, 0.3] {
        let alone = own(PAPER, direct(lambda));
        for (kind, temperature) in [(logistic(0.1), 1.0), (logistic(1e-4), 5.0), (proxy(), 1.0), (hebbian(), 2.0)] {
            let taught = own(PAPER, distilled(kind, lambda, 0.0, temperature));
            assert!(difference(&taught, &alone) < SAME, "{kind:?}: {taught:?} {alone:?}");
        }
    }
}

#[test]
fn a_teacher_does_not_know_its_students() {
    let alone = own(PAPER, teacher(0.05));
    for (lambda, chi, temperature) in [(1e-5, 1.0, 1.0), (0.3, 0.4, 3.0)] {
        let taught = at(PAPER, distilled(logistic(0.05), lambda, chi, temperature));
        assert!(difference(&taught.teacher.unwrap(), &alone) < SAME);
    }
}

#[test]
fn fewer_features_are_more_samples_and_more_noise() {
    // in units of N' = ηN: w' = ηw, so λ' = λ/η² and q' = ηq, while f and V stay
    for (eta, lambda) in [(0.5, 0.1), (0.3, 1e-3), (0.8, 2.0)] {
        let part = own(Mixture { eta, ..PAPER }, direct(lambda));
        let reduced = Mixture { alpha: PAPER.alpha / eta, eta: 1.0, delta: PAPER.delta / eta, rho: PAPER.rho };
        let whole = own(reduced, direct(lambda / (eta * eta)));
        close(part.m, whole.m, SAME);
        close(part.b, whole.b, SAME);
        close(part.v, whole.v, SAME);
        close(eta * part.q, whole.q, SAME);
    }
}

#[test]
fn at_full_features_a_direct_student_is_a_teacher() {
    let mixture = Mixture { eta: 1.0, ..PAPER };
    assert!(difference(&own(mixture, direct(0.02)), &own(mixture, teacher(0.02))) < SAME);
}

#[test]
fn balanced_classes_need_no_bias() {
    let mixture = Mixture { rho: 0.5, ..PAPER };
    for learner in
        [teacher(0.1), direct(1e-3), distilled(logistic(0.1), 1e-5, 1.0, 1.0), distilled(proxy(), 0.1, 0.5, 2.0)]
    {
        let solution = own(mixture, learner);
        assert!(solution.b.abs() < 1e-9 * solution.q.sqrt(), "{learner:?}: {solution:?}");
    }
}

#[test]
fn swapping_the_classes_flips_the_bias_only() {
    let swapped = Mixture { rho: 1.0 - PAPER.rho, ..PAPER };
    let smooth = smoothed(direct(1e-3), 0.1);
    for learner in
        [teacher(0.1), smooth, distilled(logistic(0.1), 1e-2, 0.7, 2.0), distilled(hebbian(), 1e-5, 1.0, 1.0)]
    {
        let (a, b) = (own(PAPER, learner), own(swapped, learner));
        assert!(a.b < 0.0, "the rare class is y = 1");
        assert!(difference(&a, &StageSolution { b: -b.b, ..b.clone() }) < SAME, "{learner:?}: {a:?} {b:?}");
        close(a.eg, b.eg, SAME);
    }
}

#[test]
fn infinite_ridge_is_bayes_optimal_for_balanced_classes_only() {
    let balanced = Mixture { rho: 0.5, ..PAPER };
    for (mixture, learner) in [(balanced, direct as fn(f64) -> Learner), (balanced.all_features(), teacher)] {
        let gap = |lambda: f64| own(mixture, learner(lambda)).eg - bayes::bound(&mixture);
        let gaps = [1.0, 10.0, 100.0, 1e4].map(gap);
        assert!(gaps.windows(2).all(|pair| pair[1] < pair[0]), "{gaps:?}");
        assert!((0.0..1e-7).contains(&gaps[3]), "{gaps:?}");
    }
}

#[test]
fn infinite_ridge_leaves_the_prior_to_unequal_classes() {
    // w → 0 at once with the bias → log(ρ/(1−ρ)): everything is of the common class
    for learner in [direct as fn(f64) -> Learner, teacher] {
        for lambda in [100.0, 1e3, 1e4] {
            let solution = own(PAPER, learner(lambda));
            close(solution.b, (PAPER.rho / (1.0 - PAPER.rho)).ln(), 1.0 / lambda);
            close(solution.eg, PAPER.rho, 1e-9);
        }
    }
}

#[test]
fn the_bound_knows_more_data_and_more_features_help() {
    let bound = |alpha: f64, eta: f64, delta: f64| bayes::bound(&Mixture { alpha, eta, delta, rho: 0.2 });
    for step in 1..40 {
        let alpha = 0.25 * f64::from(step);
        assert!(bound(alpha + 0.25, 0.5, 1.0) < bound(alpha, 0.5, 1.0));
        assert!(bound(alpha, 0.6, 1.0) < bound(alpha, 0.5, 1.0));
        assert!(bound(alpha, 0.5, 1.0) < bound(alpha, 0.5, 1.1));
    }
}

#[test]
fn nobody_beats_the_bound() {
    for alpha in [0.8, 2.0, 6.0] {
        let mixture = Mixture { alpha, ..PAPER };
        for learner in
            [direct(1e-3), direct(1.0), distilled(logistic(0.1), 1e-5, 1.0, 1.0), distilled(proxy(), 1e-5, 1.0, 1.0)]
        {
            let error = own(mixture, learner).eg;
            assert!(error > bayes::bound(&mixture), "{learner:?} at α = {alpha}: {error}");
        }
    }
}

#[test]
fn the_optimal_ridge_is_the_best_of_its_neighbours() {
    let lineage = Setting { mixture: PAPER, learner: direct(1.0) }.lineage().unwrap();
    let (ridge, best) = optimal_ridge(&lineage, None).expect("a setting in the domain");
    let error = |lambda: f64| own(PAPER, direct(lambda)).eg;
    for factor in [0.5, 0.9, 1.1, 2.0] {
        assert!(error(ridge * factor) > best.last().unwrap().eg, "λ = {ridge} × {factor}");
    }
    let (again, _) = optimal_ridge(&lineage, Some(1.3 * ridge)).expect("a setting in the domain");
    close(again, ridge, 1e-4);
}

#[test]
fn an_optimum_that_nothing_tells_apart_is_the_weak_end_it_tends_to() {
    let optimum = |alpha: f64| {
        let setting = Setting { mixture: Mixture { alpha, eta: 1.0, ..PAPER }, learner: teacher(1.0) };
        optimal_ridge(&setting.lineage().unwrap(), None).expect("a setting in the domain").0
    };
    // with hardly any sample the class of more points is the answer everywhere: ε_g = ρ whatever the ridge
    let ridges = [1e-4, 0.03, 0.06, 0.2].map(optimum);
    close(ridges[0], 1e-5, 1e-12);
    assert!(ridges.is_sorted(), "{ridges:?}");
}

#[test]
fn without_ridge_the_norm_diverges_below_separability_only() {
    for eta in [1.0, 0.5] {
        let threshold = thresholds::separability(&Mixture { eta, ..PAPER });
        let q = |alpha: f64, lambda: f64| own(Mixture { alpha, eta, ..PAPER }, direct(lambda)).q;
        // a separating direction exists: the norm grows as log λ does, without end
        let growth = [1e-4, 1e-6, 1e-8].map(|lambda| q(0.8 * threshold, lambda));
        assert!(growth[1] > 1.5 * growth[0] && growth[2] > 1.3 * growth[1], "{growth:?}");
        let settled = [1e-6, 1e-8].map(|lambda| q(1.2 * threshold, lambda));
        close(settled[0], settled[1], 1e-3);
    }
}

#[test]
fn what_is_out_of_its_domain_is_refused_by_name() {
    let refused = |mixture, learner| Setting { mixture, learner }.validate().unwrap_err().to_string();
    assert!(refused(PAPER, direct(-0.1)).starts_with("lambda"));
    assert!(refused(PAPER, teacher(0.0)).starts_with("teacher_lambda"));
    assert!(refused(Mixture { eta: 1.2, ..PAPER }, direct(0.1)).starts_with("eta"));
    assert!(refused(Mixture { rho: 1.0, ..PAPER }, direct(0.1)).starts_with("rho"));
    assert!(refused(PAPER, distilled(proxy(), 0.1, 150.0, 1.0)).starts_with("chi"));
    assert!(refused(PAPER, distilled(proxy(), 0.1, 1.0, 0.0)).starts_with("temperature"));
}

/// ε = ½: labels that say nothing.
const SILENT: f64 = 0.5;

#[test]
fn labels_that_say_nothing_leave_no_weights_and_a_closed_form() {
    let silent = |epsilon: f64| own(PAPER, smoothed(direct(0.1), epsilon));
    let (limit, nearby) = (silent(SILENT), silent(SILENT - 1e-4));
    assert_eq!((limit.m, limit.q, limit.b), (0.0, 0.0, 0.0));
    assert!(limit.eg.is_nan(), "a classifier of zero weights sides with no class");
    // δq̂ = αΔ c/(1 + Vc) and V = Δη/(λ + δq̂), with c = ¼ the curvature of the loss at h = 0
    let Mixture { alpha, eta, delta, .. } = PAPER;
    close(limit.v, delta * eta / (0.1 + alpha * delta * 0.25 / (1.0 + 0.25 * limit.v)), 1e-9);
    close(nearby.v, limit.v, 1e-6);
    assert!(nearby.q < 1e-5);
}

#[test]
fn a_student_of_a_silent_teacher_is_silent_or_learns_from_its_own_labels() {
    let student = |chi, epsilon| {
        let teacher = smoothed(logistic(0.1), epsilon);
        at(PAPER, distilled(teacher, 0.01, chi, 2.0))
    };
    let (limit, nearby) = (student(1.0, SILENT), student(1.0, SILENT - 1e-4));
    assert_eq!((limit.own.q, limit.s()), (0.0, 0.0));
    close(nearby.own.v, limit.own.v, 1e-6);
    close(nearby.own.susceptibilities[0], limit.own.susceptibilities[0], 1e-6);
    close(nearby.own.c[0], limit.own.c[0], 1e-6);
    let (mixed, nearby) = (student(0.5, SILENT), student(0.5, SILENT - 1e-4));
    close(nearby.own.eg, mixed.own.eg, 1e-4);
    assert!(mixed.teacher.unwrap().eg.is_nan());
}
