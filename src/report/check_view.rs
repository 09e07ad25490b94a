//! One decided check, as ledger and cards show it.

use serde::Serialize;

use crate::table::Table;

use super::ledger;
use super::notation::{NONE, number};

/// One check as the ledger shows it.
#[derive(Debug, Serialize)]
pub(super) struct CheckView {
    pub figure: String,
    pub title: String,
    pub check: String,
    pub text: String,
    pub condition: Option<String>,
    pub kind: String,
    pub verdict: &'static str,
    pub value: String,
    pub threshold: String,
    pub detail: String,
    pub command: String,
}

/// The check in words and numbers.
pub(super) fn check_view(check: &ledger::Decided<'_>, claims: &Table) -> CheckView {
    let word = |column: &str| claims.text(column, check.row).unwrap_or("").to_owned();
    let value = |column: &str| claims.real(column, check.row).map_or(NONE.to_owned(), number);
    let figure = word("figure");
    CheckView {
        title: figure_name(&figure),
        command: command(&figure),
        check: word("check"),
        text: check.text.to_owned(),
        condition: check.condition.map(str::to_owned),
        kind: word("kind"),
        verdict: check.verdict.word(),
        value: value("value"),
        threshold: value("threshold"),
        detail: word("detail"),
        figure,
    }
}

/// The command that regenerates a figure.
pub(super) fn command(figure: &str) -> String {
    format!("cargo run --release -- run {figure}")
}

/// `fig05` as `Figure 5`.
pub(super) fn figure_name(id: &str) -> String {
    let number = id.trim_start_matches("fig").trim_start_matches('0');
    if number.is_empty() { id.to_owned() } else { format!("Figure {number}") }
}
