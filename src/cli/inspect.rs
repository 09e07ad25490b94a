//! `list`, `graph`, `clean` and `completions`: small commands that make nothing.

use std::io::Write;

use clap::CommandFactory;
use serde_json::json;

use crate::pipeline::{self, Clean, Overview};

use super::args::{Arguments, CleanOptions, Common, GraphFormat, GraphOptions, ListOptions};
use super::progress::say_waiting;
use super::{Failure, interrupt, print_json, provenance};

/// Lists the figures and their curves.
pub(super) fn list(common: &Common, options: &ListOptions) -> Result<(), Failure> {
    let (workflow, _) = common.workflow()?;
    let figures = &workflow.project.figures;
    if options.json {
        let curves = |figure: &crate::spec::Figure| -> Vec<_> {
            figure.curves.iter().map(|curve| json!({ "id": curve.id, "label": curve.label })).collect()
        };
        let figures: Vec<_> = (figures.iter())
            .map(|figure| json!({ "id": figure.id, "paper": figure.paper, "title": figure.title, "curves": curves(figure) }))
            .collect();
        return print_json(&figures);
    }
    let mut out = std::io::stdout().lock();
    for figure in figures {
        writeln!(out, "{}  {}: {}", figure.id, figure.name(), figure.title)?;
        let width = figure.curves.iter().map(|curve| curve.id.chars().count()).max().unwrap_or(0);
        for curve in &figure.curves {
            writeln!(out, "  {:<width$}  {}", curve.id, curve.label)?;
        }
    }
    Ok(())
}

/// Prints the graph of stages.
pub(super) fn graph(common: &Common, options: &GraphOptions) -> Result<(), Failure> {
    let (workflow, _) = common.workflow()?;
    let overview = Overview::new(&workflow.graph);
    let text = match options.format {
        GraphFormat::Mermaid => overview.mermaid(),
        GraphFormat::Svg => overview.svg(),
    };
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}

/// Removes what runs have made.
pub(super) fn clean(common: &Common, options: &CleanOptions) -> Result<(), Failure> {
    let folders = common.folders()?;
    let what = if options.cache { Clean::Everything } else { Clean::Outputs };
    let removed = pipeline::clean(&folders.out, what, &provenance::files(), &interrupt::flag(), say_waiting)?;
    let mut out = std::io::stdout().lock();
    for path in &removed {
        writeln!(out, "{}", path.display())?;
    }
    writeln!(out, "{} removed from {}", removed.len(), folders.out.display())?;
    Ok(())
}

/// Prints completions for a shell.
pub(super) fn completions(shell: clap_complete::Shell) -> Result<(), Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), env!("CARGO_PKG_NAME"), &mut text);
    Ok(std::io::stdout().write_all(&text)?)
}
