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
    let names: Vec<String> = table.names().iter().map(|name| field(Cell::Text(name))).collect();
    names.join(",") + "\n"
}

/// The lines of the rows alone.
#[must_use]
pub fn rows(table: &Table) -> String {
    let mut text = String::new();
    for row in 0..table.rows() {
        let fields: Vec<String> = table.columns().map(|(_, cells)| field(cells.get(row))).collect();
        text.push_str(&fields.join(","));
        text.push('\n');
    }
    text
}

fn field(cell: Cell<'_>) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Real(value) => real(value),
        Cell::Integer(value) => value.to_string(),
        Cell::Text(value) if value.contains(['"', ',', '\n', '\r']) => format!("\"{}\"", value.replace('"', "\"\"")),
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
    use super::super::{Cell, Cells, Table};
    use super::*;

    #[test]
    fn nulls_are_empty_and_words_are_quoted() {
        let mut table = Table::default();
        table.add_column("a", Cells::Real(vec![Some(0.1), None])).unwrap();
        table.add_column("b", Cells::Text(vec![Some("x, \"y\"".into()), None])).unwrap();
        assert_eq!(to_string(&table), "a,b\n0.1,\"x, \"\"y\"\"\"\n,\n");
        assert_eq!(table.cell("a", 1), Cell::Null);
    }

    #[test]
    fn reals_read_back_to_the_same_bits() {
        for value in [1e-5, 0.1 + 0.2, 1.0 / 3.0, 6.02e23, -0.0, 1e15] {
            assert_eq!(real(value).parse::<f64>().unwrap().to_bits(), value.to_bits());
        }
    }
}
