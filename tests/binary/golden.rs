//! The theory table of the small figure against a committed one, cell by cell within the schema's tolerances.

use std::path::Path;

use redistill::table::{Kind, schema};

use crate::project::Project;

/// The committed table, relative to the crate.
const GOLDEN: &str = "tests/data/golden_theory.csv";
/// Set to renew the committed table.
const BLESS: &str = "BLESS";

/// A table as header and rows of fields.
fn parse(text: &str) -> (Vec<&str>, Vec<Vec<&str>>) {
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    (lines.next().expect("a header"), lines.collect())
}

/// Cells that differ by more than their column's tolerance allows, each in one sentence.
fn differences(expected: &str, found: &str) -> Vec<String> {
    let ((header, expected), (names, found)) = (parse(expected), parse(found));
    assert_eq!(header, names);
    assert_eq!(expected.len(), found.len(), "rows");
    let mut misses = Vec::new();
    for (row, (a, b)) in expected.iter().zip(&found).enumerate() {
        for ((name, a), b) in header.iter().zip(a).zip(b) {
            let column = schema::THEORY.column(name).expect("a column of the schema");
            let Some(tolerance) = column.tolerance else { continue };
            let agrees = match (column.kind, a.parse::<f64>(), b.parse::<f64>()) {
                (Kind::Real | Kind::Integer, Ok(a), Ok(b)) => (a - b).abs() <= tolerance * a.abs().max(1.0),
                _ => a == b,
            };
            if !agrees {
                misses.push(format!("row {row}, {name}: {b} for {a}, tolerance {tolerance:e}"));
            }
        }
    }
    misses
}

#[test]
fn golden() {
    let found = Project::new().stdout(&["table", "tiny", "--arm", "theory", "--format", "csv"]);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(GOLDEN);
    if std::env::var_os(BLESS).is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    let misses = differences(&expected, &found);
    assert!(misses.is_empty(), "{GOLDEN} ({BLESS}=1 renews it):\n{}", misses.join("\n"));
    assert_eq!(parse(&expected).1.len(), 10, "five points of two curves");
}

#[test]
fn one_cell_beyond_its_tolerance_is_found_and_named() {
    let table = "curve,q,iterations\ndirect,1.5,7\nkd,2.5,9\n";
    assert!(differences(table, "curve,q,iterations\ndirect,1.500001,8\nkd,2.5,9\n").is_empty());
    let misses = differences(table, "curve,q,iterations\ndirect,1.5,7\nkd,2.50003,9\n");
    assert!(misses.len() == 1 && misses[0].starts_with("row 1, q: 2.50003 for 2.5"), "{misses:?}");
    assert_eq!(differences(table, "curve,q,iterations\ndirect,,7\nkd,2.5,9\n").len(), 1, "a lost value");
    assert_eq!(differences(table, "curve,q,iterations\nother,1.5,7\nkd,2.5,9\n").len(), 1, "another word");
}
