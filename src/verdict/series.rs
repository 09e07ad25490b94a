//! One arm of one curve as an ordered series of points, and how a series is reduced to a number.

use crate::spec::Statistic;
use crate::spec::quantity::Interval;

/// Values that differ by less than any certificate are one level.
const LEVEL: f64 = 1e-9;

/// Two x are the same point of a sweep when they differ by rounding only.
pub fn same_x(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * a.abs().max(b.abs())
}

/// True for x in a range, ends included; everything is in no range.
pub fn in_range(x: f64, range: Option<Interval>) -> bool {
    range.is_none_or(|[low, high]| (x >= low && x <= high) || same_x(x, low) || same_x(x, high))
}

/// One point of a series; `y` is null where there is no value, `error` is how far off the value may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The x.
    pub x: f64,
    /// The value.
    pub y: Option<f64>,
    /// Half the width of the interval that the value stands for.
    pub error: f64,
}

/// Values along x, in rising order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    points: Vec<Point>,
    level: Option<(f64, f64)>,
    dense: bool,
}

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
    /// A series from its points; one whose values are all equal, or that is `horizontal`, has that level everywhere.
    #[must_use]
    pub fn new(mut points: Vec<Point>, horizontal: bool) -> Self {
        points.sort_by(|a, b| a.x.total_cmp(&b.x));
        points.dedup_by(|a, b| same_x(a.x, b.x));
        let first = points.first().and_then(|point| Some((point.y?, point.error)));
        let level = first.filter(|(first, _)| {
            let flat = |y: f64| (y - first).abs() <= LEVEL * first.abs();
            horizontal || (points.len() > 1 && points.iter().all(|point| point.y.is_some_and(flat)))
        });
        Self { points, level, dense: false }
    }

    /// The same series, to be read between its points too: a printed line is known everywhere along it.
    #[must_use]
    pub fn dense(self) -> Self {
        Self { dense: true, ..self }
    }

    /// The points in order of x.
    #[must_use]
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// The value at an x of the series.
    #[must_use]
    pub fn at(&self, x: f64) -> Option<f64> {
        self.found(x).map(|(y, _)| y)
    }

    fn found(&self, x: f64) -> Option<(f64, f64)> {
        match self.points.iter().find(|point| same_x(point.x, x)) {
            Some(point) => point.y.map(|y| (y, point.error)),
            None if self.dense && self.level.is_none() => self.between(x),
            None => self.level,
        }
    }

    /// True where the series has a point at x, is a horizontal, or is a line through x.
    fn covers(&self, x: f64) -> bool {
        let point = |x: f64| self.points.iter().any(|point| same_x(point.x, x));
        self.level.is_some() || point(x) || (self.dense && self.encloses(x))
    }

    fn encloses(&self, x: f64) -> bool {
        let ends = self.points.first().zip(self.points.last());
        ends.is_some_and(|(first, last)| x > first.x && x < last.x)
    }

    /// The points in a range, ends included; a horizontal counts as one point wherever it stands.
    pub fn within(&self, range: Option<Interval>) -> impl Iterator<Item = &Point> {
        let horizontal = self.level.is_some();
        self.points.iter().filter(move |point| horizontal || in_range(point.x, range))
    }

    /// Two series combined wherever both can be read. Sweeps mostly share their x, and then only shared x are used.
    /// Where the sparser series shares less than half of its x, both are taken at its x, the other by linear
    /// interpolation. A point is null where either is.
    #[must_use]
    pub fn combined(&self, other: &Self, range: Option<Interval>, with: impl Fn(f64, f64) -> f64) -> Self {
        let inside = |series: &Self| series.points.iter().filter(|point| in_range(point.x, range)).count();
        let other_leads = self.level.is_some() || (other.level.is_none() && inside(other) < inside(self));
        let (lead, follow) = if other_leads { (other, self) } else { (self, other) };
        let places: Vec<f64> = lead.points.iter().map(|point| point.x).filter(|&x| in_range(x, range)).collect();
        let shared: Vec<f64> = places.iter().copied().filter(|&x| follow.covers(x)).collect();
        let exact = 2 * shared.len() >= places.len();
        let places = if exact { shared } else { places.into_iter().filter(|&x| follow.spans(x)).collect() };
        let read = |series: &Self, x: f64| if exact { series.found(x) } else { series.between(x) };
        let point = |x: f64| match (read(self, x), read(other, x)) {
            (Some((own, left)), Some((others, right))) => {
                // errors of both enter with the slope of the combination in each
                let y = with(own, others);
                let error = (with(own + left, others) - y).abs() + (with(own, others + right) - y).abs();
                Point { x, y: Some(y), error }
            }
            _ => Point { x, y: None, error: 0.0 },
        };
        Self::new(places.into_iter().map(point).collect(), self.level.is_some() && other.level.is_some())
    }

    /// True where x lies between the ends of the series.
    fn spans(&self, x: f64) -> bool {
        self.covers(x) || self.encloses(x)
    }

    /// The value at x, interpolated between neighbours where the series has no point.
    fn between(&self, x: f64) -> Option<(f64, f64)> {
        if let Some(level) = self.level {
            return Some(level);
        }
        if let Some(point) = self.points.iter().find(|point| same_x(point.x, x)) {
            return point.y.map(|y| (y, point.error));
        }
        let right = self.points.iter().position(|point| point.x > x)?;
        let (a, b) = (self.points.get(right.checked_sub(1)?)?, &self.points[right]);
        let share = (x - a.x) / (b.x - a.x);
        Some((a.y? + (b.y? - a.y?) * share, a.error.max(b.error)))
    }

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
        let known: Vec<(f64, f64)> = self.points.iter().filter_map(|point| Some((point.x, point.y?))).collect();
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
    fn a_sparser_series_is_met_by_interpolation_and_a_horizontal_everywhere() {
        let fine = series(&[(1.0, Some(1.0)), (2.0, Some(2.0)), (3.0, Some(3.0)), (4.0, Some(4.0))]);
        let coarse = series(&[(1.5, Some(1.0)), (3.5, Some(1.5))]);
        let difference = fine.combined(&coarse, None, |own, other| own - other);
        assert_eq!(difference.points().iter().map(|point| point.y).collect::<Vec<_>>(), [Some(0.5), Some(2.0)]);
        let level = Series::new(vec![Point { x: 9.0, y: Some(2.0), error: 0.0 }], true);
        assert_eq!(fine.combined(&level, None, |own, other| own - other).points().len(), 4);
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
