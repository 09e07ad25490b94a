//! Experiment: one fit, the five ridges of Figure 6 as one batch, and drawing the data.

use criterion::{Criterion, criterion_group, criterion_main};
use redistill::experiment::{DataSet, Protocol, Sampling, run_trials_on};
use redistill::model::Learner;
use redistill_benches::{FIGURE_6, mixture, teacher};

const PROTOCOL: Protocol = Protocol { n: 400, sampling: Sampling::Stratified, seed: 1 };

fn fits(c: &mut Criterion) {
    let mixture = mixture(4.5);
    let data = DataSet::draw(&mixture, 0, &PROTOCOL, &|| false).expect("two classes");
    let mut bench = |name: &str, learners: &[Learner]| {
        c.bench_function(name, |b| {
            b.iter(|| run_trials_on(&data, &mixture, learners, 0, &PROTOCOL, &|| false).expect("in the domain"));
        });
    };
    bench("fit/one", &[teacher(0.1)]);
    bench("fit/five ridges", &FIGURE_6.map(teacher));
}

fn draw(c: &mut Criterion) {
    let mixture = mixture(4.5);
    c.bench_function("data set", |b| b.iter(|| DataSet::draw(&mixture, 0, &PROTOCOL, &|| false).expect("two classes")));
}

criterion_group! { name = benches; config = Criterion::default().sample_size(20); targets = fits, draw }
criterion_main!(benches);
