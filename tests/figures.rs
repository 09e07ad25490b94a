//! The committed figures: all twelve are there, cover the published curves, and say nothing that is not defined.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use redistill::report::{Ledger, readings};
use redistill::spec::{Curve, Figure, LearnerName, load_all};

/// Numbers that every figure has.
const AUTOMATIC: [&str; 18] = [
    "worst_z",
    "chi_squared",
    "degrees_of_freedom",
    "max_published",
    "published_vertices",
    "published_outside",
    "published_inside",
    "theory_points",
    "simulated_points",
    "trials",
    "trials_failed",
    "features",
    "replicates",
    "max_residual",
    "max_quadrature_error",
    "alpha_interpolation",
    "alpha_student",
    "alpha_teacher",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn figures() -> Vec<Figure> {
    load_all(&root().join("figures")).expect("figures that validate")
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(root().join(path)).expect("a committed file")
}

fn published_curves() -> String {
    read("data/paper/published_curves.csv")
}

/// The names between `{{` and `}}`.
fn placeholders(text: &str) -> Vec<&str> {
    text.split("{{").skip(1).map(|after| after.split_once("}}").expect("closed braces").0.trim()).collect()
}

/// Every number of every figure as `figure.name`.
fn defined(figures: &[Figure]) -> BTreeSet<String> {
    let of = |figure: &Figure| {
        let own = figure.numbers.iter().map(|number| number.name.clone());
        own.chain(AUTOMATIC.iter().map(|name| (*name).to_owned()))
            .map(|name| format!("{}.{name}", figure.id))
            .collect::<Vec<_>>()
    };
    figures.iter().flat_map(of).collect()
}

#[test]
fn all_twelve_are_there_with_their_texts() {
    let ids: Vec<String> = figures().into_iter().map(|figure| figure.id).collect();
    assert_eq!(ids, (1..=12).map(|number| format!("fig{number:02}")).collect::<Vec<_>>());
    for id in ids {
        assert!(read(format!("figures/{id}/text.md")).split_whitespace().count() > 30, "{id} has a text");
    }
}

#[test]
fn every_published_curve_is_held_against_a_curve() {
    let text = published_curves();
    let mut names: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        *names.entry((fields[0], fields[1])).or_default() += 1;
    }
    assert!(names.len() > 30, "{} curves", names.len());
    let mut covered: BTreeSet<(String, String)> = BTreeSet::new();
    for figure in &figures() {
        for curve in &figure.curves {
            if let Some(print) = figure.published_name(curve) {
                covered.insert((print.to_owned(), curve.published.as_ref().unwrap_or(&curve.id).clone()));
            }
        }
    }
    let missing: Vec<_> = names
        .keys()
        .filter(|(figure, curve)| !covered.contains(&((*figure).to_owned(), (*curve).to_owned())))
        .collect();
    assert!(missing.is_empty(), "no curve stands for {missing:?}");
}

#[test]
fn every_vertex_of_print_reaches_the_tables() {
    let text = published_curves();
    for figure in figures() {
        let vertices = readings(&figure, &text).expect("a readable file");
        for vertex in vertices {
            let curve = figure.curves.iter().find(|curve| curve.id == vertex.curve).expect("a curve of the figure");
            let inside = figure.sweep_of(curve).limits();
            // readings may stand off the axis by its line's width
            let slack = 0.01 * (inside[1] - inside[0]);
            assert!(
                (inside[0] - slack..=inside[1] + slack).contains(&vertex.x),
                "{} {}: x = {}",
                figure.id,
                vertex.curve,
                vertex.x
            );
        }
    }
}

fn simulates(curve: &Curve) -> bool {
    !matches!(curve.learner, LearnerName::BayesTeacher | LearnerName::BayesStudent)
}

#[test]
fn every_figure_has_the_experiments_the_paper_has() {
    let expected: [(&str, &[f64]); 12] = [
        ("fig01", &[1.5, 3.0, 4.5, 6.0, 7.5, 9.0]),
        ("fig02", &[3.0, 4.5, 6.0, 7.5, 9.0]),
        ("fig03", &[0.1, 0.3, 0.5, 0.7, 0.9]),
        ("fig04", &[2.0, 3.0, 4.0, 8.0, 10.0]),
        ("fig05", &[0.5, 1.5, 2.5, 3.5, 4.5, 5.5]),
        ("fig06", &[1.5, 3.0, 4.5, 6.0, 7.5, 9.0]),
        ("fig07", &[1.5, 3.0, 4.5, 6.0, 7.5, 9.0]),
        ("fig08", &[1.5, 3.0, 4.5, 6.0, 7.5, 9.0]),
        ("fig09", &[0.05, 0.1, 0.2, 0.35]),
        ("fig10", &[0.4, 0.8, 1.2, 1.6]),
        ("fig11", &[0.5, 1.5, 2.5, 3.5, 4.5, 5.5]),
        ("fig12", &[1.5, 3.0, 4.5, 6.0, 7.5, 9.0]),
    ];
    for (figure, (id, places)) in figures().iter().zip(expected) {
        assert_eq!(figure.id, id);
        let simulated: Vec<Vec<f64>> =
            figure.curves.iter().filter(|curve| simulates(curve)).map(|curve| figure.experiment_x(curve)).collect();
        let has_all = |at: &Vec<f64>| places.iter().all(|x| at.iter().any(|y| (x - y).abs() < 1e-9));
        assert!(simulated.iter().any(has_all), "{id}: {simulated:?}");
    }
}

#[test]
fn every_placeholder_of_every_text_is_defined() {
    let figures = figures();
    let defined = defined(&figures);
    let mut used = 0;
    for figure in &figures {
        for name in placeholders(&read(format!("figures/{}/text.md", figure.id))) {
            let own = format!("{}.{name}", figure.id);
            assert!(defined.contains(&own) || defined.contains(name), "{}: {name}", figure.id);
            used += 1;
        }
    }
    for name in
        placeholders(&read("data/paper/errata.toml")).into_iter().chain(placeholders(&read("data/paper/claims.toml")))
    {
        assert!(defined.contains(name), "ledger: {name}");
        used += 1;
    }
    assert!(used > 60, "{used} numbers are told");
}

#[test]
fn every_number_defined_is_told_somewhere() {
    let figures = figures();
    let ledger = format!("{}{}", read("data/paper/errata.toml"), read("data/paper/claims.toml"));
    let mut untold = Vec::new();
    for figure in &figures {
        let text = read(format!("figures/{}/text.md", figure.id));
        let (own, elsewhere) = (placeholders(&text), placeholders(&ledger));
        for number in &figure.numbers {
            let told = own.contains(&number.name.as_str())
                || elsewhere.contains(&format!("{}.{}", figure.id, number.name).as_str());
            if !told {
                untold.push(format!("{}.{}", figure.id, number.name));
            }
        }
    }
    assert!(untold.is_empty(), "nobody tells {untold:?}");
}

#[test]
fn every_claim_and_erratum_has_a_check_in_the_figures_it_names() {
    let figures = figures();
    let ledger = Ledger::parse(&read("data/paper/claims.toml"), &read("data/paper/errata.toml")).expect("a ledger");
    assert_eq!(ledger.claims.len(), 10);
    for figure in &figures {
        ledger.covers(figure).expect("checks of entries that exist");
    }
    let mut unchecked = Vec::new();
    for entry in ledger.claims.iter().chain(&ledger.errata) {
        for id in &entry.figures {
            let figure = figures.iter().find(|figure| figure.id == *id).expect("a figure that exists");
            // no readings exist of Figure 11: what it prints cannot be checked, and the ledger says so
            if entry.id == "fig11_half" {
                continue;
            }
            if !figure.claims.iter().any(|check| check.claim == entry.id) {
                unchecked.push(format!("`{}` in {id}", entry.id));
            }
        }
    }
    assert!(unchecked.is_empty(), "no check for {unchecked:?}");
    for figure in &figures {
        for check in &figure.claims {
            let entry =
                ledger.claims.iter().chain(&ledger.errata).find(|entry| entry.id == check.claim).expect("an entry");
            assert!(entry.figures.contains(&figure.id), "`{}` is decided in {} too", entry.id, figure.id);
        }
    }
}

#[test]
fn the_errata_of_print_are_all_on_the_ledger() {
    let ledger = Ledger::parse(&read("data/paper/claims.toml"), &read("data/paper/errata.toml")).expect("a ledger");
    let ids: Vec<&str> = ledger.errata.iter().map(|entry| entry.id.as_str()).collect();
    for id in [
        "half_loss",
        "fig3b_legend",
        "fig8_text",
        "eq112",
        "hebbian",
        "fig6_quadrature",
        "thresholds",
        "fig11_half",
        "unconverged",
    ] {
        assert!(ids.contains(&id), "{id} in {ids:?}");
    }
}
