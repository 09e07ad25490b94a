//! Theory against what others have in numbers: print, to the precision of its vector graphics, and the public code to
//! another paper.

use std::collections::BTreeMap;
use std::path::PathBuf;

use redistill::model::Lineage;
use redistill::model::lineage::{Data, Source, Stage};
use redistill::paper::{self, Files, Print, Vertex};
use redistill::spec::{Curve, Figure, LineStyle, Subject, load_all};
use redistill::table::Cell;
use redistill::theory::lineage::{optimal_ridge, solve};
use redistill::workflow::{Solved, solution_cells};

/// Every so many vertices of a curve one is solved, its ends among them.
const STRIDE: usize = 12;
/// A vertex may be off by its own reading error, its curve's rounding to the same grid, and the theory's certificate.
const READINGS: f64 = 1.5;

/// Curves that print itself has not to its own precision, all at λ = 1e-5 or 1e-3, and where: their part of the print
/// is held against simulation elsewhere.
fn departs(figure: &str, curve: &str, x: f64) -> bool {
    match (figure, curve) {
        ("fig03", "direct_alpha1.5") => x < 5e-4,
        ("fig06", "lambda1e-5") | ("fig12", "teacher_lt1e-5") => true,
        ("fig06", "lambda1e-3") => (3.0..6.0).contains(&x),
        ("fig11", "kd_lt1e-5") => (1.0..2.0).contains(&x) || (4.5..5.0).contains(&x),
        ("fig12", "student_lt1e-5") => x < 1.5,
        _ => false,
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn print() -> Print {
    let read = |file: &str| std::fs::read_to_string(root().join(file)).expect("a committed file");
    let [curves, points, lines, axes] = [paper::CURVES, paper::POINTS, paper::LINES, paper::AXES].map(read);
    Print::parse(Files { curves: &curves, points: &points, lines: &lines, axes: &axes }).expect("readable files")
}

/// The theory of a curve at x, in the column of a vertex.
fn theory(figure: &Figure, curve: &Curve, x: f64, column: &str) -> f64 {
    let point = figure.point(curve, x).expect("a point of the model");
    let Subject::Lineage(lineage) = point.subject else { panic!("{} is no bound", curve.id) };
    let solution = match point.optimal.is_empty() {
        true => solve(&lineage).expect("a solution"),
        false => optimal_ridge(&lineage, None).expect("a tuned ridge").1,
    };
    let cells = solution_cells(point.learner, &Solved::Lineage(lineage, solution));
    match cells.iter().find(|(name, _)| *name == column) {
        Some((_, Cell::Real(value))) => *value,
        other => panic!("{} {} at {x}: {column} is {other:?}", figure.id, curve.id),
    }
}

/// |theory − print| over the reading error and what the curve moves within that of x.
fn in_readings(figure: &Figure, curve: &Curve, vertex: &Vertex) -> f64 {
    let column = vertex.column.name();
    let here = theory(figure, curve, vertex.x, column);
    let beside = [vertex.x - vertex.x_error, vertex.x + vertex.x_error];
    let inside = beside.into_iter().filter(|&x| figure.point(curve, x).is_ok());
    let moved = inside.map(|x| (theory(figure, curve, x, column) - here).abs()).fold(0.0, f64::max);
    (here - vertex.y).abs() / (vertex.y_error + moved)
}

#[test]
fn theory_meets_every_learned_curve_of_print_within_reading() {
    let figures = load_all(&root().join("figures")).expect("figures that validate");
    let print = print();
    let (mut solved, mut curves) = (0, 0);
    for figure in &figures {
        let mut vertices: BTreeMap<(String, &str), Vec<Vertex>> = BTreeMap::new();
        for vertex in print.curves(figure) {
            vertices.entry((vertex.curve.clone(), vertex.column.name())).or_default().push(vertex);
        }
        for ((id, column), vertices) in &vertices {
            let curve = figure.curves.iter().find(|curve| curve.id == *id).expect("a curve of the figure");
            if curve.is_bound() || curve.style == LineStyle::Hidden {
                continue;
            }
            curves += 1;
            let chosen = vertices.iter().enumerate().filter(|(at, _)| at % STRIDE == 0 || *at + 1 == vertices.len());
            for (_, vertex) in chosen.filter(|(_, vertex)| figure.point(curve, vertex.x).is_ok()) {
                if departs(&figure.id, id, vertex.x) {
                    continue;
                }
                solved += 1;
                let readings = in_readings(figure, curve, vertex);
                let place = format!("{} {id} {column} at x = {}", figure.id, vertex.x);
                assert!(readings <= READINGS, "{place}: print {}, {readings:.2} readings off", vertex.y);
            }
        }
    }
    assert!(curves >= 58 && solved > 400, "{solved} vertices of {curves} curves");
}

/// A row of the table of the public code to arXiv 2501.16226: β_k is the inverse temperature at which stage k is learned.
struct Round {
    point: String,
    lineage: Lineage,
    stage: usize,
    /// m, b, q, s, ε_g, where there is one.
    values: [Option<f64>; 5],
    origin: String,
}

fn rounds() -> Vec<Round> {
    let file = root().join("data/self_distillation/values.csv");
    let mut reader = csv::Reader::from_path(file).expect("a committed file");
    let headers = reader.headers().expect("headers").clone();
    let row = |record: csv::StringRecord| {
        let cell = |name: &str| {
            let place = headers.iter().position(|header| header == name).expect("a column");
            record.get(place).expect("a cell").to_owned()
        };
        let number = |name: &str| cell(name).parse::<f64>().expect("a number");
        let list = |name: &str| -> Vec<f64> { cell(name).split(' ').map(|cell| cell.parse().unwrap()).collect() };
        let value = |name: &str| cell(name).parse().ok();
        let (ridges, beta) = (list("lambda"), list("beta"));
        let learner = |(k, &ridge): (usize, &f64)| match k {
            0 => Stage::logistic(1.0, ridge),
            _ => Stage::logistic(1.0, ridge).hard(Source::Stage(k), 1.0, 1.0 / beta[k - 1]),
        };
        let mut data = Data::isotropic(number("alpha"), number("delta"), number("rho"));
        data.label_noise = number("label_noise");
        let stages = ridges.iter().enumerate().map(learner).collect();
        let values = ["m", "b", "q", "s", "error"].map(value);
        let stage = cell("stage").parse().expect("a stage");
        Round { point: cell("point"), lineage: Lineage { data, stages }, stage, values, origin: cell("origin") }
    };
    reader.records().map(|record| row(record.expect("a row"))).collect()
}

/// The table has 11 digits and fewer; the code's own averages are over 10⁴ points.
const BY_EQUATIONS: f64 = 1e-8;
const BY_POINTS: f64 = 2e-3;

#[test]
fn two_rounds_of_another_groups_code_are_met_to_eight_digits_and_a_third_is_not() {
    let rounds = rounds();
    for Round { point, lineage, stage, values, origin } in &rounds {
        let solution = solve(lineage).expect("a solution");
        let told = &solution.stages[*stage - 1];
        let ours = [told.m, told.b, told.q, told.s.last().copied().unwrap_or(f64::NAN), told.eg];
        let allowed = if origin == "code" { BY_POINTS } else { BY_EQUATIONS };
        let apart = |(ours, value): (f64, &Option<f64>)| {
            value.map(|value| (ours - value).abs() / (allowed * (1.0 + value.abs())))
        };
        let apart: Vec<f64> = ours.into_iter().zip(values).filter_map(apart).collect();
        let most = apart.iter().copied().fold(0.0, f64::max);
        if *stage <= 2 {
            assert!(most <= 1.0, "{point}, stage {stage}: {apart:?}");
        } else {
            // the code leaves out the direct response to the rounds before the last
            assert!(most > 1e3, "{point}, stage {stage}: {apart:?}");
        }
    }
    assert!(rounds.iter().any(|round| round.stage > 2) && rounds.len() >= 6);
}
