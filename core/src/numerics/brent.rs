//! Brent's root finder and golden-section maximiser, for one-dimensional problems with a bracket.

/// A root of `f` in `[lo, hi]` to an absolute accuracy of `tolerance` in x (Brent 1973, ch. 4):
/// inverse quadratic interpolation, safeguarded by bisection; none where f(lo) and f(hi) have the same sign.
pub fn root(f: impl Fn(f64) -> f64, lo: f64, hi: f64, tolerance: f64) -> Option<f64> {
    let (mut a, mut b) = (lo, hi);
    let (mut fa, mut fb) = (f(a), f(b));
    if fa * fb > 0.0 || fa.is_nan() || fb.is_nan() {
        return None;
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
    Some(b)
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

/// Where a unimodal `f` is largest in `[lo, hi]`, as (x, f(x)), to `tolerance` in x (Brent 1973, ch. 5): parabolas through
/// the best three points, safeguarded by golden sections.
#[must_use]
pub fn maximise(f: impl Fn(f64) -> f64, lo: f64, hi: f64, tolerance: f64) -> (f64, f64) {
    const SECTION: f64 = 0.381_966_011_250_105_1;
    let (mut lo, mut hi) = (lo, hi);
    let x = lo + SECTION * (hi - lo);
    // the best point, the second best, and the one that was second before
    let mut best = (x, f(x));
    let (mut second, mut third) = (best, best);
    let (mut step, mut before) = (0.0f64, 0.0f64);
    loop {
        let middle = 0.5 * (lo + hi);
        let close = 4.0 * f64::EPSILON * best.0.abs() + 0.25 * tolerance;
        if (best.0 - middle).abs() <= 2.0 * close - 0.5 * (hi - lo) {
            return best;
        }
        let parabola = vertex(best, second, third).filter(|to| {
            let inside = to + best.0 > lo && to + best.0 < hi;
            inside && before.abs() > close && to.abs() < 0.5 * before.abs()
        });
        before = step;
        step = parabola.unwrap_or_else(|| {
            before = if best.0 < middle { hi - best.0 } else { lo - best.0 };
            SECTION * before
        });
        // not where it has been: at an end of the bracket
        let at_an_end = (best.0 + step - lo).min(hi - best.0 - step) < 2.0 * close;
        if parabola.is_some() && at_an_end {
            step = close.copysign(middle - best.0);
        }
        let x = best.0 + if step.abs() >= close { step } else { close.copysign(step) };
        let there = (x, f(x));
        if there.1 >= best.1 {
            *(if x < best.0 { &mut hi } else { &mut lo }) = best.0;
            (third, second, best) = (second, best, there);
        } else {
            *(if x < best.0 { &mut lo } else { &mut hi }) = x;
            if there.1 >= second.1 || second.0 == best.0 {
                (third, second) = (second, there);
            } else if there.1 >= third.1 || third.0 == best.0 || third.0 == second.0 {
                third = there;
            }
        }
    }
}

/// The step from the first of three points to the vertex of the parabola through them, if there is one.
fn vertex(best: (f64, f64), second: (f64, f64), third: (f64, f64)) -> Option<f64> {
    let r = (best.0 - second.0) * (best.1 - third.1);
    let q = (best.0 - third.0) * (best.1 - second.1);
    let step = ((best.0 - second.0) * r - (best.0 - third.0) * q) / (2.0 * (q - r));
    step.is_finite().then_some(step)
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
        assert_eq!(root(|x| x * x + 1.0, -1.0, 2.0, 1e-9), None);
    }

    #[test]
    fn the_maximum_of_a_parabola() {
        let (x, value) = maximise(|x| 2.0 - (x - 0.3) * (x - 0.3), -1.0, 1.0, 1e-9);
        assert!((x - 0.3).abs() < 1e-7 && (value - 2.0).abs() < 1e-14);
    }

    #[test]
    fn maxima_are_found_in_few_evaluations_and_at_kinks_too() {
        let asked = std::cell::Cell::new(0);
        let hill = |x: f64| {
            asked.set(asked.get() + 1);
            (-x).exp() * x
        };
        let (x, _) = maximise(hill, 0.1, 4.0, 1e-5);
        assert!((x - 1.0).abs() < 1e-5 && asked.get() < 16, "{x} after {}", asked.get());
        let (x, _) = maximise(|x: f64| if x < 0.7 { 3.0 * x } else { 2.1 - (x - 0.7) }, 0.0, 2.0, 1e-6);
        assert!((x - 0.7).abs() < 1e-6, "{x}");
        let (x, _) = maximise(|x| x, 0.0, 1.0, 1e-6);
        assert!(x > 1.0 - 1e-6);
    }
}
