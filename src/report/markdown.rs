//! The report as Markdown, and its short form for a build's summary page.

use tera::Context;

use super::page::Page;
use super::portable::portable;
use super::templates::{THEORY, parameter_names, render};
use super::{Input, ReportError};

/// The whole report as Markdown; drawings and tables are links beside it.
///
/// # Errors
/// A text that asks for an unknown number, with file and line; a check that decides nothing of the ledger.
pub fn markdown(input: &Input<'_>) -> Result<String, ReportError> {
    from_template("report.md", input)
}

/// The verdicts and the agreement of every figure, well under 200 kB.
///
/// # Errors
/// As [`markdown`].
pub fn summary(input: &Input<'_>) -> Result<String, ReportError> {
    from_template("summary.md", input)
}

fn from_template(name: &str, input: &Input<'_>) -> Result<String, ReportError> {
    let mut page = Page::new(input, THEORY)?;
    // each text stands in a chapter, below a heading of its own or of its figure
    page.theory = portable(&page.theory, 1);
    for entry in page.claims.iter_mut().chain(&mut page.errata) {
        entry.text = portable(&entry.text, 3);
        entry.evidence = entry.evidence.take().map(|evidence| portable(&evidence, 3));
    }
    for figure in &mut page.figures {
        figure.text = portable(&figure.text, 3);
    }
    let mut context = Context::new();
    context.insert("page", &page);
    context.insert("parameters", &parameter_names());
    Ok(single_spaced(&render(name, &context)?))
}

/// No more than one empty line in a row, one line end at the end.
fn single_spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if !(line.is_empty() && empty) {
            out.push_str(line);
            out.push('\n');
        }
        empty = line.is_empty();
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}
