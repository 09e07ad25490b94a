//! Labels of reference lines: outside the plotting area, parted where lines are close
//!
//! A label that had to move keeps a slanted leader to its line.

use super::drawing::{Axis, Panel};
use super::error::PlotError;
use super::label::{Anchor, spread, text};
use super::markup::Text;
use super::series::Area;
use super::style::{AXIS, GAP, SMALL, SMALL_LINE, ink};
use super::xml::number;

/// The labels of the reference lines, outside the plotting area, with leaders where they were moved.
pub(super) fn annotations(panel: &Panel, area: &Area) -> Result<String, PlotError> {
    let (width, height) = area.window.size;
    let verticals = panel.verticals.iter().map(|line| (panel.x.coordinate(line.at), line.label.as_str()));
    let horizontals = panel.horizontals.iter().map(|line| (panel.y.coordinate(line.at), line.label.as_str()));
    let mut leaders = String::new();
    let mut out = String::new();
    let labels = placed(&panel.x, verticals, |at| area.displayed_x(at), |label| label.width(SMALL) + GAP);
    for label in labels?.spread(area.left - 20.0, area.left + width + 20.0) {
        leaders += &leader([(label.line, area.top), (label.centre, area.top - GAP)]);
        out += &text(&label.text, (label.centre, area.top - GAP - 5.0), SMALL, Anchor::Middle);
    }
    let right = area.left + width;
    let labels = placed(&panel.y, horizontals, |at| area.displayed_y(at), |_| SMALL_LINE - 2.0);
    for label in labels?.spread(area.top - 8.0, area.top + height + 8.0) {
        leaders += &leader([(right, label.line), (right + GAP, label.centre)]);
        out += &text(&label.text, (right + 1.5 * GAP, label.centre + 0.35 * SMALL), SMALL, Anchor::Start);
    }
    if leaders.is_empty() {
        return Ok(out);
    }
    let width = number(AXIS);
    Ok(format!(
        "{out}<path class=\"i\" fill=\"none\" stroke=\"{}\" stroke-opacity=\".6\" stroke-width=\"{width}\" d=\"{leaders}\"/>",
        ink()
    ))
}

/// A label of a reference line: where the line is, and where the label goes.
struct Placed {
    line: f64,
    centre: f64,
    extent: f64,
    text: Text,
}

/// Labels before they are spread.
struct Row(Vec<Placed>);

impl Row {
    fn spread(mut self, low: f64, high: f64) -> Vec<Placed> {
        self.0.sort_by(|one, other| one.line.total_cmp(&other.line));
        let centres: Vec<f64> = self.0.iter().map(|label| label.line).collect();
        let extents: Vec<f64> = self.0.iter().map(|label| label.extent).collect();
        for (label, centre) in self.0.iter_mut().zip(spread(&centres, &extents, low, high)) {
            label.centre = centre;
        }
        self.0
    }
}

/// The labels of the lines that lie on the axis and have one.
fn placed<'a>(
    axis: &Axis,
    lines: impl Iterator<Item = (f64, &'a str)>,
    displayed: impl Fn(f64) -> f64,
    extent: impl Fn(&Text) -> f64,
) -> Result<Row, PlotError> {
    let mut row = Vec::new();
    for (at, label) in lines.filter(|(at, _)| axis.holds(*at)) {
        let (line, text) = (displayed(at), Text::parse(label)?);
        if !text.is_empty() {
            row.push(Placed { line, centre: line, extent: extent(&text), text });
        }
    }
    Ok(Row(row))
}

/// A short stroke from a line's end to its label.
fn leader([from, to]: [(f64, f64); 2]) -> String {
    format!("M{} {}L{} {}", number(from.0), number(from.1), number(to.0), number(to.1))
}
