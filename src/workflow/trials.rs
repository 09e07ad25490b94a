//! Trial stages: one lineage on some replicates, shared by all figures that ask for it.

use std::path::PathBuf;

use serde_json::json;

use crate::experiment::Protocol;
use crate::pipeline::{Digest, Place, Stage};
use crate::spec::{Curve, Figure, Subject};

use super::job::{Job, theory_id};
use super::parameters::{subject_parameters, text};
use super::{Profile, Project};

/// Seconds that one element of a design matrix takes a learner, about.
const TRIAL_WEIGHT: f64 = 1e-7;

/// Ids of the trial stages of a point, in the order of their replicates.
#[must_use]
pub fn trial_ids(profile: &Profile, figure: &Figure, curve: &Curve, x: f64) -> Vec<String> {
    trial_stages(profile, figure, curve, x).into_iter().map(|(stage, _)| stage.id).collect()
}

/// The trial stages of a point, with the job each stands for.
pub(super) fn trial_stages(profile: &Profile, figure: &Figure, curve: &Curve, x: f64) -> Vec<(Stage, Job)> {
    let Ok(point) = figure.point(curve, x) else { return Vec::new() };
    let Subject::Lineage(lineage) = &point.subject else { return Vec::new() };
    let tuned = (!point.optimal.is_empty()).then(|| (theory_id(figure, curve), x));
    let mut parameters = subject_parameters(&point.subject);
    let Protocol { n, sampling, seed } = profile.protocol();
    for (name, value) in [("n", n.to_string()), ("sampling", sampling.name().to_owned()), ("seed", seed.to_string())] {
        parameters.insert(name.into(), value);
    }
    if let Some((theory, x)) = &tuned {
        parameters.insert("optimal".into(), format!("as in {theory} at x = {x}"));
    }
    // all of the data: trials may share a data set only if nothing that it is drawn from differs
    let data = Digest::of(text(&json!(lineage.data)).as_bytes()).short().to_owned();
    let alpha: f64 = lineage.data.alpha.iter().sum();
    let mut chunks = Vec::new();
    let mut first = 0;
    while first < profile.replicates {
        let last = (first + profile.chunk).min(profile.replicates);
        let mut parameters = parameters.clone();
        parameters.insert("replicates".into(), format!("{first}..{last}"));
        let name = Digest::of_sequence(parameters.iter().flat_map(|(key, value)| [key.as_bytes(), value.as_bytes()]));
        let n = profile.n as f64;
        let stage = Stage {
            about: format!("{} at α = {alpha}", point.kind()),
            parameters,
            inputs: tuned.iter().map(|(theory, _)| theory.clone()).collect(),
            outputs: vec![PathBuf::from("trials.json")],
            group: Some(format!(
                "{profile}/{}/{data}/{first}{}",
                profile.n,
                if tuned.is_some() { "/optimal" } else { "" }
            )),
            weight: n * n * alpha * f64::from(last - first) * TRIAL_WEIGHT,
            ..Stage::new(format!("trials/{profile}/{}", name.short()), "trials", Place::Cache)
        };
        let job =
            Job::Trials { lineage: lineage.clone(), replicates: (first, last), n: profile.n, tuned: tuned.clone() };
        chunks.push((stage, job));
        first = last;
    }
    chunks
}

/// The points of a figure that are run at other sizes, with the profile at each size, by rising N.
#[must_use]
pub fn sized_points<'a>(profile: &Profile, figure: &'a Figure) -> Vec<(Profile, &'a Curve, f64)> {
    let mut points = Vec::new();
    for entry in &figure.finite_size {
        for sized in profile.sizes(&entry.sizes) {
            for curve in figure.curves.iter().filter(|curve| curve.id == entry.curve) {
                points.extend(entry.x.iter().map(|&x| (sized.clone(), curve, x)));
            }
        }
    }
    points.sort_by_key(|(sized, ..)| sized.n);
    points
}

/// The point of a project whose data sets are the largest, in numbers: its figure, α and N; none without experiments.
#[must_use]
pub fn largest_data(project: &Project) -> Option<(&str, f64, usize)> {
    let mut largest: Option<(&str, f64, usize)> = None;
    let size = |(_, alpha, n): (&str, f64, usize)| alpha * (n as f64).powi(2);
    for figure in &project.figures {
        let points = figure.curves.iter().flat_map(|curve| {
            let places = figure.experiment_x(curve).into_iter();
            places.map(move |x| (project.profile.n, curve, x))
        });
        let sized = sized_points(&project.profile, figure).into_iter().map(|(profile, curve, x)| (profile.n, curve, x));
        for (n, curve, x) in points.chain(sized) {
            let Ok(point) = figure.point(curve, x) else { continue };
            let Subject::Lineage(lineage) = &point.subject else { continue };
            let found = (figure.id.as_str(), lineage.data.alpha.iter().sum(), n);
            if largest.is_none_or(|largest| size(found) > size(largest)) {
                largest = Some(found);
            }
        }
    }
    largest
}
