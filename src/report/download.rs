//! Files inside the page: compressed, as `data:` links; and SVG whose ids are made unique.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compression, GzBuilder};
use serde::Serialize;

use crate::table::{OfFigure, Table, TableName, csv};
use crate::verdict::Evidence;

use super::FigureInput;
use super::summary::shown_columns;

/// A file that the page offers.
#[derive(Debug, Serialize)]
pub(super) struct Download {
    /// Its name.
    pub name: String,
    /// Where it is: in the page as gzip, or beside it.
    pub link: String,
    /// Its media type; none where it is beside the page.
    pub media: Option<&'static str>,
}

impl Download {
    /// A file that the page carries. The page's script unpacks it; without the script it is saved as it is, packed.
    pub fn inside(name: String, media: &'static str, bytes: &[u8]) -> Self {
        Self { name, link: data_uri("application/gzip", &packed(bytes)), media: Some(media) }
    }

    /// A table too large to travel in the page.
    pub fn beside(table: TableName<'_>) -> Self {
        let name = table.file();
        Self { link: format!("../data/{name}"), name, media: None }
    }
}

/// Compressed as a browser unpacks it; the same bytes at any time and on any system.
pub(super) fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::best());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_else(|_| unreachable!("a vector takes every byte"))
}

/// Columns of the agreement table that a reader needs; the parameters are in the theory table.
const AGREEMENT: [&str; 9] =
    ["figure", "curve", "x", "replicates", "observable", "mean", "standard_error", "theory", "z"];

/// Columns of the published table that a reader needs.
const PUBLISHED: [&str; 8] = ["figure", "curve", "column", "x", "published", "theory", "in_readings", "bound"];

/// Its files. What is plotted travels in the page, and so do the trials, which nothing else can give back; the tables
/// of theory and print with all their columns lie beside it.
pub(super) fn downloads(figure: &FigureInput<'_>) -> Vec<Download> {
    let evidence = &figure.evidence;
    let name = |kind: &str| format!("{}.{kind}", evidence.spec.id);
    let sheet = |kind: &str, table: &Table| {
        Download::inside(name(&format!("{kind}.csv")), "text/csv", csv::to_string(table).as_bytes())
    };
    let of = |table| TableName::Of(&evidence.spec.id, table);
    let table = |table, bytes| Download::inside(of(table).file(), "application/vnd.apache.parquet", bytes);
    let mut files = vec![sheet("theory", &plotted(evidence))];
    if evidence.agreement.rows() > 0 {
        files.push(sheet("agreement", &evidence.agreement.select(&AGREEMENT)));
        files.extend([table(OfFigure::Experiment, &figure.experiment), table(OfFigure::Agreement, &figure.agreement)]);
    }
    if evidence.published.rows() > 0 {
        files.push(sheet("published", &evidence.published.select(&PUBLISHED)));
    }
    if evidence.printed_points.rows() > 0 {
        files.push(sheet("printed_points", &evidence.printed_points));
    }
    if evidence.measured.rows() > 0 {
        files.push(sheet("measured", &evidence.measured));
    }
    files.push(Download::inside(name("svg"), "image/svg+xml", figure.overlay.as_bytes()));
    files.push(Download::beside(of(OfFigure::Theory)));
    if evidence.published.rows() > 0 {
        files.push(Download::beside(of(OfFigure::Published)));
    }
    files
}

/// The columns a figure shows, of all drawn and hidden curves, as a table small enough to carry in a page.
fn plotted(evidence: &Evidence<'_>) -> Table {
    let mut wanted = vec!["figure", "curve", "x"];
    wanted.extend(shown_columns(evidence.spec));
    wanted.push("status");
    evidence.theory.select(&wanted)
}

/// A `data:` link with the bytes in base 64.
pub(super) fn data_uri(media_type: &str, bytes: &[u8]) -> String {
    format!("data:{media_type};base64,{}", STANDARD.encode(bytes))
}

/// The SVG as part of a page: no XML declaration, and every id and every reference to one begins with `prefix`.
pub(super) fn inline_svg(svg: &str, prefix: &str) -> String {
    let start = svg.find("<svg").unwrap_or(0);
    let svg = svg[start..].trim_end();
    let mut ids: Vec<&str> = svg.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    // Longest first, so that an id that begins another is not replaced inside it.
    ids.sort_by_key(|id| std::cmp::Reverse(id.len()));
    ids.dedup();
    let mut page = String::with_capacity(svg.len() + 64 * ids.len());
    for (place, piece) in svg.split('"').enumerate() {
        if place > 0 {
            page.push('"');
        }
        let inside = place % 2 == 1;
        let name = if inside {
            page.rsplit(' ').next().unwrap_or("").trim_end_matches("=\"").to_owned()
        } else {
            String::new()
        };
        if inside && matches!(name.as_str(), "id" | "aria-labelledby" | "aria-describedby") {
            let renamed: Vec<String> = piece.split(' ').map(|id| format!("{prefix}{id}")).collect();
            page.push_str(&renamed.join(" "));
        } else {
            page.push_str(&references(piece, &ids, prefix));
        }
    }
    page
}

/// Prefixes `#id` wherever it names one of the document's own ids: links, `url(#id)` and style selectors.
fn references(text: &str, ids: &[&str], prefix: &str) -> String {
    let mut page = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('#') {
        page.push_str(before);
        page.push('#');
        let name_ends =
            |id: &str| !after[id.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        if ids.iter().any(|id| after.starts_with(id) && name_ends(id)) {
            page.push_str(prefix);
        }
        rest = after;
    }
    page.push_str(rest);
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_carries_type_and_bytes() {
        assert_eq!(data_uri("text/csv", b"fo"), "data:text/csv;base64,Zm8=");
        assert!(data_uri("font/woff2", &[0xfb, 0xff]).ends_with(",+/8="));
    }

    #[test]
    fn a_file_in_the_page_unpacks_to_its_bytes() {
        let file = Download::inside("a.csv".into(), "text/csv", b"x,y\n1,2\n");
        let packed = STANDARD.decode(file.link.split_once(',').unwrap().1).unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&packed[..]), &mut text).unwrap();
        assert_eq!(text, "x,y\n1,2\n");
    }

    #[test]
    fn ids_and_references_are_prefixed_colours_are_not() {
        let svg = "<?xml version=\"1.0\"?><svg id=\"f\" aria-labelledby=\"f-t f-d\"><style>#f .l{fill:#fff}#f-p{x:1}</style>\
                   <title id=\"f-t\">t</title><g id=\"f-p\" clip-path=\"url(#f)\" fill=\"#f00\"/></svg>\n";
        assert_eq!(
            inline_svg(svg, "a-"),
            "<svg id=\"a-f\" aria-labelledby=\"a-f-t a-f-d\"><style>#a-f .l{fill:#fff}#a-f-p{x:1}</style>\
             <title id=\"a-f-t\">t</title><g id=\"a-f-p\" clip-path=\"url(#a-f)\" fill=\"#f00\"/></svg>"
        );
    }
}
