//! Theory: a point with one field, a point with two, one proximal operator, one quadrature.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use redistill::model::{Loss, Target};
use redistill::numerics::quadrature::{Grading, Resolution, for_each_node};
use redistill::theory::{proximal::proximal, solve};
use redistill_benches::theory_points;

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
    let (grading, resolution) = (Grading { scale: 1.0, reach: 10.0 }, Resolution { step: 0.25, cut: 8.25 });
    c.bench_function("quadrature/gaussian", |b| {
        b.iter(|| {
            let mut sum = 0.0;
            for_each_node(
                |h| (h, 1.0),
                grading,
                black_box(resolution),
                0.0,
                |node| sum += node.weight * node.h * node.h,
            );
            sum
        });
    });
}

criterion_group!(benches, points, prox, quadrature);
criterion_main!(benches);
