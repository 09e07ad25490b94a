//! Keys that cannot lie: whatever is changed in the program or in its inputs changes the key of all that it can reach.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use redistill::pipeline::{self, Digest, Folders, source};
use redistill::workflow::{Profile, Project, Workflow};

/// Files below these that no stage reads, or reads as part of a figure file.
const UNREAD: [&str; 5] =
    ["figures/fig05/preview.svg", "data/paper/README.md", "data/measured/README.md", "data/reference/", "data/digits/"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The tracked files below `part`, relative to the root; all files there where git cannot tell.
fn tracked(part: &str) -> Vec<PathBuf> {
    let listed = Command::new("git").arg("-C").arg(root()).args(["ls-files", "-z", "--", part]).output();
    let listed = listed.ok().filter(|output| output.status.success()).map(|output| output.stdout).unwrap_or_default();
    let listed: Vec<PathBuf> = listed
        .split(|&byte| byte == 0)
        .filter(|name| !name.is_empty())
        .map(|name| PathBuf::from(String::from_utf8(name.to_vec()).expect("UTF-8")))
        .filter(|name| root().join(name).is_file())
        .collect();
    if listed.is_empty() { below(&root().join(part)) } else { listed }
}

fn below(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.strip_prefix(root()).expect("below the root").to_owned()];
    }
    fs::read_dir(path).expect("a folder").flat_map(|entry| below(&entry.expect("an entry").path())).collect()
}

/// A copy of the tracked files below `parts`.
fn copy(parts: &[&str]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let files: Vec<PathBuf> = parts.iter().flat_map(|part| tracked(part)).collect();
    for file in &files {
        let to = folder.path().join(file);
        fs::create_dir_all(to.parent().expect("a folder")).expect("made");
        fs::copy(root().join(file), to).expect("copied");
    }
    (folder, files)
}

/// The digests of the program and of its core.
fn digests(root: &Path) -> [String; 2] {
    [source::tree_of(root).expect("readable"), source::core_of(root).expect("readable")]
}

#[test]
fn every_file_of_the_program_is_in_its_digest_and_every_file_of_the_core_in_that_of_the_core() {
    assert_eq!(source::tree_of(root()).expect("readable"), source::tree(), "what the binary knows of itself");
    let (folder, files) = copy(&["Cargo.lock", "Cargo.toml", "build.rs", "core", "live", "report", "src"]);
    let before = digests(folder.path());
    assert!(files.len() > 150, "{} files", files.len());
    for file in files {
        let path = folder.path().join(&file);
        let bytes = fs::read(&path).expect("readable");
        let mut changed = bytes.clone();
        match changed.iter_mut().find(|byte| **byte == b'\r') {
            Some(byte) => *byte = b' ',
            None => changed.push(b'\r'),
        }
        fs::write(&path, changed).expect("written");
        let of_core = file.starts_with("core") || file == Path::new("Cargo.toml");
        let told = |what: &str| {
            let [program, core] = digests(folder.path());
            assert_ne!(program, before[0], "{} is {what}", file.display());
            assert_eq!(core != before[1], of_core, "{} is {what}", file.display());
        };
        told("changed");
        fs::remove_file(&path).expect("removed");
        if file.components().count() > 1 {
            told("gone");
        }
        fs::write(&path, bytes).expect("written");
    }
    assert_eq!(digests(folder.path()), before, "the same bytes, written anew");
}

/// What cargo says the core is built from, but for itself.
fn packages_of_the_core() -> Vec<(String, String)> {
    let arguments = ["tree", "--locked", "--offline", "-p", "redistill-core", "--all-features", "-e", "normal,build"];
    let output = Command::new(env!("CARGO")).current_dir(root()).args(arguments).args(["--prefix", "none"]).output();
    let output = output.expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    let named = lines.lines().skip(1).filter_map(|line| {
        let mut words = line.split(' ');
        Some((words.next()?.to_owned(), words.next()?.strip_prefix('v')?.to_owned()))
    });
    named.collect()
}

#[test]
fn every_package_that_the_core_uses_is_in_its_digest_and_no_other() {
    let (folder, _) = copy(&["Cargo.lock", "Cargo.toml", "core"]);
    let lockfile = folder.path().join("Cargo.lock");
    let text = fs::read_to_string(&lockfile).expect("readable");
    let before = source::core_of(folder.path()).expect("readable");
    // another checksum for a package: what cargo would write for other files of it
    let after = |name: &str, version: &str| {
        let head = format!("name = \"{name}\"\nversion = \"{version}\"\n");
        let (start, rest) = text.split_once(&head).unwrap_or_else(|| panic!("{name} {version} is locked"));
        let other = rest.replacen("checksum = \"", "checksum = \"0", 1);
        fs::write(&lockfile, format!("{start}{head}{other}")).expect("written");
        source::core_of(folder.path()).expect("readable")
    };
    let packages = packages_of_the_core();
    assert!(packages.len() > 20 && packages.iter().any(|(name, _)| name == "libm"), "{packages:?}");
    for (name, version) in &packages {
        assert_ne!(after(name, version), before, "{name}");
    }
    for name in ["clap", "plotters", "polars", "tera"] {
        let version = text.split_once(&format!("name = \"{name}\"\nversion = \"")).expect("locked").1;
        assert_eq!(after(name, version.split('"').next().unwrap_or_default()), before, "{name}");
    }
    // files that are neither here nor locked would be in no digest
    fs::write(&lockfile, text.replacen("checksum = ", "sum = ", usize::MAX)).expect("written");
    assert!(source::core_of(folder.path()).expect_err("refused").to_string().contains("no checksum"));
}

/// Whatever is compiled into the program by name lies in the tree that is digested, or in `data` for tests alone.
#[test]
fn nothing_is_compiled_in_from_outside_the_tree() {
    for file in ["src", "core/src"].iter().flat_map(|part| tracked(part)) {
        let text = fs::read_to_string(root().join(&file)).unwrap_or_default();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let in_tests = file.ends_with("tests.rs");
        for macro_name in ["include_str!(\"", "include_bytes!(\""] {
            for included in code.split(macro_name).skip(1).filter(|_| !in_tests) {
                let of_core = file.starts_with("core");
                let name = included.split('"').next().unwrap_or_default();
                let path = root().join(&file).parent().expect("a folder").join(name);
                let path = fs::canonicalize(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                let inner =
                    path.strip_prefix(fs::canonicalize(root()).expect("there")).expect("in the project").to_owned();
                let part = inner.components().next().expect("a part").as_os_str().to_owned();
                assert!(
                    ["Cargo.lock", "report", "src", "core", "live"]
                        .iter()
                        .any(|known| part == *known && (!of_core || *known == "core")),
                    "{}",
                    inner.display()
                );
            }
        }
    }
}

/// A file from elsewhere or a word from the environment would reach the chunks past the digest of the core.
#[test]
fn the_core_is_compiled_from_its_own_files_alone() {
    for file in tracked("core/src") {
        let text = fs::read_to_string(root().join(&file)).expect("UTF-8");
        for word in ["include!(", "#[path", "env!("] {
            assert!(!text.contains(word), "{} has {word}", file.display());
        }
    }
    let manifest = fs::read_to_string(root().join("core/Cargo.toml")).expect("UTF-8");
    // its tests use itself, with a feature that is not the default
    let (built, _) = manifest.split_once("[dev-dependencies]").expect("tests use packages too");
    assert!(!built.contains("path =") && !manifest.contains("build ="), "{manifest}");
    assert!(!root().join("core/build.rs").exists());
}

/// The keys of all stages of the project at `root`.
fn keys(root: &Path, profile: &Profile) -> BTreeMap<String, Digest> {
    let project = Project::read(root, profile.clone()).expect("a project");
    let workflow = Workflow::new(project).expect("a graph");
    let out = root.join("out");
    pipeline::keys(&workflow.graph, &Folders { root: root.to_owned(), out }).expect("keys")
}

fn smoke() -> Profile {
    Profile::named("smoke").expect("a profile")
}

/// Stages whose key differs, those that are new or gone among them.
fn changed(before: &BTreeMap<String, Digest>, after: &BTreeMap<String, Digest>) -> BTreeSet<String> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names.into_iter().filter(|name| before.get(*name) != after.get(*name)).cloned().collect()
}

#[test]
fn chunks_are_keyed_by_the_core_and_everything_else_by_the_whole_program() {
    let workflow = Workflow::new(Project::read(root(), smoke()).expect("a project")).expect("a graph");
    let stages = workflow.graph.stages();
    let chunk = |stage: &pipeline::Stage| ["theory", "trials"].contains(&stage.kind);
    assert!(stages.iter().filter(|stage| chunk(stage)).count() > 100);
    assert_ne!(source::core(), source::program());
    for stage in stages {
        assert_eq!(stage.source, if chunk(stage) { source::core() } else { source::program() }, "{}", stage.id);
    }
    let folders = Folders { root: root().to_owned(), out: root().join("out") };
    let keys = |stages: Vec<pipeline::Stage>| {
        pipeline::keys(&pipeline::Graph::new(stages).expect("a graph"), &folders).expect("keys")
    };
    let before = keys(stages.to_vec());
    let another = |of_chunks: bool| {
        let other = |stage: &pipeline::Stage| match chunk(stage) == of_chunks {
            true => pipeline::Stage { source: "another".into(), ..stage.clone() },
            false => stage.clone(),
        };
        changed(&before, &keys(stages.iter().map(other).collect()))
    };
    let all: BTreeSet<String> = stages.iter().map(|stage| stage.id.clone()).collect();
    let made: BTreeSet<String> = stages.iter().filter(|stage| !chunk(stage)).map(|stage| stage.id.clone()).collect();
    assert_eq!(another(false), made, "another program with the same core");
    let stale = another(true);
    assert_eq!(
        all.difference(&stale).collect::<Vec<_>>(),
        ["costs", "figure/scaling", "table/b02.map", "table/b08c.map", "table/b11.experiment"],
        "what reads no chunk"
    );
}

/// A reading in each file of what was read off print.
const READINGS: [(&str, &str); 4] = [
    ("printed_curves.csv", "fig1,bayes_optimal,0,0.04956857,0.1999553"),
    ("printed_points.csv", "optimal_lambda,1.5,0.1670454"),
    ("printed_lines.csv", "fig3top,bayes_optimal_alpha4.5,1e-05,0.1682312"),
    ("axes.csv", "0.222,1.1e-05"),
];

#[test]
fn every_input_file_reaches_the_stages_that_show_it() {
    let (folder, files) =
        copy(&["figures", "data/paper", "data/measured", "data/reference", "data/digits", "redistill.toml"]);
    let before = keys(folder.path(), &smoke());
    for file in files {
        let (path, name) = (folder.path().join(&file), file.to_string_lossy().into_owned());
        if UNREAD.iter().any(|unread| name.starts_with(unread)) {
            continue;
        }
        let text = fs::read_to_string(&path).expect("UTF-8");
        let figure = file.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        let figure = figure.unwrap_or_default();
        // the change, and stages that must have another key then
        let (new, expected): (String, Vec<String>) = if name.ends_with("figure.toml") {
            let title = text.lines().find(|line| line.starts_with("title = ")).expect("a title");
            let shown = ["table/{}.theory", "table/{}.experiment", "table/{}.comparison", "table/{}.finite_size"];
            let shown = shown.iter().chain(&["figure/{}", "claims", "report"]);
            (text.replacen(title, "title = \"Another\"", 1), shown.map(|id| id.replace("{}", &figure)).collect())
        } else if name == "redistill.toml" {
            (text.replacen("title = \"", "title = \"Another ", 1), vec!["report".into()])
        } else if name.ends_with("text.md") {
            (format!("{text}\nOne more sentence.\n"), vec!["report".into()])
        } else if name.ends_with(".csv") {
            // one digit of one reading that a curve or a point of ours is held against
            let reading = READINGS.iter().find(|(known, _)| name.ends_with(known)).expect("a known file").1;
            let at = text.find(reading).expect("the reading") + reading.len() - 1;
            let digit = if &text[at..=at] == "1" { "2" } else { "1" };
            let shown = ["claims", "table/alternatives", "report"].map(str::to_owned);
            (format!("{}{digit}{}", &text[..at], &text[at + 1..]), shown.into())
        } else if name.ends_with("costs.toml") {
            let new = format!("# measured again\n{text}");
            (new, vec!["costs".into(), "figure/scaling".into(), "report".into()])
        } else {
            (format!("{text}\n# read again\n"), vec!["report".into()])
        };
        assert_ne!(new, text, "{name}");
        fs::write(&path, &new).expect("written");
        let changed = changed(&before, &keys(folder.path(), &smoke()));
        for stage in expected {
            assert!(changed.contains(&stage), "{name} reaches {stage}, not only {changed:?}");
        }
        fs::write(&path, &text).expect("written");
    }
}

/// Every value of a figure file, one by one: none is read by a stage that does not have it in its key, because tables
/// and drawings are given what their keys hold. Here: every value that may be changed reaches the report at least.
#[test]
fn every_value_of_a_figure_file_reaches_the_report() {
    let (folder, _) = copy(&["figures/fig01", "figures/fig11", "data/paper"]);
    let before = keys(folder.path(), &smoke());
    let mut counted = 0;
    for figure in ["fig01", "fig11"] {
        let path = folder.path().join(format!("figures/{figure}/figure.toml"));
        let text = fs::read_to_string(&path).expect("UTF-8");
        let lines: Vec<&str> = text.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            let Some((key, value)) = line.split_once('=').filter(|(key, _)| !key.trim_start().starts_with('#')) else {
                continue;
            };
            let Ok(real) = value.trim().parse::<f64>() else { continue };
            let mut new: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
            new[number] = match value.contains(['.', 'e']) {
                true => format!("{key}= {:?}", real * 1.015625),
                false => format!("{key}= {}", real as i64 + 1),
            };
            fs::write(&path, new.join("\n")).expect("written");
            // a value that the file may not have is refused, which is no stale stage either
            if let Ok(project) = Project::read(folder.path(), smoke()) {
                let workflow = Workflow::new(project).expect("a graph");
                let folders = Folders { root: folder.path().to_owned(), out: folder.path().join("out") };
                let after = pipeline::keys(&workflow.graph, &folders).expect("keys");
                assert!(changed(&before, &after).contains("report"), "{figure}, line {}: {line}", number + 1);
                counted += 1;
            }
        }
        fs::write(&path, &text).expect("written");
    }
    assert!(counted > 10, "{counted} values changed");
}

#[test]
fn every_field_of_a_profile_reaches_the_stages_it_shapes() {
    let before = keys(root(), &smoke());
    let profiles = [
        Profile { name: "other".into(), ..smoke() },
        Profile { n: 64, ..smoke() },
        Profile { replicates: 5, ..smoke() },
        Profile { chunk: 2, ..smoke() },
        Profile { seed: 7, ..smoke() },
        Profile { sampling: redistill::experiment::Sampling::Iid, ..smoke() },
    ];
    for profile in profiles {
        let changed = changed(&before, &keys(root(), &profile));
        for stage in ["table/fig05.experiment", "table/fig05.finite_size", "table/fig05.comparison", "claims", "report"]
        {
            assert!(changed.contains(stage), "{profile:?} reaches {stage}");
        }
        assert!(!changed.contains("table/fig05.theory"), "theory is the same in every profile");
    }
}
