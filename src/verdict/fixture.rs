//! Small tables made by hand for the tests of verdicts and report.

use super::{Evidence, agreement_table, printed_points_table, published_table};
use crate::paper::{Files, Print};
use crate::spec::{Figure, Threshold};
use crate::table::{Rows, Table, schema};

/// A curve: its id and (x, ε_g).
pub type Curve<'a> = (&'a str, &'a [(f64, Option<f64>)]);

/// A theory table of (curve, [(x, ε_g)]); a null is a point that did not converge.
pub fn theory(curves: &[Curve<'_>]) -> Table {
    let mut rows = Rows::new(&schema::THEORY);
    for (curve, points) in curves {
        for &(x, y) in *points {
            let status = if y.is_some() { "converged" } else { "not_converged" };
            rows.push_row(&[
                ("figure", "fig00".into()),
                ("curve", (*curve).into()),
                ("x", x.into()),
                ("eg", y.into()),
                ("eg_t", y.map(|y| 1.0 - y).into()),
                ("status", status.into()),
                ("error", 1e-9.into()),
            ])
            .unwrap();
        }
    }
    rows.table().unwrap()
}

/// An experiment table of (curve, x, ε_g of each trial).
pub fn experiment(points: &[(&str, f64, &[f64])]) -> Table {
    let mut rows = Rows::new(&schema::EXPERIMENT);
    for (curve, x, values) in points {
        for (replicate, &value) in values.iter().enumerate() {
            rows.push_row(&[
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
    rows.table().unwrap()
}

/// A figure with curves a (a peak at 2), b (above a, its minimum at 3), c (null at 3) and the given claims.
pub fn figure(claims: &str) -> Figure {
    let text = format!(
        "id = \"fig05\"\ntitle = \"T < 1\"\npaper = \"Figure 5\"\ncaption = \"λ = 10^{{-5}}\"\npublished = \"fig5\"\n\
         [x]\nparameter = \"alpha\"\nrange = [1.0, 4.0]\npoints = 4\nexperiment = [2.0]\n\
         [[panel]]\ny = \"eg\"\nrange = [0.0, 1.0]\n\
         [[curve]]\nid = \"a\"\nlabel = \"a\"\nlearner = \"direct\"\n\
         [[curve]]\nid = \"b\"\nlabel = \"b\"\nlearner = \"direct\"\n\
         [[curve]]\nid = \"c\"\nlabel = \"c\"\nlearner = \"direct\"\nstyle = \"hidden\"\n{claims}"
    );
    let figure: Figure = toml::from_str(&text).unwrap();
    for claim in &figure.claims {
        claim.validate(&["a", "b", "c"]).unwrap();
    }
    figure
}

fn curves() -> Table {
    theory(&[
        ("a", &[(1.0, Some(0.2)), (2.0, Some(0.4)), (3.0, Some(0.1)), (4.0, Some(0.15))]),
        ("b", &[(1.0, Some(0.5)), (2.0, Some(0.45)), (3.0, Some(0.3)), (4.0, Some(0.35))]),
        ("c", &[(1.0, Some(0.3)), (2.0, Some(0.3)), (3.0, None), (4.0, Some(0.3))]),
    ])
}

/// What is known of it: theory of all curves, three trials of a and b at x = 2 on the same data sets, some print.
pub fn evidence(figure: &Figure) -> Evidence<'_> {
    let theory = curves();
    let experiment = experiment(&[("a", 2.0, &[0.40, 0.41, 0.42]), ("b", 2.0, &[0.44, 0.45, 0.46])]);
    let agreement = agreement_table(&theory, &experiment, &["eg"]).unwrap();
    let axes = |figure: &str| format!("{figure},1,x,linear,0,5,0.001\n{figure},1,y,linear,0,1,0.0002\n");
    let print = Print::parse(Files {
        axes: &format!("figure,panel,axis,scale,min,max,reading_error\n{}{}", axes("fig5"), axes("fig9")),
        curves: "figure,curve,segment,x,y\nfig5,a,0,1,0.2001\nfig5,a,0,4,0.25\nfig5,b,0,1,0.5\nfig9,a,0,1,9\n",
        points: "figure,curve,x,y,y_reading_error,bar_half,kind\nfig5,a,2,0.41,0.0002,0.01,simulation\n",
        lines: "",
    })
    .unwrap();
    let (vertices, points) = (print.curves(figure), print.points(figure));
    assert_eq!((vertices.len(), points.len()), (3, 1));
    let published = published_table(figure, &theory, &vertices, &points).unwrap();
    let printed_points = printed_points_table(figure, &theory, &points).unwrap();
    Evidence {
        finite_size: agreement.clone(),
        sized: experiment.clone(),
        theory,
        experiment,
        agreement,
        published,
        printed_points,
        thresholds: vec![(Threshold::StudentSeparability, 1.80356)],
        ..Evidence::none(figure)
    }
}
