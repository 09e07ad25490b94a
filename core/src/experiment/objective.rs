//! What a fit minimises over the samples, seen from one sample: slope and curvature of the loss.

use ndarray::ArrayView1;

use crate::model::{LogisticLoss, Target};

/// The training loss of one learner on one data set, Σ_i ℓ_i(f_i): convex, with a slope and a curvature.
#[derive(Clone)]
pub(super) enum Objective<'a> {
    /// Cross-entropy to labels and soft labels, with ℓ as in [`LogisticLoss`].
    CrossEntropy {
        /// s_i = ±1.
        signs: ArrayView1<'a, f64>,
        /// ε, smoothing of the hard labels.
        epsilon: f64,
        /// How hard and soft labels are mixed.
        loss: LogisticLoss,
        /// σ(f̃_i/T), empty when the learner sees labels only.
        soft: Vec<Target>,
    },
    /// The hinge loss max(0, 1 − y h) with its corner rounded off: the upper envelope over a in [0, 1] of
    /// a(1 − y h) − (τ/2)(a − a_i)².
    Envelope {
        /// y_i = ±1.
        labels: &'a [f64],
        /// a_i, an estimate of the multiplier of each sample.
        multipliers: Vec<f64>,
        /// τ > 0.
        width: f64,
    },
}

/// σ(h) and σ(−h) from one exponential, both to full relative accuracy.
#[inline]
fn outputs(h: f64) -> (f64, f64) {
    let tail = (-h.abs()).exp();
    let (likely, unlikely) = (1.0 / (1.0 + tail), tail / (1.0 + tail));
    if h > 0.0 { (likely, unlikely) } else { (unlikely, likely) }
}

/// The multiplier a at which the envelope of the hinge loss is attained, before it is kept in [0, 1].
#[inline]
pub(super) fn multiplier(label: f64, estimate: f64, width: f64, h: f64) -> f64 {
    estimate + (1.0 - label * h) / width
}

impl<'a> Objective<'a> {
    /// Learning from the labels `signs`, smoothed by `epsilon`.
    pub fn labels(signs: ArrayView1<'a, f64>, epsilon: f64) -> Self {
        Self::CrossEntropy { signs, epsilon, loss: LogisticLoss::hard(), soft: Vec::new() }
    }

    /// Learning from the labels, smoothed by `epsilon`, and from the pre-activations f̃ of a teacher on the
    /// same samples.
    pub fn distillation(signs: ArrayView1<'a, f64>, epsilon: f64, loss: LogisticLoss, teacher: &[f64]) -> Self {
        let soft = teacher.iter().map(|f| Target::soft(f / loss.temperature)).collect();
        Self::CrossEntropy { signs, epsilon, loss, soft }
    }

    /// Learning probabilities of y = 1, one a sample.
    pub fn probabilities(signs: ArrayView1<'a, f64>, targets: Vec<Target>) -> Self {
        Self::CrossEntropy { signs, epsilon: 0.0, loss: LogisticLoss::distillation(1.0, 1.0), soft: targets }
    }

    /// M, the number of samples.
    pub fn samples(&self) -> usize {
        match self {
            Self::CrossEntropy { signs, .. } => signs.len(),
            Self::Envelope { labels, .. } => labels.len(),
        }
    }

    /// Added to Σ_i ℓ_i'' along the bias, so that the Newton equation has a solution: the envelope may have
    /// no curvature at all, and then gets that of one sample on the margin.
    pub fn bias_damping(&self) -> f64 {
        match self {
            Self::CrossEntropy { .. } => 0.0,
            Self::Envelope { width, .. } => 1.0 / width,
        }
    }

    /// ℓ_i(h).
    pub fn value(&self, i: usize, h: f64) -> f64 {
        match self {
            Self::CrossEntropy { signs, epsilon, loss, soft } => {
                let label = Target::label(signs[i], *epsilon);
                // without a teacher the soft label has no weight
                loss.value(h, label, soft.get(i).copied().unwrap_or(label))
            }
            Self::Envelope { labels, multipliers, width } => {
                let attained = multiplier(labels[i], multipliers[i], *width, h).clamp(0.0, 1.0);
                attained * (1.0 - labels[i] * h) - 0.5 * width * (attained - multipliers[i]).powi(2)
            }
        }
    }

    /// ℓ_i'(h) and ℓ_i''(h). Equal to [`LogisticLoss::slope`] and [`LogisticLoss::curvature`] at half their exponentials.
    #[inline]
    pub fn slope_and_curvature(&self, i: usize, h: f64) -> (f64, f64) {
        let (signs, epsilon, loss, soft) = match self {
            Self::CrossEntropy { signs, epsilon, loss, soft } => (signs, *epsilon, loss, soft),
            Self::Envelope { labels, multipliers, width } => {
                let inner = multiplier(labels[i], multipliers[i], *width, h);
                let curvature = if (0.0..=1.0).contains(&inner) { 1.0 / width } else { 0.0 };
                return (-labels[i] * inner.clamp(0.0, 1.0), curvature);
            }
        };
        let LogisticLoss { hard_weight, soft_weight, temperature } = *loss;
        let (mut slope, mut curvature) = (0.0, 0.0);
        if hard_weight != 0.0 {
            let (up, down) = outputs(h);
            let label = Target::label(signs[i], epsilon);
            slope += hard_weight * (label.complement * up - label.p * down);
            curvature += hard_weight * up * down;
        }
        if soft_weight != 0.0 {
            let (up, down) = outputs(h / temperature);
            let Target { p, complement } = soft[i];
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
        let loss = LogisticLoss::distillation(0.3, 2.0);
        let objective = Objective::distillation(signs.view(), 0.0, loss, &[1.5, -40.0]);
        for (i, teacher) in [(0, 1.5), (1, -40.0)] {
            for h in [-700.0, -31.0, -0.2, 0.0, 3.0, 45.0] {
                let (slope, curvature) = objective.slope_and_curvature(i, h);
                let expected = loss.slope(h, Target::label(signs[i], 0.0), Target::soft(teacher / 2.0));
                assert!((slope - expected).abs() <= 1e-13 * expected.abs(), "{slope} {expected}");
                assert!((curvature / loss.curvature(h) - 1.0).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn slopes_and_curvatures_are_derivatives_of_values() {
        let signs = arr1(&[1.0, -1.0]);
        let objectives = [
            Objective::distillation(signs.view(), 0.1, LogisticLoss::distillation(0.3, 2.0), &[1.5, -2.0]),
            Objective::Envelope { labels: &[1.0, -1.0], multipliers: vec![0.3, 0.0], width: 0.5 },
        ];
        for (objective, i) in objectives.iter().flat_map(|objective| [(objective, 0), (objective, 1)]) {
            for h in [-3.0, -0.77, 0.4, 0.9, 1.04, 4.0] {
                let (slope, curvature) = objective.slope_and_curvature(i, h);
                let [up, down] = [h + 1e-6, h - 1e-6];
                let difference = (objective.value(i, up) - objective.value(i, down)) / 2e-6;
                assert!((difference - slope).abs() < 1e-8, "{i} {h}: {difference} {slope}");
                let slopes = [up, down].map(|h| objective.slope_and_curvature(i, h).0);
                assert!(((slopes[0] - slopes[1]) / 2e-6 - curvature).abs() < 1e-8);
            }
        }
    }
}
