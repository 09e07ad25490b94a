//! The logistic loss with hard and soft labels, accurate in the tails where V reaches 10⁸.

/// σ(h) = 1/(1 + e^{−h}).
#[inline]
#[must_use]
pub fn logistic(h: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-h))
}

/// σ'(h) = σ(h) σ(−h), without cancellation in either tail.
#[inline]
#[must_use]
pub fn logistic_slope(h: f64) -> f64 {
    let tail = libm::exp(-h.abs());
    tail / ((1.0 + tail) * (1.0 + tail))
}

/// log(1 + e^h), without overflow.
#[inline]
#[must_use]
pub fn softplus(h: f64) -> f64 {
    h.max(0.0) + libm::log1p(libm::exp(-h.abs()))
}

/// A label p, in [0, 1] but where targets are mixed with a weight beyond it, that carries its complement, so that σ(h) − p keeps its digits when p is 0, 1,
/// or the output of a confident teacher.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// p, the probability given to y = 1.
    pub p: f64,
    /// 1 − p.
    pub complement: f64,
}

impl Target {
    /// The hard label y = (1 + s)/2 smoothed by ε: p = y(1 − ε) + (1 − y)ε.
    #[must_use]
    pub fn label(s: f64, epsilon: f64) -> Self {
        if s > 0.0 {
            Self { p: 1.0 - epsilon, complement: epsilon }
        } else {
            Self { p: epsilon, complement: 1.0 - epsilon }
        }
    }

    /// The soft label σ(h).
    #[must_use]
    pub fn soft(h: f64) -> Self {
        Self { p: logistic(h), complement: logistic(-h) }
    }

    /// H(p, σ(h)) = softplus(h) − p h, the cross-entropy of the output σ(h) against p.
    #[must_use]
    pub fn cross_entropy(&self, h: f64) -> f64 {
        // of the two equal forms, the one whose terms do not cancel on this side of h = 0
        if h > 0.0 { softplus(-h) + self.complement * h } else { softplus(h) - self.p * h }
    }

    /// (∂H/∂h, ∂²H/∂h²) from one exponential.
    #[inline]
    #[must_use]
    pub fn cross_entropy_derivatives(&self, h: f64) -> (f64, f64) {
        let tail = libm::exp(-h.abs());
        let near = 1.0 / (1.0 + tail);
        let far = tail * near;
        let (up, down) = if h > 0.0 { (near, far) } else { (far, near) };
        (self.complement * up - self.p * down, near * far)
    }

    /// ∂H(p, σ(h))/∂h = σ(h) − p.
    #[inline]
    #[must_use]
    pub fn cross_entropy_slope(&self, h: f64) -> f64 {
        self.cross_entropy_derivatives(h).0
    }
}

/// The loss of one sample as a function of the pre-activation h (Eqs. 1, 3, 4, without the printed ½):
///
/// ```text
/// ℓ(h) = (1 − χ) H(p, σ(h)) + χ H(p̃, σ(h/T)),    p̃ = σ(h̃/T)
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogisticLoss {
    /// 1 − χ, the weight of the hard label.
    pub hard_weight: f64,
    /// χ, the weight of the soft label.
    pub soft_weight: f64,
    /// T, the temperature at which soft labels are compared.
    pub temperature: f64,
}

impl LogisticLoss {
    /// The loss of a learner that sees labels only (χ = 0).
    #[must_use]
    pub fn hard() -> Self {
        Self::distillation(0.0, 1.0)
    }

    /// The distillation loss at mixing χ and temperature T.
    #[must_use]
    pub fn distillation(chi: f64, temperature: f64) -> Self {
        Self { hard_weight: 1.0 - chi, soft_weight: chi, temperature }
    }

    /// ℓ(h) for a hard label and the soft label of the teacher.
    #[must_use]
    pub fn value(&self, h: f64, label: Target, soft: Target) -> f64 {
        self.hard_weight * label.cross_entropy(h) + self.soft_weight * soft.cross_entropy(h / self.temperature)
    }

    /// ℓ'(h).
    #[inline]
    #[must_use]
    pub fn slope(&self, h: f64, label: Target, soft: Target) -> f64 {
        self.derivatives(h, label, soft).0
    }

    /// A = ℓ''(h), which depends on neither label.
    #[inline]
    #[must_use]
    pub fn curvature(&self, h: f64) -> f64 {
        let any = Target::label(1.0, 0.0);
        self.derivatives(h, any, any).1
    }

    /// (ℓ'(h), ℓ''(h)) together, for one exponential a temperature.
    #[inline]
    #[must_use]
    pub fn derivatives(&self, h: f64, label: Target, soft: Target) -> (f64, f64) {
        let (mut slope, mut curvature) = (0.0, 0.0);
        if self.hard_weight != 0.0 {
            let (first, second) = label.cross_entropy_derivatives(h);
            slope += self.hard_weight * first;
            curvature += self.hard_weight * second;
        }
        if self.soft_weight != 0.0 {
            let (first, second) = soft.cross_entropy_derivatives(h / self.temperature);
            slope += self.soft_weight / self.temperature * first;
            curvature += self.soft_weight / (self.temperature * self.temperature) * second;
        }
        (slope, curvature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn slope_and_curvature_are_derivatives(h in -20.0..20.0f64, teacher in -20.0..20.0f64,
                                               chi in 0.0..=1.0f64, t in 0.5..10.0f64) {
            let loss = LogisticLoss::distillation(chi, t);
            let (label, soft) = (Target::label(1.0, 0.1), Target::soft(teacher / t));
            let d = 1e-5;
            let slope = (loss.value(h + d, label, soft) - loss.value(h - d, label, soft)) / (2.0 * d);
            let curvature = (loss.slope(h + d, label, soft) - loss.slope(h - d, label, soft)) / (2.0 * d);
            prop_assert!((slope - loss.slope(h, label, soft)).abs() < 1e-8);
            prop_assert!((curvature - loss.curvature(h)).abs() < 1e-8);
        }
    }

    #[test]
    fn the_tails_keep_their_digits() {
        // σ(40) − 1 = −e^{−40}/(1 + e^{−40}); the naive difference is exactly 0
        let slope = Target::label(1.0, 0.0).cross_entropy_slope(40.0);
        assert!((slope / -(-40.0f64).exp() - 1.0).abs() < 1e-15);
        assert!((Target::label(-1.0, 0.0).cross_entropy(-40.0) / (-40.0f64).exp() - 1.0).abs() < 1e-15);
    }
}
