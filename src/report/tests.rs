//! The report as a whole, on tables made by hand.

use std::collections::BTreeSet;

use super::*;
use crate::verdict::{alternatives_table, claims_table, fixture, verdicts_table};

const CLAIMS: &str = "[[claim]]\nid = \"up\"\nclaim = \"5\"\ntext = \"t < u & v\"\nreason = \"r\"\nquantity = { statistic = \"argmax\", curve = \"a\" }\nwithin = [1.5, 2.5]\n\
                      [[number]]\nname = \"top\"\nquantity = { statistic = \"max\", curve = \"a\" }\n\
                      [[number]]\nname = \"peak_x\"\nquantity = { statistic = \"argmax\", curve = \"a\" }\n\
                      [[number]]\nname = \"peak_stronger\"\nquantity = { statistic = \"argmax\", curve = \"a\" }\n\
                      [[number]]\nname = \"peak_weaker\"\nquantity = { statistic = \"argmax\", curve = \"a\" }\n";
const SVG: &str = "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"fig05\" viewBox=\"0 0 9 9\"><g id=\"g\" class=\"series published c0\"/></svg>\n";

/// Renders a report of the one figure with the given text.
fn with_report<T>(text: &str, explorer: Option<&str>, render: impl FnOnce(Result<Report<'_>, ReportError>) -> T) -> T {
    let figure = fixture::figure(CLAIMS);
    let evidence = [fixture::evidence(&figure)];
    let claims = claims_table(&evidence).unwrap();
    let ledger =
        Ledger::parse(include_str!("../../data/paper/claims.toml"), include_str!("../../data/paper/errata.toml"))
            .unwrap();
    let alternatives = alternatives_table(&[], &evidence).unwrap();
    let verdicts = verdicts_table(&ledger, &claims, &alternatives, &evidence).unwrap();
    let figures = evidence.map(|evidence| FigureInput {
        evidence,
        text: text.to_owned(),
        text_path: "figures/fig05/text.md".to_owned(),
        overlay: SVG.to_owned(),
        residuals: SVG.to_owned(),
        finite_size: None,
        experiment: b"PAR1a".into(),
        agreement: b"PAR1b".into(),
        digest: "d1".to_owned(),
    });
    let run = Run {
        version: "1.2.3",
        sources: "5ee6",
        profile: "quick",
        n: 400,
        replicates: 16,
        seed: 7,
        command: "redistill",
    };
    render(Report::new(&Input {
        title: "A < title",
        lede: "About [it](https://arxiv.org/abs/2012.00194).",
        figures: &figures,
        claims: &claims,
        verdicts: &verdicts,
        alternatives: &alternatives,
        ledger: &ledger,
        run,
        costs: None,
        explorer,
    }))
}

/// The report of the one figure as HTML, Markdown and summary.
fn rendered(text: &str) -> [String; 3] {
    with_report(text, None, |report| {
        let report = report.unwrap();
        [html(&report).unwrap(), markdown(&report).unwrap(), super::summary(&report).unwrap()]
    })
}

#[test]
fn an_unknown_number_names_file_line_and_near_names() {
    let error = |text| with_report(text, None, |report| report.unwrap_err().to_string());
    let [error, open] = ["one\n\ntwo {{ tip }}\n", "{{ top"].map(error);
    assert!(error.starts_with("figures/fig05/text.md:3: unknown number `tip`") && error.contains("`top`"), "{error}");
    assert!(open.starts_with("figures/fig05/text.md:1"), "{open}");
}

/// The values of an attribute in a page.
fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    page.split(&format!(" {name}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn the_page_is_whole_by_itself() {
    let [page, ..] = rendered("top {{ top }}, z {{ worst_z }}, $\\tilde m$\n");
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
        page.contains("T &lt; 1") && page.contains("T &lt; u &amp; v") && page.contains("λ = 10⁻⁵"),
        "texts are escaped"
    );
    assert!(page.contains("class=\"show-published\""));
    for word in
        ["redistill 1.2.3", "5ee6", "<dd>400</dd>", "<dd>16</dd>", "<dd>7</dd>", "MIT", "@inproceedings", "Zdeborov"]
    {
        assert!(page.contains(word), "the page says {word}");
    }
}

#[test]
fn every_download_is_in_the_page_or_said_to_lie_beside_it() {
    let [page, ..] = rendered("");
    let (inside, beside) = page.split_once("Beside this page").expect("downloads");
    for name in ["theory.csv", "agreement.csv", "published.csv", "printed_points.csv", "svg", "experiment.parquet"] {
        let link = inside
            .split("<a href=\"data:application/gzip;base64,")
            .any(|link| link.split('>').next().is_some_and(|tag| tag.contains(&format!("data-name=\"fig05.{name}\""))));
        assert!(link, "{name} is in the page");
    }
    let list = beside.split("</p>").next().unwrap();
    assert_eq!(attributes(list, "href"), ["../data/fig05.theory.parquet", "../data/fig05.published.parquet"]);
    assert!(!inside.contains("href=\"../data"), "no other file lies beside the page");
}

#[test]
fn the_figure_at_the_top_makes_room_for_the_explorer() {
    let of = |explorer| with_report("", explorer, |report| html(&report.unwrap()).unwrap());
    let [without, with] = [None, Some("<div id=\"explorer\">alive</div>")].map(of);
    let vary = |page: &str| page.split("class=\"vary\"").nth(1).unwrap().split('>').next().unwrap().to_owned();
    assert!(without.contains("id=\"lead-fig05\"") && vary(&without).ends_with(" hidden"), "{}", vary(&without));
    assert!(!with.contains("id=\"lead-fig05\"") && with.contains("alive") && !vary(&with).ends_with(" hidden"));
    assert!(vary(&with).contains("&quot;x&quot;:&quot;alpha&quot;"), "{}", vary(&with));
    assert!(!without.contains("Part II"), "there is no figure beyond the paper");
}

#[test]
fn equal_input_gives_equal_bytes() {
    assert_eq!(rendered("z {{ worst_z }}\n"), rendered("z {{ worst_z }}\n"));
}

#[test]
fn the_ledger_tells_what_this_run_cannot_decide() {
    let [_, markdown, summary] = rendered("");
    assert!(
        markdown.contains("| 5 | Hybrid double descent | Section 6; Figures 5, 11 | not in this run |"),
        "figure 11 is missing"
    );
    assert!(summary.len() < 200_000);
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
    let [page, ..] = rendered("");
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
