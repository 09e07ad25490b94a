//! Output: one figure as SVG, one table as Parquet.

use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use redistill::plot::{Axis, Color, Dash, Drawing, Grid, LegendPlacement, Panel, Point, Series, render};
use redistill::table::{Cell, Rows, parquet, schema};

fn plot(c: &mut Criterion) {
    let mut panel = Panel::new(Axis::linear("α", (0.0, 10.0)), Axis::linear("ε_g", (0.0, 0.5)));
    let points = |k: usize| {
        (0..100).map(|i| f64::from(i) / 10.0).map(|x| Point::new(x, 0.25 + 0.2 * (x + k as f64).sin())).collect()
    };
    panel.series =
        (0..5).map(|k| Series::theory(&format!("c{k}"), "λ = 0.1", Color::slot(k), Dash::Solid, points(k))).collect();
    let drawing = Drawing {
        id: "bench".into(),
        title: "Five curves of a hundred points".into(),
        description: String::new(),
        panels: vec![panel],
        grid: Grid::default(),
        legend: LegendPlacement::Below,
    };
    c.bench_function("plot/five curves", |b| b.iter(|| render(&drawing).expect("a valid drawing")));
}

fn table(c: &mut Criterion) {
    let mut table = Rows::new(&schema::THEORY);
    for row in 0..1000 {
        let x = f64::from(row);
        let cells =
            [("figure", Cell::from("fig05")), ("x", x.into()), ("m", x.sqrt().into()), ("q", (1.0 / (1.0 + x)).into())];
        table.push_row(&cells).expect("columns of the schema");
    }
    let table = table.table().expect("columns of the schema");
    let bytes = parquet::to_bytes(&table).expect("encodes");
    c.bench_function("table/encode", |b| b.iter(|| parquet::to_bytes(&table).expect("encodes")));
    c.bench_function("table/decode", |b| b.iter(|| parquet::from_bytes(&bytes, Path::new("bench")).expect("decodes")));
}

criterion_group! { name = benches; config = Criterion::default().sample_size(20); targets = plot, table }
criterion_main!(benches);
