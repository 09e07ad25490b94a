//! Brent's root finder and golden-section maximiser, for one-dimensional problems with a bracket.

use std::{error, fmt};

/// The bracket handed to [`root`] does not enclose a sign change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BracketError {
    /// Lower end.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
}

impl fmt::Display for BracketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no sign change between {} and {}", self.lo, self.hi)
    }
}

impl error::Error for BracketError {}

/// A root of `f` in `[lo, hi]` to an absolute accuracy of `tolerance` in x (Brent 1973, ch. 4):
/// inverse quadratic interpolation, safeguarded by bisection.
///
/// # Errors
/// [`BracketError`] when f(lo) and f(hi) have the same sign.
pub fn root(f: impl Fn(f64) -> f64, lo: f64, hi: f64, tolerance: f64) -> Result<f64, BracketError> {
    let (mut a, mut b) = (lo, hi);
    let (mut fa, mut fb) = (f(a), f(b));
    if fa * fb > 0.0 || fa.is_nan() || fb.is_nan() {
        return Err(BracketError { lo, hi });
    }
    let (mut c, mut fc) = (a, fa);
    let mut step = b - a;
    let mut before = step;
    while fb != 0.0 {
        if fb * fc > 0.0 {
            (c, fc) = (a, fa);
            step = b - a;
            before = step;
        }
        if fc.abs() < fb.abs() {
            (a, b, c) = (b, c, b);
            (fa, fb, fc) = (fb, fc, fb);
        }
        let width = 0.5 * (c - b);
        let close = 2.0 * f64::EPSILON * b.abs() + 0.5 * tolerance;
        if width.abs() <= close {
            break;
        }
        if before.abs() >= close && fa.abs() > fb.abs() {
            let trial = interpolate(a, b, c, fa, fb, fc);
            let short = 2.0 * trial.abs() < (3.0 * (width * trial.signum()) - close).min(before.abs());
            if short && trial * width > 0.0 {
                before = step;
                step = trial;
            } else {
                step = width;
                before = width;
            }
        } else {
            step = width;
            before = width;
        }
        (a, fa) = (b, fb);
        b += if step.abs() > close { step } else { close.copysign(width) };
        fb = f(b);
    }
    Ok(b)
}

/// The secant or inverse-quadratic step from b.
fn interpolate(a: f64, b: f64, c: f64, fa: f64, fb: f64, fc: f64) -> f64 {
    let s = fb / fa;
    if a == c {
        (c - b) * s / (1.0 - s)
    } else {
        let (q, r) = (fa / fc, fb / fc);
        let p = s * ((c - b) * q * (q - r) - (b - a) * (r - 1.0));
        -p / ((q - 1.0) * (r - 1.0) * (s - 1.0))
    }
}

/// Where a unimodal `f` is largest in `[lo, hi]`, as (x, f(x)), to `tolerance` in x, by golden section.
#[must_use]
pub fn maximise(f: impl Fn(f64) -> f64, lo: f64, hi: f64, tolerance: f64) -> (f64, f64) {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let (mut lo, mut hi) = (lo, hi);
    let mut left = hi - GOLDEN * (hi - lo);
    let mut right = lo + GOLDEN * (hi - lo);
    let (mut f_left, mut f_right) = (f(left), f(right));
    while hi - lo > tolerance {
        if f_left > f_right {
            hi = right;
            (right, f_right) = (left, f_left);
            left = hi - GOLDEN * (hi - lo);
            f_left = f(left);
        } else {
            lo = left;
            (left, f_left) = (right, f_right);
            right = lo + GOLDEN * (hi - lo);
            f_right = f(right);
        }
    }
    if f_left > f_right { (left, f_left) } else { (right, f_right) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_to_the_last_digits() {
        let x = root(|x| x.cos() - x, 0.0, 1.0, 1e-15).unwrap();
        assert!((x.cos() - x).abs() < 1e-15);
        let steep = root(|x: f64| x.powi(9) - 1e-9, 0.0, 3.0, 1e-14).unwrap();
        assert!((steep - 0.1).abs() < 1e-12);
    }

    #[test]
    fn a_bracket_without_a_sign_change_is_refused() {
        assert_eq!(root(|x| x * x + 1.0, -1.0, 2.0, 1e-9), Err(BracketError { lo: -1.0, hi: 2.0 }));
    }

    #[test]
    fn the_maximum_of_a_parabola() {
        let (x, value) = maximise(|x| 2.0 - (x - 0.3) * (x - 0.3), -1.0, 1.0, 1e-9);
        assert!((x - 0.3).abs() < 1e-7 && (value - 2.0).abs() < 1e-14);
    }
}
