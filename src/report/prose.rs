//! Markdown with formulas as HTML: `$…$` and `$$…$$` become MathML, headings get ids.

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Parser, Tag, TagEnd, html};

use super::ReportError;
use super::portable::{MACROS, OPTIONS, harmless, lowered};

/// Converts formulas and prose; holds the converter, which is costly to build.
pub(super) struct Prose {
    converter: LatexToMathML,
}

impl Prose {
    /// A converter with the notation of the paper.
    ///
    /// # Errors
    /// [`ReportError::Template`] when a macro does not parse.
    pub fn new() -> Result<Self, ReportError> {
        let macros = MACROS.iter().map(|(name, meaning)| ((*name).to_owned(), (*meaning).to_owned())).collect();
        let config = MathCoreConfig { macros, ..MathCoreConfig::default() };
        let converter = LatexToMathML::new(config)
            .map_err(|(error, _, name)| ReportError::Template(format!("macro {name}: {error}")))?;
        Ok(Self { converter })
    }

    /// Renders Markdown. HTML in it is shown as it is written, not obeyed. Headings move down by `shift` levels and get ids that begin with `prefix`.
    ///
    /// # Errors
    /// [`ReportError::Formula`] with file and line when a formula does not convert.
    pub fn html(&self, markdown: &str, file: &str, prefix: &str, shift: usize) -> Result<String, ReportError> {
        let mut events = Vec::new();
        let mut heading: Option<(usize, String)> = None;
        let mut kept: Vec<bool> = Vec::new();
        for (event, range) in Parser::new_ext(markdown, OPTIONS).into_offset_iter() {
            let line = || markdown[..range.start].matches('\n').count() + 1;
            let event = match event {
                Event::InlineMath(latex) => {
                    Event::InlineHtml(self.formula(&latex, MathDisplay::Inline, file, line())?.into())
                }
                Event::DisplayMath(latex) => {
                    let formula = self.formula(&latex, MathDisplay::Block, file, line())?;
                    let label = "role=\"group\" tabindex=\"0\" aria-label=\"formula\"";
                    Event::InlineHtml(format!("<span class=\"display\" {label}>{formula}</span>").into())
                }
                Event::Start(Tag::Table(alignment)) => {
                    events.push(Event::Html(
                        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"table\">".into(),
                    ));
                    Event::Start(Tag::Table(alignment))
                }
                Event::End(TagEnd::Table) => {
                    events.push(Event::End(TagEnd::Table));
                    Event::Html("</div>".into())
                }
                Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
                    heading = Some((events.len(), String::new()));
                    Event::Start(Tag::Heading { level: lower(level, shift), id: None, classes, attrs })
                }
                Event::End(TagEnd::Heading(level)) => {
                    if let Some((start, text)) = heading.take()
                        && let Some(Event::Start(Tag::Heading { id, .. })) = events.get_mut(start)
                    {
                        *id = Some(CowStr::from(format!("{prefix}{}", slug(&text))));
                    }
                    Event::End(TagEnd::Heading(lower(level, shift)))
                }
                // HTML of a text is shown and not obeyed: what runs in the page is ours
                Event::Html(source) | Event::InlineHtml(source) => Event::InlineHtml(escape(&source).into()),
                // a link that would run something, or a picture fetched from elsewhere, leaves its words
                Event::Start(Tag::Link { ref dest_url, .. }) => {
                    kept.push(harmless(dest_url));
                    event
                }
                Event::Start(Tag::Image { ref dest_url, .. }) => {
                    kept.push(harmless(dest_url) && !dest_url.contains("//"));
                    event
                }
                other => other,
            };
            let link = matches!(event, Event::Start(Tag::Link { .. } | Tag::Image { .. }));
            if link && kept.last() == Some(&false) {
                continue;
            }
            if matches!(event, Event::End(TagEnd::Link | TagEnd::Image)) && kept.pop() == Some(false) {
                continue;
            }
            if let (Some((_, text)), Event::Text(piece)) = (&mut heading, &event) {
                text.push_str(piece);
            }
            events.push(event);
        }
        let mut page = String::new();
        html::push_html(&mut page, events.into_iter());
        Ok(page)
    }

    fn formula(&self, latex: &str, display: MathDisplay, file: &str, line: usize) -> Result<String, ReportError> {
        let converted = self.converter.convert_with_local_state(latex.trim(), display);
        converted.map(|done| done.mathml).map_err(|error| ReportError::Formula {
            file: file.to_owned(),
            line,
            formula: latex.to_owned(),
            reason: error.to_string(),
        })
    }
}

fn lower(level: HeadingLevel, shift: usize) -> HeadingLevel {
    HeadingLevel::try_from(lowered(level as usize, shift)).unwrap_or(HeadingLevel::H6)
}

/// An id from a heading: letters and digits, words joined by hyphens.
pub(super) fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

/// Text safe inside HTML elements and double-quoted attributes.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_mathml_and_a_bad_one_names_its_line() {
        let prose = Prose::new().unwrap();
        let page = prose.html("# A b\n\nlet $\\tilde m = 1$.\n", "t.md", "x-", 1).unwrap();
        assert!(page.contains("<h2 id=\"x-a-b\">") && page.contains("<math>") && !page.contains('$'), "{page}");
        let text = "So <script>x</script> <img src=x onerror=y> [a](javascript:x) [b](#c) $\\text{<b>}$\n\n<iframe>\n";
        let page = prose.html(text, "t.md", "", 0).unwrap();
        for tag in ["<script", "<img", "<iframe", "javascript:", "<b>"] {
            assert!(!page.contains(tag), "{tag} in {page}");
        }
        assert!(page.contains("&lt;script&gt;") && page.contains("<a href=\"#c\">b</a>"), "{page}");
        let error = prose.html("one\n\ntwo $\\nonsense$\n", "t.md", "", 0).unwrap_err().to_string();
        assert!(error.starts_with("t.md:3: formula"), "{error}");
    }
}
