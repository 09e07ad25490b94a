//! Whether a claim or a number asks for places at which its curves have values.

use super::quantity::{Arm, Interval, Quantity, Statistic, Wrong, word_of};
use super::relation::Expression;
use super::{Curve, Figure, Swept};

/// Two x are the same place when they differ by rounding only.
const ROUNDING: f64 = 1e-12;

/// Refuses a `range` or an `at` beside all values of the curves that are asked.
pub(super) fn reaches(figure: &Figure, expression: &Expression) -> Result<(), Wrong> {
    expression.quantities().try_for_each(|quantity| reached(figure, quantity))
}

/// What of the sweep is read: where theory stands, where trials stand, or what print shows.
enum Read {
    Theory,
    Trials,
    Print,
    Measured,
}

impl Read {
    fn of(arm: Option<Arm>) -> Self {
        match arm {
            None | Some(Arm::Theory) => Self::Theory,
            Some(
                Arm::Expected
                | Arm::Simulation
                | Arm::StandardError
                | Arm::OtherSize
                | Arm::Z
                | Arm::OneOverN
                | Arm::OneOverNError,
            ) => Self::Trials,
            Some(Arm::Print | Arm::PrintDifference | Arm::PrintReadings) => Self::Print,
            Some(Arm::Measured | Arm::MeasuredDifference) => Self::Measured,
        }
    }
}

fn reached(figure: &Figure, quantity: &Quantity) -> Result<(), Wrong> {
    let (key, [first, last]) = match (quantity.at, quantity.range) {
        (Some(at), _) => ("at", [at, at]),
        (None, Some(range)) => ("range", range),
        (None, None) => return Ok(()),
    };
    let asked = match quantity.at {
        Some(at) => format!("`at` = {at}"),
        None => format!("`range` = [{first}, {last}]"),
    };
    let mut common: Option<Interval> = None;
    // a horizontal has its value everywhere
    let curves = quantity.curves().filter_map(|id| figure.curves.iter().find(|curve| curve.id == id));
    for curve in curves.filter(|curve| figure.swept(curve) != Swept::None) {
        let Some([low, high]) = span(figure, curve, &Read::of(quantity.arm)) else {
            let arm = quantity.arm.as_ref().map(word_of).unwrap_or_default();
            let valid = "an arm that has values of it".to_owned();
            return Err(Wrong::new(format!("{asked} of curve `{}`, which has no {arm}", curve.id), valid));
        };
        let [least, most] = common.unwrap_or([low, high]);
        common = Some([least.max(low), most.min(high)]);
    }
    let Some([low, high]) = common else { return Ok(()) };
    if low > high {
        let problem = format!("{asked} of curves that have no x in common");
        return Err(Wrong::new(problem, "curves whose sweeps overlap"));
    }
    let room = |end: f64| ROUNDING * end.abs();
    if first <= high + room(high) && last >= low - room(low) {
        return Ok(());
    }
    let word = if quantity.statistic == Statistic::Value { "a place" } else { "a stretch that meets the sweep," };
    let places = figure.x.parameter.name();
    Err(Wrong::new(
        format!("{asked} is beside the sweep"),
        format!("`{key}` = {word} from {low} to {high} in {places}"),
    ))
}

/// The first and the last place at which a curve has values, if it has any.
fn span(figure: &Figure, curve: &Curve, read: &Read) -> Option<Interval> {
    let places = match read {
        Read::Theory | Read::Print => figure.theory_x(curve, &[]),
        // a bound in closed form has no trials, and needs none
        Read::Trials if curve.is_bound() => figure.theory_x(curve, &[]),
        Read::Trials => figure.experiment_x(curve),
        Read::Measured => curve.measured.iter().flat_map(|all| &all.points).map(|point| point.x).collect(),
    };
    let ends = places.iter().fold(None, |ends: Option<Interval>, &x| {
        let [low, high] = ends.unwrap_or([x, x]);
        Some([low.min(x), high.max(x)])
    });
    // print may show more of a curve than its sweep, and theory stands wherever print does
    let printed = figure.panels.iter().any(|panel| figure.shows(panel, curve) && figure.print_of(panel).is_some());
    let axis = figure.sweep_of(curve).limits();
    match (read, ends) {
        (Read::Theory | Read::Print, Some([low, high])) if printed => Some([low.min(axis[0]), high.max(axis[1])]),
        (_, ends) => ends,
    }
}
