//! Gaussian averages of functions that bend sharply: the trapezoidal rule in a graded coordinate.
//!
//! The averages of the theory are E_z[f(h(z))] with z ~ N(0,1) and h(z) the proximal operator, known
//! through its explicit monotone inverse z(h). Near separability dz/dh ranges over many decades: h bends on
//! a scale of order one while z(h) runs over 10⁻² there and over its whole range elsewhere, so rules on
//! fixed nodes in z converge to wrong answers with perfect residuals.
//!
//! Here the nodes are equidistant in
//!
//! ```text
//! u(h) = z(h) + κ(h),    κ(h) = (h/ℓ) [1/√(1 + (h/L)²) + c/√(1 + (h/kL)²)]
//! ```
//!
//! where ℓ is the scale of the bend and L its reach, with a halo of coarser nodes beyond: u follows z where the Gaussian varies and h where
//! the prox bends. Both z(u) and h(u) are then analytic in a strip whose width does not shrink with V
//! or q, so the trapezoidal rule converges geometrically, at a rate that is the same in every regime:
//!
//! ```text
//! E[f] = ∫ φ(z) f dz = Σ_k φ(z(h_k)) f(h_k) z'(h_k)/u'(h_k) · step,    u(h_k) = u_0 + k·step
//! ```
//!
//! One average is a chain of nodes, each found from the last; several are taken at once, one in each lane
//! of a vector register, and no lane's bits depend on the others.

use pulp::Simd;

use super::Vector;

/// Spacing and cut of the rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resolution {
    /// Spacing of the nodes in u.
    pub step: f64,
    /// |z| beyond which the Gaussian is cut.
    pub cut: f64,
}

/// The grading κ of the coordinate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grading {
    /// ℓ, the scale on which the prox bends.
    pub scale: f64,
    /// L, how far from h = 0 the bend can be.
    pub reach: f64,
}

/// k, how many times further than the bend its halo reaches.
const HALO_REACH: f64 = 60.0;
/// c, the density of nodes in the halo relative to that in the bend.
const HALO_SHARE: f64 = 0.1;

impl Grading {
    /// (κ(h), κ'(h)).
    #[inline(always)]
    fn at<S: Simd>(&self, h: Vector<S>) -> (Vector<S>, Vector<S>) {
        let (one, square) = (h.constant(1.0), h * h);
        let shrink = |reach: f64| one / square.mul_add(h.constant(1.0 / (reach * reach)), one).sqrt();
        let (near, far) = (shrink(self.reach), shrink(self.reach * HALO_REACH));
        let share = h.constant(HALO_SHARE);
        let sum = far.mul_add(share, near);
        let slope = (share * far).mul_add(far * far, near * near * near);
        let inverse_scale = h.constant(1.0 / self.scale);
        (h * sum * inverse_scale, slope * inverse_scale)
    }
}

/// Monotone maps d ↦ z, one a lane, with d = h − `centre`: near its centre a map is known to the relative
/// accuracy of d, where h would carry the rounding of the centre.
pub trait Field<S: Simd> {
    /// What the map knows about a point besides z.
    type Detail: Copy;
    /// Where d = 0 lies in h.
    fn centre(&self) -> Vector<S>;
    /// (z, dz/dh, detail) at d.
    fn at(&self, d: Vector<S>) -> (Vector<S>, Vector<S>, Self::Detail);
    /// An interval of d that holds z = −`cut`.
    fn bracket(&self, cut: Vector<S>) -> (Vector<S>, Vector<S>);
}

/// One node of every lane.
#[derive(Debug, Clone, Copy)]
pub struct Node<S: Simd, T> {
    /// h minus the centre of the field.
    pub d: Vector<S>,
    /// z(h).
    pub z: Vector<S>,
    /// The weight of f(h) in the average `E[f]`, φ(z) dz; 0 beyond the cut.
    pub weight: Vector<S>,
    /// The field's detail there.
    pub detail: T,
}

const INVERSE_SQRT_2PI: f64 = 0.398_942_280_401_432_7;
/// Accuracy in u to which a node is placed; the rule's error is of the same order.
const PLACING: f64 = 1e-12;
/// Accuracy in z to which the first node is placed: the Gaussian is cut there in any case.
const STARTING: f64 = 1e-2;
/// Newton steps to a node at most; each halves the distance at least.
const MOST_STEPS: usize = 60;
/// Newton steps after which a distance that no longer shrinks is the rounding of z, which a narrow Gaussian
/// magnifies: z(h) is then known no better than the rounding of h over the width.
const STALLED: usize = 6;

/// Nodes of a chain at most, ten times what V = 1e8 takes at the finest step. A Gaussian narrower than the
/// spacing of numbers around its mean has no nodes to step through, and its average is NaN.
const MOST_NODES: usize = 20_000;

/// Solves z(h) = `target` for a monotone `field` h ↦ (z, dz/dh), from `guess`, by bracketed Newton steps.
#[must_use]
pub fn invert(field: impl Fn(f64) -> (f64, f64), target: f64, guess: f64) -> f64 {
    let (mut lo, mut hi) = (f64::NEG_INFINITY, f64::INFINITY);
    let mut h = guess;
    let mut stretch = 1.0;
    for _ in 0..200 {
        let (z, slope) = field(h);
        let miss = target - z;
        if miss > 0.0 {
            lo = h
        } else {
            hi = h
        }
        let step = miss / slope;
        if step.abs() <= 4.0 * f64::EPSILON * h.abs() || miss == 0.0 {
            return h + step;
        }
        let next = h + step;
        h = if next > lo && next < hi {
            next
        } else if lo.is_finite() && hi.is_finite() {
            0.5 * (lo + hi)
        } else {
            stretch *= 2.0;
            h + (stretch * (1.0 + h.abs())).min(step.abs()).copysign(miss)
        };
    }
    h
}

/// d at which z ≈ −`cut`, to [`STARTING`], from `guess` by bracketed Newton steps.
#[inline(always)]
fn first<S: Simd>(field: &impl Field<S>, cut: Vector<S>, guess: Vector<S>) -> Vector<S> {
    let (mut lo, mut hi) = field.bracket(cut);
    let (zero, half) = (cut.constant(0.0), cut.constant(0.5));
    let mut d = guess.max(lo).min(hi);
    for _ in 0..2 * MOST_STEPS {
        let (z, slope, _) = field.at(d);
        let miss = zero - cut - z;
        if miss.abs().largest() <= STARTING {
            break;
        }
        lo = miss.select_above(zero, d, lo);
        hi = miss.select_above(zero, hi, d);
        let newton = d + miss / slope;
        let middle = half * (lo + hi);
        let next = newton.select_above(lo, hi.select_above(newton, newton, middle), middle);
        d = miss.abs().select_above(cut.constant(STARTING), next, d);
    }
    d
}

/// Visits the nodes of the rule with spacing `step` up to |z| = `cut`, in the order of rising h, and gives
/// d near the first. `guess` is where the search for the first node starts.
#[inline(always)]
pub fn for_each_node<S: Simd, F: Field<S>>(
    field: &F,
    grading: Grading,
    step: f64,
    cut: Vector<S>,
    guess: Vector<S>,
    mut visit: impl FnMut(&Node<S, F::Detail>),
) -> Vector<S> {
    let constant = |value: f64| cut.constant(value);
    let (zero, half) = (constant(0.0), constant(0.5));
    let centre = field.centre();
    let start = first(field, cut, guess);
    let mut d = start;
    let (z, slope, _) = field.at(d);
    let (kappa, kappa_slope) = grading.at(centre + d);
    let mut u = z + kappa;
    let mut rate = constant(1.0) / (slope + kappa_slope);
    let mut last_rate = rate;
    // anchoring the nodes at multiples of the step keeps the sums smooth in every parameter
    let mut target = u.map(|u| (u / step).ceil() * step);
    let mut nodes = 0;
    loop {
        // second-order predictor, then Newton on u(h) = target
        let ahead = target - u;
        let mut next = ahead.mul_add((half * (rate - last_rate) * ahead).mul_add(constant(1.0 / step), rate), d);
        let placing = (constant(4.0 * f64::EPSILON) * target.abs()).max(constant(PLACING));
        let (mut z, mut slope, mut detail);
        let mut steps = 0;
        let mut distance = f64::INFINITY;
        loop {
            (z, slope, detail) = field.at(next);
            let (kappa, kappa_slope) = grading.at(centre + next);
            u = z + kappa;
            last_rate = constant(1.0) / (slope + kappa_slope);
            let miss = target - u;
            let beyond = miss.abs() - placing;
            steps += 1;
            let left = beyond.largest();
            if left <= 0.0 || steps > MOST_STEPS || (steps > STALLED && left >= distance) {
                break;
            }
            distance = left;
            let newton = miss.mul_add(last_rate, next);
            let moved = newton.select_above(d, newton, half * (d + next));
            next = beyond.select_above(zero, moved, next);
        }
        (rate, last_rate) = (last_rate, rate);
        d = next;
        let mass = constant(INVERSE_SQRT_2PI * step) * (zero - half * z * z).exp() * slope * rate;
        nodes += 1;
        let endless = nodes > MOST_NODES;
        let weight = if endless { constant(f64::NAN) } else { z.select_above(cut, zero, mass) };
        visit(&Node { d, z, weight, detail });
        if endless || (z - cut).smallest() > 0.0 {
            return start;
        }
        target = target + constant(step);
    }
}

#[cfg(test)]
mod tests {
    use pulp::{Arch, WithSimd};

    use super::*;

    const FINE: Resolution = Resolution { step: 0.35, cut: 8.5 };

    /// The proximal operator of the logistic loss at ω = mean + width·z and susceptibility v.
    #[derive(Clone, Copy)]
    struct Logistic {
        mean: f64,
        width: f64,
        v: f64,
    }

    impl<S: Simd> Field<S> for (S, Logistic) {
        type Detail = ();
        fn centre(&self) -> Vector<S> {
            Vector::splat(self.0, 0.0)
        }
        fn at(&self, h: Vector<S>) -> (Vector<S>, Vector<S>, ()) {
            let Logistic { mean, width, v } = self.1;
            let tail = |h: f64| (-h.abs()).exp();
            let sigma = |h: f64| if h > 0.0 { tail(h) } else { 1.0 } / (1.0 + tail(h));
            let z = h.map(|h| (h - v * sigma(h) - mean) / width);
            let slope = h.map(|h| (1.0 + v * tail(h) / ((1.0 + tail(h)) * (1.0 + tail(h)))) / width);
            (z, slope, ())
        }
        fn bracket(&self, cut: Vector<S>) -> (Vector<S>, Vector<S>) {
            let Logistic { mean, width, v } = self.1;
            let omega = cut.map(|cut| mean - width * cut);
            (omega, omega + cut.constant(v))
        }
    }

    /// E[f(h, z)].
    struct Average<F>(Logistic, Resolution, F);

    impl<F: Fn(f64, f64) -> f64> WithSimd for Average<F> {
        type Output = f64;
        fn with_simd<S: Simd>(self, simd: S) -> f64 {
            let Self(at, Resolution { step, cut }, f) = self;
            let grading = Grading { scale: 1.0, reach: 10.0 + at.v.ln_1p() };
            let splat = |value| Vector::splat(simd, value);
            let mut sum = 0.0;
            for_each_node(&(simd, at), grading, step, splat(cut), splat(at.mean), |node| {
                sum += node.weight.to_array()[0] * f(node.d.to_array()[0], node.z.to_array()[0]);
            });
            sum
        }
    }

    fn average(mean: f64, width: f64, v: f64, resolution: Resolution, f: impl Fn(f64, f64) -> f64) -> f64 {
        Arch::new().dispatch(Average(Logistic { mean, width, v }, resolution, f))
    }

    #[test]
    fn the_gaussian_has_unit_mass_and_variance_in_every_regime() {
        for (width, v) in [(1.0, 1.0), (0.1, 50.0), (130.0, 1e6), (3.0, 1e-3), (100.0, 2e4)] {
            let mass = average(0.7, width, v, FINE, |_, _| 1.0);
            let variance = average(0.7, width, v, FINE, |_, z| z * z);
            assert!((mass - 1.0).abs() < 1e-11, "width {width}, V {v}: mass {mass}");
            assert!((variance - 1.0).abs() < 1e-10, "width {width}, V {v}: variance {variance}");
        }
    }

    #[test]
    fn a_gaussian_as_narrow_as_the_rounding_of_h_allows_keeps_its_mass() {
        // α → 0 or λ → ∞: z(h) carries the rounding of h magnified a million times
        let mass = average(-1.4, 2e-6, 1e-3, FINE, |_, _| 1.0);
        let variance = average(-1.4, 2e-6, 1e-3, FINE, |_, z| z * z);
        assert!((mass - 1.0).abs() < 1e-9 && (variance - 1.0).abs() < 1e-9, "{mass} {variance}");
    }

    #[test]
    fn halving_the_step_changes_nothing_where_fixed_nodes_fail() {
        // α = 4.6, η = 1, λ = 1e-5: the regime in which 96 Gauss–Legendre nodes give q off by 85 %
        let square = |resolution| {
            average(-63.0, 104.5, 1680.0, resolution, |h, z| {
                let g = (h - (-63.0 + 104.5 * z)) / 1680.0;
                g * g
            })
        };
        let (coarse, fine) = (square(FINE), square(Resolution { step: 0.1, cut: 9.0 }));
        assert!((coarse / fine - 1.0).abs() < 1e-10, "{coarse} {fine}");
    }

    #[test]
    fn invert_finds_the_point_from_a_far_guess() {
        let field = |h: f64| (h + 1e8 * (h.max(0.0) - (-h).max(0.0)).tanh(), 1.0 + 1e8 / h.cosh().powi(2));
        for target in [-1e6, -3.0, 0.1, 2.0e8] {
            let h = invert(field, target, 50.0);
            assert!((field(h).0 - target).abs() <= 1e-13 * 1e8, "{target}: {h}");
        }
    }
}
