//! `sweep`: a lineage over a grid of its parameters, a row a point, written as it comes.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::Path;

use polars::prelude::{Column, DataFrame};
use rayon::prelude::*;
use serde_json::json;
use tempfile::NamedTempFile;

use crate::model::lineage::{Descriptor, Observable, ObservableDescriptor};
use crate::model::{Lineage, Status};
use crate::spec::LineageFile;
use crate::table::{Table, csv, parquet};
use crate::theory::lineage::{Warm, solve_from};

use super::Failure;
use super::ask_args::{SweepFormat, SweepOptions};
use super::axis::Axis;
use super::lineage_table::finite;
use super::lineage_view::doubt;
use super::progress::counting;
use super::table::object;

/// Points at most: a day of the fastest.
const MOST_POINTS: usize = 20_000_000;
/// Points along the first axis of which each starts where the one before ended. The first starts from nothing, so that
/// no byte depends on how many threads there are.
const SEGMENT: usize = 24;
/// Segments that a thread has before it at a time.
const AHEAD: usize = 6;
/// Rows of a row group in Parquet.
const GROUP: usize = 1 << 16;

/// One point of the grid.
struct Row {
    values: Vec<f64>,
    observables: Vec<Option<f64>>,
    status: Status,
    reason: Option<String>,
    error: Option<f64>,
}

/// What is swept.
struct Grid<'a> {
    lineage: &'a Lineage,
    axes: &'a [Axis],
    columns: Vec<Observable>,
}

impl Grid<'_> {
    /// Points along the first axis, and of the other axes together.
    fn sizes(&self) -> (usize, usize) {
        let size = |axes: &[Axis]| axes.iter().map(|axis| axis.values.len()).fold(1usize, usize::saturating_mul);
        (size(&self.axes[..1]), size(&self.axes[1..]))
    }

    /// Every segment: the line it is on, and its points on it.
    fn segments(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        let (along, lines) = self.sizes();
        let count = along.div_ceil(SEGMENT);
        let part = along.div_ceil(count);
        (0..lines)
            .flat_map(move |line| (0..count).map(move |i| (line, i * part, ((i + 1) * part).min(along))))
            .filter(|(_, from, to)| from < to)
    }

    /// Solves the points of a segment, each from where the one before ended.
    fn solve(&self, (line, from, to): (usize, usize, usize), done: impl Fn()) -> Vec<Row> {
        let mut warm = Warm::default();
        let point = |along: usize| {
            let mut left = line;
            let mut values = vec![self.axes[0].values[along]];
            for axis in &self.axes[1..] {
                values.push(axis.values[left % axis.values.len()]);
                left /= axis.values.len();
            }
            let row = self.row(values, &mut warm);
            done();
            row
        };
        (from..to).map(point).collect()
    }

    fn row(&self, values: Vec<f64>, warm: &mut Warm) -> Row {
        let mut lineage = self.lineage.clone();
        let mut set = self.axes.iter().zip(&values);
        let refused = set.find_map(|(axis, value)| axis.parameter.set(&mut lineage, *value).err());
        let solved = match refused {
            Some(error) => Err(error.to_string()),
            None => solve_from(&lineage, warm).map_err(|error| error.to_string()),
        };
        match solved {
            Ok(solution) => Row {
                values,
                observables: self.columns.iter().map(|column| column.get(&lineage, &solution)).collect(),
                status: solution.status(),
                reason: doubt(&solution),
                error: finite(solution.error()),
            },
            Err(reason) => Row {
                values,
                observables: vec![None; self.columns.len()],
                status: Status::NotValid,
                reason: Some(reason),
                error: None,
            },
        }
    }

    /// Rows as a table, whose metadata tell what the columns are.
    fn table(&self, rows: &[Row]) -> Result<Table, Failure> {
        let mut metadata = BTreeMap::new();
        let mut columns: Vec<Column> = Vec::new();
        let mut add = |column: Column, symbol: &str, unit: &str, meaning: &str| {
            let told = json!({ "symbol": symbol, "unit": unit, "meaning": meaning });
            metadata.insert(format!("column:{}", column.name()), told.to_string());
            columns.push(column);
        };
        let reals = |name: &str, of: &dyn Fn(&Row) -> Option<f64>| {
            Column::new(name.into(), rows.iter().map(|row| of(row).and_then(finite)).collect::<Vec<_>>())
        };
        let texts = |name: &str, of: &dyn Fn(&Row) -> Option<String>| {
            Column::new(name.into(), rows.iter().map(of).collect::<Vec<Option<String>>>())
        };
        for (i, Axis { parameter, .. }) in self.axes.iter().enumerate() {
            let column = reals(&parameter.to_string(), &|row| Some(row.values[i]));
            let Descriptor { domain, doc, .. } = parameter.descriptor();
            add(column, &parameter.symbol(), domain.unit, doc);
        }
        for (i, observable) in self.columns.iter().enumerate() {
            let column = reals(&observable.to_string(), &|row| row.observables[i]);
            let ObservableDescriptor { unit, doc, .. } = observable.descriptor();
            add(column, &observable.symbol(), unit, doc);
        }
        let error = reals("error", &|row| row.error);
        add(error, "", "1", "bound on the relative error of the observables of every stage");
        let status = texts("status", &|row| Some(row.status.name().to_owned()));
        add(status, "", "", "converged, not_converged (the best iterate stands in the row) or not_valid");
        let reason = texts("reason", &|row| row.reason.clone());
        add(reason, "", "", "why the point did not converge, or is not valid");
        let frame = DataFrame::new(rows.len(), columns).map_err(Failure::failed)?;
        Table::new(metadata, frame).map_err(Failure::failed)
    }
}

/// Where rows go.
enum Sink<W: Write + Send> {
    Csv { to: W, begun: bool },
    Json(W),
    Parquet { stream: Box<parquet::Stream<W>>, waiting: Vec<Row> },
}

impl<W: Write + Send> Sink<W> {
    fn new(format: SweepFormat, to: W, grid: &Grid<'_>) -> Result<Self, Failure> {
        Ok(match format {
            SweepFormat::Csv => Self::Csv { to, begun: false },
            SweepFormat::Json => Self::Json(to),
            SweepFormat::Parquet => {
                let stream = parquet::Stream::new(to, &grid.table(&[])?).map_err(Failure::failed)?;
                Self::Parquet { stream: Box::new(stream), waiting: Vec::new() }
            }
        })
    }

    fn push(&mut self, grid: &Grid<'_>, rows: Vec<Row>) -> Result<(), Failure> {
        match self {
            Self::Csv { to, begun } => {
                let table = grid.table(&rows)?;
                if !std::mem::replace(begun, true) {
                    to.write_all(csv::header(&table).as_bytes())?;
                }
                Ok(to.write_all(csv::rows(&table).as_bytes())?)
            }
            Self::Json(to) => {
                let table = grid.table(&rows)?;
                Ok((0..table.rows()).try_for_each(|row| writeln!(to, "{}", object(&table, row)))?)
            }
            Self::Parquet { stream, waiting } => {
                waiting.extend(rows);
                while waiting.len() >= GROUP {
                    let rest = waiting.split_off(GROUP);
                    stream.push(&grid.table(&std::mem::replace(waiting, rest))?).map_err(Failure::failed)?;
                }
                Ok(())
            }
        }
    }

    fn finish(self, grid: &Grid<'_>) -> Result<(), Failure> {
        match self {
            Self::Csv { mut to, .. } | Self::Json(mut to) => Ok(to.flush()?),
            Self::Parquet { mut stream, waiting } => {
                if !waiting.is_empty() {
                    stream.push(&grid.table(&waiting)?).map_err(Failure::failed)?;
                }
                stream.finish().map_err(Failure::failed)
            }
        }
    }
}

/// Solves every point of the grid and writes its rows, in order.
pub(super) fn sweep(options: &SweepOptions) -> Result<(), Failure> {
    let file = LineageFile::load(&options.lineage).map_err(Failure::input)?;
    let grid = grid(&file.lineage, options)?;
    let lost = match &options.to {
        Some(path) => {
            let (whole, temporary) = beside(path)?;
            let lost = write(&grid, options.format, whole)?;
            temporary.persist(path).map_err(|error| Failure::failed(format!("{}: {}", path.display(), error.error)))?;
            lost
        }
        None if options.format == SweepFormat::Parquet && std::io::stdout().is_terminal() => {
            return Err(Failure::input("--format parquet: a terminal cannot show it; valid: --to FILE, or a pipe"));
        }
        None => write(&grid, options.format, std::io::stdout())?,
    };
    match lost {
        0 => Ok(()),
        lost => {
            let (along, lines) = grid.sizes();
            Err(Failure::failed(format!(
                "{lost} of {} points are not converged or not valid; their rows say why",
                along * lines
            )))
        }
    }
}

/// The grid of the options, once they make sense.
fn grid<'a>(lineage: &'a Lineage, options: &'a SweepOptions) -> Result<Grid<'a>, Failure> {
    let mut touched = lineage.clone();
    for axis in &options.over {
        let parameter = axis.parameter;
        let before = parameter.get(lineage);
        let refuse = |problem: String| Failure::input(format!("--over {parameter}: {problem}"));
        // a number that has been moved already goes by another name
        if parameter.get(&touched) != before {
            return Err(refuse("it is swept twice; valid: each parameter once".to_owned()));
        }
        let other = axis.values.iter().copied().find(|value| Some(*value) != before).or(axis.values.first().copied());
        let moved = other.unwrap_or_default();
        parameter.set(&mut touched, moved).map_err(|error| Failure::input(format!("--over {error}")))?;
    }
    let columns = match options.columns.as_slice() {
        [] => Observable::all(lineage),
        some => some.to_vec(),
    };
    if let Some(column) = columns.iter().find(|column| !column.is_of(lineage)) {
        let valid: Vec<String> = Observable::all(lineage).iter().map(Observable::to_string).collect();
        return Err(Failure::input(format!("--columns {column}: the lineage has none; valid: {}", valid.join(", "))));
    }
    let grid = Grid { lineage, axes: &options.over, columns };
    let (along, lines) = grid.sizes();
    let points = along.saturating_mul(lines);
    if points > MOST_POINTS {
        return Err(Failure::input(format!("--over: {points} points; valid: {MOST_POINTS} at most")));
    }
    Ok(grid)
}

/// A file that takes the place of `path` once it is whole.
fn beside(path: &Path) -> Result<(BufWriter<File>, NamedTempFile), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let refuse = |error: std::io::Error| {
        Failure::input(format!("--to {}: {error}; valid: a file in a folder that can be written to", path.display()))
    };
    if path.is_dir() {
        return Err(refuse(std::io::ErrorKind::IsADirectory.into()));
    }
    let temporary = NamedTempFile::new_in(folder).map_err(refuse)?;
    Ok((BufWriter::new(temporary.reopen().map_err(refuse)?), temporary))
}

/// Writes the rows of all segments, in order and as they are solved; tells how many points have no answer.
fn write(grid: &Grid<'_>, format: SweepFormat, to: impl Write + Send) -> Result<usize, Failure> {
    let (along, lines) = grid.sizes();
    let bar = counting((along * lines) as u64);
    let done = || {
        if let Some(bar) = &bar {
            bar.inc(1);
        }
    };
    let mut sink = Sink::new(format, to, grid)?;
    let mut lost = 0;
    let mut segments = grid.segments();
    loop {
        let batch: Vec<_> = segments.by_ref().take(AHEAD * rayon::current_num_threads()).collect();
        if batch.is_empty() {
            break;
        }
        let rows: Vec<Vec<Row>> = batch.into_par_iter().map(|segment| grid.solve(segment, done)).collect();
        for rows in rows {
            lost += rows.iter().filter(|row| row.status != Status::Converged).count();
            sink.push(grid, rows)?;
        }
    }
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    sink.finish(grid)?;
    Ok(lost)
}
