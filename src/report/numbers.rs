//! Every number a text may print, by name, already formatted.

use std::collections::BTreeMap;

use crate::spec::{Statistic, Threshold};

use super::evidence::Evidence;
use super::measured::largest;
use super::notation::{fixed, number};
use super::series::{Found, Series, in_range, same_x};
use super::summary::Summary;

/// Numbers as `figure.name` → text. A number whose cells are null prints as [`MISSING`].
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Numbers {
    texts: BTreeMap<String, String>,
}

/// Stands where a number has no value.
pub(super) const MISSING: &str = "n/a";

impl Numbers {
    /// Adds the numbers of a figure: those of its file, and those that every figure has.
    pub fn add(&mut self, evidence: &Evidence<'_>, summary: &Summary) {
        let id = &evidence.spec.id;
        let mut add = |name: &str, text: Option<String>| {
            self.texts.insert(format!("{id}.{name}"), text.unwrap_or_else(|| MISSING.to_owned()));
        };
        for declared in &evidence.spec.numbers {
            let value = evaluate(&declared.statistic, evidence);
            add(&declared.name, value.map(|value| fixed(value, declared.digits)));
        }
        let size = |value: Option<f64>| value.map(|value| format!("{value:.1e}").parse().map_or(String::new(), number));
        add("worst_z", summary.worst_z.map(|(_, z)| fixed(z.abs(), 2)));
        add("chi_squared", summary.chi_squared.map(|value| fixed(value, 1)));
        add("degrees_of_freedom", Some(summary.freedom.to_string()));
        add("max_published", size(summary.worst_published.map(|(_, value)| value.abs())));
        add("published_vertices", Some(summary.vertices.to_string()));
        add("published_outside", Some(summary.outside.to_string()));
        add("published_inside", Some((summary.vertices - summary.outside).to_string()));
        add("theory_points", Some(summary.theory_points.to_string()));
        add("simulated_points", Some(summary.simulated_points.to_string()));
        add("trials", Some(summary.trials.to_string()));
        add("trials_failed", Some(summary.trials_failed.to_string()));
        add("features", summary.features.map(|n| n.to_string()));
        add("replicates", summary.replicates.map(|n| n.to_string()));
        add("max_residual", size(summary.residual));
        add("max_quadrature_error", size(summary.quadrature_error));
        for (threshold, name) in [
            (Threshold::Interpolation, "alpha_interpolation"),
            (Threshold::StudentSeparability, "alpha_student"),
            (Threshold::TeacherSeparability, "alpha_teacher"),
        ] {
            let value = evaluate(&Statistic::Threshold { threshold }, evidence);
            add(name, value.map(|value| fixed(value, 4)));
        }
    }

    /// The number of that name, `name` of the figure itself or `figure.name` of any.
    pub fn get(&self, figure: Option<&str>, name: &str) -> Option<&str> {
        let own = figure.and_then(|figure| self.texts.get(&format!("{figure}.{name}")));
        own.or_else(|| self.texts.get(name)).map(String::as_str)
    }

    /// The valid names nearest to a wrong one.
    pub fn near(&self, figure: Option<&str>, wrong: &str) -> String {
        let names = self.texts.keys().map(|name| match figure.and_then(|id| name.strip_prefix(&format!("{id}."))) {
            Some(own) => own,
            None => name.as_str(),
        });
        let mut ranked: Vec<(usize, &str)> = names.map(|name| (distance(name, wrong), name)).collect();
        ranked.sort_unstable();
        let best: Vec<String> = ranked.iter().take(3).map(|(_, name)| format!("`{name}`")).collect();
        if best.is_empty() { "this run has no numbers".to_owned() } else { format!("near it are {}", best.join(", ")) }
    }
}

/// Edit distance between two words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replace = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replace.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// The value of a statistic, if its cells have one.
fn evaluate(statistic: &Statistic, evidence: &Evidence<'_>) -> Option<f64> {
    let series = |curve: &str, column: &str| Series::new(evidence.theory, curve, column);
    let whole = |found: Found<(f64, f64)>| match found {
        Found::Whole(point) => Some(point),
        Found::Partial => None,
    };
    let measured = |curve: &str, column: &str, x: f64, cell: &str| {
        let table = evidence.agreement;
        let rows = table.rows_where("curve", curve);
        let at = |row: &usize| table.real("x", *row).is_some_and(|at| same_x(at, x));
        let row = rows.into_iter().find(|row| at(row) && table.text("observable", *row) == Some(column))?;
        table.real(cell, row)
    };
    match statistic {
        Statistic::Value { curve, column, x } => series(curve, column).at(*x),
        Statistic::Max { curve, column, range } => whole(series(curve, column).maximum(*range)).map(|point| point.1),
        Statistic::Min { curve, column, range } => whole(series(curve, column).minimum(*range)).map(|point| point.1),
        Statistic::Argmax { curve, column, range } => whole(series(curve, column).maximum(*range)).map(|point| point.0),
        Statistic::Argmin { curve, column, range } => whole(series(curve, column).minimum(*range)).map(|point| point.0),
        Statistic::Difference { curve, other, column, x } => {
            Some(series(curve, column).at(*x)? - series(other, column).at(*x)?)
        }
        Statistic::Gap { curve, other, column, range } => {
            let pairs = series(curve, column).paired(&series(other, column), *range);
            let gaps: Option<Vec<f64>> = pairs.iter().map(|(_, pair)| pair.map(|(a, b)| (a - b).abs())).collect();
            gaps?.into_iter().max_by(f64::total_cmp)
        }
        Statistic::Crossing { curve, other, column, range } => {
            match series(curve, column).crossings(&series(other, column), *range) {
                Found::Whole(crossings) => crossings.first().copied(),
                Found::Partial => None,
            }
        }
        Statistic::Threshold { threshold } => {
            evidence.thresholds.iter().find(|(known, _)| known == threshold).map(|(_, value)| *value)
        }
        Statistic::Simulated { curve, column, x } => measured(curve, column, *x, "mean"),
        Statistic::StandardError { curve, column, x } => measured(curve, column, *x, "standard_error"),
        Statistic::Z { curve, column, x } => measured(curve, column, *x, "z"),
        Statistic::WorstZ { curve, column, range } => {
            let table = evidence.agreement;
            let inside = |row: &usize| {
                table.text("observable", *row) == Some(column)
                    && table.real("x", *row).is_none_or(|x| in_range(x, *range))
            };
            let rows: Vec<usize> = table.rows_where("curve", curve).into_iter().filter(inside).collect();
            largest(table, &rows, "z").map(|(_, z)| z.abs())
        }
        Statistic::Published { curve, x } => {
            let table = evidence.published;
            let gap = |row: &usize| table.real("x", *row).map_or(f64::INFINITY, |at| (at - x).abs());
            let rows = table.rows_where("curve", curve);
            let row = rows.into_iter().min_by(|a, b| gap(a).total_cmp(&gap(b)))?;
            table.real("published", row)
        }
        Statistic::WorstPublished { curve, range } => {
            let table = evidence.published;
            let rows = table.rows_where("curve", curve);
            let rows: Vec<usize> =
                rows.into_iter().filter(|&row| table.real("x", row).is_none_or(|x| in_range(x, *range))).collect();
            largest(table, &rows, "difference").map(|(_, value)| value.abs())
        }
    }
}
