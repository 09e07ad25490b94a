//! How many random settings of the five learners are certified, and what a point costs.
//!
//! `cargo run --release -p redistill-core --example survey -- [settings] [seed] [wide|usual] [old]`

use std::time::Instant;

use redistill_core::model::{Lineage, Mixture};
use redistill_core::theory::lineage::{Status, solve};

/// A generator good enough to spread settings (splitmix64).
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
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let count: usize = arguments.first().map_or(1000, |text| text.parse().expect("a number of settings"));
    let seed: u64 = arguments.get(1).map_or(1, |text| text.parse().expect("a seed"));
    let usual = arguments.iter().any(|text| text == "usual");
    let mut random = Random(seed);
    let mut times = Vec::new();
    let mut certified = 0;
    let mut by_kind = [(0, 0); 5];
    for i in 0..count {
        let rho = if usual { random.between(0.1, 0.9) } else { random.between(0.01, 0.99) };
        let (alpha, delta) = match usual {
            true => (random.log(0.1, 20.0), random.log(0.3, 5.0)),
            false => (random.log(0.02, 50.0), random.log(0.02, 20.0)),
        };
        let ridge = |random: &mut Random| if usual { random.log(1e-6, 10.0) } else { random.log(1e-8, 1e3) };
        let mixture = Mixture { alpha, eta: random.between(0.05, 1.0), delta, rho };
        let (teacher, lambda) = (ridge(&mut random), ridge(&mut random));
        let smoothing = if random.uniform() < 0.5 { 0.0 } else { random.between(0.0, 0.49) };
        let chi = match random.uniform() {
            x if x < 0.4 => 1.0,
            _ => random.uniform(),
        };
        let t = if random.uniform() < 0.3 { 1.0 } else { random.log(0.2, 20.0) };
        let kind = i % 5;
        let lineage = match kind {
            0 => Lineage::teacher(&mixture, teacher, smoothing),
            1 => Lineage::direct(&mixture, lambda, smoothing),
            2 => Lineage::distilled(&mixture, teacher, smoothing, lambda, chi, t),
            3 => Lineage::kd_bayes(&mixture, redistill_core::model::ProxyVariance::Derived, lambda, chi, t),
            _ => Lineage::kd_hebbian(&mixture, lambda, chi, t),
        };
        if arguments.iter().any(|text| text.starts_with('#')) && !arguments.contains(&format!("#{i}")) {
            continue;
        }
        let start = Instant::now();
        let solution = solve(&lineage).expect("a valid setting");
        let time = start.elapsed().as_secs_f64() * 1e3;
        times.push(time);
        by_kind[kind].1 += 1;
        if solution.status() == Status::Converged {
            certified += 1;
            by_kind[kind].0 += 1;
        }
        if solution.status() != Status::Converged || time > 300.0 {
            println!(
                "#{i} kind {kind} a={alpha:.4e} eta={:.3} D={delta:.4e} r={rho:.4} lt={teacher:.2e} eps={smoothing:.3} l={lambda:.2e} chi={chi:.3} T={t:.3}: {time:.1} ms, {} sweeps, {:?}",
                mixture.eta,
                solution.sweeps,
                solution.reason()
            );
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("{certified} of {count} certified {by_kind:?}");
    println!("ms: median {:.2}, 90 % {:.2}, 99 % {:.2}, largest {:.1}", at(0.5), at(0.9), at(0.99), at(1.0));
}
