//! The page of `diff --html`: the figures of two folders on top of each other, one above the other's fading.

use std::collections::BTreeSet;
use std::path::Path;

use super::Failure;
use super::changes::{self, FolderDifference};

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:960px;margin:2rem auto;padding:0 1rem;color-scheme:light}\
    .stack{position:relative;background:#fff}.stack img{display:block;width:100%}.stack img+img{position:absolute;inset:0;\
    opacity:var(--second,.5)}table{border-collapse:collapse}td,th{padding:.2rem .6rem;border-bottom:1px solid #ccc;text-align:left}";

/// One HTML page without links to anything outside it.
pub(super) fn page(a: &Path, b: &Path, difference: &FolderDifference) -> Result<String, Failure> {
    let (first, second) = (escaped(&a.display().to_string()), escaped(&b.display().to_string()));
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>{first} and {second}</title><style>{STYLE}</style></head><body>\n\
         <h1>{first} and {second}</h1>\n<p><label>first <input type=\"range\" min=\"0\" max=\"1\" step=\"0.05\" value=\"0.5\" \
         oninput=\"document.body.style.setProperty('--second',this.value)\"> second</label></p>\n"
    );
    let paragraphs =
        |lines: Vec<String>| -> String { lines.iter().map(|line| format!("<p>{}</p>\n", escaped(line))).collect() };
    html.push_str(&paragraphs(changes::settings_in_words(difference).into_iter().collect()));
    let changed = changes::changes(difference);
    if !changed.is_empty() {
        html.push_str("<table><tr><th>table</th><th>column</th><th>cells</th><th>worst, in tolerances</th>");
        html.push_str("<th>where</th><th>first</th><th>second</th></tr>\n");
    }
    for change in &changed {
        let [place, first, second] = change.place();
        let cells = [change.table, change.column, &change.cells.to_string(), &change.worst(), &place, &first, &second]
            .map(escaped);
        html.push_str(&format!("<tr><td>{}</td></tr>\n", cells.join("</td><td>")));
    }
    if !changed.is_empty() {
        html.push_str("</table>\n");
    }
    let rest = [changes::others(difference), changes::alone(difference)].concat();
    html.push_str(&paragraphs(rest.into_iter().chain(changes::within_tolerance(difference)).collect()));
    for name in drawings(a)?.intersection(&drawings(b)?) {
        html.push_str(&format!("<h2>{}</h2>\n<div class=\"stack\">", name.trim_end_matches(".svg")));
        for (folder, which) in [(a, "first"), (b, "second")] {
            let path = folder.join("figures").join(name);
            let svg = std::fs::read(&path).map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?;
            html.push_str(&format!(
                "<img alt=\"{name}, {which} folder\" src=\"data:image/svg+xml,{}\">",
                encoded(&svg)
            ));
        }
        html.push_str("</div>\n");
    }
    html.push_str("</body></html>\n");
    Ok(html)
}

/// Names of the overlay drawings in an output folder, such as `fig05.svg`.
fn drawings(folder: &Path) -> Result<BTreeSet<String>, Failure> {
    let figures = folder.join("figures");
    let entries =
        std::fs::read_dir(&figures).map_err(|error| Failure::input(format!("{}: {error}", figures.display())))?;
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    Ok(names.filter(|name| name.strip_suffix(".svg").is_some_and(|stem| !stem.contains('.'))).collect())
}

/// Bytes in a `data:` link: what is neither a letter nor a digit nor harmless there is percent-encoded.
fn encoded(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b" -._~/:;=,()".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
