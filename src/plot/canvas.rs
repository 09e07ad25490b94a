//! The canvas: `plotters` elements in, compact paths on a fine grid out
//!
//! `plotters` rounds to whole pixels, so the canvas counts [`FINE`] of them to one displayed pixel and its
//! group is scaled back. Paint is not its business: the group around a layer carries colour, width and
//! dashes, so each element keeps its geometry alone, polylines as relative path data.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::{Cartesian2d, DrawingArea, DrawingAreaErrorKind, IntoDrawingArea, SVGBackend};

use super::error::PlotError;
use super::xml::number;

/// Canvas pixels to one displayed pixel: quantisation stays below 1/40 px at natural size.
const FINE: f64 = 40.0;

/// A place to draw in canvas pixels.
pub(super) type Surface<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// A place to draw in axis coordinates.
pub(super) type Plane<'a> = DrawingArea<SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
/// What drawing elements comes to.
pub(super) type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// A displayed length in canvas pixels.
pub(super) fn fine(length: f64) -> i32 {
    (length * FINE).round() as i32
}

/// A displayed length as an attribute value on the canvas.
pub(super) fn fine_text(length: f64) -> String {
    number(length * FINE)
}

/// The opening tag of a group in canvas pixels.
pub(super) fn fine_group() -> String {
    format!("<g transform=\"scale({})\">", 1.0 / FINE)
}

/// Runs `draw` on an empty canvas and returns the elements it made.
pub(super) fn layer(size: (f64, f64), draw: impl FnOnce(&Surface) -> Drawn) -> Result<String, PlotError> {
    let mut document = String::new();
    let pixels = (fine(size.0) as u32, fine(size.1) as u32);
    let surface = SVGBackend::with_string(&mut document, pixels).into_drawing_area();
    draw(&surface).map_err(|error| PlotError::Canvas(error.to_string()))?;
    drop(surface);
    Ok(document.lines().filter_map(compact).collect())
}

/// The part of a surface inside `box_x` × `box_y` (displayed pixels), measured in axis coordinates.
pub(super) fn plane<'a>(
    surface: &Surface<'a>,
    (x, y): ((f64, f64), (f64, f64)),
    (box_x, box_y): (Range<f64>, Range<f64>),
) -> Plane<'a> {
    let pixels = (fine(box_x.start)..fine(box_x.end), fine(box_y.end)..fine(box_y.start));
    surface.apply_coord_spec(Cartesian2d::new(x.0..x.1, y.0..y.1, pixels))
}

/// One element without its paint; nothing for the document's own tags.
fn compact(line: &str) -> Option<String> {
    let value = |name: &str| attribute(line, name);
    let tag = line.strip_prefix('<')?.split([' ', '>']).next()?;
    Some(match tag {
        "polyline" => format!("<path d=\"{}\"/>", path(value("points")?)),
        "polygon" => format!("<path d=\"{}z\"/>", path(value("points")?)),
        "line" => {
            let ends = format!("{},{} {},{}", value("x1")?, value("y1")?, value("x2")?, value("y2")?);
            format!("<path d=\"{}\"/>", path(&ends))
        }
        "circle" => format!("<circle cx=\"{}\" cy=\"{}\" r=\"{}\"/>", value("cx")?, value("cy")?, value("r")?),
        "rect" => format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            value("x")?,
            value("y")?,
            value("width")?,
            value("height")?
        ),
        _ => return None,
    })
}

/// The value of an attribute.
fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let start = line.find(&format!(" {name}=\""))? + name.len() + 3;
    line[start..].split('"').next()
}

/// Absolute vertices `x,y x,y …` as a path of relative steps, repeated vertices dropped.
fn path(points: &str) -> String {
    let vertices = points.split_ascii_whitespace().filter_map(|pair| {
        let (x, y) = pair.split_once(',')?;
        Some((x.parse::<i32>().ok()?, y.parse::<i32>().ok()?))
    });
    let mut out = String::new();
    let mut last = None;
    for (x, y) in vertices {
        out += &match last {
            None => format!("M{x} {y}"),
            Some(previous) if previous == (x, y) => continue,
            Some((from, y0)) if y0 == y => format!("h{}", x - from),
            Some((x0, from)) if x0 == x => format!("v{}", y - from),
            Some((x0, y0)) if y < y0 => format!("l{}{}", x - x0, y - y0),
            Some((x0, y0)) => format!("l{} {}", x - x0, y - y0),
        };
        last = Some((x, y));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use plotters::prelude::{BLACK, Circle, PathElement};

    #[test]
    fn elements_keep_geometry_and_lose_paint() {
        let body = layer((10.0, 10.0), |surface| {
            surface.draw(&PathElement::new(vec![(0, 0), (5, 7), (5, 7), (9, 7), (9, 1), (3, 0)], BLACK))?;
            surface.draw(&Circle::new((4, 4), 2, BLACK))
        });
        assert_eq!(body.unwrap(), "<path d=\"M0 0l5 7h4v-6l-6-1\"/><circle cx=\"4\" cy=\"4\" r=\"2\"/>");
    }

    #[test]
    fn planes_put_the_range_on_the_box() {
        let body = layer((10.0, 10.0), |surface| {
            let plane = plane(surface, ((0.0, 2.0), (-1.0, 1.0)), (1.0..9.0, 2.0..8.0));
            plane.draw(&PathElement::new(vec![(0.0, -1.0), (2.0, 1.0)], BLACK))
        });
        assert_eq!(body.unwrap(), "<path d=\"M40 320l320-240\"/>");
    }
}
