//! The hinge loss where classes are unequal, and where a vanishing ridge leaves the widest margin.

use redistill_core::experiment::lineage::run;
use redistill_core::experiment::{Protocol, Sampling};
use redistill_core::model::Lineage;
use redistill_core::model::lineage::{Data, FixedTeacher, Loss, Source, Stage};
use redistill_core::theory::lineage::{StageSolution, Status, solve};

fn hinge(alpha: f64, delta: f64, rho: f64, lambda: f64) -> Lineage {
    let stage = Stage::logistic(1.0, lambda).with_loss(Loss::Hinge);
    Lineage { data: Data::isotropic(alpha, delta, rho), stages: vec![stage] }
}

#[test]
fn between_classes_too_alike_the_hinge_loss_leaves_no_weights() {
    // |w| falls to 0 at a finite variance, whatever the ridge
    let at = |delta: f64, lambda: f64| {
        let solution = solve(&hinge(20.0, delta, 0.3, lambda)).unwrap();
        assert_eq!(solution.status(), Status::Converged, "Δ = {delta}: {:?}", solution.reason());
        solution.stages[0].clone()
    };
    let (near, nearer) = (at(6.0, 0.1), at(7.5, 0.1));
    assert!(nearer.q < 0.5 * near.q && nearer.q > 0.0, "{} {}", near.q, nearer.q);
    for (delta, lambda) in [(9.0, 0.1), (15.0, 0.1), (15.0, 1e-4), (15.0, 10.0)] {
        let none = at(delta, lambda);
        assert_eq!([none.m, none.q, none.variance, none.b, none.eg], [0.0, 0.0, 0.0, -1.0, 0.3]);
        // all of the smaller class are wrong by 2
        assert!((none.samples.train_loss - 0.6).abs() < 1e-5, "{}", none.samples.train_loss);
    }
    let protocol = Protocol { n: 100, sampling: Sampling::Stratified, seed: 3 };
    let trial = run(&hinge(20.0, 15.0, 0.3, 0.1), 0, &protocol, &|| false).unwrap();
    let measured = trial.stages[0].measured.clone().expect("a converged fit");
    assert!(measured.q < 1e-12 && (measured.b + 1.0).abs() < 1e-6, "{} {}", measured.q, measured.b);
}

#[test]
fn a_source_without_weights_teaches_as_a_constant_does() {
    let constant = FixedTeacher { m: 0.0, q: 1e-9, b: -1.0, variance: None };
    let student = |from: Source, kind: usize| {
        let of = |loss: Loss| Stage::logistic(1.0, 0.1).with_loss(loss);
        match kind {
            0 => of(Loss::Logistic).soft(from, 0.5, 2.0),
            1 => of(Loss::Logistic).hard(from, 0.5, 0.0),
            2 => of(Loss::Logistic).hard(from, 0.9, 0.5),
            3 => of(Loss::Square).soft(from, 0.3, 1.0),
            _ => of(Loss::Square).hard(from, 0.7, 0.0),
        }
    };
    for kind in 0..5 {
        let mut behind = hinge(20.0, 15.0, 0.3, 0.1);
        let beside = Lineage { data: behind.data.clone(), stages: vec![student(Source::Teacher(constant), kind)] };
        behind.stages.push(student(Source::Stage(1), kind));
        let [behind, beside] = [&behind, &beside].map(|lineage| solve(lineage).unwrap());
        assert_eq!([behind.status(), beside.status()], [Status::Converged; 2], "{kind}: {:?}", behind.reason());
        let [a, b] = [behind.stages.last().unwrap(), &beside.stages[0]];
        for (a, b) in [(a.m, b.m), (a.q, b.q), (a.b, b.b), (a.eg, b.eg), (a.samples.train_loss, b.samples.train_loss)] {
            assert!((a - b).abs() <= 5e-6 * b.abs().max(1e-2), "{kind}: {a} {b}");
        }
        assert_eq!(a.s, [0.0], "{kind}");
    }
}

#[test]
fn what_only_a_source_without_weights_says_leaves_none() {
    for student in [
        Stage::logistic(1.0, 0.1).soft(Source::Stage(1), 1.0, 2.0),
        Stage::logistic(1.0, 0.1).with_loss(Loss::Square).soft(Source::Stage(1), 1.0, 1.0),
    ] {
        for noise in [0.0, 0.1, 0.2] {
            let mut lineage = hinge(20.0, 15.0, 0.3, 0.1);
            lineage.data.label_noise = noise;
            lineage.stages.push(student);
            let solution = solve(&lineage).unwrap();
            assert_eq!(solution.status(), Status::Converged, "{:?}", solution.reason());
            let told = &solution.stages[1];
            assert_eq!([told.m, told.q, told.eg], [0.0, 0.0, 0.3]);
            assert!((told.b + 1.0).abs() < 1e-9, "{}", told.b);
        }
    }
}

#[test]
fn the_margin_is_told_up_to_separability() {
    // α_S = 4.84904 at Δ = 1, ρ = 0.2: the margin closes there, as α_S − α
    let margin = |alpha: f64| {
        let lineage = Lineage { data: Data::isotropic(alpha, 1.0, 0.2), stages: vec![Stage::logistic(1.0, 0.0)] };
        let solution = solve(&lineage).unwrap();
        assert_eq!(solution.status(), Status::Converged, "α = {alpha}: {:?}", solution.reason());
        solution.stages[0].margin.expect("separable labels").margin
    };
    let (far, near) = (margin(4.8), margin(4.84));
    let expected = (4.84904 - 4.8) / (4.84904 - 4.84);
    assert!((far / near / expected - 1.0).abs() < 0.02, "{far} {near}");
    assert!(margin(4.848) < near);
}

#[test]
fn equal_classes_that_all_miss_the_margin_leave_the_bias_in_the_middle() {
    // every sample pulls with ±1 whatever b, up to |b| ≈ 1: m = α/λ, Q = Δ (m² + α Δ/λ²)
    for (alpha, delta, lambda) in [(2.0, 0.05, 100.0), (0.3, 0.2, 30.0), (3.0, 1.0, 300.0)] {
        let solution = solve(&hinge(alpha, delta, 0.5, lambda)).unwrap();
        assert_eq!(solution.status(), Status::Converged, "α = {alpha}: {:?}", solution.reason());
        let told = &solution.stages[0];
        let m = alpha / lambda;
        let variance = delta * (m * m + alpha * delta / (lambda * lambda));
        for (told, expected) in [(told.m, m), (told.variance, variance)] {
            assert!((told / expected - 1.0).abs() < 1e-9, "α = {alpha}: {told} {expected}");
        }
        assert!(told.b.abs() < 1e-9, "{}", told.b);
    }
}

#[test]
fn a_ridge_that_outweighs_the_data_leaves_few_samples_at_the_margin() {
    // all of the smaller class pull; of the larger, whose Gaussian of width √Q ≪ 1 the bias puts at the margin, as much
    // as balances them: m and √Q go as 1/λ, and of E[g²] no digit is lost
    let at = |rho: f64, lambda: f64| solve(&hinge(2.0, 1.0, rho, lambda)).unwrap().stages[0].clone();
    for rho in [0.2, 0.4, 0.5] {
        let [near, far] = [1e3, 1e6].map(|lambda| at(rho, lambda));
        assert_eq!([near.status, far.status], [Status::Converged; 2], "{:?}", far.reason);
        for (near, far, power) in [(near.m, far.m, 1), (near.variance, far.variance, 2), (near.v, far.v, 1)] {
            assert!((far * 1e3f64.powi(power) / near - 1.0).abs() < 1e-8, "ρ = {rho}: {near} {far}");
        }
    }
}

#[test]
fn equal_classes_of_hard_labels_leave_the_bias_at_zero() {
    // the teacher's labels are as many of each sign and every sample pulls: λw is a sum over them that knows no ridge
    let at = |lambda: f64| {
        let mut lineage = Lineage { data: Data::isotropic(2.0, 0.05, 0.5), stages: vec![Stage::logistic(1.0, 0.1)] };
        let student = Stage::logistic(1.0, lambda).with_loss(Loss::Hinge);
        lineage.stages.push(student.hard(Source::Stage(1), 1.0, 0.0));
        let solution = solve(&lineage).unwrap();
        assert_eq!(solution.status(), Status::Converged, "λ = {lambda}: {:?}", solution.reason());
        let StageSolution { b, m, variance, v, eg, .. } = solution.stages[1].clone();
        assert_eq!(b, 0.0);
        [m * lambda, variance * lambda * lambda, v * lambda, eg]
    };
    for (near, far) in at(20.0).into_iter().zip(at(1e4)) {
        assert!((far / near - 1.0).abs() < 1e-7, "{near} {far}");
    }
}

#[test]
fn a_teacher_that_has_learned_every_label_teaches_the_labels() {
    // without a ridge it gives each of its samples the label that it was told, noise and all
    for teacher in [Loss::Square, Loss::Logistic] {
        for student in [Loss::Square, Loss::Logistic, Loss::Hinge] {
            let stage = |features: f64, lambda: f64, loss: Loss| Stage::logistic(features, lambda).with_loss(loss);
            let mut data = Data::isotropic(0.6, 1.0, 0.3);
            data.label_noise = 0.1;
            let learner = stage(0.5, 0.1, student);
            let taught = vec![stage(1.0, 0.0, teacher), learner.hard(Source::Stage(1), 1.0, 0.0)];
            let [taught, direct] = [taught, vec![learner]].map(|stages| {
                let solution = solve(&Lineage { data: data.clone(), stages }).unwrap();
                assert_eq!(solution.status(), Status::Converged, "{teacher:?} {student:?}: {:?}", solution.reason());
                solution.stages.last().unwrap().clone()
            });
            for (a, b) in [(taught.m, direct.m), (taught.q, direct.q), (taught.b, direct.b)] {
                assert!((a / b - 1.0).abs() < 1e-6, "{teacher:?} {student:?}: {a} {b}");
            }
        }
    }
}

#[test]
fn hard_labels_of_a_weaker_learner_are_separated_by_a_margin() {
    let mut lineage = Lineage { data: Data::isotropic(3.0, 1.0, 0.5), stages: vec![Stage::logistic(1.0, 0.1)] };
    lineage.stages.push(Stage::logistic(1.0, 0.0).hard(Source::Stage(1), 1.0, 0.0));
    let solution = solve(&lineage).unwrap();
    assert_eq!(solution.status(), Status::Converged, "{:?}", solution.reason());
    let limit = solution.stages[1].margin.expect("labels that a learner of the same features can give");
    // a hinge loss at a small ridge, solved by itself
    lineage.stages[1] = Stage { loss: Loss::Hinge, lambda: 1e-7, ..lineage.stages[1] };
    let near = solve(&lineage).unwrap().stages[1].clone();
    assert!((limit.margin * near.q.sqrt() - 1.0).abs() < 1e-6, "{} {}", limit.margin, 1.0 / near.q.sqrt());
    assert!((solution.stages[1].eg / near.eg - 1.0).abs() < 1e-6);
}
