//! The legend: samples and labels in columns under the panels, and a key to the roles

use std::collections::BTreeSet;

use super::canvas::{fine_group, layer};
use super::drawing::{Drawing, LegendPlacement, Panel, Role, Series};
use super::error::PlotError;
use super::label::{Anchor, text};
use super::markup::Text;
use super::series::{class, line_group, marker_group, marker_sample, sample};
use super::style::{Color, Dash, SMALL, ink};
use super::xml::escape;

/// Displayed height of a row, length of a sample, and space between columns and at the sides.
const ROW: f64 = 22.0;
const SAMPLE: f64 = 30.0;
const SPACE: f64 = 16.0;
const SIDE: f64 = 12.0;

/// One entry: what is drawn as its sample, and its label.
struct Entry {
    samples: Vec<Series>,
    label: Text,
    key: bool,
}

impl Entry {
    fn width(&self) -> f64 {
        SAMPLE + 8.0 + self.label.width(SMALL)
    }
}

/// A piece of legend, one cell wide, and its height.
pub(super) type Piece = (String, f64);

/// The legend of a drawing.
#[derive(Debug, Default)]
pub(super) struct Legend {
    /// One piece a panel where panels show different curves, else none.
    pub(super) panels: Vec<Piece>,
    /// What goes under all panels: the curves where they are shared, and the key to the roles.
    pub(super) below: Piece,
}

/// The legend's content.
pub(super) fn draw(drawing: &Drawing) -> Result<Legend, PlotError> {
    match drawing.legend {
        LegendPlacement::Hidden => return Ok(Legend::default()),
        LegendPlacement::Below => {}
    }
    let all: Vec<&Series> = drawing.panels.iter().flat_map(|panel| &panel.series).collect();
    let cell = drawing.grid.width();
    let key = columns(roles(&all)?, cell);
    let labels = |panel: &Panel| panel.series.iter().map(|one| (one.label.clone(), one.color)).collect::<BTreeSet<_>>();
    let shared = drawing.panels.windows(2).all(|pair| labels(&pair[0]) == labels(&pair[1]));
    if shared {
        let mut rows = columns(curves(all.into_iter())?, cell);
        rows.extend(key);
        return Ok(Legend { panels: Vec::new(), below: piece(&rows, cell)? });
    }
    let panels = drawing.panels.iter().map(|panel| piece(&columns(curves(panel.series.iter())?, cell), cell));
    Ok(Legend { panels: panels.collect::<Result<_, _>>()?, below: piece(&key, cell)? })
}

/// Rows of entries as one piece.
fn piece(rows: &[Vec<(f64, Entry)>], cell: f64) -> Result<Piece, PlotError> {
    let mut out = String::new();
    for (row, entries) in rows.iter().enumerate() {
        let y = ROW * (row as f64 + 0.5);
        for (x, entry) in entries {
            out += &draw_entry(entry, (*x, y), cell)?;
        }
    }
    Ok((out, ROW * rows.len() as f64 + 4.0))
}

/// One entry per label and colour, in order of appearance; a line and its markers share one.
fn curves<'a>(series: impl Iterator<Item = &'a Series>) -> Result<Vec<Entry>, PlotError> {
    let mut keys: Vec<(&str, Color)> = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    for series in series.filter(|series| !series.label.is_empty()) {
        let key = (series.label.as_str(), series.color);
        let bare = Series { points: Vec::new(), ..series.clone() };
        match keys.iter().position(|known| *known == key) {
            None => {
                keys.push(key);
                entries.push(Entry { samples: vec![bare], label: Text::parse(&series.label)?, key: false });
            }
            Some(at) if !entries[at].samples.contains(&bare) => entries[at].samples.push(bare),
            Some(_) => {}
        }
    }
    Ok(entries)
}

/// A key to what lines and markers stand for, if the drawing has more than one kind; print's share an entry.
fn roles(all: &[&Series]) -> Result<Vec<Entry>, PlotError> {
    let mut samples: Vec<&Series> = Vec::new();
    for series in all {
        if !samples.iter().any(|known| known.role == series.role) {
            samples.push(series);
        }
    }
    samples.sort_by_key(|series| series.role);
    let mut names: Vec<&str> = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    for series in samples {
        let name = match series.role {
            Role::Theory => "theory",
            Role::Fit => "fit",
            Role::Published | Role::PrintedPoints => "print",
            Role::Experiment => "simulation",
            Role::Measured => "measured",
            Role::Residual => "residual",
        };
        // a line is told by itself, without the dots where it was computed; theory by an unbroken one
        let marker = series.marker.filter(|_| series.line.is_none());
        let line = series.line.map(|dash| if series.role == Role::Theory { Dash::Solid } else { dash });
        let neutral = Series { color: Color::NEUTRAL, line, marker, points: Vec::new(), ..(*series).clone() };
        match names.iter().position(|known| *known == name) {
            Some(at) => entries[at].samples.push(neutral),
            None => {
                names.push(name);
                entries.push(Entry { samples: vec![neutral], label: Text::parse(name)?, key: true });
            }
        }
    }
    if entries.len() < 2 {
        entries.clear();
    }
    Ok(entries)
}

/// Rows of as many equal columns as fit, each entry with its abscissa.
fn columns(entries: Vec<Entry>, cell: f64) -> Vec<Vec<(f64, Entry)>> {
    let widest = entries.iter().map(Entry::width).fold(1.0, f64::max);
    let fitting = ((cell - 2.0 * SIDE + SPACE) / (widest + SPACE)).floor().max(1.0);
    let count = (fitting as usize).min(entries.len());
    // An even number of rows' worth of columns leaves no lonely last entry where fewer columns would do.
    let count = entries.len().div_ceil(entries.len().div_ceil(count.max(1)).max(1));
    let total = count as f64 * (widest + SPACE) - SPACE;
    let left = (0.5 * (cell - total)).max(SIDE);
    let mut rows: Vec<Vec<(f64, Entry)>> = Vec::new();
    for (at, entry) in entries.into_iter().enumerate() {
        if at % count == 0 {
            rows.push(Vec::new());
        }
        if let Some(row) = rows.last_mut() {
            row.push((left + (at % count) as f64 * (widest + SPACE), entry));
        }
    }
    rows
}

/// The sample and the label of one entry.
fn draw_entry(entry: &Entry, (x, y): (f64, f64), cell: f64) -> Result<String, PlotError> {
    let size = (cell, y + ROW);
    let mut out = String::new();
    for series in &entry.samples {
        if let Some(dash) = series.line {
            let line = layer(size, |surface| sample(surface, (x, x + SAMPLE), y))?;
            out += &format!("{}{line}</g>", line_group(series, dash));
        }
        if let Some(marker) = series.marker {
            let shape = layer(size, |surface| marker_sample(surface, (x + 0.5 * SAMPLE, y), (series.role, marker)))?;
            out += &format!("{}{shape}</g>", marker_group(series));
        }
    }
    let first = &entry.samples[0];
    let role = if entry.key { class(first.role) } else { "curve" };
    let mut curves: Vec<&str> = entry.samples.iter().map(|series| series.id.as_str()).collect();
    curves.dedup();
    let curves = if entry.key { String::new() } else { format!(" data-curve=\"{}\"", escape(&curves.join(" "))) };
    let name = text(&entry.label, (x + SAMPLE + 8.0, y + 0.35 * SMALL), SMALL, Anchor::Start);
    Ok(format!(
        "<g class=\"entry {role} c{}\"{curves}>{}{out}</g><g class=\"t\" fill=\"{}\">{name}</g></g>",
        first.color.index(),
        fine_group(),
        ink()
    ))
}
