//! Quantities and bounds in words.

use crate::spec::{Arm, Curves, Statistic, Swept, Threshold};
use crate::spec::{Expression, Quantity, Relation};
use crate::table::schema;

use super::evidence::Evidence;
use super::notation::{number, plain};

/// An expression as a phrase: "largest difference in test error, “distilled” minus “direct”, over 2 ≤ α ≤ 10".
#[must_use]
pub fn quantity_words(expression: &Expression, evidence: &Evidence<'_>) -> String {
    let words = |quantity: &Quantity| one(quantity, evidence);
    let first = words(&expression.quantity);
    match (&expression.less, &expression.over) {
        (Some(less), _) => format!("{first}, minus the {}", words(less)),
        (None, Some(over)) => format!("{first}, divided by the {}", words(over)),
        (None, None) => first,
    }
}

/// A bound as a phrase: "below 0".
#[must_use]
pub fn relation_words(relation: Relation) -> String {
    match relation {
        Relation::Below(bound) => format!("below {}", number(bound)),
        Relation::Above(bound) => format!("above {}", number(bound)),
        Relation::AtMost(bound) => format!("at most {}", number(bound)),
        Relation::AtLeast(bound) => format!("at least {}", number(bound)),
        Relation::Within([low, high]) => format!("from {} to {}", number(low), number(high)),
        Relation::Outside([low, high]) => format!("not from {} to {}", number(low), number(high)),
    }
}

/// The symbol of a threshold.
#[must_use]
pub fn threshold_symbol(threshold: Threshold) -> &'static str {
    match threshold {
        Threshold::Interpolation => "α_I",
        Threshold::StudentSeparability => "α_S",
        Threshold::TeacherSeparability => "α̃_S",
    }
}

fn one(quantity: &Quantity, evidence: &Evidence<'_>) -> String {
    if let Some(name) = quantity.name {
        return format!("threshold {}", threshold_symbol(name));
    }
    let name = |curve: &str| curve_name(curve, evidence);
    let own = match &quantity.curve {
        None => String::new(),
        Some(Curves::One(curve)) => name(curve),
        Some(Curves::Lowest(curves)) => {
            format!("the lowest of {}", curves.iter().map(|curve| name(curve)).collect::<Vec<_>>().join(", "))
        }
    };
    let column = column_words(&quantity.column);
    let series = match &quantity.minus {
        None => format!("{column} of {own}"),
        Some(other) if quantity.relative => {
            format!("difference in {column}, {own} minus {0}, relative to {0},", name(other))
        }
        Some(other) => format!("difference in {column}, {own} minus {},", name(other)),
    };
    let arm = match quantity.arm {
        None | Some(Arm::Theory) => "",
        Some(Arm::Expected) => ", theory at the simulated points",
        Some(Arm::Simulation) => ", simulated",
        Some(Arm::OtherSize) => ", simulated at another N",
        Some(Arm::StandardError) => ", standard error of the simulation",
        Some(Arm::Z) => ", simulation minus theory as a normal deviate",
        Some(Arm::Print) => ", as printed,",
        Some(Arm::PrintDifference) => ", theory minus print",
        Some(Arm::PrintReadings) => ", theory minus print in reading errors",
        Some(Arm::OneOverN) => ", coefficient of 1/N relative to theory",
        Some(Arm::OneOverNError) => ", standard error of the coefficient of 1/N relative to theory",
        Some(Arm::Measured) => ", as measured",
        Some(Arm::MeasuredDifference) => ", measured minus theory, relative to theory",
    };
    let symbol = quantity.curves().next().map_or("x".to_owned(), |curve| plain(&evidence.symbol(curve)));
    let horizontal = quantity.curve.is_some() && quantity.curves().all(|curve| evidence.swept(curve) == Swept::None);
    let over = match quantity.range.filter(|_| !horizontal) {
        Some([low, high]) => format!(" over {} ≤ {symbol} ≤ {}", number(low), number(high)),
        None => String::new(),
    };
    let what = match quantity.statistic {
        Statistic::Value if horizontal => series,
        Statistic::Value => format!("{series} at {symbol} = {}", quantity.at.map_or("–".to_owned(), number)),
        Statistic::Max => format!("largest {series}"),
        Statistic::Min => format!("smallest {series}"),
        Statistic::Largest => format!("largest absolute {series}"),
        Statistic::Argmax => format!("{symbol} of the largest {series}"),
        Statistic::Argmin => format!("{symbol} of the smallest {series}"),
        Statistic::Prominence => format!("height of the peak in the {series}"),
        Statistic::Crossing => format!("{symbol} where the sign changes in the {series}"),
        Statistic::ShareWithin => format!("share of printed vertices within reading accuracy, {own}"),
        Statistic::Threshold => String::new(),
    };
    format!("{what}{arm}{over}").trim_end_matches(',').to_owned()
}

/// A column in a sentence: its symbol, or words where that is an abbreviation.
fn column_words(column: &str) -> String {
    match column {
        "eg" => "test error".to_owned(),
        "eg_t" => "test error of the teacher".to_owned(),
        other => symbol_of(other).replace('_', " "),
    }
}

/// A curve as the legend calls it, in quotation marks; its id where the figure has no such curve.
#[must_use]
pub fn curve_name(curve: &str, evidence: &Evidence<'_>) -> String {
    let known = evidence.spec.curves.iter().find(|known| known.id == curve);
    known.map_or_else(|| curve.to_owned(), |known| format!("“{}”", plain(&known.label)))
}

/// How the paper writes a column of the theory table.
#[must_use]
pub fn symbol_of(column: &str) -> &str {
    schema::THEORY.column(column).map(|known| known.symbol).filter(|symbol| !symbol.is_empty()).unwrap_or(column)
}
