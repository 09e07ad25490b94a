//! Text and numbers as they may stand in the document

/// Text with the five characters that XML reserves replaced; characters XML forbids are dropped.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for glyph in text.chars() {
        match glyph {
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '&' => out += "&amp;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            '\n' | '\t' => out.push(glyph),
            _ if glyph.is_control() || matches!(glyph, '\u{fffe}' | '\u{ffff}') => {}
            _ => out.push(glyph),
        }
    }
    out
}

/// A length with at most two decimals, no trailing zeros and no negative zero.
pub(super) fn number(value: f64) -> String {
    let hundredths = (value * 100.0).round() as i64;
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, rest) = (hundredths.abs() / 100, hundredths.abs() % 100);
    match rest {
        0 => format!("{sign}{whole}"),
        _ if rest % 10 == 0 => format!("{sign}{whole}.{}", rest / 10),
        _ => format!("{sign}{whole}.{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_never_negative_zero() {
        let printed = [0.1 + 0.2, -0.001, 12.5, -0.25, 3.0].map(number);
        assert_eq!(printed, ["0.3", "0", "12.5", "-0.25", "3"]);
    }

    #[test]
    fn reserved_characters_are_replaced_and_forbidden_ones_dropped() {
        assert_eq!(escape("<a & \"b\" 'c'>\u{0}"), "&lt;a &amp; &quot;b&quot; &#39;c&#39;&gt;");
    }
}
