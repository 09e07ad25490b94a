//! The facts at the foot of a card: how much was solved and trained, and the thresholds that concern its curves.

use crate::model::Lineage;
use crate::model::lineage::Stage;
use crate::spec::{Figure, LineStyle, Subject, Threshold, Varied};
use crate::verdict::{Evidence, fixed, number};

use super::FigureInput;
use super::summary::Summary;

/// What a card tells at its foot.
pub(super) fn facts(figure: &FigureInput<'_>, summary: &Summary) -> Vec<(&'static str, String)> {
    let evidence = &figure.evidence;
    let mut facts = vec![("theory points", summary.theory_points.to_string())];
    let whole = |value: Option<i64>| value.map(|value| value.to_string());
    let size = |value: Option<f64>| value.map(number);
    let lineages = lineages(evidence);
    let thresholds = evidence.thresholds.iter().filter(|(threshold, _)| concerns(*threshold, evidence.spec, &lineages));
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

/// The lineages of the drawn curves, each at its first and its last x.
fn lineages(evidence: &Evidence<'_>) -> Vec<[Lineage; 2]> {
    let spec = evidence.spec;
    let drawn = spec.curves.iter().filter(|curve| curve.style != LineStyle::Hidden);
    let ends = drawn.filter_map(|curve| {
        let rows = evidence.theory.rows_where("curve", &curve.id);
        let at = |row: usize| match spec.point(curve, evidence.theory.real("x", row)?).ok()?.subject {
            Subject::Lineage(lineage) => Some(lineage),
            Subject::Bound(_) => None,
        };
        Some([at(*rows.first()?)?, at(*rows.last()?)?])
    });
    ends.collect()
}

/// Whether a threshold, which is of isotropic data with clean labels at the figure's own η, Δ and ρ, may stand at the
/// foot: all that is drawn has such labels and variances, and some curve is, from end to end, that of a student with a
/// share η of the features, or of a teacher with all of them that learns labels.
fn concerns(threshold: Threshold, spec: &Figure, lineages: &[[Lineage; 2]]) -> bool {
    let plain = |lineage: &Lineage| lineage.data.label_noise == 0.0 && lineage.data.spectrum.is_isotropic();
    let own = |lineage: &Lineage| lineage.data.delta == spec.data.delta() && lineage.data.rho == spec.data.rho();
    let learns = |stage: &Stage| match threshold {
        Threshold::Interpolation | Threshold::StudentSeparability => {
            stage.features < 1.0 && stage.features == spec.data.eta()
        }
        Threshold::TeacherSeparability => stage.features == 1.0 && stage.targets.is_none(),
    };
    let concerned = |lineage: &Lineage| own(lineage) && lineage.stages.iter().any(learns);
    lineages.iter().flatten().all(plain) && lineages.iter().any(|ends| ends.iter().all(concerned))
}

/// Where the checks of a figure with a map are judged in all voices: at its own data, of which a map shows more.
pub(super) fn node(spec: &Figure) -> String {
    let own = |varied: Varied| match varied {
        Varied::Eta => Some(spec.data.eta()),
        Varied::Delta => Some(spec.data.delta()),
        Varied::Rho => Some(spec.data.rho()),
        Varied::LabelNoise => Some(spec.data.label_noise.unwrap_or(0.0)),
        Varied::Alpha => None,
    };
    let told = spec
        .map
        .iter()
        .filter_map(|axis| Some(format!("{} = {}", axis.parameter.symbol(), number(own(axis.parameter)?))));
    let told: Vec<String> = told.collect();
    if told.is_empty() { String::new() } else { format!(" at {}", told.join(", ")) }
}
