//! What a run leaves behind about itself: manifest, crate metadata, overview.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use redistill::pipeline::{About, Description, Manifest, Overview, timestamp, write_crate};
use serde_json::Value;

use crate::toy::Project;

fn described(project: &Project) -> Manifest {
    let summary = project.run().unwrap();
    let command = vec!["toy".to_owned(), "run".to_owned()];
    let about = About {
        profile: "quick".into(),
        command,
        threads: 2,
        sizes: [("n".to_owned(), "400".to_owned())].into(),
        started: timestamp(),
        wall_seconds: 1.5,
    };
    let manifest = Manifest::gather(&project.graph(), &project.folders(), &summary, &about).unwrap();
    manifest.write(&project.out()).unwrap();
    let description = Description {
        name: "Toy figures".into(),
        description: "Two figures of a toy.".into(),
        license: "https://spdx.org/licenses/MIT".into(),
        homepage: "https://example.org/redistill".into(),
        publisher: "The toy's makers".into(),
    };
    write_crate(&project.graph(), &project.out(), &manifest, &description).unwrap();
    manifest
}

fn json(path: PathBuf) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn the_manifest_tells_what_ran_and_what_each_stage_cost() {
    let project = Project::new();
    let first = described(&project);
    assert_eq!(first.stages.len(), project.graph().stages().len());
    assert!(first.stages.values().all(|stage| stage.ran && stage.seconds >= 0.0));
    assert!(first.revision.is_none(), "a temporary folder is no repository");
    assert!(first.toolchain.starts_with("rustc "));
    assert!(first.started <= first.finished);
    let second = described(&project);
    assert!(second.stages.values().all(|stage| !stage.ran));
    assert_eq!(first.stages["report"].key, second.stages["report"].key);
    assert_eq!(json(project.out().join("manifest.json"))["profile"], "quick");
    assert!(project.plan().is_fresh(), "the manifest is no output of a stage");
}

#[test]
fn the_crate_is_closed_and_lists_every_visible_output() {
    let project = Project::new();
    described(&project);
    let metadata = json(project.out().join("ro-crate-metadata.json"));
    let entities = metadata["@graph"].as_array().unwrap();
    let ids: BTreeSet<&str> = entities.iter().map(|entity| entity["@id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), entities.len(), "no id twice");
    let action = entities.iter().find(|entity| entity["@type"] == "CreateAction").unwrap();
    assert_eq!(action["result"].as_array().unwrap().len(), 7);
    for result in action["result"].as_array().unwrap() {
        assert!(project.out().join(result["@id"].as_str().unwrap()).is_file());
    }
    let root = entities.iter().find(|entity| entity["@id"] == "./").unwrap();
    for part in root["hasPart"].as_array().unwrap() {
        assert!(ids.contains(part["@id"].as_str().unwrap()));
    }
}

#[test]
fn the_overview_collapses_chunks_and_keeps_the_arrows() {
    let overview = Overview::new(&Project::new().graph());
    let mermaid = overview.mermaid();
    assert!(mermaid.contains("[\"theory/fig01 ×3\"]") && mermaid.contains("[\"trials ×4\"]"));
    // Each table reads theory and trials, each figure its table, the report both figures.
    assert_eq!(mermaid.matches("-->").count(), 2 * 2 + 2 + 2);
    let svg = overview.svg();
    assert_eq!(svg.matches("<rect").count(), 8);
    assert_eq!(svg.matches("<path").count(), 8);
    assert_eq!(svg, Overview::new(&Project::new().graph()).svg());
}
