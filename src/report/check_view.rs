//! One check in all its voices, as ledger and cards show it.

use serde::Serialize;

use crate::table::Table;
use crate::verdict::{NONE, Row, fixed, number};

/// One check as the ledger shows it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct CheckView {
    pub figure: String,
    pub title: String,
    pub check: String,
    pub text: String,
    pub reason: String,
    pub condition: Option<String>,
    pub quantity: String,
    pub bound: String,
    pub voices: Vec<VoiceView>,
    pub command: String,
}

/// What one voice says of a check.
#[derive(Debug, Clone, Serialize)]
pub(super) struct VoiceView {
    pub voice: &'static str,
    pub verdict: &'static str,
    pub value: String,
    pub resolution: String,
    pub needed: Option<String>,
    pub data_sets: Option<i64>,
}

/// The checks among some rows of the claims table, the voices of each together, in the table's order.
pub(super) fn check_views(rows: &[Row<'_>], claims: &Table) -> Vec<CheckView> {
    let mut views: Vec<CheckView> = Vec::new();
    for row in rows {
        let word = |column: &str| claims.text(column, row.row).unwrap_or("").to_owned();
        let (figure, check) = (word("figure"), word("check"));
        let voice = voice_view(row, claims);
        match views.iter_mut().find(|view| view.figure == figure && view.check == check) {
            Some(view) => view.voices.push(voice),
            None => views.push(CheckView {
                title: figure_name(&figure),
                command: command(&figure),
                text: row.claim.text.clone(),
                reason: row.claim.reason.clone(),
                condition: row.claim.condition.clone(),
                quantity: word("quantity"),
                bound: word("bound"),
                voices: vec![voice],
                figure,
                check,
            }),
        }
    }
    views
}

fn voice_view(row: &Row<'_>, claims: &Table) -> VoiceView {
    let real = |column: &str| claims.real(column, row.row);
    VoiceView {
        voice: row.heard.voice.word(),
        verdict: row.heard.verdict.word(),
        value: real("value").map_or(NONE.to_owned(), |value| known(value, real("resolution"))),
        resolution: real("resolution").map_or(NONE.to_owned(), rounded),
        needed: real("needed")
            .zip(claims.integer("n", row.row))
            .map(|(sets, n)| format!("{} data sets of N = {n}", number(sets))),
        data_sets: claims.integer("data_sets", row.row),
    }
}

/// A number with one decimal more than its resolution has.
fn known(value: f64, resolution: Option<f64>) -> String {
    match resolution.filter(|size| *size > 0.0) {
        Some(size) => {
            let decimals = (1.0 - size.log10().floor()).max(0.0) as usize;
            if decimals > MOST_DECIMALS { number(value) } else { fixed(value, decimals) }
        }
        None => number(value),
    }
}

/// Decimals beyond which a number is told by its significant figures.
const MOST_DECIMALS: usize = 5;

/// A size with one significant figure too many, as an error is told.
pub(super) fn rounded(value: f64) -> String {
    format!("{value:.1e}").parse().map_or(NONE.to_owned(), number)
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
