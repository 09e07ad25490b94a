//! One figure in final words: drawings, agreement, parameters, checks, simulated points and files.

use serde::Serialize;
use serde_json::{Value, json};

use crate::spec::{Curve, LineStyle, Swept};
use crate::table::schema;
use crate::verdict::{Evidence, NONE, Row, fixed, number, plain, rows_of};

use super::carried::{copied, setting};
use super::digits::{deviate, rounded};
use super::download::{Download, downloads};
use super::entry::{CheckModel, checks};
use super::facts::{facts, node};
use super::numbers::Numbers;
use super::sheet::Sheet;
use super::sheets::{coefficients, measured, points, quantity, sizes};
use super::summary::{Summary, shown_columns};
use super::{FigureInput, Input, ReportError};

/// One figure's card. Texts are Markdown, drawings SVG documents.
#[derive(Debug, Serialize)]
pub(super) struct FigureModel {
    pub id: String,
    /// What it is called: `Figure 5`.
    pub name: String,
    pub title: String,
    pub caption: String,
    /// What the drawing shows, for readers who do not see it.
    pub description: String,
    pub text: String,
    pub facts: Vec<(&'static str, String)>,
    pub curves: Vec<CurveModel>,
    /// The figure's row in the table of agreement, and of it what the card shows.
    pub agreement: Vec<(&'static str, String)>,
    pub short: Vec<(String, String)>,
    pub checks: Vec<CheckModel>,
    /// How many of them stand, in words.
    pub standing: String,
    /// Every simulated point, and those that were run at several sizes.
    pub points: Sheet,
    pub sizes: Sheet,
    /// What was measured, against theory.
    pub measured: Sheet,
    /// The coefficients of 1/N, in a sentence; empty where nothing was simulated.
    pub coefficients: String,
    pub command: String,
    pub digest: String,
    pub panels: usize,
    pub overlay: String,
    /// What the overlay's coordinates span.
    pub view_box: String,
    pub residuals: String,
    pub finite_size: Option<String>,
    /// True where the overlay is a map of the checks.
    pub is_map: bool,
    pub has_published: bool,
    pub has_printed_points: bool,
    pub downloads: Vec<Download>,
    /// What the page's script needs to know: columns of the panels, labels and symbols of the curves; JSON.
    pub plot: String,
    /// The setting from which the explorer begins, if it can say one; JSON.
    pub explore: Option<String>,
}

impl FigureModel {
    /// What the columns of the table of agreement are called.
    pub fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.agreement.iter().map(|(name, _)| *name)
    }
}

/// One curve: its parameters as cells of a row, and how a figure file says it.
#[derive(Debug, Serialize)]
pub(super) struct CurveModel {
    pub cells: Vec<String>,
    pub toml: String,
}

/// Columns of the theory table that the parameter table of a card shows.
const PARAMETERS: [&str; 9] =
    ["alpha", "eta", "delta", "rho", "teacher_lambda", "epsilon", "lambda", "chi", "temperature"];

/// What these columns are called.
pub(super) fn parameter_symbols() -> Vec<&'static str> {
    PARAMETERS.iter().filter_map(|name| schema::THEORY.column(name)).map(|column| column.symbol).collect()
}

/// Everything a card tells.
pub(super) fn figure(
    figure: &FigureInput<'_>,
    summary: &Summary,
    input: &Input<'_>,
    numbers: &Numbers,
) -> Result<FigureModel, ReportError> {
    let evidence = &figure.evidence;
    let spec = evidence.spec;
    let mut rows: Vec<Row<'_>> = input.ledger.ids().flat_map(|id| rows_of(id, input.claims, &[spec])).collect();
    rows.sort_by_key(|check| check.row);
    let checks = checks(&rows, input.claims, &[spec]);
    let standing = checks.iter().filter(|check| check.stands).count();
    Ok(FigureModel {
        id: spec.id.clone(),
        name: spec.name().to_owned(),
        title: spec.title.clone(),
        caption: plain(&spec.caption),
        description: describe(evidence),
        text: numbers.fill(&figure.text, (&figure.text_path, 1), Some(&spec.id))?,
        facts: facts(figure, summary),
        curves: spec.curves.iter().map(|curve| curve_model(curve, evidence)).collect::<Result<_, _>>()?,
        agreement: agreement(summary, input, &spec.id),
        short: short(summary),
        standing: format!("{standing} of {} hold{}", checks.len(), node(spec)),
        is_map: !spec.map.is_empty(),
        checks,
        points: points(evidence),
        sizes: sizes(evidence),
        measured: measured(evidence),
        coefficients: coefficients(evidence),
        command: format!("{} run {}", input.run.command, spec.id),
        digest: figure.digest.clone(),
        panels: spec.panels.len(),
        view_box: view_box(&figure.overlay).to_owned(),
        overlay: figure.overlay.clone(),
        residuals: figure.residuals.clone(),
        finite_size: figure.finite_size.clone(),
        has_published: evidence.published.rows() > 0,
        has_printed_points: evidence.printed_points.rows() > 0,
        downloads: downloads(figure),
        plot: plot(evidence).to_string(),
        explore: setting(evidence).map(|setting| setting.to_string()),
    })
}

fn curve_model(curve: &Curve, evidence: &Evidence<'_>) -> Result<CurveModel, ReportError> {
    let rows = evidence.theory.rows_where("curve", &curve.id);
    let cell = |column: &str| {
        let values: Vec<f64> = rows.iter().filter_map(|&row| evidence.theory.real(column, row)).collect();
        let low = values.iter().copied().min_by(f64::total_cmp);
        let high = values.iter().copied().max_by(f64::total_cmp);
        match (low, high) {
            (Some(low), Some(high)) if low == high => number(low),
            (Some(low), Some(high)) => format!("{} … {}", number(low), number(high)),
            _ => NONE.to_owned(),
        }
    };
    let refuse = |error: toml::ser::Error| ReportError::Template(error.to_string());
    let hidden = if curve.style == LineStyle::Hidden { " (not drawn)" } else { "" };
    let name = format!("{}{hidden}", plain(&curve.label));
    Ok(CurveModel {
        cells: [name].into_iter().chain(PARAMETERS.into_iter().map(cell)).collect(),
        toml: copied(evidence.spec, curve).map_err(refuse)?,
    })
}

/// The figure's row in the table of agreement: what each column is called, and the cell. The first five are of print,
/// and page.html leaves them out beyond the paper.
fn agreement(summary: &Summary, input: &Input<'_>, id: &str) -> Vec<(&'static str, String)> {
    let fixed_or_none = |value: Option<f64>, digits| value.map_or(NONE.to_owned(), |value| fixed(value, digits));
    let printed = format!("{} ({})", fixed_or_none(summary.printed_rms_z, 2), summary.printed_points);
    let mut cells = vec![
        ("largest difference, theory − print", fixed_or_none(summary.worst_published.map(|(_, value)| value.abs()), 5)),
        ("in reading errors", fixed_or_none(summary.worst_reading, 2)),
        ("vertices within", share(summary.vertices, summary.outside)),
        ("closed forms within", share(summary.bounds, summary.bounds_outside)),
        ("printed points: rms z (points)", printed),
        ("χ² / points", format!("{} / {}", fixed_or_none(summary.chi_squared, 1), summary.freedom)),
        ("worst z", fixed_or_none(summary.worst_z.map(|(_, z)| z), 2)),
        ("error of the theory", summary.theory_error.map_or(NONE.to_owned(), rounded)),
        ("not converged", (summary.theory_failed + summary.trials_failed).to_string()),
    ];
    cells.extend(input.costs.map(|costs| ("seconds", fixed_or_none(costs.seconds(input.run.profile, id), 1))));
    cells
}

/// Of the agreement what a card shows: what there is.
fn short(summary: &Summary) -> Vec<(String, String)> {
    let published = summary.worst_published.map(|(_, value)| fixed(value.abs(), 5));
    let vertices = (summary.vertices > 0).then(|| share(summary.vertices, summary.outside));
    let chi_squared = summary.chi_squared.map(|value| fixed(value, 1));
    let told = [
        ("largest |theory − print|".to_owned(), published),
        ("printed vertices within reading accuracy".to_owned(), vertices),
        (format!("χ² over {} points", summary.freedom), chi_squared),
        ("worst z".to_owned(), summary.worst_z.map(|(_, z)| deviate(z))),
    ];
    told.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// How many of all are not outside.
fn share(all: usize, outside: usize) -> String {
    if all == 0 { NONE.to_owned() } else { format!("{} of {all}", all - outside) }
}

/// The view box of an SVG document.
fn view_box(svg: &str) -> &str {
    svg.split_once(" viewBox=\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or("0 0 1 1")
}

/// What the script needs to know of the drawing.
fn plot(evidence: &Evidence<'_>) -> Value {
    let spec = evidence.spec;
    let panels: Vec<Value> = (spec.panels.iter())
        .map(|panel| json!({ "column": panel.y.name(), "quantity": quantity(evidence, panel.y.name()) }))
        .collect();
    let curves: Vec<Value> = (spec.curves.iter())
        .map(|curve| json!({ "id": curve.id, "label": plain(&curve.label), "symbol": plain(&evidence.symbol(&curve.id)), "bound": curve.is_bound() }))
        .collect();
    json!({ "panels": panels, "curves": curves })
}

/// A sentence for readers who do not see the drawing: where every curve begins, peaks and ends.
fn describe(evidence: &Evidence<'_>) -> String {
    let spec = evidence.spec;
    let mut sentences = vec![plain(&spec.caption)];
    let column = shown_columns(spec).first().copied().unwrap_or("eg");
    for curve in spec.curves.iter().filter(|curve| curve.style != LineStyle::Hidden) {
        let rows = evidence.theory.rows_where("curve", &curve.id).into_iter();
        let known: Vec<(f64, f64)> = rows
            .filter_map(|row| Some((evidence.theory.real("x", row)?, evidence.theory.real(column, row)?)))
            .collect();
        if let (Some(first), Some(last)) = (known.first(), known.last()) {
            let symbol = evidence.symbol(&curve.id);
            if spec.swept(curve) == Swept::None {
                sentences.push(format!("{}: {}.", plain(&curve.label), number(first.1)));
                continue;
            }
            let at = |(x, y): &(f64, f64)| format!("{} at {symbol} = {}", number(*y), number(*x));
            let top = known.iter().max_by(|one, other| one.1.total_cmp(&other.1));
            let top = top.filter(|top| top.1 > first.1 && top.1 > last.1);
            let between = top.map_or(String::new(), |top| format!("up to {}, ", at(top)));
            sentences.push(format!("{}: {}, {between}{}.", plain(&curve.label), at(first), at(last)));
        }
    }
    sentences.join(" ")
}
