//! Identities and limits of the theory that hold whatever the numbers are.

use redistill_core::model::lineage::{Block, Data, Loss, Signal, Source, Spectrum, Stage};
use redistill_core::model::{Lineage, Mixture};
use redistill_core::theory::lineage::{LineageSolution, StageSolution, Status, solve};

const TEACHER: Source = Source::Stage(1);

fn lineage(data: Data, stages: &[Stage]) -> Lineage {
    Lineage { data, stages: stages.to_vec() }
}

fn solved(lineage: &Lineage) -> LineageSolution {
    let solution = solve(lineage).unwrap();
    assert_eq!(solution.status(), Status::Converged, "{:?} of {lineage:?}", solution.reason());
    solution
}

fn last(data: Data, stages: &[Stage]) -> StageSolution {
    solved(&lineage(data, stages)).last().unwrap().clone()
}

#[track_caller]
fn close(a: f64, b: f64, relative: f64) {
    assert!((a - b).abs() <= relative * b.abs().max(1e-3), "{a} and {b} differ by {:.1e}", (a / b - 1.0).abs());
}

fn observed(stage: &StageSolution) -> [f64; 4] {
    [stage.m, stage.q, stage.b, stage.eg]
}

#[test]
fn a_student_with_no_ridge_is_its_teacher() {
    let data = Data::isotropic(2.0, 1.0, 0.3);
    let solution =
        solved(&lineage(data, &[Stage::logistic(1.0, 0.1), Stage::logistic(1.0, 1e-7).soft(TEACHER, 1.0, 1.0)]));
    for (student, teacher) in observed(&solution.stages[1]).into_iter().zip(observed(&solution.stages[0])) {
        close(student, teacher, 2e-6);
    }
    // on fresh samples it comes as near as their number allows
    let apart = |alpha: f64| {
        let data = Data { alpha: vec![2.0, alpha], ..Data::isotropic(2.0, 1.0, 0.3) };
        let stages = [Stage::logistic(1.0, 0.1), Stage::logistic(1.0, 0.1).soft(TEACHER, 1.0, 1.0).on(2)];
        let solution = solved(&lineage(data, &stages));
        (solution.stages[1].q / solution.stages[0].q - 1.0).abs()
    };
    let (few, many) = (apart(1e4), apart(1e5));
    assert!(many < 5e-5 && (9.0..11.0).contains(&(few / many)), "{few} {many}");
}

#[test]
fn what_a_ridge_takes_from_a_copy_is_in_proportion_to_it() {
    // cold outputs are next to hard labels, and leave the student little that holds it to its teacher
    for (alpha, temperature) in [(2.0, 0.2), (0.5, 0.5), (4.0, 1.0)] {
        let at = |lambda: f64| {
            let teacher = Stage::logistic(1.0, 0.1);
            let student = Stage::logistic(1.0, lambda).soft(Source::Stage(1), 1.0, temperature);
            let found = solved(&lineage(Data::isotropic(alpha, 1.0, 0.2), &[teacher, student]));
            let [teacher, student] = [&found.stages[0], &found.stages[1]];
            (teacher.m - student.m, teacher.variance - student.variance)
        };
        let (near, nearer) = (at(1e-8), at(1e-9));
        for (near, nearer) in [(near.0, nearer.0), (near.1, nearer.1)] {
            assert!((near / nearer / 10.0 - 1.0).abs() < 0.05, "α = {alpha}: {near} {nearer}");
        }
    }
}

#[test]
fn a_student_that_does_not_listen_is_a_direct_one() {
    let data = Data::isotropic(1.5, 1.0, 0.2);
    let student = Stage::logistic(0.5, 0.05);
    let deaf = solved(&lineage(data.clone(), &[Stage::logistic(1.0, 0.1), student.soft(TEACHER, 0.0, 2.0)]));
    let direct = last(data, &[student]);
    for (a, b) in observed(&deaf.stages[1]).into_iter().zip(observed(&direct)) {
        close(a, b, 1e-7);
    }
    assert!(deaf.stages[1].susceptibilities[0].abs() < 1e-9 && deaf.stages[1].c[0].abs() < 1e-12);
}

#[test]
fn fewer_features_are_more_samples_of_less_ridge() {
    let chain =
        |eta: f64, lambda: f64| [Stage::logistic(eta, lambda), Stage::logistic(eta, lambda).soft(TEACHER, 0.7, 2.0)];
    let few = last(Data::isotropic(2.0, 1.0, 0.3), &chain(0.5, 0.1));
    let all = last(Data::isotropic(4.0, 2.0, 0.3), &chain(1.0, 0.4));
    close(few.eg, all.eg, 1e-7);
    close(few.b, all.b, 1e-7);
    close(few.m, 1.0 * all.m, 1e-7);
}

#[test]
fn classes_and_labels_can_be_exchanged() {
    let stages = [
        Stage::logistic(1.0, 0.3),
        Stage::logistic(1.0, 0.2).hard(TEACHER, 1.0, 0.0),
        Stage::logistic(0.5, 0.1).with_loss(Loss::Hinge),
    ];
    let at =
        |rho: f64, noise: f64| solved(&lineage(Data { label_noise: noise, ..Data::isotropic(2.0, 0.7, rho) }, &stages));
    let (plain, flipped, mirrored, even) = (at(0.3, 0.1), at(0.3, 0.9), at(0.7, 0.1), at(0.5, 0.1));
    for k in 0..stages.len() {
        close(flipped.stages[k].m, -plain.stages[k].m, 1e-7);
        close(flipped.stages[k].b, -plain.stages[k].b, 1e-7);
        close(flipped.stages[k].eg, 1.0 - plain.stages[k].eg, 1e-7);
        close(mirrored.stages[k].b, -plain.stages[k].b, 1e-7);
        close(mirrored.stages[k].eg, plain.stages[k].eg, 1e-7);
        assert!(even.stages[k].b.abs() < 1e-9);
    }
}

#[test]
fn a_soft_label_at_temperature_one_is_a_soft_target_scaled() {
    // [σ(h_src/T), student at temperature 1, λ] = [soft at T, λ/T²] with (m, b, √Q) × T
    let (t, data) = (2.5, Data::isotropic(1.5, 1.0, 0.3));
    let cool = last(data.clone(), &[Stage::logistic(1.0, 0.1), Stage::logistic(0.6, 0.2).hard(TEACHER, 1.0, t)]);
    let soft = last(data, &[Stage::logistic(1.0, 0.1), Stage::logistic(0.6, 0.2 / (t * t)).soft(TEACHER, 1.0, t)]);
    close(t * cool.m, soft.m, 1e-7);
    close(t * cool.b, soft.b, 1e-7);
    close(t * t * cool.q, soft.q, 1e-7);
}

#[test]
fn hard_labels_are_the_limit_of_cold_soft_ones() {
    let data = Data { label_noise: 0.3, ..Data::isotropic(1.5, 0.5, 0.5) };
    let at =
        |t: f64| last(data.clone(), &[Stage::logistic(1.0, 1.0), Stage::logistic(1.0, 0.1).hard(TEACHER, 1.0, t)]).q;
    for (t, expected) in [(1e-2, 3.23426), (1e-3, 3.34157), (0.0, 3.35340)] {
        close(at(t), expected, 3e-6);
    }
}

#[test]
fn a_spectrum_of_one_variance_is_none() {
    let stages = [Stage::logistic(0.5, 0.1), Stage::logistic(0.75, 0.05).soft(TEACHER, 1.0, 1.0)];
    let with = |spectrum: Spectrum| last(Data { spectrum, ..Data::isotropic(2.0, 0.8, 0.3) }, &stages);
    let plain = with(Spectrum::Isotropic);
    let block = |fraction| Block { fraction, variance: 1.0 };
    let many = [
        Spectrum::Blocks(vec![block(0.3), block(0.7)]),
        Spectrum::Power { exponent: 0.0, signal: Signal::Flat },
        Spectrum::Table { variance: vec![0.8; 40], mean: vec![1.0; 40] },
    ];
    for spectrum in many {
        for (a, b) in observed(&with(spectrum)).into_iter().zip(observed(&plain)) {
            close(a, b, 1e-9);
        }
    }
    // a table of many features tends to the power law it samples
    let a = 0.4;
    let n = 4000;
    let edge = |i: usize| (i as f64 / n as f64).powf(1.0 - a);
    let variance: Vec<f64> = (0..n).map(|i| 0.8 * (edge(i + 1) - edge(i)) * n as f64).collect();
    let power = with(Spectrum::Power { exponent: a, signal: Signal::Flat });
    close(with(Spectrum::Table { variance, mean: vec![1.0; n] }).eg, power.eg, 2e-3);
}

#[test]
fn square_losses_have_their_closed_forms() {
    let (alpha, delta, rho, theta, eta, lambda) = (1.5, 0.7, 0.3, 0.1, 0.5, 0.2);
    let data = Data { label_noise: theta, ..Data::isotropic(alpha, delta, rho) };
    let found = last(data, &[Stage::logistic(eta, lambda).with_loss(Loss::Square)]);
    let (mu, t) = (2.0 * rho - 1.0, 1.0 - 2.0 * theta);
    let x = 1.0 - mu * mu;
    let linear = lambda + (alpha - eta) * delta;
    let v = (-linear + (linear * linear + 4.0 * lambda * eta * delta).sqrt()) / (2.0 * lambda);
    let nu = 1.0 / (1.0 + v);
    let r = alpha * nu * x * v / delta;
    let m = t * r / (1.0 + r);
    let noise = 1.0 - t * t * mu * mu + x * (m * m - 2.0 * t * m);
    let tau = alpha * v * v * nu * nu / eta;
    close(found.v, v, 1e-12);
    close(found.m, m, 1e-12);
    close(found.b, mu * (t - m), 1e-12);
    close(found.variance, (delta * m * m / eta + tau * noise) / (1.0 - tau), 1e-11);
}

#[test]
fn without_a_ridge_the_square_loss_has_its_cusp() {
    let (delta, rho, eta) = (1.0, 0.3, 0.5);
    let (mu, t) = (2.0 * rho - 1.0, 1.0);
    let x = 1.0 - mu * mu;
    for alpha in [0.2f64, 0.4, 0.6, 2.0] {
        let found = last(Data::isotropic(alpha, delta, rho), &[Stage::logistic(eta, 0.0).with_loss(Loss::Square)]);
        let r = alpha.min(eta) * x / delta;
        let m = t * r / (1.0 + r);
        let noise = 1.0 - t * t * mu * mu + x * (m * m - 2.0 * t * m);
        let variance = if alpha > eta {
            (alpha * delta * m * m / eta + eta * noise) / (alpha - eta)
        } else {
            (delta * m * m + alpha * noise) / (eta - alpha)
        };
        close(found.m, m, 1e-8);
        close(found.variance, variance, 1e-8);
        assert_eq!(found.v.is_infinite(), alpha < eta);
    }
}

#[test]
fn without_a_ridge_separable_labels_leave_the_widest_margin() {
    let mixture = Mixture { alpha: 1.2, eta: 0.5, delta: 1.0, rho: 0.2 };
    let limit = solved(&Lineage::direct(&mixture, 0.0, 0.0));
    let stage = &limit.stages[0];
    let margin = stage.margin.unwrap();
    assert!(stage.m.is_nan() && stage.q.is_nan() && stage.b.is_nan());
    // the direction of a small ridge tends to it, as 1/ln(1/λ)
    let near = |lambda: f64| {
        let found = last(Data::isotropic(1.2, 1.0, 0.2), &[Stage::logistic(0.5, lambda)]);
        (found.m / found.q.sqrt() - margin.m).abs()
    };
    assert!(near(1e-8) < 0.6 * near(1e-4), "{} {}", near(1e-8), near(1e-4));
    assert!(near(1e-8) < 0.03 && margin.margin > 0.0);
    // past separability there is a finite answer
    let finite = solved(&Lineage::direct(&Mixture { alpha: 3.0, ..mixture }, 0.0, 0.0));
    let ridge = solved(&Lineage::direct(&Mixture { alpha: 3.0, ..mixture }, 1e-9, 0.0));
    assert!(finite.stages[0].margin.is_none());
    close(finite.stages[0].q, ridge.stages[0].q, 1e-5);
}

#[test]
fn the_margin_closes_where_labels_stop_being_separable() {
    // α_S = 1.80356 at η = ½, Δ = 1, ρ = 0.2
    let margin = |alpha: f64| {
        solve(&Lineage::direct(&Mixture { alpha, eta: 0.5, delta: 1.0, rho: 0.2 }, 0.0, 0.0)).unwrap().stages[0].margin
    };
    assert!(margin(1.7).unwrap().margin < margin(1.5).unwrap().margin);
    assert!(margin(1.9).is_none());
}

/// The targets are ȳ + (1 − χ)(y − ȳ) where the teacher says ȳ of everything, and what is left of the loss is linear.
#[test]
fn labels_stretched_beyond_measure_leave_hebbs_rule_on_centred_ones() {
    let (alpha, rho) = (2.0, 0.2);
    let spread = rho * (1.0 - rho);
    let mute = Stage::logistic(1.0, 1e6);
    let off = |stretch: f64| {
        let stage = Stage::logistic(1.0, 0.4 * stretch).soft(TEACHER, 1.0 - stretch, 1.0);
        let found = last(Data::isotropic(alpha, 1.0, rho), &[mute, stage]);
        // w = Σ (y − ȳ) x/(√N c) with c = λ/(1 − χ)
        let (m, noise) = (alpha * 2.0 * spread / 0.4, alpha * spread / (0.4 * 0.4));
        [found.m / m - 1.0, found.q / (m * m + noise) - 1.0]
    };
    for (near, far) in off(100.0).into_iter().zip(off(10.0)) {
        assert!(near.abs() < 0.03 && (8.0..12.0).contains(&(far / near)), "{near} {far}");
    }
}

#[test]
fn a_source_far_to_one_side_gives_one_hard_label() {
    let data = Data::isotropic(2.7, 0.16, 0.11);
    let teacher = Stage::logistic(1.0, 5.0);
    let square = Stage::logistic(0.8, 0.01).with_loss(Loss::Square);
    // its samples are all told −1: a bias says that alone, and V is that of any square loss with these samples
    let student = last(data.clone(), &[teacher, square.hard(TEACHER, 1.0, 0.0)]);
    let direct = last(data.clone(), &[square]);
    assert_eq!([student.m, student.q, student.b, student.eg], [0.0, 0.0, -1.0, 0.11]);
    close(student.v, direct.v, 1e-9);
    // a few true labels among them are learned as if the rest were constant
    let mixed = last(data.clone(), &[teacher, square.hard(TEACHER, 0.75, 0.0)]);
    close(mixed.m, 0.25 * direct.m, 1e-7);
    close(mixed.b + 0.75, 0.25 * direct.b, 1e-7);
    // where no bias is the best, it is said
    for stage in [Stage::logistic(0.8, 0.01), Stage::logistic(0.8, 0.01).with_loss(Loss::Hinge)] {
        let refused = solve(&lineage(data.clone(), &[teacher, stage.hard(TEACHER, 1.0, 0.0)])).unwrap();
        assert!(refused.reason().is_some_and(|reason| reason.contains("one label to all samples")), "{refused:?}");
    }
}
