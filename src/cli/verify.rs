//! `verify`: four different verdicts on a run, that it is stale, not deterministic, not the reference, or that its
//! simulations contradict a claim.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use crate::pipeline::{self, Folders, Place, Scratch};
use crate::table::{OfFigure, TableName, parquet};
use crate::workflow::{Findings, Match, Output, Reference, TableDifference, Workflow, compare};

use super::args::{Common, Recompute, VerifyOptions};
use super::columns::counted;
use super::make::{Settings, make};
use super::progress::hold;
use super::run_args::SizeOptions;
use super::{Failure, broken, closing, print_json, target};

/// Lines printed for one table; JSON has them all.
const LINES: usize = 20;
/// Exit codes of the verdicts.
const STALE: u8 = 3;
const DIFFERS: u8 = 4;
const NOT_DETERMINISTIC: u8 = 5;
const CONTRADICTED: u8 = 6;

/// Everything `verify` found.
#[derive(Debug, Default, Serialize)]
struct Verdict {
    verdict: &'static str,
    code: u8,
    /// Tables held against the reference.
    tables: Vec<String>,
    /// Outputs computed a second time.
    recomputed: usize,
    stale: Vec<String>,
    not_deterministic: Findings,
    differs: Findings,
    /// Where a reference would be, where there is none.
    #[serde(skip)]
    missing: Option<PathBuf>,
    /// Claims that the simulation contradicts, with why.
    contradicted: BTreeMap<String, String>,
    /// Files of the reference that were renewed.
    renewed: Vec<String>,
}

/// Makes the tables, computes them again, and holds them against the committed reference.
pub(super) fn verify(common: &Common, options: &VerifyOptions) -> Result<(), Failure> {
    let (workflow, folders) = common.workflow(&SizeOptions::default())?;
    let broken = &workflow.project.broken;
    let reference = Reference::new(&workflow.project);
    if options.bless && !broken.is_empty() {
        return broken::ended(broken, "the reference is left as it is");
    }
    if options.bless && !reference.is_whole() {
        return Err(Failure::input(format!("--bless: the reference is made with --profile {}", Reference::profile())));
    }
    let data = folders.out.join("data");
    let mut verdict =
        Verdict { verdict: "as the reference", tables: reference.files().collect(), ..Verdict::default() };
    if !options.bless {
        // before anything is computed: a reference that cannot be read is an input that is wrong
        reference.readable().map_err(|error| {
            Failure::input(format!("{error}; valid: the committed file, or one that `verify --bless` writes"))
        })?;
    }
    // the verdicts are wanted in every profile, though only one has its claims in the reference
    let targets = [theory(&reference), vec![Output::Table(TableName::Verdicts).stage()]].concat();
    let settings = Settings { targets, jobs: options.jobs, ..Settings::default() };
    if !options.no_run {
        let mut contradicting = make(&workflow, &folders, &settings)?.summary.contradicting;
        if options.recompute == Recompute::All {
            let everything = Settings { jobs: options.jobs, ..Settings::default() };
            contradicting.extend(make(&workflow, &folders, &everything)?.summary.contradicting);
        }
        let finding =
            |stage: String| (stage, TableDifference::whole("other bytes than an earlier run from the same inputs"));
        verdict.not_deterministic.extend(contradicting.into_iter().map(finding));
    }
    // from here on the folder stays as it is; a run that is at work in it is waited for
    let _held = hold(&folders.out)?;
    let selection = target::selection(&workflow.graph, &settings.targets)?;
    let plan = pipeline::plan(&workflow.graph, &selection, &folders, &BTreeSet::new())?;
    verdict.stale = plan.runs().union(&plan.may_run()).map(|&stage| stage.to_owned()).collect();
    if verdict.stale.is_empty() {
        recompute(&workflow, &folders, (options, &reference), &mut verdict)?;
        if options.bless && verdict.not_deterministic.is_empty() {
            verdict.renewed = reference.renew(&data)?;
        }
        if !reference.exists() {
            verdict.missing = Some(reference.folder().to_owned());
        }
        verdict.differs = reference.hold(&data).map_err(Failure::failed)?;
        let text = |row: &Value, key: &str| row[key].as_str().unwrap_or("").to_owned();
        let claims = closing::verdicts(&folders, "claim")?;
        let contradicted = closing::contradicted(&claims).into_iter();
        verdict.contradicted = contradicted.map(|row| (text(row, "id"), text(row, "reason"))).collect();
    }
    broken::after(
        conclude(verdict, options.json),
        broken,
        "the rest was held against the reference, but for the claims",
    )
}

/// The stages behind the theory of the reference.
fn theory(reference: &Reference<'_>) -> Vec<String> {
    let theory = |table: &&TableName<'_>| matches!(table, TableName::Of(_, OfFigure::Theory));
    reference.tables().iter().filter(theory).map(|table| Output::Table(*table).stage()).collect()
}

/// Makes the outputs once more in an empty folder, and takes note of those with other bytes.
fn recompute(
    workflow: &Workflow,
    folders: &Folders,
    (options, reference): (&VerifyOptions, &Reference<'_>),
    verdict: &mut Verdict,
) -> Result<(), Failure> {
    let targets: Vec<String> = match options.recompute {
        Recompute::None => return Ok(()),
        Recompute::Theory => theory(reference),
        Recompute::All => Vec::new(),
    };
    let selection = target::selection(&workflow.graph, &targets)?;
    let again = Scratch::new(&folders.out)?;
    let elsewhere = Folders { root: folders.root.clone(), out: again.path().to_owned() };
    make(workflow, &elsewhere, &Settings { targets: targets.clone(), jobs: options.jobs, ..Settings::default() })?;
    let selected = pipeline::plan(&workflow.graph, &selection, folders, &BTreeSet::new())?;
    let stages = selected.entries.iter().filter_map(|entry| workflow.graph.stage(&entry.stage));
    for output in stages.filter(|stage| stage.place == Place::Folder).flat_map(|stage| &stage.outputs) {
        verdict.recomputed += 1;
        if let Some(difference) = other(&folders.out.join(output), &again.path().join(output))? {
            verdict.not_deterministic.insert(output.display().to_string(), difference);
        }
    }
    Ok(())
}

/// How two files differ, if they do: tables by cell, others by having other bytes.
fn other(first: &Path, second: &Path) -> Result<Option<TableDifference>, Failure> {
    let bytes = [first, second].map(std::fs::read);
    let [Ok(a), Ok(b)] = bytes else { return Ok(Some(TableDifference::whole("it was made only once"))) };
    if a == b {
        return Ok(None);
    }
    let difference = if first.extension().is_some_and(|extension| extension == "parquet") {
        let read = |path: &Path| parquet::read(path).map_err(Failure::failed);
        compare(&read(first)?, &read(second)?, Match::Bits).map_err(Failure::failed)?
    } else {
        TableDifference::default()
    };
    Ok(Some(if difference.is_empty() { TableDifference::whole("other bytes the second time") } else { difference }))
}

/// Prints what was found and turns it into an exit code.
fn conclude(mut verdict: Verdict, json: bool) -> Result<(), Failure> {
    let count = |findings: &Findings| {
        let all = findings.values().map(TableDifference::count).sum::<usize>();
        counted(all, "difference", "differences")
    };
    let message = if !verdict.stale.is_empty() {
        (verdict.verdict, verdict.code) = ("stale", STALE);
        format!(
            "stale: {}, first {}; `verify` without --no-run makes them",
            counted(verdict.stale.len(), "stage", "stages"),
            verdict.stale[0]
        )
    } else if !verdict.not_deterministic.is_empty() {
        (verdict.verdict, verdict.code) = ("not deterministic", NOT_DETERMINISTIC);
        let findings = &verdict.not_deterministic;
        let outputs = counted(findings.len(), "output", "outputs");
        format!("not deterministic: {} in {outputs} computed twice", count(findings))
    } else if let Some(folder) = verdict.missing.take() {
        (verdict.verdict, verdict.code) = ("no reference", DIFFERS);
        verdict.differs.clear();
        format!("{}: no reference yet; `redistill verify --bless` makes it", folder.display())
    } else if !verdict.differs.is_empty() {
        (verdict.verdict, verdict.code) = ("differs from reference", DIFFERS);
        let findings = &verdict.differs;
        let tables = counted(findings.len(), "table", "tables");
        format!("differs from reference: {} in {tables}; `verify --bless` accepts this run", count(findings))
    } else if let Some((first, reason)) = verdict.contradicted.iter().next() {
        (verdict.verdict, verdict.code) = ("contradicted", CONTRADICTED);
        let claims = counted(verdict.contradicted.len(), "claim", "claims");
        format!("contradicted: {claims}, first claim {first}: {reason}")
    } else {
        String::new()
    };
    if json {
        print_json(&verdict)?;
    } else {
        let mut out = std::io::stdout().lock();
        write_findings(&mut out, &verdict.not_deterministic, LINES)?;
        write_findings(&mut out, &verdict.differs, LINES)?;
        for file in &verdict.renewed {
            writeln!(out, "renewed {file}")?;
        }
        if message.is_empty() {
            let tables = counted(verdict.tables.len(), "table", "tables");
            let outputs = counted(verdict.recomputed, "output", "outputs");
            writeln!(out, "{tables} within tolerance of the reference; {outputs} computed twice with equal bytes")?;
        }
    }
    if message.is_empty() { Ok(()) } else { Err(Failure::verdict(verdict.code, message)) }
}

/// One line a difference, `most` a table: table, column, row, both values, tolerance.
pub(super) fn write_findings(
    out: &mut impl Write,
    findings: &BTreeMap<String, TableDifference>,
    most: usize,
) -> std::io::Result<()> {
    for (name, difference) in findings {
        let table = PathBuf::from(name);
        let table = table.file_name().map_or(name.clone(), |file| file.to_string_lossy().into_owned());
        let lines = difference.lines();
        for line in lines.iter().take(most) {
            writeln!(out, "{}: {line}", table.trim_end_matches(".parquet"))?;
        }
        if lines.len() > most {
            writeln!(
                out,
                "{}: and {} more; --json has them all",
                table.trim_end_matches(".parquet"),
                lines.len() - most
            )?;
        }
    }
    Ok(())
}
