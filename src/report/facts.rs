//! The facts at the foot of a card: how much was solved and trained, and the thresholds that concern its curves.

use crate::spec::{Figure, Threshold};
use crate::verdict::{fixed, number};

use super::FigureInput;
use super::summary::Summary;

/// What a card tells at its foot.
pub(super) fn facts(figure: &FigureInput<'_>, summary: &Summary) -> Vec<(&'static str, String)> {
    let evidence = &figure.evidence;
    let mut facts = vec![("theory points", summary.theory_points.to_string())];
    let whole = |value: Option<i64>| value.map(|value| value.to_string());
    let size = |value: Option<f64>| value.map(number);
    let thresholds = evidence.thresholds.iter().filter(|(threshold, _)| evidence.spec.concerns(*threshold));
    let thresholds = thresholds.map(|(threshold, value)| {
        let words = match threshold {
            Threshold::Interpolation => "interpolation at α",
            Threshold::StudentSeparability => "student's data separable up to α",
            Threshold::TeacherSeparability => "teacher's data separable up to α",
        };
        (words, Some(fixed(*value, 5)))
    });
    let optional = [
        ("simulated points", Some(summary.simulated_points.to_string())),
        ("trials", Some(summary.trials.to_string())),
        ("trials not converged", Some(summary.trials_failed.to_string())),
        ("features N", whole(summary.features)),
        ("data sets a point", whole(summary.replicates)),
        ("largest error of the theory", size(summary.theory_error)),
    ];
    facts.extend(optional.into_iter().chain(thresholds).filter_map(|(name, value)| Some((name, value?))));
    facts
}

/// Where the checks of a figure with a map are judged in all voices: at its own data, of which a map shows more.
pub(super) fn node(spec: &Figure) -> String {
    let told = spec
        .map
        .iter()
        .filter_map(|axis| Some(format!("{} = {}", axis.parameter.symbol(), number(axis.parameter.of(spec)?))));
    let told: Vec<String> = told.collect();
    if told.is_empty() { String::new() } else { format!(" at {}", told.join(", ")) }
}
