//! How many random lineages of every kind of loss, target, spectrum and data set are certified.
//!
//! `cargo run --release -p redistill-core --example general -- [lineages] [seed] [stages at most]`

use std::time::Instant;

use redistill_core::model::Lineage;
use redistill_core::model::lineage::{Block, Data, Loss, Signal, Source, Spectrum, Stage};
use redistill_core::theory::lineage::{Status, solve};

struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn between(&mut self, lo: f64, hi: f64) -> f64 {
        lo + (hi - lo) * self.uniform()
    }

    fn log(&mut self, lo: f64, hi: f64) -> f64 {
        self.between(lo.ln(), hi.ln()).exp()
    }

    fn of(&mut self, n: usize) -> usize {
        (self.uniform() * n as f64) as usize
    }
}

fn random_stage(random: &mut Random, k: usize, sets: usize) -> Stage {
    let features = [1.0, 0.75, 0.5, 0.25][random.of(4)];
    let mut stage = Stage::logistic(features, random.log(1e-3, 2.0)).on(1 + random.of(sets));
    stage.loss = [Loss::Logistic, Loss::Logistic, Loss::Logistic, Loss::Square, Loss::Hinge][random.of(5)];
    if k > 0 && random.uniform() < 0.85 {
        let source = Source::Stage(1 + random.of(k));
        let chi = if random.uniform() < 0.6 { 1.0 } else { random.uniform() };
        stage = match (stage.loss, random.of(3)) {
            (Loss::Hinge, _) => stage.hard(source, 1.0, 0.0),
            (Loss::Square, 0) => stage.hard(source, chi, 0.0),
            (Loss::Square, _) => stage.soft(source, chi, 1.0),
            (_, 0) => stage.hard(source, chi, if random.uniform() < 0.5 { 0.0 } else { random.log(0.1, 3.0) }),
            (_, _) => stage.soft(source, chi, random.log(0.5, 5.0)),
        };
    }
    stage
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize, usual: u64| arguments.get(i).map_or(usual, |text| text.parse().expect("a number"));
    let (count, most) = (number(0, 300), number(2, 3) as usize);
    let mut random = Random(number(1, 1));
    let (mut times, mut certified) = (Vec::new(), 0);
    for i in 0..count {
        let sets = 1 + random.of(3);
        let spectrum = match random.of(5) {
            0 => Spectrum::Power {
                exponent: random.between(0.1, 0.8),
                signal: [Signal::Flat, Signal::Aligned][random.of(2)],
            },
            1 => Spectrum::Blocks(vec![Block { fraction: 0.5, variance: 0.3 }, Block { fraction: 0.5, variance: 1.7 }]),
            _ => Spectrum::Isotropic,
        };
        let data = Data {
            alpha: (0..sets).map(|_| random.log(0.3, 8.0)).collect(),
            delta: random.log(0.3, 3.0),
            rho: random.between(0.1, 0.9),
            label_noise: if random.uniform() < 0.5 { 0.0 } else { random.between(0.0, 0.4) },
            spectrum,
        };
        let stages = 1 + random.of(most);
        let lineage = Lineage { stages: (0..stages).map(|k| random_stage(&mut random, k, sets)).collect(), data };
        let start = Instant::now();
        let solution = solve(&lineage).expect("a valid lineage");
        let time = start.elapsed().as_secs_f64() * 1e3;
        times.push(time);
        if solution.status() == Status::Converged {
            certified += 1;
        } else {
            println!("#{i} {time:.0} ms {} {:?}\n    {lineage:?}", solution.sweeps, solution.reason());
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("{certified} of {count} certified");
    println!("ms: median {:.2}, 90 % {:.2}, 99 % {:.2}, largest {:.1}", at(0.5), at(0.9), at(0.99), at(1.0));
}
