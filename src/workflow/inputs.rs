//! What a stage reads while it is made, by handle.

use std::path::Path;

use crate::pipeline::{Context, Graph, Stage, WorkError};
use crate::spec::Figure;
use crate::table::{OfFigure, Table, TableName, parquet};

use super::{Output, has_table};

/// The inputs of one stage.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    pub(super) stage: &'a Stage,
    pub(super) context: &'a Context<'a>,
    pub(super) graph: &'a Graph,
}

impl Inputs<'_> {
    /// A table.
    ///
    /// # Errors
    /// As all here: the stage has not declared it, or it cannot be read.
    pub fn table(&self, table: TableName<'_>) -> Result<Table, WorkError> {
        parquet::from_bytes(&self.bytes(table)?, Path::new(&table.file())).map_err(WorkError::failed)
    }

    /// A table of a figure, without rows where the figure has none.
    pub fn table_of(&self, figure: &Figure, table: OfFigure) -> Result<Table, WorkError> {
        match has_table(figure, table) {
            true => self.table(TableName::Of(&figure.id, table)),
            false => Ok(Table::default()),
        }
    }

    /// A drawing.
    pub fn text<'b>(&self, output: impl Into<Output<'b>>) -> Result<String, WorkError> {
        String::from_utf8(self.bytes(output)?).map_err(WorkError::failed)
    }

    /// The bytes of an output of another stage.
    pub fn bytes<'b>(&self, output: impl Into<Output<'b>>) -> Result<Vec<u8>, WorkError> {
        let output = output.into();
        let (id, path) = (output.stage(), output.path());
        let place = self.graph.stage(&id).and_then(|stage| stage.outputs.iter().position(|known| *known == path));
        let bytes = self.context.read(self.stage, &id)?;
        place
            .and_then(|place| bytes.into_iter().nth(place))
            .ok_or_else(|| WorkError::failed(format!("{id} does not make {}", path.display())))
    }

    /// A chunk, by the id of its stage.
    pub fn chunk(&self, id: &str) -> Result<Vec<u8>, WorkError> {
        Ok(self.context.read(self.stage, id)?.concat())
    }

    /// A source file.
    pub fn file(&self, path: &str) -> Result<String, WorkError> {
        String::from_utf8(self.context.file(self.stage, path)?).map_err(WorkError::failed)
    }

    /// Whether the work should stop.
    #[must_use]
    pub fn stop(&self) -> bool {
        self.context.interrupted()
    }
}
