//! Simulation against theory: one z per experiment point and observable.

use crate::table::{Cell, Rows, Table, TableError, schema};

use super::arm::mean_and_error;
use super::evidence::CONVERGED;
use super::series::same_x;
use super::student::{normal_equivalent, t_of};

/// What identifies a point beside its parameters, all copied from its first trial.
const PLACE: [&str; 5] = ["figure", "curve", "kind", "x", "n"];

/// Compares the mean over converged trials with the theory at the same curve and x.
///
/// ```text
/// t = (mean − theory) / (s/√R),   s² = Σ (value − mean)²/(R − 1)
/// z = Φ⁻¹(F(t)), F Student's distribution with R − 1 degrees
/// ```
///
/// `columns` are the observables, columns of both tables. Trials that did not converge are left out of
/// the mean and of R. `standard_error` is null for R < 2, t and z also where the theory is null
/// or t says nothing (see [`t_of`]), as where every sample goes to one class and ε_g = ρ.
///
/// # Errors
/// [`TableError`] only if a schema lacks a column named here.
pub fn table(theory: &Table, experiment: &Table, columns: &[&str]) -> Result<Table, TableError> {
    let mut agreement = Rows::new(&schema::AGREEMENT);
    let names = PLACE.into_iter().chain(schema::PARAMETERS.iter().map(|column| column.name));
    for trials in points(experiment) {
        let first = trials[0];
        let expected = theory_row(theory, experiment, first);
        for &observable in columns {
            let values: Vec<f64> = trials
                .iter()
                .filter(|&&row| experiment.text("status", row) == Some(CONVERGED))
                .filter_map(|&row| experiment.real(observable, row))
                .collect();
            let (mean, error) = mean_and_error(&values);
            let theory = expected.and_then(|row| theory.real(observable, row));
            let t = mean.zip(error).zip(theory).and_then(|((mean, error), theory)| t_of(mean, error, theory));
            let mut cells: Vec<(&str, Cell<'_>)> =
                names.clone().map(|name| (name, experiment.cell(name, first))).collect();
            cells.extend([
                ("replicates", Cell::count(values.len())),
                ("observable", observable.into()),
                ("mean", mean.into()),
                ("standard_error", error.into()),
                ("theory", theory.into()),
                ("t", t.into()),
                ("z", t.and_then(|t| normal_equivalent(t, values.len())).into()),
            ]);
            agreement.push_row(&cells)?;
        }
    }
    agreement.table()
}

/// Rows of the trials of each point, points in order of first appearance.
fn points(experiment: &Table) -> Vec<Vec<usize>> {
    let mut points: Vec<Vec<usize>> = Vec::new();
    for row in 0..experiment.rows() {
        let same = |other: usize| {
            experiment.text("curve", row) == experiment.text("curve", other)
                && experiment.real("x", row) == experiment.real("x", other)
        };
        match points.iter_mut().rev().find(|trials| same(trials[0])) {
            Some(trials) => trials.push(row),
            None => points.push(vec![row]),
        }
    }
    points
}

/// The theory row at the x of a trial, if it converged.
fn theory_row(theory: &Table, experiment: &Table, trial: usize) -> Option<usize> {
    let (curve, x) = (experiment.text("curve", trial)?, experiment.real("x", trial)?);
    theory.rows_where("curve", curve).into_iter().find(|&row| {
        theory.real("x", row).is_some_and(|at| same_x(at, x)) && theory.text("status", row) == Some(CONVERGED)
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn z_is_the_hand_computed_one_and_failed_trials_are_left_out() {
        let theory = fixture::theory(&[("a", &[(1.0, Some(0.15)), (2.0, None)])]);
        let mut experiment = fixture::experiment(&[("a", 1.0, &[0.1, 0.2, 0.3]), ("a", 2.0, &[0.1, 0.3])]);
        let failed = [("curve", "a".into()), ("x", 1.0.into()), ("eg", 9.0.into()), ("status", "not_converged".into())];
        let mut rows = Rows::new(&schema::EXPERIMENT);
        rows.push_row(&failed).unwrap();
        experiment.append(&rows.table().unwrap()).unwrap();
        let table = table(&theory, &experiment, &["eg"]).unwrap();
        assert_eq!(table.rows(), 2);
        assert_eq!(table.integer("replicates", 0), Some(3));
        // s = 0.1, s/√3 = 0.0577350, (0.2 − 0.15)/0.0577350 = 0.8660254
        assert!((table.real("standard_error", 0).unwrap() - 0.057_735_026_9).abs() < 1e-9);
        assert!((table.real("t", 0).unwrap() - 0.866_025_403_8).abs() < 1e-9);
        // P(t₂ > 0.8660254) = 0.2388619, whose normal deviate is 0.70990
        assert!((table.real("z", 0).unwrap() - 0.709_90).abs() < 1e-4, "{:?}", table.real("z", 0));
        assert!((table.real("mean", 1).unwrap() - 0.2).abs() < 1e-15);
        assert_eq!((table.real("theory", 1), table.real("z", 1)), (None, None));
    }

    #[test]
    fn one_trial_has_a_mean_but_no_error_bar() {
        let theory = fixture::theory(&[("a", &[(1.0, Some(0.15))])]);
        let table = table(&theory, &fixture::experiment(&[("a", 1.0, &[0.2])]), &["eg", "q"]).unwrap();
        assert_eq!(table.real("mean", 0), Some(0.2));
        assert_eq!((table.real("standard_error", 0), table.real("z", 0)), (None, None));
        assert_eq!((table.text("observable", 1), table.real("mean", 1)), (Some("q"), None));
    }
}
