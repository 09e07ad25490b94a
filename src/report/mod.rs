//! The report: everything the tables and the verdicts say, as Markdown and HTML.
//!
//! Tables come in, text goes out. Nothing here solves or simulates, reads a file or a clock: every number
//! that is printed is a cell of a table given, and equal input gives equal bytes.

mod card;
mod check_view;
mod costs;
mod encode;
mod error;
mod explorer;
mod html;
mod macros;
mod markdown;
mod numbers;
mod page;
mod placeholders;
mod portable;
mod proofread;
mod prose;
mod summary;
mod templates;
#[cfg(test)]
mod tests;

use crate::table::Table;
use crate::verdict::{Evidence, Ledger};

pub use costs::CostsInput;
pub use error::ReportError;
pub use explorer::{Reference, ReferenceCurve, explorer};
pub use html::html;
pub use markdown::{markdown, summary};
pub use proofread::{Text, proofread};
pub use summary::{Summary, shown_columns};

/// Everything a report is made of.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
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
    /// Deviation against 1/N, where points were run at several sizes.
    pub finite_size: Option<&'a str>,
}
