//! Gaussian averages of functions that bend sharply: Gauss–Legendre panels laid out in a graded coordinate.
//!
//! The averages are E_z[f(h(z))] with z ~ N(0,1), where h(z) is known through its explicit inverse z(h).
//! Near separability dz/dh ranges over many decades: h bends on a scale of order one while z(h) runs over
//! 10⁻² there and over its whole range elsewhere, so rules on fixed nodes in z converge to wrong
//! answers with perfect residuals. Here the integral is over h, dz = z'(h) dh, and no equation is solved at a
//! node. A panel is as long as a given step of
//!
//! ```text
//! u(h) = z(h) + κ(h),    κ(h) = Σ (h/ℓ) [1/√(1 + (h/L)²) + c/√(1 + (h/kL)²)]
//! ```
//!
//! where ℓ is a scale of a bend and L its reach, with a halo of coarser panels beyond: u follows z where the
//! Gaussian varies and h where h bends. Panels are laid outwards from h = 0, away from which every loss
//! flattens, so that u' at the end of one bounds the length of the next; and h = 0, where hard labels jump,
//! is always an end. The eight nodes of a panel are the lanes of one vector register.

use pulp::Simd;

use crate::numerics::{MOST_LANES, Vector};

use super::cavity::{At, Cavity};

/// How finely an average is taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    /// The length of a panel in u.
    pub length: f64,
    /// |z| beyond which no panel begins.
    pub cut: f64,
}

impl Rule {
    pub const fn new(length: f64, cut: f64) -> Self {
        Self { length, cut }
    }
}

/// κ: a scale ℓ and a reach L for each bend.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Grading {
    bends: [Option<(f64, f64)>; 2],
}

/// How the output of a unit is read by a later one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reader {
    /// The temperature at which it is read.
    pub scale: f64,
    /// A bound on the susceptibility of the reader: it bends at |h| ~ ln V.
    pub v: f64,
    /// The scale on which it bends there, in temperatures; 1 at most.
    pub sharpness: f64,
}

/// Distance from a bend, in its scales, at which it has fallen below rounding.
const REACH: f64 = 6.0;
/// k, how many times further than the bend its halo reaches.
const HALO_REACH: f64 = 60.0;
/// c, the density of panels in the halo relative to that in the bend.
const HALO_SHARE: f64 = 0.1;

impl Grading {
    /// The bend of a loss of scale ℓ whose prox has a susceptibility V.
    pub fn bend(scale: f64, v: f64) -> Self {
        Self { bends: [Some((scale, scale * (REACH + libm::log1p(v / (scale * scale))))), None] }
    }

    /// Another bend, of a reader of h with a scale and a susceptibility of its own.
    pub fn and(mut self, reader: Reader) -> Self {
        let reach = reader.scale * (REACH + libm::log1p(reader.v / (reader.scale * reader.scale)));
        let finest = reader.scale * reader.sharpness;
        match &mut self.bends[0] {
            Some((scale, own)) if *scale <= finest => *own = own.max(reach),
            _ => self.bends[1] = Some((finest, reach)),
        }
        self
    }

    /// κ'(h).
    #[inline(always)]
    fn rate(&self, h: f64) -> f64 {
        let square = h * h;
        let mut sum = 0.0;
        for (scale, reach) in self.bends.iter().flatten() {
            let near = 1.0 / (1.0 + square / (reach * reach));
            let far = 1.0 / (1.0 + square / (reach * reach * HALO_REACH * HALO_REACH));
            sum += (near * near.sqrt() + HALO_SHARE * far * far.sqrt()) / scale;
        }
        sum
    }
}

/// Some of the nodes of a panel, one a lane.
#[derive(Clone, Copy)]
pub(super) struct Nodes<S: Simd> {
    pub d: Vector<S>,
    pub at: At<S>,
    /// φ(z) dz.
    pub weight: Vector<S>,
    /// φ(z) dz ∂h/∂ω.
    pub measure: Vector<S>,
}

/// Which nodes of the panel those are: `first`, `first` + 1, …
pub(super) type First = usize;

/// Nodes and weights of the eight-point Gauss–Legendre rule on (0, 1).
pub(super) const PLACES: [f64; MOST_LANES] = [
    0.019_855_071_751_231_856,
    0.101_666_761_293_186_64,
    0.237_233_795_041_835_5,
    0.408_282_678_752_175_1,
    0.591_717_321_247_825,
    0.762_766_204_958_164_5,
    0.898_333_238_706_813_4,
    0.980_144_928_248_768_1,
];
pub(super) const SHARES: [f64; MOST_LANES] = [
    0.050_614_268_145_188_13,
    0.111_190_517_226_687_24,
    0.156_853_322_938_943_65,
    0.181_341_891_689_180_98,
    0.181_341_891_689_180_98,
    0.156_853_322_938_943_65,
    0.111_190_517_226_687_24,
    0.050_614_268_145_188_13,
];

/// 1/√(2π).
pub(super) const INVERSE_SQRT_2PI: f64 = 0.398_942_280_401_432_7;
/// Accuracy in z to which the edge of the Gaussian is placed: it is cut there in any case.
const EDGE: f64 = 0.05;
/// Steps to the edge at most; each halves the miss or the bracket.
const MOST_STEPS: usize = 120;
/// A Gaussian this narrow, relative to its mean, is a point: what it would add is the square of that, and z would be
/// the rounding of h.
const NARROW: f64 = 1e-10;
/// What finding a point is worth, in panels.
const POINT_WORK: usize = 8;
/// Panels of an average at most, ten times what V = 1e8 takes at the finest rule.
const MOST_PANELS: usize = 4000;

/// d at which z = `target`, to an accuracy in z, by bracketed Newton steps from `guess`.
#[cfg_attr(not(target_arch = "wasm32"), inline(always))]
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn edge<S: Simd>(simd: S, cavity: &Cavity, target: f64, guess: f64, accuracy: f64) -> f64 {
    let (mut lo, mut hi) = cavity.bracket(target);
    let mut d = guess.max(lo).min(hi);
    let mut last = f64::INFINITY;
    for _ in 0..MOST_STEPS {
        let at = cavity.at(Vector::splat(simd, d));
        let miss = target - at.z.largest();
        if miss.abs() <= accuracy || hi <= lo {
            break;
        }
        if miss > 0.0 {
            lo = d;
        } else {
            hi = d;
        }
        let newton = d + miss / at.rate.largest();
        // where z bends between two straight lines Newton's steps go to and fro between those
        let gains = miss.abs() <= 0.5 * last;
        last = miss.abs();
        let next = if gains && newton > lo && newton < hi { newton } else { 0.5 * (lo + hi) };
        let moved = (next - d).abs();
        d = next;
        if moved <= 2.0 * f64::EPSILON * d.abs() {
            break;
        }
    }
    d
}

/// Visits the nodes of the average over one cavity field up to |z| = `cut`. `guess` is where the search for
/// an edge starts, and is left where it ended, for a neighbour. The answer is how many panels there were.
#[inline(always)]
pub(super) fn for_each_node<S: Simd>(
    simd: S,
    cavity: &Cavity,
    grading: &Grading,
    length: f64,
    cut: f64,
    guess: &mut f64,
    mut visit: impl FnMut(First, &Nodes<S>),
) -> usize {
    if cavity.width <= NARROW * (cavity.shift + cavity.centre).abs().max(1.0) {
        let d = edge(simd, cavity, 0.0, *guess, 0.0);
        *guess = d;
        let d = Vector::splat(simd, d);
        let at = At { z: d.constant(0.0), ..cavity.at(d) };
        if cavity.limits.0 <= d.largest() && d.largest() <= cavity.limits.1 {
            for part in (0..MOST_LANES).step_by(S::F64_LANES) {
                let weight = Vector::load(simd, &SHARES, part);
                visit(part, &Nodes { d, at, weight, measure: weight / (at.rate * d.constant(cavity.width)) });
            }
        }
        return POINT_WORK;
    }
    let (lo, hi) = cavity.limits;
    let origin = (-cavity.centre).max(lo).min(hi);
    let z = cavity.at(Vector::splat(simd, origin)).z.largest();
    let (start, right, left) = if z.abs() <= cut {
        (origin, true, true)
    } else {
        let towards = -cut.copysign(-z);
        // the near edge: the one met first on the way from the origin into the Gaussian
        let near = edge(simd, cavity, towards, *guess, EDGE);
        *guess = near;
        (near.max(lo).min(hi), z < 0.0, z > 0.0)
    };
    let rate_at = |d: f64| cavity.at(Vector::splat(simd, d)).rate.largest() + grading.rate(d + cavity.centre);
    let first_rate = rate_at(start);
    let last_part = MOST_LANES - S::F64_LANES;
    let inverse_width = 1.0 / cavity.width;
    let mut panels = 0;
    for (wanted, direction, end) in [(right, 1.0, hi), (left, -1.0, lo)] {
        if !wanted {
            continue;
        }
        let (mut a, mut rate) = (start, first_rate);
        let mut inside = true;
        for panel in 0..=MOST_PANELS {
            let room = (end - a) * direction;
            if !inside || room <= 0.0 {
                break;
            }
            panels += 1;
            let size = if panel == MOST_PANELS { f64::NAN } else { (length / rate).min(room) };
            let span = direction * size;
            for part in (0..MOST_LANES).step_by(S::F64_LANES) {
                let d = Vector::load(simd, &PLACES, part).mul_add(Vector::splat(simd, span), Vector::splat(simd, a));
                let at = cavity.at(d);
                let k = |value: f64| d.constant(value);
                let gaussian = (k(-0.5) * at.z * at.z).exp();
                let share = gaussian * (Vector::load(simd, &SHARES, part) * k(INVERSE_SQRT_2PI * size));
                // dz/dh ∂h/∂ω = 1/width
                visit(part, &Nodes { d, at, weight: share * at.rate, measure: share * k(inverse_width) });
                if part == last_part {
                    let h = a + span * PLACES[MOST_LANES - 1] + cavity.centre;
                    let last = at.rate.to_array()[S::F64_LANES - 1] + grading.rate(h);
                    let z = at.z.to_array()[S::F64_LANES - 1];
                    rate = last;
                    a += span;
                    // a z that is not a number ends the panels too
                    inside = z * direction < cut;
                }
            }
        }
    }
    panels
}
