//! The shape of the source: which part may know which, how long a file may be, what may not be written down.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Lines a file may have and still fit in one head.
const LONGEST: usize = 350;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Where a part stands: in the core crate, or in this one.
fn folder(part: &str) -> String {
    let core = format!("core/src/{part}");
    if root().join(&core).is_dir() { core } else { format!("src/{part}") }
}

/// Every Rust file below a folder, by its path relative to the crate.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).expect("below the crate").to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(path).expect("UTF-8")));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder} has no source");
    found
}

/// The code of a file: without comments, and without the unit tests at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Parts of the crate that some code names.
fn parts_used(code: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
    let mut used = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        match after.strip_prefix('{') {
            // use crate::{model::Mixture, theory}: the first word of every item at the outer level
            Some(group) => {
                let mut depth = 0;
                let mut item = String::new();
                for c in group.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => {
                            used.insert(word(item.trim()));
                            item.clear();
                            continue;
                        }
                        _ => {}
                    }
                    item.push(c);
                }
                used.insert(word(item.trim()));
            }
            None => {
                used.insert(word(after));
            }
        }
    }
    used.remove("");
    used
}

/// Holds every file of a part to using none of the others.
fn never(part: &str, others: &[&str]) {
    for (name, text) in sources(&folder(part)) {
        for used in parts_used(&code(&text)) {
            assert!(!others.contains(&used.as_str()), "{name} uses {used}");
        }
    }
}

#[test]
fn the_two_arms_do_not_know_each_other() {
    never("theory", &["experiment", "spec", "table", "plot", "pipeline", "report", "workflow", "cli"]);
    never("experiment", &["theory", "spec", "table", "plot", "pipeline", "report", "workflow", "cli"]);
}

#[test]
fn drawings_and_report_know_tables_only() {
    never("plot", &["theory", "experiment", "model", "numerics", "paper", "pipeline", "report", "workflow", "cli"]);
    never("report", &["theory", "experiment", "model", "numerics", "plot", "pipeline", "workflow", "cli"]);
    never("verdict", &["theory", "experiment", "model", "numerics", "plot", "pipeline", "report", "workflow", "cli"]);
}

#[test]
fn the_pipeline_knows_no_physics() {
    never(
        "pipeline",
        &["model", "numerics", "theory", "experiment", "spec", "table", "paper", "plot", "report", "workflow", "cli"],
    );
}

#[test]
fn what_is_shared_knows_nobody_above_it() {
    let above = ["theory", "experiment", "plot", "pipeline", "verdict", "report", "workflow", "cli"];
    never("numerics", &[&above[..], &["model", "spec", "table"]].concat());
    never("model", &[&above[..], &["spec", "table"]].concat());
    never("table", &[&above[..], &["model", "numerics", "spec"]].concat());
    never("spec", &[&above[..], &["paper"]].concat());
    never("paper", &[&above[..], &["model", "numerics", "table"]].concat());
    never("workflow", &["cli"]);
}

#[test]
fn the_scan_sees_what_it_must() {
    let used = parts_used(&code(
        "use crate::theory::solve; // use crate::plot\nuse crate::{model::{Mixture, Loss}, table};\nlet x = crate::spec::load();",
    ));
    assert_eq!(used.into_iter().collect::<Vec<_>>(), ["model", "spec", "table", "theory"]);
}

#[test]
fn physics_touches_no_file_clock_or_environment() {
    for part in ["model", "numerics", "theory", "experiment", "paper", "plot", "report"] {
        for (name, text) in sources(&folder(part)) {
            let code = code(&text);
            for banned in [
                "std::fs",
                "std::env",
                "std::time",
                "std::net",
                "std::process",
                "Instant::",
                "SystemTime",
                "thread_rng",
                "rand::rng",
                "StdRng",
                "OsRng",
            ] {
                assert!(!code.contains(banned), "{name} uses {banned}");
            }
        }
    }
}

#[test]
fn only_the_command_line_prints() {
    for (name, text) in sources("src").into_iter().filter(|(name, _)| !name.starts_with("src/cli/")) {
        let code = code(&text);
        for banned in ["println!", "print!(", "eprint", "dbg!", "io::stdout", "io::stderr", "process::exit"] {
            assert!(!code.contains(banned), "{name} has {banned}");
        }
    }
}

#[test]
fn no_order_of_a_hash_can_reach_bytes() {
    for (name, text) in sources("src") {
        assert!(!code(&text).contains("HashMap") && !code(&text).contains("HashSet"), "{name}");
    }
}

#[test]
fn files_fit_in_one_head() {
    for folder in ["src", "core/src", "tests"] {
        for (name, text) in sources(folder) {
            assert!(text.lines().count() <= LONGEST, "{name} has {} lines", text.lines().count());
            assert!(text.starts_with("//!") || text.starts_with("#!"), "{name} does not say what it is for");
        }
    }
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    // a source archive has no git: then the sources are what there is to look at
    let tracked: Vec<String> = match output {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout)
            .split('\0')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect(),
        _ => sources("src").into_iter().chain(sources("tests")).map(|(name, _)| name).collect(),
    };
    assert!(tracked.iter().any(|name| name == "src/lib.rs"));
    // in two halves, or this file would be the first to hold them
    let banned = [["/wo", "rk/"], ["/tm", "p/"], ["/ro", "ot/"], ["/ho", "me/"]].map(|halves| halves.concat());
    for name in tracked {
        let Ok(text) = fs::read_to_string(root().join(Path::new(&name))) else { continue };
        for path in &banned {
            // as the beginning of a path, not a piece of one, such as target/tmp/
            let standing = text
                .match_indices(path.as_str())
                .any(|(at, _)| !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || "._-)}".contains(c)));
            assert!(!standing, "{name} holds {path}");
        }
    }
}
