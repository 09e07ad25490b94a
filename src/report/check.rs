//! Decides one check of a claim on the tables of its figure.

use crate::spec::{Check, Threshold};

use super::bound::{PARTIAL, Sense, decreasing, distance, gap_words, worst};
use super::evidence::{Evidence, Outcome, Verdict};
use super::measured::{self, Comparison};
use super::notation::{number, symbol_of};
use super::series::{Found, Series, in_range};

/// Decides a check.
pub(super) fn judge(check: &Check, evidence: &Evidence<'_>) -> Outcome {
    let series = |curve: &str, column: &str| Series::new(evidence.theory, curve, column);
    let symbol = check.curves().first().map_or("x", |curve| evidence.symbol(curve));
    let at = |x: f64| format!("{symbol} = {}", number(x));
    let name = |curve: &str| evidence.name(curve);
    match check {
        Check::Peak { curve, column, within, range, prominence } => {
            let line = series(curve, column);
            let Found::Whole((x, top)) = line.maximum(*range) else { return Outcome::undecided(Some(curve), PARTIAL) };
            let rise = line.prominence(x, *range).unwrap_or(0.0);
            let inside = in_range(x, Some(*within));
            let prominent = match *prominence {
                0.0 => String::new(),
                rise => format!(" and by {} or more", number(rise)),
            };
            let detail = format!(
                "Maximum {} of {} at {}, standing {} above its sides; expected within [{}, {}]{}.",
                number(top),
                name(curve),
                at(x),
                number(rise),
                number(within[0]),
                number(within[1]),
                prominent
            );
            let nearest = x.clamp(within[0], within[1]);
            Outcome::new(inside && rise >= *prominence, Some(curve), x, nearest, Some(x), detail)
        }
        Check::Trough { curve, column, within, range } => {
            let line = series(curve, column);
            let Found::Whole((x, low)) = line.minimum(*range) else { return Outcome::undecided(Some(curve), PARTIAL) };
            let [first, last] = within.map(number);
            let detail =
                format!("Minimum {} of {} at {}; expected within [{first}, {last}].", number(low), name(curve), at(x));
            Outcome::new(in_range(x, Some(*within)), Some(curve), x, x.clamp(within[0], within[1]), Some(x), detail)
        }
        Check::Below { curve, than, column, range, margin } => {
            let pairs = series(curve, column).paired(&series(than, column), *range);
            worst(
                &pairs,
                curve,
                |own, other| own - other,
                -margin,
                Sense::Under,
                |gap, x| {
                    format!(
                        "{} minus {} is at most {}, reached at {}; expected below {}.",
                        name(curve),
                        name(than),
                        number(gap),
                        at(x),
                        number(-margin)
                    )
                },
            )
        }
        Check::CrossesWithin { curve, other, column, within } => {
            let (own, others) = (series(curve, column), series(other, column));
            let Found::Whole(mut crossings) = own.crossings(&others, Some(*within)) else {
                return Outcome::undecided(Some(curve), PARTIAL);
            };
            if let (true, Found::Whole(anywhere)) = (crossings.is_empty(), own.crossings(&others, None)) {
                crossings = anywhere;
            }
            let middle = 0.5 * (within[0] + within[1]);
            let nearest = crossings.into_iter().min_by(|a, b| (a - middle).abs().total_cmp(&(b - middle).abs()));
            let [first, last] = within.map(number);
            let both = format!("{} and {}", name(curve), name(other));
            match nearest {
                Some(x) => {
                    let detail = format!("{both} cross at {}; expected within [{first}, {last}].", at(x));
                    let edge = x.clamp(within[0], within[1]);
                    Outcome::new(in_range(x, Some(*within)), Some(curve), x, edge, Some(x), detail)
                }
                None => {
                    let detail = format!("{both} do not cross there; expected within [{first}, {last}].");
                    Outcome { verdict: Verdict::Fails, detail, ..Outcome::undecided(Some(curve), "") }
                }
            }
        }
        Check::ArgminNear { curve, column, other, other_column, factor } => {
            let lowest = (series(curve, column).minimum(None), series(other, other_column).minimum(None));
            let (Found::Whole((x, _)), Found::Whole((reference, _))) = lowest else {
                return Outcome::undecided(Some(curve), PARTIAL);
            };
            let ratio = (x / reference).max(reference / x);
            let detail = format!(
                "Minimum of {} of {} at {}, of {} of {} at {}: a factor {} apart; expected at most {}.",
                symbol_of(column),
                name(curve),
                at(x),
                symbol_of(other_column),
                name(other),
                at(reference),
                number(ratio),
                number(*factor)
            );
            Outcome::new(ratio <= *factor, Some(curve), ratio, *factor, Some(x), detail)
        }
        Check::GapAtMost { curve, other, column, range, gap, relative } => {
            let pairs = series(curve, column).paired(&series(other, column), *range);
            worst(&pairs, curve, distance(*relative), *gap, Sense::AtMost, |worst, x| {
                format!(
                    "Largest {}, at {}; expected at most {}.",
                    gap_words(&name(curve), &name(other), *relative, worst),
                    at(x),
                    number(*gap)
                )
            })
        }
        Check::GapAtLeast { curve, other, column, range, gap, relative } => {
            let pairs = series(curve, column).paired(&series(other, column), *range);
            worst(&pairs, curve, distance(*relative), *gap, Sense::AtLeast, |worst, x| {
                format!(
                    "Smallest {}, at {}; expected at least {}.",
                    gap_words(&name(curve), &name(other), *relative, worst),
                    at(x),
                    number(*gap)
                )
            })
        }
        Check::MinimumAtLeast { curve, than, column, range, tolerance } => {
            let lowest = (series(curve, column).minimum(*range), series(than, column).minimum(*range));
            let (Found::Whole((x, low)), Found::Whole((_, reference))) = lowest else {
                return Outcome::undecided(Some(curve), PARTIAL);
            };
            let detail = format!(
                "Minimum {} of {} at {} against {} of {}; expected no lower than that by more than {}.",
                number(low),
                name(curve),
                at(x),
                number(reference),
                name(than),
                number(*tolerance)
            );
            Outcome::new(low >= reference - tolerance, Some(curve), low, reference - tolerance, Some(x), detail)
        }
        Check::PeaksDecrease { curves, column, range, margin } => {
            let heights = curves.iter().map(|curve| match series(curve, column).maximum(*range) {
                Found::Whole((_, top)) => Some(top),
                Found::Partial => None,
            });
            decreasing(evidence, curves, heights.collect(), *margin, "Maxima")
        }
        Check::GapsDecrease { curves, to, column, range } => {
            let reference = series(to, column);
            let gap = |curve: &String| {
                let pairs = series(curve, column).paired(&reference, *range);
                pairs
                    .iter()
                    .map(|(_, pair)| pair.map(|(own, other)| (own - other).abs()))
                    .try_fold(None, |top, gap| gap.map(|gap| Some(top.map_or(gap, |top: f64| top.max(gap)))))?
            };
            let what = format!("Largest distances to {}", name(to));
            decreasing(evidence, curves, curves.iter().map(gap).collect(), 0.0, &what)
        }
        Check::EnvelopeNear { curves, to, column, range, gap } => {
            let lines: Vec<Series> = curves.iter().map(|curve| series(curve, column)).collect();
            let lowest =
                |x: f64| lines.iter().map(|line| line.between(x)).try_fold(f64::INFINITY, |low, y| Some(low.min(y?)));
            let reference = series(to, column);
            let shared = lines.first().map(|line| line.paired(&reference, *range)).unwrap_or_default();
            let pairs: Vec<_> =
                shared.iter().map(|&(x, pair)| (x, pair.and_then(|(_, other)| Some((lowest(x)?, other))))).collect();
            worst(
                &pairs,
                curves.first().map_or("", String::as_str),
                distance(false),
                *gap,
                Sense::AtMost,
                |worst, x| {
                    format!(
                        "The lowest of {} is at most {} away from {}, at {}; expected at most {}.",
                        curves.iter().map(|curve| name(curve)).collect::<Vec<_>>().join(", "),
                        number(worst),
                        name(to),
                        at(x),
                        number(*gap)
                    )
                },
            )
        }
        Check::Value { curve, column, x, value, tolerance } => {
            let Some(found) = series(curve, column).at(*x) else { return Outcome::undecided(Some(curve), PARTIAL) };
            let detail = format!(
                "{} is {} at {}; expected {} ± {}.",
                name(curve),
                number(found),
                at(*x),
                number(*value),
                number(*tolerance)
            );
            Outcome::new((found - value).abs() <= *tolerance, Some(curve), found, *value, Some(*x), detail)
        }
        Check::Threshold { threshold, value, tolerance } => {
            let Some(exact) = find(evidence, *threshold) else {
                return Outcome::undecided(None, "no such threshold here");
            };
            let detail = format!("Exactly {exact:.5}; expected {} ± {}.", number(*value), number(*tolerance));
            Outcome::new((exact - value).abs() <= *tolerance, None, exact, *value, Some(exact), detail)
        }
        Check::ThresholdDeparts { threshold, printed, at_least } => {
            let Some(exact) = find(evidence, *threshold) else {
                return Outcome::undecided(None, "no such threshold here");
            };
            let detail = format!(
                "Exactly {exact:.5} where print has {}: {} away.",
                number(*printed),
                number((printed - exact).abs())
            );
            Outcome::new((exact - printed).abs() >= *at_least, None, exact, *printed, Some(exact), detail)
        }
        Check::MatchesPublished { curve, range, share } => {
            measured::matches_published(evidence, curve.as_deref(), *range, *share)
        }
        Check::DepartsFromPublished { curve, range, at_least } => {
            measured::departs_from_published(evidence, curve, *range, *at_least)
        }
        Check::AgreesWithExperiment { curve, column, range, z } => {
            let against = Comparison { curve: curve.as_deref(), simulated: None, column, range: *range };
            measured::agrees(evidence, &against, *z)
        }
        Check::RejectedByExperiment { curve, experiment_of, column, range, z } => {
            let against = Comparison { curve: Some(curve), simulated: Some(experiment_of), column, range: *range };
            measured::rejected(evidence, &against, *z)
        }
        Check::Certified { curve, range, residual, quadrature } => {
            measured::certified(evidence, curve.as_deref(), *range, *residual, *quadrature)
        }
    }
}

fn find(evidence: &Evidence<'_>, threshold: Threshold) -> Option<f64> {
    evidence.thresholds.iter().find(|(known, _)| *known == threshold).map(|(_, value)| *value)
}
