//! The document: panels in their cells, the legend below, titles, ids and the stylesheet
//!
//! On a narrow screen several columns would be too small to read. The stylesheet then stacks the cells instead:
//! the view box stays, the box on the page grows taller, and every cell is enlarged to the full width. A host that
//! wants the columns all the same, for a thumbnail, sets `--stack` to `none`.

use super::drawing::Drawing;
use super::error::PlotError;
use super::legend;
use super::panel::{self, Margins};
use super::style::{FONT, sheet};
use super::xml::{escape, number};

/// Displayed space between cells.
const GUTTER: f64 = 16.0;
/// Width of the screen, in CSS pixels, under which cells are stacked.
const NARROW: u32 = 720;

/// Renders a drawing as one self-contained SVG document.
///
/// The same drawing yields the same bytes. The root element has the drawing's id, and every other id
/// starts with it; series are `g.series` with class `theory`, `experiment`, `published`, `printed-points` or
/// `residual` and the attribute `data-curve`; a point's text is the `title` of its `g.point`.
///
/// # Errors
/// An invalid identifier, no panel, an axis range that cannot be drawn, or a label that cannot be set.
pub fn render(drawing: &Drawing) -> Result<String, PlotError> {
    let id = identifier(&drawing.id)?;
    let margins = drawing
        .panels
        .iter()
        .map(Margins::of)
        .try_fold(Margins::default(), |most, next| Ok::<_, PlotError>(most.union(next?)))?;
    let cells = drawing.panels.len();
    if cells == 0 {
        return Err(PlotError::NoPanel { id: id.into() });
    }
    let (grid, cell) = (drawing.grid, drawing.grid.width());
    let columns = cells.min(grid.columns());
    let legend = legend::draw(drawing)?;
    // every row is as tall as its tallest legend asks for
    let own: Vec<f64> = (0..cells).map(|at| legend.panels.get(at).map_or(0.0, |piece| piece.1)).collect();
    let tall = |own: f64| margins.cell_height(grid) + own + GUTTER;
    let rows = own.chunks(columns).map(|row| tall(row.iter().copied().fold(0.0, f64::max)));
    let tops = cumulated(rows);
    let stacked_tops = cumulated(own.iter().copied().map(tall));
    let pitch = cell + GUTTER;
    let width = columns as f64 * pitch - GUTTER;
    let (below, legend_height) = legend.below;
    let foot = |tops: &[f64]| tops.last().map_or(0.0, |end| end - GUTTER);
    let height = foot(&tops) + legend_height;

    let mut body = String::new();
    let mut narrow = String::new();
    let enlarge = width / cell;
    let mut place = |name: &str, x: f64, y: f64, stacked: f64, content: &str| {
        body += &format!("<g id=\"{id}-{name}\" transform=\"translate({} {})\">{content}</g>", number(x), number(y));
        narrow += &format!(
            "#{id}-{name}{{translate:var(--stack,{}px {}px);scale:var(--stack,{})}}",
            number(-enlarge * x),
            number(enlarge * (stacked - y)),
            number(enlarge)
        );
    };
    for (at, panel) in drawing.panels.iter().enumerate() {
        let mut content = panel::draw(panel, &margins, grid)?;
        if let Some((piece, _)) = legend.panels.get(at) {
            content += &format!("<g transform=\"translate(0 {})\">{piece}</g>", number(margins.cell_height(grid)));
        }
        let x = (at % columns) as f64 * pitch;
        place(&format!("panel-{at}"), x, tops[at / columns], stacked_tops[at], &content);
    }
    if !below.is_empty() {
        place("legend", 0.5 * (width - cell), foot(&tops), foot(&stacked_tops), &below);
    }
    let stacked = (width, enlarge * (foot(&stacked_tops) + legend_height));
    let narrow = if columns == 1 { String::new() } else { narrow_rules(id, stacked, &narrow) };
    Ok(document(drawing, (width, height), &sheet(id, &narrow), &body))
}

/// Where things of these heights begin that stand below each other, and where the last of them ends.
fn cumulated(heights: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut tops = vec![0.0];
    for height in heights {
        tops.push(tops[tops.len() - 1] + height);
    }
    tops
}

/// The rules that stack the cells on a narrow screen.
fn narrow_rules(id: &str, (width, height): (f64, f64), cells: &str) -> String {
    let (width, height) = (number(width), number(height));
    let root = format!("#{id}{{width:100%;height:auto;aspect-ratio:{width}/{height}}}");
    format!("@media screen and (max-width:{NARROW}px){{{root}#{id} .p{{height:{height}px}}{cells}}}")
}

/// The root element around the body.
fn document(drawing: &Drawing, (width, height): (f64, f64), sheet: &str, body: &str) -> String {
    let (id, w, h) = (&drawing.id, number(width), number(height));
    let (title, description) = (escape(&drawing.title), escape(&drawing.description));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"{id}\" class=\"figure\" width=\"{w}\" height=\"{h}\" \
         viewBox=\"0 0 {w} {h}\" preserveAspectRatio=\"xMidYMin meet\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\" font-family=\"{FONT}\">\n\
         <title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-desc\">{description}</desc>\n\
         <style>{sheet}</style>\n<rect class=\"p\" width=\"{w}\" height=\"{h}\" fill=\"none\"/>\n{body}\n</svg>\n"
    )
}

/// The identifier, if it may stand in an id attribute and a style selector unescaped.
fn identifier(id: &str) -> Result<&str, PlotError> {
    let valid = id.starts_with(|first: char| first.is_ascii_alphabetic())
        && id.chars().all(|glyph| glyph.is_ascii_alphanumeric() || matches!(glyph, '-' | '_'));
    if valid { Ok(id) } else { Err(PlotError::Identifier { id: id.into() }) }
}
