//! The drawing of the finite size: simulation minus theory against 1/N, and the line it extrapolates along.

use std::collections::BTreeSet;

use crate::plot::{self, Axis, Color, Dash, Drawing, LegendPlacement, Marker, Panel, PlotError, Point, Series};
use crate::spec::Figure;
use crate::verdict::{Deviation, Evidence, deviations, number, plain};

/// Room beyond the outermost points, as a share of the axis.
const ROOM: f64 = 1.08;

/// Draws the points that were run at several sizes, one panel a quantity.
///
/// # Errors
/// [`PlotError`] when a label of the figure file cannot be drawn.
pub fn draw(evidence: &Evidence<'_>) -> Result<String, PlotError> {
    let figure = evidence.spec;
    let all = deviations(evidence);
    let panels = figure.panels.iter().filter_map(|panel| {
        let mine: Vec<&Deviation> = all.iter().filter(|one| one.observable == panel.y.name()).collect();
        (!mine.is_empty()).then(|| Panel {
            title: panel.title.clone().or_else(|| Some(panel.y.label().to_owned())),
            ..draw_panel(figure, &mine)
        })
    });
    plot::render(&Drawing {
        id: format!("{}-finite-size", figure.id),
        title: format!("{}: finite size", figure.name()),
        description:
            "Simulation minus theory, relative to theory, against 1/N; the line through the two largest sizes \
                      goes on to 1/N = 0."
                .to_owned(),
        panels: panels.collect(),
        legend: LegendPlacement::Below,
    })
}

fn draw_panel(figure: &Figure, deviations: &[&Deviation]) -> Panel {
    let mut series = Vec::new();
    let labels: BTreeSet<String> = deviations.iter().map(|one| one.curve.clone()).collect();
    for (index, one) in deviations.iter().enumerate() {
        let curve = figure.curves.iter().find(|curve| curve.id == one.curve);
        let symbol = curve.map_or("x", |curve| curve.x.unwrap_or(figure.sweep_of(curve).parameter).symbol());
        let name = curve.map_or(one.curve.clone(), |curve| plain(&curve.label));
        let label = format!("{name}, {symbol} = {}", number(one.x));
        let share = |value: f64| value / one.theory.abs();
        let points = one.sizes.iter().map(|size| Point {
            x: 1.0 / size.n as f64,
            y: share(size.deviation),
            error: size.standard_error.map(share),
            hover: Some(format!("N = {}: {:.3} of theory", size.n, share(size.deviation))),
        });
        let points: Vec<Point> = points.collect();
        let id = format!("{}-{index}", one.curve);
        let color = Color::slot(labels.iter().position(|id| *id == one.curve).unwrap_or(0) + 3 * (index % 2));
        // through the two largest sizes, which are the nearest to 1/N = 0
        if let [.., first, last] = &points[..] {
            let slope = (first.y - last.y) / (first.x - last.x);
            let ends = vec![Point::new(0.0, last.y - slope * last.x), Point::new(first.x, first.y)];
            series.push(Series::theory(&format!("{id}-line"), &label, color, Dash::Dashed, ends));
        }
        series.push(Series::experiment(&id, &label, color, Marker::nth(index), points));
    }
    let all = || series.iter().flat_map(|one: &Series| &one.points);
    let right = ROOM * all().map(|point| point.x).fold(0.0, f64::max);
    let reach = |point: &Point| point.y.abs() + point.error.unwrap_or(0.0);
    let height = ROOM * all().map(reach).fold(0.01, f64::max);
    let mut panel =
        Panel::new(Axis::linear("1/N", (0.0, right)), Axis::linear("(simulation − theory)/theory", (-height, height)));
    panel.series = series;
    panel
}
