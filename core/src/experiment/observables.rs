//! How well one learner imitates another on the training set.

use serde::{Deserialize, Serialize};

use crate::model::{Target, logistic};

/// How far a student is from its teacher, on the training set (Fig. 11).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Imitation {
    /// E[H(σ(h̃), σ(h))], at temperature 1 whatever T was in training.
    pub cross_entropy: f64,
    /// ½ E[(σ(h) − σ(h̃))²].
    pub output_mse: f64,
    /// ½ E[(h − h̃)²].
    pub preactivation_mse: f64,
}

impl Imitation {
    /// Compares pre-activations over the training set.
    pub(super) fn measure(student: &[f64], teacher: &[f64]) -> Self {
        let mut sums = [0.0; 3];
        for (h, teacher_h) in student.iter().zip(teacher) {
            sums[0] += Target::soft(*teacher_h).cross_entropy(*h);
            sums[1] += 0.5 * (logistic(*h) - logistic(*teacher_h)).powi(2);
            sums[2] += 0.5 * (h - teacher_h).powi(2);
        }
        let [cross_entropy, output_mse, preactivation_mse] = sums.map(|sum| sum / student.len() as f64);
        Self { cross_entropy, output_mse, preactivation_mse }
    }
}
