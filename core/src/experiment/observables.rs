//! What is measured on learners at finite N: overlaps, test error, and how well one imitates another.

use ndarray::ArrayView1;
use serde::{Deserialize, Serialize};

use crate::model::{Mixture, Target, bayes, logistic};

/// Overlaps of one learner with its data set's v, and the test error that follows from them exactly.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Overlaps {
    /// m = w·v/N.
    pub m: f64,
    /// q = |w|²/N; N also for a student, whose other weights are 0.
    pub q: f64,
    /// b.
    pub b: f64,
    /// ε_g(m, q, b), the error on fresh data of this very learner; [`bayes::test_error`].
    pub test_error: f64,
}

impl Overlaps {
    /// Measures weights on the first features; none when w = 0 and b = 0, which classifies nothing.
    pub(super) fn measure(mixture: &Mixture, centre: ArrayView1<'_, f64>, weights: &[f64], b: f64) -> Option<Self> {
        let n = centre.len() as f64;
        let m = weights.iter().zip(centre).map(|(w, v)| w * v).sum::<f64>() / n;
        let q = weights.iter().map(|w| w * w).sum::<f64>() / n;
        let test_error = bayes::test_error(mixture, m, q, b);
        [m, q, b, test_error].iter().all(|x| x.is_finite()).then_some(Self { m, q, b, test_error })
    }
}

/// How far a student is from its teacher, on the training set (Fig. 11).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Imitation {
    /// S = w·w̃/N.
    pub cross_overlap: f64,
    /// E[H(σ(h̃), σ(h))], at temperature 1 whatever T was in training.
    pub cross_entropy: f64,
    /// ½ E[(σ(h) − σ(h̃))²].
    pub output_mse: f64,
    /// ½ E[(h − h̃)²].
    pub preactivation_mse: f64,
}

impl Imitation {
    /// Compares weights (the student's are the first of N) and pre-activations over the training set.
    pub(super) fn measure(n: usize, weights: [&[f64]; 2], [student, teacher]: [&[f64]; 2]) -> Self {
        let [own, taught] = weights;
        let mut sums = [0.0; 3];
        for (h, teacher_h) in student.iter().zip(teacher) {
            sums[0] += Target::soft(*teacher_h).cross_entropy(*h);
            sums[1] += 0.5 * (logistic(*h) - logistic(*teacher_h)).powi(2);
            sums[2] += 0.5 * (h - teacher_h).powi(2);
        }
        let [cross_entropy, output_mse, preactivation_mse] = sums.map(|sum| sum / student.len() as f64);
        let cross_overlap = own.iter().zip(taught).map(|(w, t)| w * t).sum::<f64>() / n as f64;
        Self { cross_overlap, cross_entropy, output_mse, preactivation_mse }
    }
}
