//! Where the rows of a sweep go, as they come.

use std::io::Write;

use crate::cli::Failure;
use crate::cli::ask_args::SweepFormat;
use crate::cli::table::object;
use crate::table::{csv, parquet};

use super::grid::{Grid, Row};

/// Rows of a row group in Parquet.
const GROUP: usize = 1 << 16;

/// Where rows go.
pub(super) enum Sink<W: Write + Send> {
    Csv { to: W, begun: bool },
    Json(W),
    Parquet { stream: Box<parquet::Stream<W>>, waiting: Vec<Row> },
}

impl<W: Write + Send> Sink<W> {
    pub(super) fn new(format: SweepFormat, to: W, grid: &Grid<'_>) -> Result<Self, Failure> {
        Ok(match format {
            SweepFormat::Csv => Self::Csv { to, begun: false },
            SweepFormat::Json => Self::Json(to),
            SweepFormat::Parquet => {
                let stream = parquet::Stream::new(to, &grid.table(&[])?).map_err(Failure::failed)?;
                Self::Parquet { stream: Box::new(stream), waiting: Vec::new() }
            }
        })
    }

    pub(super) fn push(&mut self, grid: &Grid<'_>, rows: Vec<Row>) -> Result<(), Failure> {
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

    pub(super) fn finish(self, grid: &Grid<'_>) -> Result<(), Failure> {
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
