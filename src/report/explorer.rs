//! The explorer: the theory as a WebAssembly module inside the page, with its knobs and its drawing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use crate::spec::LineStyle;
use crate::verdict::{Evidence, plain};

use super::download::packed;

const MARKUP: &str = include_str!("../../report/explorer.html");
const STYLE: &str = include_str!("../../report/explorer.css");
/// Pieces of one script, which share their names.
const SCRIPT: [&str; 3] = [
    include_str!("../../report/explorer/solve.js"),
    include_str!("../../report/explorer/draw.js"),
    include_str!("../../report/explorer/turn.js"),
];
const LOADER: &str = include_str!("../../report/explorer-loader.js");
const MODULE: &[u8] = include_bytes!("../../live/redistill.wasm");

/// The figure that opens the page: it has the peak that moves with the teacher.
pub const LEAD: &str = "Figure 5";

/// Digits of what is drawn underneath.
const DIGITS: usize = 4;

/// A panel of a figure that is drawn underneath where the explorer has its axes; those of other figures are read from
/// their cards.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reference {
    /// Id of the figure.
    pub figure: String,
    /// What it is called.
    pub name: String,
    /// The parameter on its x axis, as in figure files.
    pub x: String,
    /// The column on its y axis.
    pub y: String,
    /// Its curves.
    pub curves: Vec<ReferenceCurve>,
}

/// One of its curves, as x, y, x, y…
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReferenceCurve {
    /// What it is called there: the last part of its label.
    pub label: String,
    /// As the tables have it.
    pub computed: Vec<f64>,
    /// As print has it; nothing where it was not printed.
    pub printed: Vec<f64>,
}

impl Reference {
    /// The learned curves of a figure in one column.
    #[must_use]
    pub fn of(evidence: &Evidence<'_>, column: &str) -> Self {
        let drawn = evidence.spec.curves.iter();
        let drawn = drawn.filter(|curve| curve.style != LineStyle::Hidden && !curve.is_bound());
        let curves = drawn.map(|curve| {
            let theory = evidence.theory.rows_where("curve", &curve.id).into_iter();
            let computed =
                theory.filter_map(|row| Some([evidence.theory.real("x", row)?, evidence.theory.real(column, row)?]));
            let rows = evidence.published.rows_where("curve", &curve.id).into_iter();
            let printed =
                rows.filter(|&row| evidence.published.text("column", row) == Some(column)).filter_map(|row| {
                    Some([evidence.published.real("x", row)?, evidence.published.real("published", row)?])
                });
            let short = |[x, y]: [f64; 2]| [rounded(x), rounded(y)];
            let computed: Vec<[f64; 2]> = computed.collect();
            let label = plain(&curve.label);
            ReferenceCurve {
                label: label.rsplit(", ").next().unwrap_or_default().to_owned(),
                computed: thinned(&computed).into_iter().flat_map(short).collect(),
                printed: printed.flat_map(short).collect(),
            }
        });
        let spec = evidence.spec;
        Self {
            figure: spec.id.clone(),
            name: spec.name().to_owned(),
            x: spec.x.parameter.name(),
            y: column.to_owned(),
            curves: curves.collect(),
        }
    }
}

/// How far off a line may be: half a pixel in a panel of usual height.
const UNSEEN: f64 = 2e-4;

/// The points of a line that are seen, by the largest distance from the chord (Ramer 1972, Douglas & Peucker 1973).
fn thinned(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let [first, .., last] = points else { return points.to_vec() };
    let chord = |x: f64| first[1] + (last[1] - first[1]) * (x - first[0]) / (last[0] - first[0]);
    let miss = |k: usize| (points[k][1] - chord(points[k][0])).abs();
    let worst = (1..points.len() - 1).max_by(|&a, &b| miss(a).total_cmp(&miss(b)));
    match worst.filter(|&k| miss(k) > UNSEEN) {
        None => vec![*first, *last],
        Some(k) => {
            let mut kept = thinned(&points[..=k]);
            kept.pop();
            kept.extend(thinned(&points[k..]));
            kept
        }
    }
}

/// A number to the digits that a drawing shows.
pub(super) fn rounded(value: f64) -> f64 {
    format!("{value:.*e}", DIGITS - 1).parse().unwrap_or(value)
}

/// The explorer as part of a page: markup, style, what is drawn underneath, the module and the script.
#[must_use]
pub fn explorer(reference: Option<&Reference>) -> String {
    let data = serde_json::to_string(&reference).unwrap_or_else(|_| "null".to_owned());
    // the style is of use to the script alone, and travels packed with it
    let style = serde_json::to_string(&lines(STYLE)).unwrap_or_default();
    let script = SCRIPT.map(lines).join("\n");
    let script = format!(
        "document.head.append(Object.assign(document.createElement('style'),{{textContent:{style}}}));\n(() => {{\n{script}\n}})();"
    );
    format!(
        "{MARKUP}<script type=\"application/json\" id=\"explorer-data\">{data}</script>\n\
         <script type=\"text/plain\" id=\"explorer-module\">{}</script>\n\
         <script type=\"text/plain\" id=\"explorer-script\">{}</script>\n<script>{}</script>\n",
        STANDARD.encode(packed(MODULE)),
        STANDARD.encode(packed(script.as_bytes())),
        lines(LOADER),
    )
}

/// A text without indentation, empty lines and lines of comment.
fn lines(text: &str) -> String {
    let kept = text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with("//"));
    kept.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    /// What the explorer may add to a page, beside the two or three thousand bytes of a figure underneath.
    const MOST_BYTES: usize = 119_000;

    #[test]
    fn it_is_light_and_carries_the_module_whole() {
        let page = explorer(None);
        assert!(page.len() <= MOST_BYTES, "{} bytes", page.len());
        let module = page.split("id=\"explorer-module\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(&STANDARD.decode(module).unwrap()[..]).read_to_end(&mut unpacked).unwrap();
        assert!(unpacked == MODULE);
    }

    #[test]
    fn a_line_keeps_what_is_seen_of_it() {
        let peak: Vec<[f64; 2]> = (0..=20).map(|k| [f64::from(k), -(f64::from(k) - 7.0).abs()]).collect();
        assert_eq!(thinned(&peak), [[0.0, -7.0], [7.0, 0.0], [20.0, -13.0]]);
    }

    #[test]
    fn nothing_in_it_ends_a_script_early() {
        let script = SCRIPT.map(lines).concat();
        assert!(!script.contains("</script") && !script.contains("<!--"));
    }
}
