//! A student whose source stands so far to one side of 0 that its soft targets are one class to the last digit: its
//! weights are 0 to the last digit too, and all it learns is a bias.
//!
//! With w = 0 and V = (1/N) Σ Δ_i/λ what is left is E[g] = 0. Samples whose source is above b pull it up, so weakly that
//! they stay at h = b, and those whose source is below pull it down. Either may be as small as e^{−3000}, so that both
//! are held as logarithms:
//!
//! ```text
//! ln E[(σ(h_src/T) − σ(b/T))₊] = ln E[(σ(h/T) − σ(h_src/T))₊],      h = b − (V/T) (σ(h/T) − σ(h_src/T))
//! ```

use crate::model::softplus;
use crate::numerics::root;

use super::cavity::Law;
use super::chain::{Chain, Layout};
use super::outcome::NOTHING;
use super::recursion::Problem;
use super::state::{Conjugates, State};
use super::unit::Unit;

/// Standard deviations to one side from which on this is how it is solved.
const FAR: f64 = 8.0;
/// |z| beyond which samples do not count among those that pull up.
const RARE: f64 = 9.0;
/// |z| beyond the place where a source is 0.
const BEYOND: f64 = 2.0;
/// Points at which it is looked for what counts, and those at which that is counted.
const SOUGHT: usize = 250;
const COUNTED: usize = 4000;
/// Fewer, for a first b, and how near to b those and half of the others lead.
const ROUGHLY: usize = 250;
const NEAR: f64 = 0.03;
const NEARER: f64 = 1e-4;
/// What ln P(h_src < 0) leaves out of b/T.
const LITTLE: f64 = 5.0;
/// Newton steps to where a rare sample is, and how near is near enough.
const MOST_STEPS: usize = 60;
const ACCURACY: f64 = 1e-12;
/// What is e^{−45} of the largest does not count.
const LEAST: f64 = 45.0;

/// ln(Σ e^x).
fn log_sum(x: &[f64]) -> f64 {
    let largest = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        return largest;
    }
    largest + libm::log(x.iter().map(|x| libm::exp(x - largest)).sum())
}

/// A student that learns a bias b > 0 from a source h_src, which is Gaussian behind each label.
struct Lecture {
    /// ln P, mean and standard deviation of h_src behind each label.
    sources: Vec<(f64, f64, f64)>,
    v: f64,
    temperature: f64,
}

impl Lecture {
    /// ln(σ(h/T) − σ(h_src/T)) of samples whose sources are below b, from the surest on.
    fn log_pulls_down(&self, sources: impl Iterator<Item = f64>, b: f64) -> Vec<f64> {
        let t = self.temperature;
        let strength = self.v / t;
        // where h is, from where it was at the last sample
        let mut moved = 0.0;
        sources
            .map(|source| {
                let a = source / t;
                let pull = |c: f64| -softplus(a) + libm::log(-libm::expm1(a - c)) - softplus(-c);
                let unmoved = pull(b / t);
                if libm::log(strength) + unmoved < libm::log(f64::EPSILON * b) {
                    return unmoved;
                }
                for _ in 0..MOST_STEPS {
                    let c = (b - moved) / t;
                    let along = 1.0 + strength / t * libm::exp(-softplus(c) - softplus(-c));
                    let step = (strength * libm::exp(pull(c)) - moved) / along;
                    // h stays above its source
                    let most = b - source;
                    moved = if moved + step < most { (moved + step).max(0.0) } else { 0.5 * (moved + most) };
                    if step.abs() <= ACCURACY * moved {
                        break;
                    }
                }
                libm::log(moved / strength)
            })
            .collect()
    }

    /// ln(σ(h_src/T) − σ(b/T)) of samples whose sources are above b, which they leave where it is.
    fn log_pulls_up(&self, sources: impl Iterator<Item = f64>, b: f64) -> Vec<f64> {
        let c = b / self.temperature;
        let pull = |a: f64| -softplus(c) + libm::log(-libm::expm1(c - a)) - softplus(-a);
        sources.map(|source| pull(source / self.temperature)).collect()
    }

    /// ln of the pulls on either side of b, those down and those up, with `count` points to a source.
    fn log_forces(&self, b: f64, count: usize) -> [f64; 2] {
        let of_source = |&(share, mean, width): &(f64, f64, f64)| {
            let at_b = (b - mean) / width;
            let field = |z: &f64| mean + width * z;
            let down =
                log_average((-mean / width - BEYOND, at_b), count, |z| self.log_pulls_down(z.iter().map(field), b));
            let up = log_average((at_b.max(-RARE), RARE), count, |z| self.log_pulls_up(z.iter().map(field), b));
            [share + down, share + up]
        };
        let forces: Vec<[f64; 2]> = self.sources.iter().map(of_source).collect();
        [0, 1].map(|side| log_sum(&forces.iter().map(|force| force[side]).collect::<Vec<f64>>()))
    }

    /// b between two values, counted with so many points.
    fn bias(&self, (least, most): (f64, f64), count: usize, accuracy: f64) -> Option<f64> {
        let excess = |b: f64| {
            let [down, up] = self.log_forces(b, count);
            down - up
        };
        root(excess, least, most, accuracy)
    }
}

/// ln ∫ φ(z) f(z) dz of a function given by its logarithm at some z, the largest first, with `count` of them where it
/// counts.
fn log_average((lo, hi): (f64, f64), count: usize, log_f: impl Fn(&[f64]) -> Vec<f64>) -> f64 {
    let grid = |lo: f64, hi: f64, count: usize| -> Vec<(f64, f64)> {
        let step = (hi - lo) / count as f64;
        let z: Vec<f64> = (0..count).map(|i| hi - step * (i as f64 + 0.5)).collect();
        log_f(&z).into_iter().zip(z).map(|(log_f, z)| (z, log_f - 0.5 * z * z)).collect()
    };
    let sought = grid(lo, hi, SOUGHT);
    let largest = sought.iter().fold(f64::NEG_INFINITY, |most, (_, x)| most.max(*x));
    let counts = |(z, x): &(f64, f64)| (*x > largest - LEAST).then_some(*z);
    let cell = (hi - lo) / SOUGHT as f64;
    let from = sought.iter().rev().find_map(counts).map_or(lo, |z| (z - cell).max(lo));
    let to = sought.iter().find_map(counts).map_or(hi, |z| (z + cell).min(hi));
    let counted: Vec<f64> = grid(from, to, count).into_iter().map(|(_, x)| x).collect();
    log_sum(&counted) + libm::log((to - from) / count as f64) - 0.5 * libm::log(std::f64::consts::TAU)
}

impl Problem<'_> {
    /// The fixed point of a student that learns no more than a bias from a source far to one side, and how far that
    /// may be off; none for others.
    pub fn biased_alone(&self) -> Option<(State, f64)> {
        let [source] = &self.chain.members[..] else { return None };
        if !self.teaches_a_bias() || source.aside < FAR || self.fit.bias.is_some() {
            return None;
        }
        let width = source.row[0];
        let labels = Chain::labels(self.setup.data);
        let fields = labels.rows().map(|row| {
            let cavity = source.cavity(row[Layout::S] * source.m + source.b, row[Layout::Y], 0.0);
            let Law::Affine { curvature: 0.0, force } = cavity.law else { return None };
            Some((libm::log(row[Layout::WEIGHT]), cavity.shift + cavity.v * force, width))
        });
        let fields: Vec<(f64, f64, f64)> = fields.collect::<Option<_>>()?;
        let side = fields[0].1.signum();
        let blank = Conjugates { q_hat: vec![0.0; self.k + 1], c: vec![0.0; self.k], ..Conjugates::default() };
        let mut state = self.weights.overlaps(self.setup.groups, &Unit::Fit(self.fit), &blank);
        let lecture = Lecture {
            sources: fields.into_iter().map(|(share, mean, width)| (share, side * mean, width)).collect(),
            v: state.v[self.k],
            temperature: self.fit.scale(),
        };
        let t = lecture.temperature;
        let most = lecture.sources.iter().map(|(_, mean, _)| *mean).fold(f64::INFINITY, f64::min);
        // √Q ≤ V √(q̂/η), where q̂ = α E[g²] is at most α E|g|/T; the weights are 0 where no pre-activation feels it
        let alpha = self.setup.data.alpha[self.fit.set];
        let weighs = |sure: f64| libm::sqrt(2.0 * alpha / self.fit.features) * lecture.v / t * libm::exp(-0.5 * sure);
        // b/T is little more than −ln P(h_src < 0)
        if weighs(0.5 * source.aside * source.aside + LITTLE + libm::log1p(lecture.v / (t * t))) > f64::EPSILON * most {
            return None;
        }
        let rough = lecture.bias((f64::EPSILON * most, most), ROUGHLY, 1e-2 * t)?;
        if weighs(rough / t + 1.0) > f64::EPSILON * most {
            return None;
        }
        let around = |b: f64, apart: f64| ((b - apart).max(f64::EPSILON * most), (b + apart).min(most));
        let coarse = lecture.bias(around(rough, NEAR * (rough + t)), COUNTED / 2, 1e-9 * t)?;
        let b = lecture.bias(around(coarse, NEARER * (coarse + t)), COUNTED, 1e-9 * t)?;
        (state.b, state.q[self.k]) = (side * b, NOTHING);
        (weighs(b / t) < f64::EPSILON * b).then_some((state, (b - coarse).abs() / b))
    }
}
