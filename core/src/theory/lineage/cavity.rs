//! The cavity field of one sample: a Gaussian ω, and h(ω) known through its explicit inverse.
//!
//! ```text
//! ω = mean + width·z = h + V ℓ'(h),      g = −ℓ'(h),      dz/dh = (1 + V ℓ''(h))/width
//! ```
//!
//! The variable is d = h − centre. A student that copies its teacher has h − h_src → 0 at a V that multiplies
//! every rounding of ℓ' by 10⁶, so where soft targets are learned the centre is h_src, and in
//! d the difference σ(h) − σ(h_src) does not cancel.

use pulp::Simd;

use crate::numerics::Vector;

/// A probability with its complement, both to their own last digit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Target {
    pub p: f64,
    pub complement: f64,
}

impl Target {
    /// σ(h).
    pub fn soft(h: f64) -> Self {
        let tail = libm::exp(-h.abs());
        let (near, far) = (1.0 / (1.0 + tail), tail / (1.0 + tail));
        if h > 0.0 { Self { p: near, complement: far } } else { Self { p: far, complement: near } }
    }

    /// The label y = ±1 smoothed by ε.
    pub fn label(y: f64, smoothing: f64) -> Self {
        if y > 0.0 {
            Self { p: 1.0 - smoothing, complement: smoothing }
        } else {
            Self { p: smoothing, complement: 1.0 - smoothing }
        }
    }

    /// (1 − χ) self + χ other.
    pub fn mix(self, chi: f64, other: Self) -> Self {
        let of = |a: f64, b: f64| (1.0 - chi) * a + chi * b;
        Self { p: of(self.p, other.p), complement: of(self.complement, other.complement) }
    }
}

/// ℓ as a function of h.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Law {
    /// hard_weight·H(label, σ(h)) + soft_weight·H(soft, σ(h/T)), where soft = σ(centre/T).
    Logistic { hard_weight: f64, label: Target, soft_weight: f64, soft: Target, temperature: f64 },
    /// curvature·d²/2 − force·d.
    Affine { curvature: f64, force: f64 },
}

/// A cavity field and the loss it meets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cavity {
    /// Where d = 0 lies in h.
    pub centre: f64,
    /// The mean of ω minus the centre.
    pub shift: f64,
    /// The standard deviation of ω; > 0.
    pub width: f64,
    /// V ≥ 0.
    pub v: f64,
    pub law: Law,
    /// The interval of d that is visited.
    pub limits: (f64, f64),
}

/// The whole line.
pub(super) const EVERYWHERE: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

/// The map at several d.
#[derive(Clone, Copy)]
pub(super) struct At<S: Simd> {
    pub z: Vector<S>,
    /// dz/dh.
    pub rate: Vector<S>,
    /// ℓ'.
    pub slope: Vector<S>,
    /// ℓ''.
    pub curvature: Vector<S>,
}

impl Cavity {
    /// (ℓ', ℓ'') at d.
    #[inline(always)]
    fn derivatives<S: Simd>(&self, d: Vector<S>) -> (Vector<S>, Vector<S>) {
        let (zero, one) = (d.constant(0.0), d.constant(1.0));
        match self.law {
            Law::Affine { curvature, force } => {
                (d.mul_add(d.constant(curvature), d.constant(-force)), d.constant(curvature))
            }
            Law::Logistic { hard_weight, label, soft_weight, soft, temperature } => {
                let (mut slope, mut curvature) = (zero, zero);
                if hard_weight != 0.0 {
                    let h = d.constant(self.centre) + d;
                    let tail = (zero - h.abs()).exp();
                    let near = one / (one + tail);
                    let far = tail * near;
                    let (up, down) = (h.select_above(zero, near, far), h.select_above(zero, far, near));
                    let weight = d.constant(hard_weight);
                    slope = weight * (d.constant(label.complement) * up - d.constant(label.p) * down);
                    curvature = weight * near * far;
                }
                if soft_weight != 0.0 {
                    // σ(a + t) − σ(a) = p(1 − p)(1 − e^{−t})/(p + (1 − p)e^{−t}) with p = σ(a), mirrored for t < 0
                    let (tail, fall) = (zero - d.abs() * d.constant(1.0 / temperature)).exp_and_complement();
                    let p = d.select_above(zero, d.constant(soft.p), d.constant(soft.complement));
                    let complement = d.select_above(zero, d.constant(soft.complement), d.constant(soft.p));
                    let inverse = one / complement.mul_add(tail, p);
                    let share = p * complement * inverse;
                    let rise = share * fall * d.constant(soft_weight / temperature);
                    slope = slope + d.select_above(zero, rise, zero - rise);
                    let weight = d.constant(soft_weight / (temperature * temperature));
                    curvature = (share * tail * inverse).mul_add(weight, curvature);
                }
                (slope, curvature)
            }
        }
    }

    /// The map at d.
    // the instructions of a machine's registers reach no function of its own, those of a page do: there it stands once
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub fn at<S: Simd>(&self, d: Vector<S>) -> At<S> {
        let (slope, curvature) = self.derivatives(d);
        let (v, inverse_width) = (d.constant(self.v), d.constant(1.0 / self.width));
        At {
            z: v.mul_add(slope, d - d.constant(self.shift)) * inverse_width,
            rate: v.mul_add(curvature, d.constant(1.0)) * inverse_width,
            slope,
            curvature,
        }
    }

    /// An interval of d that holds the point of a given z.
    pub fn bracket(&self, z: f64) -> (f64, f64) {
        let omega = self.shift + self.width * z;
        match self.law {
            Law::Affine { curvature, force } => {
                let d = (omega + self.v * force) / (1.0 + self.v * curvature);
                (d, d)
            }
            Law::Logistic { hard_weight, label, soft_weight, temperature, .. } => {
                // mixed targets may lie beyond 0 and 1
                let steepest = label.p.abs().max(label.complement.abs()).max(1.0);
                let reach = self.v * (hard_weight.abs() * steepest + soft_weight.abs() / temperature);
                (omega - reach, omega + reach)
            }
        }
    }
}
