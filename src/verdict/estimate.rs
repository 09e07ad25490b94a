//! An expression as one voice tells it: a number and the interval it stands for.

use crate::spec::quantity::Interval;
use crate::spec::{Arm, Statistic};
use crate::spec::{Expression, Quantity};

use super::arm::{Reader, Trials, jackknife};
use super::evidence::Evidence;
use super::series::{Point, Series};
use super::student::critical;

/// Relative accuracy of a place that the theory refined.
const REFINED: f64 = 1e-4;

/// A number, and the interval in which the truth lies as far as the voice can tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// The interval.
    pub interval: Interval,
    /// Where along x it was found.
    pub x: Option<f64>,
    /// Data sets behind it; none for theory and print.
    pub data_sets: Option<usize>,
}

impl Estimate {
    /// Half the width of the interval: the smallest effect that the voice could have seen.
    #[must_use]
    pub fn resolution(&self) -> f64 {
        0.5 * (self.interval[1] - self.interval[0])
    }
}

/// Evaluates an expression with the theory, the simulation or the print as the arm of every quantity that names none.
/// The interval holds the truth but for the level at which a voice decides. Null where a needed value is.
#[must_use]
pub fn estimate(expression: &Expression, arm: Arm, evidence: &Evidence<'_>) -> Option<Estimate> {
    let trials = Trials::new(evidence, expression.quantities(), arm);
    let reader = Reader { evidence, trials: &trials, arm, left_out: None, reach: sure() };
    if arm != Arm::Simulation {
        return combine(expression, &|quantity| alone(quantity, &reader));
    }
    let sets: Vec<i64> = trials.data_sets().into_iter().collect();
    if !simulated(expression, arm) {
        let behind = Trials::new(evidence, unnamed(expression).iter(), arm).data_sets().len();
        let data_sets = Some(behind).filter(|sets| *sets > 0);
        return combine(expression, &|quantity| alone(quantity, &reader)).map(|found| Estimate { data_sets, ..found });
    }
    let quantile = critical(sets.len())?;
    let places = expression.quantities().any(|quantity| quantity.statistic.is_place());
    let found = if places {
        combine(expression, &|quantity| simulated_place(quantity, &reader, &sets, quantile))?
    } else {
        let (whole, error) = left_out(expression, &reader, &sets)?;
        Estimate { interval: [whole.value - quantile * error, whole.value + quantile * error], ..whole }
    };
    Some(Estimate { data_sets: Some(sets.len()), ..found })
}

/// A number for a text: theory where a quantity names no arm, and an interval of one standard error on either side where
/// it rests on simulated data sets, quantities of the same sets taken together.
#[must_use]
pub fn told(expression: &Expression, evidence: &Evidence<'_>) -> Option<Estimate> {
    let trials = Trials::new(evidence, expression.quantities(), Arm::Theory);
    let reader = Reader { evidence, trials: &trials, arm: Arm::Theory, left_out: None, reach: 1.0 };
    let sets: Vec<i64> = trials.data_sets().into_iter().collect();
    let places = expression.quantities().any(|quantity| quantity.statistic.is_place());
    if places || sets.len() < 2 || !simulated(expression, Arm::Theory) {
        return combine(expression, &|quantity| alone(quantity, &reader));
    }
    let (whole, error) = left_out(expression, &reader, &sets)?;
    Some(Estimate { interval: [whole.value - error, whole.value + error], ..whole })
}

/// Standard errors on either side of a value with a normal error.
fn sure() -> f64 {
    critical(MANY).unwrap_or(f64::INFINITY)
}

/// Data sets of which Student's law is the normal one.
const MANY: usize = 1_000_000;

/// The quantities of an expression without their arms.
fn unnamed(expression: &Expression) -> Vec<Quantity> {
    expression.quantities().map(|quantity| Quantity { arm: None, ..quantity.clone() }).collect()
}

/// Whether a quantity of an expression is a mean over simulated data sets.
fn simulated(expression: &Expression, arm: Arm) -> bool {
    expression.quantities().any(|quantity| matches!(quantity.arm.unwrap_or(arm), Arm::Simulation | Arm::OtherSize))
}

/// An expression with all data sets, and its standard error from leaving out each in turn.
fn left_out(expression: &Expression, reader: &Reader<'_>, sets: &[i64]) -> Option<(Estimate, f64)> {
    let value = |reader: &Reader<'_>| combine(expression, &|quantity| alone(quantity, reader));
    let whole = value(reader)?;
    let without = |set: i64| value(&Reader { left_out: Some(set), ..*reader }).map(|found| found.value);
    let left: Vec<f64> = sets.iter().map(|&set| without(set)).collect::<Option<_>>()?;
    Some((whole, jackknife(&left)))
}

/// The quantities put together: intervals add, subtract and divide at their ends.
fn combine(expression: &Expression, of: &dyn Fn(&Quantity) -> Option<Estimate>) -> Option<Estimate> {
    let first = of(&expression.quantity)?;
    let [low, high] = first.interval;
    if let Some(less) = &expression.less {
        let less = of(less)?;
        let interval = [low - less.interval[1], high - less.interval[0]];
        return Some(Estimate { value: first.value - less.value, interval, ..first });
    }
    if let Some(over) = &expression.over {
        let over = of(over)?;
        let [bottom, top] = over.interval;
        if bottom <= 0.0 && top >= 0.0 {
            return None;
        }
        let ends = [low / bottom, low / top, high / bottom, high / top];
        let interval = [
            ends.iter().copied().fold(f64::INFINITY, f64::min),
            ends.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        ];
        return Some(Estimate { value: first.value / over.value, interval, ..first });
    }
    Some(first)
}

/// One quantity with the errors of its own values.
fn alone(quantity: &Quantity, reader: &Reader<'_>) -> Option<Estimate> {
    if let Some(name) = quantity.name {
        let known = reader.evidence.thresholds.iter().find(|(known, _)| *known == name);
        // exact in theory; neither simulation nor print has a value of it
        return known.filter(|_| quantity.arm.unwrap_or(reader.arm) == Arm::Theory).map(|(_, value)| Estimate {
            value: *value,
            interval: [*value; 2],
            x: Some(*value),
            data_sets: None,
        });
    }
    let series = reader.series(quantity);
    let found = series.reduce(quantity.statistic, quantity.at, quantity.range)?;
    let interval = if quantity.statistic.is_place() {
        let theory = quantity.arm.unwrap_or(reader.arm) == Arm::Theory;
        if theory && quantity.statistic == Statistic::Crossing {
            [found.value - found.error, found.value + found.error]
        } else if theory && quantity.optimum().is_some() {
            [found.value * (1.0 - REFINED), found.value * (1.0 + REFINED)]
        } else {
            series.place(quantity.statistic, quantity.range)?
        }
    } else {
        [found.value - found.error, found.value + found.error]
    };
    Some(Estimate { value: found.value, interval, x: found.x, data_sets: None })
}

/// A place in the simulation: every point that the data sets, taken in pairs, cannot tell from the extremum may be it.
fn simulated_place(quantity: &Quantity, reader: &Reader<'_>, sets: &[i64], quantile: f64) -> Option<Estimate> {
    if !quantity.statistic.is_place() {
        return alone(quantity, reader);
    }
    let whole = reader.series(quantity);
    let found = whole.reduce(quantity.statistic, None, quantity.range)?;
    let left: Vec<Series> =
        sets.iter().map(|&set| Reader { left_out: Some(set), ..*reader }.series(quantity)).collect();
    let crossing = quantity.statistic == Statistic::Crossing;
    let spread = |x: f64| {
        let gaps: Option<Vec<f64>> =
            left.iter().map(|series| Some(series.at(x)? - if crossing { 0.0 } else { series.at(found.x?)? })).collect();
        Some(quantile * jackknife(&gaps?))
    };
    let points = whole.points().iter().map(|point| Some(Point { error: spread(point.x)?, ..*point }));
    let unsure = Series::new(points.collect::<Option<_>>()?, false);
    let [mut low, mut high] = unsure.place(quantity.statistic, quantity.range)?;
    if !crossing {
        // beyond the outermost simulated points nothing was seen
        let [first, last] = ends(quantity, reader);
        let places: Vec<f64> = unsure.within(quantity.range).map(|point| point.x).collect();
        if places.first() == Some(&low) {
            low = low.min(first);
        }
        if places.last() == Some(&high) {
            high = high.max(last);
        }
    }
    Some(Estimate { value: found.value, interval: [low, high], x: found.x, data_sets: None })
}

/// The x between which a quantity asks: its range, or the sweep of its curve.
fn ends(quantity: &Quantity, reader: &Reader<'_>) -> Interval {
    let spec = reader.evidence.spec;
    let curve = quantity.curves().next().and_then(|id| spec.curves.iter().find(|curve| curve.id == id));
    quantity.range.or_else(|| curve.map(|curve| spec.sweep_of(curve).range)).unwrap_or(spec.x.range)
}
