//! `table`: the table behind a figure, made first where it is stale.

use std::io::Write;

use serde_json::{Map, Value};

use crate::spec::Figure;
use crate::table::{Cell, Table, csv, parquet};

use super::Failure;
use super::args::Common;
use super::make::{Settings, make};
use super::show_args::{Arm, Format, TableOptions};
use super::target;

/// Prints one table of a figure.
pub(super) fn table(common: &Common, options: &TableOptions) -> Result<(), Failure> {
    let (workflow, folders) = common.workflow(&options.sizes)?;
    let figure = target::figure(&workflow, &options.figure)?;
    let (stage, file) = match options.arm {
        Arm::Theory => ("theory", "theory"),
        Arm::Experiment => ("experiment", "experiment"),
        Arm::Agreement => ("comparison", "agreement"),
        Arm::Published => ("comparison", "published"),
        Arm::PrintedPoints => ("comparison", "printed_points"),
        Arm::FiniteSize => ("finite_size", "finite_size"),
        Arm::Measured => ("comparison", "measured"),
        Arm::Map => ("map", "map"),
    };
    let has: fn(&Figure) -> bool = match options.arm {
        Arm::Measured => Figure::is_measured,
        Arm::Map => |figure| !figure.map.is_empty(),
        Arm::Theory | Arm::Experiment | Arm::Agreement | Arm::Published | Arm::PrintedPoints | Arm::FiniteSize => {
            |_| true
        }
    };
    let figures = workflow.project.figures.iter().filter(|figure| has(figure));
    let having: Vec<&str> = figures.map(|figure| figure.id.as_str()).collect();
    if !having.contains(&figure.as_str()) {
        let valid = if having.is_empty() { "no figure has".to_owned() } else { having.join(", ") };
        return Err(Failure::input(format!("{figure} has no table of that kind; valid figures: {valid}")));
    }
    make(&workflow, &folders, &Settings { targets: vec![format!("table/{figure}.{stage}")], ..Settings::default() })?;
    let path = folders.out.join(format!("data/{figure}.{file}.parquet"));
    let table = parquet::read(&path).map_err(Failure::failed)?;
    let text = match options.format {
        Format::Csv => csv::to_string(&table),
        Format::Json => (0..table.rows()).map(|row| format!("{}\n", object(&table, row))).collect(),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}

/// One row as a flat JSON object; nulls are null.
pub(super) fn object(table: &Table, row: usize) -> Value {
    let fields = table.row(row).map(|(name, cell)| (name.to_owned(), value(cell)));
    Value::Object(fields.collect::<Map<_, _>>())
}

/// One cell as JSON.
pub(super) fn value(cell: Cell<'_>) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Real(number) => number.into(),
        Cell::Integer(number) => number.into(),
        Cell::Text(text) => text.into(),
    }
}
