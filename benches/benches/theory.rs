//! Theory: a point with one field, a point with two, one proximal operator, one quadrature.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use redistill::model::{Loss, Target};
use redistill::numerics::quadrature::Resolution;
use redistill::theory::{proximal::proximal, solve, teacher::Logistic};
use redistill_benches::{mixture, theory_points};

fn points(c: &mut Criterion) {
    for (name, setting) in theory_points() {
        c.bench_function(&format!("theory/{name}"), |b| b.iter(|| solve(black_box(&setting)).expect("in the domain")));
    }
}

fn prox(c: &mut Criterion) {
    let (loss, label) = (Loss::hard(), Target::label(1.0, 0.0));
    for v in [1.0, 1e4] {
        c.bench_function(&format!("prox/V={v}"), |b| {
            b.iter(|| proximal(black_box(&loss), label, label, black_box(-0.7), black_box(v)));
        });
    }
}

fn quadrature(c: &mut Criterion) {
    let problem = Logistic { mixture: mixture(4.5).all_features(), lambda: 0.1, epsilon: 0.0 };
    let (overlaps, resolution) = (problem.cold_start(), Resolution { step: 0.25, cut: 8.25 });
    c.bench_function("quadrature/one field", |b| b.iter(|| problem.conjugates(black_box(&overlaps), resolution)));
}

criterion_group!(benches, points, prox, quadrature);
criterion_main!(benches);
