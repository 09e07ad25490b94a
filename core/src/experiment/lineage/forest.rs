//! The fits behind many lineages on the same data, each done once.
//!
//! Lineages share stages: all the students of Fig. 1 have the same teachers. What has the same settings, the same
//! data set and the same source is one fit. Fits whose sources are ready are run together, so that one pass over a
//! data matrix serves up to eight of them.

use super::loss::TrainingLoss;
use super::sets::LineageData;
use super::train::{FixedWeights, features, newton, train};
use crate::experiment::ExperimentError;
use crate::experiment::certificate::Fitted;
use crate::experiment::fit::{self, Work};
use crate::experiment::newton::Fit;
use crate::experiment::pass::activations;
use crate::model::lineage::{FixedTeacher, Source, Stage};

/// Whose outputs a fit learns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Origin {
    /// Another fit of the forest.
    Fit(usize),
    /// A teacher that is independent of the data, by its place in [`Forest::teachers`].
    Teacher(usize),
}

/// Data set and number of features, and the fits on them by their places among those that are ready.
type Shared<'a> = (usize, usize, Vec<(usize, Fit<'a>)>);

/// A fit, whatever lineages it is in.
struct Node {
    /// Its settings; where its targets come from is told by `origin`.
    stage: Stage,
    origin: Option<Origin>,
    /// Fits between the labels and this one.
    depth: usize,
}

/// A fit at its end, or none where it had no targets to learn.
pub(super) struct Ended {
    pub fitted: Option<Fitted>,
    /// h over the samples of its own data set.
    pub activations: Vec<f64>,
    /// The mean of ℓ over them.
    pub train_loss: f64,
}

impl Ended {
    /// The fit, if it met its certificate.
    pub fn converged(&self) -> Option<&Fitted> {
        self.fitted.as_ref().filter(|fitted| fitted.converged)
    }
}

/// The fits of all lineages.
#[derive(Default)]
pub(super) struct Forest {
    nodes: Vec<Node>,
    /// Teachers independent of the data, by their number among those of a lineage.
    teachers: Vec<(usize, FixedTeacher)>,
}

/// The fits at their ends, and the weights of the teachers that are not fitted.
pub(super) struct Grown {
    pub ended: Vec<Ended>,
    pub teachers: Vec<FixedWeights>,
    pub origins: Vec<Option<Origin>>,
    /// The number of the data set of each fit.
    pub sets: Vec<usize>,
    pub work: Work,
}

impl Forest {
    /// Adds a lineage; the fit of each of its stages.
    pub fn add(&mut self, stages: &[Stage]) -> Vec<usize> {
        let mut places: Vec<usize> = Vec::with_capacity(stages.len());
        let mut teachers = 0;
        for stage in stages {
            let origin = stage.targets.map(|targets| match targets.source {
                Source::Stage(number) => Origin::Fit(places[number - 1]),
                Source::Teacher(teacher) => {
                    teachers += 1;
                    Origin::Teacher(place_of(&mut self.teachers, (teachers - 1, teacher)))
                }
            });
            places.push(self.place(*stage, origin));
        }
        places
    }

    fn place(&mut self, mut stage: Stage, origin: Option<Origin>) -> usize {
        // the number of a source within its lineage does not distinguish a fit
        if let Some(targets) = &mut stage.targets {
            targets.source = Source::Stage(0);
        }
        let same = |node: &Node| node.stage == stage && node.origin == origin;
        self.nodes.iter().position(same).unwrap_or_else(|| {
            let depth = match origin {
                Some(Origin::Fit(source)) => self.nodes[source].depth + 1,
                Some(Origin::Teacher(_)) | None => 0,
            };
            self.nodes.push(Node { stage, origin, depth });
            self.nodes.len() - 1
        })
    }

    /// Does all the fits.
    ///
    /// # Errors
    /// [`ExperimentError::Interrupted`] soon after `stop` turns true.
    pub fn grow(&self, data: &LineageData, stop: &(dyn Fn() -> bool + Sync)) -> Result<Grown, ExperimentError> {
        let teachers: Vec<FixedWeights> =
            self.teachers.iter().map(|(number, teacher)| FixedWeights::draw(*teacher, data, *number)).collect();
        let mut ended: Vec<Option<Ended>> = self.nodes.iter().map(|_| None).collect();
        let mut work = Work::default();
        let deepest = self.nodes.iter().map(|node| node.depth).max().unwrap_or(0);
        for depth in 0..=deepest {
            let ready: Vec<usize> = (0..self.nodes.len()).filter(|&k| self.nodes[k].depth == depth).collect();
            work += self.grow_layer(data, &teachers, &ready, &mut ended, stop)?;
        }
        let origins = self.nodes.iter().map(|node| node.origin).collect();
        let sets = self.nodes.iter().map(|node| node.stage.data).collect();
        // every depth has been gone through
        Ok(Grown { ended: ended.into_iter().flatten().collect(), teachers, origins, sets, work })
    }

    /// Does the fits `ready`, whose sources have ended.
    fn grow_layer(
        &self,
        data: &LineageData,
        teachers: &[FixedWeights],
        ready: &[usize],
        ended: &mut [Option<Ended>],
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<Work, ExperimentError> {
        let mut work = Work::default();
        // h_src over the samples; none where the source gave nothing to learn
        let told: Vec<Option<Vec<f64>>> =
            ready.iter().map(|&k| source_activations(data, &self.nodes[k], teachers, &self.nodes, ended)).collect();
        let losses: Vec<Option<TrainingLoss<'_>>> = (ready.iter().zip(&told))
            .map(|(&k, told)| {
                let Node { stage, origin, .. } = &self.nodes[k];
                let loss = TrainingLoss::new(stage, data.sets[stage.data - 1].labels.view(), told.as_deref());
                let learnable = told.is_some() == origin.is_some() && (stage.bias.is_some() || !loss.has_one_class());
                learnable.then_some(loss)
            })
            .collect();
        let n = data.protocol.n;
        let mut done: Vec<Option<(Fitted, Vec<f64>)>> = ready.iter().map(|_| None).collect();
        // logistic fits on the same features of the same samples share their passes
        let mut shared: Vec<Shared<'_>> = Vec::new();
        for (i, (&k, loss)) in ready.iter().zip(&losses).enumerate() {
            let stage = &self.nodes[k].stage;
            match loss {
                Some(TrainingLoss::Logistic(objective)) => {
                    let features = features(stage, n);
                    let fit = newton(objective.clone(), features, stage, n);
                    match shared.iter_mut().find(|(set, other, _)| (*set, *other) == (stage.data, features)) {
                        Some((.., fits)) => fits.push((i, fit)),
                        None => shared.push((stage.data, features, vec![(i, fit)])),
                    }
                }
                Some(loss @ (TrainingLoss::Quadratic(..) | TrainingLoss::Hinge(_))) => {
                    let set = &data.sets[stage.data - 1].data;
                    let fitted = train(set, features(stage, n), stage, loss, stop)?;
                    let activations = activations(set, &fitted.weights, fitted.bias);
                    done[i] = Some((fitted, activations));
                }
                None => {}
            }
        }
        for (set, features, mut fits) in shared {
            let all = fits.iter_mut().map(|(_, fit)| fit).collect();
            work += fit::run(&data.sets[set - 1].data, features, all, stop)?;
            for (i, fit) in fits {
                let activations = fit.activations().to_vec();
                done[i] = Some((fit.into(), activations));
            }
        }
        for ((&k, loss), done) in ready.iter().zip(&losses).zip(done) {
            ended[k] = Some(match done.zip(loss.as_ref()) {
                Some(((fitted, activations), loss)) => {
                    Ended { train_loss: loss.mean(&activations), fitted: Some(fitted), activations }
                }
                None => Ended { fitted: None, activations: Vec::new(), train_loss: f64::NAN },
            });
        }
        Ok(work)
    }
}

/// The pre-activations of a node's source over the samples of the node.
fn source_activations(
    data: &LineageData,
    node: &Node,
    teachers: &[FixedWeights],
    nodes: &[Node],
    ended: &[Option<Ended>],
) -> Option<Vec<f64>> {
    let set = &data.sets[node.stage.data - 1].data;
    match node.origin? {
        Origin::Teacher(place) => Some(activations(set, &teachers[place].weights, teachers[place].bias)),
        Origin::Fit(place) => {
            let source = ended[place].as_ref()?;
            let fitted = source.converged()?;
            let same_samples = nodes[place].stage.data == node.stage.data;
            Some(match same_samples {
                true => source.activations.clone(),
                false => activations(set, &fitted.weights, fitted.bias),
            })
        }
    }
}

/// The place of an entry, which is added if it is not there.
fn place_of<T: PartialEq>(list: &mut Vec<T>, entry: T) -> usize {
    list.iter().position(|other| *other == entry).unwrap_or_else(|| {
        list.push(entry);
        list.len() - 1
    })
}
