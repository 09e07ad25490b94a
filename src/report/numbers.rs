//! Every number a text may print, by name, already formatted; `{{ name }}` in a text becomes the number of that name.

use std::collections::BTreeMap;

use crate::spec::Threshold;
use crate::verdict::{Estimate, Evidence, fixed, told};

use super::ReportError;
use super::digits::{decimal, reading, rounded};
use super::summary::Summary;

/// Numbers as `figure.name` → text. A number whose cells are null prints as [`MISSING`].
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Numbers {
    texts: BTreeMap<String, String>,
    /// Of those that a figure file declares, what they are.
    values: BTreeMap<String, f64>,
}

/// Stands where a number has no value.
pub(super) const MISSING: &str = "n/a";

impl Numbers {
    /// Adds the numbers of a figure: those of its file, and those that every figure has.
    pub fn add(&mut self, evidence: &Evidence<'_>, summary: &Summary) {
        let id = &evidence.spec.id;
        let texts = &mut self.texts;
        let mut add = |name: &str, text: Option<String>| {
            texts.insert(format!("{id}.{name}"), text.unwrap_or_else(|| MISSING.to_owned()));
        };
        for declared in &evidence.spec.numbers {
            let found = told(&declared.expression(), evidence);
            self.values.extend(found.map(|found| (format!("{id}.{}", declared.name), found.value)));
            add(&declared.name, found.map(|found| decimal(found.value, digits(&found, declared.digits))));
        }
        let size = |value: Option<f64>| value.map(rounded);
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
        add("max_error", size(summary.theory_error));
        for (threshold, name) in [
            (Threshold::Interpolation, "alpha_interpolation"),
            (Threshold::StudentSeparability, "alpha_student"),
            (Threshold::TeacherSeparability, "alpha_teacher"),
        ] {
            let value = evidence.thresholds.iter().find(|(known, _)| *known == threshold).map(|(_, value)| *value);
            add(name, value.map(|value| fixed(value, 4)));
        }
    }

    /// Replaces every placeholder of a text. `place` is the file and the line on which the text begins, for errors;
    /// `figure` is the one whose numbers need no prefix.
    ///
    /// # Errors
    /// [`ReportError::UnknownNumber`] or [`ReportError::OpenPlaceholder`], with file and line.
    pub fn fill(&self, text: &str, place: (&str, usize), figure: Option<&str>) -> Result<String, ReportError> {
        let (file, first) = place;
        let mut filled = String::with_capacity(text.len());
        for (index, line) in text.lines().enumerate() {
            let (file, number) = (file.to_owned(), first + index);
            let mut rest = line;
            while let Some((before, after)) = rest.split_once("{{") {
                let Some((name, after)) = after.split_once("}}") else {
                    return Err(ReportError::OpenPlaceholder { file, line: number });
                };
                let name = name.trim();
                let Some(value) = self.get(figure, name) else {
                    let near = self.near(figure, name);
                    return Err(ReportError::UnknownNumber { file, line: number, name: name.to_owned(), near });
                };
                filled.push_str(before);
                match self.with_error(figure, name, after) {
                    Some((told, after)) => {
                        filled.push_str(&told);
                        rest = after;
                    }
                    None => {
                        filled.push_str(value);
                        rest = after;
                    }
                }
            }
            filled.push_str(rest);
            filled.push('\n');
        }
        Ok(filled)
    }

    /// Where `after` a number comes `± {{ error }}`: both, to the same last place, and what follows them.
    fn with_error<'a>(&self, figure: Option<&str>, name: &str, after: &'a str) -> Option<(String, &'a str)> {
        let (error, after) = after.strip_prefix(" ± {{")?.split_once("}}")?;
        let value = |name: &str| {
            let own = figure.and_then(|figure| self.values.get(&format!("{figure}.{name}")));
            own.or_else(|| self.values.get(name)).copied()
        };
        Some((reading(value(name)?, Some(value(error.trim())?)), after))
    }

    /// The number of that name, `name` of the figure itself or `figure.name` of any.
    fn get(&self, figure: Option<&str>, name: &str) -> Option<&str> {
        let own = figure.and_then(|figure| self.texts.get(&format!("{figure}.{name}")));
        own.or_else(|| self.texts.get(name)).map(String::as_str)
    }

    /// The valid names nearest to a wrong one.
    fn near(&self, figure: Option<&str>, wrong: &str) -> String {
        let names = self.texts.keys().map(|name| match figure.and_then(|id| name.strip_prefix(&format!("{id}."))) {
            Some(own) => own,
            None => name.as_str(),
        });
        let mut ranked: Vec<(usize, &str)> = names.map(|name| (strsim::levenshtein(name, wrong), name)).collect();
        ranked.sort_unstable();
        let best: Vec<String> = ranked.iter().take(3).map(|(_, name)| format!("`{name}`")).collect();
        if best.is_empty() { "this run has no numbers".to_owned() } else { format!("near it are {}", best.join(", ")) }
    }
}

/// Decimals of a number: as many as are asked for, but none beyond what is known of it.
fn digits(found: &Estimate, asked: usize) -> usize {
    let resolution = found.resolution();
    if resolution <= 0.0 {
        return asked;
    }
    // a resolution of 0.0004 still tells the fourth decimal
    let known = (-resolution.log10()).ceil().max(0.0);
    asked.min(known as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_decimal_is_told_that_is_not_known() {
        let found =
            |half: f64| Estimate { value: 0.25, interval: [0.25 - half, 0.25 + half], x: None, data_sets: None };
        assert_eq!(digits(&found(0.0), 5), 5);
        assert_eq!(digits(&found(4e-4), 5), 4);
        assert_eq!(digits(&found(0.05), 5), 2);
        assert_eq!(digits(&found(1e-9), 5), 5);
        assert_eq!(digits(&found(30.0), 2), 0);
    }
}
