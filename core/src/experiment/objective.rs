//! What a fit minimises over the samples, seen from one sample: slope and curvature of the loss.

use ndarray::ArrayView1;

use crate::model::{Loss, Target};

/// The training loss of one learner on one data set, Σ_i ℓ_i(f_i), with ℓ as in [`Loss`].
pub(super) struct Objective<'a> {
    /// s_i = ±1.
    signs: ArrayView1<'a, f64>,
    /// ε, smoothing of the hard labels.
    epsilon: f64,
    loss: Loss,
    /// σ(f̃_i/T), empty when the learner sees labels only.
    soft: Vec<Target>,
}

/// σ(h) and σ(−h) from one exponential, both to full relative accuracy.
#[inline]
fn outputs(h: f64) -> (f64, f64) {
    let tail = (-h.abs()).exp();
    let (likely, unlikely) = (1.0 / (1.0 + tail), tail / (1.0 + tail));
    if h > 0.0 { (likely, unlikely) } else { (unlikely, likely) }
}

impl<'a> Objective<'a> {
    /// Learning from the labels `signs`, smoothed by `epsilon`.
    pub fn labels(signs: ArrayView1<'a, f64>, epsilon: f64) -> Self {
        Self { signs, epsilon, loss: Loss::hard(), soft: Vec::new() }
    }

    /// Learning from the labels and from the pre-activations f̃ of a teacher on the same samples.
    pub fn distillation(signs: ArrayView1<'a, f64>, loss: Loss, teacher: &[f64]) -> Self {
        let soft = teacher.iter().map(|f| Target::soft(f / loss.temperature)).collect();
        Self { signs, epsilon: 0.0, loss, soft }
    }

    /// M, the number of samples.
    pub fn samples(&self) -> usize {
        self.signs.len()
    }

    /// ℓ_i'(h) and ℓ_i''(h). Equal to [`Loss::slope`] and [`Loss::curvature`] at half their exponentials.
    #[inline]
    pub fn slope_and_curvature(&self, i: usize, h: f64) -> (f64, f64) {
        let Loss { hard_weight, soft_weight, temperature } = self.loss;
        let (mut slope, mut curvature) = (0.0, 0.0);
        if hard_weight != 0.0 {
            let (up, down) = outputs(h);
            let label = Target::label(self.signs[i], self.epsilon);
            slope += hard_weight * (label.complement * up - label.p * down);
            curvature += hard_weight * up * down;
        }
        if soft_weight != 0.0 {
            let (up, down) = outputs(h / temperature);
            let Target { p, complement } = self.soft[i];
            slope += soft_weight / temperature * (complement * up - p * down);
            curvature += soft_weight / (temperature * temperature) * up * down;
        }
        (slope, curvature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::arr1;

    #[test]
    fn the_shared_exponential_changes_nothing() {
        let signs = arr1(&[1.0, -1.0]);
        let loss = Loss::distillation(0.3, 2.0);
        let objective = Objective::distillation(signs.view(), loss, &[1.5, -40.0]);
        for (i, teacher) in [(0, 1.5), (1, -40.0)] {
            for h in [-700.0, -31.0, -0.2, 0.0, 3.0, 45.0] {
                let (slope, curvature) = objective.slope_and_curvature(i, h);
                let expected = loss.slope(h, Target::label(signs[i], 0.0), Target::soft(teacher / 2.0));
                assert!((slope - expected).abs() <= 1e-13 * expected.abs(), "{slope} {expected}");
                assert!((curvature / loss.curvature(h) - 1.0).abs() < 1e-14);
            }
        }
    }
}
