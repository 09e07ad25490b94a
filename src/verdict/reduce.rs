//! A series reduced to one number, or to the interval in which its place may lie.

use crate::spec::Statistic;
use crate::spec::quantity::Interval;

use super::series::{Point, Series, in_range};

/// A series reduced to one number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reduced {
    /// The number.
    pub value: f64,
    /// Half the width of the interval it stands for; of a place, see [`Series::place`].
    pub error: f64,
    /// Where along x it was found.
    pub x: Option<f64>,
}

impl Series {
    /// Reduces the series; null where a needed value is, or where there is none.
    #[must_use]
    pub fn reduce(&self, statistic: Statistic, at: Option<f64>, range: Option<Interval>) -> Option<Reduced> {
        let whole = |rank: &dyn Fn(f64) -> f64| -> Option<(Point, f64)> {
            let mut best: Option<(Point, f64)> = None;
            for point in self.within(range) {
                let y = point.y?;
                if best.is_none_or(|(_, top)| rank(y) > rank(top)) {
                    best = Some((*point, y));
                }
            }
            best
        };
        let value = |found: Option<(Point, f64)>| {
            found.map(|(point, y)| Reduced { value: y, error: point.error, x: Some(point.x) })
        };
        let place = |found: Option<(Point, f64)>| {
            found.map(|(point, _)| Reduced { value: point.x, error: 0.0, x: Some(point.x) })
        };
        match statistic {
            Statistic::Value => {
                let (value, error) = self.found(at?)?;
                Some(Reduced { value, error, x: at })
            }
            Statistic::Max => value(whole(&|y| y)),
            Statistic::Min => value(whole(&|y| -y)),
            Statistic::Largest => value(whole(&f64::abs)).map(|found| Reduced { value: found.value.abs(), ..found }),
            Statistic::Argmax => place(whole(&|y| y)),
            Statistic::Argmin => place(whole(&|y| -y)),
            Statistic::Prominence => {
                let (top, height) = whole(&|y| y)?;
                let lowest = |side: &dyn Fn(f64) -> bool| {
                    let points = self.within(range).filter(|point| side(point.x));
                    points.filter_map(|point| point.y.map(|y| (y, point.error))).min_by(|a, b| a.0.total_cmp(&b.0))
                };
                let drop = |side: Option<(f64, f64)>| side.map_or((0.0, 0.0), |(y, error)| (height - y, error));
                let (left, right) = (drop(lowest(&|x| x < top.x)), drop(lowest(&|x| x > top.x)));
                let (value, error) = if left.0 < right.0 { left } else { right };
                Some(Reduced { value, error: error + top.error, x: Some(top.x) })
            }
            Statistic::Crossing => {
                let (x, error) = self.crossing(range)?;
                Some(Reduced { value: x, error, x: Some(x) })
            }
            Statistic::ShareWithin => {
                let values: Option<Vec<f64>> = self.within(range).map(|point| point.y).collect();
                let values = values.filter(|values| !values.is_empty())?;
                let inside = values.iter().filter(|value| value.abs() <= 1.0).count();
                Some(Reduced { value: inside as f64 / values.len() as f64, error: 0.0, x: None })
            }
            Statistic::Threshold => None,
        }
    }

    /// The first x in a range at which the values change sign, by linear interpolation between neighbours, and how far
    /// the bend of the curve there may move it.
    fn crossing(&self, range: Option<Interval>) -> Option<(f64, f64)> {
        let known: Vec<(f64, f64)> = self.points().iter().filter_map(|point| Some((point.x, point.y?))).collect();
        let at = |pair: &[(f64, f64)]| {
            let ((x, before), (next, after)) = (pair[0], pair[1]);
            x + (next - x) * before / (before - after)
        };
        let crosses = |pair: &[(f64, f64)]| pair[0].1 * pair[1].1 < 0.0 && in_range(at(pair), range);
        let index = known.windows(2).position(crosses)?;
        let pair = &known[index..index + 2];
        let slope = |a: (f64, f64), b: (f64, f64)| (b.1 - a.1) / (b.0 - a.0);
        let own = slope(pair[0], pair[1]);
        // error of the chord: half the change of slope over a step, at most a quarter step from either end
        let bends = [
            index.checked_sub(1).map(|before| slope(known[before], pair[0])),
            known.get(index + 2).map(|after| slope(pair[1], *after)),
        ];
        let bend = bends.into_iter().flatten().map(|other| (other - own).abs()).fold(0.0, f64::max);
        Some((at(pair), 0.125 * bend / own.abs() * (pair[1].0 - pair[0].0)))
    }

    /// The interval in which a place may lie when values are known to their errors only: for an extremum, from the
    /// neighbours of the points that could be it; for a crossing, between the points whose sign is sure.
    #[must_use]
    pub fn place(&self, statistic: Statistic, range: Option<Interval>) -> Option<Interval> {
        let points: Vec<(f64, f64, f64)> =
            self.within(range).map(|point| Some((point.x, point.y?, point.error))).collect::<Option<_>>()?;
        let neighbours = |first: usize, last: usize| {
            let low = first.checked_sub(1).map_or(points[first].0, |before| points[before].0);
            [low, points.get(last + 1).map_or(points[last].0, |after| after.0)]
        };
        match statistic {
            Statistic::Argmax | Statistic::Argmin => {
                let sign = if statistic == Statistic::Argmax { 1.0 } else { -1.0 };
                let best = points.iter().max_by(|a, b| (sign * a.1).total_cmp(&(sign * b.1)))?;
                let could = |point: &&(f64, f64, f64)| sign * (best.1 - point.1) <= best.2.max(point.2);
                let first = points.iter().position(|point| could(&point))?;
                let last = points.iter().rposition(|point| could(&point))?;
                Some(neighbours(first, last))
            }
            Statistic::Crossing => {
                let sure: Vec<&(f64, f64, f64)> = points.iter().filter(|point| point.1.abs() > point.2).collect();
                let pair = sure.windows(2).find(|pair| pair[0].1 * pair[1].1 < 0.0)?;
                Some([pair[0].0, pair[1].0])
            }
            Statistic::Value
            | Statistic::Max
            | Statistic::Min
            | Statistic::Largest
            | Statistic::Prominence
            | Statistic::ShareWithin
            | Statistic::Threshold => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(values: &[(f64, Option<f64>)]) -> Series {
        Series::new(values.iter().map(|&(x, y)| Point { x, y, error: 0.01 }).collect(), false)
    }

    fn value(series: &Series, statistic: Statistic) -> f64 {
        series.reduce(statistic, None, None).unwrap().value
    }

    #[test]
    fn reductions_are_the_hand_computed_ones() {
        let hill = series(&[(1.0, Some(0.2)), (2.0, Some(0.4)), (3.0, Some(-0.1)), (4.0, Some(0.15))]);
        assert_eq!(value(&hill, Statistic::Max), 0.4);
        assert_eq!(value(&hill, Statistic::Argmax), 2.0);
        assert_eq!(value(&hill, Statistic::Argmin), 3.0);
        assert!((value(&hill, Statistic::Prominence) - 0.2).abs() < 1e-15, "the smaller of the drops 0.2 and 0.5");
        assert!((value(&hill, Statistic::Crossing) - 2.8).abs() < 1e-12);
        assert_eq!(value(&hill, Statistic::ShareWithin), 1.0);
        assert_eq!(hill.reduce(Statistic::Value, Some(4.0), None).unwrap().value, 0.15);
        assert_eq!(hill.reduce(Statistic::Value, Some(2.5), None), None);
        assert_eq!(hill.reduce(Statistic::Max, None, Some([3.0, 4.0])).unwrap().x, Some(4.0));
    }

    #[test]
    fn a_null_in_the_range_leaves_no_number() {
        let holed = series(&[(1.0, Some(0.2)), (2.0, None), (3.0, Some(0.3))]);
        assert_eq!(holed.reduce(Statistic::Max, None, None), None);
        assert_eq!(holed.reduce(Statistic::Max, None, Some([2.5, 3.0])).unwrap().value, 0.3);
    }

    #[test]
    fn a_place_is_known_to_the_points_that_could_be_it() {
        let flat =
            series(&[(1.0, Some(0.2)), (2.0, Some(0.4)), (3.0, Some(0.395)), (4.0, Some(0.1)), (5.0, Some(0.0))]);
        assert_eq!(flat.place(Statistic::Argmax, None), Some([1.0, 4.0]));
        let falling = series(&[(1.0, Some(0.2)), (2.0, Some(0.005)), (3.0, Some(-0.2))]);
        assert_eq!(falling.place(Statistic::Crossing, None), Some([1.0, 3.0]));
        assert_eq!(series(&[(1.0, Some(0.2)), (2.0, Some(0.3))]).place(Statistic::Crossing, None), None);
    }
}
