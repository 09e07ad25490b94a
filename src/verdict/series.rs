//! One arm of one curve as an ordered series of points.

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

    pub(super) fn found(&self, x: f64) -> Option<(f64, f64)> {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(values: &[(f64, Option<f64>)]) -> Series {
        Series::new(values.iter().map(|&(x, y)| Point { x, y, error: 0.01 }).collect(), false)
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
}
