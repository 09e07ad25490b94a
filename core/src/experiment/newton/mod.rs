//! One fit: a truncated Newton method written as a state machine that asks for passes over the data.
//!
//! ```text
//! minimise  L(w, b) = Σ_i ℓ_i(f_i) + (λ/2)|w|²,    f = X w/√N + b
//! ```
//!
//! Conjugate gradients solve H s = −∇L until the residual is a fraction of the gradient; the step along
//! s then ends where the derivative of L along it vanishes, which costs no pass because X s is known. L
//! is convex, so that is the minimum on the line, and no value of L is ever compared: below the
//! rounding of a sum over samples there would be nothing to compare. The bias enters as w₀ = √N b, the
//! weight of a constant feature 1, which puts its curvature on the scale of the others.

mod pass;

use super::certificate::Certificate;
use super::conjugate::{ConjugateGradients, add, dot};
use super::kernel::LANES;
use super::line_search::zero_slope;
use super::objective::Objective;

/// A fit is converged when |∇L| is at most this fraction of |∇L| at w = 0, b = 0, where
///
/// ```text
/// |∇L|² = |∂L/∂w|² + (∂L/∂b)²/N,    f = X w/√N + b
/// ```
///
/// The same ratio can be computed for the weights of any other solver. 1/N puts the bias on the scale
/// of the weights; without it the reference would be √N times larger and the weights as much looser.
/// At the best b for each w, L is λ-strongly convex: |w − w*| ≤ |∇L|/λ.
pub const GRADIENT_TOLERANCE: f64 = 1e-8;
/// Newton steps after which a fit is given up; the hardest settings of the paper take a fifth.
const MOST_STEPS: u32 = 150;
/// Passes after which a fit is given up; the hardest settings of the paper take a tenth at N = 4000.
const MOST_PASSES: u32 = 20_000;
/// The residual of the Newton equation relative to the gradient is √(relative gradient), at most this …
const LARGEST_FORCING: f64 = 0.25;
/// … and never so small that the residual is below this fraction of what the certificate asks.
const SAFETY: f64 = 0.3;
/// Samples whose ℓ'' is below this fraction of λ and of the mean ℓ'' are left out of H: all of them
/// together shift it by less than this fraction of λ|XᵀX/N|, and less than this fraction of what holds
/// the bias. The gradient, and with it the certificate, keeps every sample. Below separability, where
/// fits are longest, most of the samples drop out.
const NEGLIGIBLE_CURVATURE: f64 = 1e-2;
/// Samples are left out only if at most this fraction remains: it costs another pass to get their X s.
const WORTHWHILE_FRACTION: f64 = 0.8;

/// What a fit wants of the next pass.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Request {
    /// f = X w/√N + b, then the gradient.
    Gradient,
    /// H p for the current direction of conjugate gradients.
    Product,
    /// X s for the finished step, where the products left samples out.
    Step,
}

/// A fit in progress. Vectors over features are padded to whole chunks and end with a chunk for w₀.
pub(super) struct Fit<'a> {
    objective: Objective<'a>,
    lambda: f64,
    features: usize,
    /// 1/√N.
    scale: f64,
    request: Request,
    /// (w, w₀).
    weights: Vec<f64>,
    /// ∇L over (w, w₀).
    gradient: Vec<f64>,
    /// f over samples.
    activations: Vec<f64>,
    /// ℓ'' over samples; 0 where left out.
    curvatures: Vec<f64>,
    solver: ConjugateGradients,
    /// The samples that take part in H, where that is not all of them.
    active: Option<Vec<u32>>,
    /// Σ_i r_i of the pass under way.
    bias_sum: f64,
    /// |∇L| at the origin.
    origin_norm: f64,
    /// The relative gradient asked for.
    tolerance: f64,
    /// Whether b is prescribed.
    bias_held: bool,
    certificate: Certificate,
    /// How the fit stood when it began with this objective.
    begun: Certificate,
}

impl<'a> Fit<'a> {
    /// A fit of `features` weights with f = X w/√`n` + b, from the origin.
    pub fn new(objective: Objective<'a>, lambda: f64, features: usize, n: usize) -> Self {
        let samples = objective.samples();
        let length = features.next_multiple_of(LANES) + LANES;
        let start = Certificate { converged: false, gradient_norm: 1.0, iterations: 0, passes: 0 };
        Self {
            objective,
            lambda,
            features,
            scale: 1.0 / (n as f64).sqrt(),
            request: Request::Gradient,
            weights: vec![0.0; length],
            gradient: vec![0.0; length],
            activations: vec![0.0; samples],
            curvatures: vec![0.0; samples],
            solver: ConjugateGradients::new(length, samples),
            active: None,
            bias_sum: 0.0,
            origin_norm: 0.0,
            tolerance: GRADIENT_TOLERANCE,
            bias_held: false,
            certificate: start,
            begun: start,
        }
    }

    /// The same fit with a bias that is not trained; its origin is w = 0 at this bias.
    pub fn at_bias(mut self, bias: Option<f64>) -> Self {
        let index = self.bias_index();
        self.weights[index] = bias.unwrap_or(0.0) / self.scale;
        self.bias_held = bias.is_some();
        self
    }

    /// The same fit with another bound on the relative gradient.
    pub fn with_tolerance(self, tolerance: f64) -> Self {
        Self { tolerance, ..self }
    }

    /// Goes on from where the fit stands, with another objective on the same samples and another tolerance.
    pub fn resume(&mut self, objective: Objective<'a>, tolerance: f64) {
        self.tolerance = tolerance;
        self.objective = objective;
        self.request = Request::Gradient;
        self.begun = self.certificate;
    }

    /// w over the features.
    pub fn weights(&self) -> &[f64] {
        &self.weights[..self.features]
    }

    /// b.
    pub fn bias(&self) -> f64 {
        self.weights[self.bias_index()] * self.scale
    }

    /// f_i = x_i·w/√N + b as the certificate saw them.
    pub fn activations(&self) -> &[f64] {
        &self.activations
    }

    /// How the fit stands.
    pub fn certificate(&self) -> Certificate {
        self.certificate
    }

    fn bias_index(&self) -> usize {
        self.weights.len() - LANES
    }

    /// Judges the gradient, and sets up the Newton equation.
    fn begin_step(&mut self) -> bool {
        let norm = dot(&self.gradient, &self.gradient).sqrt();
        if self.certificate.passes == 1 {
            self.origin_norm = norm;
        }
        let relative = if norm == 0.0 { 0.0 } else { norm / self.origin_norm };
        if !relative.is_finite() {
            return true;
        }
        self.certificate.gradient_norm = relative;
        self.certificate.converged = relative <= self.tolerance;
        let exhausted = self.certificate.iterations >= self.begun.iterations + MOST_STEPS
            || self.certificate.passes >= self.begun.passes + MOST_PASSES;
        if self.certificate.converged || exhausted {
            return true;
        }
        let forcing = LARGEST_FORCING.min(relative.sqrt()).max(SAFETY * self.tolerance / relative);
        self.solver.begin(&self.gradient, forcing * norm);
        self.select_samples();
        self.request = Request::Product;
        false
    }

    /// Leaves samples without curvature out of H, if these are many.
    fn select_samples(&mut self) {
        let samples = self.curvatures.len();
        let mean = self.curvatures.iter().sum::<f64>() / samples as f64;
        let negligible = NEGLIGIBLE_CURVATURE * mean.min(self.lambda);
        let active: Vec<u32> = (0..samples as u32).filter(|i| self.curvatures[*i as usize] > negligible).collect();
        self.active = None;
        if active.len() as f64 <= WORTHWHILE_FRACTION * samples as f64 {
            for curvature in self.curvatures.iter_mut().filter(|curvature| **curvature <= negligible) {
                *curvature = 0.0;
            }
            self.active = Some(active);
        }
    }

    /// Moves to the minimum along the step.
    fn end_step(&mut self) -> bool {
        let length = self.line_minimum();
        add(length, &self.solver.step, &mut self.weights);
        self.certificate.iterations += 1;
        self.request = Request::Gradient;
        false
    }

    /// The t at which the derivative of L(w + t s) vanishes.
    fn line_minimum(&self) -> f64 {
        let step = &self.solver.step[..self.features];
        let (linear, quadratic) = (self.lambda * dot(self.weights(), step), self.lambda * dot(step, step));
        let along = |t: f64| {
            let (mut slope, mut curvature) = (linear + t * quadratic, quadratic);
            for (i, (f, u)) in self.activations.iter().zip(&self.solver.step_activations).enumerate() {
                let (first, second) = self.objective.slope_and_curvature(i, f + t * u);
                slope += first * u;
                curvature += second * u * u;
            }
            (slope, curvature)
        };
        zero_slope(along, dot(&self.gradient, &self.solver.step))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{LogisticLoss, Target};
    use ndarray::{Array1, Array2};

    #[test]
    fn the_gradient_is_that_of_the_loss() {
        let (n, features, samples, lambda) = (16, 7, 20, 0.3);
        let x = Array2::from_shape_fn((samples, features), |(i, j)| ((3 * i + 7 * j) as f64).sin());
        let signs = Array1::from_shape_fn(samples, |i| if i % 3 == 0 { 1.0 } else { -1.0 });
        let teacher: Vec<f64> = (0..samples).map(|i| (i as f64).cos() * 4.0).collect();
        let loss = LogisticLoss::distillation(0.4, 2.5);
        let value = |w: &[f64]| {
            let ridge: f64 = w[..features].iter().map(|w| 0.5 * lambda * w * w).sum();
            (0..samples).fold(ridge, |sum, i| {
                let f = (x.row(i).dot(&Array1::from(w[..features].to_vec())) + w[8]) / (n as f64).sqrt();
                sum + loss.value(f, Target::label(signs[i], 0.0), Target::soft(teacher[i] / 2.5))
            })
        };
        let mut fit = Fit::new(Objective::distillation(signs.view(), 0.0, loss, &teacher), lambda, features, n);
        for j in (0..features).chain([8]) {
            fit.weights[j] = (j as f64 + 0.5).tan();
        }
        let weights = fit.weights.clone();
        let rows: Vec<u32> = (0..samples as u32).collect();
        let mut values = x.dot(&Array1::from(weights[..features].to_vec())).to_vec();
        fit.map(&rows, &mut values);
        fit.absorb(x.t().dot(&Array1::from(values)).to_vec());
        for j in (0..features).chain([8]) {
            let shifted = |by: f64| {
                let mut w = weights.clone();
                w[j] += by;
                value(&w)
            };
            let difference = (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
            assert!((fit.gradient[j] - difference).abs() < 1e-8, "{j}: {} {difference}", fit.gradient[j]);
        }
    }
}
