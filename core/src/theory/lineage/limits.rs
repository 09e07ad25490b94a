//! λ = 0, the limit λ → 0⁺, as the lineage of positive ridges that stands for it; and ε = ½, as labels that say next to
//! nothing.
//!
//! A square loss on fewer samples than features has a V that grows as 1/λ while everything else has a limit, so a ridge
//! far below rounding's reach of the answer stands for none. A logistic loss on separable labels has no limit but that of
//! its direction, the maximum margin; and so has a hinge loss at a small ridge, which meets every margin at a finite |w|.
//! Either gives every sample it has learned its own label, so that its hard labels on them are the labels.

use crate::model::Lineage;
use crate::model::lineage::{Loss, Source, Stage, TargetKind, Targets};

use super::solution::{InSample, LineageSolution, Margin, StageSolution};

/// Ridges that stand for none, relative to the variance of a feature, far from α = η, where the weights grow without
/// bound: what they change goes as λ/(1 − α/η)². The least 1 − α/η.
const NEAREST: f64 = 1e-6;
const NO_RIDGE: f64 = 1e-11;
const NO_RIDGE_SOFT: f64 = 1e-9;
/// How much heavier a ridge is that it is held against.
pub(super) const HEAVIER: f64 = 3.0;
/// A hinge loss meets every margin from some ridge on, and some are too small for its fixed point to be found.
const NO_RIDGES_HINGE: [f64; 3] = [1e-10, 1e-8, 1e-6];
/// What a label that says nothing is told apart by: what learns from such a stage moves by no more.
pub(super) const WHISPER: f64 = 1e-7;
/// V over the spread of the field beyond which no sample is left inside the margin: P < e^{−200}.
const BEYOND: f64 = 20.0;

/// What stands for the ridge of a stage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Limit {
    /// Its own ridge, 0 included.
    Own,
    /// A negligible one; V has no finite limit.
    Ridgeless,
    /// The hinge loss at this ridge: the labels are separable.
    Margin(f64),
    /// Targets that say next to nothing: w = 0 and b = 0, while V is that of the loss at h = 0.
    Silent,
}

/// Whether each stage learns targets that say nothing: labels smoothed by ½, or the outputs of such a stage.
fn silent(lineage: &Lineage) -> Vec<bool> {
    let mut silent: Vec<bool> = Vec::with_capacity(lineage.stages.len());
    for stage in &lineage.stages {
        let labels = stage.smoothing == 0.5;
        silent.push(
            stage.bias.is_none()
                && match stage.targets {
                    None => labels,
                    Some(targets) => {
                        let source = match targets.source {
                            Source::Stage(number) => silent[number - 1],
                            Source::Teacher(_) => false,
                        };
                        (labels || targets.chi == 1.0) && (source || targets.chi == 0.0)
                    }
                },
        );
    }
    silent
}

/// The stage that stands for one at its limit, where features have a mean variance `delta` and there are `alpha` samples
/// to each.
fn standing(stage: &Stage, limit: Limit, delta: f64, alpha: f64) -> Stage {
    match limit {
        Limit::Own => *stage,
        Limit::Ridgeless => {
            let room = (1.0 - alpha / stage.features).max(NEAREST);
            let ridge = match stage.loss.quadratic() {
                Some(_) => NO_RIDGE * room * room,
                // a smaller one is out of reach of the search; a loss on outputs at T bends as 1/T²
                None => {
                    let soft = stage.targets.filter(|targets| targets.kind == TargetKind::Soft && targets.chi == 1.0);
                    let cold = soft.map_or(1.0, |targets| targets.temperature.max(1.0));
                    NO_RIDGE_SOFT * libm::pow(room, 1.25) / (cold * cold)
                }
            };
            Stage { lambda: ridge * delta, ..*stage }
        }
        Limit::Silent => Stage {
            smoothing: stage.smoothing.min(0.5 - WHISPER),
            lambda: stage.lambda.max(NO_RIDGE_SOFT * delta),
            ..*stage
        },
        Limit::Margin(ridge) => {
            let targets = stage.targets.filter(|targets| targets.chi != 0.0);
            Stage { loss: Loss::Hinge, lambda: ridge * delta, targets, ..*stage }
        }
    }
}

/// The lineage that stands for one whose stages have these limits.
pub(super) fn at_limits(lineage: &Lineage, limits: &[Limit]) -> Lineage {
    let stands = |(k, limit): (usize, &Limit)| {
        standing(&lineage.stages[k], *limit, lineage.data.delta, lineage.data.alpha[lineage.set(k)])
    };
    let stages = limits.iter().enumerate().map(stands).collect();
    Lineage { data: lineage.data.clone(), stages }
}

/// The lineage that stands for one, with ridges [`HEAVIER`] times as heavy where such a ridge is not certain to be
/// negligible; none where all are.
pub(super) fn with_heavier_ridges(standing: &Lineage, limits: &[Limit]) -> Option<Lineage> {
    let mut heavier = standing.clone();
    let doubtful =
        |(stage, limit): &(&mut Stage, &Limit)| **limit == Limit::Ridgeless && stage.loss.quadratic().is_none();
    let doubted =
        heavier.stages.iter_mut().zip(limits).filter(doubtful).map(|(stage, _)| stage.lambda *= HEAVIER).count();
    (doubted > 0).then_some(heavier)
}

/// Whether a stage learns ±1 without a mix, so that it could separate them.
fn separates(stage: &Stage) -> bool {
    stage.loss.quadratic().is_none()
        && stage.smoothing == 0.0
        && stage.targets.is_none_or(|targets| {
            targets.chi == 0.0 || (targets.kind == TargetKind::Hard && targets.temperature == 0.0)
        })
}

/// The lineage without a ridge of 0 where that has no finite V, and what stands for each; `solve` solves one that has none.
pub(super) fn without_limits(lineage: &Lineage, solve: impl Fn(&Lineage) -> LineageSolution) -> (Lineage, Vec<Limit>) {
    let mut lineage = lineage.clone();
    let mut limits = vec![Limit::Own; lineage.stages.len()];
    let silent = silent(&lineage);
    for k in 0..lineage.stages.len() {
        if cfg!(feature = "corners")
            && let Some(targets) = repeated_labels(&lineage, &limits, k)
        {
            lineage.stages[k].targets = Some(targets);
        }
        let stage = &lineage.stages[k];
        if silent[k] {
            limits[k] = Limit::Silent;
            continue;
        }
        if stage.lambda > 0.0 {
            continue;
        }
        if separates(stage) {
            for ridge in NO_RIDGES_HINGE {
                limits[k] = Limit::Margin(ridge);
                let mut upto = at_limits(&lineage, &limits);
                upto.stages.truncate(k + 1);
                let found = solve(&upto);
                if found.last().is_some_and(|last| last.v > BEYOND * libm::sqrt(last.variance).max(1.0)) {
                    break;
                }
                limits[k] = Limit::Own;
            }
        } else if lineage.data.alpha[lineage.set(k)] <= stage.features {
            // enough samples to fix every weight leave V finite without a ridge
            limits[k] = Limit::Ridgeless;
        }
    }
    (at_limits(&lineage, &limits), limits)
}

/// The targets of stage k as its own labels, if they are: hard ones on samples whose labels their source has learned
/// without a ridge.
fn repeated_labels(lineage: &Lineage, limits: &[Limit], k: usize) -> Option<Targets> {
    let targets = lineage.stages[k].targets?;
    let Source::Stage(number) = targets.source else { return None };
    let source = &lineage.stages[number - 1];
    let learned = match limits[number - 1] {
        Limit::Margin(_) => true,
        Limit::Ridgeless => source.loss == Loss::Square,
        Limit::Own | Limit::Silent => false,
    };
    let labels = source.targets.is_none_or(|targets| targets.chi == 0.0);
    let hard = targets.kind == TargetKind::Hard && targets.temperature == 0.0;
    (learned && labels && hard && source.data == lineage.stages[k].data).then_some(Targets { chi: 0.0, ..targets })
}

/// A stage's solution as that of its limit.
pub(super) fn in_the_limit(found: StageSolution, limit: Limit) -> StageSolution {
    match limit {
        Limit::Own => found,
        Limit::Ridgeless => StageSolution { v: f64::INFINITY, ..found },
        // a classifier of zero weights sides with no class: it has no test error
        Limit::Silent => StageSolution {
            m: 0.0,
            q: 0.0,
            variance: 0.0,
            b: 0.0,
            eg: f64::NAN,
            s: vec![0.0; found.s.len()],
            teacher_overlap: found.teacher_overlap.map(|_| 0.0),
            overlaps: vec![0.0; found.overlaps.len()],
            m_hat: 0.0,
            q_hat: vec![0.0; found.q_hat.len()],
            ..found
        },
        Limit::Margin(_) => {
            let norm = libm::sqrt(found.q);
            let margin = Some(Margin { margin: 1.0 / norm, m: found.m / norm, b: found.b / norm });
            let none = f64::NAN;
            StageSolution {
                margin,
                m: none,
                q: none,
                variance: none,
                b: none,
                v: f64::INFINITY,
                s: vec![none; found.s.len()],
                overlaps: vec![none; found.overlaps.len()],
                susceptibilities: vec![none; found.susceptibilities.len()],
                samples: InSample { train_loss: 0.0, ..InSample::NONE },
                ..found
            }
        }
    }
}
