//! From a curve to the settings that theory and experiment evaluate.

use serde::{Deserialize, Serialize};

use crate::model::{DomainError, Learner, Mixture, ProxyVariance, Setting, Student, TeacherKind};

use super::curve::{Experiments, UNREGULARISED};
use super::{Curve, Figure, LearnerName, Ridge, Scale, Sweep, TeacherName};

/// A parameter that x can bind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parameter {
    /// α.
    Alpha,
    /// η.
    Eta,
    /// Δ.
    Delta,
    /// ρ.
    Rho,
    /// λ̃.
    TeacherLambda,
    /// ε.
    Epsilon,
    /// λ.
    Lambda,
    /// χ.
    Chi,
    /// T.
    Temperature,
    /// Nothing: the curve is a horizontal.
    None,
}

impl Parameter {
    /// Its key in figure files and its name in the messages of [`DomainError`].
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Alpha => "alpha",
            Self::Eta => "eta",
            Self::Delta => "delta",
            Self::Rho => "rho",
            Self::TeacherLambda => "teacher_lambda",
            Self::Epsilon => "epsilon",
            Self::Lambda => "lambda",
            Self::Chi => "chi",
            Self::Temperature => "temperature",
            Self::None => "none",
        }
    }

    /// The parameter's symbol in the mini markup of axis labels.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Alpha => "α",
            Self::Eta => "η",
            Self::Delta => "Δ",
            Self::Rho => "ρ",
            Self::TeacherLambda => "λ̃",
            Self::Epsilon => "ε",
            Self::Lambda => "λ",
            Self::Chi => "χ",
            Self::Temperature => "T",
            Self::None => "x",
        }
    }
}

/// One point of a curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The value on the x axis.
    pub x: f64,
    /// What is evaluated there; where [`Point::optimal`] is set, its ridge is a placeholder.
    pub setting: Setting,
    /// True when the ridge is the one that minimises the learner's test error.
    pub optimal: bool,
}

impl Figure {
    /// The point of a curve at x.
    ///
    /// # Errors
    /// A parameter out of its domain there.
    pub fn point(&self, curve: &Curve, x: f64) -> Result<Point, DomainError> {
        let parameter = curve.x.unwrap_or(self.sweep_of(curve).parameter);
        let bind = |which: Parameter, value: f64| if parameter == which { x } else { value };
        let mixture = Mixture {
            alpha: bind(Parameter::Alpha, curve.data.alpha.or(self.data.alpha).unwrap_or(f64::NAN)),
            eta: bind(Parameter::Eta, curve.data.eta.unwrap_or(self.data.eta)),
            delta: bind(Parameter::Delta, curve.data.delta.unwrap_or(self.data.delta)),
            rho: bind(Parameter::Rho, curve.data.rho.unwrap_or(self.data.rho)),
        };
        let ridge = |ridge: Ridge| match ridge {
            Ridge::Fixed(value) => value,
            Ridge::Optimal(_) => UNREGULARISED,
        };
        let epsilon = bind(Parameter::Epsilon, curve.epsilon);
        let teacher_lambda = bind(Parameter::TeacherLambda, ridge(curve.teacher.lambda));
        let lambda = bind(Parameter::Lambda, ridge(curve.student.lambda));
        let learner = match curve.learner {
            LearnerName::Teacher => Learner::Teacher { lambda: teacher_lambda, epsilon },
            LearnerName::Direct => Learner::Direct { lambda, epsilon },
            LearnerName::Distilled => Learner::Distilled {
                teacher: match curve.teacher.kind {
                    TeacherName::Logistic => TeacherKind::Logistic { lambda: teacher_lambda, epsilon },
                    TeacherName::BayesOptimalProxy => TeacherKind::BayesOptimalProxy {
                        variance: curve.teacher.variance.unwrap_or(ProxyVariance::Derived),
                    },
                    TeacherName::Hebbian => TeacherKind::Hebbian,
                },
                student: Student {
                    lambda,
                    chi: bind(Parameter::Chi, curve.student.chi),
                    temperature: bind(Parameter::Temperature, curve.student.temperature),
                },
            },
            LearnerName::BayesTeacher => Learner::BayesTeacher,
            LearnerName::BayesStudent => Learner::BayesStudent,
        };
        let setting = Setting { mixture, learner };
        setting.validate()?;
        Ok(Point { x, setting, optimal: curve.is_optimal() })
    }

    /// Where the experiments of a curve are; empty for a bound.
    #[must_use]
    pub fn experiment_x(&self, curve: &Curve) -> Vec<f64> {
        match (&curve.experiment, curve.learner) {
            (_, LearnerName::BayesTeacher | LearnerName::BayesStudent) | (Experiments::Switch(false), _) => Vec::new(),
            (Experiments::Switch(true), _) => self.sweep_of(curve).experiment.clone(),
            (Experiments::At(places), _) => places.clone(),
        }
    }

    /// Where the theory of a curve is evaluated: its sweep, finer where that says so and the curve has no sweep
    /// of its own, its experiments and the vertices of its published curve, in rising order without repeats.
    #[must_use]
    pub fn theory_x(&self, curve: &Curve, published: &[f64]) -> Vec<f64> {
        let sweep = self.sweep_of(curve);
        let mut places = sweep.grid(curve.range.unwrap_or(sweep.range), curve.points.unwrap_or(sweep.points));
        if curve.range.is_none() && curve.points.is_none() {
            places.extend(sweep.finer.iter().flat_map(|finer| sweep.grid(finer.range, finer.points)));
        }
        places.extend(self.experiment_x(curve));
        places.extend(published);
        places.sort_by(f64::total_cmp);
        places.dedup();
        places
    }
}

/// An x to twelve digits, so that it prints as it was meant.
#[must_use]
pub fn rounded(x: f64) -> f64 {
    format!("{x:.11e}").parse().unwrap_or(x)
}

impl Curve {
    /// True when the learner's own ridge is tuned at every x.
    #[must_use]
    pub fn is_optimal(&self) -> bool {
        let own = if self.learner == LearnerName::Teacher { self.teacher.lambda } else { self.student.lambda };
        matches!(own, Ridge::Optimal(_))
    }
}

impl Sweep {
    /// `points` values from the first to the last of `range`, evenly spaced on the sweep's scale and
    /// rounded to twelve digits so that they print as they were meant.
    #[must_use]
    pub fn grid(&self, range: [f64; 2], points: usize) -> Vec<f64> {
        let [low, high] = range;
        let last = points.saturating_sub(1).max(1) as f64;
        (0..points)
            .map(|k| k as f64 / last)
            .map(|t| match self.scale {
                Scale::Linear => low + (high - low) * t,
                Scale::Log => (low.ln() + (high / low).ln() * t).exp(),
            })
            .map(rounded)
            .collect()
    }

    /// Limits of the axis.
    #[must_use]
    pub fn limits(&self) -> [f64; 2] {
        self.axis.unwrap_or(self.range)
    }
}
