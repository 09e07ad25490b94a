//! Where whole numbers of samples make another α or ρ than theory has: a simulation sees that, and its z with it.

use std::io::Write;

use crate::experiment::{Protocol, Sampling};
use crate::model::lineage::Data;
use crate::spec::{Figure, Subject};
use crate::verdict::{number, plain};
use crate::workflow::Profile;

/// How near to a whole number is one, relatively.
const WHOLE: f64 = 1e-9;

/// The first data set that is rounded, in words.
fn rounded(data: &Data, protocol: &Protocol) -> Option<String> {
    let n = protocol.n as f64;
    let off = |value: f64| (value - value.round()).abs() > WHOLE * value;
    let stratified = protocol.sampling == Sampling::Stratified;
    let missed = |alpha: &&f64| off(**alpha * n) || (stratified && off(data.rho * (**alpha * n).round()));
    let alpha = data.alpha.iter().find(missed)?;
    let samples = (alpha * n).round();
    let drawn = match stratified {
        true => format!(", {} of them of class +1", (data.rho * samples).round()),
        false => String::new(),
    };
    let [all, ones] = [alpha * n, data.rho * alpha * n].map(number);
    Some(format!("{samples} samples{drawn}, for alpha * n = {all} and rho * alpha * n = {ones}"))
}

/// Tells it of one simulation.
pub(super) fn tell(data: &Data, protocol: &Protocol) {
    if let Some(rounded) = rounded(data, protocol) {
        note(&format!("{rounded}: z sees that too; an n for which they are whole does without"));
    }
}

/// Tells it of the experiments of some figures: the first such point, and how many more there are.
pub(super) fn tell_figures<'a>(figures: impl Iterator<Item = &'a Figure>, profile: &Profile) {
    let protocol = profile.protocol();
    let mut told: Vec<String> = Vec::new();
    for figure in figures {
        for curve in &figure.curves {
            let swept = plain(&figure.swept(curve).symbol());
            for x in figure.experiment_x(curve) {
                let Ok(point) = figure.point(curve, x) else { continue };
                let Subject::Lineage(lineage) = &point.subject else { continue };
                let words = rounded(&lineage.data, &protocol);
                told.extend(words.map(|words| format!("{} at {swept} = {x} has {words}", figure.id)));
            }
        }
    }
    if let [first, others @ ..] = &told[..] {
        let more = match others.len() {
            0 => String::new(),
            1 => ", and one more point is rounded".to_owned(),
            count => format!(", and {count} more points are rounded"),
        };
        note(&format!("{first}{more}: z sees that too"));
    }
}

fn note(words: &str) {
    let _ = writeln!(std::io::stderr(), "note: {words}");
}
