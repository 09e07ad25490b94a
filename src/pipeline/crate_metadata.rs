//! The output folder as a Workflow Run RO-Crate: the same provenance as the manifest, in the form archives read.
//!
//! Conforms to RO-Crate 1.1, Workflow RO-Crate 1.0, Process Run Crate 0.5 and Workflow Run Crate 0.5. The workflow
//! entity is `workflow.json`, the graph of stages the run followed.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::error::Error;
use super::graph::Graph;
use super::manifest::{MANIFEST, Manifest, write_json};
use super::stage::Place;

/// Name of the crate's metadata in the output folder.
pub const CRATE: &str = "ro-crate-metadata.json";
/// Name of the graph of stages in the output folder.
pub const WORKFLOW: &str = "workflow.json";

const CONTEXT: [&str; 2] = ["https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context"];
const RO_CRATE: &str = "https://w3id.org/ro/crate/1.1";
const WORKFLOW_CRATE: &str = "https://w3id.org/workflowhub/workflow-ro-crate/1.0";
const PROCESS_RUN: &str = "https://w3id.org/ro/wfrun/process/0.5";
const WORKFLOW_RUN: &str = "https://w3id.org/ro/wfrun/workflow/0.5";
const BIOSCHEMAS: &str = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE";
const PUBLISHER: &str = "#publisher";
const FORMAL_PARAMETER: &str = "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE";

/// What a reader of the crate is told about it as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Title.
    pub name: String,
    /// One or two sentences.
    pub description: String,
    /// URL of the licence.
    pub license: String,
    /// Home of the program, an absolute URL.
    pub homepage: String,
    /// Who stands for the crate, e.g. the program's contributors as a body.
    pub publisher: String,
}

/// Writes `ro-crate-metadata.json` and `workflow.json` into the output folder, which holds the manifest already.
///
/// # Errors
/// One of them can't be written.
pub fn write_crate(graph: &Graph, out: &Path, manifest: &Manifest, about: &Description) -> Result<(), Error> {
    write_json(out, &out.join(WORKFLOW), &graph.stages())?;
    write_json(out, &out.join(CRATE), &metadata(graph, out, manifest, about))
}

/// The metadata: every visible output that exists, the run that made them, the program, the workflow.
fn metadata(graph: &Graph, out: &Path, manifest: &Manifest, about: &Description) -> Value {
    let visible = graph.stages().iter().filter(|stage| stage.place == Place::Folder);
    let outputs = visible.flat_map(|stage| stage.outputs.iter().map(|path| (path.clone(), stage.about.as_str())));
    let mut files: Vec<(PathBuf, &str)> = outputs.filter(|(path, _)| out.join(path).is_file()).collect();
    files.sort();
    let results: Vec<Value> = files.iter().map(|(path, _)| reference(&id(path))).collect();
    let mut parts = vec![reference(WORKFLOW), reference(MANIFEST)];
    parts.extend(results.iter().cloned());

    let mut entities = vec![
        json!({ "@id": CRATE, "@type": "CreativeWork", "about": reference("./"),
            "conformsTo": [reference(RO_CRATE), reference(WORKFLOW_CRATE)] }),
        json!({ "@id": "./", "@type": "Dataset", "name": about.name, "description": about.description,
            "datePublished": manifest.finished, "license": reference(&about.license), "hasPart": parts,
            "conformsTo": [reference(PROCESS_RUN), reference(WORKFLOW_RUN), reference(WORKFLOW_CRATE)],
            "mainEntity": reference(WORKFLOW), "mentions": reference("#run"),
            "author": reference(PUBLISHER), "publisher": reference(PUBLISHER) }),
        json!({ "@id": PUBLISHER, "@type": "Organization", "name": about.publisher, "url": about.homepage }),
        json!({ "@id": about.license, "@type": "CreativeWork", "name": "Licence", "identifier": about.license,
            "url": about.license, "description": "Terms under which this crate may be used." }),
        profile(PROCESS_RUN, "Process Run Crate", "0.5"),
        profile(WORKFLOW_RUN, "Workflow Run Crate", "0.5"),
        profile(WORKFLOW_CRATE, "Workflow RO-Crate", "1.0"),
    ];
    entities.extend(workflow(manifest, about));
    entities.extend(action(manifest, results));
    entities.push(file(Path::new(MANIFEST), "Provenance of the run: code, machine, keys and costs of all stages."));
    entities.extend(files.iter().map(|(path, description)| file(path, description)));
    json!({ "@context": CONTEXT, "@graph": entities })
}

/// The workflow, its language, and the program that runs it.
fn workflow(manifest: &Manifest, about: &Description) -> Vec<Value> {
    vec![
        json!({ "@id": WORKFLOW, "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
            "name": "Stages of the run", "description": "Every stage with its parameters, inputs, files and outputs.",
            "conformsTo": reference(BIOSCHEMAS), "encodingFormat": "application/json", "version": manifest.version,
            "programmingLanguage": reference("#language"), "input": reference("#profile-parameter"),
            "license": reference(&about.license), "url": about.homepage, "softwareRequirements": reference(&about.homepage) }),
        json!({ "@id": "#language", "@type": "ComputerLanguage", "name": format!("{} stage graph", manifest.program),
            "version": manifest.version, "url": about.homepage, "identifier": about.homepage }),
        json!({ "@id": about.homepage, "@type": "SoftwareApplication", "name": manifest.program, "url": about.homepage,
            "softwareVersion": software_version(manifest) }),
        json!({ "@id": "#profile-parameter", "@type": "FormalParameter", "conformsTo": reference(FORMAL_PARAMETER),
            "name": "profile", "description": "Size of the experiments.", "additionalType": "Text",
            "valueRequired": true }),
    ]
}

/// The run and the value of its parameter.
fn action(manifest: &Manifest, results: Vec<Value>) -> Vec<Value> {
    let machine = &manifest.platform;
    let on = machine.cpu.as_deref().unwrap_or(machine.arch);
    let description = format!("{} on {on}, {}, {} threads", manifest.command.join(" "), machine.os, manifest.threads);
    vec![
        json!({ "@id": "#run", "@type": "CreateAction", "name": format!("{} run", manifest.program),
            "description": description, "instrument": reference(WORKFLOW), "agent": reference(PUBLISHER), "object": reference("#profile"),
            "result": results, "startTime": manifest.started, "endTime": manifest.finished,
            "actionStatus": "http://schema.org/CompletedActionStatus" }),
        json!({ "@id": "#profile", "@type": "PropertyValue", "name": "profile", "value": manifest.profile,
            "exampleOfWork": reference("#profile-parameter") }),
    ]
}

fn software_version(manifest: &Manifest) -> String {
    match &manifest.revision {
        Some(revision) if revision.dirty => format!("{} ({}-dirty)", manifest.version, revision.commit),
        Some(revision) => format!("{} ({})", manifest.version, revision.commit),
        None => manifest.version.to_owned(),
    }
}

fn profile(url: &str, name: &str, version: &str) -> Value {
    json!({ "@id": url, "@type": ["CreativeWork", "Profile"], "name": name, "version": version })
}

fn file(path: &Path, description: &str) -> Value {
    let mut entity = Map::new();
    entity.insert("@id".into(), id(path).into());
    entity.insert("@type".into(), "File".into());
    entity.insert("name".into(), path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default().into());
    if !description.is_empty() {
        entity.insert("description".into(), description.into());
    }
    if let Some(format) = encoding(path) {
        entity.insert("encodingFormat".into(), format.into());
    }
    entity.into()
}

fn encoding(path: &Path) -> Option<&'static str> {
    match path.extension()?.to_str()? {
        "parquet" => Some("application/vnd.apache.parquet"),
        "svg" => Some("image/svg+xml"),
        "md" => Some("text/markdown"),
        "html" => Some("text/html"),
        "txt" => Some("text/plain"),
        "json" => Some("application/json"),
        _ => None,
    }
}

/// A path as a relative URI reference; everything but unreserved characters and `/` is percent-encoded.
fn id(path: &Path) -> String {
    let mut id = String::new();
    for byte in path.to_string_lossy().replace('\\', "/").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => id.push(char::from(byte)),
            other => id.push_str(&format!("%{other:02X}")),
        }
    }
    id
}

fn reference(id: &str) -> Value {
    json!({ "@id": id })
}
