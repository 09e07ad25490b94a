//! What a figure file may not carry into files, shells, pages and terminals.

use crate::project::{Project, said};

const FILE: &str = "figures/tiny/figure.toml";

/// Refused with exit code 2, with every word, in little text, before anything is written.
#[track_caller]
fn refused(project: &Project, words: &[&str]) {
    for command in [&["run"][..], &["list"], &["export", "snakemake"]] {
        let output = project.output(command);
        let message = said(&output);
        assert_eq!(output.status.code(), Some(2), "{command:?}: {message}");
        assert!(words.iter().all(|word| message.contains(word)), "{command:?}: {words:?} in {message}");
        assert!(message.len() < 4000 && !message.contains('\u{1b}'), "{command:?}: {} bytes", message.len());
        assert!(output.stdout.is_empty() && !project.out().exists());
    }
}

/// The small project with `old` replaced in its figure file.
fn with(old: &str, new: &str) -> Project {
    let project = Project::new();
    project.edit(FILE, old, new);
    project
}

#[test]
fn ids_that_a_file_system_a_shell_or_a_page_would_read_otherwise() {
    let long = "a".repeat(250);
    let code = r#"x\",__import__(\"os\").system(\"id\")"#;
    for id in ["", "a b", "-rf", "*", "figé", "../up", "a/b", "{x}", "$(id)", &long, code] {
        refused(&with("id = \"direct\"", &format!("id = \"{id}\"")), &[FILE, "line 17", "curve 1, id", "valid"]);
        refused(&with("id = \"tiny\"", &format!("id = \"{id}\"")), &[FILE, "line 1", "id", "valid"]);
        refused(&with("id = \"finite\"", &format!("id = \"{id}\"")), &[FILE, "claim 1, id", "valid"]);
        refused(&with("name = \"best\"", &format!("name = \"{id}\"")), &[FILE, "number 1, name", "valid"]);
        refused(&with("[[panel]]\n", &format!("[[panel]]\nid = \"{id}\"\n")), &[FILE, "panel 1, id", "valid"]);
    }
}

#[test]
fn names_that_stages_and_files_of_ours_have_already() {
    for id in ["scaling", "report", "claims", "costs", "claim-1", "theory-the-data", "Tiny"] {
        let project = with("id = \"tiny\"", &format!("id = \"{id}\""));
        std::fs::rename(project.root().join("figures/tiny"), project.root().join(format!("figures/{id}"))).unwrap();
        refused(&project, &[&format!("figures/{id}/figure.toml"), "line 1", "valid"]);
    }
}

#[test]
fn the_exported_workflow_quotes_what_it_is_given() {
    let text = Project::new().stdout(&["export", "snakemake"]);
    assert!(
        text.contains("PROGRAM = quote(str(config.get(\"program\"") && text.contains("ROOT = quote(str("),
        "{text}"
    );
    assert!(text.contains("\"out/data/tiny.theory.parquet\","), "{text}");
}

#[test]
fn control_characters_are_refused_where_they_are() {
    for (key, old) in [("title", "title = \""), ("paper", "paper = \""), ("curve 1, label", "label = \"direct")] {
        refused(&with(old, &format!("{old}\\u001b[31m")), &[FILE, key, "control character", "valid"]);
        refused(&with(old, &format!("{old}\\u202e")), &[FILE, key, "control character", "valid"]);
    }
    let project = Project::new();
    project.write("figures/tiny/text.md", "one\ntwo \u{1b}[31m\n");
    refused(&project, &["figures/tiny/text.md", "line 2", "control character"]);
    let project = Project::new();
    project.edit("data/paper/claims.toml", "id = \"2\"\ntitle = \"", "id = \"2\"\ntitle = \"\\u001b[31m");
    refused(&project, &["data/paper/claims.toml", "claim 2, title", "line", "control character"]);
}

#[test]
fn more_than_a_run_could_lay_out() {
    refused(&with("points = 5", "points = 1000000000000"), &[FILE, "line 9", "x.points", "10000"]);
    refused(&with("label = \"direct, λ = 0.2\"", "label = \"d\"\npoints = 10001"), &[FILE, "points", "10000"]);
    let finer =
        |count: usize| "\nfiner = [".to_owned() + &"{ range = [1.0, 2.0], points = 9999 }, ".repeat(count) + "]";
    refused(&with("points = 5", &format!("points = 5{}", finer(3))), &[FILE, "points", "10000"]);
    let project = Project::new();
    let curve = |k: usize| format!("[[curve]]\nid = \"c{k}\"\nlabel = \"c\"\nlearner = \"direct\"\n");
    project.edit(FILE, "[[line]]", &((0..100_000).map(curve).collect::<String>() + "[[line]]"));
    refused(&project, &[FILE, "curve", "100002", "200 at most"]);
}

#[test]
fn a_long_line_is_not_repeated_whole() {
    refused(&with("title = ", &format!("{} = ", "t".repeat(1_400_000))), &[FILE, "line 2", "…"]);
    refused(&with("y = \"eg\"", &format!("y = \"{}\"", "e".repeat(1_400_000))), &[FILE, "line 13", "…"]);
    let project = Project::new();
    project.edit("data/paper/claims.toml", "id = \"2\"", &format!("{} = 1", "k".repeat(1_400_000)));
    refused(&project, &["data/paper/claims.toml", "line", "…"]);
}

#[test]
fn a_file_that_is_no_text_is_told_with_its_line() {
    for file in [FILE, "figures/tiny/text.md", "data/paper/claims.toml", "data/paper/errata.toml"] {
        let project = Project::new();
        std::fs::write(project.root().join(file), b"# one\n# two\n\xff\xfe\n").unwrap();
        refused(&project, &[file, "line 3", "UTF-8"]);
    }
    let project = Project::new();
    std::fs::remove_file(project.root().join("figures/tiny/text.md")).unwrap();
    refused(&project, &["figures/tiny/text.md", "no such file", "valid", "Markdown"]);
}

#[test]
fn a_wrong_id_of_the_ledger_is_told_where_it_is() {
    refused(&with("claim = \"1\"", "claim = \"99\""), &[FILE, "`finite`", "99", "half_loss"]);
    let project = Project::new();
    project.edit("data/paper/claims.toml", "id = \"2\"", "id = \"1\"");
    refused(&project, &["data/paper/claims.toml", "claim 2, id", "line", "`1` is used twice"]);
    let project = Project::new();
    project.edit("data/paper/errata.toml", "id = \"half_loss\"", "id = \"1\"");
    refused(&project, &["data/paper/errata.toml", "erratum 1, id", "first in data/paper/claims.toml"]);
}

#[test]
fn a_reference_that_cannot_be_read_is_bad_input_found_before_anything_is_computed() {
    let project = Project::new();
    project.write("data/reference/tiny.theory.parquet", "no table");
    let output = project.output(&["verify"]);
    let message = said(&output);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(message.contains("data/reference/tiny.theory.parquet") && message.contains("--bless"), "{message}");
    assert!(!project.out().exists());
}
