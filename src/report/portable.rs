//! Our Markdown as readers elsewhere take it: formulas without macros, headings below the chapter they stand in, no
//! HTML of a foreign text, no links that run.

use pulldown_cmark::{Event, Options, Parser, Tag};

/// The text rewritten, headings `shift` levels further down.
pub(super) fn portable(markdown: &str, shift: usize) -> String {
    let mut edits: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    for (event, range) in Parser::new_ext(markdown, OPTIONS).into_offset_iter() {
        let source = &markdown[range.clone()];
        match event {
            Event::InlineMath(_) | Event::DisplayMath(_) => edits.push((range, expand(source))),
            // shown as it is written: what the parser left alone inside it must not come to life as Markdown
            Event::Html(_) | Event::InlineHtml(_) => {
                edits.push((range, source.split('\n').map(escape).collect::<Vec<_>>().join("\n")));
            }
            Event::Start(Tag::Heading { level, .. }) => {
                let level = lowered(level as usize, shift);
                let (start, end) = (range.start, range.start + source.trim_end().len());
                if source.starts_with('#') {
                    edits.push((start..start + source.len() - source.trim_start_matches('#').len(), "#".repeat(level)));
                } else {
                    // a heading marked by the line below it has two levels only
                    let below = start + source.trim_end().rfind('\n').unwrap_or(0);
                    edits.push((start..start, format!("{} ", "#".repeat(level))));
                    edits.push((below..end, String::new()));
                }
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) if !harmless(&dest_url) => {
                let bracket = range.start + source.find(['[', '<']).unwrap_or(0);
                let shown = if source[bracket - range.start..].starts_with('<') { "&lt;" } else { "\\[" };
                edits.push((bracket..bracket + 1, shown.to_owned()));
            }
            _ => {}
        }
    }
    edits.sort_by_key(|(range, _)| range.start);
    let mut text = String::with_capacity(markdown.len());
    let mut done = 0;
    for (range, replacement) in edits {
        text.push_str(&markdown[done..range.start]);
        text.push_str(&replacement);
        done = range.end;
    }
    text.push_str(&markdown[done..]);
    text
}

/// The Markdown that our texts are written in.
pub(super) const OPTIONS: Options = Options::ENABLE_MATH.union(Options::ENABLE_TABLES);

/// A heading's level `shift` further down; there are six.
pub(super) fn lowered(level: usize, shift: usize) -> usize {
    (level + shift).min(6)
}

/// Whether following a link runs nothing: http(s), a place in the page, or a file beside it.
pub(super) fn harmless(link: &str) -> bool {
    let scheme = link.find([':', '/', '?', '#']).filter(|&at| link[at..].starts_with(':')).map(|at| &link[..at]);
    let known = scheme.is_none_or(|scheme| ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)));
    known && !link.chars().any(char::is_control)
}

/// A word or a sentence as Markdown that shows it as it is, in a line or in a cell of a table.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let characters: Vec<char> = text.chars().collect();
    let inside = |index: usize| {
        let letter = |at: Option<usize>| at.and_then(|at| characters.get(at)).is_some_and(|c| c.is_alphanumeric());
        letter(index.checked_sub(1)) && letter(Some(index + 1))
    };
    for (index, &c) in characters.iter().enumerate() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '|' => escaped.push_str("&#124;"),
            '$' => escaped.push_str("&#36;"),
            '_' if inside(index) => escaped.push(c),
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' => escaped.extend(['\\', c]),
            '#' | '+' | '-' | '=' if index == 0 => escaped.extend(['\\', c]),
            _ if c.is_control() => escaped.push(' '),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// The paper's notation as LaTeX macros, for converters that know macros.
pub(super) const MACROS: [(&str, &str); 4] =
    [("E", r"\mathbb{E}"), ("dq", r"\delta q"), ("dS", r"\delta S"), ("eg", r"\varepsilon_{\mathrm{g}}")];

/// A formula with every macro replaced by its meaning.
pub(super) fn expand(latex: &str) -> String {
    let mut text = String::with_capacity(latex.len());
    let mut rest = latex;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let name = &after[..end];
        match MACROS.iter().find(|(known, _)| *known == name) {
            // what stands behind ^ or _ is one token only in braces
            Some((_, meaning)) if text.ends_with(['^', '_']) => text.push_str(&format!("{{{meaning}}}")),
            Some((_, meaning)) => text.push_str(meaning),
            None => {
                text.push('\\');
                text.push_str(name);
            }
        }
        rest = &after[end..];
        // an escaped character is no macro's beginning: \\E is a line break and a letter
        if end == 0
            && let Some(escaped) = rest.chars().next()
        {
            text.push(escaped);
            rest = &rest[escaped.len_utf8()..];
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_are_replaced_and_nothing_else() {
        assert_eq!(
            expand(r"\E[\eg] + x^\dq + \dS\tilde q"),
            r"\mathbb{E}[\varepsilon_{\mathrm{g}}] + x^{\delta q} + \delta S\tilde q"
        );
        assert_eq!(expand(r"\Exp \\E \,\alpha"), r"\Exp \\E \,\alpha");
    }

    #[test]
    fn formulas_headings_and_foreign_html_are_rewritten() {
        let text = "## A $\\E$\n\nTitle\n=====\n\n<b>x</b> [a](javascript:x) ![b](data:x) <javascript:y> [c](#d)\n";
        let expected = "### A $\\mathbb{E}$\n\n## Title\n\n&lt;b&gt;x&lt;/b&gt; \\[a](javascript:x) !\\[b](data:x) \
                        &lt;javascript:y> [c](#d)\n";
        assert_eq!(portable(text, 1), expected);
        assert_eq!(portable("<p> [a](javascript:x)\n", 0), "&lt;p&gt; \\[a\\](javascript:x)\n");
    }

    #[test]
    fn links_that_run_are_told_from_those_that_lead_somewhere() {
        for link in ["https://a.b/c:d", "HTTP://a", "#a:b", "../a.md", "a?b:c", ""] {
            assert!(harmless(link), "{link}");
        }
        for link in ["javascript:alert(1)", "JavaScript:x", "data:text/html,x", "java\nscript:x", "\u{1}javascript:x"] {
            assert!(!harmless(link), "{link}");
        }
    }

    #[test]
    fn words_are_shown_as_they_are() {
        assert_eq!(escape("<b> a|b *c* kd_lt1 _d_ [e](f)"), "&lt;b&gt; a&#124;b \\*c\\* kd_lt1 \\_d\\_ \\[e\\](f)");
        assert_eq!(escape("# no heading"), "\\# no heading");
    }
}
