//! The tables under a figure: its points, the points at several sizes, and what was measured.

use crate::spec::Swept;
use crate::verdict::{Coefficient, Evidence, NONE, Trend, deviations, fixed, mean_coefficient, number, plain};

use super::digits::{cells, deviate, reading};
use super::sheet::Sheet;
use super::summary::shown_columns;

/// Beyond this many standard errors a point is marked.
const LOUD: f64 = 3.0;

/// Every point that was run at several sizes, one row a size.
pub(super) fn sizes(evidence: &Evidence<'_>) -> Sheet {
    let mut sheet = Sheet::new([
        "curve",
        "x",
        "quantity",
        "N",
        "data sets",
        "(mean − theory)/theory",
        "z",
        "c of c/N",
        "error of c",
        "χ² of the fit",
        "sizes",
        "the deviation",
    ]);
    for deviation in deviations(evidence) {
        let coefficient = deviation.coefficient();
        let of = |part: fn(&Coefficient) -> f64| coefficient.as_ref().map(part);
        let [value, error] = cells(of(|one| one.value), of(|one| one.standard_error));
        let chi_squared = of(|one| one.chi_squared).map_or(NONE.to_owned(), |one| format!("{one:.1}"));
        for size in &deviation.sizes {
            sheet.push([
                label(evidence, &deviation.curve),
                number(deviation.x),
                quantity(evidence, &deviation.observable),
                size.n.to_string(),
                size.replicates.to_string(),
                number(deviation.relative(size.deviation)),
                size.z.map_or(NONE.to_owned(), deviate),
                value.clone(),
                error.clone(),
                chi_squared.clone(),
                deviation.sizes.len().to_string(),
                deviation.trend().words().to_owned(),
            ]);
        }
    }
    sheet
}

/// The coefficients c of (mean − theory)/theory = c/N of the deviations that were seen, and how many were not; or the mean
/// of c over all points, where none was run at several sizes.
pub(super) fn coefficients(evidence: &Evidence<'_>) -> String {
    let all = deviations(evidence);
    if all.is_empty() {
        return mean_coefficients(evidence);
    }
    let (unseen, seen): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.trend() == Trend::Unseen);
    let told = seen.iter().map(|one| {
        let place = match evidence.swept(&one.curve) {
            Swept::None => String::new(),
            swept => format!(" at {} = {}", swept.symbol(), number(one.x)),
        };
        let what = format!("{} of “{}”{place}", quantity(evidence, &one.observable), label(evidence, &one.curve));
        match one.coefficient() {
            Some(found) => {
                let found = reading(found.value, Some(found.standard_error));
                format!("{what}: c = {found}, {}", one.trend().words())
            }
            None => format!("{what}: {}", one.trend().words()),
        }
    });
    let told: Vec<String> = told.collect();
    let head = "Relative to theory, the deviation is c/N";
    match (told.is_empty(), unseen.len()) {
        (true, 0 | 1) => "The deviation stays within three standard errors.".to_owned(),
        (true, count) => format!("All {count} deviations stay within three standard errors."),
        (false, 0) => format!("{head}: {}.", told.join("; ")),
        (false, count) => format!("{head}: {}. The {count} others stay within three standard errors.", told.join("; ")),
    }
}

/// What the points of one size alone say of c, for every column that the figure shows.
fn mean_coefficients(evidence: &Evidence<'_>) -> String {
    let Some(n) = (0..evidence.agreement.rows()).find_map(|row| evidence.agreement.integer("n", row)) else {
        return String::new();
    };
    let told = shown_columns(evidence.spec).into_iter().filter_map(|column| {
        let (value, error, count) = mean_coefficient(evidence, column)?;
        Some(format!("{} in {} ({count} points)", reading(value, Some(error)), quantity(evidence, column)))
    });
    let told: Vec<String> = told.collect();
    match told.is_empty() {
        true => String::new(),
        false => format!("Taken as c/N of theory, those at N = {n} give a mean c of {}.", told.join(", ")),
    }
}

/// A curve as the legend calls it.
fn label(evidence: &Evidence<'_>, id: &str) -> String {
    evidence.spec.curves.iter().find(|curve| curve.id == id).map_or(id.to_owned(), |curve| plain(&curve.label))
}

/// A column that a panel shows, in words.
pub(super) fn quantity(evidence: &Evidence<'_>, column: &str) -> String {
    let shown = evidence.spec.panels.iter().find(|panel| panel.y.name() == column);
    shown.map_or(column, |panel| panel.y.words()).to_owned()
}

/// Every simulated point of the columns that the figure shows; what is far from theory is marked.
pub(super) fn points(evidence: &Evidence<'_>) -> Sheet {
    let shown = shown_columns(evidence.spec);
    let table = &evidence.agreement;
    let cell = |column: &str, row: usize| table.real(column, row).map_or(NONE.to_owned(), number);
    let mut sheet = Sheet::new(["curve", "x", "quantity", "mean", "standard error", "theory", "z"]);
    for row in evidence.rows(table, None, None) {
        let Some(column) = table.text("observable", row).filter(|name| shown.contains(name)) else { continue };
        let z = table.real("z", row);
        let [mean, error] = cells(table.real("mean", row), table.real("standard_error", row));
        sheet.push([
            label(evidence, table.text("curve", row).unwrap_or("")),
            cell("x", row),
            quantity(evidence, column),
            mean,
            error,
            cell("theory", row),
            z.map_or(NONE.to_owned(), deviate),
        ]);
        sheet.mark_last(z.is_some_and(|z| z.abs() > LOUD));
    }
    sheet
}

/// Every measured value; what is far from theory is marked.
pub(super) fn measured(evidence: &Evidence<'_>) -> Sheet {
    let table = &evidence.measured;
    let mut sheet =
        Sheet::new(["curve", "x", "measured", "standard error", "theory", "(measured − theory)/theory", "z"]);
    for row in 0..table.rows() {
        let cell = |column: &str| table.real(column, row).map_or(NONE.to_owned(), number);
        let z = table.real("z", row);
        let [mean, error] = cells(table.real("measured", row), table.real("standard_error", row));
        sheet.push([
            label(evidence, table.text("curve", row).unwrap_or("")),
            cell("x"),
            mean,
            error,
            cell("theory"),
            table.real("difference", row).map_or(NONE.to_owned(), |share| fixed(share, 3)),
            z.map_or(NONE.to_owned(), deviate),
        ]);
        sheet.mark_last(z.is_some_and(|z| z.abs() > LOUD));
    }
    sheet
}
