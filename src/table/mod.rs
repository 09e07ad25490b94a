//! Tables: one schema per kind, one columnar value type, Parquet in and out.
//!
//! Everything the project prints is a cell of one of these tables. [`schema`] says which columns a
//! table has, what they mean and how far two runs may differ; [`Table`] holds the cells;
//! [`parquet`] and [`csv`] carry them to disk and to a terminal; [`numbers`] takes in what others wrote.

mod cells;
pub mod csv;
mod error;
pub mod numbers;
pub mod parquet;
pub mod schema;

pub use cells::{Cell, Cells, Table};
pub use error::TableError;
pub use schema::{Column, Kind, Schema};
