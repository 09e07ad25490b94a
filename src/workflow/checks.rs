//! What a figure is held to beside its own file: labels that can be drawn, claims of the ledger, series of print, and
//! experiments that the profile can run.

use crate::experiment::lineage::check;
use crate::experiment::{ExperimentError, Sampling};
use crate::model::Lineage;
use crate::paper::Print;
use crate::plot::check_label;
use crate::spec::{Curve, Figure, SpecError, Subject};
use crate::verdict::Ledger;

use super::Profile;
use super::trials::sized_points;

/// An error about a key of a figure's file, with its line.
fn refused(figure: &Figure, key: String, problem: String, valid: String) -> SpecError {
    let path = figure.folder.join("figure.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    SpecError::Value { path, line: None, key, problem, valid }.located(&text)
}

/// Refuses a figure whose checks decide something that is not in the ledger.
pub(super) fn check_claims(figure: &Figure, ledger: &Ledger) -> Result<(), SpecError> {
    let known = |id: &str| ledger.ids().any(|known| known == id);
    match figure.claims.iter().enumerate().find(|(_, claim)| !known(&claim.claim)) {
        None => Ok(()),
        Some((index, claim)) => {
            let key = format!("claim[{index}] (`{}`).claim", claim.id);
            let problem = format!("`{}` is neither a claim nor an erratum of the ledger", claim.claim);
            Err(refused(figure, key, problem, ledger.ids().collect::<Vec<_>>().join(", ")))
        }
    }
}

/// Refuses a figure with a point that no data set of the profile's size can be drawn for, or trained on.
pub(super) fn check_simulated(figure: &Figure, profile: &Profile) -> Result<(), SpecError> {
    let own = figure.curves.iter().flat_map(|curve| {
        let places = figure.experiment_x(curve).into_iter();
        places.map(move |x| (profile.clone(), curve, x))
    });
    for (profile, curve, x) in own.chain(sized_points(profile, figure)) {
        let Ok(point) = figure.point(curve, x) else { continue };
        let Subject::Lineage(lineage) = &point.subject else { continue };
        if let Err(error) = check(lineage, profile.replicates, &profile.protocol()) {
            return Err(unsimulated(figure, (curve, x), lineage, &profile, error));
        }
    }
    Ok(())
}

/// What is wrong with samples that do not have both classes.
#[must_use]
pub fn one_class(samples: usize) -> String {
    match samples {
        0 => "there is no sample".to_owned(),
        1 => "there is one sample, of one class".to_owned(),
        more => format!("all {more} samples are of one class"),
    }
}

/// What is wrong with a point that cannot be simulated, and what would be valid.
fn unsimulated(
    figure: &Figure,
    (curve, x): (&Curve, f64),
    lineage: &Lineage,
    profile: &Profile,
    error: ExperimentError,
) -> SpecError {
    let n = profile.n;
    let (problem, valid) = match &error {
        ExperimentError::OneClass { samples } => (one_class(*samples), enough(lineage, profile)),
        ExperimentError::Features { features, .. } => (
            format!("a stage is left {features} of {n} features"),
            "a larger N, or more features, so that two are left".to_owned(),
        ),
        ExperimentError::TableSize { features, .. } => {
            (format!("the spectrum is a table of {features} features"), format!("--n {features}, or no experiment"))
        }
        ExperimentError::NoRidge { stage } => (
            format!("stage {stage} has no ridge, and its loss no finite minimum on data that can be separated"),
            "lambda > 0, or experiment = false".to_owned(),
        ),
        ExperimentError::TooLarge { .. } => (error.to_string(), "a smaller N or α".to_owned()),
        ExperimentError::Interrupted | ExperimentError::Lineage(_) | ExperimentError::Samples { .. } => {
            (error.to_string(), "another point".to_owned())
        }
    };
    let index = figure.curves.iter().position(|other| other.id == curve.id).unwrap_or_default();
    let (id, alpha) = (&curve.id, &lineage.data.alpha);
    let alpha = alpha.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
    let place = format!("x = {x} cannot be simulated at α = {alpha} and N = {n}: {problem}");
    refused(figure, format!("curve[{index}] (`{id}`).experiment"), place, valid)
}

/// Samples of the smaller class that leave no draw without it, but for one in many thousands.
const PLENTY: f64 = 10.0;

/// Which N, or which α, would give both classes.
fn enough(lineage: &Lineage, profile: &Profile) -> String {
    let smaller = lineage.data.rho.min(1.0 - lineage.data.rho);
    let one = match (profile.sampling, lineage.data.label_noise > 0.0) {
        (Sampling::Stratified, false) => 0.5,
        (Sampling::Stratified, true) | (Sampling::Iid, _) => PLENTY,
    };
    let samples = (one / smaller).ceil().max(2.0);
    let least = lineage.data.alpha.iter().copied().fold(f64::INFINITY, f64::min);
    let alpha = samples / profile.n as f64;
    format!("N ≥ {:.0}, or α ≥ {:.2e}", (samples / least).ceil(), alpha * 1.01)
}

/// Checks that every label of a figure can be drawn.
pub(super) fn check_labels<'a>(figure: &'a Figure) -> Result<(), SpecError> {
    let mut labels: Vec<(String, &'a str)> = Vec::new();
    let mut add = |key: String, label: Option<&'a String>| labels.extend(label.map(|label| (key, label.as_str())));
    add("x.label".to_owned(), figure.x.label.as_ref());
    for (index, panel) in figure.panels.iter().enumerate() {
        add(format!("panel[{index}].title"), panel.title.as_ref());
        add(format!("panel[{index}].label"), panel.label.as_ref());
        add(format!("panel[{index}].x.label"), panel.x.as_ref().and_then(|sweep| sweep.label.as_ref()));
    }
    for (index, line) in figure.lines.iter().enumerate() {
        add(format!("line[{index}].label"), line.label.as_ref());
    }
    for (index, line) in figure.horizontals.iter().enumerate() {
        add(format!("horizontal[{index}].label"), line.label.as_ref());
    }
    for (index, curve) in figure.curves.iter().enumerate() {
        add(format!("curve[{index}] (`{}`).label", curve.id), Some(&curve.label));
    }
    for (key, label) in labels {
        let refuse = |error: crate::plot::PlotError| {
            let valid = r"text with _x, _{…}, ^{…}, \tilde, \hat, \bar and Greek names".to_owned();
            refused(figure, key, error.to_string(), valid)
        };
        check_label(label).map_err(refuse)?;
    }
    Ok(())
}

/// Checks that every printed series a curve names is there, in one of the panels that show the curve.
pub(super) fn check_published(figure: &Figure, print: &Print) -> Result<(), SpecError> {
    if print.is_empty() {
        return Ok(());
    }
    for (index, curve) in figure.curves.iter().enumerate().filter(|(_, curve)| curve.published.is_some()) {
        let panels = figure.panels.iter().filter(|panel| figure.shows(panel, curve));
        let names = panels.filter_map(|panel| figure.print_of(panel)).map(|name| print.names(name));
        let (lines, points): (Vec<_>, Vec<_>) = names.map(|[lines, points]| (lines, points)).unzip();
        let (lines, points) = (lines.concat(), points.concat());
        let known = |name: &str| lines.contains(&name) || points.contains(&name);
        let unknown = curve.printed_curve().into_iter().chain(curve.printed_points()).find(|name| !known(name));
        if let Some(name) = unknown {
            let key = format!("curve[{index}] (`{}`).published", curve.id);
            let problem = format!("print has no `{name}` here");
            let valid: std::collections::BTreeSet<&str> = lines.iter().chain(&points).copied().collect();
            let valid = format!("one of {}", valid.into_iter().collect::<Vec<_>>().join(", "));
            return Err(refused(figure, key, problem, valid));
        }
    }
    Ok(())
}
