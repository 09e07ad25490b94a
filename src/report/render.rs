//! Three renderers of one model: HTML that needs nothing beside it, Markdown, and its short form for a build's page.
//!
//! A renderer is a template of `report/` and what it makes of a text (`prose`), of a drawing (`drawing`) and of a
//! word (its escape).

use std::sync::LazyLock;

use tera::{Context, Kwargs, State, Tera, TeraResult, Value};

use super::download::{data_uri, inline_svg};
use super::portable::{self, portable};
use super::prose::{Prose, escape};
use super::{Report, ReportError};

const TEMPLATES: [(&str, &str); 14] = [
    ("page.html", include_str!("../../report/page.html")),
    ("entry.html", include_str!("../../report/entry.html")),
    ("glance.html", include_str!("../../report/glance.html")),
    ("thumb.html", include_str!("../../report/thumb.html")),
    ("plot.html", include_str!("../../report/plot.html")),
    ("figure.html", include_str!("../../report/figure.html")),
    ("cite.bib.html", include_str!("../../report/cite.bib")),
    ("figure.md", include_str!("../../report/figure.md")),
    ("sheet.html", include_str!("../../report/sheet.html")),
    ("claim.md", include_str!("../../report/claim.md")),
    ("entry.md", include_str!("../../report/entry.md")),
    ("sheet.md", include_str!("../../report/sheet.md")),
    ("report.md", include_str!("../../report/report.md")),
    ("summary.md", include_str!("../../report/summary.md")),
];
const STYLE: &str = include_str!("../../report/style.css");
const SCRIPTS: [&str; 4] = [
    include_str!("../../report/page.js"),
    include_str!("../../report/numbers.js"),
    include_str!("../../report/panels.js"),
    include_str!("../../report/plot.js"),
];
const MATHS: &[u8] = include_bytes!("../../report/maths.woff2");

/// The whole report as one HTML document: no remote reference, complete without its script.
///
/// # Errors
/// A formula that does not convert.
pub fn html(report: &Report<'_>) -> Result<String, ReportError> {
    static PROSE: LazyLock<Result<Prose, String>> = LazyLock::new(|| Prose::new().map_err(|error| error.to_string()));
    let prose = |markdown: &str, kwargs: Kwargs, _: &State| -> TeraResult<Value> {
        let prose = PROSE.as_ref().map_err(tera::Error::message)?;
        let shift = kwargs.must_get::<u64>("shift")? as usize;
        let prefix = kwargs.get::<&str>("prefix")?.unwrap_or_default();
        let page = prose.html(markdown, "text", prefix, shift).map_err(tera::Error::message)?;
        Ok(Value::safe_string(&page))
    };
    let drawing = |svg: &str, kwargs: Kwargs, _: &State| -> TeraResult<Value> {
        let svg = inline_svg(svg, kwargs.must_get::<&str>("prefix")?);
        let description = kwargs.get::<&str>("description")?.map(escape);
        Ok(Value::safe_string(&description.map_or(svg.clone(), |words| described(&svg, &words))))
    };
    let mut tera = Tera::default();
    tera.register_filter("prose", prose);
    tera.register_filter("drawing", drawing);
    // α_S in words of the ledger
    tera.register_filter("symbols", |words: &str, _: Kwargs, _: &State| {
        Value::safe_string(&unbroken(&subscripts(&escape(words))))
    });
    // inside a script of JSON nothing may end the script
    tera.register_filter("json", |text: &str, _: Kwargs, _: &State| Value::safe_string(&text.replace('<', "\\u003c")));
    let mut context = Context::new();
    context.insert("style", STYLE);
    context.insert("scripts", &SCRIPTS);
    context.insert("font", &data_uri("font/woff2", MATHS));
    render(tera, context, "page.html", report)
}

/// The whole report as Markdown; drawings and tables are links beside it.
///
/// # Errors
/// A template that does not render.
pub fn markdown(report: &Report<'_>) -> Result<String, ReportError> {
    from_markdown("report.md", report)
}

/// The verdicts and the agreement of every figure, well under 200 kB.
///
/// # Errors
/// As [`markdown`].
pub fn summary(report: &Report<'_>) -> Result<String, ReportError> {
    from_markdown("summary.md", report)
}

fn from_markdown(name: &str, report: &Report<'_>) -> Result<String, ReportError> {
    let mut tera = Tera::default();
    tera.autoescape_on(vec![".md"]);
    tera.set_escape_fn(|text, out| out.write_all(portable::escape(text).as_bytes()));
    tera.register_filter("prose", |text: &str, kwargs: Kwargs, _: &State| -> TeraResult<Value> {
        Ok(Value::safe_string(&portable(text, kwargs.must_get::<u64>("shift")? as usize)))
    });
    // the filters of the other format, which templates of this one do not use but the parser wants to know
    for name in ["drawing", "json", "symbols"] {
        tera.register_filter(name, |_: &str, _: Kwargs, _: &State| String::new());
    }
    Ok(single_spaced(&render(tera, Context::new(), name, report)?))
}

fn render(mut tera: Tera, mut context: Context, name: &str, report: &Report<'_>) -> Result<String, ReportError> {
    let refuse = |error: tera::Error| {
        let mut reasons = vec![error.to_string()];
        let mut source = std::error::Error::source(&error);
        while let Some(reason) = source {
            reasons.push(reason.to_string());
            source = reason.source();
        }
        ReportError::Template(reasons.join(": "))
    };
    context.insert("page", report);
    tera.add_raw_templates(TEMPLATES).map_err(refuse)?;
    tera.render(name, &context).map_err(refuse)
}

/// Symbols with an index, such as α_S or λ̃_1, as HTML: what stands behind the mark goes below the line.
fn subscripts(words: &str) -> String {
    let mut pieces = words.split('_');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let index = piece.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(piece.len());
        let symbol = out.chars().next_back().is_some_and(|c| matches!(c, 'Α'..='ω' | '\u{300}'..='\u{36f}'));
        match symbol && index > 0 {
            true => out.push_str(&format!("<sub>{}</sub>{}", &piece[..index], &piece[index..])),
            false => out.extend(["_", piece]),
        }
    }
    out
}

/// Words in which no line ends beside the sign of a relation.
fn unbroken(words: &str) -> String {
    ["=", "≥", "≤"]
        .iter()
        .fold(words.to_owned(), |words, sign| words.replace(&format!(" {sign} "), &format!("\u{a0}{sign}\u{a0}")))
}

/// A drawing whose own description goes on with the figure's, for readers who do not see it; one without gets it.
fn described(svg: &str, description: &str) -> String {
    match svg.contains("</desc>") {
        true => svg.replacen("</desc>", &format!(" {description}</desc>"), 1),
        false => svg.replacen("<svg", &format!("<svg role=\"img\" aria-label=\"{description}\""), 1),
    }
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
