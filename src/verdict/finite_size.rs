//! Whether what separates simulation from theory is the finite size: the same point at growing N.

use crate::spec::quantity::Interval;
use crate::table::Table;

use super::evidence::Evidence;
use super::series::{in_range, same_x};
use super::student::normal_equivalent;

/// Normal deviates from which on a point needs an explanation.
pub const BEYOND: f64 = 4.0;
/// Normal deviates within which the intercept at 1/N → 0 is no deviation: the two sizes behind it are few data.
const INTERCEPT: f64 = 3.0;
/// Standard errors from which on the deviation at the smallest N, or c, is told from noise.
const SEEN: f64 = 3.0;

/// One point and observable at several sizes.
#[derive(Debug, Clone, PartialEq)]
pub struct Deviation {
    /// The curve.
    pub curve: String,
    /// The x.
    pub x: f64,
    /// The column.
    pub observable: String,
    /// What theory says.
    pub theory: f64,
    /// By rising N.
    pub sizes: Vec<Size>,
}

/// Simulation minus theory at one N.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// N.
    pub n: i64,
    /// Mean minus theory.
    pub deviation: f64,
    /// Standard error of the mean.
    pub standard_error: Option<f64>,
    /// Data sets.
    pub replicates: usize,
    /// The deviation as a normal deviate.
    pub z: Option<f64>,
}

/// The coefficient of 1/N, relative to theory: (mean − theory)/theory = c/N.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// c.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Σ ((d − c/N)/standard error)² over the sizes, which are one more than its degrees of freedom.
    pub chi_squared: f64,
}

/// What the sizes of a point say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    /// Neither the deviation at the smallest N nor c is told from noise, and none at another N is beyond [`BEYOND`].
    Unseen,
    /// It is seen, and shrinks as a finite size would make it.
    Shrinks,
    /// It is seen, and does not shrink so.
    Stays,
}

impl Trend {
    /// Its words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Unseen => "within three standard errors",
            Self::Shrinks => "consistent with c/N",
            Self::Stays => "not consistent with c/N",
        }
    }
}

impl Deviation {
    /// A difference from theory as a share of theory.
    #[must_use]
    pub fn relative(&self, difference: f64) -> f64 {
        difference / self.theory
    }

    /// The line through 0 at 1/N = 0, by least squares with the standard errors as weights; none where the mean at some
    /// size has no error.
    ///
    /// ```text
    /// c = Σ d/(N s²) / Σ 1/(N s)²,   standard error (Σ 1/(N s)²)^(−1/2),   s the error of the mean d at N
    /// ```
    #[must_use]
    pub fn coefficient(&self) -> Option<Coefficient> {
        let shares = self.sizes.iter().map(|size| {
            let error = self.relative(size.standard_error?).abs();
            (error > 0.0 && error.is_finite()).then_some((size.n as f64, self.relative(size.deviation), error))
        });
        let shares: Vec<(f64, f64, f64)> = shares.collect::<Option<_>>()?;
        let weight: f64 = shares.iter().map(|(n, _, error)| (n * error).powi(-2)).sum();
        let value = shares.iter().map(|(n, share, error)| share / (n * error * error)).sum::<f64>() / weight;
        let chi_squared = shares.iter().map(|(n, share, error)| ((share - value / n) / error).powi(2)).sum();
        Some(Coefficient { value, standard_error: weight.powf(-0.5), chi_squared })
    }

    /// What the sizes say together.
    #[must_use]
    pub fn trend(&self) -> Trend {
        let beyond = |size: &Size, bound: f64| size.z.is_some_and(|z| z.abs() >= bound);
        let fitted = self.coefficient().is_some_and(|found| found.value.abs() >= SEEN * found.standard_error);
        let seen = fitted || self.sizes.first().is_some_and(|smallest| beyond(smallest, SEEN));
        match seen || self.sizes.iter().any(|size| beyond(size, BEYOND)) {
            false => Trend::Unseen,
            true if self.is_finite_size() => Trend::Shrinks,
            true => Trend::Stays,
        }
    }

    /// Where the line through the two largest sizes, against 1/N, meets 1/N = 0, as a normal deviate.
    ///
    /// ```text
    /// d(N) = d∞ + c/N   ⇒   d∞ = (N₂d₂ − N₁d₁)/(N₂ − N₁)
    /// ```
    #[must_use]
    pub fn intercept(&self) -> Option<f64> {
        let [.., first, last] = &self.sizes[..] else { return None };
        let (one, two) = (first.n as f64, last.n as f64);
        let value = (two * last.deviation - one * first.deviation) / (two - one);
        let error = (two * last.standard_error?).hypot(one * first.standard_error?) / (two - one);
        normal_equivalent(value / error, first.replicates.min(last.replicates))
    }

    /// True when the deviation falls at each doubling of N and ends within [`BEYOND`], or when its intercept at
    /// 1/N → 0 vanishes within its error.
    #[must_use]
    pub fn is_finite_size(&self) -> bool {
        let falls = self.sizes.windows(2).all(|pair| pair[1].deviation.abs() < pair[0].deviation.abs());
        let ends = self.sizes.last().and_then(|last| last.z).is_some_and(|z| z.abs() < BEYOND);
        let vanishes = self.intercept().is_some_and(|z| z.abs() < INTERCEPT);
        self.sizes.len() > 1 && ((falls && ends) || vanishes)
    }
}

/// Every point that was run at several sizes, in the order of the agreement table.
#[must_use]
pub fn deviations(evidence: &Evidence<'_>) -> Vec<Deviation> {
    let rows = 0..evidence.agreement.rows();
    rows.filter_map(|row| deviation(evidence, row)).filter(|deviation| deviation.sizes.len() > 1).collect()
}

/// Points of some curves and a column where simulation leaves theory by [`BEYOND`] or more and the finite size does
/// not explain it: rows of the agreement table.
#[must_use]
pub fn unexplained(evidence: &Evidence<'_>, curves: &[&str], column: &str, range: Option<Interval>) -> Vec<usize> {
    let table = &evidence.agreement;
    let beyond = |row: &usize| {
        table.text("curve", *row).is_some_and(|curve| curves.contains(&curve))
            && table.text("observable", *row) == Some(column)
            && table.real("x", *row).is_none_or(|x| in_range(x, range))
            && table.real("z", *row).is_some_and(|z| z.abs() >= BEYOND)
    };
    let explained = |row: usize| deviation(evidence, row).is_some_and(|deviation| deviation.is_finite_size());
    (0..table.rows()).filter(beyond).filter(|&row| !explained(row)).collect()
}

/// The mean of c over the points of a column on the curves that are drawn, whatever the number of their sizes, with its
/// error as if they were independent, and the number of points; none below two.
#[must_use]
pub fn mean_coefficient(evidence: &Evidence<'_>, column: &str) -> Option<(f64, f64, usize)> {
    let table = &evidence.agreement;
    let rows =
        evidence.rows(table, None, None).into_iter().filter(|&row| table.text("observable", row) == Some(column));
    let found: Vec<Coefficient> = rows.filter_map(|row| deviation(evidence, row)?.coefficient()).collect();
    let count = found.len() as f64;
    let mean = found.iter().map(|one| one.value).sum::<f64>() / count;
    let error = found.iter().map(|one| one.standard_error.powi(2)).sum::<f64>().sqrt() / count;
    (found.len() > 1).then_some((mean, error, found.len()))
}

fn deviation(evidence: &Evidence<'_>, row: usize) -> Option<Deviation> {
    let table = &evidence.agreement;
    let (curve, observable) = (table.text("curve", row)?, table.text("observable", row)?);
    let (x, theory) = (table.real("x", row)?, table.real("theory", row)?);
    let mut sizes: Vec<Size> = size(table, row).into_iter().collect();
    let others = &evidence.finite_size;
    let same = |&other: &usize| {
        others.text("curve", other) == Some(curve)
            && others.text("observable", other) == Some(observable)
            && others.real("x", other).is_some_and(|at| same_x(at, x))
    };
    sizes.extend((0..others.rows()).filter(same).filter_map(|other| size(others, other)));
    sizes.sort_by_key(|size| size.n);
    Some(Deviation { curve: curve.to_owned(), x, observable: observable.to_owned(), theory, sizes })
}

fn size(table: &Table, row: usize) -> Option<Size> {
    Some(Size {
        n: table.integer("n", row)?,
        deviation: table.real("mean", row)? - table.real("theory", row)?,
        standard_error: table.real("standard_error", row),
        replicates: usize::try_from(table.integer("replicates", row)?).ok()?,
        z: table.real("z", row),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(deviations: &[(f64, f64)]) -> Deviation {
        let size = |(&(deviation, z), n): (&(f64, f64), i64)| Size {
            n,
            deviation,
            standard_error: Some((deviation / z).abs()),
            replicates: 1000,
            z: Some(z),
        };
        let sizes = deviations.iter().zip([300, 600, 1200]).map(size).collect();
        Deviation { curve: "a".into(), x: 0.5, observable: "q".into(), theory: 1.0, sizes }
    }

    #[test]
    fn finite_size_falls_with_n_and_ends_within_its_error_or_extrapolates_to_nothing() {
        assert!(at(&[(-0.4, -9.0), (-0.2, -8.0), (-0.1, -3.0)]).is_finite_size(), "falls and ends");
        assert!(at(&[(-0.4, -90.0), (-0.2, -80.0), (-0.1, -60.0)]).is_finite_size(), "halves: the intercept is 0");
        assert!(!at(&[(-0.4, -90.0), (-0.3, -80.0), (-0.25, -60.0)]).is_finite_size(), "falls to −0.2");
        assert!(!at(&[(-0.4, -90.0), (-0.41, -120.0), (-0.39, -200.0)]).is_finite_size());
        assert!(!at(&[(-0.4, -9.0)]).is_finite_size(), "one size tells nothing");
    }

    #[test]
    fn the_coefficient_is_the_weighted_line_through_nothing() {
        // d N = 120, 120 and 60 with errors of d N of 30, 60 and 30: weights 4, 1, 4 over 60²
        let found = at(&[(0.4, 4.0), (0.2, 2.0), (0.05, 2.0)]).coefficient().unwrap();
        assert!((found.value - (4.0 * 120.0 + 120.0 + 4.0 * 60.0) / 9.0).abs() < 1e-9, "{found:?}");
        assert!((found.standard_error - 20.0).abs() < 1e-9, "{found:?}");
        assert!((found.chi_squared - 20.0 / 9.0).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn nothing_is_said_to_shrink_that_was_not_seen() {
        assert_eq!(at(&[(-0.4, -2.0), (-0.2, -1.0), (-0.1, -0.5)]).trend(), Trend::Unseen);
        assert_eq!(at(&[(-0.4, -9.0), (-0.2, -4.0), (-0.1, -2.0)]).trend(), Trend::Shrinks);
        assert_eq!(at(&[(-0.01, -0.1), (-0.4, -80.0), (-0.4, -90.0)]).trend(), Trend::Stays);
    }

    #[test]
    fn the_intercept_is_that_of_the_line_through_the_two_largest() {
        // in units of the smaller N: 2·(−0.2) − (−0.3) = −0.1, with errors 2·0.02 and 0.01
        let z = at(&[(-0.5, -1.0), (-0.3, -30.0), (-0.2, -10.0)]).intercept().unwrap();
        let expected = -0.1 / (0.04f64.powi(2) + 0.01f64.powi(2)).sqrt();
        assert!((z - expected).abs() < 0.01, "{z} {expected}");
    }
}
