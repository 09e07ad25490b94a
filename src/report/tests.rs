//! The report as a whole, on tables made by hand.

use std::collections::BTreeSet;

use super::*;
use crate::verdict::{alternatives_table, claims_table, fixture, verdicts_table};

const CLAIMS: &str = "[[claim]]\nid = \"up\"\nclaim = \"5\"\ntext = \"t < u & v\"\nreason = \"r\"\nquantity = { statistic = \"argmax\", curve = \"a\" }\nwithin = [1.5, 2.5]\n\
                      [[number]]\nname = \"top\"\nquantity = { statistic = \"max\", curve = \"a\" }\n\
                      [[number]]\nname = \"peak_x\"\nquantity = { statistic = \"argmax\", curve = \"a\" }\n\
                      [[number]]\nname = \"peak_stronger\"\nquantity = { statistic = \"argmax\", curve = \"a\" }\n\
                      [[number]]\nname = \"peak_weaker\"\nquantity = { statistic = \"argmax\", curve = \"a\" }\n";
const SVG: &str = "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"f\" viewBox=\"0 0 9 9\"><g id=\"g\" class=\"series published c0\"/></svg>\n";

/// Renders a report of the one figure with the given text.
fn with_report<T>(text: &str, render: impl Fn(&Input<'_>) -> T) -> T {
    let figure = fixture::figure(CLAIMS);
    let tables = fixture::tables(&figure);
    let evidence = fixture::evidence(&figure, &tables);
    let claims = claims_table(&[evidence]).unwrap();
    let ledger =
        Ledger::parse(include_str!("../../data/paper/claims.toml"), include_str!("../../data/paper/errata.toml"))
            .unwrap();
    let alternatives = alternatives_table(&[], &[evidence]).unwrap();
    let verdicts = verdicts_table(&ledger, &claims, &alternatives, &[evidence]).unwrap();
    let drawings = Drawings { overlay: SVG, theory: SVG, experiment: SVG, residuals: SVG, finite_size: None };
    let text_path = "figures/fig05/text.md";
    let figures = [FigureInput { evidence, text, text_path, drawings, digest: "d1" }];
    render(&Input {
        figures: &figures,
        claims: &claims,
        verdicts: &verdicts,
        alternatives: &alternatives,
        ledger: &ledger,
        profile: "quick",
        costs: None,
    })
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
    assert!(page.contains("top 0.4000, z 1.21"), "numbers are filled in");
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
    assert!(
        page.contains("| 5 | Hybrid double descent | Section 6; Figures 5, 11 | not in this run |"),
        "figure 11 is missing"
    );
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
