//! Checks against what was measured: published vertices, simulations, and the theory's own certificates.

use crate::spec::LineStyle;
use crate::table::Table;

use super::evidence::{Evidence, Outcome, Verdict};
use super::finite_size;
use super::notation::{number, symbol_of};
use super::series::{CONVERGED, Series, in_range};

/// Which theory is held against which simulation.
pub(super) struct Comparison<'a> {
    /// Curve of the theory; every drawn curve when absent.
    pub curve: Option<&'a str>,
    /// Curve of the simulation, when it is another.
    pub simulated: Option<&'a str>,
    /// The observable.
    pub column: &'a str,
    /// Where.
    pub range: Option<[f64; 2]>,
}

/// Rows of a table that belong to a curve (to any drawn curve when absent) and lie in a range.
pub(super) fn rows(evidence: &Evidence<'_>, table: &Table, curve: Option<&str>, range: Option<[f64; 2]>) -> Vec<usize> {
    let drawn =
        |name: &str| evidence.spec.curves.iter().any(|curve| curve.id == name && curve.style != LineStyle::Hidden);
    (0..table.rows())
        .filter(|&row| match (table.text("curve", row), curve) {
            (Some(name), Some(wanted)) => name == wanted,
            (Some(name), None) => drawn(name),
            (None, _) => false,
        })
        .filter(|&row| table.real("x", row).is_none_or(|x| in_range(x, range)))
        .collect()
}

/// The row with the largest |cell| in a column.
pub(super) fn largest(table: &Table, rows: &[usize], column: &str) -> Option<(usize, f64)> {
    let cells = rows.iter().filter_map(|&row| table.real(column, row).map(|value| (row, value)));
    cells.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
}

fn place(evidence: &Evidence<'_>, table: &Table, row: usize) -> (Option<f64>, String) {
    let x = table.real("x", row);
    let curve = table.text("curve", row).unwrap_or("");
    let at = x.map(|x| format!(" at {} = {}", evidence.symbol(curve), number(x))).unwrap_or_default();
    (x, format!("{}{at}", evidence.name(curve)))
}

pub(super) fn matches_published(
    evidence: &Evidence<'_>,
    curve: Option<&str>,
    range: Option<[f64; 2]>,
    share: f64,
) -> Outcome {
    let table = evidence.published;
    let rows = rows(evidence, table, curve, range);
    let Some((row, worst)) = largest(table, &rows, "difference") else {
        return Outcome::undecided(curve, "no published curve to compare with");
    };
    let count = |word: &str| rows.iter().filter(|&&row| table.text("within", row) == Some(word)).count();
    let (inside, outside, all) = (count("yes"), count("no"), rows.len());
    let found = inside as f64 / all as f64;
    let possible = (all - outside) as f64 / all as f64;
    let (x, place) = place(evidence, table, row);
    let detail = format!(
        "{inside} of {all} published vertices lie within the reading accuracy; the largest difference is {} ({place}).",
        number(worst)
    );
    if found < share && possible >= share {
        return Outcome { verdict: Verdict::Undecided, ..Outcome::new(false, curve, found, share, x, detail) };
    }
    Outcome::new(found >= share, curve.or(table.text("curve", row)), found, share, x, detail)
}

pub(super) fn departs_from_published(
    evidence: &Evidence<'_>,
    curve: &str,
    range: Option<[f64; 2]>,
    bound: f64,
) -> Outcome {
    let table = evidence.published;
    let rows = rows(evidence, table, Some(curve), range);
    let Some((row, worst)) = largest(table, &rows, "difference") else {
        return Outcome::undecided(Some(curve), "no published curve to compare with");
    };
    let (x, place) = place(evidence, table, row);
    let (theory, print) = (table.real("theory", row), table.real("published", row));
    let detail = format!(
        "Largest difference to print {}: theory {}, printed {} ({place}); expected {} or more.",
        number(worst),
        theory.map(number).unwrap_or_default(),
        print.map(number).unwrap_or_default(),
        number(bound)
    );
    let missing = rows.iter().any(|&row| table.real("difference", row).is_none());
    if worst.abs() < bound && missing {
        return Outcome { detail, ..Outcome::undecided(Some(curve), "") };
    }
    Outcome::new(worst.abs() >= bound, Some(curve), worst.abs(), bound, x, detail)
}

/// z of a theory against the simulations at the same x: (row of the agreement table, z), null where either is.
fn deviations(evidence: &Evidence<'_>, against: &Comparison<'_>) -> Vec<(usize, Option<f64>)> {
    let table = evidence.agreement;
    let rows = rows(evidence, table, against.simulated.or(against.curve), against.range);
    let rows = rows.into_iter().filter(|&row| table.text("observable", row) == Some(against.column));
    let (Some(curve), Some(_)) = (against.curve, against.simulated) else {
        return rows.map(|row| (row, table.real("z", row))).collect();
    };
    let theory = Series::new(evidence.theory, curve, against.column);
    let z = |row: usize| {
        let error = table.real("standard_error", row).filter(|&error| error > 0.0)?;
        Some((table.real("mean", row)? - theory.at(table.real("x", row)?)?) / error)
    };
    rows.map(|row| (row, z(row))).collect()
}

fn largest_z(evidence: &Evidence<'_>, against: &Comparison<'_>) -> Option<(usize, f64, usize, bool)> {
    let all = deviations(evidence, against);
    let known: Vec<(usize, f64)> = all.iter().filter_map(|&(row, z)| Some((row, z?))).collect();
    let (row, z) = known.iter().copied().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))?;
    Some((row, z, known.len(), known.len() < all.len()))
}

const NO_SIMULATION: &str = "no simulated point with an error bar";

pub(super) fn agrees(evidence: &Evidence<'_>, against: &Comparison<'_>, bound: f64) -> Outcome {
    let Some((row, z, points, missing)) = largest_z(evidence, against) else {
        return Outcome::undecided(against.curve, NO_SIMULATION);
    };
    let (x, place) = place(evidence, evidence.agreement, row);
    let mut detail = format!(
        "Over {points} simulated points of {} the largest |z| is {:.2} ({place}); expected at most {}.",
        symbol_of(against.column),
        z.abs(),
        number(bound)
    );
    let beyond = deviations(evidence, against).into_iter().filter(|(_, z)| z.is_some_and(|z| z.abs() > bound));
    let beyond: Vec<usize> = beyond.map(|(row, _)| row).collect();
    if !beyond.is_empty() && beyond.iter().all(|&row| finite_size::explains(evidence, row)) {
        let count = beyond.len();
        detail.push_str(&format!(" {count} beyond it; at larger N their deviation shrinks: it is the finite size."));
        return Outcome::new(true, against.curve.or(evidence.agreement.text("curve", row)), z.abs(), bound, x, detail);
    }
    let curve = against.curve.or(evidence.agreement.text("curve", row));
    if z.abs() <= bound && missing {
        return Outcome { detail, ..Outcome::undecided(curve, "") };
    }
    Outcome::new(z.abs() <= bound, curve, z.abs(), bound, x, detail)
}

pub(super) fn rejected(evidence: &Evidence<'_>, against: &Comparison<'_>, bound: f64) -> Outcome {
    let Some((row, z, _, missing)) = largest_z(evidence, against) else {
        return Outcome::undecided(against.curve, NO_SIMULATION);
    };
    let (x, place) = place(evidence, evidence.agreement, row);
    let detail = format!(
        "The simulation lies {:.1} standard errors from the theory of {} ({place}); rejected from {} on.",
        z.abs(),
        evidence.name(against.curve.unwrap_or("")),
        number(bound)
    );
    if z.abs() < bound && missing {
        return Outcome { detail, ..Outcome::undecided(against.curve, "") };
    }
    Outcome::new(z.abs() >= bound, against.curve, z.abs(), bound, x, detail)
}

pub(super) fn certified(
    evidence: &Evidence<'_>,
    curve: Option<&str>,
    range: Option<[f64; 2]>,
    residual: f64,
    quadrature: f64,
) -> Outcome {
    let table = evidence.theory;
    let rows = rows(evidence, table, curve, range);
    let unconverged = rows.iter().filter(|&&row| table.text("status", row) != Some(CONVERGED)).count();
    let worst = (largest(table, &rows, "residual"), largest(table, &rows, "quadrature_error"));
    let (Some((_, left)), Some((row, error))) = worst else {
        return Outcome::undecided(curve, "no certificate in the table");
    };
    let (x, place) = place(evidence, table, row);
    let detail = format!(
        "Over {} points the largest residual is {left:.1e} (allowed {residual:.0e}) and the largest quadrature error \
         {error:.1e} ({place}; allowed {quadrature:.0e}).",
        rows.len()
    );
    if unconverged > 0 {
        return Outcome {
            detail: format!("{detail} {unconverged} did not converge."),
            ..Outcome::undecided(curve, "")
        };
    }
    Outcome::new(left <= residual && error <= quadrature, curve, error, quadrature, x, detail)
}
