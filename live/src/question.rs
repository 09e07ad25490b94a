//! The parameters of a lineage as a page writes them, one after another.

use redistill_core::model::Lineage;
use redistill_core::model::lineage::{Data, Loss, Source, Spectrum, Stage};

/// How many there are.
pub const PARAMETERS: usize = 16;

/// What a page asks for, in the order of its fields, flags as 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Question {
    /// Whether a student learns from the teacher; else the teacher is all there is.
    pub student: bool,
    /// α.
    pub alpha: f64,
    /// Δ.
    pub delta: f64,
    /// ρ.
    pub rho: f64,
    /// θ, the probability that a label is flipped.
    pub label_noise: f64,
    /// α of the student's own samples; 0 where it sees those of its teacher.
    pub fresh: f64,
    /// The share of the features that the teacher sees.
    pub teacher_features: f64,
    /// Whether the teacher's loss is square; logistic else.
    pub teacher_square: bool,
    /// λ̃.
    pub teacher_lambda: f64,
    /// ε, by which the teacher's labels are smoothed.
    pub epsilon: f64,
    /// η, the share of the features that the student sees.
    pub eta: f64,
    /// Whether the student's loss is square.
    pub square: bool,
    /// λ.
    pub lambda: f64,
    /// Whether the student learns the teacher's labels, not its outputs.
    pub hard: bool,
    /// χ.
    pub chi: f64,
    /// T; of hard labels 0 is the sign.
    pub temperature: f64,
}

impl Question {
    /// The numbers as they lie there.
    #[must_use]
    pub fn read(numbers: &[f64; PARAMETERS]) -> Self {
        let &[student, alpha, delta, rho, label_noise, fresh, teacher_features, teacher_square, rest @ ..] = numbers;
        let [teacher_lambda, epsilon, eta, square, lambda, hard, chi, temperature] = rest;
        Self {
            student: student != 0.0,
            alpha,
            delta,
            rho,
            label_noise,
            fresh,
            teacher_features,
            teacher_square: teacher_square != 0.0,
            teacher_lambda,
            epsilon,
            eta,
            square: square != 0.0,
            lambda,
            hard: hard != 0.0,
            chi,
            temperature,
        }
    }

    /// The lineage that is meant.
    #[must_use]
    pub fn lineage(&self) -> Lineage {
        let loss = |square: bool| if square { Loss::Square } else { Loss::Logistic };
        let mut data = Data {
            alpha: vec![self.alpha],
            delta: self.delta,
            rho: self.rho,
            label_noise: self.label_noise,
            spectrum: Spectrum::Isotropic,
        };
        let teacher = Stage { smoothing: self.epsilon, ..Stage::logistic(self.teacher_features, self.teacher_lambda) };
        let mut stages = vec![teacher.with_loss(loss(self.teacher_square))];
        if self.student {
            let own = Stage::logistic(self.eta, self.lambda).with_loss(loss(self.square));
            let own = match self.hard {
                true => own.hard(Source::Stage(1), self.chi, self.temperature),
                false => own.soft(Source::Stage(1), self.chi, self.temperature),
            };
            let own = if self.fresh == 0.0 { own } else { own.on(2) };
            if self.fresh != 0.0 {
                data.alpha.push(self.fresh);
            }
            stages.push(own);
        }
        Lineage { data, stages }
    }
}
