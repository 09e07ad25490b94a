//! Drawing one series: its line, its error bars, its markers and the texts they show

use plotters::element::{EmptyElement, Polygon};
use plotters::prelude::{BLACK, Circle, PathElement};

use super::canvas::{Drawn, Plane, Surface, fine, layer, plane};
use super::curve::{Vertex, Window};
use super::drawing::{Axis, Marker, Panel, Point, Role, Series};
use super::error::PlotError;
use super::style::{AXIS, CURVE, Dash, HAIR, OVERLAY, ink, light, stroke};
use super::xml::escape;

/// Displayed radius of a marker, and of the invisible disc that shows a line point's text.
const RADIUS: f64 = 3.9;
const REACH: f64 = 6.0;
/// Displayed half width of an error bar's caps, and the width of its strokes.
const CAP: f64 = 3.5;
const BAR: f64 = 1.3;
/// How much larger a printed marker is, so that one of ours at the same place leaves its rim visible.
const PRINTED: f64 = 1.5;
/// How much smaller a dot is than a marker.
const DOT: f64 = 0.76;

/// A panel's plotting area: where it lies in its cell, and the axis ranges it shows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) window: Window,
}

impl Area {
    /// Draws in axis coordinates; the result is in canvas pixels of the cell.
    pub(super) fn layer(&self, elements: impl Fn(&Plane) -> Drawn) -> Result<String, PlotError> {
        let (width, height) = self.window.size;
        let (right, bottom) = (self.left + width, self.top + height);
        layer((right, bottom), |surface| {
            let place = (self.left..right, self.top..bottom);
            elements(&plane(surface, (self.window.x, self.window.y), place))
        })
    }

    /// Displayed abscissa of an axis coordinate, in the cell.
    pub(super) fn displayed_x(&self, at: f64) -> f64 {
        let (low, high) = self.window.x;
        self.left + (at - low) / (high - low) * self.window.size.0
    }

    /// Displayed ordinate of an axis coordinate, in the cell.
    pub(super) fn displayed_y(&self, at: f64) -> f64 {
        let (low, high) = self.window.y;
        self.top + (high - at) / (high - low) * self.window.size.1
    }
}

/// The group of one series, in canvas pixels.
pub(super) fn draw(series: &Series, panel: &Panel, area: &Area) -> Result<String, PlotError> {
    let at = |point: &Point| (panel.x.coordinate(point.x), panel.y.coordinate(point.y));
    let mut body = String::new();
    if let Some(dash) = series.line {
        let vertices: Vec<Vertex> = series.points.iter().map(at).collect();
        let pieces = area.window.pieces(&vertices);
        let lines = area
            .layer(|plane| pieces.iter().try_for_each(|piece| plane.draw(&PathElement::new(piece.clone(), BLACK))))?;
        body += &format!("{}{lines}</g>", line_group(series, dash));
    }
    let shown = |point: &&Point| panel.x.holds(at(point).0) && panel.y.holds(at(point).1);
    if let Some(marker) = series.marker {
        let bars = error_bars(series, &panel.y, area, at)?;
        if !bars.is_empty() {
            body += &format!("{}{bars}</g>", bar_group(series));
        }
        body += &marker_group(series);
        for point in series.points.iter().filter(shown) {
            let element = area.layer(|plane| draw_marker(plane, at(point), marker, radius(series.role, marker)))?;
            body += &titled(point, &element);
        }
        body += "</g>";
    } else {
        let mut targets = String::new();
        for point in series.points.iter().filter(shown).filter(|point| point.hover.is_some()) {
            let disc = area.layer(|plane| plane.draw(&Circle::new(at(point), fine(REACH), BLACK)))?;
            targets += &titled(point, &disc);
        }
        if !targets.is_empty() {
            body += &format!("<g class=\"hit\" fill=\"none\">{targets}</g>");
        }
    }
    Ok(format!(
        "<g class=\"series {} c{}\" data-curve=\"{}\">{body}</g>",
        class(series.role),
        series.color.index(),
        escape(&series.id)
    ))
}

/// A legend sample between two abscissas, in displayed pixels of the legend.
pub(super) fn sample(surface: &Surface, (from, to): (f64, f64), y: f64) -> Drawn {
    surface.draw(&PathElement::new(vec![(fine(from), fine(y)), (fine(to), fine(y))], BLACK))
}

/// The opening tag around a line of the series.
pub(super) fn line_group(series: &Series, dash: Dash) -> String {
    let (class, color, width) = match series.role {
        Role::Published | Role::PrintedPoints => ("i", ink(), OVERLAY),
        Role::Theory | Role::Fit | Role::Experiment | Role::Measured | Role::Residual => {
            ("l", light(series.color), CURVE)
        }
    };
    format!("<g class=\"{class}\" fill=\"none\" stroke=\"{color}\" {}>", stroke(width, dash))
}

/// The opening tag around the error bars of the series.
fn bar_group(series: &Series) -> String {
    match series.role {
        Role::Published | Role::PrintedPoints => hollow_group(),
        Role::Theory | Role::Fit | Role::Experiment | Role::Measured | Role::Residual => {
            format!("<g class=\"l\" fill=\"none\" stroke=\"{}\" {}>", light(series.color), stroke(BAR, Dash::Solid))
        }
    }
}

/// The opening tag around the markers of the series: filled, with a rim of paper; those of print hollow.
pub(super) fn marker_group(series: &Series) -> String {
    match series.role {
        Role::Published | Role::PrintedPoints => hollow_group(),
        Role::Theory | Role::Fit | Role::Experiment | Role::Measured | Role::Residual => {
            format!("<g class=\"f\" fill=\"{}\" stroke=\"#fff\" {}>", light(series.color), stroke(HAIR, Dash::Solid))
        }
    }
}

/// The opening tag around what is outlined in ink.
fn hollow_group() -> String {
    format!("<g class=\"i\" fill=\"none\" stroke=\"{}\" {}>", ink(), stroke(AXIS, Dash::Solid))
}

/// Displayed radius of a marker of a role.
fn radius(role: Role, marker: Marker) -> f64 {
    let radius = if marker == Marker::Dot { DOT * RADIUS } else { RADIUS };
    match role {
        Role::Published | Role::PrintedPoints => PRINTED * radius,
        Role::Theory | Role::Fit | Role::Experiment | Role::Measured | Role::Residual => radius,
    }
}

/// CSS class of a role.
pub(super) fn class(role: Role) -> &'static str {
    match role {
        Role::Theory => "theory",
        Role::Fit => "fit",
        Role::Published => "published",
        Role::PrintedPoints => "printed-points",
        Role::Experiment => "experiment",
        Role::Measured => "measured",
        Role::Residual => "residual",
    }
}

/// Vertical bars with caps, cut at the border of the panel.
fn error_bars(series: &Series, axis: &Axis, area: &Area, at: impl Fn(&Point) -> Vertex) -> Result<String, PlotError> {
    area.layer(|plane| {
        for point in &series.points {
            let Some(error) = point.error.filter(|error| error.is_finite()) else { continue };
            let x = at(point).0;
            let (bottom, top) = area.window.y;
            let end = |value: f64, beyond: f64| {
                let coordinate = axis.coordinate(value);
                if coordinate.is_nan() { beyond } else { coordinate }
            };
            let (low, high) = (end(point.y - error, bottom - 1.0), end(point.y + error, top + 1.0));
            let Some((from, to)) = area.window.clip((x, low), (x, high)) else { continue };
            plane.draw(&PathElement::new(vec![from, to], BLACK))?;
            for (cap, value) in [(from, low), (to, high)] {
                if cap.1 == value {
                    let ends = vec![(-fine(CAP), 0), (fine(CAP), 0)];
                    plane.draw(&(EmptyElement::at(cap) + PathElement::new(ends, BLACK)))?;
                }
            }
        }
        Ok(())
    })
}

/// One marker at a position in axis coordinates.
fn draw_marker(plane: &Plane, at: Vertex, marker: Marker, radius: f64) -> Drawn {
    match outline(marker, radius) {
        None => plane.draw(&Circle::new(at, fine(radius), BLACK)),
        Some(corners) => plane.draw(&(EmptyElement::at(at) + Polygon::new(corners, BLACK))),
    }
}

/// One marker at a position in displayed pixels.
pub(super) fn marker_sample(surface: &Surface, (x, y): (f64, f64), (role, marker): (Role, Marker)) -> Drawn {
    let (x, y, radius) = (fine(x), fine(y), radius(role, marker));
    match outline(marker, radius) {
        None => surface.draw(&Circle::new((x, y), fine(radius), BLACK)),
        Some(corners) => surface.draw(&(EmptyElement::at((x, y)) + Polygon::new(corners, BLACK))),
    }
}

/// The corners of a marker around its centre, in canvas pixels; none for a disc. Areas are about equal.
fn outline(marker: Marker, radius: f64) -> Option<Vec<(i32, i32)>> {
    let corners: &[(f64, f64)] = match marker {
        Marker::Circle | Marker::Dot => return None,
        Marker::Square => &[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        Marker::Diamond => &[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)],
        Marker::Triangle => &[(0.0, -1.3), (1.25, 0.9), (-1.25, 0.9)],
        Marker::InvertedTriangle => &[(0.0, 1.3), (1.25, -0.9), (-1.25, -0.9)],
        Marker::Plus => &[
            (-0.4, -1.3),
            (0.4, -1.3),
            (0.4, -0.4),
            (1.3, -0.4),
            (1.3, 0.4),
            (0.4, 0.4),
            (0.4, 1.3),
            (-0.4, 1.3),
            (-0.4, 0.4),
            (-1.3, 0.4),
            (-1.3, -0.4),
            (-0.4, -0.4),
        ],
    };
    Some(corners.iter().map(|&(x, y)| (fine(radius * x), fine(radius * y))).collect())
}

/// An element with the point's text as its title, if it has one.
fn titled(point: &Point, element: &str) -> String {
    match &point.hover {
        Some(text) => format!("<g class=\"point\"><title>{}</title>{element}</g>", escape(text)),
        None => element.into(),
    }
}
