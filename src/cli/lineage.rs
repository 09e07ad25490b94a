//! `solve` and `simulate` of a lineage that a file describes.

use std::path::Path;
use std::sync::atomic::Ordering;

use ndarray::{Array1, Array2};
use rayon::prelude::*;

use crate::experiment::ExperimentError;
use crate::experiment::lineage::{LineageData, LineageTrial, Samples, Status, discretised, run, run_on};
use crate::model::Lineage;
use crate::model::lineage::{Place, Spectrum};
use crate::spec::{LineageFile, SampleFile};
use crate::theory;
use crate::workflow::one_class;

use super::ask_args::DerivativeOptions;
use super::derivatives::Slopes;
use super::failure::ended;
use super::lineage_view::{Simulation, doubt, print_simulation, print_solution};
use super::point_args::SimulateOptions;
use super::{Failure, interrupt, rounding, threads};

/// Solves the theory of a lineage.
pub(super) fn solve(file: &Path, options: &DerivativeOptions) -> Result<(), Failure> {
    let file = LineageFile::load(file).map_err(Failure::input)?;
    let slopes = match options.derivatives.is_empty() {
        true => None,
        false => Some(Slopes::of_lineage(&file.lineage, options)?),
    };
    let solution = match &slopes {
        None => theory::lineage::solve(&file.lineage).map_err(Failure::input)?,
        Some(slopes) => slopes.found.solution.clone(),
    };
    let reason = doubt(&solution);
    print_solution(&file.lineage, &solution, reason.as_deref(), slopes.as_ref(), options.solve.json)?;
    ended(reason)
}

/// Trains a lineage on several draws of its data, and holds the means against the theory of the same features.
pub(super) fn simulate(path: &Path, options: &SimulateOptions) -> Result<(), Failure> {
    let file = LineageFile::load(path).map_err(Failure::input)?;
    let samples = options.samples.as_deref().map(|path| samples(path, &file)).transpose()?;
    let mut lineage = file.lineage.clone();
    if let Some(samples) = &samples {
        lineage.data = samples.data(&lineage.data.alpha, lineage.data.label_noise);
    }
    let n = options.features(match &lineage.data.spectrum {
        Spectrum::Table { variance, .. } => Some(variance.len()),
        Spectrum::Isotropic | Spectrum::Blocks(_) | Spectrum::Power { .. } | Spectrum::File(_) => None,
    });
    options.check_sizes(n, lineage.data.alpha.iter().sum())?;
    let protocol = options.protocol(n);
    let trained = trained(options.replicates, |replicate, stop| match &samples {
        None => run(&lineage, replicate, &protocol, stop),
        Some(samples) => {
            let data = &lineage.data;
            let drawn: LineageData = samples.draw(&data.alpha, data.label_noise, replicate, &protocol, stop)?;
            run_on(&drawn, &lineage.stages, stop)
        }
    })?;
    let trials = trained.map_err(|error| refused(&file, options, error))?;
    let solution = theory::lineage::solve(&at_size(&lineage, n)).map_err(Failure::input)?;
    let reason = lost(&lineage, &trials);
    let simulation =
        Simulation { lineage: &lineage, trials: &trials, solution: &solution, protocol, reason: reason.as_deref() };
    print_simulation(&simulation, options.solve.json)?;
    if samples.is_none() {
        rounding::tell(&lineage.data, &protocol);
    }
    ended(reason)
}

/// All replicates of an experiment, side by side until it is interrupted; or what the first one that failed says,
/// whichever thread was first.
pub(super) fn trained(
    replicates: u32,
    run: impl Fn(u32, &(dyn Fn() -> bool + Sync)) -> Result<LineageTrial, ExperimentError> + Sync,
) -> Result<Result<Vec<LineageTrial>, ExperimentError>, Failure> {
    threads::start()?;
    let interrupted = interrupt::answering();
    let stop = || interrupted.load(Ordering::Relaxed);
    let trials: Vec<_> = (0..replicates).into_par_iter().map(|replicate| run(replicate, &stop)).collect();
    Ok(trials.into_iter().collect())
}

/// The lineage on the very features that an experiment draws. Without a spectrum all are alike at any N.
fn at_size(lineage: &Lineage, n: usize) -> Lineage {
    let mut lineage = lineage.clone();
    lineage.data.spectrum = match &lineage.data.spectrum {
        Spectrum::Isotropic => Spectrum::Isotropic,
        Spectrum::Blocks(_) | Spectrum::Power { .. } | Spectrum::File(_) | Spectrum::Table { .. } => {
            discretised(&lineage.data, n)
        }
    };
    lineage
}

/// Samples out of a file, in the units of the model. What they tell must not be told by the lineage as well.
fn samples(path: &Path, file: &LineageFile) -> Result<Samples, Failure> {
    for key in ["delta", "rho", "spectrum"] {
        if file.gives(key) {
            let problem = "has no effect with --samples";
            let error = file.refuse(Place::Data, key, problem, "none: the samples tell it");
            return Err(Failure::input(error));
        }
    }
    let SampleFile { y, features } = SampleFile::load(path).map_err(Failure::input)?;
    let x = Array2::from_shape_fn((y.len(), features.len()), |(i, j)| features[j][i]);
    Samples::standardise(x.view(), Array1::from(y).view())
        .map_err(|error| Failure::input(format!("{}: {error}", path.display())))
}

/// What a refused experiment says, where it can be put right.
fn refused(file: &LineageFile, options: &SimulateOptions, error: ExperimentError) -> Failure {
    match error {
        ExperimentError::NoRidge { stage } => Failure::input(file.refuse(
            Place::Stage(stage),
            "lambda",
            "0 leaves the logistic loss without a finite minimum on data that can be separated",
            "a number > 0 to simulate",
        )),
        ExperimentError::TableSize { n, features } => Failure::input(format!(
            "--n: {n} is not the number of features of the data that are given; valid: {features}, or no --n"
        )),
        ExperimentError::Samples { problem } => {
            let path = options.samples.as_deref().unwrap_or(Path::new(""));
            Failure::input(format!("{}: {problem}", path.display()))
        }
        ExperimentError::Lineage(error) => {
            let problem = format!("{} is out of range", error.value);
            Failure::input(file.refuse(error.place, error.parameter, &problem, &error.valid))
        }
        ExperimentError::Interrupted => Failure::interrupted("there is no answer"),
        ExperimentError::OneClass { samples } => match &options.samples {
            Some(path) => Failure::input(format!(
                "{}: {}; valid: a data set with labels of both classes",
                path.display(),
                one_class(samples)
            )),
            None => too_few(samples, options.features(None)),
        },
        other @ (ExperimentError::Features { .. } | ExperimentError::TooLarge { .. }) => Failure::input(other),
    }
}

/// Refuses N features of which a data set does not have both classes.
pub(super) fn too_few(samples: usize, n: usize) -> Failure {
    Failure::input(format!("--n {n}: {}; valid: a larger n, or a larger α", one_class(samples)))
}

/// Which stage has trials without an answer, and how many.
pub(super) fn lost(lineage: &Lineage, trials: &[LineageTrial]) -> Option<String> {
    (0..lineage.stages.len()).find_map(|k| {
        let lost = trials.iter().filter(|trial| trial.stages[k].status != Status::Converged).count();
        let all = trials.len();
        (lost > 0).then(|| format!("stage {}: {lost} of {all} trials reached no minimum that classifies", k + 1))
    })
}
