//! How numbers and symbols are written in sentences.

/// Significant figures of a number in a sentence.
const FIGURES: i32 = 5;

/// A number in a sentence: five significant figures, trailing zeros dropped, powers of ten outside 1e-4 … 1e5.
#[must_use]
pub fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 { "0".to_owned() } else { "–".to_owned() };
    }
    let exponent = value.abs().log10().floor() as i32;
    let text = if (-4..5).contains(&exponent) {
        let decimals = usize::try_from((FIGURES - 1 - exponent).max(0)).unwrap_or(0);
        trim(&format!("{value:.decimals$}"))
    } else {
        let text = format!("{value:.3e}");
        let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
        match trim(mantissa).as_str() {
            "1" => format!("10{}", superscript(power)),
            mantissa => format!("{mantissa}·10{}", superscript(power)),
        }
    };
    text.replace('-', "−")
}

/// A number with a fixed count of decimals, or as a power of ten when those would all be zero.
#[must_use]
pub fn fixed(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    let vanishes = value != 0.0 && text.chars().all(|c| matches!(c, '-' | '0' | '.'));
    if !vanishes {
        return text.replace('-', "−");
    }
    let text = format!("{value:.1e}");
    let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
    format!("{mantissa}·10{}", superscript(power)).replace('-', "−")
}

fn trim(text: &str) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}

/// The characters of a power raised, where there are raised ones; `^` and the power itself where not.
fn superscript(power: &str) -> String {
    let raised = |c: char| match c {
        '-' => Some('⁻'),
        '1' => Some('¹'),
        '2' => Some('²'),
        '3' => Some('³'),
        digit => digit.to_digit(10).and_then(|digit| char::from_u32(u32::from('⁰') + digit)),
    };
    power.chars().map(raised).collect::<Option<String>>().unwrap_or_else(|| format!("^{power}"))
}

/// Stands in a cell without a value.
pub const NONE: &str = "–";

/// The mini markup of labels as plain text: `10^{-5}` becomes 10⁻⁵, `α_2` becomes α₂, `\tilde λ` becomes λ̃.
#[must_use]
pub fn plain(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some((before, after)) = rest.split_once("^{") {
        text.push_str(before);
        let (power, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(&superscript(power));
        rest = after;
    }
    text.push_str(rest);
    for digit in '0'..='9' {
        let lowered = digit.to_digit(10).and_then(|digit| char::from_u32(u32::from('₀') + digit));
        text = lowered.map_or(text.clone(), |lowered| text.replace(&format!("_{digit}"), &lowered.to_string()));
    }
    let mut accented = String::with_capacity(text.len());
    let mut pieces = text.split("\\tilde ");
    accented.push_str(pieces.next().unwrap_or(""));
    for piece in pieces {
        let letter = piece.chars().next().map_or(0, char::len_utf8);
        accented.push_str(&piece[..letter]);
        accented.push('\u{303}');
        accented.push_str(&piece[letter..]);
    }
    accented
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_that_cannot_be_raised_is_left_as_it_is() {
        assert_eq!((plain("u^{-a}"), plain("10^{-5}")), ("u^-a".to_owned(), "10⁻⁵".to_owned()));
        assert_eq!(plain("\\tilde α_2"), "α̃₂");
    }

    #[test]
    fn numbers_keep_five_figures_and_powers_are_raised() {
        assert_eq!(number(0.184_708_324), "0.18471");
        assert_eq!(number(10_921.520_2), "10922");
        assert_eq!(number(-1.5), "−1.5");
        assert_eq!(number(4.02e-10), "4.02·10⁻¹⁰");
        assert_eq!(number(1e6), "10⁶");
        assert_eq!(number(3.0), "3");
    }

    #[test]
    fn fixed_digits_never_print_a_nonzero_number_as_zero() {
        assert_eq!(fixed(0.18, 4), "0.1800");
        assert_eq!(fixed(-0.000_04, 3), "−4.0·10⁻⁵");
        assert_eq!(fixed(0.0, 2), "0.00");
        assert_eq!(fixed(12.0, 0), "12");
    }
}
