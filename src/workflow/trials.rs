//! Trial stages: one lineage on some replicates, shared by all figures that ask for it.

use std::path::PathBuf;

use serde_json::json;

use crate::chunk::{self, Trained, Trials, Tuned};
use crate::experiment::Protocol;
use crate::experiment::lineage::LineageTrial;
use crate::model::Lineage;
use crate::pipeline::{Digest, Parameters, Place, Stage, WorkError};
use crate::spec::{Curve, Figure, Subject};

use super::inputs::Inputs;
use super::layout::Job;
use super::parameters::{subject_parameters, text};
use super::theory::theory_id;
use super::{Profile, Project};

/// Seconds that one element of a design matrix takes a learner, about.
const TRIAL_WEIGHT: f64 = 1e-8;

/// The trials among the inputs of a stage.
#[derive(Clone, Copy)]
pub struct Chunks<'a>(pub Inputs<'a>);

impl Chunks<'_> {
    /// The trials of a point, chunk by chunk, in the order of their replicates, each with the lineage trained.
    ///
    /// # Errors
    /// A chunk is missing or answers another question: fewer trials than were asked for are no table.
    pub fn of(
        self,
        profile: &Profile,
        figure: &Figure,
        curve: &Curve,
        x: f64,
    ) -> Result<Vec<(Lineage, Vec<LineageTrial>)>, WorkError> {
        let mut chunks = Vec::new();
        for (Stage { id, .. }, asked) in trials_at(profile, figure, curve, x) {
            let answer = chunk::read(&self.0.chunk(&id)?, &asked);
            let Trained { tuned, trials } = answer.map_err(|error| WorkError::failed(format!("{id}: {error}")))?;
            chunks.push((tuned.unwrap_or(asked.lineage), trials));
        }
        Ok(chunks)
    }
}

/// The trial stages of a point, with what each does.
pub(super) fn trial_stages(profile: &Profile, figure: &Figure, curve: &Curve, x: f64) -> Vec<(Stage, Job)> {
    trials_at(profile, figure, curve, x).into_iter().map(|(stage, trials)| (stage, Job::Trials(trials))).collect()
}

/// The trial stages of a point, with what each is asked.
fn trials_at(profile: &Profile, figure: &Figure, curve: &Curve, x: f64) -> Vec<(Stage, Trials)> {
    let Ok(point) = figure.point(curve, x) else { return Vec::new() };
    let Subject::Lineage(lineage) = &point.subject else { return Vec::new() };
    let tuned = (!point.optimal.is_empty()).then(|| Tuned { by: theory_id(figure, curve), x });
    let mut parameters = subject_parameters(&point.subject);
    let Protocol { n, sampling, seed } = profile.protocol();
    for (name, value) in [("n", n.to_string()), ("sampling", sampling.name().to_owned()), ("seed", seed.to_string())] {
        parameters.insert(name.into(), value);
    }
    if let Some(Tuned { by, x }) = &tuned {
        parameters.insert("optimal".into(), format!("as in {by} at x = {x}"));
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
        // all that makes up the question, and so the name
        let name = Digest::of_sequence(parameters.iter().flat_map(|(key, value)| [key.as_bytes(), value.as_bytes()]));
        let asked = Trials {
            lineage: lineage.clone(),
            protocol: profile.protocol(),
            replicates: (first, last),
            tuned: tuned.clone(),
        };
        let mut parameters = Parameters::from(parameters);
        parameters.echo("question", chunk::question(&asked));
        let n = profile.n as f64;
        let stage = Stage {
            about: format!("{} at α = {alpha}", point.kind()),
            parameters,
            inputs: tuned.iter().map(|tuned| tuned.by.clone()).collect(),
            outputs: vec![PathBuf::from("trials.chunk")],
            group: Some(format!(
                "{profile}/{}/{data}/{first}..{last}{}",
                profile.n,
                if tuned.is_some() { "/optimal" } else { "" }
            )),
            weight: n * n * alpha * f64::from(last - first) * TRIAL_WEIGHT,
            ..Stage::new(format!("trials/{profile}/{}", name.short()), "trials", Place::Cache)
        };
        chunks.push((stage, asked));
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
