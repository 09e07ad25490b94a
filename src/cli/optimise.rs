//! `optimise`: the best values of parameters of a lineage, with a certificate.

use std::io::Write;

use rayon::prelude::*;
use serde_json::{Map, Value, json};

use crate::model::lineage::Parameter;
use crate::spec::LineageFile;
use crate::theory::lineage::{Bound, Descent, Found, Optimum, RISE, Search};

use super::ask_args::OptimiseOptions;
use super::axis::Bounds;
use super::lineage_table::{aligned, digits, finite, significant};
use super::{Failure, interrupt, threads};

/// Searches, prints what was found, and fails where that is not certified.
pub(super) fn optimise(options: &OptimiseOptions) -> Result<(), Failure> {
    let file = LineageFile::load(&options.lineage).map_err(Failure::input)?;
    if let Some(idle) = options.bounds.iter().find(|bounds| !options.over.contains(&bounds.parameter)) {
        let over: Vec<String> = options.over.iter().map(Parameter::to_string).collect();
        return Err(Failure::input(format!(
            "--bounds {}: it is not searched; valid: {}",
            idle.parameter,
            over.join(", ")
        )));
    }
    let over: Vec<(Parameter, Option<(f64, f64)>)> = options
        .over
        .iter()
        .map(|parameter| {
            let bounds = options.bounds.iter().find(|bounds| bounds.parameter == *parameter);
            (*parameter, bounds.map(|Bounds { least, most, .. }| (*least, *most)))
        })
        .collect();
    if !options.minimise.is_of(&file.lineage) {
        return Err(Failure::input(format!("--minimise {}: the lineage has no such observable", options.minimise)));
    }
    let search = Search::new(&file.lineage, &over, options.minimise).map_err(Failure::input)?;
    threads::start()?;
    interrupt::answering();
    // in the order of the starts, whichever thread was first
    let descents: Vec<Descent> =
        search.starts(options.starts).into_par_iter().map(|start| search.descend(&start)).collect();
    let optimum = search.conclude(descents).map_err(Failure::failed)?;
    match options.json {
        true => writeln!(std::io::stdout(), "{}", object(&search, &optimum))?,
        false => print(&search, &optimum)?,
    }
    match optimum.reason {
        None => Ok(()),
        Some(reason) => Err(Failure::failed(format!("not certified: {reason}; printed is the best that was found"))),
    }
}

fn bound(found: &Found) -> Option<&'static str> {
    found.bound.map(|bound| match bound {
        Bound::Lower => "lower",
        Bound::Upper => "upper",
    })
}

/// The values of parameters by their names.
fn named(search: &Search, values: &[f64]) -> Map<String, Value> {
    search.over.iter().zip(values).map(|(over, value)| (over.parameter.to_string(), json!(value))).collect()
}

fn object(search: &Search, optimum: &Optimum) -> Value {
    let parameters = optimum.parameters.iter().map(|found| {
        let told = json!({
            "value": found.value,
            "least": found.searched.least,
            "most": found.searched.most,
            "at_bound": bound(found),
            "gradient": found.slope.map(|slope| slope.value),
            "gradient_error": found.slope.map(|slope| slope.error),
            "width": found.width.and_then(finite),
        });
        (found.searched.parameter.to_string(), told)
    });
    let starts = optimum.descents.iter().map(|descent| {
        json!({
            "start": named(search, &descent.start),
            "end": named(search, &descent.values),
            "value": finite(descent.value),
            "evaluations": descent.evaluations,
            "converged": descent.converged,
        })
    });
    let second = optimum.descents.get(1).and_then(|descent| finite(descent.value));
    json!({
        "status": if optimum.reason.is_none() { "certified" } else { "not_certified" },
        "reason": optimum.reason,
        "minimised": search.minimised.to_string(),
        search.minimised.to_string(): optimum.value,
        "error": finite(optimum.error),
        "parameters": parameters.collect::<Map<String, Value>>(),
        "curvature": optimum.curvature,
        "newton_gain": finite(optimum.left),
        "best": optimum.descents.first().and_then(|descent| finite(descent.value)),
        "second_best": second,
        "starts": starts.collect::<Vec<Value>>(),
        "notes": optimum.notes,
    })
}

fn print(search: &Search, optimum: &Optimum) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let name = search.minimised.symbol();
    let heads = ["", "value", "bounds", "slope", "width", "bound"].map(str::to_owned).to_vec();
    let mut rows = vec![heads];
    for found in &optimum.parameters {
        let slope = found.slope.map_or("–".to_owned(), |slope| format!("{:.1e} ± {:.0e}", slope.value, slope.error));
        let by = match found.searched.parameter.descriptor().scale {
            crate::model::lineage::Scale::Log => "×÷",
            crate::model::lineage::Scale::Linear => "±",
        };
        rows.push(vec![
            found.searched.parameter.to_string(),
            significant(found.value, 6),
            format!("{} to {}", found.searched.least, found.searched.most),
            slope,
            found.width.map_or("–".to_owned(), |width| format!("{by} {}", significant(width, 3))),
            bound(found).unwrap_or("").to_owned(),
        ]);
    }
    let relative = optimum.error / optimum.value.abs();
    writeln!(out, "{name} = {} ± {:.0e}", significant(optimum.value, digits(relative).max(8)), optimum.error)?;
    write!(out, "{}", aligned(&rows))?;
    writeln!(out, "width: how far it may move, the others following, before {name} has risen by {RISE:e}")?;
    let curvature: Vec<String> = optimum.curvature.iter().map(|value| format!("{value:.2e}")).collect();
    if !curvature.is_empty() {
        let curvature = curvature.join(", ");
        writeln!(out, "curvature: {curvature}; a Newton step would still gain {:.0e}", optimum.left)?;
    }
    let mut starts = vec![["start", "end", &name, "evaluations"].map(str::to_owned).to_vec()];
    for descent in &optimum.descents {
        let list = |values: &[f64]| values.iter().map(|value| significant(*value, 4)).collect::<Vec<_>>().join(", ");
        let value = finite(descent.value).map_or("–".to_owned(), |value| significant(value, 9));
        starts.push(vec![list(&descent.start), list(&descent.values), value, descent.evaluations.to_string()]);
    }
    write!(out, "{}", aligned(&starts))?;
    for note in &optimum.notes {
        writeln!(out, "note: {note}")?;
    }
    Ok(writeln!(out, "{}", if optimum.reason.is_none() { "certified" } else { "not certified" })?)
}
