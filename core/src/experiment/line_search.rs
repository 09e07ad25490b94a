//! The minimum of a convex function along a line, from slopes and curvatures alone.

/// The search ends when the slope is within this fraction of the slope at its start, …
const LINE_TOLERANCE: f64 = 0.1;
/// … or after this many evaluations, by which bisection alone has exhausted the bracket.
const MOST_LINE_EVALUATIONS: u32 = 60;

/// The t > 0 at which `along`(t) = (slope, curvature) has no slope: Newton's method kept inside a bracket,
/// from t = 1. `start` is the slope at t = 0, which is negative.
pub(super) fn zero_slope(along: impl Fn(f64) -> (f64, f64), start: f64) -> f64 {
    let (mut low, mut high, mut t) = (0.0, f64::INFINITY, 1.0);
    for _ in 0..MOST_LINE_EVALUATIONS {
        let (slope, curvature) = along(t);
        if slope.abs() <= LINE_TOLERANCE * start.abs() {
            break;
        }
        if slope < 0.0 {
            low = t
        } else {
            high = t
        }
        let farthest = if high.is_finite() { high } else { 4.0 * t };
        let newton = t - slope / curvature;
        t = if newton > low && newton < farthest {
            newton
        } else if high.is_finite() {
            0.5 * (low + high)
        } else {
            farthest
        };
    }
    t
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parabola_takes_one_step_and_a_long_slope_is_followed_to_its_end() {
        assert_eq!(zero_slope(|t| (2.0 * (t - 3.0), 2.0), -6.0), 3.0);
        // slope σ(t − 40) − ½ at its start −½: flat where the search begins
        let logistic = |t: f64| 1.0 / (1.0 + (40.0 - t).exp());
        let found = zero_slope(|t| (logistic(t) - 0.5, logistic(t) * (1.0 - logistic(t))), -0.5);
        assert!((found - 40.0).abs() < 0.3, "{found}");
    }
}
