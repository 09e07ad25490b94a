//! One fit: a truncated Newton method written as a state machine that asks for passes over the data.
//!
//! ```text
//! minimise  L(w, b) = Σ_i ℓ_i(f_i) + (λ/2)|w|²,    f = X w/√N + b
//! ```
//!
//! Conjugate gradients solve H s = −∇L until the residual is a fraction of the gradient; the step along
//! s is then the zero of the derivative of L on that line, which costs no pass because X s is known. L
//! is convex, so the zero is the minimum, and no value of L is ever compared: far below the rounding of
//! a sum over samples there is nothing to compare. The bias enters as w₀ = √N b, the weight of a
//! constant feature 1, which puts its curvature on the scale of the others.

use super::kernel::LANES;
use super::objective::Objective;

/// A fit is converged when |∇L| is at most this fraction of |∇L| at w = 0, b = 0, both over (w, w₀).
/// L is λ-strongly convex in w, so this bounds the distance to the minimum by 1e-8 |∇L(0)|/λ.
pub const GRADIENT_TOLERANCE: f64 = 1e-8;
/// Newton steps after which a fit is given up; the hardest regimes of the paper need below a fifth.
const MOST_STEPS: u32 = 200;
/// Passes after which a fit is given up.
const MOST_PASSES: u32 = 20_000;
/// The residual of the Newton equation relative to the gradient: at most this, …
const LARGEST_FORCING: f64 = 0.25;
/// Samples whose ℓ'' is below this fraction of λ are left out of H: all of them together shift its
/// eigenvalues by less than that fraction of λ(1 + √α)², and the gradient remains exact. Far below
/// separability, where fits are longest, this leaves out most of the samples.
const NEGLIGIBLE_CURVATURE: f64 = 1e-2;
/// Rows are left out only if at most this fraction remains.
const WORTHWHILE_FRACTION: f64 = 0.8;
/// The line search ends when the slope has fallen to this fraction of the slope at the start.
const LINE_TOLERANCE: f64 = 0.1;

/// What a fit wants of the next pass.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Request {
    /// f = X w/√N + b, then the gradient.
    Gradient,
    /// H p of the current direction of conjugate gradients.
    Product,
    /// X s of the finished step, where the products left rows out.
    Step,
}

/// How a fit ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Certificate {
    /// Whether `gradient_norm` is within [`GRADIENT_TOLERANCE`].
    pub converged: bool,
    /// |∇L| over |∇L| at the origin.
    pub gradient_norm: f64,
    /// Newton steps.
    pub iterations: u32,
    /// Passes over the data.
    pub passes: u32,
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
    gradient: Vec<f64>,
    /// s, the step that conjugate gradients build.
    step: Vec<f64>,
    /// −∇L − H s.
    residual: Vec<f64>,
    /// p, the direction of conjugate gradients.
    direction: Vec<f64>,
    /// f, ℓ''(f), X s/√N, X p/√N over samples.
    activations: Vec<f64>,
    curvatures: Vec<f64>,
    step_activations: Vec<f64>,
    direction_activations: Vec<f64>,
    /// The rows that take part in H, where that is not all of them.
    active: Option<Vec<u32>>,
    /// Σ_i r_i of the pass under way.
    bias_sum: f64,
    origin_norm: f64,
    /// Norm of the residual at which conjugate gradients stop.
    target: f64,
    certificate: Certificate,
}

impl<'a> Fit<'a> {
    /// A fit of `features` weights with f = X w/√`n` + b.
    pub fn new(objective: Objective<'a>, lambda: f64, features: usize, n: usize) -> Self {
        let samples = objective.samples();
        let zeros = || vec![0.0; features.next_multiple_of(LANES) + LANES];
        Self {
            objective,
            lambda,
            features,
            scale: 1.0 / (n as f64).sqrt(),
            request: Request::Gradient,
            weights: zeros(),
            gradient: zeros(),
            step: zeros(),
            residual: zeros(),
            direction: zeros(),
            activations: vec![0.0; samples],
            curvatures: vec![0.0; samples],
            step_activations: vec![0.0; samples],
            direction_activations: vec![0.0; samples],
            active: None,
            bias_sum: 0.0,
            origin_norm: 0.0,
            target: 0.0,
            certificate: Certificate { converged: false, gradient_norm: 1.0, iterations: 0, passes: 0 },
        }
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

    fn input_with_bias(&self) -> &[f64] {
        match self.request {
            Request::Gradient => &self.weights,
            Request::Product => &self.direction,
            Request::Step => &self.step,
        }
    }

    /// The vector that the next pass multiplies X with, in whole chunks.
    pub fn input(&self) -> &[f64] {
        &self.input_with_bias()[..self.bias_index()]
    }

    /// The rows that the next pass needs; none stands for all.
    pub fn rows(&self) -> Option<&[u32]> {
        if self.request == Request::Product { self.active.as_deref() } else { None }
    }

    /// Replaces the products of `rows` with `input` by their factors in Xᵀr.
    pub fn map(&mut self, rows: &[u32], values: &mut [f64]) {
        let bias = self.input_with_bias()[self.bias_index()];
        for (i, value) in rows.iter().zip(values) {
            let i = *i as usize;
            let activation = self.scale * (*value + bias);
            *value = match self.request {
                Request::Gradient => {
                    let (slope, curvature) = self.objective.slope_and_curvature(i, activation);
                    self.activations[i] = activation;
                    self.curvatures[i] = curvature;
                    slope
                }
                Request::Product => {
                    self.direction_activations[i] = activation;
                    self.curvatures[i] * activation
                }
                Request::Step => {
                    self.step_activations[i] = activation;
                    0.0
                }
            };
            self.bias_sum += *value;
        }
    }

    /// Takes Xᵀr, in whole chunks, and moves on; true when the fit has ended.
    pub fn absorb(&mut self, mut sums: Vec<f64>) -> bool {
        self.certificate.passes += 1;
        let bias = self.bias_index();
        sums.resize(self.weights.len(), 0.0);
        sums[self.features..].fill(0.0);
        for (sum, input) in sums[..self.features].iter_mut().zip(self.input_with_bias()) {
            *sum = self.scale * *sum + self.lambda * input;
        }
        sums[bias] = self.scale * std::mem::take(&mut self.bias_sum);
        match self.request {
            Request::Gradient => {
                self.gradient = sums;
                self.begin_step()
            }
            Request::Product => self.advance_step(&sums),
            Request::Step => self.end_step(),
        }
    }

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
        self.certificate.converged = relative <= GRADIENT_TOLERANCE;
        let exhausted = self.certificate.iterations == MOST_STEPS || self.certificate.passes >= MOST_PASSES;
        if self.certificate.converged || exhausted {
            return true;
        }
        let forcing = LARGEST_FORCING.min(relative.sqrt()).max(0.3 * GRADIENT_TOLERANCE / relative);
        self.target = forcing * norm;
        self.step.fill(0.0);
        self.step_activations.fill(0.0);
        for ((r, p), g) in self.residual.iter_mut().zip(&mut self.direction).zip(&self.gradient) {
            *r = -g;
            *p = -g;
        }
        self.select_rows();
        self.request = Request::Product;
        false
    }

    /// Leaves samples without curvature out of H, if these are many.
    fn select_rows(&mut self) {
        let negligible = NEGLIGIBLE_CURVATURE * self.lambda;
        let samples = self.curvatures.len();
        let active: Vec<u32> =
            (0..samples as u32).filter(|i| self.curvatures[*i as usize] > negligible).collect();
        self.active = None;
        if active.len() as f64 <= WORTHWHILE_FRACTION * samples as f64 {
            for curvature in self.curvatures.iter_mut().filter(|curvature| **curvature <= negligible) {
                *curvature = 0.0;
            }
            self.active = Some(active);
        }
    }

    fn advance_step(&mut self, product: &[f64]) -> bool {
        let before = dot(&self.residual, &self.residual);
        let curvature = dot(&self.direction, product);
        if curvature.is_nan() || curvature <= 0.0 {
            // every sample is beyond the reach of f64: only the bias is left, and nothing holds it
            return true;
        }
        let length = before / curvature;
        add(length, &self.direction, &mut self.step);
        add(length, &self.direction_activations, &mut self.step_activations);
        add(-length, product, &mut self.residual);
        let after = dot(&self.residual, &self.residual);
        if after.sqrt() > self.target && self.certificate.passes < MOST_PASSES {
            let ratio = after / before;
            for (p, r) in self.direction.iter_mut().zip(&self.residual) {
                *p = r + ratio * *p;
            }
            return false;
        }
        if self.active.is_some() {
            self.request = Request::Step;
            return false;
        }
        self.end_step()
    }

    /// Moves to the minimum along the step.
    fn end_step(&mut self) -> bool {
        let length = self.line_minimum();
        add(length, &self.step, &mut self.weights);
        self.certificate.iterations += 1;
        self.request = Request::Gradient;
        false
    }

    /// The t at which the derivative of L(w + t s) vanishes: Newton's method kept inside a bracket.
    fn line_minimum(&self) -> f64 {
        let weights = &self.weights[..self.features];
        let step = &self.step[..self.features];
        let (linear, quadratic) = (self.lambda * dot(weights, step), self.lambda * dot(step, step));
        let start = dot(&self.gradient, &self.step);
        let (mut low, mut high, mut t) = (0.0, f64::INFINITY, 1.0);
        for _ in 0..60 {
            let (mut slope, mut curvature) = (linear + t * quadratic, quadratic);
            for (i, (f, u)) in self.activations.iter().zip(&self.step_activations).enumerate() {
                let (first, second) = self.objective.slope_and_curvature(i, f + t * u);
                slope += first * u;
                curvature += second * u * u;
            }
            if slope.abs() <= LINE_TOLERANCE * start.abs() {
                break;
            }
            if slope < 0.0 { low = t } else { high = t }
            let newton = t - slope / curvature;
            let farthest = if high.is_finite() { high } else { 4.0 * t };
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
}

/// a·b as eight interleaved partial sums.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    super::kernel::fold(&sums) + rest
}

/// y ← y + c x.
fn add(c: f64, x: &[f64], y: &mut [f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += c * x;
    }
}
