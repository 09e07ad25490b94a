//! The commands that README.md and its manual promise, run as they write them on the small project: none can rot.

use std::fs;
use std::path::Path;

use crate::project::{ALONE, FIGURE, Project, said};

/// The README, then the pages of `docs/` by name.
fn pages() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages: Vec<_> = fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    pages.insert(0, root.join("README.md"));
    pages.iter().map(|page| fs::read_to_string(page).unwrap() + "\n").collect()
}

/// How a command begins; an ellipsis stands for the same in the cells of the table.
const START: &str = "cargo run --release";

/// Every command of these pages: the lines of their shell blocks, and the cells of their tables.
fn commands() -> Vec<Vec<String>> {
    let words = |command: &str| command.split_whitespace().map(str::to_owned).collect::<Vec<String>>();
    let mut found = Vec::new();
    let mut shell = false;
    for line in pages().lines() {
        match line.strip_prefix("```") {
            Some(language) => shell = language == "sh",
            None if shell && line.starts_with(START) => {
                found.push(words(line.split('#').next().unwrap_or_default().trim_start_matches(START)));
            }
            None => {}
        }
        let spans = line.split('`').skip(1).step_by(2);
        let commands = spans.filter_map(|span| span.strip_prefix("… ").or_else(|| span.strip_prefix(START)));
        found.extend(commands.map(|command| words(command.trim_start().trim_start_matches("-- "))));
    }
    found
}

/// The small project under the name of a figure that the pages speak of, with what its commands read.
fn project() -> Project {
    let project = Project::quick();
    // no erratum speaks of this figure
    project.write("data/paper/errata.toml", "erratum = []\n");
    fs::rename(project.root().join("figures/tiny"), project.root().join("figures/fig05")).unwrap();
    project.write("figures/fig05/figure.toml", &FIGURE.replace("tiny", "fig05"));
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/lineages");
    for entry in fs::read_dir(examples).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("examples/lineages/{}", path.file_name().unwrap().to_string_lossy());
        project.write(&name, &fs::read_to_string(&path).unwrap());
    }
    project.stdout(&["run", "--out", project.root().join("other-out").to_str().unwrap()]);
    project.stdout(&["verify", "--bless", "--recompute", "none"]);
    project
}

#[test]
fn every_command_of_the_readme_and_its_manual_works() {
    let project = project();
    let mut commands = commands();
    // a new figure is none that the reference knows: it comes after `verify`
    commands.sort_by_key(|command| command.first().is_some_and(|first| first == "new"));
    let of = |name: &str| commands.iter().filter(|command| command.first().is_some_and(|first| first == name)).count();
    let known = ["run", "figure", "table", "solve", "simulate", "status", "why", "verify", "diff", "export", "measure"];
    for name in known {
        assert!(of(name) > 0, "the manual has lost `{name}`: {commands:?}");
    }
    for command in &commands {
        let mut arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        // what takes minutes is planned, or read, and not done
        if arguments.contains(&"--profile") {
            arguments.push("-n");
        }
        if arguments == ["measure", "scaling"] {
            arguments.push("--help");
        }
        if arguments.contains(&"--lineage") && arguments.contains(&"…") {
            continue;
        }
        let small = ["simulate", "--lineage"].iter().all(|word| arguments.contains(word));
        if small && !arguments.contains(&"--n") {
            arguments.extend(["--n", "60", "--replicates", "2"]);
        }
        if cfg!(not(feature = "pictures")) && arguments.contains(&"pdf") {
            continue;
        }
        let alone = arguments.contains(&"--profile") || arguments.first().is_some_and(|first| ALONE.contains(first));
        let mut binary = match alone {
            true => std::process::Command::new(env!("CARGO_BIN_EXE_redistill")),
            false => project.command(&[]),
        };
        let output = binary.args(&arguments).current_dir(project.root()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
        assert!(!output.stdout.is_empty(), "{arguments:?} says nothing");
    }
    let made = ["fig05.pdf", "workflow/Snakefile", "data/measured/costs.toml", "out/report/report.html"];
    for path in made.into_iter().filter(|path| cfg!(feature = "pictures") || !path.ends_with("pdf")) {
        assert!(project.root().join(path).is_file(), "{path}");
    }
}

#[test]
fn the_curves_and_claims_of_the_manual_are_read_as_figures() {
    let pages = pages();
    let project = Project::new();
    let lineage = pages.split("```toml\n").find(|block| block.starts_with("[data]")).expect("a lineage");
    project.write("lineage.toml", lineage.split("```").next().unwrap());
    project.stdout(&["solve", "--json", "--lineage", project.root().join("lineage.toml").to_str().unwrap()]);
    let curve = pages.split("```toml\n").find(|block| block.starts_with("[[curve]]")).expect("a curve");
    project.edit("figures/tiny/figure.toml", "[[line]]", &format!("{}\n[[line]]", curve.split("```").next().unwrap()));
    assert!(project.stdout(&["list"]).contains("kd_lt1"));
}
