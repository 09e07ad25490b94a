//! Relations between the stages of a lineage: stationarity, twins, and two square losses in closed form.

use redistill_core::model::Lineage;
use redistill_core::model::lineage::{Block, Data, Loss, Signal, Source, Spectrum, Stage};
use redistill_core::theory::lineage::{LineageSolution, Status, solve};

const FIRST: Source = Source::Stage(1);
const SECOND: Source = Source::Stage(2);

fn solved(data: &Data, stages: &[Stage]) -> LineageSolution {
    let lineage = Lineage { data: data.clone(), stages: stages.to_vec() };
    let solution = solve(&lineage).unwrap();
    assert_eq!(solution.status(), Status::Converged, "{:?} of {lineage:?}", solution.reason());
    solution
}

/// α E[g_k h_j] on the data set of stage k by Gaussian integration by parts, with a trained bias:
/// m_j m̂_k + Σ_l Q_jl α E[dg_k/dω_l] + Σ_l V_jl q̂_kl.
fn work(solution: &LineageSolution, k: usize, j: usize) -> f64 {
    let stages = &solution.stages;
    let q = |a: usize, b: usize| stages[a.max(b)].overlaps[a.min(b)];
    let along: f64 = (0..k).map(|l| q(j, l) * stages[k].c[l]).sum();
    let remembered: f64 = (0..=j).map(|l| stages[j].susceptibilities[l] * stages[k].q_hat[l]).sum();
    stages[j].m * stages[k].m_hat + along - q(j, k) * stages[k].kappa + remembered
}

#[test]
fn stationarity_ties_the_weights_of_any_two_stages() {
    // λ_k q_kj = α E[g_k h_j] for every j ≤ k on a part of the features of k
    let logistic = Stage::logistic;
    let hinge = logistic(0.75, 0.3).with_loss(Loss::Hinge);
    let square = logistic(0.5, 0.2).with_loss(Loss::Square);
    let power = Spectrum::Power { exponent: 0.5, signal: Signal::Aligned };
    let blocks =
        Spectrum::Blocks(vec![Block { fraction: 0.4, variance: 1.5 }, Block { fraction: 0.6, variance: 2.0 / 3.0 }]);
    let both = vec![1.5, 2.0];
    let lineages: [(Data, Vec<Stage>); 5] = [
        // a student with more features than its teacher, and one more
        (
            Data { label_noise: 0.1, ..Data::isotropic(2.0, 1.0, 0.3) },
            vec![
                logistic(0.5, 0.1),
                logistic(0.5, 0.2).soft(FIRST, 0.6, 2.0),
                logistic(0.8, 0.05).soft(SECOND, 1.0, 1.0),
            ],
        ),
        // the third stage remembers the first data set through the second
        (
            Data { alpha: both.clone(), ..Data::isotropic(1.0, 0.5, 0.4) },
            vec![
                logistic(0.5, 0.02),
                logistic(0.75, 0.1).soft(FIRST, 1.0, 1.0).on(2),
                logistic(1.0, 0.05).soft(SECOND, 0.8, 1.5),
            ],
        ),
        // hard labels, whose response jumps, on features of many variances
        (
            Data { spectrum: power, label_noise: 0.1, ..Data::isotropic(1.5, 1.0, 0.4) },
            vec![logistic(0.6, 0.3), logistic(0.9, 0.2).hard(FIRST, 0.7, 0.0)],
        ),
        // other losses
        (
            Data { spectrum: blocks, ..Data::isotropic(2.0, 0.8, 0.45) },
            vec![square, hinge.hard(FIRST, 1.0, 0.0), logistic(1.0, 0.1).soft(SECOND, 1.0, 2.0)],
        ),
        (
            Data { alpha: both, ..Data::isotropic(1.0, 1.0, 0.35) },
            vec![
                square,
                square.soft(FIRST, 0.5, 1.0).on(2),
                Stage { features: 0.9, ..square }.soft(SECOND, 0.9, 1.0),
                Stage { features: 1.0, ..square }.soft(Source::Stage(3), 0.9, 1.0).on(2),
            ],
        ),
    ];
    for (data, stages) in lineages {
        let solution = solved(&data, &stages);
        for (k, stage) in stages.iter().enumerate() {
            for j in (0..=k).filter(|&j| stages[j].features <= stage.features) {
                let plain = if j == k { solution.stages[k].q } else { solution.stages[k].s[j] };
                let (left, right) = (stage.lambda * plain, work(&solution, k, j));
                assert!(
                    (left - right).abs() <= 3e-6 * left.abs(),
                    "stages {k} and {j} of {stages:?}: {left} and {right}"
                );
            }
        }
    }
}

#[test]
fn twins_are_one() {
    // two students of one teacher on the same samples have the same weights, so their field is one
    let data = Data::isotropic(2.0, 1.0, 0.3);
    let student = Stage::logistic(0.6, 0.1).soft(FIRST, 0.8, 1.5);
    let solution = solved(&data, &[Stage::logistic(1.0, 0.1), student, student]);
    let [teacher, one, other] = &solution.stages[..] else { panic!("three stages") };
    for (a, b) in [
        (other.variance, one.variance),
        (other.overlaps[1], one.variance),
        (other.s[1], one.q),
        (other.s[0], one.s[0]),
        (other.m, one.m),
        (other.b, one.b),
        (other.v, one.v),
        (other.susceptibilities[0], one.susceptibilities[0]),
    ] {
        assert!((a - b).abs() <= 1e-6 * b.abs(), "{a} and {b}");
    }
    // neither learned from the other
    assert!(other.c[1].abs() < 1e-6 && other.susceptibilities[1].abs() < 1e-6);
    assert!((teacher.q - one.q).abs() > 0.1 * one.q);
}

#[test]
fn two_square_losses_have_their_closed_form() {
    let (alpha, delta, rho, theta, chi): (f64, f64, f64, f64, f64) = (1.4, 0.7, 0.3, 0.1, 0.6);
    let ([eta1, eta2], [lambda1, lambda2]) = ([0.9, 0.5], [0.3, 0.05]);
    let square = |eta, lambda| Stage::logistic(eta, lambda).with_loss(Loss::Square);
    let data = Data { label_noise: theta, ..Data::isotropic(alpha, delta, rho) };
    let solution = solved(&data, &[square(eta1, lambda1), square(eta2, lambda2).soft(FIRST, chi, 1.0)]);
    let (mu, t) = (2.0 * rho - 1.0, 1.0 - 2.0 * theta);
    let x = 1.0 - mu * mu;
    let susceptibility = |eta: f64, lambda: f64| {
        let linear = lambda + (alpha - eta) * delta;
        (-linear + (linear * linear + 4.0 * lambda * eta * delta).sqrt()) / (2.0 * lambda)
    };
    let (v1, v2) = (susceptibility(eta1, lambda1), susceptibility(eta2, lambda2));
    let (nu1, nu2) = (1.0 / (1.0 + v1), 1.0 / (1.0 + v2));
    let (r1, r2) = (1.0 / (lambda1 + alpha * nu1 * delta), 1.0 / (lambda2 + alpha * nu2 * delta));
    let eta12 = eta1.min(eta2);
    // the teacher
    let r = alpha * nu1 * x * v1 / delta;
    let m1 = t * r / (1.0 + r);
    let b1 = mu * (t - m1);
    let tau1 = alpha * v1 * v1 * nu1 * nu1 / eta1;
    let noise = 1.0 - t * t * mu * mu + x * (m1 * m1 - 2.0 * t * m1);
    let q11 = (delta * m1 * m1 / eta1 + tau1 * noise) / (1.0 - tau1);
    // the student
    let z = eta12 * delta * delta * alpha * nu1 * nu2 * r1 * r2;
    let v21 = chi * z / (1.0 - z);
    let d21 = nu1 * nu2 * (chi + v21);
    let r21 = r1 * r2 * delta * alpha * d21;
    let (a1, a2) = (nu1, nu2 * (1.0 - chi + nu1 * (chi * v1 - v21)));
    let m1_hat = alpha * nu1 * x * (t - m1);
    let m2 = (eta2 * r2 * alpha * x * (t * a2 + d21 * m1) + eta12 * r21 * m1_hat) / (1.0 + eta2 * r2 * alpha * x * nu2);
    let m2_hat = alpha * x * (t * a2 + d21 * m1 - nu2 * m2);
    let b2 = (a2 * t * mu + d21 * (m1 * mu + b1)) / nu2 - m2 * mu;
    let (d1, d2) = (-nu1 * m1, d21 * m1 - nu2 * m2);
    let s = |ak: f64, dk: f64, aj: f64, dj: f64| {
        ak * aj * (1.0 - t * t * mu * mu) + (ak * dj + dk * aj) * t * x + dk * dj * x
    };
    let (s11, s21, s22) = (s(a1, d1, a1, d1), s(a2, d2, a1, d1), s(a2, d2, a2, d2));
    let q11_hat = alpha * (s11 + nu1 * nu1 * q11);
    let (u, w) = (r2 * m2_hat + r21 * m1_hat, r2 * m2_hat);
    let own = delta * r2 * alpha * (s21 - nu1 * d21 * q11);
    let q21 = delta * eta12 * r1 * (u * m1_hat + delta * r21 * q11_hat + own) / (1.0 - z);
    let q21_hat = alpha * (s21 - nu1 * (d21 * q11 - nu2 * q21));
    let tau2 = alpha * eta2 * delta * delta * r2 * r2;
    let q22 = (delta * (eta12 * u * u + (eta2 - eta12) * w * w)
        + delta * delta * eta12 * (2.0 * r2 * r21 * q21_hat + r21 * r21 * q11_hat)
        + tau2 * (s22 + d21 * d21 * q11 - 2.0 * nu2 * d21 * q21))
        / (1.0 - tau2 * nu2 * nu2);
    let [teacher, student] = &solution.stages[..] else { panic!("two stages") };
    for (name, found, expected) in [
        ("Q11", teacher.variance, q11),
        ("V21", student.susceptibilities[0], v21),
        ("c21", student.c[0], alpha * d21),
        ("m2", student.m, m2),
        ("b2", student.b, b2),
        ("Q21", student.overlaps[0], q21),
        ("Q22", student.variance, q22),
    ] {
        assert!((found - expected).abs() <= 1e-11 * expected.abs(), "{name}: {found}, {expected} in closed form");
    }
}
