//! What every value of a figure file is held to, whatever it stands for: ids, texts, ranges, counts.

use std::path::Path;

use super::quantity::Wrong;
use super::source::{clip, unprintable};
use super::{Scale, SpecError, Sweep, name};

/// Figures of a project, curves of a figure, entries of any other list of a figure: at most. Ours has 24 figures
/// of at most 21 curves; a run lays out every point before it starts.
pub(super) const MOST_FIGURES: usize = 200;
pub(super) const MOST_CURVES: usize = 200;
pub(super) const MOST_ENTRIES: usize = 1000;
/// Theory points of a curve, and of all curves of a project together.
pub(super) const MOST_POINTS: usize = 10_000;
pub(super) const MOST_POINTS_IN_ALL: usize = 200_000;
/// Simulated points of a curve.
pub(super) const MOST_SIMULATED: usize = 1000;

/// Sizes at which a point is run besides, at most.
pub(super) const MOST_SIZES: usize = 20;
/// Numbers of an axis lie between these: far beyond any quantity of ours, and steps between them can be drawn.
const LARGEST_LIMIT: f64 = 1e100;
const LEAST_LENGTH: f64 = 1e-100;
/// Smallest N: below it a class or a mask may be empty.
pub const FEWEST_FEATURES: usize = 20;
/// Largest N.
pub const MOST_FEATURES: usize = 20_000;

/// Keys of a curve in figure files of version 0.2, and what stands for them.
const RENAMED_KEYS: [(&str, &str); 2] = [
    (
        "teacher",
        "teacher_lambda = its ridge, in the curve itself; learner = \"kd-bayes\" or \"kd-hebbian\" for its kind; variance",
    ),
    ("student", "lambda, chi and temperature in the curve itself"),
];
/// Names of learners in figure files of version 0.2, and what they are called.
const RENAMED_LEARNERS: [(&str, &str); 2] = [("bayes_teacher", "bayes-teacher"), ("bayes_student", "bayes-student")];

/// Collects the first value that is wrong, with its key.
pub(super) struct Check<'a> {
    pub path: &'a Path,
}

impl Check<'_> {
    pub fn that(
        &self,
        holds: bool,
        key: impl Into<String>,
        problem: impl Into<String>,
        valid: impl Into<String>,
    ) -> Result<(), SpecError> {
        if holds {
            return Ok(());
        }
        Err(SpecError::Value {
            path: self.path.to_owned(),
            line: None,
            key: key.into(),
            problem: problem.into(),
            valid: valid.into(),
        })
    }

    /// Refuses keys and names of a curve that have become others.
    pub fn renamed(&self, figure: &toml::Table) -> Result<(), SpecError> {
        let curves = figure.get("curve").and_then(toml::Value::as_array).into_iter().flatten();
        for (index, curve) in curves.enumerate() {
            for (old, new) in RENAMED_KEYS {
                let there = curve.get(old).is_some();
                self.that(!there, format!("curve[{index}].{old}"), "an old key", new)?;
            }
            for (old, new) in RENAMED_LEARNERS {
                let there = curve.get("learner").and_then(toml::Value::as_str) == Some(old);
                self.that(
                    !there,
                    format!("curve[{index}].learner"),
                    format!("`{old}`, an old name"),
                    format!("`{new}`"),
                )?;
            }
        }
        Ok(())
    }

    /// No text of the file holds what a terminal or a page would obey instead of showing it.
    pub fn shown(&self, value: &toml::Value, key: String) -> Result<(), SpecError> {
        match value {
            toml::Value::String(text) => {
                let found = unprintable(text, false);
                let problem = found.map_or(String::new(), |c| format!("holds the control character {c:?}"));
                self.that(found.is_none(), key, problem, "one line of printable text")
            }
            toml::Value::Array(items) => {
                items.iter().enumerate().try_for_each(|(index, item)| self.shown(item, format!("{key}[{index}]")))
            }
            toml::Value::Table(table) => table.iter().try_for_each(|(name, item)| {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                self.shown(item, key)
            }),
            toml::Value::Integer(_) | toml::Value::Float(_) | toml::Value::Boolean(_) | toml::Value::Datetime(_) => {
                Ok(())
            }
        }
    }

    /// An id that may become a file, a stage or an anchor.
    pub fn id(
        &self,
        rule: fn(&str) -> Result<(), String>,
        word: &str,
        key: impl Into<String>,
    ) -> Result<(), SpecError> {
        rule(word).or_else(|valid| self.that(false, key, format!("`{}` is no id", clip(word, name::LONGEST)), valid))
    }

    /// An expression as it was found.
    pub fn expression(&self, found: Result<(), Wrong>, key: &str) -> Result<(), SpecError> {
        found.or_else(|Wrong { problem, valid }| self.that(false, key, problem, valid))
    }

    pub fn at_most(&self, count: usize, most: usize, key: impl Into<String>, of: &str) -> Result<(), SpecError> {
        self.that(count <= most, key, format!("{count} {of}"), format!("{most} at most"))
    }

    pub fn points(&self, points: usize, key: String) -> Result<(), SpecError> {
        let valid = format!("an integer ≥ 2 and ≤ {MOST_POINTS}");
        self.that((2..=MOST_POINTS).contains(&points), key, format!("{points} points"), valid)
    }

    pub fn sweep(&self, sweep: &Sweep, key: &str) -> Result<(), SpecError> {
        self.range(sweep.range, sweep.scale, &format!("{key}.range"))?;
        if let Some(axis) = sweep.axis {
            self.range(axis, sweep.scale, &format!("{key}.axis"))?;
        }
        self.points(sweep.points, format!("{key}.points"))?;
        self.at_most(sweep.finer.len(), MOST_ENTRIES, format!("{key}.finer"), "stretches")?;
        self.at_most(sweep.experiment.len(), MOST_SIMULATED, format!("{key}.experiment"), "points")?;
        for (index, finer) in sweep.finer.iter().enumerate() {
            let key = format!("{key}.finer[{index}]");
            self.range(finer.range, sweep.scale, &format!("{key}.range"))?;
            self.points(finer.points, format!("{key}.points"))?;
            let ([first, last], [low, high]) = (finer.range, sweep.range);
            self.that(
                first <= high && last >= low,
                format!("{key}.range"),
                format!("[{first}, {last}] is beside the sweep"),
                format!("a stretch that meets the sweep, from {low} to {high}"),
            )?;
        }
        self.places(&sweep.experiment, format!("{key}.experiment"), "a list of finite numbers")
    }

    /// Places of experiments: finite, and each once, or its data sets would count twice.
    pub fn places(&self, places: &[f64], key: String, valid: &str) -> Result<(), SpecError> {
        self.that(places.iter().all(|x| x.is_finite()), key.as_str(), "a value is not finite", valid)?;
        self.once(places, key, "a list in which each number stands once")
    }

    /// A list without a repeat.
    pub fn once<T: PartialEq + std::fmt::Debug>(
        &self,
        list: &[T],
        key: impl Into<String>,
        valid: &str,
    ) -> Result<(), SpecError> {
        let twice = (1..list.len()).find(|&index| list[..index].contains(&list[index]));
        let problem = twice.map_or(String::new(), |index| format!("{:?} stands there twice", list[index]));
        self.that(twice.is_none(), key, problem, valid)
    }

    pub fn range(&self, range: [f64; 2], scale: Scale, key: &str) -> Result<(), SpecError> {
        let [low, high] = range;
        let rising = low.is_finite() && high.is_finite() && low < high;
        self.that(rising, key, format!("[{low}, {high}] does not rise"), "two finite numbers, the first smaller")?;
        let positive = scale == Scale::Linear || low > 0.0;
        self.that(positive, key, format!("[{low}, {high}] on a log scale"), "two numbers > 0")?;
        let drawn = low.abs().max(high.abs()) <= LARGEST_LIMIT && high - low >= LEAST_LENGTH;
        let valid = format!("numbers up to {LARGEST_LIMIT:e} that are {LEAST_LENGTH:e} apart at least");
        self.that(drawn, key, format!("[{low:e}, {high:e}] cannot be drawn"), valid)
    }
}
