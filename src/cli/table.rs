//! `table`: the table behind a figure, made first where it is stale.

use std::io::Write;

use serde_json::{Map, Value};

use crate::table::{Cell, OfFigure, Table, TableName, csv, parquet};
use crate::workflow::{Output, has_table};

use super::Failure;
use super::args::Common;
use super::make::look;
use super::show_args::{Arm, Format, TableOptions};
use super::target;

/// Prints one table of a figure.
pub(super) fn table(common: &Common, options: &TableOptions) -> Result<(), Failure> {
    let (workflow, folders) = common.workflow(&options.sizes)?;
    let figure = target::figure(&workflow, &options.figure)?;
    let table = match options.arm {
        Arm::Theory => OfFigure::Theory,
        Arm::Experiment => OfFigure::Experiment,
        Arm::Agreement => OfFigure::Agreement,
        Arm::Published => OfFigure::Published,
        Arm::PrintedPoints => OfFigure::PrintedPoints,
        Arm::FiniteSize => OfFigure::FiniteSize,
        Arm::Measured => OfFigure::Measured,
        Arm::Map => OfFigure::Map,
    };
    let having: Vec<&str> =
        workflow.project.figures.iter().filter(|of| has_table(of, table)).map(|of| of.id.as_str()).collect();
    if !having.contains(&figure.as_str()) {
        let valid = if having.is_empty() { "no figure has".to_owned() } else { having.join(", ") };
        return Err(Failure::input(format!("{figure} has no table of that kind; valid figures: {valid}")));
    }
    let output = Output::Table(TableName::Of(&figure, table));
    look(&workflow, &folders, output.stage())?;
    let table = parquet::read(&folders.out.join(output.path())).map_err(Failure::failed)?;
    if table.rows() == 0 {
        let (arm, why) = lacking(options.arm);
        return Err(Failure::input(format!("{figure}: its table `{arm}` is empty: {why}; valid: another --arm")));
    }
    let text = match options.format {
        Format::Csv => csv::to_string(&table),
        Format::Json => (0..table.rows()).map(|row| format!("{}\n", object(&table, row))).collect(),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}

/// What an arm is called, and what a figure is without whose table of it has no rows.
fn lacking(arm: Arm) -> (&'static str, &'static str) {
    match arm {
        Arm::Theory => ("theory", "it has no point"),
        Arm::Experiment => ("experiment", "none of its curves has an experiment"),
        Arm::Agreement => ("agreement", "none of its curves has an experiment"),
        Arm::Published => ("published", "none of its curves is printed"),
        Arm::PrintedPoints => ("printed-points", "none of its printed curves has points"),
        Arm::FiniteSize => ("finite-size", "it has no [[finite_size]] that this profile affords"),
        Arm::Measured => ("measured", "none of its curves is measured"),
        Arm::Map => ("map", "it has no check"),
    }
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
