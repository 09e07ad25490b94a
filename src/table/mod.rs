//! Tables: one schema per kind, polars frames, Parquet in and out.
//!
//! Everything the project prints is a cell of one of these tables. [`schema`] says which columns a
//! table has, what they mean and how far two runs may differ; [`Table`] holds the cells, [`Rows`]
//! makes one; [`parquet`] and [`csv`] carry them to disk and to a terminal; [`numbers`] takes in what others wrote.

mod cells;
pub mod csv;
mod damage;
mod error;
mod name;
pub mod numbers;
pub mod parquet;
mod rows;
pub mod schema;

pub use cells::{Cell, Table};
pub use error::TableError;
pub use name::{OfFigure, TableName};
pub use rows::Rows;
pub use schema::{Column, Kind, Schema};
