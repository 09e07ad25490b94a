//! `threshold`: where a training set stops being fitted exactly.

use std::io::Write;

use serde_json::json;

use crate::model::lineage::Spectrum;
use crate::model::{Lineage, Mixture, domain, thresholds};
use crate::spec::LineageFile;

use super::Failure;
use super::ask_args::ThresholdOptions;
use super::lineage_table::significant;

/// Digits of α_S that its maximisation leaves.
const DIGITS: usize = 7;

/// Why α_S is not known.
const UNKNOWN: &str = "known for features of one variance and clean labels only";

/// Prints α_S and α_I.
pub(super) fn threshold(options: &ThresholdOptions) -> Result<(), Failure> {
    let (mixture, clean) = match &options.lineage {
        None => (given(options)?, true),
        Some(path) => of_stage(&LineageFile::load(path).map_err(Failure::input)?.lineage, options.stage)?,
    };
    let Mixture { eta, delta, rho, .. } = mixture;
    let separability = clean.then(|| thresholds::separability(&mixture));
    let interpolation = thresholds::interpolation(&mixture);
    let mut out = std::io::stdout().lock();
    if options.json {
        let object = json!({
            "eta": eta, "delta": delta, "rho": rho, "alpha_s": separability, "alpha_i": interpolation,
            "reason": (!clean).then(|| format!("alpha_s is {UNKNOWN}")),
        });
        return Ok(writeln!(out, "{object}")?);
    }
    let told = |value: f64| significant(value, DIGITS);
    let separable = "labels are separable below it";
    let separable = if clean { separable.to_owned() } else { format!("{separable}; {UNKNOWN}") };
    writeln!(out, "α_S  {:<9}  {separable}", separability.map_or("–".to_owned(), told))?;
    Ok(writeln!(out, "α_I  {:<9}  any outputs can be met exactly below it", told(interpolation))?)
}

/// The mixture of the flags.
fn given(options: &ThresholdOptions) -> Result<Mixture, Failure> {
    let ThresholdOptions { eta, delta, rho, .. } = *options;
    for (domain, value) in [(domain::ETA, eta), (domain::DELTA, delta), (domain::RHO, rho)] {
        domain.check(value).map_err(|error| Failure::flag(domain.parameter, &error))?;
    }
    Ok(Mixture { alpha: 1.0, eta, delta, rho })
}

/// The mixture as a stage of a lineage sees it, numbered from 1, and whether that is all there is to its data.
fn of_stage(lineage: &Lineage, stage: Option<usize>) -> Result<(Mixture, bool), Failure> {
    let count = lineage.stages.len();
    let number = stage.unwrap_or(count);
    if !(1..=count).contains(&number) {
        return Err(Failure::input(format!("--stage: {number} is no stage; valid: 1 to {count}")));
    }
    let data = &lineage.data;
    let clean = data.spectrum == Spectrum::Isotropic && data.label_noise == 0.0;
    let eta = lineage.stages[number - 1].features;
    Ok((Mixture { alpha: 1.0, eta, delta: data.delta, rho: data.rho }, clean))
}
