//! One figure as its card shows it: agreement, parameters, checks and simulated points.

use serde::Serialize;

use crate::spec::{Curve, LineStyle};
use crate::verdict::{Evidence, NONE, Row, deviations, fixed, number, plain, rows_of, symbol_of, threshold_symbol};

use super::check_view::{CheckView, check_views, command, figure_name, rounded};
use super::numbers::Numbers;
use super::placeholders::fill;
use super::summary::{Summary, shown_columns};
use super::{FigureInput, Input, ReportError};

/// One figure's card.
#[derive(Debug, Serialize)]
pub(super) struct FigureView {
    pub id: String,
    pub number: String,
    pub title: String,
    pub paper: String,
    pub caption: String,
    pub text: String,
    pub facts: Vec<(&'static str, String)>,
    pub curves: Vec<CurveView>,
    pub summary: SummaryView,
    pub checks: Vec<CheckView>,
    pub worst: Vec<PointView>,
    pub sizes: Vec<SizeView>,
    pub command: String,
    pub digest: String,
    pub panels: usize,
}

/// One curve's parameters, as cells of a row.
#[derive(Debug, Serialize)]
pub(super) struct CurveView {
    pub id: String,
    pub label: String,
    pub hidden: bool,
    pub cells: Vec<String>,
}

/// The row of the figure table.
#[derive(Debug, Serialize)]
pub(super) struct SummaryView {
    pub published: String,
    pub readings: String,
    pub inside: String,
    pub bounds: String,
    pub printed: String,
    pub printed_points: usize,
    pub chi_squared: String,
    pub freedom: usize,
    pub worst_z: String,
    pub quadrature: String,
    pub points: usize,
    pub unconverged: usize,
    pub seconds: String,
}

/// One simulated point beside its theory.
#[derive(Debug, Serialize)]
pub(super) struct PointView {
    pub curve: String,
    pub x: String,
    pub observable: String,
    pub mean: String,
    pub error: String,
    pub theory: String,
    pub z: String,
    pub loud: bool,
}

/// One point at one of several sizes.
#[derive(Debug, Serialize)]
pub(super) struct SizeView {
    pub curve: String,
    pub x: String,
    pub observable: String,
    pub n: i64,
    pub deviation: String,
    pub z: String,
    pub shrinks: &'static str,
}

/// Columns of the parameter table of a card: column of the theory table and what it is called.
pub(super) const PARAMETERS: [(&str, &str); 9] = [
    ("alpha", "α"),
    ("eta", "η"),
    ("delta", "Δ"),
    ("rho", "ρ"),
    ("teacher_lambda", "λ̃"),
    ("epsilon", "ε"),
    ("lambda", "λ"),
    ("chi", "χ"),
    ("temperature", "T"),
];

/// Beyond this many standard errors a point is marked.
const LOUD: f64 = 3.0;

/// Everything a card tells.
pub(super) fn figure_view(
    figure: &FigureInput<'_>,
    summary: &Summary,
    input: &Input<'_>,
    numbers: &Numbers,
) -> Result<FigureView, ReportError> {
    let evidence = &figure.evidence;
    let spec = evidence.spec;
    let mut checks: Vec<Row<'_>> = input.ledger.ids().flat_map(|id| rows_of(id, input.claims, &[spec])).collect();
    checks.sort_by_key(|check| check.row);
    Ok(FigureView {
        id: spec.id.clone(),
        number: figure_name(&spec.id),
        title: spec.title.clone(),
        paper: spec.paper.clone(),
        caption: plain(&spec.caption),
        text: fill(figure.text, (figure.text_path, 1), Some(&spec.id), numbers)?,
        facts: facts(figure, summary),
        curves: spec.curves.iter().map(|curve| curve_view(curve, evidence)).collect(),
        summary: summary_view(summary, input.costs.and_then(|costs| costs.seconds(input.profile, &spec.id))),
        checks: check_views(&checks, input.claims),
        worst: points(evidence),
        sizes: sizes(evidence),
        command: command(&spec.id),
        digest: figure.digest.to_owned(),
        panels: spec.panels.len(),
    })
}

fn facts(figure: &FigureInput<'_>, summary: &Summary) -> Vec<(&'static str, String)> {
    let evidence = &figure.evidence;
    let metadata = |key: &str| evidence.experiment.metadata.get(key).cloned();
    let mut facts = vec![("theory points", summary.theory_points.to_string())];
    let whole = |value: Option<i64>| value.map(|value| value.to_string());
    let size = |value: Option<f64>| value.map(number);
    let thresholds = evidence.thresholds.iter().map(|(threshold, value)| {
        let symbol = threshold_symbol(*threshold);
        (symbol, Some(fixed(*value, 5)))
    });
    let optional = [
        ("simulated points", Some(summary.simulated_points.to_string())),
        ("trials", Some(summary.trials.to_string())),
        ("trials not converged", Some(summary.trials_failed.to_string())),
        ("features N", whole(summary.features)),
        ("data sets a point", whole(summary.replicates)),
        ("largest error of the theory", size(summary.theory_error)),
        ("profile", metadata("profile")),
        ("root seed", metadata("seed")),
    ];
    facts.extend(optional.into_iter().chain(thresholds).filter_map(|(name, value)| Some((name, value?))));
    facts
}

fn curve_view(curve: &Curve, evidence: &Evidence<'_>) -> CurveView {
    let rows = evidence.theory.rows_where("curve", &curve.id);
    let cell = |(column, _): (&str, &str)| {
        let values: Vec<f64> = rows.iter().filter_map(|&row| evidence.theory.real(column, row)).collect();
        let low = values.iter().copied().min_by(f64::total_cmp);
        let high = values.iter().copied().max_by(f64::total_cmp);
        match (low, high) {
            (Some(low), Some(high)) if low == high => number(low),
            (Some(low), Some(high)) => format!("{} … {}", number(low), number(high)),
            _ => NONE.to_owned(),
        }
    };
    CurveView {
        id: curve.id.clone(),
        label: plain(&curve.label),
        hidden: curve.style == LineStyle::Hidden,
        cells: PARAMETERS.iter().copied().map(cell).collect(),
    }
}

fn summary_view(summary: &Summary, seconds: Option<f64>) -> SummaryView {
    SummaryView {
        published: summary.worst_published.map_or(NONE.to_owned(), |(_, value)| fixed(value.abs(), 5)),
        readings: summary.worst_reading.map_or(NONE.to_owned(), |value| fixed(value, 2)),
        inside: share(summary.vertices, summary.outside),
        bounds: share(summary.bounds, summary.bounds_outside),
        printed: summary.printed_rms_z.map_or(NONE.to_owned(), |z| fixed(z, 2)),
        printed_points: summary.printed_points,
        chi_squared: summary.chi_squared.map_or(NONE.to_owned(), |value| fixed(value, 1)),
        freedom: summary.freedom,
        worst_z: summary.worst_z.map_or(NONE.to_owned(), |(_, z)| fixed(z, 2)),
        quadrature: summary.theory_error.map_or(NONE.to_owned(), rounded),
        points: summary.simulated_points,
        unconverged: summary.theory_failed + summary.trials_failed,
        seconds: seconds.map_or(NONE.to_owned(), |seconds| fixed(seconds, 1)),
    }
}

/// How many of all are not outside.
fn share(all: usize, outside: usize) -> String {
    if all == 0 { NONE.to_owned() } else { format!("{}/{all}", all - outside) }
}

/// Every point that was run at several sizes, one row a size.
fn sizes(evidence: &Evidence<'_>) -> Vec<SizeView> {
    let mut views = Vec::new();
    for deviation in deviations(evidence) {
        for size in &deviation.sizes {
            views.push(SizeView {
                curve: deviation.curve.clone(),
                x: number(deviation.x),
                observable: symbol_of(&deviation.observable).to_owned(),
                n: size.n,
                deviation: number(size.deviation / deviation.theory),
                z: size.z.map_or(NONE.to_owned(), |z| fixed(z, 2)),
                shrinks: if deviation.is_finite_size() { "is the finite size" } else { "is not explained" },
            });
        }
    }
    views
}

/// Every simulated point of the columns that the figure shows.
fn points(evidence: &Evidence<'_>) -> Vec<PointView> {
    let shown = shown_columns(evidence.spec);
    let table = evidence.agreement;
    let rows = evidence.rows(table, None, None);
    let rows = rows.into_iter().filter(|&row| table.text("observable", row).is_some_and(|name| shown.contains(&name)));
    let cell = |column: &str, row: usize| table.real(column, row).map_or(NONE.to_owned(), number);
    let point = |row: usize| PointView {
        curve: table.text("curve", row).unwrap_or("").to_owned(),
        x: cell("x", row),
        observable: symbol_of(table.text("observable", row).unwrap_or("")).to_owned(),
        mean: cell("mean", row),
        error: table.real("standard_error", row).map_or(NONE.to_owned(), rounded),
        theory: cell("theory", row),
        z: table.real("z", row).map_or(NONE.to_owned(), |z| fixed(z, 2)),
        loud: table.real("z", row).is_some_and(|z| z.abs() > LOUD),
    };
    rows.map(point).collect()
}
