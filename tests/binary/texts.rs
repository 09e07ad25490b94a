//! Foreign words in the report: shown, never obeyed; and Markdown that others render as we do.

use crate::project::{FIGURE, Project};

/// What would run in a page, in the words of a text.
const LIVE: &str = "Text <script>alert(1)</script> and <img src=x onerror=\"alert(2)\"> and [a](javascript:alert(3)) and \
                    [b](JAVA&#115;CRIPT:alert(4)) and ![c](javascript:alert(5)) and <javascript:alert(6)> and \
                    [d](https://example.org) and [e](#tiny).\n\n<iframe src=\"//example.org\"></iframe>\n\n\
                    <a href=\"javascript:alert(7)\">f</a>\n\n[g][h]\n\n[h]: data:text/html,alert(8)\n";

/// The page and the two Markdown files of a project, run.
fn report(project: &Project) -> [String; 3] {
    project.stdout(&["run"]);
    ["report.html", "report.md", "summary.md"]
        .map(|name| std::fs::read_to_string(project.out().join("report").join(name)).unwrap())
}

#[test]
fn html_of_a_text_a_claim_or_a_title_does_not_run() {
    let project = Project::new();
    project.write("figures/tiny/text.md", LIVE);
    let quoted = LIVE.replace('\\', "").replace('"', "\\\"").replace('\n', "\\n");
    project.edit("data/paper/claims.toml", "\"A student that learns", &format!("\"{quoted} A student that learns"));
    project.edit("figures/tiny/figure.toml", "A small figure", "<script>alert(9)</script> *a* | [b](javascript:c)");
    project.edit("figures/tiny/figure.toml", "direct, λ = 0.2", "<b>direct</b>");
    let [page, markdown, summary] = report(&project);
    let body = page.split_once("<body>").expect("a page").1;
    for live in ["<script>alert", "<img src=x", "<iframe", "href=\"javascript", "href=\"data:text/html", "href=\"JAVA"]
    {
        assert!(!body.contains(live), "{live}");
    }
    assert!(!body.contains("src=\"javascript") && !body.contains("<b>direct"));
    assert!(body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "the words are shown");
    assert!(body.contains("href=\"https://example.org\"") && body.contains("href=\"#tiny\">e</a>"), "links lead on");
    for text in [&markdown, &summary] {
        assert!(!text.contains("<script") && !text.contains("<img") && !text.contains("<iframe"));
        assert!(text.contains("&lt;script&gt;alert(9)&lt;/script&gt; \\*a\\* &#124; \\[b\\](javascript:c)"), "{text}");
    }
    assert!(markdown.contains("\\[a](javascript:alert(3))") && markdown.contains("[d](https://example.org)"));
}

#[test]
fn markdown_elsewhere_knows_no_macro_of_ours_and_headings_nest() {
    let project = Project::new();
    project.write("figures/tiny/text.md", "# A part\n\nThe error $\\eg$, and $$\\E[g] = 0.$$\n\n## Of it\n\nMore.\n");
    let [_, markdown, _] = report(&project);
    for name in ["E", "eg", "dq", "dS"] {
        let known = format!("\\{name}");
        let whole = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphabetic());
        assert!(markdown.split(&known).skip(1).all(|rest| !whole(rest)), "{known}");
    }
    assert!(markdown.contains("\\varepsilon_{\\mathrm{g}}") && markdown.contains("\\mathbb{E}[g] = 0"));
    let level = |line: &str| line.chars().take_while(|c| *c == '#').count();
    let headings: Vec<&str> = markdown.lines().filter(|line| line.starts_with('#')).collect();
    for pair in headings.windows(2) {
        assert!(level(pair[1]) <= level(pair[0]) + 1, "{pair:?}");
    }
    let of = |text: &str| level(headings.iter().find(|line| line.trim_matches('#').trim() == text).expect(text));
    assert_eq!((of("The theory"), of("Order parameters"), of("Part I: the paper's figures")), (2, 3, 2));
    assert_eq!((of("A part"), of("Of it")), (4, 5));
}

#[test]
fn a_figure_beyond_the_paper_stands_in_a_second_part() {
    let project = Project::new();
    let first = report(&project);
    assert!(first.iter().all(|text| !text.contains("Part II")), "there is one part");
    project.edit("figures/tiny/figure.toml", "paper = \"Figure 0\"\n", "");
    let [page, markdown, _] = report(&project);
    let (one, two) = page.split_once("<section id=\"beyond\"").expect("a second part");
    assert!(two.contains("<article class=\"card\" id=\"tiny\"") && !one.contains("<article"), "the card is in it");
    assert!(
        one.contains("href=\"#beyond\"") && two.contains("href=\"#tiny\""),
        "contents and contact sheet lead there"
    );
    assert!(!two.contains("The paper ends with questions"), "what opens it speaks of other figures");
    let (one, two) = markdown.split_once("## Part II: beyond the paper").expect("a second part");
    assert!(two.contains("### tiny: A small figure") && !one.contains("### tiny"));
}

#[test]
fn the_second_part_opens_with_the_findings_of_the_figures_that_are_there() {
    let project = Project::new();
    let number = "quantity = { statistic = \"min\", curve = \"direct\" }";
    let number = |name: &str| format!("[[number]]\nname = \"{name}\"\n{number}\n");
    let figure = FIGURE.replace("paper = \"Figure 0\"\n", "").replace("tiny", "b11");
    let own = include_str!("../../report/part2.md").split("{{ b11.").skip(1).filter_map(|rest| rest.split(' ').next());
    let names: std::collections::BTreeSet<&str> = own.chain(["direct_odd_even"]).collect();
    let figure = figure + &names.into_iter().map(number).collect::<String>();
    project.write("figures/b11/figure.toml", &figure);
    project.write(
        "figures/b11/text.md",
        "From {{ student_odd_even }} to {{ direct_odd_even }}: {{ best }}, {{ worst_z }}.\n",
    );
    let [page, ..] = report(&project);
    let (_, two) = page.split_once("<section id=\"beyond\"").expect("a second part");
    assert!(two.contains("The paper ends with questions") && two.contains("Handwritten digits"));
    assert!(!two.contains("passes a teacher with half its features"), "no figure of this run says that");
}

#[test]
fn the_page_says_what_made_it_and_how_to_cite_it() {
    let project = Project::new();
    let [page, markdown, _] = report(&project);
    let manifest = std::fs::read_to_string(project.out().join("manifest.json")).unwrap();
    let version = concat!("redistill ", env!("CARGO_PKG_VERSION"));
    for words in ["Saglietti", "Zdeborov", "MIT", "smoke", "201200194", version] {
        assert!(page.contains(words) && markdown.contains(words), "{words}");
    }
    assert!(page.contains("@inproceedings") && page.contains("@software"));
    let commit = manifest.split("\"commit\": \"").nth(1).and_then(|rest| rest.split('"').next());
    assert!(commit.is_none_or(|commit| !page.contains(commit)), "the commit is in the manifest alone");
}
