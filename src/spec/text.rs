//! A figure's text: there, and shown in the page as it is written.

use std::path::Path;

use pulldown_cmark::{Event, Options, Parser, Tag};

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
        Some((line, fault)) => Err(refuse(format!("line {line}: {fault}"))),
        None => Ok(()),
    }
}

/// The first picture or link that leads out of the page, and the first formula with a brace of its own, by its line.
fn faults(text: &str) -> Option<(usize, String)> {
    let options = Options::ENABLE_MATH.union(Options::ENABLE_TABLES);
    Parser::new_ext(text, options).into_offset_iter().find_map(|(event, range)| {
        let fault = match event {
            Event::Start(Tag::Link { dest_url, .. }) if leads_beside(&dest_url) => format!(
                "`{}` is no part of the page; valid: a link to a #heading or to https://…",
                clip(&dest_url, CLIP)
            ),
            Event::Start(Tag::Image { dest_url, .. }) if leads_beside(&dest_url) => format!(
                "the picture `{}` is no part of the page, which holds all it shows; valid: words, numbers and formulas",
                clip(&dest_url, CLIP)
            ),
            Event::InlineMath(formula) | Event::DisplayMath(formula) if !is_closed(&formula) => format!(
                "formula `{}` has a brace without its other; valid: as many {{ as }}",
                clip(&formula, CLIP)
            ),
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

/// Whether every brace of a formula has its other; escaped ones are letters.
fn is_closed(formula: &str) -> bool {
    let mut depth = 0_i64;
    let mut letters = formula.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
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
        assert_eq!(found("[a](#tiny) [b](https://example.org) $\\frac{1}{2}$ $\\{$ [c](javascript:x) $$x^{2}$$"), None);
    }
}
