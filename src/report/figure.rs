//! One figure in final words: drawings, agreement, parameters, checks, simulated points and files.

use serde::Serialize;
use serde_json::{Value, json};

use crate::spec::{Column, Curve, LineStyle, Threshold};
use crate::table::{Table, csv};
use crate::verdict::{Evidence, NONE, Row, deviations, fixed, number, plain, rows_of};

use super::download::Download;
use super::entry::{CheckModel, checks};
use super::numbers::{Numbers, rounded};
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
    pub summary: SummaryModel,
    pub checks: Vec<CheckModel>,
    /// How many of them stand, in words.
    pub standing: String,
    pub points: Vec<PointModel>,
    pub sizes: Vec<SizeModel>,
    pub command: String,
    pub digest: String,
    pub panels: usize,
    pub overlay: String,
    /// What the overlay's coordinates span.
    pub view_box: String,
    pub residuals: String,
    pub finite_size: Option<String>,
    pub has_published: bool,
    pub has_printed_points: bool,
    pub downloads: Vec<Download>,
    /// What the page's script needs to know: columns of the panels, labels and symbols of the curves; JSON.
    pub plot: String,
    /// A point of a curve from which the explorer can start; JSON.
    pub explore: String,
}

/// One curve: its parameters as cells of a row, and how a figure file says it.
#[derive(Debug, Serialize)]
pub(super) struct CurveModel {
    pub label: String,
    pub hidden: bool,
    pub cells: Vec<String>,
    pub toml: String,
}

/// The row of the figure table.
#[derive(Debug, Serialize)]
pub(super) struct SummaryModel {
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
pub(super) struct PointModel {
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
pub(super) struct SizeModel {
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

/// Columns of the agreement table that a reader needs; the parameters are in the theory table.
const AGREEMENT: [&str; 9] =
    ["figure", "curve", "x", "replicates", "observable", "mean", "standard_error", "theory", "z"];

/// Columns of the published table that a reader needs.
const PUBLISHED: [&str; 8] = ["figure", "curve", "column", "x", "published", "theory", "in_readings", "bound"];

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
        text: numbers.fill(figure.text, (figure.text_path, 1), Some(&spec.id))?,
        facts: facts(figure, summary),
        curves: spec.curves.iter().map(|curve| curve_model(curve, evidence)).collect::<Result<_, _>>()?,
        summary: summary_model(summary, input.costs.and_then(|costs| costs.seconds(input.run.profile, &spec.id))),
        standing: format!("{standing} of {} hold", checks.len()),
        checks,
        points: points(evidence),
        sizes: sizes(evidence),
        command: format!("cargo run --release -- run {}", spec.id),
        digest: figure.digest.to_owned(),
        panels: spec.panels.len(),
        view_box: view_box(figure.drawings.overlay).to_owned(),
        overlay: figure.drawings.overlay.to_owned(),
        residuals: figure.drawings.residuals.to_owned(),
        finite_size: figure.drawings.finite_size.map(str::to_owned),
        has_published: evidence.published.rows() > 0,
        has_printed_points: evidence.printed_points.rows() > 0,
        downloads: downloads(figure)?,
        plot: plot(evidence).to_string(),
        explore: explore(evidence).to_string(),
    })
}

fn facts(figure: &FigureInput<'_>, summary: &Summary) -> Vec<(&'static str, String)> {
    let evidence = &figure.evidence;
    let metadata = |key: &str| evidence.experiment.metadata.get(key).cloned();
    let mut facts = vec![("theory points", summary.theory_points.to_string())];
    let whole = |value: Option<i64>| value.map(|value| value.to_string());
    let size = |value: Option<f64>| value.map(number);
    let thresholds = evidence.thresholds.iter().map(|(threshold, value)| {
        let words = match threshold {
            Threshold::Interpolation => "interpolation at α",
            Threshold::StudentSeparability => "student's data separable up to α",
            Threshold::TeacherSeparability => "teacher's data separable up to α",
        };
        (words, Some(fixed(*value, 5)))
    });
    let optional = [
        ("simulated points", Some(summary.simulated_points.to_string())),
        ("trials", Some(summary.trials.to_string())),
        ("trials not converged", Some(summary.trials_failed.to_string())),
        ("features N", whole(summary.features)),
        ("data sets a point", whole(summary.replicates)),
        ("largest residual", size(summary.residual)),
        ("largest quadrature error", size(summary.quadrature_error)),
        ("profile", metadata("profile")),
        ("root seed", metadata("seed")),
    ];
    facts.extend(optional.into_iter().chain(thresholds).filter_map(|(name, value)| Some((name, value?))));
    facts
}

fn curve_model(curve: &Curve, evidence: &Evidence<'_>) -> Result<CurveModel, ReportError> {
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
    #[derive(Serialize)]
    struct File<'a> {
        curve: [&'a Curve; 1],
    }
    let refuse = |error: toml::ser::Error| ReportError::Template(error.to_string());
    Ok(CurveModel {
        label: plain(&curve.label),
        hidden: curve.style == LineStyle::Hidden,
        cells: PARAMETERS.iter().copied().map(cell).collect(),
        toml: toml::to_string(&File { curve: [curve] }).map_err(refuse)?,
    })
}

fn summary_model(summary: &Summary, seconds: Option<f64>) -> SummaryModel {
    SummaryModel {
        published: summary.worst_published.map_or(NONE.to_owned(), |(_, value)| fixed(value.abs(), 5)),
        readings: summary.worst_reading.map_or(NONE.to_owned(), |value| fixed(value, 2)),
        inside: share(summary.vertices, summary.outside),
        bounds: share(summary.bounds, summary.bounds_outside),
        printed: summary.printed_rms_z.map_or(NONE.to_owned(), |z| fixed(z, 2)),
        printed_points: summary.printed_points,
        chi_squared: summary.chi_squared.map_or(NONE.to_owned(), |value| fixed(value, 1)),
        freedom: summary.freedom,
        worst_z: summary.worst_z.map_or(NONE.to_owned(), |(_, z)| fixed(z, 2)),
        quadrature: summary.quadrature_error.map_or(NONE.to_owned(), rounded),
        points: summary.simulated_points,
        unconverged: summary.theory_failed + summary.trials_failed,
        seconds: seconds.map_or(NONE.to_owned(), |seconds| fixed(seconds, 1)),
    }
}

/// How many of all are not outside.
fn share(all: usize, outside: usize) -> String {
    if all == 0 { NONE.to_owned() } else { format!("{} of {all}", all - outside) }
}

/// Every point that was run at several sizes, one row a size.
fn sizes(evidence: &Evidence<'_>) -> Vec<SizeModel> {
    let mut models = Vec::new();
    for deviation in deviations(evidence) {
        for size in &deviation.sizes {
            models.push(SizeModel {
                curve: label(evidence, &deviation.curve),
                x: number(deviation.x),
                observable: quantity(evidence, &deviation.observable),
                n: size.n,
                deviation: number(size.deviation / deviation.theory),
                z: size.z.map_or(NONE.to_owned(), |z| fixed(z, 2)),
                shrinks: if deviation.is_finite_size() { "shrinks with N" } else { "does not shrink with N" },
            });
        }
    }
    models
}

/// A curve as the legend calls it.
fn label(evidence: &Evidence<'_>, id: &str) -> String {
    evidence.spec.curves.iter().find(|curve| curve.id == id).map_or(id.to_owned(), |curve| plain(&curve.label))
}

/// A column that a panel shows, in words.
fn quantity(evidence: &Evidence<'_>, column: &str) -> String {
    match evidence.spec.panels.iter().find(|panel| panel.y.name() == column).map(|panel| panel.y) {
        Some(Column::Eg) => "test error".to_owned(),
        Some(shown) => shown.label().to_owned(),
        None => column.to_owned(),
    }
}

/// Every simulated point of the columns that the figure shows.
fn points(evidence: &Evidence<'_>) -> Vec<PointModel> {
    let shown = shown_columns(evidence.spec);
    let table = evidence.agreement;
    let rows = evidence.rows(table, None, None);
    let rows = rows.into_iter().filter(|&row| table.text("observable", row).is_some_and(|name| shown.contains(&name)));
    let cell = |column: &str, row: usize| table.real(column, row).map_or(NONE.to_owned(), number);
    let point = |row: usize| PointModel {
        curve: label(evidence, table.text("curve", row).unwrap_or("")),
        x: cell("x", row),
        observable: quantity(evidence, table.text("observable", row).unwrap_or("")),
        mean: cell("mean", row),
        error: table.real("standard_error", row).map_or(NONE.to_owned(), rounded),
        theory: cell("theory", row),
        z: table.real("z", row).map_or(NONE.to_owned(), |z| fixed(z, 2)),
        loud: table.real("z", row).is_some_and(|z| z.abs() > LOUD),
    };
    rows.map(point).collect()
}

/// Its files. What is plotted travels in the page, and so do the trials, which nothing else can give back; the tables
/// of theory and print with all their columns lie beside it.
fn downloads(figure: &FigureInput<'_>) -> Result<Vec<Download>, ReportError> {
    let evidence = &figure.evidence;
    let name = |kind: &str| format!("{}.{kind}", evidence.spec.id);
    let sheet = |kind: &str, table: &Table| {
        Download::inside(name(&format!("{kind}.csv")), "text/csv", csv::to_string(table).as_bytes())
    };
    let table =
        |kind: &str, bytes| Download::inside(name(&format!("{kind}.parquet")), "application/vnd.apache.parquet", bytes);
    let mut files = vec![sheet("theory", &plotted(evidence))?];
    let [experiment, agreement] = figure.parquet;
    if evidence.agreement.rows() > 0 {
        files.push(sheet("agreement", &selected(evidence.agreement, &AGREEMENT))?);
        files.extend([table("experiment", experiment)?, table("agreement", agreement)?]);
    }
    if evidence.published.rows() > 0 {
        files.push(sheet("published", &selected(evidence.published, &PUBLISHED))?);
    }
    if evidence.printed_points.rows() > 0 {
        files.push(sheet("printed_points", evidence.printed_points)?);
    }
    files.push(Download::inside(name("svg"), "image/svg+xml", figure.drawings.overlay.as_bytes())?);
    files.push(Download::beside(name("theory.parquet")));
    if evidence.published.rows() > 0 {
        files.push(Download::beside(name("published.parquet")));
    }
    Ok(files)
}

/// The columns a figure shows, of all drawn and hidden curves, as a table small enough to carry in a page.
fn plotted(evidence: &Evidence<'_>) -> Table {
    let mut wanted = vec!["figure", "curve", "x"];
    wanted.extend(shown_columns(evidence.spec));
    wanted.push("status");
    selected(evidence.theory, &wanted)
}

/// Some columns of a table.
fn selected(table: &Table, wanted: &[&str]) -> Table {
    let mut small = Table::default();
    small.metadata.clone_from(&table.metadata);
    for (name, cells) in table.columns().filter(|(name, _)| wanted.contains(name)) {
        // Columns of one table have one length.
        let _ = small.add_column(name, cells.clone());
    }
    small
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
        .map(|curve| json!({ "id": curve.id, "label": plain(&curve.label), "symbol": evidence.symbol(&curve.id) }))
        .collect();
    json!({ "panels": panels, "curves": curves })
}

/// The setting of the first curve that is drawn and learned, with the name of the parameter that is swept: where the
/// explorer begins. A swept parameter has the value of the curve's middle.
fn explore(evidence: &Evidence<'_>) -> Value {
    let learned = |curve: &&Curve| curve.style != LineStyle::Hidden && !curve.learner.is_bound();
    let Some(curve) = evidence.spec.curves.iter().find(learned) else { return json!({}) };
    let rows = evidence.theory.rows_where("curve", &curve.id);
    let Some(&row) = rows.get(rows.len() / 2) else { return json!({}) };
    let mut point = serde_json::Map::new();
    point.insert("learner".into(), json!(evidence.theory.text("kind", row)));
    for (column, _) in PARAMETERS {
        point.insert(column.into(), json!(evidence.theory.real(column, row)));
    }
    point.insert("x".into(), json!(curve.x.unwrap_or(evidence.spec.sweep_of(curve).parameter).name()));
    Value::Object(point)
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
            let at = |(x, y): &(f64, f64)| format!("{} at {symbol} = {}", number(*y), number(*x));
            let top = known.iter().max_by(|one, other| one.1.total_cmp(&other.1));
            let top = top.filter(|top| top.1 > first.1 && top.1 > last.1);
            let between = top.map_or(String::new(), |top| format!("up to {}, ", at(top)));
            sentences.push(format!("{}: {}, {between}{}.", plain(&curve.label), at(first), at(last)));
        }
    }
    sentences.join(" ")
}
