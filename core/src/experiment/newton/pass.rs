//! What a fit asks of a pass over the data, and what it does with the answer.

use crate::experiment::conjugate::Progress;

use super::{Fit, MOST_PASSES, Request};

impl Fit<'_> {
    fn input_with_bias(&self) -> &[f64] {
        match self.request {
            Request::Gradient => &self.weights,
            Request::Product => &self.solver.direction,
            Request::Step => &self.solver.step,
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
                    self.solver.direction_activations[i] = activation;
                    self.curvatures[i] * activation
                }
                Request::Step => {
                    self.solver.step_activations[i] = activation;
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
        let mut bias_sum = std::mem::take(&mut self.bias_sum);
        if self.request == Request::Product {
            bias_sum += self.scale * self.objective.bias_damping() * self.solver.direction[bias];
        }
        sums[bias] = if self.bias_held { 0.0 } else { self.scale * bias_sum };
        match self.request {
            Request::Gradient => {
                self.gradient = sums;
                self.begin_step()
            }
            Request::Product => match self.solver.advance(&sums) {
                Progress::Singular => true,
                Progress::Continues if self.certificate.passes < self.begun.passes + MOST_PASSES => false,
                Progress::Continues | Progress::OnTarget if self.active.is_some() => {
                    self.request = Request::Step;
                    false
                }
                Progress::Continues | Progress::OnTarget => self.end_step(),
            },
            Request::Step => self.end_step(),
        }
    }
}
