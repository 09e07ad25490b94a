//! Colours, strokes and the figure's own stylesheet
//!
//! Every rule is scoped by the figure's id, so that several figures may be inlined in one page. A host
//! page's variables win over the figure's own; a reader without CSS variables falls back to attributes.

use super::canvas::fine_text;

/// A slot of the palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Color(u8);

impl Color {
    /// Number of slots.
    pub const SLOTS: usize = 8;
    /// The neutral slot, for bounds and references.
    pub const NEUTRAL: Self = Self(7);

    /// The slot of the `index`-th curve; indices wrap around.
    pub fn slot(index: usize) -> Self {
        Self((index % Self::SLOTS) as u8)
    }

    /// The slot's number, below [`Color::SLOTS`].
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// The pattern of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dash {
    /// Unbroken.
    Solid,
    /// Long strokes.
    Dashed,
    /// Dots.
    Dotted,
    /// Dots far apart, which leave a line below them visible.
    Sparse,
    /// Strokes and dots in turn.
    DashDotted,
}

/// A colour on white paper and on dark paper.
#[derive(Debug, Clone, Copy)]
struct Shade {
    light: &'static str,
    dark: &'static str,
}

/// Okabe and Ito's palette, darkened for white paper and lightened for dark, the last slot neutral.
const PALETTE: [Shade; Color::SLOTS] = [
    Shade { light: "#0072b2", dark: "#56b4e9" },
    Shade { light: "#d55e00", dark: "#ff8c42" },
    Shade { light: "#00805e", dark: "#2fcf9f" },
    Shade { light: "#b8477f", dark: "#f0a3cb" },
    Shade { light: "#a87000", dark: "#f0c000" },
    Shade { light: "#2f8fd0", dark: "#a5d8f7" },
    Shade { light: "#6a3d9a", dark: "#b79cf0" },
    Shade { light: "#555555", dark: "#bdbdbd" },
];
const INK: Shade = Shade { light: "#222222", dark: "#e8e6e3" };
const GRID: Shade = Shade { light: "#e2e2e2", dark: "#383c42" };
const PAPER: Shade = Shade { light: "#ffffff", dark: "#16181b" };

/// Font stack of all text.
pub(super) const FONT: &str = "system-ui, sans-serif";
/// Font size of labels, in displayed pixels.
pub(super) const LABEL: f64 = 15.0;
/// Font size of tick labels and legend entries.
pub(super) const SMALL: f64 = 13.5;
/// The gap between things, and the height of a line of tick labels or annotations.
pub(super) const GAP: f64 = 6.0;
pub(super) const SMALL_LINE: f64 = 18.0;
/// Widths of curves, overlays, axes and grid lines, in displayed pixels.
pub(super) const CURVE: f64 = 1.9;
pub(super) const OVERLAY: f64 = 1.3;
pub(super) const AXIS: f64 = 1.0;
pub(super) const HAIR: f64 = 0.8;

/// Colour of a slot on white paper, for readers without CSS variables.
pub(super) fn light(color: Color) -> &'static str {
    PALETTE[color.index()].light
}

/// Colour of text and axes on white paper.
pub(super) fn ink() -> &'static str {
    INK.light
}

/// Colour of grid lines on white paper.
pub(super) fn grid() -> &'static str {
    GRID.light
}

/// Attributes of a stroked line on the canvas.
pub(super) fn stroke(width: f64, dash: Dash) -> String {
    let pattern: &[f64] = match dash {
        Dash::Solid => &[],
        Dash::Dashed => &[7.0, 4.0],
        Dash::Dotted => &[0.1, 3.6],
        Dash::Sparse => &[0.1, 6.4],
        Dash::DashDotted => &[8.0, 3.6, 0.1, 3.6],
    };
    let round = matches!(dash, Dash::Dotted | Dash::Sparse | Dash::DashDotted);
    let mut out = format!("stroke-width=\"{}\" stroke-linejoin=\"round\"", fine_text(width));
    if round {
        out += " stroke-linecap=\"round\"";
    }
    if !pattern.is_empty() {
        let lengths: Vec<String> = pattern.iter().map(|&length| fine_text(length)).collect();
        out += &format!(" stroke-dasharray=\"{}\"", lengths.join(" "));
    }
    out
}

/// Which paper a figure is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// White paper.
    Light,
    /// Dark paper.
    Dark,
}

/// The stylesheet of a figure alone, for readers that know neither variables nor media: fixed colours.
/// Without `paper` nothing is drawn behind the figure.
#[cfg(feature = "pictures")]
pub(super) fn plain_sheet(theme: Theme, paper: bool) -> String {
    let pick = |shade: Shade| if theme == Theme::Dark { shade.dark } else { shade.light };
    let mut out = String::new();
    for (slot, &shade) in PALETTE.iter().enumerate() {
        let (color, halo) = (pick(shade), pick(PAPER));
        out += &format!(".c{slot} .l{{stroke:{color}}}.c{slot} .f{{fill:{color};stroke:{halo}}}");
    }
    let (ink, grid) = (pick(INK), pick(GRID));
    let paper = if paper { pick(PAPER) } else { "none" };
    out + &format!(".i{{stroke:{ink}}}.t,.b{{fill:{ink}}}.g{{stroke:{grid}}}.p{{fill:{paper}}}")
}

/// The stylesheet of the figure `id`; `narrow` holds the rules for a narrow page.
pub(super) fn sheet(id: &str, narrow: &str) -> String {
    let variables = |pick: fn(Shade) -> &'static str, paper: &str| {
        let mut out = format!("--ink-own:{};--grid-own:{};--paper-own:{paper}", pick(INK), pick(GRID));
        for (slot, &shade) in PALETTE.iter().enumerate() {
            out += &format!(";--own-{slot}:{}", pick(shade));
        }
        out
    };
    let mut out = format!("#{id}{{{}}}", variables(|shade| shade.light, "none"));
    out += &format!(
        "@media screen and (prefers-color-scheme:dark){{#{id}{{{}}}}}",
        variables(|shade| shade.dark, PAPER.dark)
    );
    for slot in 0..Color::SLOTS {
        out += &format!("#{id} .c{slot}{{--c:var(--series-{slot},var(--own-{slot}))}}");
    }
    for (rule, value) in [
        (" .l", "stroke:var(--c)"),
        (" .f", "fill:var(--c);stroke:var(--paper,var(--paper-own))"),
        (" .i", "stroke:var(--ink,var(--ink-own))"),
        (" .t", "fill:var(--ink,var(--ink-own))"),
        (" .b", "fill:var(--ink,var(--ink-own))"),
        (" .g", "stroke:var(--grid,var(--grid-own))"),
        (" .p", "fill:var(--paper,var(--paper-own))"),
        (" .hit", "pointer-events:all"),
    ] {
        out += &format!("#{id}{rule}{{{value}}}");
    }
    out + narrow
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance of `#rrggbb` (WCAG 2).
    fn luminance(hex: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.03928 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn curves_stand_out_and_text_reads_on_both_papers() {
        for shade in PALETTE {
            assert!(contrast(shade.light, PAPER.light) >= 3.0, "{shade:?}");
            assert!(contrast(shade.dark, PAPER.dark) >= 4.5, "{shade:?}");
        }
        assert!(contrast(INK.light, PAPER.light) >= 7.0 && contrast(INK.dark, PAPER.dark) >= 7.0);
    }

    #[test]
    fn every_rule_is_scoped_by_the_figure() {
        let sheet = sheet("fig05", "");
        let selectors = sheet.split(['{', '}']).filter(|part| part.starts_with(['#', '.']) || part.contains(" ."));
        assert!(selectors.clone().count() > 15);
        for selector in selectors {
            assert!(selector.starts_with("#fig05"), "{selector}");
        }
    }
}
