//! One panel: grid, bands, thresholds, series, axes and their labels

use plotters::element::EmptyElement;
use plotters::prelude::{BLACK, PathElement, Rectangle};

use super::annotations::annotations;
use super::canvas::{fine, fine_group};
use super::curve::Window;
use super::drawing::{Axis, Grid, Panel, Scale};
use super::error::PlotError;
use super::label::{Anchor, text, upward, width};
use super::markup::Text;
use super::series::{self, Area};
use super::style::{AXIS, Dash, GAP, HAIR, LABEL, SMALL, SMALL_LINE, grid, ink, stroke};
use super::ticks::Tick;
use super::xml::number;

/// Lengths of major and minor ticks.
const MAJOR: f64 = 5.0;
const MINOR: f64 = 3.0;
/// Height of a line of axis labels and titles.
const LABEL_LINE: f64 = 22.0;
/// About how many ticks are labelled along x and y.
const WANTED: (usize, usize) = (6, 6);

/// A grid in displayed pixels.
impl Grid {
    /// Width of a panel's cell.
    pub(super) fn width(self) -> f64 {
        match self {
            Self::Pairs => 480.0,
            Self::Triples => 316.0,
        }
    }

    /// Height of a plotting area.
    fn height(self) -> f64 {
        match self {
            Self::Pairs => 290.0,
            Self::Triples => 120.0,
        }
    }

    /// The most panels side by side.
    pub(super) fn columns(self) -> usize {
        match self {
            Self::Pairs => 2,
            Self::Triples => 3,
        }
    }
}

/// Room around the plotting area, in displayed pixels.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Margins {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Margins {
    /// What one panel needs.
    pub(super) fn of(panel: &Panel) -> Result<Self, PlotError> {
        panel.x.check()?;
        panel.y.check()?;
        let labels = panel.y.ticks(WANTED.1).into_iter().filter_map(|tick| tick.label);
        let horizontals = panel.horizontals.iter().map(|line| line.label.clone());
        let title = if panel.title.is_some() { LABEL_LINE } else { 0.0 };
        let verticals = if panel.verticals.is_empty() { 0.0 } else { SMALL_LINE + GAP };
        let right = widest(horizontals)?;
        Ok(Self {
            left: LABEL_LINE + GAP + widest(labels)? + MAJOR + GAP,
            right: if right > 0.0 { right + 3.0 * GAP } else { 2.0 * GAP + 4.0 },
            top: 0.5 * SMALL + GAP + title + verticals,
            bottom: MAJOR + SMALL_LINE + LABEL_LINE + GAP,
        })
    }

    /// What both need.
    pub(super) fn union(self, other: Self) -> Self {
        Self {
            left: self.left.max(other.left),
            right: self.right.max(other.right),
            top: self.top.max(other.top),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// Height of a cell with these margins.
    pub(super) fn cell_height(&self, grid: Grid) -> f64 {
        self.top + grid.height() + self.bottom
    }
}

/// Width of the widest label.
fn widest(labels: impl Iterator<Item = String>) -> Result<f64, PlotError> {
    labels.map(|label| width(&label, SMALL)).try_fold(0.0, |most, next| Ok(next?.max(most)))
}

/// The content of a panel's cell.
pub(super) fn draw(panel: &Panel, margins: &Margins, grid: Grid) -> Result<String, PlotError> {
    let size = (grid.width() - margins.left - margins.right, grid.height());
    let window = Window { x: panel.x.span(), y: panel.y.span(), size };
    let area = Area { left: margins.left, top: margins.top, window };
    let (x_ticks, y_ticks) = (panel.x.ticks(WANTED.0), panel.y.ticks(WANTED.1));
    let mut order: Vec<_> = panel.series.iter().collect();
    order.sort_by_key(|series| series.role);
    let mut out = format!("<g class=\"plane\" {}>{}", plane(panel, &area), fine_group());
    out += &bands(panel, &area)?;
    out += &grid_lines(&area, &x_ticks, &y_ticks)?;
    out += &frame(&area, &x_ticks, &y_ticks)?;
    out += "<g class=\"data\">";
    out += &references(panel, &area)?;
    for series in order {
        out += &series::draw(series, panel, &area)?;
    }
    out += &format!("</g></g><g class=\"t\" fill=\"{}\">", ink());
    out += &axis_texts(panel, &area, (&x_ticks, &y_ticks), grid.width())?;
    out += &format!("<g class=\"notes\">{}</g>", annotations(panel, &area)?);
    Ok(out + "</g></g>")
}

/// Where the plotting area lies in its cell and what its axes span, for who wants to read the drawing back.
fn plane(panel: &Panel, area: &Area) -> String {
    let span = |axis: &Axis| {
        let scale = if axis.scale == Scale::Log { "log" } else { "linear" };
        format!("{} {} {scale}", axis.range.0, axis.range.1)
    };
    let (left, top, (width, height)) = (area.left, area.top, area.window.size);
    let place = [left, top, width, height].map(number).join(" ");
    format!("data-area=\"{place}\" data-x=\"{}\" data-y=\"{}\"", span(&panel.x), span(&panel.y))
}

/// Shaded ranges of y.
fn bands(panel: &Panel, area: &Area) -> Result<String, PlotError> {
    if panel.bands.is_empty() {
        return Ok(String::new());
    }
    let (x, y) = (area.window.x, area.window.y);
    let end = |value: f64, outside: f64| {
        let coordinate = panel.y.coordinate(value);
        if coordinate.is_nan() { outside } else { coordinate.clamp(y.0, y.1) }
    };
    let body = area.layer(|plane| {
        panel.bands.iter().try_for_each(|band| {
            let corners = [(x.0, end(band.high, y.1)), (x.1, end(band.low, y.0))];
            plane.draw(&Rectangle::new(corners, BLACK))
        })
    })?;
    Ok(format!("<g class=\"b\" fill=\"{}\" fill-opacity=\".07\">{body}</g>", ink()))
}

/// Light lines across the panel at the labelled ticks.
fn grid_lines(area: &Area, x_ticks: &[Tick], y_ticks: &[Tick]) -> Result<String, PlotError> {
    let (x, y) = (area.window.x, area.window.y);
    let across =
        |ticks: &[Tick]| -> Vec<f64> { ticks.iter().filter(|tick| tick.label.is_some()).map(|tick| tick.at).collect() };
    let (columns, rows) = (across(x_ticks), across(y_ticks));
    let body = area.layer(|plane| {
        for &at in &columns {
            plane.draw(&PathElement::new(vec![(at, y.0), (at, y.1)], BLACK))?;
        }
        rows.iter().try_for_each(|&at| plane.draw(&PathElement::new(vec![(x.0, at), (x.1, at)], BLACK)))
    })?;
    Ok(format!("<g class=\"g\" stroke=\"{}\" {}>{body}</g>", grid(), stroke(HAIR, Dash::Solid)))
}

/// The labelled lines themselves.
fn references(panel: &Panel, area: &Area) -> Result<String, PlotError> {
    let (x, y) = (area.window.x, area.window.y);
    let body = area.layer(|plane| {
        for at in inside(&panel.x, panel.verticals.iter().map(|line| line.at)) {
            plane.draw(&PathElement::new(vec![(at, y.0), (at, y.1)], BLACK))?;
        }
        for at in inside(&panel.y, panel.horizontals.iter().map(|line| line.at)) {
            plane.draw(&PathElement::new(vec![(x.0, at), (x.1, at)], BLACK))?;
        }
        Ok(())
    })?;
    if body.is_empty() {
        return Ok(body);
    }
    let paint = stroke(AXIS, Dash::Dashed);
    Ok(format!("<g class=\"i\" stroke=\"{}\" stroke-opacity=\".6\" {paint}>{body}</g>", ink()))
}

/// The coordinates of the values that lie on the axis.
fn inside(axis: &Axis, values: impl Iterator<Item = f64>) -> Vec<f64> {
    values.map(|value| axis.coordinate(value)).filter(|&at| axis.holds(at)).collect()
}

/// The axis lines and their ticks.
fn frame(area: &Area, x_ticks: &[Tick], y_ticks: &[Tick]) -> Result<String, PlotError> {
    let (x, y) = (area.window.x, area.window.y);
    let length = |tick: &Tick| fine(if tick.label.is_some() { MAJOR } else { MINOR });
    let body = area.layer(|plane| {
        plane.draw(&PathElement::new(vec![(x.0, y.1), (x.0, y.0), (x.1, y.0)], BLACK))?;
        for tick in x_ticks {
            let stroke = PathElement::new(vec![(0, 0), (0, length(tick))], BLACK);
            plane.draw(&(EmptyElement::at((tick.at, y.0)) + stroke))?;
        }
        for tick in y_ticks {
            let stroke = PathElement::new(vec![(0, 0), (-length(tick), 0)], BLACK);
            plane.draw(&(EmptyElement::at((x.0, tick.at)) + stroke))?;
        }
        Ok(())
    })?;
    Ok(format!("<g class=\"i\" fill=\"none\" stroke=\"{}\" {}>{body}</g>", ink(), stroke(AXIS, Dash::Solid)))
}

/// Tick labels, axis labels and the title.
fn axis_texts(
    panel: &Panel,
    area: &Area,
    (x_ticks, y_ticks): (&[Tick], &[Tick]),
    cell: f64,
) -> Result<String, PlotError> {
    let (size, bottom) = (area.window.size, area.top + area.window.size.1);
    let mut out = "<g class=\"ticks\">".to_owned();
    for (tick, label) in x_ticks.iter().filter_map(|tick| Some((tick, tick.label.as_ref()?))) {
        let at = (area.displayed_x(tick.at), bottom + MAJOR + 14.0);
        out += &text(&Text::parse(label)?, at, SMALL, Anchor::Middle);
    }
    for (tick, label) in y_ticks.iter().filter_map(|tick| Some((tick, tick.label.as_ref()?))) {
        let at = (area.left - MAJOR - 4.0, area.displayed_y(tick.at) + 0.35 * SMALL);
        out += &text(&Text::parse(label)?, at, SMALL, Anchor::End);
    }
    out += "</g>";
    let middle = area.left + 0.5 * size.0;
    let foot = (middle, bottom + MAJOR + SMALL_LINE + 0.75 * LABEL_LINE);
    out += &text(&Text::parse(&panel.x.label)?, foot, LABEL, Anchor::Middle);
    out += &upward(&Text::parse(&panel.y.label)?, (0.75 * LABEL_LINE, area.top + 0.5 * size.1), LABEL);
    if let Some(title) = &panel.title {
        let title = Text::parse(title)?;
        // in the middle of the plotting area, as far as it fits into the cell there
        let half = 0.5 * title.width(LABEL);
        let at = middle.min(cell - half).max(half);
        out += &text(&title, (at, GAP + 0.75 * LABEL_LINE), LABEL, Anchor::Middle);
    }
    Ok(out)
}
