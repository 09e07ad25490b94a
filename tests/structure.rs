//! The shape of the source: which part may know which, how long a file may be, what may not be written down.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Lines a file may have and still fit in one head.
const LONGEST: usize = 350;

/// A file by its path relative to the crate, and its text.
type Source = (String, String);

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder.
fn sources(folder: &str) -> Vec<Source> {
    written_in(&["rs"], folder)
}

/// Every file below a folder whose name ends in one of some ways.
fn written_in(endings: &[&str], folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| endings.iter().any(|one| extension == *one)) {
                let name = path.strip_prefix(root()).expect("below the crate").to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(path).expect("UTF-8")));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder} has no source");
    found
}

/// The library and its core.
fn library() -> Vec<Source> {
    [sources("core/src"), sources("src")].concat()
}

/// The part of the house that a file stands in, `theory` of `core/src/theory/point.rs`; none of `src/lib.rs`.
fn part(name: &str) -> Option<&str> {
    let inside = name.strip_prefix("core/").unwrap_or(name).strip_prefix("src/")?;
    inside.split_once('/').map(|(part, _)| part)
}

/// The code of a file: without comments, and without the unit tests at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The first word of every path that follows `start`; of a group in braces, of each of its items.
fn words_after(code: &str, start: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
    let mut used = BTreeSet::new();
    for after in code.split(start).skip(1) {
        let Some(group) = after.strip_prefix('{') else {
            used.insert(word(after));
            continue;
        };
        // use crate::{model::Mixture, theory}: the first word of every item at the outer level
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
    used.remove("");
    used
}

/// Parts of the house that some code names, in this crate or the core.
fn parts_used(code: &str) -> BTreeSet<String> {
    // `redistill_core::` ends in neither; the binary and the examples name the library itself
    ["crate::", "redistill_core::", "redistill::"].iter().flat_map(|start| words_after(code, start)).collect()
}

/// What each part may use; what is not named here, the workflow and the command line but for each other, may use all.
const MAY_USE: [(&str, &[&str]); 13] = [
    ("numerics", &[]),
    ("model", &["numerics"]),
    ("theory", &["model", "numerics"]),
    ("experiment", &["model"]),
    ("chunk", &["model", "theory", "experiment"]),
    ("table", &["model"]),
    ("spec", &["model", "table"]),
    ("paper", &["spec"]),
    ("plot", &[]),
    ("verdict", &["spec", "table", "paper"]),
    ("report", &["spec", "table", "verdict"]),
    ("pipeline", &[]),
    (
        "workflow",
        &[
            "numerics",
            "model",
            "theory",
            "experiment",
            "chunk",
            "table",
            "spec",
            "paper",
            "plot",
            "verdict",
            "report",
            "pipeline",
        ],
    ),
];

/// Files that use a part they must not know, each with that part.
fn forbidden_uses(files: &[Source]) -> Vec<String> {
    let parts = || MAY_USE.iter().map(|(part, _)| *part).chain(["cli"]);
    let mut found = Vec::new();
    for (name, text) in files {
        let part = part(name).unwrap_or_default();
        let Some((_, allowed)) = MAY_USE.iter().find(|(known, _)| *known == part) else { continue };
        let used = parts_used(&code(text));
        let wrong = parts().filter(|other| used.contains(*other) && *other != part && !allowed.contains(other));
        found.extend(wrong.map(|other| format!("{name} uses {other}")));
    }
    found
}

/// Files that hold one of some words in their code.
fn words_in(files: &[Source], banned: &[&str], concerns: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for (name, text) in files.iter().filter(|(name, _)| concerns(name)) {
        let code = code(text);
        found.extend(banned.iter().filter(|word| code.contains(**word)).map(|word| format!("{name} has {word}")));
    }
    found
}

/// What no physics and no picture touches: files, clocks, the environment, chance that no seed decides.
const OUTSIDE: [&str; 11] = [
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
];

fn touches_the_outside(files: &[Source]) -> Vec<String> {
    words_in(files, &OUTSIDE, |name| {
        name.starts_with("core/") || ["paper", "plot", "verdict", "report"].contains(&part(name).unwrap_or(""))
    })
}

fn prints(files: &[Source]) -> Vec<String> {
    let banned = ["println!", "print!(", "eprint", "dbg!", "io::stdout", "io::stderr", "process::exit"];
    words_in(files, &banned, |name| !name.starts_with("src/cli/"))
}

fn hashes(files: &[Source]) -> Vec<String> {
    words_in(files, &["HashMap", "HashSet"], |_| true)
}

/// Files of one folder that use each other in a circle, one line a circle.
///
/// `use super::x` in the file y of a folder is an arrow from y to x, where x is a file or a folder beside it; what
/// `mod.rs` re-exports is not followed.
fn circles(files: &[Source]) -> Vec<String> {
    let stem = |name: &str| name.strip_suffix(".rs").map(str::to_owned);
    let mut folders: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (name, text) in files {
        let Some((folder, file)) = name.rsplit_once('/') else { continue };
        let Some(stem) = stem(file).filter(|stem| !["mod", "lib", "main", "tests"].contains(&stem.as_str())) else {
            continue;
        };
        let code = code(text);
        let mut used = words_after(&code, "super::");
        let module = folder.split_once("src/").map_or("", |(_, module)| module).replace('/', "::");
        used.extend(words_after(&code, &format!("crate::{module}::")));
        folders.entry(folder.to_owned()).or_default().insert(stem, used);
    }
    let mut found = Vec::new();
    for (folder, uses) in folders {
        for start in uses.keys() {
            // every file that is reached from here by one step or more, and the way to it
            let mut ways: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            let mut open: Vec<Vec<&str>> = vec![vec![start]];
            while let Some(way) = open.pop() {
                let here = way.last().expect("a way has a beginning");
                let files =
                    uses[*here].iter().filter_map(|next| uses.get_key_value(next)).map(|(name, _)| name.as_str());
                // a circle is told once, from the first of its files
                for next in files.filter(|next| next != here && *next >= start.as_str()) {
                    if !ways.contains_key(next) {
                        let longer = [&way[..], &[next]].concat();
                        ways.insert(next, longer.clone());
                        open.push(longer);
                    }
                }
            }
            if let Some(way) = ways.get(start.as_str()) {
                found.push(format!("{folder}: {}", way.join(" → ")));
            }
        }
    }
    found
}

fn planted(name: &str, text: &str) -> Vec<Source> {
    vec![(name.to_owned(), text.to_owned())]
}

const NONE: [String; 0] = [];

#[test]
fn no_part_knows_what_it_must_not() {
    assert_eq!(forbidden_uses(&library()), NONE);
    // every arrow is seen when it is broken, by either name of the core
    let parts: Vec<&str> = MAY_USE.iter().map(|(part, _)| *part).chain(["cli"]).collect();
    for (part, allowed) in MAY_USE {
        for other in parts.iter().filter(|other| **other != part && !allowed.contains(other)) {
            for (folder, start) in [("src", "crate"), ("src", "redistill_core"), ("core/src", "crate")] {
                let breach = planted(&format!("{folder}/{part}/file.rs"), &format!("use {start}::{other}::thing;"));
                assert_eq!(forbidden_uses(&breach).len(), 1, "{part} → {other} by {start}");
            }
        }
    }
    let grouped =
        "use crate::{model::{Mixture, Loss}, numerics};\n// use crate::theory\nlet x = crate::experiment::run();";
    assert_eq!(
        forbidden_uses(&planted("core/src/theory/file.rs", grouped)),
        ["core/src/theory/file.rs uses experiment"]
    );
    assert_eq!(forbidden_uses(&planted("src/workflow/file.rs", "crate::cli::main()")).len(), 1);
}

#[test]
fn physics_and_pictures_touch_no_file_clock_or_environment() {
    assert_eq!(touches_the_outside(&library()), NONE);
    for place in
        ["core/src/lib.rs", "core/src/theory/lineage/file.rs", "core/src/experiment/file.rs", "src/plot/file.rs"]
    {
        for word in OUTSIDE {
            assert_eq!(
                touches_the_outside(&planted(place, &format!("let x = {word}now();"))).len(),
                1,
                "{place} {word}"
            );
        }
    }
}

#[test]
fn only_the_command_line_prints() {
    assert_eq!(prints(&library()), NONE);
    for place in ["core/src/numerics/file.rs", "src/pipeline/file.rs"] {
        assert_eq!(prints(&planted(place, "println!(\"here\")")).len(), 1, "{place}");
    }
}

#[test]
fn no_order_of_a_hash_can_reach_bytes() {
    assert_eq!(hashes(&library()), NONE);
    for place in ["core/src/experiment/file.rs", "src/cli/file.rs"] {
        assert_eq!(hashes(&planted(place, "use std::collections::HashMap;")).len(), 1, "{place}");
    }
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    assert_eq!(circles(&library()), NONE);
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let ring = [
        file("src/plot/a.rs", "use super::b::x;"),
        file("src/plot/b.rs", "use super::{c, d::y};"),
        file("src/plot/c.rs", "use crate::plot::a::z;"),
        file("src/plot/d.rs", "use super::Error;"),
        file("core/src/theory/lineage/a.rs", "use crate::theory::lineage::b;"),
        file("core/src/theory/lineage/b.rs", "fn f() { super::a::g() }"),
    ];
    assert_eq!(circles(&ring), ["core/src/theory/lineage: a → b → a", "src/plot: a → b → c → a"]);
}

#[test]
fn files_fit_in_one_head() {
    for folder in ["src", "core/src", "core/tests", "core/examples", "tests"] {
        for (name, text) in sources(folder) {
            assert!(text.lines().count() <= LONGEST, "{name} has {} lines", text.lines().count());
            assert!(text.starts_with("//!") || text.starts_with("#!"), "{name} does not say what it is for");
        }
    }
    for (name, text) in ["report", "tests/browser"].iter().flat_map(|folder| written_in(&["js", "mjs"], folder)) {
        assert!(text.lines().count() <= LONGEST, "{name} has {} lines", text.lines().count());
        assert!(text.starts_with("//"), "{name} does not say what it is for");
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
