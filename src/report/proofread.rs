//! Reads every text before anything is computed, so that a wrong name costs no run.

use crate::spec::Figure;
use crate::verdict::{Evidence, Ledger};

use super::ReportError;
use super::numbers::Numbers;
use super::prose::Prose;
use super::summary::Summary;

/// One figure with its text and where the text is.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// The figure file.
    pub spec: &'a Figure,
    /// Its text, Markdown with `{{ name }}` for numbers.
    pub text: &'a str,
    /// Where the text is, for error messages.
    pub path: &'a str,
}

/// Checks that every number a text or an erratum names is defined, that every check decides something of the
/// ledger, and that every formula converts.
///
/// # Errors
/// The first that is wrong, with file and line.
pub fn proofread(texts: &[Text<'_>], ledger: &Ledger) -> Result<(), ReportError> {
    // names do not depend on values: with empty tables every number is defined and has none
    let mut numbers = Numbers::default();
    for text in texts {
        let evidence = Evidence::none(text.spec);
        numbers.add(&evidence, &Summary::new(&evidence));
    }
    let prose = Prose::new()?;
    for Text { spec, text, path } in texts {
        prose.html(&numbers.fill(text, (path, 1), Some(&spec.id))?, path, "", 0)?;
    }
    for (entry, file) in ledger.entries() {
        prose.html(&entry.text, file, "", 0)?;
        if entry.figures.iter().all(|id| texts.iter().any(|text| text.spec.id == *id)) {
            prose.html(&numbers.fill(&entry.evidence, (file, entry.line), None)?, file, "", 0)?;
        }
    }
    Ok(())
}
