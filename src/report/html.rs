//! The report as one HTML file that needs nothing beside it.

use std::collections::BTreeMap;

use serde::Serialize;
use tera::Context;

use crate::table::csv;
use crate::verdict::{CLAIMS_FILE, ERRATA_FILE};

use super::encode::{data_uri, inline_svg};
use super::explorer::{POLICY, Reference, explorer};
use super::page::{EntryView, Page, describe, plotted, selected};
use super::prose::{Prose, escape};
use super::templates::{THEORY, THEORY_FILE, parameter_names, render, tally};
use super::{FigureInput, Input, ReportError};

const STYLE: &str = include_str!("../../report/style.css");
const SCRIPT: &str = include_str!("../../report/script.js");
const MATHS: &[u8] = include_bytes!("../../report/maths.woff2");

/// Columns of the agreement table that a reader needs; the parameters are in the theory table.
const AGREEMENT: [&str; 9] =
    ["figure", "curve", "x", "replicates", "observable", "mean", "standard_error", "theory", "z"];

/// Columns of the published table that a reader needs.
const PUBLISHED: [&str; 8] = ["figure", "curve", "column", "x", "published", "theory", "in_readings", "bound"];

/// A figure's drawings as part of the page, and its downloads.
#[derive(Debug, Serialize)]
struct DrawingView {
    overlay: String,
    theory: String,
    experiment: String,
    residuals: String,
    finite_size: Option<String>,
    has_published: bool,
    has_printed_points: bool,
    files: Vec<Download>,
}

/// A file carried by the page.
#[derive(Debug, Serialize)]
struct Download {
    name: String,
    link: String,
}

/// The whole report as one HTML document: no remote reference, complete without its script.
///
/// # Errors
/// A text that asks for an unknown number or holds a formula that does not convert, with file and line;
/// a check that decides nothing of the ledger.
pub fn html(input: &Input<'_>) -> Result<String, ReportError> {
    let prose = Prose::new()?;
    let mut page = Page::new(input, THEORY)?;
    page.theory = prose.html(&page.theory, THEORY_FILE, "theory-", 1)?;
    phrases(&mut page.claims, &prose, CLAIMS_FILE)?;
    phrases(&mut page.errata, &prose, ERRATA_FILE)?;
    for (view, figure) in page.figures.iter_mut().zip(input.figures) {
        view.text = prose.html(&view.text, figure.text_path, &format!("{}-text-", view.id), 3)?;
    }
    let drawings: BTreeMap<&str, DrawingView> =
        input.figures.iter().map(|figure| (figure.evidence.spec.id.as_str(), drawing(figure))).collect();
    let mut context = Context::new();
    context.insert("verdict_words", &tally(&page.counts));
    context.insert("page", &page);
    context.insert("drawings", &drawings);
    if let Some(costs) = input.costs {
        context.insert("scaling", &inline_svg(costs.drawing, "cost-"));
    }
    context.insert("parameters", &parameter_names());
    context.insert("explorer", &explorer(&underneath(input)));
    context.insert("explorer_policy", POLICY);
    context.insert("style", STYLE);
    context.insert("script", SCRIPT);
    context.insert("font_face", &font_face());
    render("page.html", &context)
}

/// What the explorer keeps underneath: the figure that it starts on.
fn underneath(input: &Input<'_>) -> Vec<Reference> {
    let figures = input.figures.iter().filter(|figure| figure.evidence.spec.id == "fig05");
    figures.map(|figure| Reference::of(&figure.evidence, "eg")).collect()
}

fn font_face() -> String {
    let link = data_uri("font/woff2", MATHS);
    format!("@font-face{{font-family:\"Redistill Math\";src:url({link}) format(\"woff2\")}}\n")
}

fn phrases(entries: &mut [EntryView], prose: &Prose, file: &str) -> Result<(), ReportError> {
    for entry in entries {
        entry.text = prose.html(&entry.text, file, "", 3)?;
        if let Some(evidence) = &mut entry.evidence {
            *evidence = prose.html(evidence, file, "", 3)?;
        }
    }
    Ok(())
}

/// Drawings and small tables travel in the page; the full tables lie beside it in `../data`.
fn drawing(figure: &FigureInput<'_>) -> DrawingView {
    let evidence = &figure.evidence;
    let id = &evidence.spec.id;
    let describe = escape(&describe(evidence));
    let inline = |svg: &str, name: &str| inline_svg(svg, &format!("{id}-{name}-"));
    let beside = |kind: &str| (format!("{id}.{kind}.parquet"), format!("../data/{id}.{kind}.parquet"));
    let sheet = |text: String| data_uri("text/csv;charset=utf-8", text.as_bytes());
    let mut files = vec![beside("theory"), (format!("{id}.theory.csv"), sheet(csv::to_string(&plotted(evidence))))];
    if evidence.experiment.rows() > 0 {
        files.push(beside("experiment"));
        files.push((format!("{id}.agreement.csv"), sheet(csv::to_string(&selected(evidence.agreement, &AGREEMENT)))));
    }
    if evidence.published.rows() > 0 {
        files.push(beside("published"));
        files.push((format!("{id}.published.csv"), sheet(csv::to_string(&selected(evidence.published, &PUBLISHED)))));
    }
    if evidence.printed_points.rows() > 0 {
        files.push((format!("{id}.printed_points.csv"), sheet(csv::to_string(evidence.printed_points))));
    }
    files.push((format!("{id}.svg"), data_uri("image/svg+xml", figure.drawings.overlay.as_bytes())));
    DrawingView {
        overlay: described(&inline(figure.drawings.overlay, "overlay"), &describe),
        theory: inline(figure.drawings.theory, "theory"),
        experiment: inline(figure.drawings.experiment, "experiment"),
        residuals: inline(figure.drawings.residuals, "residuals"),
        finite_size: figure.drawings.finite_size.map(|svg| inline(svg, "finite-size")),
        has_published: figure.drawings.overlay.contains("series published"),
        has_printed_points: figure.drawings.overlay.contains("series printed-points"),
        files: files.into_iter().map(|(name, link)| Download { name, link }).collect(),
    }
}

/// A drawing whose own description goes on with the figure's, for readers who do not see it; one without gets it.
fn described(svg: &str, description: &str) -> String {
    match svg.contains("</desc>") {
        true => svg.replacen("</desc>", &format!(" {description}</desc>"), 1),
        false => svg.replacen("<svg", &format!("<svg role=\"img\" aria-label=\"{description}\""), 1),
    }
}
