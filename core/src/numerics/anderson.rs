//! Fixed points of smooth maps in a few dimensions by Anderson acceleration.

/// Anderson's mixing of the last iterates (Anderson 1965; type II of Fang & Saad 2009).
///
/// With residuals r_k = F(x_k) − x_k the next iterate is the combination of past F(x_k) whose combined
/// residual is smallest in the least-squares sense, taken over at most `depth` differences.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Anderson {
    /// How many past differences are combined.
    pub depth: usize,
    /// Largest number of evaluations of the map.
    pub max_iterations: usize,
    /// Largest |r| component at which the iteration stops.
    pub tolerance: f64,
    /// Residual that is enough once it has stopped falling, at the rounding of the map.
    pub acceptable: f64,
    /// Largest change of a component in one accelerated step.
    pub max_step: f64,
}

/// Halvings of the way back to the last accepted point, after which there is no way left.
const MOST_RETREATS: usize = 60;

/// Where an iteration ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FixedPoint<const N: usize> {
    /// The last point at which the map was evaluated.
    pub x: [f64; N],
    /// Largest component of |F(x) − x| there.
    pub residual: f64,
    /// Evaluations of the map.
    pub iterations: usize,
    /// Whether `residual` is within the tolerance, or acceptable and at rounding.
    pub converged: bool,
}

impl Anderson {
    /// Iterates `map` from `start`. A map that returns a non-finite component is asked again nearer to
    /// the last point it accepted.
    pub fn solve<const N: usize>(&self, start: [f64; N], mut map: impl FnMut(&[f64; N]) -> [f64; N]) -> FixedPoint<N> {
        let mut x = start;
        let mut history: Vec<([f64; N], [f64; N])> = Vec::with_capacity(self.depth + 1);
        let mut best = FixedPoint { x, residual: f64::INFINITY, iterations: 0, converged: false };
        let mut since_best = 0;
        let mut retreats = 0;
        for iteration in 1..=self.max_iterations {
            let image = map(&x);
            let r: [f64; N] = std::array::from_fn(|i| image[i] - x[i]);
            let size = r.iter().fold(0.0f64, |size, v| if v.is_nan() { f64::NAN } else { size.max(v.abs()) });
            best.iterations = iteration;
            if !size.is_finite() {
                retreats += 1;
                if retreats > MOST_RETREATS {
                    break;
                }
                x = std::array::from_fn(|i| 0.5 * (x[i] + best.x[i]));
                history.clear();
                continue;
            }
            retreats = 0;
            since_best = if size < best.residual { 0 } else { since_best + 1 };
            if size < best.residual {
                (best.x, best.residual) = (x, size);
            }
            if size <= self.tolerance {
                best.converged = true;
                break;
            }
            if since_best > self.depth && best.residual <= self.acceptable {
                best.converged = true;
                break;
            }
            if since_best > 2 * self.depth {
                // the model built from the history has stopped helping: plain steps from the best point
                history.clear();
                since_best = 0;
            }
            history.push((x, r));
            if history.len() > self.depth + 1 {
                history.remove(0);
            }
            x = self.next(&history);
        }
        best
    }

    /// The accelerated step from the newest entry of the history.
    fn next<const N: usize>(&self, history: &[([f64; N], [f64; N])]) -> [f64; N] {
        let (x, r) = history[history.len() - 1];
        let mut step = r;
        let differences = history.len() - 1;
        if differences > 0 {
            // least squares  min |r − Σ γ_k (r_{k+1} − r_k)|  by modified Gram–Schmidt, newest first
            let mut basis: Vec<([f64; N], [f64; N])> = Vec::with_capacity(differences);
            let mut left = r;
            for pair in history.windows(2).rev() {
                let mut dr: [f64; N] = std::array::from_fn(|i| pair[1].1[i] - pair[0].1[i]);
                let mut dx: [f64; N] = std::array::from_fn(|i| pair[1].0[i] - pair[0].0[i] + dr[i]);
                let original = dot(&dr, &dr);
                for (unit, image) in &basis {
                    let along = dot(unit, &dr);
                    for i in 0..N {
                        dr[i] -= along * unit[i];
                        dx[i] -= along * image[i];
                    }
                }
                let norm = dot(&dr, &dr);
                // directions already spanned carry only rounding error
                if norm <= 1e-20 * original || basis.len() == N {
                    continue;
                }
                let scale = norm.sqrt().recip();
                basis.push((dr.map(|v| v * scale), dx.map(|v| v * scale)));
                let (unit, image) = basis[basis.len() - 1];
                let along = dot(&unit, &left);
                for i in 0..N {
                    left[i] -= along * unit[i];
                    step[i] -= along * image[i];
                }
            }
        }
        let longest = step.iter().fold(0.0f64, |size, v| size.max(v.abs()));
        let shrink = if longest > self.max_step { self.max_step / longest } else { 1.0 };
        std::array::from_fn(|i| x[i] + shrink * step[i])
    }
}

fn dot<const N: usize>(a: &[f64; N], b: &[f64; N]) -> f64 {
    (0..N).fold(0.0, |sum, i| sum + a[i] * b[i])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOLVER: Anderson =
        Anderson { depth: 8, max_iterations: 200, tolerance: 1e-13, acceptable: 1e-12, max_step: 10.0 };

    #[test]
    fn slow_and_oscillating_directions_converge_together() {
        // slow (0.999) and oscillating (−0.9) directions together
        let map = |x: &[f64; 3]| [0.999 * x[0] + 1.0, -0.9 * x[1] + 2.0, 0.5 * x[2] + x[0] * 1e-3];
        let found = SOLVER.solve([0.0; 3], map);
        assert!(found.converged && found.iterations < 150, "{found:?}");
        assert!((found.x[0] - 1000.0).abs() < 1e-6);
    }

    #[test]
    fn a_map_that_is_nowhere_defined_is_given_up_soon() {
        let found = SOLVER.solve([1.0], |_| [f64::NAN]);
        assert!(!found.converged && found.iterations < 100 && found.residual.is_infinite(), "{found:?}");
    }

    #[test]
    fn a_map_without_a_fixed_point_is_reported() {
        let found = SOLVER.solve([0.0], |x| [x[0] + 1.0]);
        assert!(!found.converged && found.residual >= 1.0);
    }
}
