//! All readings, and the answer to what print shows of one of our figures.

use std::collections::BTreeMap;

use crate::spec::{Column, Curve, Figure, Panel};

use super::readings::{Kind, Line, Mark, Name, Reading};
use super::{Axis, Direction, PaperError, axis, readings};

/// One vertex of a printed curve, under our names.
#[derive(Debug, Clone, PartialEq)]
pub struct Vertex {
    /// Id of our curve.
    pub curve: String,
    /// What the panel shows.
    pub column: Column,
    /// Horizontal reading.
    pub x: f64,
    /// Vertical reading.
    pub y: f64,
    /// Error of the horizontal reading, in units of x.
    pub x_error: f64,
    /// Error of the vertical reading, in units of y.
    pub y_error: f64,
    /// Number of the pen stroke; vertices of one stroke are joined.
    pub segment: i64,
}

/// One printed marker, under our names.
#[derive(Debug, Clone, PartialEq)]
pub struct PrintedPoint {
    /// Id of our curve.
    pub curve: String,
    /// What the panel shows.
    pub column: Column,
    /// Where it stands: the value it was made at, as readings of x all fall on round ones.
    pub x: f64,
    /// Vertical reading.
    pub y: f64,
    /// Half the length of its bar, where it could be read. Bars behave like standard deviations over 10 samples.
    pub bar: Option<f64>,
    /// Error of the vertical reading.
    pub y_error: f64,
    /// Simulation or theory.
    pub kind: Kind,
}

/// The texts of the four files.
#[derive(Debug, Clone, Copy, Default)]
pub struct Files<'a> {
    /// [`super::CURVES`].
    pub curves: &'a str,
    /// [`super::POINTS`].
    pub points: &'a str,
    /// [`super::LINES`].
    pub lines: &'a str,
    /// [`super::AXES`].
    pub axes: &'a str,
}

/// The x at the ends of the reading errors of the outermost vertices: there a slope, which may diverge, is taken over
/// the error.
pub fn reading_ends<'a>(vertices: impl Iterator<Item = &'a Vertex> + Clone) -> impl Iterator<Item = f64> {
    let by_x = |one: &&Vertex, other: &&Vertex| one.x.total_cmp(&other.x);
    let ends = [vertices.clone().min_by(by_x), vertices.max_by(by_x)];
    ends.into_iter().flatten().flat_map(|end| [end.x - end.x_error, end.x + end.x_error])
}

/// Everything that was read off print.
#[derive(Debug, Clone, Default)]
pub struct Print {
    curves: BTreeMap<Name, Vec<Reading>>,
    points: BTreeMap<Name, Vec<Mark>>,
    lines: Vec<Line>,
    axes: Vec<Axis>,
}

impl Print {
    /// Reads the four texts; an empty text is a project without those readings.
    ///
    /// # Errors
    /// [`PaperError`] with file and line of the first row that is wrong.
    pub fn parse(files: Files<'_>) -> Result<Self, PaperError> {
        let axes = axis::parse(files.axes)?;
        let error = |figure: &str, direction: Direction, value: f64| {
            let axis = axes.iter().find(|axis| axis.figure == figure && axis.axis == direction)?;
            Some(axis.error_at(value))
        };
        let mut curves = readings::curves(files.curves, error)?;
        let points = readings::points(files.points)?;
        let lines = readings::lines(files.lines)?;
        for line in &lines {
            let name = (line.figure.clone(), line.name.clone());
            if !points.contains_key(&name) {
                let reading = |&(x, y)| Reading { segment: 0, x, y, x_error: line.x_error, y_error: line.y_error };
                curves.entry(name).or_insert_with(|| line.vertices.iter().map(reading).collect());
            }
        }
        Ok(Self { curves, points, lines, axes })
    }

    /// True where nothing was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.curves.is_empty() && self.points.is_empty()
    }

    /// The vertices of every printed curve of a figure, in the order of its panels and curves.
    ///
    /// Where the frame cuts a stroke, its end is no vertex of the curve, only a point of a straight piece: it is left
    /// out, at the top and the bottom by itself, at the sides where the figure file gives a range.
    #[must_use]
    pub fn curves(&self, figure: &Figure) -> Vec<Vertex> {
        let mut vertices = Vec::new();
        for (panel, curve, print) in shown(figure) {
            let name = curve.printed_curve().map(|name| (print.to_owned(), name.to_owned()));
            let readings = name.and_then(|name| self.curves.get(&name)).map_or(&[][..], Vec::as_slice);
            let axis = self.axes.iter().find(|axis| axis.figure == print && axis.axis == Direction::Y);
            for (index, reading) in readings.iter().enumerate() {
                let &Reading { segment, x, y, x_error, y_error } = reading;
                if !curve.printed_at(x) || axis.is_some_and(|axis| is_cut(readings, index, axis)) {
                    continue;
                }
                vertices.push(Vertex { curve: curve.id.clone(), column: panel.y, x, y, x_error, y_error, segment });
            }
        }
        vertices
    }

    /// Every printed marker of a figure, in the order of its panels and curves and of rising x.
    #[must_use]
    pub fn points(&self, figure: &Figure) -> Vec<PrintedPoint> {
        let mut points = Vec::new();
        for (panel, curve, print) in shown(figure) {
            let names = curve.printed_points().into_iter().map(|name| (print.to_owned(), name.to_owned()));
            let mut marks: Vec<&Mark> = names.filter_map(|name| self.points.get(&name)).flatten().collect();
            marks.sort_by(|one, other| one.x.total_cmp(&other.x));
            points.extend(marks.into_iter().map(|&Mark { x, y, bar, y_error, kind }| PrintedPoint {
                curve: curve.id.clone(),
                column: panel.y,
                x,
                y,
                bar,
                y_error,
                kind,
            }));
        }
        points
    }

    /// Every line of [`super::LINES`].
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Every printed axis.
    #[must_use]
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// An axis of a panel of ours.
    #[must_use]
    pub fn axis(&self, figure: &Figure, panel: &Panel, direction: Direction) -> Option<&Axis> {
        let print = figure.print_of(panel)?;
        self.axes.iter().find(|axis| axis.figure == print && axis.axis == direction)
    }

    /// The print's names of the series of one of its figures or panels: curves, then points.
    #[must_use]
    pub fn names(&self, print: &str) -> [Vec<&str>; 2] {
        fn of<'a, T>(series: &'a BTreeMap<Name, T>, print: &str) -> Vec<&'a str> {
            series.keys().filter(|(figure, _)| figure == print).map(|(_, name)| name.as_str()).collect()
        }
        [of(&self.curves, print), of(&self.points, print)]
    }
}

/// True for the end of a stroke that crosses the top or the bottom of the frame; one that runs along it does not.
fn is_cut(readings: &[Reading], index: usize, axis: &Axis) -> bool {
    let here = &readings[index];
    let on = |limit: f64, reading: &Reading| (reading.y - limit).abs() <= reading.y_error;
    let same = |other: Option<&Reading>| other.is_some_and(|other| other.segment == here.segment);
    let before = index.checked_sub(1).and_then(|before| readings.get(before));
    let neighbour = match (same(before), same(readings.get(index + 1))) {
        (true, false) => before,
        (false, true) => readings.get(index + 1),
        (true, true) | (false, false) => None,
    };
    let crosses = |limit: f64| on(limit, here) && neighbour.is_some_and(|neighbour| !on(limit, neighbour));
    crosses(axis.min) || crosses(axis.max)
}

/// Every curve in every panel that shows it, with the print's name of the panel, where print has it.
fn shown(figure: &Figure) -> impl Iterator<Item = (&Panel, &Curve, &str)> {
    let panels = figure.panels.iter().filter_map(|panel| Some((panel, figure.print_of(panel)?)));
    panels.flat_map(move |(panel, print)| {
        let curves = figure.curves.iter().filter(move |curve| figure.shows(panel, curve));
        curves.map(move |curve| (panel, curve, print))
    })
}
