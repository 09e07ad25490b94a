//! Theory: a point with one field, a point with two, a point below separability, and two at the edge of it.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use redistill::model::Lineage;
use redistill::theory::lineage::solve;
use redistill_benches::{mixture, theory_points};

fn points(c: &mut Criterion) {
    for (name, lineage) in theory_points() {
        c.bench_function(&format!("theory/{name}"), |b| b.iter(|| solve(black_box(&lineage)).expect("in the domain")));
    }
}

fn hard_points(c: &mut Criterion) {
    for alpha in [1.75, 4.75] {
        let lineage = Lineage::distilled(&mixture(alpha), 1e-5, 0.0, 1e-5, 1.0, 1.0);
        c.bench_function(&format!("theory/near separability, α = {alpha}"), |b| {
            b.iter(|| solve(black_box(&lineage)).expect("in the domain"));
        });
    }
}

criterion_group!(benches, points, hard_points);
criterion_main!(benches);
