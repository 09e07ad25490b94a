//! Small tables made by hand for the tests of this module.

use crate::table::{Table, schema};

/// A curve: its id and (x, ε_g).
pub type Curve<'a> = (&'a str, &'a [(f64, Option<f64>)]);

/// A theory table of (curve, [(x, ε_g)]); a null is a point that did not converge.
pub fn theory(curves: &[Curve<'_>]) -> Table {
    let mut table = Table::with_schema(&schema::THEORY);
    for (curve, points) in curves {
        for &(x, y) in *points {
            let status = if y.is_some() { "converged" } else { "not_converged" };
            table
                .push_row(&[
                    ("figure", "fig00".into()),
                    ("curve", (*curve).into()),
                    ("x", x.into()),
                    ("eg", y.into()),
                    ("eg_t", y.map(|y| 1.0 - y).into()),
                    ("status", status.into()),
                    ("residual", 1e-12.into()),
                    ("quadrature_error", 1e-9.into()),
                ])
                .unwrap();
        }
    }
    table
}

/// An experiment table of (curve, x, ε_g of each trial).
pub fn experiment(points: &[(&str, f64, &[f64])]) -> Table {
    let mut table = Table::with_schema(&schema::EXPERIMENT);
    for (curve, x, values) in points {
        for (replicate, &value) in values.iter().enumerate() {
            table
                .push_row(&[
                    ("figure", "fig00".into()),
                    ("curve", (*curve).into()),
                    ("x", (*x).into()),
                    ("replicate", (replicate as i64).into()),
                    ("n", 200.into()),
                    ("eg", value.into()),
                    ("status", "converged".into()),
                ])
                .unwrap();
        }
    }
    table
}
