//! The report, in one pass: tables → [`Report`], a typed model in final words → HTML, Markdown and summary.
//!
//! Tables come in, text goes out. Nothing here solves or simulates, reads a file or a clock: every number
//! that is printed is a cell of a table given, and equal input gives equal bytes.

mod carried;
mod costs;
mod digits;
mod download;
mod entry;
mod error;
mod explorer;
mod facts;
mod figure;
mod model;
mod numbers;
mod portable;
mod proofread;
mod prose;
mod render;
mod sheet;
mod sheets;
mod summary;
#[cfg(test)]
mod tests;

use crate::table::Table;
use crate::verdict::{Evidence, Ledger};

pub use costs::CostsInput;
pub use error::ReportError;
pub use explorer::{LEAD, Reference, ReferenceCurve, explorer};
pub use model::Report;
pub use proofread::{Text, proofread};
pub use render::{html, markdown, summary};
pub use summary::{Summary, shown_columns};

/// Everything a report is made of.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// What the report is called, plain.
    pub title: &'a str,
    /// What it is about, Markdown.
    pub lede: &'a str,
    /// The figures, in the order in which they are shown.
    pub figures: &'a [FigureInput<'a>],
    /// The checks of these figures in every voice.
    pub claims: &'a Table,
    /// What they add up to.
    pub verdicts: &'a Table,
    /// How the explanations of the errata fared.
    pub alternatives: &'a Table,
    /// The claims and the errata.
    pub ledger: &'a Ledger,
    /// The run behind the tables.
    pub run: Run<'a>,
    /// What runs cost, where that was measured.
    pub costs: Option<CostsInput<'a>>,
    /// The theory at work in the page, a piece of HTML that stands at the top; without it a figure stands there.
    pub explorer: Option<&'a str>,
}

/// What the tables were made by: enough to make them again.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct Run<'a> {
    /// Version of the program.
    pub version: &'a str,
    /// Digest of its sources.
    pub sources: &'a str,
    /// Name of the profile.
    pub profile: &'a str,
    /// N, features of a trial.
    pub n: usize,
    /// Data sets a point.
    pub replicates: u32,
    /// Root seed.
    pub seed: u64,
    /// How the program is called, without what it is to do.
    pub command: &'a str,
}

/// One figure of a report.
#[derive(Debug, Clone)]
pub struct FigureInput<'a> {
    /// Its file, its tables and its thresholds.
    pub evidence: Evidence<'a>,
    /// Its text, Markdown with `{{ name }}` for numbers.
    pub text: String,
    /// Where the text is, for error messages.
    pub text_path: String,
    /// Theory, simulation and print together, as an SVG document.
    pub overlay: String,
    /// Residuals in standard errors.
    pub residuals: String,
    /// Deviation against 1/N, where points were run at several sizes.
    pub finite_size: Option<String>,
    /// Its trials as a Parquet file.
    pub experiment: Vec<u8>,
    /// The points they are summed up in, as a Parquet file.
    pub agreement: Vec<u8>,
    /// Digest of what its tables were computed from.
    pub digest: String,
}
