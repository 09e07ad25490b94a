//! The templates of the report, compiled into the program.

use std::collections::BTreeMap;

use tera::{Context, Tera};

use super::{ReportError, portable};

const TEMPLATES: [(&str, &str); 5] = [
    ("page.html", include_str!("../../report/page.html")),
    ("entry.html", include_str!("../../report/entry.html")),
    ("figure.html", include_str!("../../report/figure.html")),
    ("report.md", include_str!("../../report/report.md")),
    ("summary.md", include_str!("../../report/summary.md")),
];

/// The theory chapter, Markdown with formulas.
pub(super) const THEORY: &str = include_str!("../../report/theory.md");
/// Where the theory chapter is, for messages.
pub(super) const THEORY_FILE: &str = "report/theory.md";

/// Renders one template, which escapes what it prints unless that is marked safe: as Markdown in `.md`, as HTML in
/// `.html`.
pub(super) fn render(name: &str, context: &Context) -> Result<String, ReportError> {
    let refuse = |error: tera::Error| {
        let mut reasons = vec![error.to_string()];
        let mut source = std::error::Error::source(&error);
        while let Some(reason) = source {
            reasons.push(reason.to_string());
            source = reason.source();
        }
        ReportError::Template(reasons.join(": "))
    };
    let mut tera = Tera::default();
    if name.ends_with(".md") {
        tera.autoescape_on(vec![".md"]);
        tera.set_escape_fn(|text, out| out.write_all(portable::escape(text).as_bytes()));
    }
    tera.add_raw_templates(TEMPLATES).map_err(refuse)?;
    tera.render(name, context).map_err(refuse)
}

/// Names of the parameter columns of a card.
pub(super) fn parameter_names() -> Vec<&'static str> {
    super::card::PARAMETERS.iter().map(|(_, symbol)| *symbol).collect()
}

/// The tally of the ledger in the order in which it is read.
pub(super) fn tally(counts: &BTreeMap<String, usize>) -> Vec<BTreeMap<&'static str, String>> {
    let words = [
        ("holds", ["holds", "hold"]),
        ("limits", ["holds under a condition", "hold under a condition"]),
        ("fails", ["fails", "fail"]),
        ("undecided", ["undecided", "undecided"]),
        ("contradicted", ["contradicted by simulation", "contradicted by simulation"]),
    ];
    let tell = |(class, [one, more]): (&'static str, [&'static str; 2])| {
        let count = counts.get(class).copied().unwrap_or(0);
        let text = if count == 1 { one } else { more };
        BTreeMap::from([("class", class.to_owned()), ("text", text.to_owned()), ("count", count.to_string())])
    };
    words.into_iter().map(tell).collect()
}
