//! The mini markup of labels: `ε_g`, `q_{ij}`, `10^{-5}`, `\tilde λ`, `\alpha_S`
//!
//! Scripts become shifted `tspan`s (true sub- and superscripts, no font features), a letter that stands
//! alone becomes italic as a symbol should, `\tilde`, `\hat`, `\bar` put an accent on what follows, and
//! Greek letters may be written by name. Widths are estimated for a wide sans-serif face, so that what is
//! laid out by them never overlaps in a narrower one.

use super::error::PlotError;
use super::xml::{escape, number};

/// A piece of text set in one style.
#[derive(Debug, Clone, PartialEq)]
struct Run {
    text: String,
    level: Level,
    italic: bool,
}

/// Where a run stands relative to the base line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Base,
    Sub,
    Super,
}

/// A parsed label.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text(Vec<Run>);

const SCRIPT_SCALE: f64 = 0.72;

const GREEK: [(&str, char); 24] = [
    ("alpha", 'α'),
    ("beta", 'β'),
    ("gamma", 'γ'),
    ("delta", 'δ'),
    ("Delta", 'Δ'),
    ("epsilon", 'ε'),
    ("zeta", 'ζ'),
    ("eta", 'η'),
    ("theta", 'θ'),
    ("kappa", 'κ'),
    ("lambda", 'λ'),
    ("mu", 'μ'),
    ("nu", 'ν'),
    ("xi", 'ξ'),
    ("pi", 'π'),
    ("rho", 'ρ'),
    ("sigma", 'σ'),
    ("tau", 'τ'),
    ("phi", 'φ'),
    ("chi", 'χ'),
    ("psi", 'ψ'),
    ("omega", 'ω'),
    ("Omega", 'Ω'),
    ("Sigma", 'Σ'),
];

/// Checks that a label can be drawn.
///
/// # Errors
/// [`PlotError::Markup`] with the label and what is wrong with it.
pub fn check_label(label: &str) -> Result<(), PlotError> {
    Text::parse(label).map(|_| ())
}

impl Text {
    /// Parses a label.
    ///
    /// Errors: an unknown command, an open brace, or a script or accent with nothing to act on.
    pub(super) fn parse(label: &str) -> Result<Self, PlotError> {
        let mut glyphs = Vec::new();
        let mut input: Input = label.chars().peekable();
        while let Some(&next) = input.peek() {
            let level = match next {
                '_' => Level::Sub,
                '^' => Level::Super,
                _ => Level::Base,
            };
            if level != Level::Base {
                input.next();
            }
            let piece = match level {
                Level::Base => element(&mut input),
                _ => group(&mut input).map(|text| text.replace('-', "−")),
            };
            let piece = piece.map_err(|reason| PlotError::Markup { label: label.into(), reason })?;
            glyphs.extend(piece.chars().map(|glyph| (glyph, level)));
        }
        Ok(Self(runs(&glyphs)))
    }

    /// Whether there is nothing to set.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The content of an SVG `text` element of the given font size, escaped.
    pub(super) fn tspans(&self, size: f64) -> String {
        let mut out = String::new();
        let mut height = 0.0;
        for run in &self.0 {
            let target = match run.level {
                Level::Base => 0.0,
                Level::Sub => 0.25 * size,
                Level::Super => -0.36 * size,
            };
            let mut attributes = String::new();
            if target != height {
                attributes += &format!(" dy=\"{}\"", number(target - height));
            }
            if run.level != Level::Base {
                attributes += &format!(" font-size=\"{}\"", number(SCRIPT_SCALE * size));
            }
            if run.italic {
                attributes += " font-style=\"italic\"";
            }
            height = target;
            match attributes.as_str() {
                "" => out += &escape(&run.text),
                _ => out += &format!("<tspan{attributes}>{}</tspan>", escape(&run.text)),
            }
        }
        out
    }

    /// Estimated width at the given font size, on the generous side.
    pub(super) fn width(&self, size: f64) -> f64 {
        let run_width = |run: &Run| {
            let scale = if run.level == Level::Base { 1.0 } else { SCRIPT_SCALE };
            run.text.chars().map(advance).sum::<f64>() * scale * size
        };
        self.0.iter().map(run_width).sum()
    }
}

type Input<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// One character or command.
fn element(input: &mut Input) -> Result<String, String> {
    match input.next() {
        Some('\\') => command(input),
        Some(glyph) => Ok(glyph.to_string()),
        None => Err("it ends where something is expected".into()),
    }
}

/// A braced group, or one element.
fn group(input: &mut Input) -> Result<String, String> {
    if input.next_if_eq(&'{').is_none() {
        return element(input);
    }
    let mut text = String::new();
    loop {
        match input.peek() {
            None => return Err("a brace is left open".into()),
            Some('}') => {
                input.next();
                return Ok(text);
            }
            Some(_) => text += &element(input)?,
        }
    }
}

/// What follows a backslash: an accent, a Greek letter, or a literal character.
fn command(input: &mut Input) -> Result<String, String> {
    let mut name = String::new();
    while let Some(letter) = input.next_if(char::is_ascii_alphabetic) {
        name.push(letter);
    }
    let accent = match name.as_str() {
        "" => return element(input),
        "tilde" => '\u{303}',
        "hat" => '\u{302}',
        "bar" => '\u{304}',
        _ => {
            let letter = GREEK.iter().find(|(greek, _)| *greek == name);
            return letter.map(|(_, glyph)| glyph.to_string()).ok_or_else(|| format!("unknown command `\\{name}`"));
        }
    };
    while input.next_if_eq(&' ').is_some() {}
    let base = group(input)?;
    let mut glyphs = base.chars();
    let first = glyphs.next().ok_or("an accent has nothing to stand on")?;
    Ok(format!("{first}{accent}{}", glyphs.as_str()))
}

/// Joins glyphs of one style; italic are letters that stand alone on the base line, save item letters: (b).
fn runs(glyphs: &[(char, Level)]) -> Vec<Run> {
    let letter_at =
        |at: usize| glyphs.get(at).is_some_and(|&(glyph, level)| level == Level::Base && glyph.is_alphanumeric());
    let mut out: Vec<Run> = Vec::new();
    let mut at = 0;
    while at < glyphs.len() {
        let (glyph, level) = glyphs[at];
        let end = at + 1 + glyphs[at + 1..].iter().take_while(|(mark, _)| combining(*mark)).count();
        let alone = (at == 0 || !letter_at(at - 1) && !combining(glyphs[at - 1].0)) && !letter_at(end);
        // the s of a genitive
        let genitive = at > 1 && matches!(glyphs[at - 1].0, '\'' | '’') && letter_at(at - 2);
        let alone = alone && !genitive;
        let item = at > 0 && glyphs[at - 1].0 == '(' && glyphs.get(end).is_some_and(|next| next.0 == ')');
        let italic = level == Level::Base && alone && symbol(glyph) && !(item && glyph.is_ascii());
        let text: String = glyphs[at..end].iter().map(|(glyph, _)| glyph).collect();
        match out.last_mut() {
            Some(run) if run.level == level && run.italic == italic => run.text += &text,
            _ => out.push(Run { text, level, italic }),
        }
        at = end;
    }
    out
}

/// Letters that name quantities: lower-case Greek and Latin, save the article and the pronoun.
fn symbol(glyph: char) -> bool {
    ('α'..='ω').contains(&glyph) || (glyph.is_ascii_alphabetic() && !matches!(glyph, 'a' | 'A' | 'I'))
}

fn combining(glyph: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&glyph)
}

/// Advance width in em of a wide sans-serif face.
fn advance(glyph: char) -> f64 {
    match glyph {
        _ if combining(glyph) => 0.0,
        ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | 'i' | 'j' | 'l' => 0.32,
        'f' | 'r' | 't' | 'I' | '(' | ')' | '-' | '/' => 0.41,
        'm' | 'w' | 'M' | 'W' | 'ω' | '—' => 0.97,
        '=' | '+' | '−' | '×' | '<' | '>' | '≈' | '±' | '·' => 0.84,
        _ if glyph.is_uppercase() => 0.72,
        _ => 0.63,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(label: &str) -> String {
        Text::parse(label).unwrap().tspans(10.0)
    }

    #[test]
    fn scripts_shift_and_return_to_the_base_line() {
        assert_eq!(
            set("ε_g = 1"),
            "<tspan font-style=\"italic\">ε</tspan><tspan dy=\"2.5\" font-size=\"7.2\">g</tspan><tspan dy=\"-2.5\"> = 1</tspan>"
        );
        assert_eq!(set("10^{-5}"), "10<tspan dy=\"-3.6\" font-size=\"7.2\">−5</tspan>");
        assert!(set("q_{ij}^2").contains(">ij</tspan><tspan dy=\"-6.1\" font-size=\"7.2\">2<"));
    }

    #[test]
    fn accents_and_names_agree_with_their_unicode_forms() {
        assert_eq!(set(r"\tilde λ = 0.1"), set("λ\u{303} = 0.1"));
        assert_eq!(set(r"\tilde{\alpha}_S"), set("α\u{303}_S"));
        assert_eq!(set(r"\hat q"), set("q\u{302}"));
    }

    #[test]
    fn words_stay_upright_and_symbols_lean() {
        assert!(!set("KD student").contains("italic") && !set("the student's").contains("italic"));
        assert!(!set("(b) output").contains("italic") && set("f(ε)").matches("italic").count() == 2);
        assert_eq!(set("KD, T = 2").matches("italic").count(), 1);
        assert!(set("λ\u{303}").contains("italic\">λ\u{303}<"));
    }

    #[test]
    fn reserved_characters_are_escaped_and_bad_labels_refused() {
        assert_eq!(set("1<2&3\""), "1&lt;2&amp;3&quot;");
        for bad in [r"\lamda", "q_{ij", "q_", r"\tilde"] {
            assert!(matches!(Text::parse(bad), Err(PlotError::Markup { .. })), "{bad}");
        }
    }
}
