//! What others read about the project says the same everywhere, and what is inside may be given away.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use redistill::table::{Table, parquet};
use serde_json::Value;

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn json(path: &str) -> Value {
    serde_json::from_str(&text(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The value of a key at the beginning of a line of CITATION.cff, which is YAML, without quotes.
fn citation(key: &str) -> String {
    let text = text("CITATION.cff");
    let mut lines = text.lines().skip_while(|line| !line.starts_with(&format!("{key}:")));
    let first = lines.next().unwrap_or_else(|| panic!("CITATION.cff has no {key}"));
    let value = first.split_once(':').map_or("", |(_, value)| value.trim());
    match value {
        ">-" => lines.take_while(|line| line.starts_with(' ')).map(str::trim).collect::<Vec<_>>().join(" "),
        value => value.trim_matches('"').to_owned(),
    }
}

/// The entries of a list of CITATION.cff.
fn citation_list(key: &str) -> Vec<String> {
    let text = text("CITATION.cff");
    let lines = text.lines().skip_while(|line| *line != format!("{key}:")).skip(1);
    let entries = lines.take_while(|line| line.starts_with("  -"));
    entries
        .map(|line| line.trim_start_matches("  -").trim().trim_start_matches("name: ").trim_matches('"').to_owned())
        .collect()
}

fn strings(list: &Value) -> Vec<String> {
    list.as_array().expect("a list").iter().map(|entry| entry.as_str().expect("a string").to_owned()).collect()
}

#[test]
fn version_licence_title_and_authors_are_the_same_everywhere() {
    let (zenodo, codemeta) = (json(".zenodo.json"), json("codemeta.json"));
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!((zenodo["version"].as_str(), codemeta["version"].as_str()), (Some(version), Some(version)));
    assert_eq!(citation("version"), version);
    let core: toml::Table = text("core/Cargo.toml").parse().unwrap();
    assert_eq!(core["package"]["version"].as_str(), Some(version), "core is released with the rest");
    assert_eq!(zenodo["license"], env!("CARGO_PKG_LICENSE"));
    assert_eq!(codemeta["license"], format!("https://spdx.org/licenses/{}", env!("CARGO_PKG_LICENSE")));
    assert_eq!(citation("license"), env!("CARGO_PKG_LICENSE"));
    assert_eq!(codemeta["identifier"], env!("CARGO_PKG_NAME"));
    let title = citation("title");
    assert_eq!((zenodo["title"].as_str(), codemeta["name"].as_str()), (Some(&*title), Some(&*title)));
    let about = citation("abstract");
    assert_eq!((zenodo["description"].as_str(), codemeta["description"].as_str()), (Some(&*about), Some(&*about)));
    let authors = citation_list("authors");
    assert!(!authors.is_empty());
    for (file, list) in [(".zenodo.json", &zenodo["creators"]), ("codemeta.json", &codemeta["author"])] {
        let names: Vec<&str> = list.as_array().unwrap().iter().map(|author| author["name"].as_str().unwrap()).collect();
        assert_eq!(names, authors, "{file}");
    }
    let keywords = citation_list("keywords");
    assert_eq!((strings(&zenodo["keywords"]), strings(&codemeta["keywords"])), (keywords.clone(), keywords));
}

#[test]
fn any_stable_toolchain_from_the_manifests_version_on_will_do() {
    let toolchain: toml::Table = text("rust-toolchain.toml").parse().unwrap();
    let channel = toolchain["toolchain"]["channel"].as_str().unwrap();
    // a version of its own would be fetched where only another is installed
    assert_eq!(channel, "stable");
    let wanted = env!("CARGO_PKG_RUST_VERSION");
    assert_eq!(json("codemeta.json")["programmingLanguage"]["version"], wanted);
}

#[test]
fn the_reproduction_that_codecheck_is_told_of_has_every_figure() {
    let told = text("codecheck.yml");
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("figures")).unwrap() {
        let id = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(told.contains(&format!("out/figures/{id}.svg")), "codecheck.yml has no {id}");
    }
}

#[test]
fn type_of_others_comes_with_its_licence() {
    let dejavu = text("licences/DejaVu-fonts.txt");
    assert!(dejavu.contains("Bitstream Vera") && dejavu.contains("Permission is hereby granted"));
    assert!(text("report/maths-LICENSE.txt").len() > 1000);
    let list = text("licences/README.md");
    for name in ["DejaVu-fonts.txt", "report/maths-LICENSE.txt"] {
        assert!(list.contains(name), "{name}");
    }
    assert!(text(".github/workflows/release.yml").contains("licences"), "a release carries them");
}

/// Whether an SPDX expression can be met with the licences allowed: of an OR one part, of an AND all.
fn allowed(expression: &str, licences: &BTreeSet<String>) -> bool {
    let expression = expression.replace('/', " OR ").replace("  ", " ");
    let (mut depth, mut parts, mut start) = (0, Vec::new(), 0);
    // split at the outer level: OR binds less than AND
    for word in [" OR ", " AND "] {
        for (at, c) in expression.char_indices() {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ if depth == 0 && expression[at..].starts_with(word) => {
                    parts.push(&expression[start..at]);
                    start = at + word.len();
                }
                _ => {}
            }
        }
        if !parts.is_empty() {
            parts.push(&expression[start..]);
            let mut parts = parts.into_iter().map(|part| allowed(part.trim(), licences));
            return if word == " OR " { parts.any(|met| met) } else { parts.all(|met| met) };
        }
    }
    match expression.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => allowed(inner, licences),
        None => licences.contains(expression.trim()),
    }
}

#[test]
fn every_dependency_has_a_licence_that_is_allowed() {
    let deny: toml::Table = text("deny.toml").parse().unwrap();
    let list = deny["licenses"]["allow"].as_array().unwrap();
    let licences: BTreeSet<String> = list.iter().map(|name| name.as_str().unwrap().to_owned()).collect();
    assert!(allowed("(MIT OR GPL-3.0) AND Unicode-3.0", &licences) && !allowed("MIT AND GPL-3.0", &licences));
    assert!(!allowed("GPL-3.0", &licences) && allowed("GPL-2.0/MIT", &licences));
    // the tree of the default members for this host: the test command has fetched just these
    let host = Command::new("rustc").arg("-vV").output().unwrap();
    let host = String::from_utf8(host.stdout).unwrap();
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--target", host, "--prefix", "none", "--no-dedupe"])
        .args(["--format", "{p}|{l}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).unwrap();
    let packages: BTreeSet<(&str, &str)> =
        tree.lines().filter_map(|line| line.trim_end_matches(" (*)").split_once('|')).collect();
    assert!(packages.len() > 100, "{} packages", packages.len());
    for (package, licence) in packages {
        assert!(allowed(licence, &licences), "{package}: {licence}");
    }
}

/// A phrase as a sentence, as the tables of the summary tell a reason.
fn sentence(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map_or(String::new(), |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// A table of the reference.
fn reference(name: &str) -> Table {
    let file = format!("data/reference/{name}.parquet");
    parquet::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// The test errors of a curve of the reference, with their α.
fn errors(figure: &str, curve: &str) -> Vec<(f64, f64)> {
    let theory = reference(&format!("{figure}.theory"));
    let rows = theory.rows_where("curve", curve);
    rows.iter().filter_map(|&row| theory.real("alpha", row).zip(theory.real("eg", row))).collect()
}

#[test]
fn the_findings_of_the_readme_are_those_of_the_reference() {
    let verdicts = reference("verdicts");
    let of_paper = |row: &usize| !verdicts.text("id", *row).is_some_and(|id| id.starts_with('b'));
    let claims: Vec<usize> = verdicts.rows_where("kind", "claim").into_iter().filter(of_paper).collect();
    let errata = verdicts.rows_where("kind", "erratum");
    let count = |rows: &[usize], column: &str, word: &str| {
        rows.iter().filter(|&&row| verdicts.text(column, row) == Some(word)).count()
    };
    let at = |figure: &str, curve: &str, alpha: f64| {
        let errors = errors(figure, curve);
        errors.iter().find(|(at, _)| (at - alpha).abs() < 1e-9).expect("a point there").1
    };
    let peak = |curve: &str, from: f64| {
        let errors = errors("fig05", curve);
        errors.into_iter().filter(|(alpha, _)| *alpha > from).max_by(|a, b| a.1.total_cmp(&b.1)).expect("points")
    };
    let checks = reference("claims");
    let told = |&row: &usize| checks.text("check", row) == Some("noisy") && checks.text("voice", row) == Some("theory");
    let noisy = checks.rows_where("figure", "b01").into_iter().find(told).expect("a check");
    let cusp = peak("kd_lt1e-1", 0.0);
    assert!((cusp.0 - 0.5).abs() < 1e-2, "the cusp stands at α = {}", cusp.0);
    let findings = [
        format!("λ̃ = 0.1 errs on {:.3} of new samples at α = 3", at("fig02", "kd_lt1e-1", 3.0)),
        format!("from the labels errs on {:.3}.", at("fig02", "direct_unregularised", 3.0)),
        format!("a cusp of {:.3} at α = η", cusp.1),
        format!("peaks at α = {:.2}", peak("kd_lt1e-5", 1.0).0),
        format!("passes it by {:.4} at α = 2", -checks.real("value", noisy).unwrap()),
        format!(
            "Of its {} claims {} hold, {} holds under a condition and {} fails",
            claims.len(),
            count(&claims, "class", "holds"),
            count(&claims, "class", "limits"),
            count(&claims, "class", "fails"),
        ),
        format!("Of {} errata {} are confirmed", errata.len(), count(&errata, "verdict", "confirmed")),
    ];
    let readme = text("README.md");
    for finding in findings {
        assert!(readme.contains(&finding), "README.md lacks: {finding}");
    }
}

#[test]
fn every_link_between_the_documents_leads_to_a_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let readme = text("README.md");
    for page in docs.chain([root.join("README.md"), root.join("CONTRIBUTING.md")]) {
        let name = page.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        assert!(name == "README.md" || readme.contains(&format!("({name})")), "README.md does not lead to {name}");
        let told = fs::read_to_string(&page).unwrap();
        for link in told.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let there = page.parent().unwrap().join(link);
            assert!(link.starts_with("https://") || there.is_file(), "{name} leads to {link}, which is not there");
        }
    }
}

#[test]
fn the_results_told_are_those_of_the_reference() {
    let verdicts = reference("verdicts");
    let page = text("docs/results.md");
    let rows: Vec<Vec<&str>> = page.lines().map(|line| line.split('|').map(str::trim).collect()).collect();
    for row in 0..verdicts.rows() {
        let cells = |names: &[&str]| -> Vec<String> {
            names.iter().map(|name| verdicts.text(name, row).unwrap_or_default().to_owned()).collect()
        };
        let (head, tail) = match verdicts.text("kind", row) {
            Some("claim") => (cells(&["id", "title"]), cells(&["verdict", "theory", "simulation", "print"])),
            _ => (cells(&["title"]), [cells(&["verdict"]), vec![sentence(&cells(&["reason"])[0])]].concat()),
        };
        // between them stands where the paper has it
        let from = head.len() + 2;
        let told = |cells: &&Vec<&str>| cells.len() > from + tail.len() && cells[1..=head.len()] == head;
        let cells = rows.iter().find(told).unwrap_or_else(|| panic!("docs/results.md has no row of {head:?}"));
        assert_eq!(cells[from..from + tail.len()], tail, "{head:?}");
    }
}

#[test]
fn what_runs_cost_is_told_as_it_was_measured() {
    let costs: toml::Value = toml::from_str(&text("data/measured/costs.toml")).unwrap();
    let page = text("docs/speed.md");
    let runs = costs["run"].as_array().unwrap();
    assert_eq!(runs.len(), 3);
    for run in runs {
        let number = |key: &str, unit: f64, digits: usize| format!("{:.digits$}", run[key].as_float().unwrap() / unit);
        let measured = |key: &str| run["measured"][key].to_string().trim_matches('"').to_owned();
        let row = [
            run["profile"].as_str().unwrap().to_owned(),
            number("wall_seconds", 1.0, 0),
            measured("threads"),
            number("seconds", 1.0, 0),
            number("theory_seconds", 1.0, 1),
            number("peak_bytes", 1e9, 2),
            number("flops", 1e12, 2),
            number("bytes", 1e12, 2),
            format!("{}, {}", measured("machine"), measured("date")),
        ];
        let row = format!("| {} |", row.join(" | "));
        assert!(page.contains(&row), "docs/speed.md lacks {row}");
    }
}
