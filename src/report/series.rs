//! A column of one curve as an ordered series of points, with the questions that checks ask of it.

use crate::table::Table;

/// Status of a row whose values may be used.
pub(super) const CONVERGED: &str = "converged";

/// Values that differ by less than any certificate are one level.
const LEVEL: f64 = 1e-9;

/// Two x are the same point of a sweep when they differ by rounding only.
pub(super) fn same_x(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * a.abs().max(b.abs())
}

/// One point of a series; `y` is null where the theory did not converge or has no value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub x: f64,
    pub y: Option<f64>,
}

/// A column of a curve, in order of x.
#[derive(Debug, Clone)]
pub(super) struct Series {
    points: Vec<Point>,
    level: Option<f64>,
}

/// What was found while looking for an extremum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Found<T> {
    /// Every needed cell had a value.
    Whole(T),
    /// Some needed cells are null, or there are none.
    Partial,
}

impl Series {
    /// The series of a curve; a curve whose rows are all equal (a horizontal) has that level everywhere.
    pub fn new(theory: &Table, curve: &str, column: &str) -> Self {
        let value = |row: usize| theory.real(column, row).filter(|_| theory.text("status", row) == Some(CONVERGED));
        let rows = theory.rows_where("curve", curve);
        let mut points: Vec<Point> =
            rows.iter().filter_map(|&row| Some(Point { x: theory.real("x", row)?, y: value(row) })).collect();
        points.sort_by(|a, b| a.x.total_cmp(&b.x));
        let first = rows.first().and_then(|&row| value(row));
        let level = first.filter(|first| {
            rows.iter().all(|&row| value(row).is_some_and(|value| (value - first).abs() <= LEVEL * first.abs()))
        });
        Self { points, level }
    }

    /// The points in order of x.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// The value at an x of the sweep.
    pub fn at(&self, x: f64) -> Option<f64> {
        self.points.iter().find(|point| same_x(point.x, x)).map_or(self.level, |point| point.y)
    }

    /// True where the sweep has a point at x or is a horizontal.
    fn covers(&self, x: f64) -> bool {
        self.level.is_some() || self.points.iter().any(|point| same_x(point.x, x))
    }

    /// The points in a range, ends included; a horizontal counts as one point wherever it stands.
    fn within(&self, range: Option<[f64; 2]>) -> impl Iterator<Item = &Point> {
        let horizontal = self.level.is_some();
        self.points.iter().filter(move |point| horizontal || in_range(point.x, range))
    }

    fn extremum(&self, range: Option<[f64; 2]>, better: impl Fn(f64, f64) -> bool) -> Found<(f64, f64)> {
        let mut best: Option<(f64, f64)> = None;
        for point in self.within(range) {
            let Some(y) = point.y else { return Found::Partial };
            if best.is_none_or(|(_, top)| better(y, top)) {
                best = Some((point.x, y));
            }
        }
        match (best, self.level) {
            (Some(best), _) => Found::Whole(best),
            (None, Some(level)) => Found::Whole((f64::NAN, level)),
            (None, None) => Found::Partial,
        }
    }

    /// (x, y) of the largest value.
    pub fn maximum(&self, range: Option<[f64; 2]>) -> Found<(f64, f64)> {
        self.extremum(range, |y, top| y > top)
    }

    /// (x, y) of the smallest value.
    pub fn minimum(&self, range: Option<[f64; 2]>) -> Found<(f64, f64)> {
        self.extremum(range, |y, bottom| y < bottom)
    }

    /// How far the point at x stands above the lower of what lies to its left and right in a range: the
    /// smaller of the two drops, 0 at an end.
    pub fn prominence(&self, x: f64, range: Option<[f64; 2]>) -> Option<f64> {
        let top = self.at(x)?;
        let lowest = |side: &dyn Fn(f64) -> bool| {
            self.within(range).filter(|point| side(point.x)).filter_map(|point| point.y).fold(top, f64::min)
        };
        Some((top - lowest(&|at| at < x)).min(top - lowest(&|at| at > x)))
    }

    /// Both values wherever two curves can be compared: (x, own value, other's value), null where either is.
    ///
    /// Sweeps mostly share their x, and then only shared x are used. Where the sparser curve shares less than
    /// half of its x, both are taken at its x, the other by linear interpolation.
    pub fn paired(&self, other: &Self, range: Option<[f64; 2]>) -> Vec<(f64, Option<(f64, f64)>)> {
        let inside = |series: &Self| series.points.iter().filter(|point| in_range(point.x, range)).count();
        let other_leads = self.level.is_some() || (other.level.is_none() && inside(other) < inside(self));
        let (lead, follow) = if other_leads { (other, self) } else { (self, other) };
        let places: Vec<f64> = lead.points.iter().map(|point| point.x).filter(|&x| in_range(x, range)).collect();
        let shared: Vec<f64> = places.iter().copied().filter(|&x| follow.covers(x)).collect();
        if 2 * shared.len() >= places.len() {
            return shared.into_iter().map(|x| (x, self.at(x).zip(other.at(x)))).collect();
        }
        let spanned = places.into_iter().filter(|&x| follow.spans(x));
        spanned.map(|x| (x, self.between(x).zip(other.between(x)))).collect()
    }

    /// True where x lies between the ends of the sweep.
    fn spans(&self, x: f64) -> bool {
        let ends = self.points.first().zip(self.points.last());
        self.covers(x) || ends.is_some_and(|(first, last)| x > first.x && x < last.x)
    }

    /// The value at x, interpolated between neighbours where the sweep has no point.
    pub fn between(&self, x: f64) -> Option<f64> {
        if self.covers(x) {
            return self.at(x);
        }
        let right = self.points.iter().position(|point| point.x > x)?;
        let (a, b) = (self.points.get(right.checked_sub(1)?)?, &self.points[right]);
        Some(a.y? + (b.y? - a.y?) * (x - a.x) / (b.x - a.x))
    }

    /// The x at which self − other changes sign, by linear interpolation between neighbours: every one in a range.
    pub fn crossings(&self, other: &Self, range: Option<[f64; 2]>) -> Found<Vec<f64>> {
        let mut crossings = Vec::new();
        let mut last: Option<(f64, f64)> = None;
        let pairs = self.paired(other, None);
        if pairs.is_empty() {
            return Found::Partial;
        }
        for (x, pair) in pairs {
            let Some((own, others)) = pair else {
                if in_range(x, range) {
                    return Found::Partial;
                }
                last = None;
                continue;
            };
            let gap = own - others;
            if let Some((before, left)) = last.filter(|(_, left)| left * gap < 0.0) {
                let at = before + (x - before) * left / (left - gap);
                crossings.extend(Some(at).filter(|&at| in_range(at, range)));
            }
            if gap != 0.0 {
                last = Some((x, gap));
            }
        }
        Found::Whole(crossings)
    }
}

/// True for x in a range, ends included; everything is in no range.
pub(super) fn in_range(x: f64, range: Option<[f64; 2]>) -> bool {
    range.is_none_or(|[low, high]| (x >= low && x <= high) || same_x(x, low) || same_x(x, high))
}
