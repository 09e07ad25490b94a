//! The training loss of a stage: its targets on the samples at hand.

use ndarray::ArrayView1;

use crate::experiment::objective::Objective;
use crate::model::lineage::{LossLaw, Quadratic, Stage, TargetKind, Targets};
use crate::model::{LogisticLoss, Target};

/// What a stage minimises over its samples, each loss with its targets.
pub(super) enum TrainingLoss<'a> {
    /// Cross-entropy.
    Logistic(Objective<'a>),
    /// Quadratic in h, with the mixed targets.
    Quadratic(Quadratic, Vec<f64>),
    /// max(0, 1 − y h), y = ±1.
    Hinge(Vec<f64>),
}

/// t of a hard target: 1[h > 0] at T = 0, else σ(h/T).
fn hard_target(h: f64, temperature: f64) -> Target {
    if temperature > 0.0 {
        return Target::soft(h / temperature);
    }
    let p = if h > 0.0 { 1.0 } else { 0.0 };
    Target { p, complement: 1.0 - p }
}

impl<'a> TrainingLoss<'a> {
    /// The loss of `stage` on samples with these labels; `source` holds h_src, where its targets count.
    pub fn new(stage: &Stage, labels: ArrayView1<'a, f64>, source: Option<&[f64]>) -> Self {
        let lesson = stage.targets.as_ref().zip(source);
        match stage.loss.law() {
            LossLaw::Quadratic(law) => Self::Quadratic(law, mixed(labels, lesson)),
            LossLaw::Hinge => Self::Hinge(mixed(labels, lesson)),
            LossLaw::Logistic => Self::Logistic(match lesson {
                None => Objective::labels(labels, stage.smoothing),
                Some((Targets { kind: TargetKind::Soft, chi, temperature, .. }, source)) => {
                    let loss = LogisticLoss::distillation(*chi, *temperature);
                    Objective::distillation(labels, stage.smoothing, loss, source)
                }
                Some((Targets { kind: TargetKind::Hard, chi, temperature, .. }, source)) => {
                    let mixed = labels.iter().zip(source).map(|(y, h)| {
                        let (label, hard) = (Target::label(*y, stage.smoothing), hard_target(*h, *temperature));
                        let mix = |label: f64, hard: f64| (1.0 - chi) * label + chi * hard;
                        Target { p: mix(label.p, hard.p), complement: mix(label.complement, hard.complement) }
                    });
                    Objective::probabilities(labels, mixed.collect())
                }
            }),
        }
    }

    /// Whether all the targets are the same hard label, to which no finite bias is the best.
    pub fn has_one_class(&self) -> bool {
        let same = |targets: &[f64]| targets.iter().all(|y| *y == targets[0]);
        match self {
            Self::Logistic(Objective::CrossEntropy { loss, soft, .. }) if loss.hard_weight == 0.0 => {
                soft.iter().all(|t| t.p == 0.0) || soft.iter().all(|t| t.p == 1.0)
            }
            Self::Hinge(labels) => same(labels),
            // labels themselves are of both classes
            Self::Logistic(_) | Self::Quadratic(..) => false,
        }
    }

    /// The mean of ℓ over the samples, without the ridge.
    pub fn mean(&self, activations: &[f64]) -> f64 {
        let pairs = |targets: &[f64], loss: &dyn Fn(f64, f64) -> f64| -> f64 {
            targets.iter().zip(activations).map(|(y, h)| loss(*y, *h)).sum()
        };
        let sum = match self {
            Self::Logistic(objective) => activations.iter().enumerate().map(|(i, h)| objective.value(i, *h)).sum(),
            Self::Quadratic(law, targets) => pairs(targets, &|target, h| law.value(target, h)),
            Self::Hinge(labels) => pairs(labels, &|y, h| (1.0 - y * h).max(0.0)),
        };
        sum / activations.len() as f64
    }
}

/// The targets as real numbers: the labels ±1, mixed with h_src or with 2t − 1.
fn mixed(labels: ArrayView1<'_, f64>, lesson: Option<(&Targets, &[f64])>) -> Vec<f64> {
    let Some((Targets { kind, chi, temperature, .. }, source)) = lesson else { return labels.to_vec() };
    let told = |h: f64| match kind {
        TargetKind::Soft => h,
        TargetKind::Hard => sign(hard_target(h, *temperature)),
    };
    labels.iter().zip(source).map(|(y, h)| (1.0 - chi) * y + chi * told(*h)).collect()
}

/// 2t − 1.
fn sign(target: Target) -> f64 {
    target.p - target.complement
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lineage::Loss;
    use crate::model::lineage::Source;
    use crate::model::logistic;
    use ndarray::arr1;

    /// −g of the model's table, for y = ±1 and h_src.
    fn slope(stage: &Stage, y: f64, source: f64, h: f64) -> f64 {
        let labels = arr1(&[y]);
        match TrainingLoss::new(stage, labels.view(), Some(&[source])) {
            TrainingLoss::Logistic(objective) => objective.slope_and_curvature(0, h).0,
            TrainingLoss::Quadratic(law, targets) => law.curvature * h - law.pull * targets[0],
            TrainingLoss::Hinge(labels) => {
                if labels[0] * h < 1.0 {
                    -labels[0]
                } else {
                    0.0
                }
            }
        }
    }

    #[test]
    fn slopes_are_those_of_the_model_and_of_the_mean() {
        let (chi, t, smoothing) = (0.3, 2.0, 0.1);
        let logistic_stage = Stage { smoothing, ..Stage::logistic(1.0, 0.1) };
        let square = Stage::logistic(1.0, 0.1).with_loss(Loss::Square);
        let hinge = Stage::logistic(1.0, 0.1).with_loss(Loss::Hinge);
        let from = Source::Stage(1);
        for (y, source, h) in [(1.0, -1.3, 0.4), (-1.0, 0.7, 2.0), (-1.0, -3.0, -0.5), (1.0, 2.0, 1.4)] {
            let label = if y > 0.0 { 1.0 - smoothing } else { smoothing };
            let step = if source > 0.0 { 1.0 } else { 0.0 };
            let soft = chi / t * (logistic(source / t) - logistic(h / t));
            let cases = [
                (logistic_stage, label - logistic(h)),
                (logistic_stage.soft(from, chi, t), (1.0 - chi) * (label - logistic(h)) + soft),
                (logistic_stage.hard(from, chi, 0.0), (1.0 - chi) * label + chi * step - logistic(h)),
                (logistic_stage.hard(from, chi, t), (1.0 - chi) * label + chi * logistic(source / t) - logistic(h)),
                (square.soft(from, chi, 1.0), (1.0 - chi) * y + chi * source - h),
                (square.hard(from, chi, 0.0), (1.0 - chi) * y + chi * (2.0 * step - 1.0) - h),
                (hinge.hard(from, 1.0, 0.0), if source.signum() * h < 1.0 { source.signum() } else { 0.0 }),
            ];
            for (stage, g) in cases {
                assert!((slope(&stage, y, source, h) + g).abs() < 1e-14, "{stage:?}");
                let labels = arr1(&[y]);
                let sources = [source];
                let loss = TrainingLoss::new(&stage, labels.view(), Some(&sources));
                let difference = (loss.mean(&[h + 1e-6]) - loss.mean(&[h - 1e-6])) / 2e-6;
                assert!((difference + g).abs() < 1e-8, "{stage:?}: {difference} {g}");
            }
        }
    }
}
