//! Experiment: one fit, the five ridges of Figure 6 as one batch, and drawing the data.

use criterion::{Criterion, criterion_group, criterion_main};
use redistill::experiment::lineage::{LineageData, run_all_on};
use redistill::experiment::{Protocol, Sampling};
use redistill::model::lineage::{Data, Stage};
use redistill_benches::FIGURE_6;

const PROTOCOL: Protocol = Protocol { n: 400, sampling: Sampling::Stratified, seed: 1 };

fn drawn() -> LineageData {
    LineageData::draw(&Data::isotropic(4.5, 1.0, 0.2), 0, &PROTOCOL, &|| false).expect("two classes")
}

fn fits(c: &mut Criterion) {
    let data = drawn();
    let mut bench = |name: &str, ridges: &[f64]| {
        let lineages: Vec<[Stage; 1]> = ridges.iter().map(|&ridge| [Stage::logistic(1.0, ridge)]).collect();
        let stages: Vec<&[Stage]> = lineages.iter().map(|stages| &stages[..]).collect();
        c.bench_function(name, |b| b.iter(|| run_all_on(&data, &stages, &|| false).expect("in the domain")));
    };
    bench("fit/one", &[0.1]);
    bench("fit/five ridges", &FIGURE_6);
}

fn draw(c: &mut Criterion) {
    c.bench_function("data set", |b| b.iter(drawn));
}

criterion_group! { name = benches; config = Criterion::default().sample_size(20); targets = fits, draw }
criterion_main!(benches);
