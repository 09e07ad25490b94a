//! The paper's notation as LaTeX macros: one table for the page, whose converter knows macros, and for Markdown,
//! whose readers do not.

/// Macro and meaning.
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
}
