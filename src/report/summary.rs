//! Agreement of a figure in a handful of numbers.

use crate::spec::{Figure, Scale};
use crate::table::Table;
use crate::verdict::{CONVERGED, Evidence, largest};

/// What a figure's tables add up to. Hidden curves count in none of it but the theory's certificates.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Summary {
    /// Theory points.
    pub theory_points: usize,
    /// Theory points that did not converge.
    pub theory_failed: usize,
    /// The largest certified error of a converged point.
    pub theory_error: Option<f64>,
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
    /// Printed vertices of curves that are learned, not of bounds in closed form.
    pub vertices: usize,
    /// Those outside their reading accuracy.
    pub outside: usize,
    /// theory − published of the largest size, with its row of the published table: of learned curves on linear
    /// panels, as a difference on a logarithmic one means nothing before it is put in readings.
    pub worst_published: Option<(usize, f64)>,
    /// |theory − published| over what the reading allows, the largest of learned curves.
    pub worst_reading: Option<f64>,
    /// Printed vertices of bounds in closed form.
    pub bounds: usize,
    /// Those outside their reading accuracy.
    pub bounds_outside: usize,
    /// Printed simulation points.
    pub printed_points: usize,
    /// Root mean square z of those that have a bar.
    pub printed_rms_z: Option<f64>,
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
        let trials = evidence.rows(&evidence.experiment, None, None);
        let agreement: Vec<usize> = evidence
            .rows(&evidence.agreement, None, None)
            .into_iter()
            .filter(|&row| evidence.agreement.text("observable", row).is_some_and(|name| shown.contains(&name)))
            .collect();
        let z: Vec<f64> = agreement.iter().filter_map(|&row| evidence.agreement.real("z", row)).collect();
        let print = &evidence.published;
        let (bounds, vertices): (Vec<usize>, Vec<usize>) =
            evidence.rows(print, None, None).into_iter().partition(|&row| print.text("bound", row) == Some("yes"));
        let outside = |rows: &[usize]| rows.iter().filter(|&&row| print.text("within", row) == Some("no")).count();
        let linear: Vec<usize> = vertices.iter().copied().filter(|&row| on_linear_panel(evidence, row)).collect();
        let printed = evidence.rows(&evidence.printed_points, None, None);
        let printed_z: Vec<f64> = printed.iter().filter_map(|&row| evidence.printed_points.real("z", row)).collect();
        let points =
            agreement.iter().filter(|&&row| evidence.agreement.text("observable", row) == shown.first().copied());
        Self {
            theory_points: theory.len(),
            theory_failed: failed(&evidence.theory, &theory),
            theory_error: largest(&evidence.theory, &theory, "error").map(|(_, value)| value),
            simulated_points: points.count(),
            trials: trials.len(),
            trials_failed: failed(&evidence.experiment, &trials),
            features: agreement.first().and_then(|&row| evidence.agreement.integer("n", row)),
            replicates: agreement.iter().filter_map(|&row| evidence.agreement.integer("replicates", row)).max(),
            chi_squared: (!z.is_empty()).then(|| z.iter().map(|z| z * z).sum()),
            freedom: z.len(),
            worst_z: largest(&evidence.agreement, &agreement, "z"),
            vertices: vertices.len(),
            outside: outside(&vertices),
            worst_published: largest(print, &linear, "difference"),
            worst_reading: largest(print, &vertices, "in_readings").map(|(_, readings)| readings),
            bounds: bounds.len(),
            bounds_outside: outside(&bounds),
            printed_points: printed.len(),
            printed_rms_z: rms(&printed_z),
        }
    }
}

/// True for a row of the published table whose column is shown on a linear axis.
fn on_linear_panel(evidence: &Evidence<'_>, row: usize) -> bool {
    let column = evidence.published.text("column", row);
    evidence.spec.panels.iter().any(|panel| Some(panel.y.name()) == column && panel.scale == Scale::Linear)
}

/// Root of the mean square; none of no values.
fn rms(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| (values.iter().map(|value| value * value).sum::<f64>() / values.len() as f64).sqrt())
}
