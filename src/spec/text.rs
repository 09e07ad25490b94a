//! A figure's text: there, and shown in the page as it is written.

use std::ops::Range;
use std::path::Path;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::SpecError;
use super::source::{clip, read_text, unprintable};

/// A figure's words, beside its `figure.toml`.
pub(super) const TEXT: &str = "text.md";
/// Characters of a formula or a link that a message repeats.
const CLIP: usize = 60;

/// Refuses a figure whose text is not there, or would not be shown as it is written.
pub(super) fn check_text(path: &Path) -> Result<(), SpecError> {
    let refuse = |reason: String| SpecError::Unreadable { path: path.to_owned(), reason };
    if !path.exists() {
        return Err(refuse("no such file; valid: the figure's text in Markdown, beside its figure.toml".to_owned()));
    }
    let text = read_text(path)?;
    if let Some((line, found)) =
        text.lines().enumerate().find_map(|(index, line)| Some((index + 1, unprintable(line, true)?)))
    {
        return Err(refuse(format!("line {line}: holds the control character {found:?}; valid: text")));
    }
    match faults(&text) {
        Some((line, [problem, valid])) => Err(refuse(format!("line {line}: {problem}; valid: {valid}"))),
        None => Ok(()),
    }
}

/// What is wrong with a short text of Markdown, and what would be valid: what the check refuses in a figure's.
#[must_use]
pub fn fault_of_text(text: &str) -> Option<(String, String)> {
    faults(text).map(|(_, [problem, valid])| (problem, valid))
}

/// The first picture or link that leads out of the page, or formula that would be shown as its source, by its line.
fn faults(text: &str) -> Option<(usize, [String; 2])> {
    let options = Options::ENABLE_MATH.union(Options::ENABLE_TABLES);
    let mut code = false;
    Parser::new_ext(text, options).into_offset_iter().find_map(|(event, range)| {
        let fault = match event {
            Event::Start(Tag::CodeBlock(_)) | Event::End(TagEnd::CodeBlock) => {
                code = !code;
                return None;
            }
            Event::Start(Tag::Link { dest_url, .. }) if leads_beside(&dest_url) => [
                format!("`{}` is no part of the page", clip(&dest_url, CLIP)),
                "a link to a #heading or to https://…".to_owned(),
            ],
            Event::Start(Tag::Image { dest_url, .. }) if leads_beside(&dest_url) => [
                format!("the picture `{}` is no part of the page, which holds all it shows", clip(&dest_url, CLIP)),
                "words, numbers and formulas".to_owned(),
            ],
            Event::Text(_) if !code => [
                format!("`{}` is no formula", clip(unclosed(text, range.clone())?, CLIP)),
                "$…$ with every brace closed, or \\$ for the sign".to_owned(),
            ],
            _ => return None,
        };
        Some((text[..range.start].matches('\n').count() + 1, fault))
    })
}

/// Whether a link leads to a file beside the page: it names neither a scheme nor a place in the page.
fn leads_beside(link: &str) -> bool {
    let scheme = link.find([':', '/', '?', '#']).is_some_and(|at| link[at..].starts_with(':'));
    !(scheme || link.starts_with('#') || link.starts_with("//"))
}

/// A dollar sign among plain words and what stands behind it on its line, where that is the source of a formula: braces
/// that do not match leave it as it is.
fn unclosed(text: &str, range: Range<usize>) -> Option<&str> {
    let sign = range.start + text[range.clone()].find('$')?;
    let rest = text[sign..].lines().next().unwrap_or_default();
    let escaped = text[..sign].ends_with('\\');
    (!escaped && rest.contains(['\\', '{', '^', '_'])).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_cannot_show_is_told_with_its_line() {
        let found = |text: &str| faults(text).map(|(line, _)| line);
        assert_eq!(found("one\n\n![i](nope.png)\n"), Some(3));
        assert_eq!(found("[a](other/file.md)"), Some(1));
        assert_eq!(found("one\n$\\frac{1}{2$"), Some(2));
        assert_eq!(
            found(
                "[a](#tiny) [b](https://example.org) $\\frac{1}{2}$ [c](javascript:x) $$x^{2}$$, for \\$5 or $5, `$\\f{`"
            ),
            None
        );
    }
}
