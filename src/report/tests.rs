//! The report as a whole, and every kind of check, on tables made by hand.

use std::collections::BTreeSet;

use super::fixture::{experiment, theory};
use super::*;
use crate::paper::{Files, Print};
use crate::spec::{Figure, Threshold};
use crate::table::Table;

/// A figure with curves a (a peak at 2), b (above a, its minimum at 3), c (null at 3) and the given claims.
fn figure(claims: &str) -> Figure {
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

struct Tables {
    theory: Table,
    experiment: Table,
    agreement: Table,
    published: Table,
    printed_points: Table,
}

fn tables(figure: &Figure) -> Tables {
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
    Tables { theory, experiment, agreement, published, printed_points }
}

const THRESHOLDS: [(Threshold, f64); 1] = [(Threshold::StudentSeparability, 1.80356)];

fn evidence<'a>(figure: &'a Figure, tables: &'a Tables) -> Evidence<'a> {
    let Tables { theory, experiment, agreement, published, printed_points } = tables;
    Evidence {
        spec: figure,
        theory,
        experiment,
        agreement,
        finite_size: agreement,
        published,
        printed_points,
        thresholds: &THRESHOLDS,
    }
}

/// The verdict and value of one check written as the keys of its kind.
fn verdict(keys: &str) -> (String, Option<f64>) {
    let figure = figure(&format!("[[claim]]\nid = \"x\"\nclaim = \"1\"\ntext = \"t\"\n{keys}\n"));
    let tables = tables(&figure);
    let claims = claims_table(&[evidence(&figure, &tables)]).unwrap();
    (claims.text("verdict", 0).unwrap().to_owned(), claims.real("value", 0))
}

#[test]
fn every_kind_decides_and_stays_open_on_nulls() {
    let cases = [
        ("kind = \"peak\"\ncurve = \"a\"\nwithin = [1.5, 2.5]\nprominence = 0.2", "holds"),
        ("kind = \"peak\"\ncurve = \"a\"\nwithin = [1.5, 2.5]\nprominence = 0.21", "fails"),
        ("kind = \"peak\"\ncurve = \"a\"\nwithin = [3.0, 4.0]", "fails"),
        ("kind = \"peak\"\ncurve = \"c\"\nwithin = [1.0, 4.0]", "undecided"),
        ("kind = \"trough\"\ncurve = \"b\"\nwithin = [3.0, 3.0]", "holds"),
        ("kind = \"trough\"\ncurve = \"b\"\nwithin = [1.0, 2.0]", "fails"),
        ("kind = \"below\"\ncurve = \"a\"\nthan = \"b\"", "holds"),
        ("kind = \"below\"\ncurve = \"a\"\nthan = \"b\"\nmargin = 0.05", "fails"),
        ("kind = \"below\"\ncurve = \"c\"\nthan = \"b\"", "undecided"),
        ("kind = \"below\"\ncurve = \"b\"\nthan = \"c\"", "fails"),
        ("kind = \"below\"\ncurve = \"a\"\nthan = \"b\"\nrange = [8.0, 9.0]", "undecided"),
        ("kind = \"crosses_within\"\ncurve = \"a\"\nother = \"c\"\nwithin = [2.5, 3.5]", "undecided"),
        ("kind = \"crosses_within\"\ncurve = \"a\"\nother = \"b\"\nwithin = [1.0, 4.0]", "fails"),
        ("kind = \"argmin_near\"\ncurve = \"a\"\nother = \"b\"\nfactor = 1.0", "holds"),
        ("kind = \"argmin_near\"\ncurve = \"a\"\nother = \"a\"\nother_column = \"eg_t\"\nfactor = 1.4", "fails"),
        ("kind = \"gap_at_most\"\ncurve = \"a\"\nother = \"b\"\ngap = 0.3", "holds"),
        ("kind = \"gap_at_most\"\ncurve = \"a\"\nother = \"b\"\ngap = 0.3\nrelative = true", "fails"),
        ("kind = \"gap_at_least\"\ncurve = \"a\"\nother = \"b\"\ngap = 0.04", "holds"),
        ("kind = \"gap_at_least\"\ncurve = \"a\"\nother = \"b\"\ngap = 0.06", "fails"),
        ("kind = \"minimum_at_least\"\ncurve = \"b\"\nthan = \"a\"", "holds"),
        ("kind = \"minimum_at_least\"\ncurve = \"a\"\nthan = \"b\"\ntolerance = 0.1", "fails"),
        ("kind = \"peaks_decrease\"\ncurves = [\"b\", \"a\"]", "holds"),
        ("kind = \"peaks_decrease\"\ncurves = [\"a\", \"b\"]", "fails"),
        ("kind = \"peaks_decrease\"\ncurves = [\"b\", \"c\"]", "undecided"),
        ("kind = \"gaps_decrease\"\ncurves = [\"a\", \"b\"]\nto = \"b\"", "holds"),
        ("kind = \"gaps_decrease\"\ncurves = [\"b\", \"a\"]\nto = \"b\"", "fails"),
        ("kind = \"envelope_near\"\ncurves = [\"b\", \"a\"]\nto = \"a\"\ngap = 0.0", "holds"),
        ("kind = \"envelope_near\"\ncurves = [\"b\"]\nto = \"a\"\ngap = 0.1", "fails"),
        ("kind = \"value\"\ncurve = \"a\"\nx = 3\nvalue = 0.1\ntolerance = 0", "holds"),
        ("kind = \"value\"\ncurve = \"c\"\nx = 3\nvalue = 0.1\ntolerance = 1", "undecided"),
        ("kind = \"threshold\"\nthreshold = \"student_separability\"\nvalue = 1.8\ntolerance = 0.01", "holds"),
        ("kind = \"threshold\"\nthreshold = \"interpolation\"\nvalue = 0.5\ntolerance = 0.01", "undecided"),
        (
            "kind = \"threshold_departs\"\nthreshold = \"student_separability\"\nprinted = 1.75\nat_least = 0.05",
            "holds",
        ),
        ("kind = \"matches_published\"\ncurve = \"b\"", "holds"),
        ("kind = \"matches_published\"\ncurve = \"a\"", "fails"),
        ("kind = \"matches_published\"\ncurve = \"a\"\nshare = 0.5", "holds"),
        ("kind = \"matches_published\"\ncurve = \"c\"", "undecided"),
        ("kind = \"departs_from_published\"\ncurve = \"a\"\nat_least = 0.1", "holds"),
        ("kind = \"departs_from_published\"\ncurve = \"b\"\nat_least = 0.1", "fails"),
        ("kind = \"agrees_with_experiment\"\ncurve = \"b\"", "holds"),
        ("kind = \"agrees_with_experiment\"\nz = 1.0", "fails"),
        ("kind = \"agrees_with_experiment\"\ncurve = \"c\"", "undecided"),
        ("kind = \"rejected_by_experiment\"\ncurve = \"c\"\nexperiment_of = \"a\"\nz = 15", "holds"),
        ("kind = \"rejected_by_experiment\"\ncurve = \"a\"\nexperiment_of = \"a\"\nz = 5", "fails"),
        ("kind = \"certified\"\ncurve = \"a\"\nresidual = 1e-10\nquadrature = 1e-8", "holds"),
        ("kind = \"certified\"\ncurve = \"a\"\nresidual = 1e-10\nquadrature = 1e-10", "fails"),
        ("kind = \"certified\"\ncurve = \"c\"\nresidual = 1e-10\nquadrature = 1e-8", "undecided"),
    ];
    for (keys, expected) in cases {
        assert_eq!(verdict(keys).0, expected, "{keys}");
    }
}

#[test]
fn the_deciding_number_is_the_hand_computed_one() {
    let value = |keys: &str| verdict(keys).1.unwrap();
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
    close(value("kind = \"below\"\ncurve = \"a\"\nthan = \"b\""), -0.05);
    close(value("kind = \"crosses_within\"\ncurve = \"a\"\nother = \"c\"\nwithin = [1.0, 2.0]"), 1.5);
    close(value("kind = \"gap_at_most\"\ncurve = \"a\"\nother = \"b\"\ngap = 1.0"), 0.3);
    // mean 0.41, standard error 0.01/√3, theory 0.40
    close(value("kind = \"agrees_with_experiment\"\ncurve = \"a\""), 3f64.sqrt());
}

const CLAIMS: &str = "[[claim]]\nid = \"up\"\nclaim = \"5\"\ntext = \"t < u & v\"\nkind = \"peak\"\ncurve = \"a\"\nwithin = [1.5, 2.5]\n\
                      [[number]]\nname = \"top\"\nof = \"max\"\ncurve = \"a\"\n\
                      [[number]]\nname = \"peak_x\"\nof = \"argmax\"\ncurve = \"a\"\n";
const SVG: &str = "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"f\" viewBox=\"0 0 9 9\"><g id=\"g\" class=\"series published c0\"/></svg>\n";

/// Renders a report of the one figure with the given text.
fn with_report<T>(text: &str, render: impl Fn(&Input<'_>) -> T) -> T {
    let figure = figure(CLAIMS);
    let tables = tables(&figure);
    let evidence = evidence(&figure, &tables);
    let claims = claims_table(&[evidence]).unwrap();
    let ledger =
        Ledger::parse(include_str!("../../data/paper/claims.toml"), include_str!("../../data/paper/errata.toml"))
            .unwrap();
    let drawings = Drawings { overlay: SVG, theory: SVG, experiment: SVG, residuals: SVG };
    let text_path = "figures/fig05/text.md";
    let figures = [FigureInput { evidence, text, text_path, drawings, digest: "d1" }];
    render(&Input { figures: &figures, claims: &claims, ledger: &ledger, profile: "quick", costs: None })
}

#[test]
fn an_unknown_number_names_file_line_and_near_names() {
    let error = with_report("one\n\ntwo {{ tip }}\n", |input| html(input).unwrap_err().to_string());
    assert!(error.starts_with("figures/fig05/text.md:3: unknown number `tip`") && error.contains("`top`"), "{error}");
    let error = with_report("{{ top", |input| markdown(input).unwrap_err().to_string());
    assert!(error.starts_with("figures/fig05/text.md:1"), "{error}");
}

/// The values of an attribute in a page.
fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    page.split(&format!(" {name}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn the_page_is_whole_by_itself() {
    let page = with_report("top {{ top }}, z {{ worst_z }}, $\\tilde m$\n", |input| html(input).unwrap());
    assert!(page.contains("top 0.4000, z 1.73"), "numbers are filled in");
    let ids = attributes(&page, "id");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "ids are unique");
    for link in attributes(&page, "href") {
        let resolves = match link.strip_prefix('#') {
            Some(anchor) => unique.contains(anchor),
            None => link.starts_with("data:") || link.starts_with("../data/") || link.starts_with("https://arxiv.org/"),
        };
        assert!(resolves, "{link}");
    }
    assert!(attributes(&page, "src").is_empty() && !page.contains("url(http"), "nothing is loaded from elsewhere");
    assert!(
        page.contains("T &lt; 1") && page.contains("t &lt; u &amp; v") && page.contains("λ = 10⁻⁵"),
        "texts are escaped"
    );
    assert!(page.contains("class=\"show-published\""));
}

#[test]
fn equal_input_gives_equal_bytes() {
    let text = "z {{ worst_z }}\n";
    let all = |input: &Input<'_>| (html(input).unwrap(), markdown(input).unwrap(), super::summary(input).unwrap());
    assert_eq!(with_report(text, all), with_report(text, all));
}

#[test]
fn the_ledger_tells_what_this_run_cannot_decide() {
    let page = with_report("", |input| markdown(input).unwrap());
    assert!(page.contains("| 5 | Hybrid double descent | Figures 5, 11 | not in this run |"), "figure 11 is missing");
    assert!(with_report("", |input| super::summary(input).unwrap()).len() < 200_000);
}

/// Characters that the embedded font draws.
fn covered() -> BTreeSet<char> {
    let listed = include_str!("../../report/maths-coverage.txt");
    let (plain, marks) = listed.split_once('\n').unwrap();
    let mark = |word: &str| char::from_u32(u32::from_str_radix(word.trim_start_matches("U+"), 16).unwrap()).unwrap();
    plain.chars().chain(marks.split_whitespace().map(mark)).collect()
}

/// What a browser draws for a letter alone in `<mi>`: its mathematical italic.
fn italic(letter: char) -> char {
    let shift = |base: u32, first: char| char::from_u32(base + u32::from(letter) - u32::from(first)).unwrap_or(letter);
    match letter {
        'h' => 'ℎ',
        'a'..='z' => shift(0x1d44e, 'a'),
        'A'..='Z' => shift(0x1d434, 'A'),
        'α'..='ω' => shift(0x1d6fc, 'α'),
        'Α'..='Ω' => shift(0x1d6e2, 'Α'),
        other => other,
    }
}

#[test]
fn every_formula_has_its_glyphs() {
    let page = with_report("", |input| html(input).unwrap());
    let covered = covered();
    let mut seen = 0;
    for element in ["mi", "mo", "mn"] {
        for piece in page.split(&format!("<{element}")).skip(1) {
            let Some((attributes, rest)) = piece.split_once('>') else { continue };
            let text =
                rest.split('<').next().unwrap_or("").replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&");
            let letters: Vec<char> = text
                .chars()
                .filter(|c| !c.is_whitespace() && !matches!(c, '\u{2061}'..='\u{2064}' | '\u{fe00}'))
                .collect();
            let slanted = element == "mi" && letters.len() == 1 && !attributes.contains("normal");
            for &letter in &letters {
                let drawn = if slanted { italic(letter) } else { letter };
                assert!(covered.contains(&drawn), "no glyph for {drawn:?} (U+{:04X}) of <{element}>", u32::from(drawn));
                seen += 1;
            }
        }
    }
    assert!(seen > 500, "{seen}");
}
