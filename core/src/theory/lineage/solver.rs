//! The solution of a lineage, from nothing or from where a similar one ended.

use crate::model::lineage::{Data, LineageError, Signal, Source, Spectrum, Stage, TargetKind, Targets};
use crate::model::{Lineage, Status};

use super::certificate::{largest, relative};
use super::ground::Ground;
use super::ladder::{self, Resolved, Start, resolve};
use super::limits::{HEAVIER, Limit, WHISPER, in_the_limit, with_heavier_ridges, without_limits};
use super::solution::LineageSolution;

/// The solution of every stage of a lineage.
///
/// # Errors
/// A parameter out of its domain. A stage that does not converge is part of a solution that says so.
pub fn solve(lineage: &Lineage) -> Result<LineageSolution, LineageError> {
    solve_from(lineage, &mut Warm::default())
}

/// The solution of every stage of a lineage, from where the solution of a similar one ended, and where this one ends
/// for the next. The start spends fewer sweeps; of the answer it changes no more than its certified error, and where
/// it leads nowhere the lineage is solved from nothing.
///
/// ```
/// use redistill_core::model::{Lineage, Mixture};
/// use redistill_core::theory::lineage::{Warm, solve, solve_from};
///
/// let mut warm = Warm::default();
/// for step in 0..20 {
///     let mixture = Mixture { alpha: 2.0 + 0.1 * f64::from(step), eta: 0.5, delta: 1.0, rho: 0.2 };
///     let lineage = Lineage::distilled(&mixture, 0.1, 0.0, 0.01, 1.0, 1.0);
///     let (swept, alone) = (solve_from(&lineage, &mut warm).unwrap(), solve(&lineage).unwrap());
///     assert!((swept.stages[1].eg - alone.stages[1].eg).abs() < 1e-7);
///     assert!(step == 0 || swept.sweeps < alone.sweeps);
/// }
/// ```
///
/// # Errors
/// A parameter out of its domain.
pub fn solve_from(lineage: &Lineage, warm: &mut Warm) -> Result<LineageSolution, LineageError> {
    lineage.validate()?;
    Ok(solve_limits(lineage, warm).0)
}

/// A sketch of the solution, at one coarse resolution: some digits of it, for a drawing. Its error is only what a Newton
/// step would still change; how far the resolution is off is not told.
///
/// # Errors
/// A parameter out of its domain.
pub fn sketch(lineage: &Lineage, warm: &mut Warm) -> Result<LineageSolution, LineageError> {
    lineage.validate()?;
    Ok(sketch_limits(lineage, warm).0)
}

/// The sketch of a valid lineage, with what [`solve_limits`] tells.
pub(super) fn sketch_limits(lineage: &Lineage, warm: &mut Warm) -> (LineageSolution, Vec<Limit>, Option<Resolved>) {
    told_with_limits(lineage, warm, |ground, start| ladder::sketch(ground, start.as_ref()), |_, _, _| {})
}

/// The solution at one resolution finer than the one [`solve`] ends at: what its error is held against, in ten to a
/// hundred times its time. The error told here is only what a Newton step would still change.
///
/// # Errors
/// A parameter out of its domain.
pub fn solve_finely(lineage: &Lineage) -> Result<LineageSolution, LineageError> {
    lineage.validate()?;
    let (standing, limits) = without_limits(lineage, with_ridges);
    let ground = Ground::new(&standing);
    let resolved = ladder::finer(&ground);
    let mut solution = resolved.as_ref().map_or_else(LineageSolution::default, |resolved| resolved.solution(&ground));
    judge_limits(lineage, &mut solution, &limits);
    Ok(solution)
}

/// The solution of a valid lineage, what stands for each of its stages, and the units of the lineage that stands for it.
pub(super) fn solve_limits(lineage: &Lineage, warm: &mut Warm) -> (LineageSolution, Vec<Limit>, Option<Resolved>) {
    let resolve = |ground: &Ground<'_>, start: Option<Start>| {
        start.and_then(|start| resolve(ground, Some(&start))).or_else(|| resolve(ground, None))
    };
    told_with_limits(lineage, warm, resolve, |solution, standing, limits| {
        if cfg!(feature = "corners")
            && let Some(heavier) = with_heavier_ridges(standing, limits)
        {
            doubt(solution, &with_ridges(&heavier), ladder::limit(standing));
        }
    })
}

fn told_with_limits(
    lineage: &Lineage,
    warm: &mut Warm,
    resolve: impl FnOnce(&Ground<'_>, Option<Start>) -> Option<Resolved>,
    doubt: impl FnOnce(&mut LineageSolution, &Lineage, &[Limit]),
) -> (LineageSolution, Vec<Limit>, Option<Resolved>) {
    let (standing, limits) = without_limits(lineage, with_ridges);
    let ground = Ground::new(&standing);
    let resolved = resolve(&ground, warm.0.take());
    let mut solution = resolved.as_ref().map_or_else(LineageSolution::default, |resolved| resolved.solution(&ground));
    if solution.status() == Status::Converged {
        warm.0 = resolved.as_ref().and_then(Resolved::start);
    }
    doubt(&mut solution, &standing, &limits);
    judge_limits(lineage, &mut solution, &limits);
    (solution, limits, resolved)
}

/// Adds to the errors of stages what their ridges, which stand for none, may still do to them: it falls in proportion to
/// a ridge, and `heavier` has heavier ones. Above `limit` a stage has not converged.
fn doubt(solution: &mut LineageSolution, heavier: &LineageSolution, limit: f64) {
    for (stage, heavier) in solution.stages.iter_mut().zip(&heavier.stages) {
        let norm = libm::sqrt(heavier.variance);
        let moved = [
            relative(stage.m, heavier.m, norm),
            relative(stage.b, heavier.b, norm),
            relative(stage.variance, heavier.variance, heavier.variance),
            relative(stage.eg, heavier.eg, heavier.eg),
        ];
        stage.error += largest(moved) / (HEAVIER - 1.0);
        if stage.error > limit && stage.status == Status::Converged {
            let reason =
                format!("no ridge that can be solved stands for none: the next changes it by {:.1e}", stage.error);
            (stage.status, stage.reason) = (Status::NotConverged, Some(reason));
        }
    }
}

/// Where a solution ended: a start for the lineages near it.
#[derive(Debug, Clone, Default)]
pub struct Warm(Option<Start>);

/// The solution of every stage of a valid lineage whose ridges are as they stand.
fn with_ridges(lineage: &Lineage) -> LineageSolution {
    let ground = Ground::new(lineage);
    resolve(&ground, None).map_or_else(LineageSolution::default, |resolved| resolved.solution(&ground))
}

/// Why the pre-activations of a stage, or of the fixed teacher it learns from, have no variance as N → ∞, if they have
/// none: weights that no curvature holds down where the variance of a feature diverges.
fn endless(data: &Data, stage: &Stage) -> Option<String> {
    let Spectrum::Power { exponent, signal } = data.spectrum else { return None };
    let unbent = stage.loss.quadratic().is_some_and(|law| law.curvature == 0.0);
    let fixed = |targets: Targets| matches!(targets.source, Source::Teacher(_)) && targets.chi != 0.0;
    let along = signal == Signal::Aligned && stage.targets.is_some_and(fixed);
    (exponent >= 0.5 && (unbent || along)).then(|| {
        let whose = if unbent { "its pre-activations" } else { "the pre-activations of its fixed teacher" };
        format!("the variance of {whose} has no limit as N → ∞ where power ≥ 1/2; at finite N there is one")
    })
}

/// Tells the stages of a lineage as those of their limits, and refuses those that have none.
fn judge_limits(lineage: &Lineage, solution: &mut LineageSolution, limits: &[Limit]) {
    for (k, stage) in solution.stages.iter_mut().enumerate() {
        let readers = || lineage.stages.iter().filter_map(|other| other.targets);
        let readers = || readers().filter(|targets| targets.source == Source::Stage(k + 1) && targets.chi != 0.0);
        let by_sign = |targets: &Targets| targets.kind == TargetKind::Hard && targets.temperature == 0.0;
        let (read_softly, read_by_sign) = (!readers().all(|t| by_sign(&t)), readers().any(|t| by_sign(&t)));
        *stage = in_the_limit(stage.clone(), limits[k]);
        if limits.contains(&Limit::Silent) {
            stage.error += WHISPER;
        }
        let own = &lineage.stages[k];
        let reason = match limits[k] {
            Limit::Margin(_) if read_softly => {
                Some("its weights have no limit as λ → 0, so another stage cannot learn its outputs".to_owned())
            }
            Limit::Ridgeless if (lineage.data.alpha[lineage.set(k)] / own.features - 1.0).abs() < 1e-8 => {
                Some("its weights grow without bound as λ → 0 at α = η".to_owned())
            }
            Limit::Silent if read_by_sign => {
                Some("it says nothing (its labels are smoothed by ½), so no stage can learn its hard labels".to_owned())
            }
            Limit::Own | Limit::Ridgeless | Limit::Margin(_) | Limit::Silent => {
                if cfg!(feature = "corners") {
                    endless(&lineage.data, own)
                } else {
                    None
                }
            }
        };
        if let Some(reason) = reason {
            (stage.status, stage.reason) = (Status::NotConverged, Some(reason));
        }
    }
    // what stands behind a stage that is refused is no stage either
    if let Some(first) = solution.stages.iter().position(|stage| stage.status == Status::NotConverged) {
        for stage in &mut solution.stages[first + 1..] {
            let behind = || format!("stage {} before it did not converge", first + 1);
            (stage.status, stage.reason) = (Status::NotConverged, stage.reason.take().or_else(|| Some(behind())));
        }
    }
}
