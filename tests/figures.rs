//! The committed figures: the paper's twelve are there, cover the published curves, and say nothing that is not defined.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use redistill::paper::{self, Direction, Files, Kind, Print};
use redistill::spec::{Figure, Horizontal, Level, LineStyle, load_all};
use redistill::verdict::{Ledger, Role, changed};
use redistill::workflow::{MOST_ELEMENTS, Profile, Project, Workflow, largest_data};

/// Numbers that every figure has.
const AUTOMATIC: [&str; 17] = [
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
    "max_error",
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

fn print() -> Print {
    let [curves, points, lines, axes] = [paper::CURVES, paper::POINTS, paper::LINES, paper::AXES].map(read);
    Print::parse(Files { curves: &curves, points: &points, lines: &lines, axes: &axes }).expect("readable files")
}

/// The print's names of the figures and panels that ours name.
fn printed_panels(figures: &[Figure]) -> BTreeSet<&str> {
    figures.iter().flat_map(|figure| figure.panels.iter().filter_map(|panel| figure.print_of(panel))).collect()
}

/// The figures of the paper.
fn of_the_paper() -> Vec<Figure> {
    figures().into_iter().filter(Figure::is_in_paper).collect()
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
fn the_papers_twelve_are_there_and_every_figure_has_its_text() {
    let ids: Vec<String> = of_the_paper().into_iter().map(|figure| figure.id).collect();
    assert_eq!(ids, (1..=12).map(|number| format!("fig{number:02}")).collect::<Vec<_>>());
    for id in figures().into_iter().map(|figure| figure.id) {
        assert!(read(format!("figures/{id}/text.md")).split_whitespace().count() > 30, "{id} has a text");
    }
}

#[test]
fn every_printed_series_is_held_against_a_curve() {
    let (figures, print) = (of_the_paper(), print());
    assert_eq!(printed_panels(&figures).len(), 16, "every panel of print");
    let mut covered: BTreeSet<(String, String)> = BTreeSet::new();
    for figure in &figures {
        for panel in &figure.panels {
            let name = figure.print_of(panel).expect("every panel is in print");
            for curve in figure.curves.iter().filter(|curve| figure.shows(panel, curve)) {
                let series = curve.printed_curve().into_iter().chain(curve.printed_points());
                covered.extend(series.map(|series| (name.to_owned(), series.to_owned())));
            }
        }
    }
    let mut all = 0;
    for panel in printed_panels(&figures) {
        let [lines, points] = print.names(panel);
        // thresholds and the line ε = ρ are nobody's curve
        let curves = lines.into_iter().filter(|name| !name.starts_with("vertical_") && *name != "majority_class_line");
        for name in curves.chain(points) {
            all += 1;
            assert!(covered.contains(&(panel.to_owned(), name.to_owned())), "no curve stands for {panel} {name}");
        }
    }
    assert!(all > 130, "{all} series");
}

#[test]
fn every_panel_has_the_limits_and_the_scale_of_print() {
    let (figures, print) = (of_the_paper(), print());
    let mut axes = 0;
    for figure in &figures {
        for panel in &figure.panels {
            let sweep = panel.x.as_ref().unwrap_or(&figure.x);
            let ours = [(Direction::X, sweep.limits(), sweep.scale), (Direction::Y, panel.range, panel.scale)];
            for (direction, limits, scale) in ours {
                let printed = print.axis(figure, panel, direction).expect("every axis is in print");
                axes += 1;
                assert_eq!((limits, scale), ([printed.min, printed.max], printed.scale), "{} {:?}", figure.id, printed);
            }
        }
    }
    assert_eq!(axes, print.axes().len());
}

#[test]
fn the_error_of_the_larger_class_is_drawn_where_print_draws_it() {
    let print = print();
    for figure in &of_the_paper() {
        let line = |panel| {
            let name = figure.print_of(panel)?;
            print.lines().iter().find(|line| line.figure == name && line.name == "majority_class_line" && line.visible)
        };
        let printed = figure.panels.iter().find_map(line);
        let rho = |line: &&Horizontal| matches!(line.at, Level::MajorityClass(_));
        assert_eq!(figure.horizontals.iter().any(|line| rho(&line)), printed.is_some(), "{}", figure.id);
        if let Some(line) = printed {
            assert!((line.vertices[0].1 - figure.data.rho()).abs() <= line.y_error, "{} is at ρ", figure.id);
        }
    }
}

#[test]
fn every_printed_simulation_has_one_of_ours_beside_it() {
    let print = print();
    let mut points = 0;
    for figure in &of_the_paper() {
        for point in print.points(figure).iter().filter(|point| point.kind == Kind::Simulation) {
            let curve = figure.curves.iter().find(|curve| curve.id == point.curve).expect("a curve of the figure");
            if curve.style != LineStyle::Hidden {
                points += 1;
                let places = figure.experiment_x(curve);
                let near = places.iter().any(|x| (x - point.x).abs() <= 1e-9 * point.x);
                assert!(near, "{} {} at {}: {places:?}", figure.id, curve.id, point.x);
            }
        }
    }
    assert_eq!(points, 320, "every simulation of print");
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
    for name in ["data/paper/errata.toml", "data/paper/claims.toml", "report/part2.md"]
        .iter()
        .flat_map(|file| placeholders(&read(file)).into_iter().map(str::to_owned).collect::<Vec<_>>())
    {
        assert!(defined.contains(&name), "ledger: {name}");
        used += 1;
    }
    assert!(used > 60, "{used} numbers are told");
}

#[test]
fn every_number_defined_is_told_somewhere() {
    let figures = figures();
    let told = ["data/paper/errata.toml", "data/paper/claims.toml", "report/part2.md"].map(read);
    let texts = figures.iter().map(|figure| read(format!("figures/{}/text.md", figure.id)));
    let all = told.into_iter().chain(texts).collect::<String>();
    let elsewhere = placeholders(&all);
    let mut untold = Vec::new();
    for figure in &figures {
        let text = read(format!("figures/{}/text.md", figure.id));
        let own = placeholders(&text);
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
    let papers = ledger.claims.iter().filter(|claim| !claim.paper.is_empty()).count();
    assert!(papers >= 10, "{papers} claims of the paper");
    let decided = figures.iter().flat_map(|figure| &figure.claims);
    assert!(decided.clone().all(|claim| ledger.ids().any(|id| id == claim.claim)), "checks of entries that exist");
    ledger.rests_on(&[]).expect("figures numbered so that a project of its own may do without them");
    let mut unchecked = Vec::new();
    for entry in ledger.claims.iter().chain(&ledger.errata) {
        for id in &entry.figures {
            let figure = figures.iter().find(|figure| figure.id == *id).expect("a figure that exists");
            let tried = entry.alternatives.iter().any(|one| one.held.iter().any(|held| held.figure == *id));
            if !tried && !figure.claims.iter().any(|check| check.claim == entry.id) {
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
        "quadrature",
        "thresholds",
        "fig11_half",
        "unconverged",
        "fig4_ridge",
        "fig7_black",
        "fig3_caption",
        "chi_zero",
    ] {
        assert!(ids.contains(&id), "{id} in {ids:?}");
    }
}

#[test]
fn every_erratum_of_settings_says_what_print_says_and_tries_others() {
    let figures = figures();
    let ledger = Ledger::parse(&read("data/paper/claims.toml"), &read("data/paper/errata.toml")).expect("a ledger");
    let mut tried = 0;
    for entry in ledger.errata.iter().filter(|entry| !entry.alternatives.is_empty()) {
        let with = |role| entry.alternatives.iter().filter(|one| one.role == role).count();
        assert_eq!(with(Role::Printed), 1, "`{}` has what print says", entry.id);
        assert!(with(Role::Explanation) <= 1, "`{}` has one explanation", entry.id);
        for alternative in &entry.alternatives {
            for held in &alternative.held {
                let figure = figures.iter().find(|figure| figure.id == held.figure).expect("a figure that exists");
                assert!(entry.figures.contains(&figure.id), "`{}` names {}", entry.id, figure.id);
                changed(entry, alternative, held, figure).expect("a curve");
                tried += 1;
            }
        }
    }
    assert!(tried > 60, "{tried} curves are tried");
}

#[test]
fn every_bound_says_why_it_is_that_one() {
    for figure in figures() {
        for check in &figure.claims {
            assert!(check.reason.split_whitespace().count() >= 4, "{} {}: {}", figure.id, check.id, check.reason);
        }
    }
}

/// What a profile cannot afford, or mixes up, nobody would notice before the day it is asked for.
#[test]
fn every_profile_can_run_every_figure() {
    for name in Profile::NAMES {
        let profile = Profile::named(name).expect("a profile");
        let project = Project::read(&root(), profile).expect("a project");
        let (figure, alpha, n) = largest_data(&project).expect("experiments");
        assert!(alpha * (n as f64).powi(2) <= MOST_ELEMENTS, "{name}: {figure} at α = {alpha}");
        let workflow = Workflow::new(project).expect("a workflow");
        // those that are trained together share their data sets, and so all that says which these are
        let mut groups: BTreeMap<&str, BTreeSet<Vec<Option<&str>>>> = BTreeMap::new();
        for stage in workflow.graph.stages() {
            let Some(group) = &stage.group else { continue };
            let told = ["n", "sampling", "seed", "replicates"].map(|key| stage.parameters.own(key));
            groups.entry(group).or_default().insert(told.to_vec());
        }
        assert!(groups.len() > 100 && groups.values().all(|told| told.len() == 1), "{name}: {groups:?}");
    }
}
