//! Bounds that every value of a pair of curves, or of a list of them, must keep.

use std::fmt::Write as _;

use super::evidence::{Evidence, Outcome};
use super::notation::number;

/// Said when a range of a curve has nulls or no points.
pub(super) const PARTIAL: &str = "the theory has no converged value everywhere it is needed";

/// Which side of the bound every value must lie on.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Sense {
    Under,
    AtMost,
    AtLeast,
}

/// The value that comes nearest to breaking the bound decides; a null elsewhere leaves a check that
/// would hold undecided.
pub(super) fn worst(
    pairs: &[(f64, Option<(f64, f64)>)],
    curve: &str,
    measure: impl Fn(f64, f64) -> f64,
    bound: f64,
    sense: Sense,
    detail: impl Fn(f64, f64) -> String,
) -> Outcome {
    let values = pairs.iter().filter_map(|&(x, pair)| pair.map(|(own, other)| (x, measure(own, other))));
    let extreme = match sense {
        Sense::AtLeast => values.min_by(|a, b| a.1.total_cmp(&b.1)),
        Sense::Under | Sense::AtMost => values.max_by(|a, b| a.1.total_cmp(&b.1)),
    };
    let Some((x, value)) = extreme else { return Outcome::undecided(Some(curve), PARTIAL) };
    let holds = match sense {
        Sense::Under => value < bound,
        Sense::AtMost => value <= bound,
        Sense::AtLeast => value >= bound,
    };
    if holds && pairs.iter().any(|(_, pair)| pair.is_none()) {
        return Outcome::undecided(Some(curve), PARTIAL);
    }
    Outcome::new(holds, Some(curve), value, bound, Some(x), detail(value, x))
}

pub(super) fn distance(relative: bool) -> impl Fn(f64, f64) -> f64 {
    move |own, other| (own - other).abs() / if relative { other.abs() } else { 1.0 }
}

pub(super) fn gap_words(curve: &str, other: &str, relative: bool, gap: f64) -> String {
    if relative {
        format!("distance of {curve} from {other} is {} %", number(100.0 * gap))
    } else {
        format!("distance of {curve} from {other} is {}", number(gap))
    }
}

pub(super) fn decreasing(
    evidence: &Evidence<'_>,
    curves: &[String],
    heights: Vec<Option<f64>>,
    margin: f64,
    what: &str,
) -> Outcome {
    let first = curves.first().map(String::as_str);
    let Some(heights) = heights.into_iter().collect::<Option<Vec<f64>>>() else {
        return Outcome::undecided(first, PARTIAL);
    };
    let mut detail = format!("{what}:");
    for (place, (curve, height)) in curves.iter().zip(&heights).enumerate() {
        let _ = write!(detail, "{} {} {}", if place == 0 { "" } else { "," }, evidence.name(curve), number(*height));
    }
    let drop = heights.windows(2).map(|pair| pair[0] - pair[1]).fold(f64::INFINITY, f64::min);
    let _ = write!(detail, "; smallest step {}, expected above {}.", number(drop), number(margin));
    Outcome::new(drop > margin, first, drop, margin, None, detail)
}
