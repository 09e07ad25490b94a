//! Whether what separates simulation from theory is the finite size: the same point at growing N.

use crate::table::Table;

use super::evidence::Evidence;
use super::series::same_x;

/// Standard errors from which on a point needs an explanation.
pub(super) const BEYOND: f64 = 4.0;

/// One point and observable at several sizes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Deviation {
    pub curve: String,
    pub x: f64,
    pub observable: String,
    pub theory: f64,
    /// By rising N.
    pub sizes: Vec<Size>,
}

/// Simulation minus theory at one N.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Size {
    pub n: i64,
    pub deviation: f64,
    pub z: Option<f64>,
}

impl Deviation {
    /// True when |mean − theory| is smaller at the largest N than at the smallest, and either falls at
    /// every step or ends within [`BEYOND`] standard errors.
    pub fn shrinks(&self) -> bool {
        let (Some(first), Some(last)) = (self.sizes.first(), self.sizes.last()) else { return false };
        let falls = self.sizes.windows(2).all(|pair| pair[1].deviation.abs() < pair[0].deviation.abs());
        let ends = last.z.is_some_and(|z| z.abs() < BEYOND);
        self.sizes.len() > 1 && last.deviation.abs() < first.deviation.abs() && (falls || ends)
    }
}

/// Every point that was run at several sizes, in the order of the agreement table.
pub(super) fn deviations(evidence: &Evidence<'_>) -> Vec<Deviation> {
    let rows = 0..evidence.agreement.rows();
    rows.filter_map(|row| deviation(evidence, row)).filter(|deviation| deviation.sizes.len() > 1).collect()
}

/// True when the point of an agreement row was run at several sizes and its deviation shrinks.
pub(super) fn explains(evidence: &Evidence<'_>, row: usize) -> bool {
    deviation(evidence, row).is_some_and(|deviation| deviation.shrinks())
}

fn deviation(evidence: &Evidence<'_>, row: usize) -> Option<Deviation> {
    let table = evidence.agreement;
    let (curve, observable) = (table.text("curve", row)?, table.text("observable", row)?);
    let (x, theory) = (table.real("x", row)?, table.real("theory", row)?);
    let mut sizes: Vec<Size> = size(table, row).into_iter().collect();
    let others = evidence.finite_size;
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
    let deviation = table.real("mean", row)? - table.real("theory", row)?;
    Some(Size { n: table.integer("n", row)?, deviation, z: table.real("z", row) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(deviations: &[(f64, f64)]) -> Deviation {
        let sizes = deviations.iter().zip([300, 600, 1200]);
        let sizes = sizes.map(|(&(deviation, z), n)| Size { n, deviation, z: Some(z) }).collect();
        Deviation { curve: "a".into(), x: 0.5, observable: "q".into(), theory: 1.0, sizes }
    }

    #[test]
    fn a_deviation_shrinks_by_falling_or_by_ending_within_its_error() {
        assert!(at(&[(-0.4, -9.0), (-0.2, -8.0), (-0.1, -6.0)]).shrinks());
        assert!(at(&[(-0.4, -9.0), (-0.05, -1.0), (0.06, 2.0)]).shrinks());
        assert!(!at(&[(-0.4, -9.0), (-0.41, -12.0), (-0.39, -20.0)]).shrinks());
        assert!(!at(&[(-0.1, -5.0), (-0.2, -6.0), (-0.3, -7.0)]).shrinks());
        assert!(!at(&[(-0.4, -9.0)]).shrinks());
    }
}
