//! Other formats than SVG: PDF and PNG of a rendered figure, with type of its own
//!
//! A converter knows no CSS variables and may find no font, so the stylesheet is replaced by plain colours
//! and all text is set in DejaVu Sans, which is part of the program: the same bytes on every machine.

use std::sync::{Arc, LazyLock};

use krilla_svg::{SurfaceExt, SvgSettings};
use resvg::{tiny_skia, usvg};

use super::error::PlotError;
use super::style::{Theme, plain_sheet};

/// What a figure is turned into.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Format {
    /// One page as large as the figure, vectors and text, nothing behind it.
    Pdf,
    /// Pixels on paper.
    Png {
        /// Pixels to a displayed pixel.
        scale: f64,
    },
}

/// Most pixels along a side of a PNG.
const LARGEST: f64 = 16_384.0;

/// Turns what [`render`](super::render) gave into another format.
///
/// # Errors
/// [`PlotError::Conversion`] when the text is no figure of ours, or the picture would be empty or too large.
pub fn convert(svg: &str, format: Format, theme: Theme) -> Result<Vec<u8>, PlotError> {
    let (start, rest) = svg.split_once("<style>").ok_or_else(|| refuse("no stylesheet"))?;
    let (_, end) = rest.split_once("</style>").ok_or_else(|| refuse("no end of the stylesheet"))?;
    let paper = format != Format::Pdf || theme == Theme::Dark;
    let plain = format!("{start}<style>{}</style>{end}", plain_sheet(theme, paper));
    let options = usvg::Options { fontdb: FONTS.clone(), font_family: FAMILY.to_owned(), ..Default::default() };
    let tree = usvg::Tree::from_str(&plain, &options).map_err(refuse)?;
    match format {
        Format::Pdf => pdf(&tree),
        Format::Png { scale } => png(&tree, scale),
    }
}

fn pdf(tree: &usvg::Tree) -> Result<Vec<u8>, PlotError> {
    let (width, height) = (tree.size().width(), tree.size().height());
    let size = krilla::geom::Size::from_wh(width, height).ok_or_else(|| refuse("an empty page"))?;
    let mut document = krilla::Document::new();
    let mut page = document.start_page_with(krilla::page::PageSettings::new(size));
    let mut surface = page.surface();
    let drawn = surface.draw_svg(tree, size, SvgSettings::default());
    surface.finish();
    page.finish();
    drawn.ok_or_else(|| refuse("the figure cannot be drawn on a page"))?;
    document.finish().map_err(|error| refuse(format!("{error:?}")))
}

fn png(tree: &usvg::Tree, scale: f64) -> Result<Vec<u8>, PlotError> {
    let [width, height] = [tree.size().width(), tree.size().height()].map(|side| (f64::from(side) * scale).ceil());
    if !(1.0..=LARGEST).contains(&width) || !(1.0..=LARGEST).contains(&height) {
        return Err(refuse(format!("{width} × {height} pixels; valid: 1 to {LARGEST} a side")));
    }
    let mut pixels = tiny_skia::Pixmap::new(width as u32, height as u32).ok_or_else(|| refuse("no pixels"))?;
    let transform = tiny_skia::Transform::from_scale(scale as f32, scale as f32);
    resvg::render(tree, transform, &mut pixels.as_mut());
    pixels.encode_png().map_err(refuse)
}

fn refuse(reason: impl ToString) -> PlotError {
    PlotError::Conversion(reason.to_string())
}

const FAMILY: &str = "DejaVu Sans";

/// Upright and oblique, for all text.
static FONTS: LazyLock<Arc<usvg::fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = usvg::fontdb::Database::new();
    fonts.load_font_data(dejavu::sans::regular().to_vec());
    fonts.load_font_data(dejavu::sans::oblique().to_vec());
    fonts.set_sans_serif_family(FAMILY);
    Arc::new(fonts)
});

#[cfg(test)]
mod tests {
    use super::super::{Axis, Color, Dash, Drawing, Grid, LegendPlacement, Panel, Point, Series, render};
    use super::*;

    fn svg() -> String {
        let mut panel = Panel::new(Axis::linear(r"\tilde λ", (0.0, 1.0)), Axis::linear("ε_g", (0.0, 1.0)));
        let diagonal = vec![Point::new(0.0, 0.0), Point::new(1.0, 1.0)];
        panel.series = vec![Series::theory("a", "a", Color::slot(1), Dash::Solid, diagonal)];
        let (id, title, description) = ("fig".into(), "t".into(), "d".into());
        render(&Drawing {
            id,
            title,
            description,
            panels: vec![panel],
            grid: Grid::Pairs,
            legend: LegendPlacement::Below,
        })
        .unwrap()
    }

    /// The pixels of a PNG, and how many are of a colour.
    fn count(png: &[u8], [r, g, b]: [u8; 3]) -> (usize, usize) {
        let pixels = tiny_skia::Pixmap::decode_png(png).unwrap();
        let near = |pixel: &&tiny_skia::PremultipliedColorU8| {
            [(pixel.red(), r), (pixel.green(), g), (pixel.blue(), b)].iter().all(|(x, y)| x.abs_diff(*y) < 6)
        };
        (pixels.pixels().len(), pixels.pixels().iter().filter(near).count())
    }

    #[test]
    fn pixels_show_the_curve_on_the_paper_of_the_theme() {
        for (theme, paper, curve) in
            [(Theme::Light, [255, 255, 255], [0xd5, 0x5e, 0x00]), (Theme::Dark, [0x16, 0x18, 0x1b], [0xff, 0x8c, 0x42])]
        {
            let png = convert(&svg(), Format::Png { scale: 2.0 }, theme).unwrap();
            let (all, blank) = count(&png, paper);
            assert!(blank > all * 9 / 10 && blank < all, "{theme:?}: {blank} of {all}");
            assert!(count(&png, curve).1 > 500, "{theme:?}");
        }
    }

    #[test]
    fn a_pdf_carries_its_type_and_no_date() {
        let pdf = convert(&svg(), Format::Pdf, Theme::Light).unwrap();
        assert!(pdf.starts_with(b"%PDF-") && pdf == convert(&svg(), Format::Pdf, Theme::Light).unwrap());
        let text = String::from_utf8_lossy(&pdf);
        assert!(text.contains("DejaVuSans") && text.contains("DejaVuSans-Oblique") && !text.contains("CreationDate"));
    }

    #[test]
    fn what_cannot_be_converted_is_refused() {
        assert!(matches!(convert("<svg/>", Format::Pdf, Theme::Light), Err(PlotError::Conversion(_))));
        for scale in [0.0, f64::NAN, 1e6] {
            assert!(matches!(convert(&svg(), Format::Png { scale }, Theme::Light), Err(PlotError::Conversion(_))));
        }
    }
}
