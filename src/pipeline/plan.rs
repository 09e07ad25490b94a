//! The plan: which stages are fresh, which run, which may run, and why; made without writing anything.
//!
//! The executor decides by the same [`assess`] when a stage's turn comes, so what runs is what was planned. Only one
//! thing can't be known before: whether a stage that runs under a new key gives its old bytes. Whatever reads them
//! *may* run. A stage that runs under a key it has a receipt for (its output was deleted, say) is expected to give the
//! bytes of the receipt, and what reads them is planned on that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::digest::Digest;
use super::error::Error;
use super::graph::{Graph, Selection};
use super::receipt::{Parts, Receipt};
use super::stage::{Place, Stage};
use super::staleness::{self, Staleness};
use super::store::{Folders, Store};

/// What is to happen to a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", content = "reasons", rename_all = "snake_case")]
pub enum Verdict {
    /// Its outputs are there, made from what is there now.
    Fresh,
    /// It runs.
    Runs(Vec<Staleness>),
    /// It runs if one of these inputs comes out with other bytes than before.
    MayRun(Vec<Staleness>),
}

impl Verdict {
    /// The reasons, none for a fresh stage.
    #[must_use]
    pub fn reasons(&self) -> &[Staleness] {
        match self {
            Self::Fresh => &[],
            Self::Runs(reasons) | Self::MayRun(reasons) => reasons,
        }
    }
}

/// One stage of a plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// The stage's id.
    pub stage: String,
    /// Its kind.
    pub kind: &'static str,
    /// Its line for a human.
    pub about: String,
    /// Its estimated cost.
    pub weight: f64,
    /// What is to happen to it.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// What a run would do: every selected stage, each after everything it waits for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// The stages.
    pub entries: Vec<Entry>,
}

impl Plan {
    /// Whether nothing runs.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.entries.iter().all(|entry| entry.verdict == Verdict::Fresh)
    }

    /// The entry of stage `id`.
    #[must_use]
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.stage == id)
    }

    /// Ids of the stages that run.
    #[must_use]
    pub fn runs(&self) -> BTreeSet<&str> {
        self.ids(|verdict| matches!(verdict, Verdict::Runs(_)))
    }

    /// Ids of the stages that may run.
    #[must_use]
    pub fn may_run(&self) -> BTreeSet<&str> {
        self.ids(|verdict| matches!(verdict, Verdict::MayRun(_)))
    }

    /// The stages behind the verdict on `id`: itself, then all stale ancestors through its stale inputs.
    #[must_use]
    pub fn chain(&self, id: &str) -> Vec<&Entry> {
        let by_id: BTreeMap<&str, &Entry> = self.entries.iter().map(|entry| (entry.stage.as_str(), entry)).collect();
        let mut seen = BTreeSet::from([id]);
        let mut chain: Vec<&Entry> = by_id.get(id).copied().into_iter().collect();
        let mut next = 0;
        while let Some(entry) = chain.get(next).copied() {
            for reason in entry.verdict.reasons() {
                if let Staleness::InputStale { input } = reason
                    && seen.insert(input)
                {
                    chain.extend(by_id.get(input.as_str()));
                }
            }
            next += 1;
        }
        chain
    }

    fn ids(&self, wanted: impl Fn(&Verdict) -> bool) -> BTreeSet<&str> {
        let wanted = self.entries.iter().filter(|entry| wanted(&entry.verdict));
        wanted.map(|entry| entry.stage.as_str()).collect()
    }
}

impl fmt::Display for Plan {
    /// One line a stage that runs or may run, with its first reason, then the counts.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for entry in &self.entries {
            let word = match entry.verdict {
                Verdict::Fresh => continue,
                Verdict::Runs(_) => "run    ",
                Verdict::MayRun(_) => "may run",
            };
            write!(formatter, "{word} {}", entry.stage)?;
            let reasons = entry.verdict.reasons();
            if let Some(first) = reasons.first() {
                write!(formatter, "  ({first}")?;
                match reasons.len() {
                    1 => write!(formatter, ")")?,
                    several => write!(formatter, ", and {} more)", several - 1)?,
                }
            }
            writeln!(formatter)?;
        }
        let (runs, may_run) = (self.runs().len(), self.may_run().len());
        let fresh = self.entries.len() - runs - may_run;
        writeln!(formatter, "{runs} to run, {may_run} may run, {fresh} fresh")
    }
}

/// Plans a run over `selection` in which the stages in `force` run in any case.
///
/// # Errors
/// A source file is missing or something can't be read.
pub fn plan(graph: &Graph, selection: &Selection, folders: &Folders, force: &BTreeSet<String>) -> Result<Plan, Error> {
    forecast(graph, selection, &Store::read_only(folders)?, force)
}

pub(super) fn forecast(
    graph: &Graph,
    selection: &Selection,
    store: &Store,
    force: &BTreeSet<String>,
) -> Result<Plan, Error> {
    let mut digests: Vec<Option<Digest>> = vec![None; graph.stages().len()];
    let mut entries = Vec::with_capacity(selection.len());
    for position in graph.in_order(selection) {
        let stage = &graph.stages()[position];
        let assessment = assess(graph, position, store, |input| digests[input].clone(), force.contains(&stage.id))?;
        digests[position] = assessment.digest;
        entries.push(Entry {
            stage: stage.id.clone(),
            kind: stage.kind,
            about: stage.about.clone(),
            weight: stage.weight,
            verdict: assessment.verdict,
        });
    }
    Ok(Plan { entries })
}

/// The key that each stage would have if the bytes of every output were told by its key: what a change in a parameter,
/// a file or the program reaches, found without making anything.
///
/// # Errors
/// A source file is missing or something can't be read.
pub fn keys(graph: &Graph, folders: &Folders) -> Result<BTreeMap<String, Digest>, Error> {
    let store = Store::read_only(folders)?;
    let mut keys: BTreeMap<String, Digest> = BTreeMap::new();
    for position in graph.in_order(&graph.all()) {
        let stage = &graph.stages()[position];
        let inputs = stage.inputs.iter().map(|input| (input.clone(), keys.get(input).cloned())).collect();
        if let Some(key) = Parts::new(stage, inputs, files(stage, &store)?).key(&stage.id) {
            keys.insert(stage.id.clone(), key);
        }
    }
    Ok(keys)
}

/// What is known about a stage, given the digests of its inputs as far as they are known.
#[derive(Debug)]
pub(super) struct Assessment {
    pub verdict: Verdict,
    pub parts: Parts,
    /// Digest of its outputs: as they are if it is fresh, as expected if it runs under a key it has a receipt for.
    pub digest: Option<Digest>,
}

/// Decides on the stage at `position`; `digest_of` gives the digest of an input's outputs if it is known.
pub(super) fn assess(
    graph: &Graph,
    position: usize,
    store: &Store,
    digest_of: impl Fn(usize) -> Option<Digest>,
    force: bool,
) -> Result<Assessment, Error> {
    let stage = &graph.stages()[position];
    let inputs = graph.inputs(position).iter();
    let inputs = inputs.map(|&input| (graph.stages()[input].id.clone(), digest_of(input))).collect();
    let parts = Parts::new(stage, inputs, files(stage, store)?);
    let key = parts.key(&stage.id);

    let receipts = store.receipts();
    let same_key = key.as_ref().and_then(|key| receipts.with_key(&stage.id, key));
    let expected = same_key.map(Receipt::digest);
    if let Some(forced) = staleness::forced(force) {
        return Ok(Assessment { verdict: Verdict::Runs(vec![forced]), parts, digest: expected });
    }
    let mut possible = false;
    for receipt in receipts.of(&stage.id).iter().filter(|receipt| parts.agree_with(&receipt.parts)) {
        possible |= store.intact(receipt)?;
    }
    let verdict = match (possible, &key) {
        (true, Some(_)) => Verdict::Fresh,
        (true, None) => Verdict::MayRun(staleness::inputs_stale(&parts)),
        (false, _) => {
            let latest = nearest(stage, &parts, receipts.of(&stage.id), store)?;
            Verdict::Runs(reasons(&parts, store, latest, same_key)?)
        }
    };
    Ok(Assessment { verdict, parts, digest: expected })
}

/// Every reason that holds, compared with the `latest` receipt, or with the one that has the `same_key`.
fn reasons(
    parts: &Parts,
    store: &Store,
    latest: Option<&Receipt>,
    same_key: Option<&Receipt>,
) -> Result<Vec<Staleness>, Error> {
    let Some(latest) = latest else {
        return Ok(staleness::never_built(latest).into_iter().collect());
    };
    if let Some(receipt) = same_key {
        let mut reasons = staleness::outputs_missing(store, receipt)?;
        reasons.extend(staleness::outputs_edited(store, receipt, latest)?);
        if !reasons.is_empty() {
            return Ok(reasons);
        }
    }
    let mut reasons = staleness::definition_changed(parts, &latest.parts);
    reasons.extend(staleness::parameters_changed(parts, &latest.parts));
    reasons.extend(staleness::files_changed(parts, &latest.parts));
    reasons.extend(staleness::source_changed(parts, &latest.parts));
    reasons.extend(staleness::inputs_changed(parts, &latest.parts));
    reasons.extend(staleness::inputs_stale(parts));
    if reasons.iter().all(|reason| matches!(reason, Staleness::InputStale { .. })) {
        reasons.extend(staleness::outputs_missing(store, latest)?);
        reasons.extend(staleness::outputs_edited(store, latest, latest)?);
    }
    Ok(reasons)
}

type Nearest<'a> = Result<Option<&'a Receipt>, Error>;

/// The receipt to explain a change by: the one that differs in the fewest parts, for what lies in the folder among those
/// that tell of its bytes: it may have come to them in several ways, and a stage that is skipped as fresh leaves no
/// receipt. The last one where none does.
fn nearest<'a>(stage: &Stage, parts: &Parts, receipts: &'a [Receipt], store: &Store) -> Nearest<'a> {
    let differences = |receipt: &&Receipt| {
        let then = &receipt.parts;
        staleness::definition_changed(parts, then).len()
            + staleness::parameters_changed(parts, then).len()
            + staleness::files_changed(parts, then).len()
            + staleness::inputs_changed(parts, then).len()
            + usize::from(staleness::source_changed(parts, then).is_some())
    };
    let mut candidates: Vec<&Receipt> = Vec::new();
    for receipt in receipts.iter().rev() {
        if stage.place == Place::Cache || store.intact(receipt)? {
            candidates.push(receipt);
        }
    }
    Ok(candidates.into_iter().min_by_key(differences).or(receipts.last()))
}

fn files(stage: &Stage, store: &Store) -> Result<BTreeMap<String, Digest>, Error> {
    let mut digests = BTreeMap::new();
    for file in &stage.files {
        let missing = || Error::MissingFile { stage: stage.id.clone(), path: file.clone() };
        let digest = store.source(file)?.ok_or_else(missing)?;
        digests.insert(file.to_string_lossy().replace('\\', "/"), digest);
    }
    Ok(digests)
}
