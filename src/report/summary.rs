//! Agreement of a figure in a handful of numbers.

use crate::spec::Figure;
use crate::table::Table;

use super::evidence::Evidence;
use super::measured::{largest, rows};
use super::series::CONVERGED;

/// What a figure's tables add up to. Hidden curves count in none of it but the theory's certificates.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Summary {
    /// Theory points.
    pub theory_points: usize,
    /// Theory points that did not converge.
    pub theory_failed: usize,
    /// Largest residual of a converged point.
    pub residual: Option<f64>,
    /// Largest quadrature error of a converged point.
    pub quadrature_error: Option<f64>,
    /// Points with simulations.
    pub simulated_points: usize,
    /// Trials.
    pub trials: usize,
    /// Trials that did not converge.
    pub trials_failed: usize,
    /// N, the features of a trial.
    pub features: Option<i64>,
    /// Converged trials a point, the most of any.
    pub replicates: Option<i64>,
    /// Σ z² over the observables that the panels show.
    pub chi_squared: Option<f64>,
    /// Number of z in χ².
    pub freedom: usize,
    /// z of the largest |z|, with its row of the agreement table.
    pub worst_z: Option<(usize, f64)>,
    /// Published vertices.
    pub vertices: usize,
    /// Published vertices outside their reading accuracy.
    pub outside: usize,
    /// theory − published of the largest size, with its row of the published table.
    pub worst_published: Option<(usize, f64)>,
    /// |theory − published| over the reading error, the largest: where a curve is steep, a large difference is small.
    pub worst_reading: Option<f64>,
}

/// Names of the columns that a figure's panels show.
#[must_use]
pub fn shown_columns(spec: &Figure) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = Vec::new();
    for panel in &spec.panels {
        if !names.contains(&panel.y.name()) {
            names.push(panel.y.name());
        }
    }
    names
}

impl Summary {
    /// Adds up the tables of a figure.
    #[must_use]
    pub fn new(evidence: &Evidence<'_>) -> Self {
        let shown = shown_columns(evidence.spec);
        let theory: Vec<usize> = (0..evidence.theory.rows()).collect();
        let failed = |table: &Table, rows: &[usize]| {
            rows.iter().filter(|&&row| table.text("status", row) != Some(CONVERGED)).count()
        };
        let trials = rows(evidence, evidence.experiment, None, None);
        let agreement: Vec<usize> = rows(evidence, evidence.agreement, None, None)
            .into_iter()
            .filter(|&row| evidence.agreement.text("observable", row).is_some_and(|name| shown.contains(&name)))
            .collect();
        let z: Vec<f64> = agreement.iter().filter_map(|&row| evidence.agreement.real("z", row)).collect();
        let vertices = rows(evidence, evidence.published, None, None);
        let points =
            agreement.iter().filter(|&&row| evidence.agreement.text("observable", row) == shown.first().copied());
        Self {
            theory_points: theory.len(),
            theory_failed: failed(evidence.theory, &theory),
            residual: largest(evidence.theory, &theory, "residual").map(|(_, value)| value),
            quadrature_error: largest(evidence.theory, &theory, "quadrature_error").map(|(_, value)| value),
            simulated_points: points.count(),
            trials: trials.len(),
            trials_failed: failed(evidence.experiment, &trials),
            features: agreement.first().and_then(|&row| evidence.agreement.integer("n", row)),
            replicates: agreement.iter().filter_map(|&row| evidence.agreement.integer("replicates", row)).max(),
            chi_squared: (!z.is_empty()).then(|| z.iter().map(|z| z * z).sum()),
            freedom: z.len(),
            worst_z: largest(evidence.agreement, &agreement, "z"),
            vertices: vertices.len(),
            outside: vertices.iter().filter(|&&row| evidence.published.text("within", row) == Some("no")).count(),
            worst_published: largest(evidence.published, &vertices, "difference"),
            worst_reading: vertices.iter().filter_map(|&row| in_readings(evidence.published, row)).reduce(f64::max),
        }
    }
}

/// |theory − published| of a row of the published table over what the reading allows.
fn in_readings(published: &Table, row: usize) -> Option<f64> {
    Some(published.real("difference", row)?.abs() / published.real("allowance", row)?)
}
