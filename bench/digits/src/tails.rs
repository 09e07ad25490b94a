//! What the theory's own mean weights do on the images: no training, no chance.

use redistill::model::bayes::gaussian_tail;
use redistill::model::lineage::{Data, Lineage, Spectrum};
use redistill::theory::lineage::solve;

use crate::Failure;
use crate::learn::stages;
use crate::noise::Split;

/// One class as the mean weights of a teacher see it.
pub struct Tail {
    /// The task.
    pub task: &'static str,
    /// λ̃.
    pub teacher_lambda: f64,
    /// 1 or −1.
    pub class: i64,
    /// `E[z³]` of y h within the class, z in standard deviations; negative when the tail towards the other class is the
    /// longer one.
    pub skewness: f64,
    /// `E[z⁴]` − 3.
    pub excess: f64,
    /// The variance of h within the class over that within both.
    pub variance_ratio: f64,
    /// The share of the images on the wrong side.
    pub error: f64,
    /// What it would be for a Gaussian with the variance of this class.
    pub own_gaussian: f64,
    /// What it would be for a Gaussian with the pooled variance.
    pub gaussian: f64,
}

/// Both classes as the mean weights w_i = v_i m̂/(λ + κ Δ_i) of the teacher see them.
pub fn tails(task: &'static str, split: &Split, data: &Data, teacher: f64) -> Result<[Tail; 2], Failure> {
    let Spectrum::Table { variance, mean } = &data.spectrum else { return Err("no table of moments".into()) };
    let [stage, _] = stages(teacher, variance, 1);
    let solution = solve(&Lineage { data: data.clone(), stages: vec![stage] })?;
    let solved = &solution.stages[0];
    let weights: Vec<f64> =
        variance.iter().zip(mean).map(|(d, v)| v * solved.m_hat / (stage.lambda + solved.kappa * d)).collect();
    let n = weights.len() as f64;
    let sum = |of: &dyn Fn(usize) -> f64| (0..weights.len()).map(of).sum::<f64>();
    let m = sum(&|i| weights[i] * mean[i]) / n;
    let pooled = sum(&|i| variance[i] * weights[i] * weights[i]) / n;
    let half: Vec<f64> = split.means[0].iter().zip(&split.means[1]).map(|(up, down)| (up - down) / 2.0).collect();
    let unit = half.iter().map(|x| x * x).sum::<f64>().sqrt();
    let tail = |class: f64| {
        let rows = split.noise.outer_iter().zip(&split.y).filter(|(_, y)| **y == class);
        let noise: Vec<f64> = rows.map(|(row, _)| class * sum(&|i| weights[i] * row[i]) / (unit * n.sqrt())).collect();
        let moment = |power: i32| noise.iter().map(|h| h.powi(power)).sum::<f64>() / noise.len() as f64;
        let margin = m + class * solved.b;
        let own = moment(2);
        Tail {
            task,
            teacher_lambda: teacher,
            class: class as i64,
            skewness: moment(3) / own.powf(1.5),
            excess: moment(4) / (own * own) - 3.0,
            variance_ratio: own / pooled,
            error: noise.iter().filter(|h| margin + *h <= 0.0).count() as f64 / noise.len() as f64,
            own_gaussian: gaussian_tail(margin / own.sqrt()),
            gaussian: gaussian_tail(margin / pooled.sqrt()),
        }
    };
    Ok([tail(1.0), tail(-1.0)])
}
