//! The losses of one sample, and all that the rest asks of them: a loss that is quadratic in h needs no more than this
//! file.

use serde::{Deserialize, Serialize};

/// The loss of one sample; see the table of the [module](super).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// Cross-entropy of the logistic function.
    Logistic,
    /// ½(y − h)², y = ±1.
    Square,
    /// max(0, 1 − y h).
    Hinge,
    /// −y h: with λ = α it is the Hebbian rule.
    Linear,
}

/// What of its source a stage is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// The outputs: σ(h_src/T) to be met by σ(h/T), or h_src itself under the square loss.
    #[default]
    Soft,
    /// A label t = `1[h_src > 0]` (T = 0) or t = σ(h_src/T), the student itself at temperature 1.
    Hard,
}

/// A loss that is quadratic in h, ½A h² − p τ h with the target τ, counted from its least value where it has one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quadratic {
    /// A = ℓ''(h) ≥ 0.
    pub curvature: f64,
    /// p = −ℓ'(0)/τ.
    pub pull: f64,
}

/// The law of a loss in h: what theory and experiment tell apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LossLaw {
    /// Affine ℓ': order parameters in closed form.
    Quadratic(Quadratic),
    /// Cross-entropy, smooth and curved everywhere.
    Logistic,
    /// Straight pieces with a kink.
    Hinge,
}

impl Quadratic {
    /// The h that is asked for at τ = 1, where the loss is least; none without curvature.
    #[must_use]
    pub fn asked(&self) -> Option<f64> {
        (self.curvature > 0.0).then(|| self.pull / self.curvature)
    }

    /// ℓ(h).
    #[must_use]
    pub fn value(&self, target: f64, h: f64) -> f64 {
        match self.asked() {
            Some(asked) => 0.5 * self.curvature * (asked * target - h) * (asked * target - h),
            None => -self.pull * target * h,
        }
    }
}

impl Loss {
    /// Its word in files, flags and tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Logistic => "logistic",
            Self::Square => "square",
            Self::Hinge => "hinge",
            Self::Linear => "linear",
        }
    }

    /// Its law in h.
    #[must_use]
    pub fn law(self) -> LossLaw {
        match self {
            Self::Square => LossLaw::Quadratic(Quadratic { curvature: 1.0, pull: 1.0 }),
            Self::Linear => LossLaw::Quadratic(Quadratic { curvature: 0.0, pull: 1.0 }),
            Self::Logistic => LossLaw::Logistic,
            Self::Hinge => LossLaw::Hinge,
        }
    }

    /// A and p, if the loss is quadratic in h: then g is affine in ω, and the order parameters have a closed form.
    #[must_use]
    pub fn quadratic(self) -> Option<Quadratic> {
        match self.law() {
            LossLaw::Quadratic(law) => Some(law),
            LossLaw::Logistic | LossLaw::Hinge => None,
        }
    }

    /// Whether labels may be smoothed.
    pub(super) fn smooths(self) -> bool {
        self == Self::Logistic
    }

    /// Whether targets may be mixed with the labels.
    pub(super) fn mixes(self) -> bool {
        match self {
            Self::Logistic | Self::Square => true,
            Self::Hinge | Self::Linear => false,
        }
    }

    /// Whether targets of a kind have a temperature to choose: a quadratic loss compares h with h_src itself.
    pub(super) fn cools(self, kind: TargetKind) -> bool {
        self.mixes() && (self.quadratic().is_none() || kind == TargetKind::Hard)
    }

    /// Whether ℓ has a least value whatever the weights of its targets, so that the fit has one without a ridge.
    pub(super) fn is_bounded(self) -> bool {
        self.quadratic().is_some_and(|law| law.curvature > 0.0)
    }

    /// Whether the limit λ → 0 is taken.
    pub(super) fn has_limit(self) -> bool {
        self.is_bounded() || self == Self::Logistic
    }

    /// Checks the weight and the temperature of targets of a kind.
    ///
    /// # Errors
    /// The first that the loss cannot learn from.
    pub(super) fn check(self, kind: TargetKind, chi: f64, temperature: f64) -> Result<(), Unlearnable> {
        let (parameter, value, valid) = match (self.law(), kind) {
            (LossLaw::Logistic, TargetKind::Soft) => {
                let (least, most) = convex_mixes(temperature);
                if (least..=most).contains(&chi) {
                    return Ok(());
                }
                let valid = format!(
                    "a number in [0, 1]; beyond it the loss is convex from {least} to {most} at temperature {temperature}"
                );
                return Err(Unlearnable { parameter: "targets.chi", value: Some(chi), valid });
            }
            (LossLaw::Quadratic(_), TargetKind::Soft) if temperature != 1.0 => {
                ("targets.temperature", Some(temperature), "1: a quadratic loss compares h with h_src itself")
            }
            (LossLaw::Hinge, TargetKind::Soft) => ("targets.kind", None, "hard: the hinge loss has no soft targets"),
            (LossLaw::Hinge, TargetKind::Hard) if chi != 1.0 => {
                ("targets.chi", Some(chi), "1: the hinge loss does not mix targets")
            }
            (LossLaw::Hinge, TargetKind::Hard) if temperature != 0.0 => {
                ("targets.temperature", Some(temperature), "0 for the hinge loss")
            }
            (LossLaw::Quadratic(_), TargetKind::Soft)
            | (LossLaw::Logistic | LossLaw::Quadratic(_) | LossLaw::Hinge, TargetKind::Hard) => return Ok(()),
        };
        Err(Unlearnable { parameter, value, valid: valid.to_owned() })
    }
}

/// What a loss cannot learn from.
pub(super) struct Unlearnable {
    /// Its name, as written in a lineage file.
    pub parameter: &'static str,
    /// Its value; none for soft targets themselves.
    pub value: Option<f64>,
    pub valid: String,
}

/// The weights χ of soft targets at temperature T under which the logistic loss is convex. Its curvature
/// (1 − χ) σ'(h) + χ σ'(h/T)/T² is least at h = 0 or at infinity.
fn convex_mixes(t: f64) -> (f64, f64) {
    let square = t * t;
    if t > 1.0 {
        (0.0, square / (square - 1.0))
    } else if t < 1.0 {
        (-square / (1.0 - square), 1.0)
    } else {
        (f64::NEG_INFINITY, f64::INFINITY)
    }
}
