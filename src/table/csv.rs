//! CSV for terminals and downloads: shortest decimal that reads back to the same number, nulls empty.

use super::{Cell, Table};

/// The table as CSV text with a header line, `\n` line ends and RFC 4180 quoting.
#[must_use]
pub fn to_string(table: &Table) -> String {
    format!("{}{}", header(table), rows(table))
}

/// The line of names.
#[must_use]
pub fn header(table: &Table) -> String {
    lines([table.names().map(str::to_owned).collect()].into_iter())
}

/// The lines of the rows alone.
#[must_use]
pub fn rows(table: &Table) -> String {
    lines((0..table.rows()).map(|row| table.row(row).map(|(_, cell)| field(cell)).collect()))
}

fn lines(records: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for record in records {
        writer.write_record(record).expect("memory takes every record, and all have one field a column");
    }
    String::from_utf8(writer.into_inner().expect("memory takes every byte")).expect("fields are UTF-8")
}

/// The text of a cell; nothing where there is no value.
fn field(cell: Cell<'_>) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Real(value) => real(value),
        Cell::Integer(value) => value.to_string(),
        Cell::Text(value) => value.to_owned(),
    }
}

/// A real number in the shortest form that reads back to the same bits: plain between 1e-4 and 1e15,
/// scientific outside.
#[must_use]
pub fn real(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-4..1e15).contains(&size) { format!("{value}") } else { format!("{value:e}") }
}

#[cfg(test)]
mod tests {
    use polars::prelude::df;

    use super::*;

    #[test]
    fn nulls_are_empty_and_words_are_quoted() {
        let frame = df!("a" => [Some(0.1), None], "b" => [Some("x, \"y\""), None]).unwrap();
        let table = Table::new(Default::default(), frame).unwrap();
        assert_eq!(to_string(&table), "a,b\n0.1,\"x, \"\"y\"\"\"\n,\n");
    }

    #[test]
    fn reals_read_back_to_the_same_bits() {
        for value in [1e-5, 0.1 + 0.2, 1.0 / 3.0, 6.02e23, -0.0, 1e15] {
            assert_eq!(real(value).parse::<f64>().unwrap().to_bits(), value.to_bits());
        }
    }
}
