//! What the keys of a check may hold: curves of the figure, columns of the tables, ordered intervals.

use super::claim::{Check, Interval};
use crate::table::{Kind, schema};

/// A key that names a curve must name one of the figure's.
pub(super) fn known_curve(key: &str, name: &str, curves: &[&str]) -> Result<(), String> {
    if curves.contains(&name) {
        return Ok(());
    }
    Err(format!("`{key}` = \"{name}\" is not a curve of this figure; it has {}", curves.join(", ")))
}

/// A key that names a column must name a real column of the theory table.
pub(super) fn known_column(key: &str, name: &str) -> Result<(), String> {
    let columns = schema::THEORY.columns.iter().filter(|column| column.kind == Kind::Real);
    if columns.clone().any(|column| column.name == name) {
        return Ok(());
    }
    let names: Vec<&str> = columns.map(|column| column.name).collect();
    Err(format!("`{key}` = \"{name}\" is not a column of the theory table; it has {}", names.join(", ")))
}

/// An interval must be finite and ordered.
pub(super) fn ordered(key: &str, interval: &Interval) -> Result<(), String> {
    let [low, high] = *interval;
    if low.is_finite() && high.is_finite() && low <= high {
        return Ok(());
    }
    Err(format!("`{key}` = [{low}, {high}] must be two finite numbers in increasing order"))
}

fn at_least(key: &str, value: f64, bound: f64) -> Result<(), String> {
    if value.is_finite() && value >= bound {
        return Ok(());
    }
    Err(format!("`{key}` = {value} must be a finite number ≥ {bound}"))
}

impl Check {
    /// Checks every key of the check.
    pub(super) fn validate(&self, curves: &[&str]) -> Result<(), String> {
        for (key, name) in self.curve_keys() {
            known_curve(key, name, curves)?;
        }
        for (key, name) in self.column_keys() {
            known_column(key, name)?;
        }
        for (key, interval) in self.interval_keys() {
            ordered(key, interval)?;
        }
        match self {
            Self::Peak { prominence, .. } => at_least("prominence", *prominence, 0.0),
            Self::ArgminNear { factor, .. } => at_least("factor", *factor, 1.0),
            Self::GapAtMost { gap, .. } | Self::GapAtLeast { gap, .. } | Self::EnvelopeNear { gap, .. } => {
                at_least("gap", *gap, 0.0)
            }
            Self::MinimumAtLeast { tolerance, .. }
            | Self::Value { tolerance, .. }
            | Self::Threshold { tolerance, .. } => at_least("tolerance", *tolerance, 0.0),
            Self::PeaksDecrease { curves: listed, .. } | Self::GapsDecrease { curves: listed, .. } => {
                if listed.len() < 2 { Err("`curves` needs two curves at least".to_owned()) } else { Ok(()) }
            }
            Self::MatchesPublished { share, .. } => {
                if *share > 0.0 && *share <= 1.0 {
                    Ok(())
                } else {
                    Err(format!("`share` = {share} must be in (0, 1]"))
                }
            }
            Self::ThresholdDeparts { at_least: bound, .. } | Self::DepartsFromPublished { at_least: bound, .. } => {
                at_least("at_least", *bound, 0.0)
            }
            Self::AgreesWithExperiment { z, .. } | Self::RejectedByExperiment { z, .. } => at_least("z", *z, 0.0),
            Self::Certified { residual, quadrature, .. } => {
                at_least("residual", *residual, 0.0).and(at_least("quadrature", *quadrature, 0.0))
            }
            Self::Trough { .. } | Self::Below { .. } | Self::CrossesWithin { .. } => Ok(()),
        }
    }

    /// The curves that the check names, in the order of its keys.
    #[must_use]
    pub fn curves(&self) -> Vec<&str> {
        self.curve_keys().into_iter().map(|(_, name)| name).collect()
    }

    fn curve_keys(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::Peak { curve, .. }
            | Self::Trough { curve, .. }
            | Self::Value { curve, .. }
            | Self::DepartsFromPublished { curve, .. } => vec![("curve", curve)],
            Self::Below { curve, than, .. } | Self::MinimumAtLeast { curve, than, .. } => {
                vec![("curve", curve), ("than", than)]
            }
            Self::CrossesWithin { curve, other, .. }
            | Self::ArgminNear { curve, other, .. }
            | Self::GapAtMost { curve, other, .. }
            | Self::GapAtLeast { curve, other, .. } => vec![("curve", curve), ("other", other)],
            Self::RejectedByExperiment { curve, experiment_of, .. } => {
                vec![("curve", curve), ("experiment_of", experiment_of)]
            }
            Self::PeaksDecrease { curves, .. } => curves.iter().map(|curve| ("curves", curve.as_str())).collect(),
            Self::GapsDecrease { curves, to, .. } | Self::EnvelopeNear { curves, to, .. } => {
                curves.iter().map(|curve| ("curves", curve.as_str())).chain([("to", to.as_str())]).collect()
            }
            Self::MatchesPublished { curve, .. }
            | Self::AgreesWithExperiment { curve, .. }
            | Self::Certified { curve, .. } => curve.iter().map(|curve| ("curve", curve.as_str())).collect(),
            Self::Threshold { .. } | Self::ThresholdDeparts { .. } => Vec::new(),
        }
    }

    fn column_keys(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::Peak { column, .. }
            | Self::Trough { column, .. }
            | Self::Below { column, .. }
            | Self::CrossesWithin { column, .. }
            | Self::GapAtMost { column, .. }
            | Self::GapAtLeast { column, .. }
            | Self::MinimumAtLeast { column, .. }
            | Self::PeaksDecrease { column, .. }
            | Self::GapsDecrease { column, .. }
            | Self::EnvelopeNear { column, .. }
            | Self::Value { column, .. }
            | Self::AgreesWithExperiment { column, .. }
            | Self::RejectedByExperiment { column, .. } => vec![("column", column)],
            Self::ArgminNear { column, other_column, .. } => vec![("column", column), ("other_column", other_column)],
            _ => Vec::new(),
        }
    }

    fn interval_keys(&self) -> Vec<(&'static str, &Interval)> {
        let (within, range) = match self {
            Self::Peak { within, range, .. } | Self::Trough { within, range, .. } => (Some(within), range.as_ref()),
            Self::CrossesWithin { within, .. } => (Some(within), None),
            Self::Below { range, .. }
            | Self::GapAtMost { range, .. }
            | Self::GapAtLeast { range, .. }
            | Self::MinimumAtLeast { range, .. }
            | Self::PeaksDecrease { range, .. }
            | Self::GapsDecrease { range, .. }
            | Self::EnvelopeNear { range, .. }
            | Self::MatchesPublished { range, .. }
            | Self::DepartsFromPublished { range, .. }
            | Self::AgreesWithExperiment { range, .. }
            | Self::RejectedByExperiment { range, .. }
            | Self::Certified { range, .. } => (None, range.as_ref()),
            _ => (None, None),
        };
        within.map(|interval| ("within", interval)).into_iter().chain(range.map(|i| ("range", i))).collect()
    }
}
