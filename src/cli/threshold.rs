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

/// Prints α_S and α_I.
pub(super) fn threshold(options: &ThresholdOptions) -> Result<(), Failure> {
    let mixture = match &options.lineage {
        None => given(options)?,
        Some(path) => of_stage(&LineageFile::load(path).map_err(Failure::input)?.lineage, options.stage)?,
    };
    let Mixture { eta, delta, rho, .. } = mixture;
    let (separability, interpolation) = (thresholds::separability(&mixture), thresholds::interpolation(&mixture));
    let mut out = std::io::stdout().lock();
    if options.json {
        let object = json!({
            "eta": eta, "delta": delta, "rho": rho, "alpha_s": separability, "alpha_i": interpolation,
        });
        return Ok(writeln!(out, "{object}")?);
    }
    for (symbol, value, meaning) in [
        ("α_S", separability, "labels are separable below it"),
        ("α_I", interpolation, "any outputs can be met exactly below it"),
    ] {
        writeln!(out, "{symbol}  {:<9}  {meaning}", significant(value, DIGITS))?;
    }
    Ok(())
}

/// The mixture of the flags.
fn given(options: &ThresholdOptions) -> Result<Mixture, Failure> {
    let ThresholdOptions { eta, delta, rho, .. } = *options;
    for (domain, value) in [(domain::ETA, eta), (domain::DELTA, delta), (domain::RHO, rho)] {
        domain.check(value).map_err(|error| Failure::flag(domain.parameter, &error))?;
    }
    Ok(Mixture { alpha: 1.0, eta, delta, rho })
}

/// The mixture as a stage of a lineage sees it, numbered from 1.
fn of_stage(lineage: &Lineage, stage: Option<usize>) -> Result<Mixture, Failure> {
    let count = lineage.stages.len();
    let number = stage.unwrap_or(count);
    if !(1..=count).contains(&number) {
        return Err(Failure::input(format!("--stage: {number} is no stage; valid: 1 to {count}")));
    }
    let data = &lineage.data;
    if data.spectrum != Spectrum::Isotropic || data.label_noise > 0.0 {
        return Err(Failure::input(
            "--lineage: the thresholds are known for features of one variance and clean labels; valid: no spectrum, \
             label_noise = 0",
        ));
    }
    Ok(Mixture { alpha: 1.0, eta: lineage.stages[number - 1].features, delta: data.delta, rho: data.rho })
}
