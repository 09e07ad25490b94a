//! Power laws whose largest variances have no bound, held against integrals taken otherwise; and limits λ → 0 next to
//! where they end.

use redistill_core::model::Lineage;
use redistill_core::model::lineage::{Data, FixedTeacher, Loss, Signal, Source, Spectrum, Stage, TargetKind, Targets};
use redistill_core::theory::lineage::{StageSolution, Status, solve};

fn power(alpha: f64, exponent: f64, signal: Signal) -> Data {
    Data { label_noise: 0.1, spectrum: Spectrum::Power { exponent, signal }, ..Data::isotropic(alpha, 1.0, 0.3) }
}

fn only(data: Data, stage: Stage) -> StageSolution {
    solve(&Lineage { data, stages: vec![stage] }).unwrap().stages.remove(0)
}

/// ∫₀¹ f(Δ(u)) du by the trapezoidal rule in −ln u = ln(1 + eˣ), which has no ends.
fn over_features(exponent: f64, f: impl Fn(f64) -> f64) -> f64 {
    let step = 0.02;
    let places = (-2000..10_000).map(|i| step * f64::from(i));
    let sum: f64 = places
        .map(|x| {
            let u = 1.0 / (1.0 + x.exp());
            f((1.0 - exponent) * u.powf(-exponent)) * u * (1.0 - u)
        })
        .sum();
    step * sum
}

#[test]
fn a_ridge_however_heavy_meets_every_variance_of_a_power_law() {
    for (exponent, lambda) in [(0.3, 1e-3), (0.6, 1.0), (0.6, 1e4), (0.8, 10.0), (0.8, 1e4), (0.95, 0.1), (0.95, 1.0)] {
        for signal in [Signal::Flat, Signal::Aligned] {
            let stage = Stage { loss: Loss::Square, ..Stage::logistic(1.0, lambda) };
            let found = only(power(0.01, exponent, signal), stage);
            let along = |variance: f64| if signal == Signal::Flat { 1.0 } else { variance };
            let weight = |variance: f64| 1.0 / (lambda + found.kappa * variance);
            let (m_hat, q_hat) = (found.m_hat, found.q_hat[0]);
            let expected = [
                over_features(exponent, |variance| along(variance) * m_hat * weight(variance)),
                over_features(exponent, |variance| {
                    variance * weight(variance).powi(2) * (along(variance) * m_hat * m_hat + variance * q_hat)
                }),
                over_features(exponent, |variance| variance * weight(variance)),
            ];
            for (value, expected) in [found.m, found.variance, found.v].into_iter().zip(expected) {
                let apart = (value / expected - 1.0).abs();
                assert!(apart < 1e-8, "a = {exponent}, λ = {lambda}, {signal:?}: {value} for {expected}");
            }
        }
    }
}

#[test]
fn hebbs_rule_has_its_closed_form_up_to_where_its_variance_diverges() {
    let stage = Stage { loss: Loss::Linear, bias: Some(0.0), ..Stage::logistic(1.0, 2.0) };
    for exponent in [0.2, 0.4, 0.49, 0.499] {
        let data = Data { rho: 0.5, label_noise: 0.0, ..power(2.0, exponent, Signal::Flat) };
        let found = only(data, stage);
        // w = (1/λ) Σ y x: m = α/λ, and noise of α/λ² in every feature, times its variance
        let expected = 1.0 + 0.5 * (1.0 - exponent).powi(2) / (1.0 - 2.0 * exponent);
        assert!((found.variance / expected - 1.0).abs() < 1e-10, "a = {exponent}: {} for {expected}", found.variance);
        assert_eq!(found.status, Status::Converged);
    }
    let teacher = Source::Teacher(FixedTeacher { m: 1.0, q: 1.5, b: 0.0, variance: None });
    let targets = Targets { source: teacher, kind: TargetKind::Soft, chi: 1.0, temperature: 1.0 };
    let student = Stage { targets: Some(targets), ..Stage::logistic(1.0, 0.1) };
    for (stage, signal) in [(stage, Signal::Flat), (stage, Signal::Aligned), (student, Signal::Aligned)] {
        let found = only(power(2.0, 0.6, signal), stage);
        let reason = found.reason.unwrap_or_default();
        assert!(found.status == Status::NotConverged && reason.contains("no limit as N → ∞"), "{reason}");
    }
    assert_eq!(only(power(2.0, 0.6, Signal::Flat), student).status, Status::Converged);
}

#[test]
fn the_ridgeless_limit_holds_up_to_where_weights_grow_without_bound() {
    // Q = (Δ m² + α var)/(η − α)
    let square = Stage { loss: Loss::Square, ..Stage::logistic(1.0, 0.0) };
    let scaled = |room: f64| room * only(Data::isotropic(1.0 - room, 1.3, 0.3), square).variance;
    for room in [1e-3, 1e-4, 1e-5, 1e-6] {
        let apart = scaled(room) / scaled(0.1 * room) - 1.0;
        assert!(apart.abs() < 20.0 * room, "1 − α = {room}: {apart}");
    }
    // and where no ridge is small enough for a smoothed label, that is said
    let smoothed = Stage { smoothing: 0.2, ..Stage::logistic(1.0, 0.0) };
    for alpha in [0.5, 0.9, 0.99, 0.999, 0.9999] {
        let data = Data { label_noise: 0.1, ..Data::isotropic(alpha, 1.0, 0.3) };
        let found = only(data.clone(), smoothed);
        // no error is told that a ridge near to none contradicts
        let lambda = (1e-9 * (1.0 - alpha)).max(1e-12);
        let near = only(data, Stage { lambda, ..smoothed });
        let apart = (found.variance / near.variance - 1.0).abs();
        let allowed = found.error + near.error + 40.0 * lambda / (1.0 - alpha).powi(2);
        assert!(found.status == Status::NotConverged || apart < allowed, "α = {alpha}: {apart} where {allowed}");
        assert!(alpha > 0.95 || found.status == Status::Converged);
    }
}
