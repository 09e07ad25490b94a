//! The report: agreement of simulation, theory and print; verdicts on the paper's claims; Markdown and HTML.
//!
//! Tables come in, text goes out. Nothing here solves or simulates, reads a file or a clock: every number
//! that is printed is a cell of a table given, and equal input gives equal bytes.
//!
//! ```text
//! theory + experiment → agreement_table     theory + readings → published_table
//! all tables + [[claim]] → claims_table      + texts, ledger, drawings → markdown, html, summary
//! ```

mod agreement;
mod bound;
mod card;
mod check;
mod check_view;
mod claims;
mod costs;
mod encode;
mod error;
mod evidence;
mod finite_size;
#[cfg(test)]
mod fixture;
mod html;
mod ledger;
mod macros;
mod markdown;
mod measured;
mod notation;
mod numbers;
mod page;
mod placeholders;
mod portable;
mod proofread;
mod prose;
mod published;
mod series;
mod summary;
mod templates;
#[cfg(test)]
mod tests;

use crate::table::Table;

pub use agreement::table as agreement_table;
pub use claims::table as claims_table;
pub use costs::CostsInput;
pub use error::ReportError;
pub use evidence::{Evidence, Verdict};
pub use html::html;
pub use ledger::{Entry, Judgement, Ledger};
pub use markdown::{markdown, summary};
pub use notation::plain;
pub use proofread::{Text, proofread};
pub use published::{Vertex, placement, readings, table as published_table};
pub use summary::{Summary, shown_columns};

/// Everything a report is made of.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The figures, in the order in which they are shown.
    pub figures: &'a [FigureInput<'a>],
    /// Verdicts of the checks of these figures, from [`claims_table`].
    pub claims: &'a Table,
    /// The claims and the errata.
    pub ledger: &'a Ledger,
    /// Name of the profile.
    pub profile: &'a str,
    /// What runs cost, where that was measured.
    pub costs: Option<CostsInput<'a>>,
}

/// One figure of a report.
#[derive(Debug, Clone, Copy)]
pub struct FigureInput<'a> {
    /// Its file, its tables and its thresholds.
    pub evidence: Evidence<'a>,
    /// Its text, Markdown with `{{ name }}` for numbers.
    pub text: &'a str,
    /// Where the text is, for error messages.
    pub text_path: &'a str,
    /// Its drawings.
    pub drawings: Drawings<'a>,
    /// Digest of what its tables were computed from.
    pub digest: &'a str,
}

/// The drawings of a figure, SVG documents.
#[derive(Debug, Clone, Copy)]
pub struct Drawings<'a> {
    /// Theory, simulation and print together.
    pub overlay: &'a str,
    /// Theory alone.
    pub theory: &'a str,
    /// Simulation alone.
    pub experiment: &'a str,
    /// Residuals in standard errors.
    pub residuals: &'a str,
}
