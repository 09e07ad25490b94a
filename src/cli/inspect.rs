//! `list`, `graph`, `clean` and `completions`: small commands that make nothing.

use std::io::Write;

use clap::CommandFactory;
use serde_json::json;

use crate::pipeline::{self, Clean, Overview};
use crate::spec::reference;
use crate::workflow::Project;

use super::args::{Arguments, CleanOptions, Common, GraphFormat, GraphOptions, ListOptions, SchemaOptions};
use super::progress::say_waiting;
use super::run_args::SizeOptions;
use super::{Failure, broken, interrupt, print_json, provenance};

/// Lists the figures and their curves.
pub(super) fn list(common: &Common, options: &ListOptions) -> Result<(), Failure> {
    let Project { figures, broken, .. } = &common.project(&SizeOptions::default())?;
    if options.json {
        let curves = |figure: &crate::spec::Figure| -> Vec<_> {
            figure.curves.iter().map(|curve| json!({ "id": curve.id, "label": curve.label })).collect()
        };
        let figures: Vec<_> = (figures.iter())
            .map(|figure| json!({ "id": figure.id, "paper": figure.paper, "title": figure.title, "curves": curves(figure) }))
            .collect();
        print_json(&figures)?;
        return broken::ended(broken, "the rest is listed");
    }
    let mut out = std::io::stdout().lock();
    for figure in figures {
        // a figure beyond the paper is called by its id
        let name = if figure.is_in_paper() { format!("{}: ", figure.name()) } else { String::new() };
        writeln!(out, "{}  {name}{}", figure.id, figure.title)?;
        let width = figure.curves.iter().map(|curve| curve.id.chars().count()).max().unwrap_or(0);
        for curve in &figure.curves {
            writeln!(out, "  {:<width$}  {}", curve.id, curve.label)?;
        }
    }
    broken::ended(broken, "the rest is listed")
}

/// Prints the reference of figure files.
pub(super) fn schema(options: &SchemaOptions) -> Result<(), Failure> {
    if !options.json {
        return Ok(std::io::stdout().write_all(reference::markdown().as_bytes())?);
    }
    let section = |reference::Section { title, entries }: &reference::Section| {
        let entries: Vec<_> =
            entries.iter().map(|(name, meaning)| json!({ "name": name, "meaning": meaning })).collect();
        json!({ "table": title, "entries": entries })
    };
    print_json(&reference::reference().iter().map(section).collect::<Vec<_>>())
}

/// Prints the graph of stages.
pub(super) fn graph(common: &Common, options: &GraphOptions) -> Result<(), Failure> {
    let (workflow, _) = common.workflow(&SizeOptions::default())?;
    let overview = Overview::new(&workflow.graph);
    let text = match options.format {
        GraphFormat::Mermaid => overview.mermaid(),
        GraphFormat::Svg => overview.svg(),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    broken::ended(&workflow.project.broken, "the graph is without it")
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
