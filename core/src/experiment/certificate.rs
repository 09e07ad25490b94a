//! How a fit stands, and what it leaves at its end.

/// How a fit stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Certificate {
    /// Whether `gradient_norm` is within the tolerance asked for, [`GRADIENT_TOLERANCE`](super::GRADIENT_TOLERANCE) unless said otherwise.
    pub converged: bool,
    /// |∇L| over |∇L| at the origin.
    pub gradient_norm: f64,
    /// Newton steps.
    pub iterations: u32,
    /// Passes over the data.
    pub passes: u32,
}

/// A fit at its end.
pub(super) struct Fitted {
    /// w over the features in use.
    pub weights: Vec<f64>,
    /// b.
    pub bias: f64,
    /// Whether the certificate is met.
    pub converged: bool,
    /// |∇L| over |∇L| at the origin, or the duality gap over the primal value.
    pub residual: f64,
    /// Newton steps, or products of conjugate gradients.
    pub iterations: u32,
    /// Passes over the data.
    pub passes: u32,
}
