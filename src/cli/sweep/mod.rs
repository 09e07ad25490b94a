//! `sweep`: a lineage over a grid of its parameters, a row a point, written as it comes.

mod grid;
mod sink;

use std::io::{BufWriter, IsTerminal, Write};
use std::path::Path;
use std::sync::atomic::Ordering;

use rayon::prelude::*;

use crate::model::lineage::Observable;
use crate::model::{Lineage, Status};
use crate::pipeline::Replacement;
use crate::spec::LineageFile;

use super::ask_args::{SweepFormat, SweepOptions};
use super::progress::counting;
use super::{Failure, interrupt, threads};

use grid::{Grid, Row};
use sink::Sink;

/// Points at most: a day of the fastest.
const MOST_POINTS: usize = 20_000_000;
/// Segments that a thread has before it at a time.
const AHEAD: usize = 6;
/// Where the rows may go.
const WRITABLE: &str = "a file in a folder that can be written to";

/// Solves every point of the grid and writes its rows, in order.
pub(super) fn sweep(options: &SweepOptions) -> Result<(), Failure> {
    let file = LineageFile::load(&options.lineage).map_err(Failure::input)?;
    let grid = grid(&file.lineage, options)?;
    let format = options.format()?;
    threads::start()?;
    let lost = match &options.to {
        Some(path) => {
            let refuse = |error| Failure::input(format!("--to {}: {error}; valid: {WRITABLE}", path.display()));
            let mut file = Replacement::of(path).map_err(refuse)?;
            interrupt::removes(file.path());
            let lost = write(&grid, format, BufWriter::new(Named { to: &mut file, path }))?;
            file.persist().map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?;
            interrupt::removes(None);
            writeln!(std::io::stdout(), "{}", path.display())?;
            lost
        }
        None if format == SweepFormat::Parquet && std::io::stdout().is_terminal() => {
            return Err(Failure::input("--format parquet: a terminal cannot show it; valid: --to FILE, or a pipe"));
        }
        None => write(&grid, format, std::io::stdout())?,
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

/// A file whose errors tell its name.
struct Named<'a, W> {
    to: W,
    path: &'a Path,
}

impl<W: Write> Named<'_, W> {
    fn told<T>(&self, outcome: std::io::Result<T>) -> std::io::Result<T> {
        outcome.map_err(|error| std::io::Error::new(error.kind(), format!("{}: {error}", self.path.display())))
    }
}

impl<W: Write> Write for Named<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.to.write(bytes);
        self.told(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let flushed = self.to.flush();
        self.told(flushed)
    }
}

impl SweepOptions {
    /// The format: what --format says, else the name of the file, which may not contradict each other.
    fn format(&self) -> Result<SweepFormat, Failure> {
        let Some(path) = &self.to else { return Ok(self.format.unwrap_or(SweepFormat::Csv)) };
        let (shown, end) = (path.display(), path.extension().map(|end| end.to_string_lossy().to_lowercase()));
        let named = match end.as_deref() {
            Some("csv") => Some(SweepFormat::Csv),
            Some("json" | "jsonl" | "ndjson") => Some(SweepFormat::Json),
            Some("parquet") => Some(SweepFormat::Parquet),
            Some(_) | None => None,
        };
        match (self.format, named) {
            (Some(format), Some(named)) if format != named => Err(Failure::input(format!(
                "--format {}: contradicts the name {shown}; valid: one of the two, or --format {}",
                name(format),
                name(named)
            ))),
            (Some(format), _) | (None, Some(format)) => Ok(format),
            (None, None) => Ok(SweepFormat::Csv),
        }
    }
}

fn name(format: SweepFormat) -> &'static str {
    match format {
        SweepFormat::Csv => "csv",
        SweepFormat::Json => "json",
        SweepFormat::Parquet => "parquet",
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

/// Writes the rows of all segments, in order and as they are solved; tells how many points have no answer.
fn write(grid: &Grid<'_>, format: SweepFormat, to: impl Write + Send) -> Result<usize, Failure> {
    let (along, lines) = grid.sizes();
    let bar = counting((along * lines) as u64);
    let interrupted = interrupt::flag();
    let go_on = || {
        if let Some(bar) = &bar {
            bar.inc(1);
        }
        !interrupted.load(Ordering::Relaxed)
    };
    let mut sink = Sink::new(format, to, grid)?;
    let mut lost = 0;
    let mut segments = grid.segments();
    loop {
        let batch: Vec<_> = segments.by_ref().take(AHEAD * rayon::current_num_threads()).collect();
        if batch.is_empty() {
            break;
        }
        let rows: Option<Vec<Vec<Row>>> = batch.into_par_iter().map(|segment| grid.solve(segment, go_on)).collect();
        for rows in rows.ok_or_else(|| Failure::interrupted("the sweep is not whole"))? {
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
