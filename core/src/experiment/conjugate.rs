//! Conjugate gradients for the Newton equation H s = −∇L, one product H p at a time.

use super::kernel::{LANES, fold};

/// The state between two products. X s/√N is carried along, so that a line search costs no pass.
pub(super) struct ConjugateGradients {
    /// s, the step so far.
    pub step: Vec<f64>,
    /// p, the direction whose product is awaited.
    pub direction: Vec<f64>,
    /// −∇L − H s.
    residual: Vec<f64>,
    /// X s/√N over samples.
    pub step_activations: Vec<f64>,
    /// X p/√N over samples.
    pub direction_activations: Vec<f64>,
    /// Norm of the residual at which to stop.
    target: f64,
}

/// What a product led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// The next direction awaits its product.
    Continues,
    /// The residual is on target.
    OnTarget,
    /// The direction has no curvature, to within f64: the equation determines no step.
    Singular,
}

impl ConjugateGradients {
    /// Zeros for `length` unknowns and `samples` samples.
    pub fn new(length: usize, samples: usize) -> Self {
        let [step, direction, residual] = std::array::from_fn(|_| vec![0.0; length]);
        let [step_activations, direction_activations] = std::array::from_fn(|_| vec![0.0; samples]);
        Self { step, direction, residual, step_activations, direction_activations, target: 0.0 }
    }

    /// Starts from s = 0, to stop when the residual has fallen to `target`.
    pub fn begin(&mut self, gradient: &[f64], target: f64) {
        self.target = target;
        self.step.fill(0.0);
        self.step_activations.fill(0.0);
        for ((r, p), g) in self.residual.iter_mut().zip(&mut self.direction).zip(gradient) {
            *r = -g;
            *p = -g;
        }
    }

    /// Takes H p; `direction_activations` must hold X p/√N.
    pub fn advance(&mut self, product: &[f64]) -> Progress {
        let before = dot(&self.residual, &self.residual);
        let curvature = dot(&self.direction, product);
        if curvature.is_nan() || curvature <= 0.0 {
            return Progress::Singular;
        }
        let length = before / curvature;
        add(length, &self.direction, &mut self.step);
        add(length, &self.direction_activations, &mut self.step_activations);
        add(-length, product, &mut self.residual);
        let after = dot(&self.residual, &self.residual);
        if after.sqrt() <= self.target {
            return Progress::OnTarget;
        }
        let ratio = after / before;
        for (p, r) in self.direction.iter_mut().zip(&self.residual) {
            *p = r + ratio * *p;
        }
        Progress::Continues
    }
}

/// a·b as eight interleaved partial sums.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    fold(&sums) + rest
}

/// y ← y + c x.
pub(super) fn add(c: f64, x: &[f64], y: &mut [f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += c * x;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_products_as_distinct_eigenvalues_solve_the_equation() {
        let eigenvalues: Vec<f64> = (0..20).map(|i| [1.0, 30.0, 1e3][i % 3]).collect();
        let gradient: Vec<f64> = (0..20).map(|i| (i as f64 - 7.3).sin()).collect();
        let mut solver = ConjugateGradients::new(20, 0);
        solver.begin(&gradient, 1e-9);
        let mut product = || {
            let product: Vec<f64> = solver.direction.iter().zip(&eigenvalues).map(|(p, e)| p * e).collect();
            solver.advance(&product)
        };
        assert_eq!([product(), product(), product()], [Progress::Continues, Progress::Continues, Progress::OnTarget]);
        for ((s, g), e) in solver.step.iter().zip(&gradient).zip(&eigenvalues) {
            assert!((s + g / e).abs() < 1e-12);
        }
    }

    #[test]
    fn a_direction_without_curvature_is_reported() {
        let mut solver = ConjugateGradients::new(2, 0);
        solver.begin(&[1.0, -1.0], 1e-12);
        assert_eq!(solver.advance(&[0.0, 0.0]), Progress::Singular);
        assert_eq!(solver.step, [0.0, 0.0]);
    }
}
