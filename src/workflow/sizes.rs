//! The drawing of the finite size: simulation minus theory against 1/N, and the line c/N that fits it best.

use crate::plot::{
    self, Axis, Color, Dash, Drawing, Grid, Horizontal, LegendPlacement, Marker, Panel, PlotError, Point, Series,
};
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
        description: "Simulation minus theory, relative to theory, against 1/N; the dashed lines are the best c/N, and theory is zero.".to_owned(),
        panels: panels.collect(),
        grid: Grid::Pairs,
        legend: LegendPlacement::Below,
    })
}

fn draw_panel(figure: &Figure, deviations: &[&Deviation]) -> Panel {
    let mut series = Vec::new();
    let mut taken: Vec<usize> = Vec::new();
    for (index, one) in deviations.iter().enumerate() {
        let place = figure.curves.iter().position(|curve| curve.id == one.curve);
        let curve = place.map(|place| &figure.curves[place]);
        let symbol = curve.map_or("x".to_owned(), |curve| figure.swept(curve).symbol());
        let name = curve.map_or(one.curve.clone(), |curve| plain(&curve.label));
        let coefficient = one.coefficient();
        let label = format!("{name}, {symbol} = {}", number(one.x));
        let points = one.sizes.iter().map(|size| Point {
            x: 1.0 / size.n as f64,
            y: one.relative(size.deviation),
            error: size.standard_error.map(|error| one.relative(error).abs()),
            hover: Some(format!("N = {}: {:.3} of theory", size.n, one.relative(size.deviation))),
        });
        let points: Vec<Point> = points.collect();
        let id = format!("{}-{index}", one.curve);
        // its own colour, or the next that no curve has
        let own = curve.and_then(|curve| curve.color).or(place).unwrap_or(index);
        let others = |slot: &usize| *slot >= figure.curves.len();
        let slots = std::iter::once(own % Color::SLOTS).chain((0..Color::SLOTS).filter(others)).chain(0..Color::SLOTS);
        let slot = slots.into_iter().find(|slot| !taken.contains(slot)).unwrap_or(own % Color::SLOTS);
        taken.push(slot);
        let color = Color::slot(slot);
        if let (Some(found), Some(smallest)) = (coefficient, points.first()) {
            let ends = vec![Point::new(0.0, 0.0), Point::new(smallest.x, found.value * smallest.x)];
            series.push(Series::fit(&format!("{id}-line"), &label, color, Dash::Dashed, ends));
        }
        series.push(Series::experiment(&id, &label, color, Marker::nth(place.unwrap_or(index)), points));
    }
    let all = || series.iter().flat_map(|one: &Series| &one.points);
    let right = ROOM * all().map(|point| point.x).fold(0.0, f64::max);
    let reach = |point: &Point| point.y.abs() + point.error.unwrap_or(0.0);
    let height = ROOM * all().map(reach).fold(0.01, f64::max);
    let mut panel =
        Panel::new(Axis::linear("1/N", (0.0, right)), Axis::linear("(simulation − theory)/theory", (-height, height)));
    panel.series = series;
    panel.horizontals = vec![Horizontal { at: 0.0, label: "theory".into() }];
    panel
}
