//! The drawings of a figure: overlay, theory alone, experiment alone, residuals.

use crate::model::{Mixture, thresholds};
use crate::plot::{
    self, Color, Dash, Drawing, Grid, Horizontal, LegendPlacement, Marker, Panel, PlotError, Point, Series, Vertical,
};
use crate::spec::{Column, Curve, Figure, Level, LineStyle, MajorityClass, Place, Scale, Sweep, Threshold};
use crate::table::Table;
use crate::verdict::{Evidence, number, plain};

use super::seen::{Measure, measured_points, rows_of, simulated_points};
use super::sizes;

/// One way to look at a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Theory, experiment and print together.
    Overlay,
    /// Theory alone.
    Theory,
    /// Experiment alone, on the same axes.
    Experiment,
    /// (mean − theory) in standard errors.
    Residuals,
    /// (mean − theory) against 1/N, for the points that were run at several sizes.
    FiniteSize,
}

/// The views of a figure, in the order of the stage's outputs.
#[must_use]
pub fn views(figure: &Figure) -> Vec<View> {
    let mut views = vec![View::Overlay, View::Theory, View::Experiment, View::Residuals];
    if !figure.finite_size.is_empty() {
        views.push(View::FiniteSize);
    }
    views
}

impl View {
    /// What the name of its drawing ends with, behind a mark that sets it off; nothing for the overlay.
    pub(super) fn suffix(self, mark: &str) -> String {
        let word = match self {
            Self::Overlay => return String::new(),
            Self::Theory => "theory",
            Self::Experiment => "experiment",
            Self::Residuals => "residuals",
            Self::FiniteSize => "finite_size",
        };
        format!("{mark}{word}")
    }
}

/// Draws one view of a figure.
///
/// # Errors
/// [`PlotError`] when a label or a range of the figure file cannot be drawn.
pub fn draw(evidence: &Evidence<'_>, view: View) -> Result<String, PlotError> {
    if view == View::FiniteSize {
        return sizes::draw(evidence);
    }
    let figure = evidence.spec;
    let drawing = Drawing {
        id: format!("{}{}", figure.id, view.suffix("-")),
        title: format!("{}: {}", figure.name(), figure.title),
        description: description(evidence, view),
        panels: figure.panels.iter().map(|panel| draw_panel(panel, evidence, view)).collect(),
        grid: Grid::Pairs,
        legend: LegendPlacement::Below,
    };
    plot::render(&drawing)
}

/// The alternative text: what is against what, and which curves there are.
fn description(evidence: &Evidence<'_>, view: View) -> String {
    let figure = evidence.spec;
    let simulated = figure.curves.iter().any(|curve| !figure.experiment_x(curve).is_empty());
    let (seen, title) = match figure.is_measured() && !simulated {
        true => ("measurement", "Measurement"),
        false => ("simulation", "Simulation"),
    };
    let what = match view {
        View::Overlay if evidence.published.rows() > 0 => format!(
            "Theory as lines, {seen} as points with error bars, print as dotted lines and hollow points with bars \
             that behave like standard deviations over 10 samples"
        ),
        View::Overlay => format!("Theory as lines, {seen} as points with error bars"),
        View::Theory => "Theory".to_owned(),
        View::Experiment => format!("{title} with error bars"),
        View::Residuals => format!("{title} minus theory in standard errors"),
        View::FiniteSize => format!("{title} minus theory at several sizes"),
    };
    let panels: Vec<&str> = figure.panels.iter().map(|panel| panel.y.label()).collect();
    let shown = figure.curves.iter().filter(|curve| curve.style != LineStyle::Hidden);
    let mut curves: Vec<String> = shown.map(|curve| plain(&curve.label)).collect();
    curves.dedup();
    let axis = plain(&figure.x.parameter.symbol());
    format!("{what}: {} against {axis}; {}.", panels.join(", "), curves.join("; "))
}

fn draw_panel(panel: &crate::spec::Panel, tables: &Evidence<'_>, view: View) -> Panel {
    let figure = tables.spec;
    let sweep = panel.x.as_ref().unwrap_or(&figure.x);
    let label = sweep.label.clone().unwrap_or_else(|| sweep.parameter.symbol());
    let x = axis(&label, sweep.limits(), sweep.scale);
    let shown = figure.curves.iter().enumerate();
    let shown = shown.filter(|(_, curve)| figure.shows(panel, curve) && curve.style != LineStyle::Hidden);
    let series = shown.flat_map(|(index, curve)| curve_series(curve, index, panel.y.name(), tables, view));
    let series: Vec<Series> = series.collect();
    let mut drawn = if view == View::Residuals {
        let z = series.iter().flat_map(|one| &one.points).map(|point| point.y.abs() + 0.5);
        Panel::residuals(x, z.fold(4.5, f64::max))
    } else {
        Panel::new(x, axis(panel.label.as_deref().unwrap_or(panel.y.label()), panel.range, panel.scale))
    };
    if view != View::Residuals && panel.y == Column::EG {
        drawn.horizontals = horizontals(figure);
    }
    drawn.series = series;
    drawn.title.clone_from(&panel.title);
    drawn.verticals = verticals(figure, sweep);
    drawn
}

fn axis(label: &str, [low, high]: [f64; 2], scale: Scale) -> plot::Axis {
    match scale {
        Scale::Linear => plot::Axis::linear(label, (low, high)),
        Scale::Log => plot::Axis::log(label, (low, high)),
    }
}

/// The series of one curve: theory, print, experiment, as far as the view shows them.
fn curve_series(curve: &Curve, index: usize, column: &str, tables: &Evidence<'_>, view: View) -> Vec<Series> {
    let figure = tables.spec;
    let (color, marker) = (color(curve, index), marker(index));
    let (id, label) = (&curve.id, &curve.label);
    let seen =
        |measure| [simulated_points(tables, curve, column, measure), measured_points(tables, curve, column, measure)];
    let drawn = |series: Series| Some(series).filter(|series| !series.points.is_empty());
    if view == View::Residuals {
        return Vec::from_iter(drawn(Series::residual(id, label, color, marker, seen(Measure::Z).concat())));
    }
    let mut series = Vec::new();
    if view != View::Experiment {
        let points = theory_points(figure, &tables.theory, curve, column);
        let mut theory = Series::theory(id, label, color, dash(curve.style), points);
        if curve.style == LineStyle::Dots {
            theory.line = None;
            theory.marker = Some(Marker::nth(3));
        } else if is_sparse(&theory.points) {
            theory.marker = Some(Marker::Dot);
            let symbol = plain(&figure.swept(curve).symbol());
            for point in &mut theory.points {
                point.hover = Some(format!("{}: {symbol} = {}, theory {:.5}", plain(label), number(point.x), point.y));
            }
        }
        series.push(theory);
    }
    if view == View::Overlay {
        series.extend(printed_line(&tables.published, curve, column).map(|line| Series::published(id, color, line)));
        let points = printed_points(figure, tables, curve, column);
        series.extend(drawn(Series::printed_points(id, color, marker, points)));
    }
    if view != View::Theory {
        let [simulated, measured] = seen(Measure::Mean);
        series.extend(drawn(Series::experiment(id, label, color, marker, simulated)));
        series.extend(drawn(Series::measured(id, label, color, marker, measured)));
    }
    series
}

/// The printed line of a curve, broken where the pen was lifted; none where print has dots or nothing.
fn printed_line(published: &Table, curve: &Curve, column: &str) -> Option<Vec<Point>> {
    let mut points: Vec<Point> = Vec::new();
    let mut last = None;
    for row in rows_of(published, curve, "column", column) {
        let stroke = published.integer("segment", row);
        let (Some(_), Some(x), Some(y)) = (stroke, published.real("x", row), published.real("published", row)) else {
            continue;
        };
        if last.is_some() && last != stroke {
            points.push(Point::maybe(x, None));
        }
        last = stroke;
        points.push(Point::new(x, y));
    }
    (!points.is_empty()).then_some(points)
}

/// The printed simulations of a curve with their bars, then the dots that stand for its theory.
fn printed_points(figure: &Figure, tables: &Evidence<'_>, curve: &Curve, column: &str) -> Vec<Point> {
    let Evidence { published, printed_points: table, .. } = tables;
    let symbol = plain(&curve.x.unwrap_or(figure.sweep_of(curve).parameter).symbol());
    let simulation = |row: usize| {
        let (x, y, bar) = (table.real("x", row)?, table.real("printed", row)?, table.real("bar", row));
        let told = bar.map_or("no bar".to_owned(), |bar| format!("bar ± {bar:.3e}"));
        let hover = Some(format!("{}, as printed: {symbol} = {x}, {y}, {told}", plain(&curve.label)));
        Some(Point { x, y, error: bar, hover })
    };
    let dot = |row: usize| {
        let point = Point::new(published.real("x", row)?, published.real("published", row)?);
        published.integer("segment", row).is_none().then_some(point)
    };
    let simulations = rows_of(table, curve, "column", column).into_iter().filter_map(simulation);
    simulations.chain(rows_of(published, curve, "column", column).into_iter().filter_map(dot)).collect()
}

/// Theory points in the order of x. A curve drawn as dots shows its own sweep only.
fn theory_points(figure: &Figure, theory: &Table, curve: &Curve, column: &str) -> Vec<Point> {
    let rows = theory.rows_where("curve", &curve.id);
    let dots = curve.style == LineStyle::Dots;
    let sweep = figure.sweep_of(curve);
    let own = if dots {
        sweep.grid(curve.range.unwrap_or(sweep.range), curve.points.unwrap_or(sweep.points))
    } else {
        Vec::new()
    };
    (rows.iter())
        .filter_map(|&row| Some((theory.real("x", row)?, row)))
        .filter(|(x, _)| !dots || own.contains(x))
        .map(|(x, row)| Point::maybe(x, theory.real(column, row)))
        .collect()
}

/// Fewer points than this are shown on their line: between them it is straight and nothing was computed.
const SPARSE: usize = 10;

/// True for few points that are not all at one height.
fn is_sparse(points: &[Point]) -> bool {
    points.len() < SPARSE && points.windows(2).any(|pair| pair[0].y != pair[1].y)
}

fn color(curve: &Curve, index: usize) -> Color {
    Color::slot(curve.color.unwrap_or(index))
}

/// Curves may share a colour, as a teacher and its student do; their markers differ.
fn marker(index: usize) -> Marker {
    Marker::nth(index)
}

fn dash(style: LineStyle) -> Dash {
    match style {
        LineStyle::Dashed => Dash::Dashed,
        LineStyle::Dotted => Dash::Dotted,
        LineStyle::Solid | LineStyle::Dots | LineStyle::Hidden => Dash::Solid,
    }
}

fn horizontals(figure: &Figure) -> Vec<Horizontal> {
    let line = |line: &crate::spec::Horizontal| {
        let (at, symbol) = match line.at {
            Level::At(y) => (y, ""),
            Level::MajorityClass(MajorityClass::Rho) => (figure.data.rho(), "ρ"),
        };
        Horizontal { at, label: line.label.clone().unwrap_or_else(|| symbol.to_owned()) }
    };
    figure.horizontals.iter().map(line).collect()
}

fn verticals(figure: &Figure, sweep: &Sweep) -> Vec<Vertical> {
    let data = &figure.data;
    let mixture = Mixture { alpha: 1.0, eta: data.eta(), delta: data.delta(), rho: data.rho() };
    let [low, high] = sweep.limits();
    (figure.lines.iter())
        .map(|line| {
            let (at, symbol) = match line.at {
                Place::At(x) => (x, String::new()),
                Place::Threshold(Threshold::Interpolation) => (thresholds::interpolation(&mixture), "α_I".to_owned()),
                Place::Threshold(Threshold::StudentSeparability) => {
                    (thresholds::separability(&mixture), "α_S".to_owned())
                }
                Place::Threshold(Threshold::TeacherSeparability) => {
                    (thresholds::separability(&mixture.all_features()), r"\tilde α_S".to_owned())
                }
            };
            Vertical { at, label: line.label.clone().unwrap_or(symbol) }
        })
        .filter(|vertical| (low..=high).contains(&vertical.at))
        .collect()
}
