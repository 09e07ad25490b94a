//! The Jacobian of a fixed point, factorised, and what Newton's steps teach of it.

/// 1 − ∂F/∂x, factorised, and what was learned of it since.
#[derive(Debug, Clone)]
pub(super) struct Jacobian {
    lu: Vec<Vec<f64>>,
    order: Vec<usize>,
    /// Broyden's corrections of its inverse, H → (1 + u sᵀ) H.
    learned: Vec<(Vec<f64>, Vec<f64>)>,
}

impl Jacobian {
    /// LU with partial pivoting.
    pub fn factorise(mut lu: Vec<Vec<f64>>) -> Option<Self> {
        let n = lu.len();
        let mut order: Vec<usize> = (0..n).collect();
        for c in 0..n {
            let pivot = (c..n).max_by(|&a, &b| lu[a][c].abs().total_cmp(&lu[b][c].abs()))?;
            lu.swap(c, pivot);
            order.swap(c, pivot);
            let size = lu[c][c].abs();
            if size <= 1e-300 || size.is_nan() {
                return None;
            }
            for r in c + 1..n {
                let factor = lu[r][c] / lu[c][c];
                lu[r][c] = factor;
                let (above, below) = lu.split_at_mut(r);
                for (value, pivot) in below[0][c + 1..].iter_mut().zip(&above[c][c + 1..]) {
                    *value -= factor * pivot;
                }
            }
        }
        Some(Self { lu, order, learned: Vec::new() })
    }

    /// The Newton step for a residual.
    pub fn solve(&self, r: &[f64]) -> Vec<f64> {
        let n = r.len();
        let mut s: Vec<f64> = self.order.iter().map(|&i| r[i]).collect();
        for i in 0..n {
            for j in 0..i {
                s[i] -= self.lu[i][j] * s[j];
            }
        }
        for i in (0..n).rev() {
            for j in i + 1..n {
                s[i] -= self.lu[i][j] * s[j];
            }
            s[i] /= self.lu[i][i];
        }
        for (u, along) in &self.learned {
            let share = dot(along, &s);
            subtract(&mut s, -share, u);
        }
        s
    }

    /// Broyden's (good) update: the residual fell by `fall` along `step`.
    pub fn learn(&mut self, step: &[f64], fall: &[f64]) {
        let expected = self.solve(fall);
        let along = dot(step, &expected);
        let norm = dot(step, step);
        // a step that it takes for one nearly across teaches nothing either
        if self.learned.len() < MOST_LEARNED && along.abs() > LEAST_ALONG * norm {
            let u = step.iter().zip(&expected).map(|(step, expected)| (step - expected) / along).collect();
            self.learned.push((u, step.to_vec()));
        }
    }
}

/// Corrections of a Jacobian at most.
const MOST_LEARNED: usize = 12;
/// Least share of a step in what a Jacobian makes of its fall, to correct it.
const LEAST_ALONG: f64 = 0.1;

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

pub(super) fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

pub(super) fn subtract(from: &mut [f64], factor: f64, what: &[f64]) {
    from.iter_mut().zip(what).for_each(|(from, what)| *from -= factor * what);
}
