//! Why a stage is stale: one predicate per cause, each returning its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

use super::digest::Digest;
use super::error::Error;
use super::receipt::{Parts, Receipt};
use super::store::Store;

/// One reason for which a stage does not count as done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum Staleness {
    /// There is no receipt for the stage.
    NeverBuilt,
    /// The caller wants it rebuilt.
    Forced,
    /// Kind, output names or cache format differ.
    DefinitionChanged {
        /// What differs.
        part: &'static str,
        /// Its value in the receipt.
        old: String,
        /// Its value now.
        new: String,
    },
    /// A parameter differs, appeared or went away.
    ParameterChanged {
        /// What it belongs to, if it is not the stage's own.
        part: String,
        /// Its name.
        name: String,
        /// Its value in the receipt.
        old: Option<String>,
        /// Its value now.
        new: Option<String>,
    },
    /// What is read has a part more, with parameters of its own.
    PartAppeared {
        /// That part.
        part: String,
    },
    /// What is read has a part less.
    PartGone {
        /// That part.
        part: String,
    },
    /// What only follows another change differs.
    EchoChanged {
        /// Its name.
        name: String,
        /// Its value in the receipt.
        old: Option<String>,
        /// Its value now.
        new: Option<String>,
    },
    /// The outputs of an input stage have other bytes, or it is read now or then only.
    InputChanged {
        /// The input stage.
        input: String,
        /// Digest in the receipt.
        old: Option<Digest>,
        /// Digest now, as far as it is known.
        new: Option<Digest>,
    },
    /// A source file has other contents, or is read now or then only.
    FileChanged {
        /// The file, relative to the project's root.
        file: String,
        /// Digest in the receipt.
        old: Option<Digest>,
        /// Digest now.
        new: Option<Digest>,
    },
    /// The program differs: its code, its templates, a crate it uses, its compiler, features or flags.
    SourceChanged {
        /// Digest in the receipt.
        old: String,
        /// Digest now.
        new: String,
    },
    /// An output is not there.
    OutputMissing {
        /// The output's name.
        path: PathBuf,
    },
    /// An output has other bytes than were written: edited, truncated or replaced.
    OutputEdited {
        /// The output's name.
        path: PathBuf,
        /// Digest in the receipt.
        recorded: Digest,
        /// Digest on the disk.
        found: Digest,
    },
    /// An input will or may be rebuilt with other bytes.
    InputStale {
        /// The input stage.
        input: String,
    },
}

/// No receipt at all.
pub(super) fn never_built(past: Option<&Receipt>) -> Option<Staleness> {
    past.is_none().then_some(Staleness::NeverBuilt)
}

/// The caller asked for it.
pub(super) fn forced(forced: bool) -> Option<Staleness> {
    forced.then_some(Staleness::Forced)
}

/// Kind, outputs or cache format.
pub(super) fn definition_changed(now: &Parts, then: &Parts) -> Vec<Staleness> {
    let names =
        |parts: &Parts| parts.outputs.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
    let pairs = [
        ("schema", then.schema.to_string(), now.schema.to_string()),
        ("kind", then.kind.clone(), now.kind.clone()),
        ("outputs", names(then), names(now)),
    ];
    let differing = pairs.into_iter().filter(|(_, old, new)| old != new);
    differing.map(|(part, old, new)| Staleness::DefinitionChanged { part, old, new }).collect()
}

/// Parameters, part by part.
pub(super) fn parameters_changed(now: &Parts, then: &Parts) -> Vec<Staleness> {
    let (now, then) = (&now.parameters, &then.parameters);
    let mut reasons = Vec::new();
    for (part, old, new) in changes(&now.told, &then.told) {
        match (old, new) {
            (None, Some(_)) if !part.is_empty() => reasons.push(Staleness::PartAppeared { part }),
            (Some(_), None) if !part.is_empty() => reasons.push(Staleness::PartGone { part }),
            (old, new) => {
                let changed = |(name, old, new)| Staleness::ParameterChanged { part: part.clone(), name, old, new };
                reasons.extend(changes(&new.unwrap_or_default(), &old.unwrap_or_default()).map(changed));
            }
        }
    }
    let echo = |(name, old, new)| Staleness::EchoChanged { name, old, new };
    reasons.extend(changes(&now.echoes, &then.echoes).map(echo));
    reasons
}

/// Outputs of other stages; those not known yet are no change.
pub(super) fn inputs_changed(now: &Parts, then: &Parts) -> Vec<Staleness> {
    changes(&now.inputs, &then.inputs)
        .filter(|(_, _, new)| !matches!(new, Some(None)))
        .map(|(input, old, new)| Staleness::InputChanged { input, old: old.flatten(), new: new.flatten() })
        .collect()
}

/// Source files, by contents.
pub(super) fn files_changed(now: &Parts, then: &Parts) -> Vec<Staleness> {
    changes(&now.files, &then.files).map(|(file, old, new)| Staleness::FileChanged { file, old, new }).collect()
}

/// The program that makes it.
pub(super) fn source_changed(now: &Parts, then: &Parts) -> Option<Staleness> {
    let (old, new) = (then.source.clone(), now.source.clone());
    (old != new).then_some(Staleness::SourceChanged { old, new })
}

/// Outputs that are not on the disk.
pub(super) fn outputs_missing(store: &Store, receipt: &Receipt) -> Result<Vec<Staleness>, Error> {
    let mut missing = Vec::new();
    for product in &receipt.products {
        if store.output(&store.path(receipt.place(), product))?.is_none() {
            missing.push(Staleness::OutputMissing { path: product.path.clone() });
        }
    }
    Ok(missing)
}

/// Outputs on the disk with other bytes than `receipt` says, unless `latest` wrote these.
pub(super) fn outputs_edited(store: &Store, receipt: &Receipt, latest: &Receipt) -> Result<Vec<Staleness>, Error> {
    let mut edited = Vec::new();
    for product in &receipt.products {
        let recorded = product.digest.clone();
        let written_since =
            |found: &Digest| latest.products.iter().any(|other| other.path == product.path && other.digest == *found);
        if let Some(found) = store.output(&store.path(receipt.place(), product))?
            && found != recorded
            && !written_since(&found)
        {
            edited.push(Staleness::OutputEdited { path: product.path.clone(), recorded, found });
        }
    }
    Ok(edited)
}

/// Inputs whose bytes are not known before something else has run.
pub(super) fn inputs_stale(now: &Parts) -> Vec<Staleness> {
    let unknown = now.inputs.iter().filter(|(_, digest)| digest.is_none());
    unknown.map(|(input, _)| Staleness::InputStale { input: input.clone() }).collect()
}

/// Names whose values differ, as (name, old, new).
fn changes<'a, T: Clone + PartialEq>(
    now: &'a BTreeMap<String, T>,
    then: &'a BTreeMap<String, T>,
) -> impl Iterator<Item = (String, Option<T>, Option<T>)> + 'a {
    let names: BTreeSet<&String> = now.keys().chain(then.keys()).collect();
    let pairs = names.into_iter().map(|name| (name.clone(), then.get(name).cloned(), now.get(name).cloned()));
    pairs.filter(|(_, old, new)| old != new)
}

impl fmt::Display for Staleness {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digest = |digest: &Option<Digest>| digest.as_ref().map_or("none", Digest::short).to_owned();
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
        let short = |text: &str| text.get(..12).unwrap_or(text).to_owned();
        match self {
            Self::NeverBuilt => write!(formatter, "never built"),
            Self::Forced => write!(formatter, "forced"),
            Self::DefinitionChanged { part, old, new } => write!(formatter, "{part}: {old} → {new}"),
            Self::ParameterChanged { part, name, old, new } if part.is_empty() => {
                write!(formatter, "parameter {name}: {} → {}", text(old), text(new))
            }
            Self::ParameterChanged { part, name, old, new } => {
                write!(formatter, "parameter {name} of {part}: {} → {}", text(old), text(new))
            }
            Self::PartAppeared { part } => write!(formatter, "{part} is new"),
            Self::PartGone { part } => write!(formatter, "{part} is gone"),
            Self::EchoChanged { name, old, new } => write!(formatter, "{name}: {} → {}", text(old), text(new)),
            Self::InputChanged { input, old, new } => {
                write!(formatter, "input {input}: {} → {}", digest(old), digest(new))
            }
            Self::FileChanged { file, old, new } => write!(formatter, "file {file}: {} → {}", digest(old), digest(new)),
            Self::SourceChanged { old, new } => write!(formatter, "program: {} → {}", short(old), short(new)),
            Self::OutputMissing { path } => write!(formatter, "output {} is missing", path.display()),
            Self::OutputEdited { path, recorded, found } => {
                let (recorded, found) = (recorded.short(), found.short());
                write!(formatter, "output {} was changed: {recorded} → {found}", path.display())
            }
            Self::InputStale { input } => write!(formatter, "input {input} is being rebuilt"),
        }
    }
}
