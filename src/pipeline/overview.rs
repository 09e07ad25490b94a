//! The graph of stages for human eyes: chunks collapsed into families, as Mermaid text or as an SVG in layers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::graph::Graph;

/// One box: a family of chunks, or a stage with visible outputs.
#[derive(Debug)]
struct Family {
    kind: &'static str,
    count: usize,
    inputs: BTreeSet<usize>,
    /// Longest way to it from a family without inputs.
    layer: usize,
}

/// The collapsed graph; families sorted by name.
#[derive(Debug)]
pub struct Overview {
    names: Vec<String>,
    families: Vec<Family>,
}

impl Overview {
    /// Collapses `graph`.
    #[must_use]
    pub fn new(graph: &Graph) -> Self {
        let names: BTreeSet<&str> = graph.stages().iter().map(|stage| stage.family()).collect();
        let index: BTreeMap<&str, usize> = names.iter().enumerate().map(|(position, &name)| (name, position)).collect();
        let mut families: Vec<Option<Family>> = names.iter().map(|_| None).collect();
        for position in graph.in_order(&graph.all()) {
            let stage = &graph.stages()[position];
            let inputs = graph.inputs(position).iter().map(|&input| index[graph.stages()[input].family()]);
            let own = index[stage.family()];
            let inputs: BTreeSet<usize> = inputs.filter(|&input| input != own).collect();
            let layers = inputs.iter().filter_map(|&input| families[input].as_ref().map(|family| family.layer + 1));
            let layer = layers.max().unwrap_or(0);
            let new = || Family { kind: stage.kind, count: 0, inputs: BTreeSet::new(), layer: 0 };
            let family = families[own].get_or_insert_with(new);
            family.count += 1;
            family.layer = family.layer.max(layer);
            family.inputs.extend(inputs);
        }
        let families = families.into_iter().flatten().collect();
        Self { names: names.into_iter().map(str::to_owned).collect(), families }
    }

    /// A Mermaid flowchart.
    #[must_use]
    pub fn mermaid(&self) -> String {
        let mut text = String::from("flowchart LR\n");
        for position in 0..self.families.len() {
            let _ = writeln!(text, "  n{position}[\"{}\"]", self.label(position).replace('"', "#quot;"));
        }
        for (reader, family) in self.families.iter().enumerate() {
            for input in &family.inputs {
                let _ = writeln!(text, "  n{input} --> n{reader}");
            }
        }
        text
    }

    /// An SVG with one column a layer, inputs to the left; no fonts are needed and every coordinate is whole.
    #[must_use]
    pub fn svg(&self) -> String {
        let mut columns: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (position, family) in self.families.iter().enumerate() {
            columns.entry(family.layer).or_default().push(position);
        }
        let characters = |position: &usize| self.label(*position).chars().count();
        let mut corners = vec![(0, 0); self.families.len()];
        let (mut x, mut height) = (MARGIN, 0);
        let mut widths = vec![0; self.families.len()];
        for column in columns.values() {
            let width = column.iter().map(characters).max().unwrap_or(0) * CHARACTER + 2 * PADDING;
            for (row, &position) in column.iter().enumerate() {
                corners[position] = (x, MARGIN + row * (BOX + GAP));
                widths[position] = width;
            }
            x += width + COLUMN_GAP;
            height = height.max(MARGIN + column.len() * (BOX + GAP) - GAP + MARGIN);
        }
        let width = (x + MARGIN).saturating_sub(COLUMN_GAP);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
             role=\"img\">\n<title>Stages of the pipeline</title>\n<desc>{} stages in {} boxes; an edge leads from a stage to \
             the stages that read its outputs.</desc>\n<style>{STYLE}</style>\n",
            self.families.iter().map(|family| family.count).sum::<usize>(),
            self.families.len(),
        );
        for (reader, family) in self.families.iter().enumerate() {
            for &input in &family.inputs {
                let (from, to) = (corners[input], corners[reader]);
                let (x0, y0, x1, y1) = (from.0 + widths[input], from.1 + BOX / 2, to.0, to.1 + BOX / 2);
                let middle = (x0 + x1) / 2;
                let _ = writeln!(svg, "<path d=\"M{x0} {y0}C{middle} {y0} {middle} {y1} {x1} {y1}\"/>");
            }
        }
        for (position, &(x, y)) in corners.iter().enumerate() {
            let (width, kind) = (widths[position], escaped(self.families[position].kind));
            let (text_x, text_y, label) = (x + PADDING, y + BOX / 2 + CHARACTER / 2, escaped(&self.label(position)));
            let _ = writeln!(
                svg,
                "<g class=\"{kind}\"><rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{BOX}\" rx=\"4\"/>"
            );
            let _ = writeln!(svg, "<text x=\"{text_x}\" y=\"{text_y}\">{label}</text></g>");
        }
        svg.push_str("</svg>\n");
        svg
    }

    /// The family's name, with the number of its members where that is not one.
    fn label(&self, position: usize) -> String {
        match self.families[position].count {
            1 => self.names[position].clone(),
            count => format!("{} ×{count}", self.names[position]),
        }
    }
}

/// Width of a character of the 12 px monospaced font, in px.
const CHARACTER: usize = 8;
const BOX: usize = 26;
const GAP: usize = 8;
const COLUMN_GAP: usize = 120;
const PADDING: usize = 10;
const MARGIN: usize = 16;
const STYLE: &str = "text{font:12px monospace;fill:#1b1f24}rect{fill:#f2f4f7;stroke:#7a8594}path{fill:none;stroke:#7a8594;\
                     stroke-opacity:.5}@media(prefers-color-scheme:dark){text{fill:#e6e9ee}rect{fill:#232830}}";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
