//! How near a student comes to its source on the training samples (Fig. 11), in either arm.

use serde::{Deserialize, Serialize};

use super::{Target, logistic};

/// Averages over the training samples of a stage beside its source.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Imitation {
    /// E[H(σ(h_src), σ(h))], at temperature 1 whatever T was in training.
    pub cross_entropy: f64,
    /// ½E[(σ(h) − σ(h_src))²]; the published panel carries the ½.
    pub output_mse: f64,
    /// ½E[(h − h_src)²]; the published panel carries the ½.
    pub preactivation_mse: f64,
}

impl Imitation {
    /// Compares pre-activations, one a sample.
    #[must_use]
    pub fn measure(student: &[f64], teacher: &[f64]) -> Self {
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
