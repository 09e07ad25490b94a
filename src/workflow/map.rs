//! Maps: the checks of a figure judged by theory at every node of a grid over its data, and the drawing of that.

use rayon::prelude::*;

use crate::plot::{self, Axis, Color, Drawing, Grid, LegendPlacement, Marker, Panel, PlotError, Point, Series};
use crate::spec::{Claim, Figure, MapAxis};
use crate::table::{Cell, Rows, Table, schema};
use crate::verdict::{Evidence, Finding, Verdict, Voice, hear, number};

use super::tables;
use super::theory::{self, Course, extrema};
use super::thresholds_of;

/// Seconds that judging a figure takes, about.
#[must_use]
pub fn weight(figure: &Figure) -> f64 {
    /// How much longer a curve takes whose extrema are looked for besides.
    const REFINING: f64 = 4.0;

    let nodes: usize = figure.map.iter().map(|axis| axis.values.len()).product();
    let of_node = figure.curves.iter().map(|curve| theory::weight(curve, figure.theory_x(curve, &[]).len()));
    REFINING * nodes as f64 * of_node.sum::<f64>()
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What theory says of every check at every node; none when stopped. `n` is the number of features whose spectrum is
/// meant where it is not isotropic.
///
/// # Errors
/// A parameter out of its domain at a node.
pub fn judge(figure: &Figure, n: usize, stop: impl Fn() -> bool + Sync) -> Result<Option<Table>, Failure> {
    let nodes = figure.nodes();
    let judged: Vec<Option<Vec<Finding>>> =
        nodes.par_iter().map(|(_, here)| at_node(here, n, &stop)).collect::<Result<_, Failure>>()?;
    let mut rows = Rows::new(&schema::MAP);
    for ((values, here), findings) in nodes.iter().zip(judged) {
        let Some(findings) = findings else { return Ok(None) };
        for (claim, Finding { verdict, estimate, .. }) in here.claims.iter().zip(findings) {
            let place = |direction: usize| Cell::from(values.get(direction).copied());
            rows.push_row(&[
                ("figure", figure.id.as_str().into()),
                ("check", claim.id.as_str().into()),
                ("claim", claim.claim.as_str().into()),
                ("first", place(0)),
                ("second", place(1)),
                ("third", place(2)),
                ("verdict", verdict.word().into()),
                ("value", estimate.map(|found| found.value).into()),
                ("low", estimate.map(|found| found.interval[0]).into()),
                ("high", estimate.map(|found| found.interval[1]).into()),
            ])?;
        }
    }
    Ok(Some(rows.table()?))
}

/// What theory says of every check of a figure.
fn at_node(here: &Figure, n: usize, stop: &(impl Fn() -> bool + Sync)) -> Result<Option<Vec<Finding>>, Failure> {
    let mut chunks = Vec::new();
    for curve in &here.curves {
        let course = Course::new(here, curve, here.theory_x(curve, &[]), n);
        let Some(table) = course.evaluate(&extrema(here, curve), stop)? else { return Ok(None) };
        chunks.push(table);
    }
    let theory = tables::theory(here, &chunks)?;
    let evidence = Evidence { theory, thresholds: thresholds_of(here).into(), ..Evidence::none(here) };
    let silent =
        Finding { voice: Voice::Theory, verdict: Verdict::CannotTell, estimate: None, expected: None, needed: None };
    let says = |claim| hear(claim, &evidence).into_iter().find(|finding| finding.voice == Voice::Theory);
    Ok(Some(here.claims.iter().map(|claim| says(claim).unwrap_or(silent)).collect()))
}

/// Room beside the outermost nodes, and between the marks of a node, in steps of the grid.
const ROOM: f64 = 0.6;
const BESIDE: f64 = 0.22;

/// Draws the map of a figure: one panel a check, one mark a node.
///
/// # Errors
/// [`PlotError`] when a label of the figure file cannot be drawn.
pub fn draw(figure: &Figure, map: &Table) -> Result<String, PlotError> {
    // all panels know the same verdicts, so that one legend serves them
    let verdicts = [Verdict::Holds, Verdict::Fails, Verdict::CannotTell].into_iter();
    let verdicts: Vec<Verdict> =
        verdicts.filter(|verdict| !map.rows_where("verdict", verdict.word()).is_empty()).collect();
    let panels = figure.claims.iter().map(|claim| panel(figure, claim, map, &verdicts));
    plot::render(&Drawing {
        id: figure.id.clone(),
        title: figure.title.clone(),
        description: "Where each check holds and where it fails, by theory, over a grid of the data".to_owned(),
        panels: panels.collect(),
        grid: Grid::Triples,
        legend: LegendPlacement::Below,
    })
}

/// How a verdict is marked.
fn mark(verdict: Verdict) -> (Color, Marker) {
    match verdict {
        Verdict::Holds => (Color::slot(0), Marker::Circle),
        Verdict::Fails => (Color::slot(1), Marker::Square),
        Verdict::CannotTell => (Color::NEUTRAL, Marker::Triangle),
    }
}

fn panel(figure: &Figure, claim: &Claim, map: &Table, verdicts: &[Verdict]) -> Panel {
    let axis = |direction: usize| figure.map.get(direction);
    // nodes stand at equal steps, whatever their values
    let step = |direction: usize, value: Option<f64>| {
        let place = axis(direction).and_then(|axis| axis.values.iter().position(|known| Some(*known) == value));
        place.unwrap_or(0) as f64
    };
    let beside = axis(2).map_or(1, |axis| axis.values.len());
    let series = verdicts.iter().map(|&verdict| {
        let rows = map.rows_where("check", &claim.id).into_iter();
        let points = rows.filter(|&row| map.text("verdict", row) == Some(verdict.word())).map(|row| {
            let [first, second, third] = ["first", "second", "third"].map(|name| map.real(name, row));
            let shift = BESIDE * (step(2, third) - 0.5 * (beside - 1) as f64);
            let told = map.real("value", row).map_or("no number".to_owned(), number);
            let mut point = Point::new(step(0, first) + shift, step(1, second));
            point.hover = Some(format!("{}: {}, {told}", place(figure, [first, second, third]), verdict.word()));
            point
        });
        let (color, marker) = mark(verdict);
        let id = format!("{}-{}", claim.id, verdict.word().replace(' ', "-"));
        Series::experiment(&id, verdict.word(), color, marker, points.collect())
    });
    let mut x = steps(axis(0));
    if let Some(third) = axis(2) {
        let values: Vec<String> = third.values.iter().map(|value| number(*value)).collect();
        x.label += &format!(", side by side {} = {}", third.parameter.symbol(), values.join(", "));
    }
    let mut panel = Panel::new(x, steps(axis(1)));
    panel.title = Some(claim.title.clone().unwrap_or_else(|| claim.text.clone()));
    panel.series = series.collect();
    panel
}

/// ρ = 0.2, η = 0.5, Δ = 1.
fn place(figure: &Figure, values: [Option<f64>; 3]) -> String {
    let told = figure.map.iter().zip(values);
    told.filter_map(|(axis, value)| Some(format!("{} = {}", axis.parameter.symbol(), number(value?))))
        .collect::<Vec<_>>()
        .join(", ")
}

/// An axis on which the values of a direction stand at equal steps.
fn steps(axis: Option<&MapAxis>) -> Axis {
    let Some(axis) = axis else { return Axis::linear("", (-ROOM, ROOM)) };
    Axis::steps(axis.parameter.symbol(), axis.values.iter().map(|value| number(*value)).collect(), ROOM)
}
