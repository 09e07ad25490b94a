//! The ledger in final words: claims and errata with their verdicts, checks and explanations.

use serde::Serialize;

use crate::spec::{Claim, Figure, Relation};
use crate::table::Table;
use crate::verdict::{Entry, Fate, NONE, Role, Row, Voice, number, plain, rows_of};

use super::digits::{cells, deviate, reading, rounded};
use super::numbers::Numbers;
use super::sheet::Sheet;
use super::{Input, ReportError};

/// A claim or an erratum with its verdict. Texts are Markdown.
#[derive(Debug, Serialize)]
pub(super) struct EntryModel {
    pub anchor: String,
    pub id: String,
    pub title: String,
    pub paper: String,
    pub text: String,
    pub evidence: Option<String>,
    pub verdict: String,
    pub class: String,
    pub reason: String,
    pub needed: Option<String>,
    pub voices: Vec<(&'static str, String)>,
    pub checks: Vec<CheckModel>,
    /// The explanations that were tried and how they fared; who survives is marked.
    pub alternatives: Sheet,
    /// Figures of this run that it needs: id and name.
    pub figures: Vec<(String, String)>,
}

/// One check of a claim or an erratum.
#[derive(Debug, Clone, Serialize)]
pub(super) struct CheckModel {
    /// Id of its figure, and what that is called.
    pub figure: String,
    pub name: String,
    pub check: String,
    pub text: String,
    pub reason: String,
    pub condition: Option<String>,
    pub quantity: String,
    pub bound: String,
    pub voices: Vec<VoiceModel>,
    /// True when no voice says that it fails.
    pub stands: bool,
}

/// What one voice says of a check.
#[derive(Debug, Clone, Serialize)]
pub(super) struct VoiceModel {
    pub voice: &'static str,
    pub verdict: &'static str,
    /// Its value with half of its interval; none where it has none.
    pub reading: Option<String>,
    #[serde(skip)]
    value: Option<f64>,
    /// Theory at the simulated points, where it is seen to be another number than theory's own.
    pub expected: Option<String>,
    pub needed: Option<String>,
}

/// A list of the ledger: its kind as the verdicts name it, and its file, for messages.
pub(super) fn entries(
    list: &[Entry],
    of: (&str, &str),
    input: &Input<'_>,
    specs: &[&Figure],
    numbers: &Numbers,
) -> Result<Vec<EntryModel>, ReportError> {
    list.iter().map(|entry| told(entry, of, input, specs, numbers)).collect()
}

fn told(
    entry: &Entry,
    (kind, file): (&str, &str),
    input: &Input<'_>,
    specs: &[&Figure],
    numbers: &Numbers,
) -> Result<EntryModel, ReportError> {
    let verdicts = input.verdicts;
    let row = verdicts.rows_where("kind", kind).into_iter().find(|&row| verdicts.text("id", row) == Some(&entry.id));
    let word = |column: &str| row.and_then(|row| verdicts.text(column, row)).unwrap_or("").to_owned();
    let present = |id: &String| specs.iter().find(|spec| spec.id == *id).copied();
    let whole = entry.figures.iter().all(|id| present(id).is_some());
    let evidence = match whole && !entry.evidence.is_empty() {
        true => Some(numbers.fill(&entry.evidence, (file, entry.line), None)?.trim().to_owned()),
        false => None,
    };
    Ok(EntryModel {
        anchor: format!("{kind}-{}", entry.id),
        id: entry.id.clone(),
        title: entry.title.clone(),
        paper: entry.paper.clone(),
        text: entry.text.clone(),
        evidence,
        verdict: word("verdict"),
        class: word("class"),
        reason: sentence(&word("reason")),
        needed: needed(input.claims, &entry.id),
        voices: ["theory", "simulation", "print"].map(|voice| (voice, word(voice))).into(),
        checks: checks(&rows_of(&entry.id, input.claims, specs), input.claims, specs),
        alternatives: if whole { alternatives(entry, input.alternatives) } else { Sheet::default() },
        figures: entry
            .figures
            .iter()
            .filter_map(present)
            .map(|spec| (spec.id.clone(), spec.name().to_owned()))
            .collect(),
    })
}

fn alternatives(entry: &Entry, table: &Table) -> Sheet {
    let head = [
        "setting",
        "",
        "largest difference, theory − print",
        "in reading errors",
        "largest z, printed points",
        "largest z, our simulation",
        "survives",
    ];
    let mut sheet = Sheet::new(head);
    let z = |z: Option<f64>| z.map_or(NONE.to_owned(), deviate);
    for one in &entry.alternatives {
        let fate = Fate::of(&entry.id, one, table);
        let role = match one.role {
            Role::Printed => "what print says",
            Role::Explanation => "our explanation",
            Role::Rival => "another explanation",
        };
        sheet.push([
            one.label.clone(),
            role.to_owned(),
            fate.largest.map_or(NONE.to_owned(), |value| rounded(value.abs())),
            fate.in_readings.map_or(NONE.to_owned(), rounded),
            z(fate.points_z),
            z(fate.simulated_z),
            if fate.survives() { "yes" } else { "no" }.to_owned(),
        ]);
        sheet.mark_last(fate.survives());
    }
    sheet
}

/// What would let the simulation decide an entry: the most data sets that any of its checks asks for; none where it
/// has decided, or where no number of data sets at these x would do.
fn needed(claims: &Table, id: &str) -> Option<String> {
    let rows: Vec<usize> = (claims.rows_where("claim", id).into_iter())
        .filter(|&row| {
            claims.text("voice", row) == Some("simulation") && claims.text("verdict", row) == Some("cannot tell")
        })
        .collect();
    let sets = rows.iter().filter_map(|&row| claims.real("needed", row)).max_by(f64::total_cmp)?;
    let n = rows.iter().find_map(|&row| claims.integer("n", row))?;
    let open = rows.iter().filter(|&&row| claims.real("needed", row).is_none()).count();
    let also = match open {
        0 => String::new(),
        1 => "; one check also needs points at other x".to_owned(),
        more => format!("; {more} checks also need points at other x"),
    };
    Some(format!(
        "To decide, the simulation would need about {} data sets of N\u{a0}=\u{a0}{n}, judging by the spread of those it has{also}.",
        number(sets)
    ))
}

/// A phrase as a sentence.
fn sentence(phrase: &str) -> String {
    if phrase.is_empty() { String::new() } else { format!("{}.", capital(phrase)) }
}

/// A phrase that begins a sentence. A Greek letter is a symbol and stays as it is.
fn capital(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map_or(String::new(), |first| format!("{}{}", first.to_ascii_uppercase(), letters.as_str()))
}

/// The checks among some rows of the claims table, the voices of each together, in the table's order.
pub(super) fn checks(rows: &[Row<'_>], claims: &Table, specs: &[&Figure]) -> Vec<CheckModel> {
    let mut models: Vec<CheckModel> = Vec::new();
    for row in rows {
        let word = |column: &str| claims.text(column, row.row).unwrap_or("").to_owned();
        let (figure, check) = (word("figure"), word("check"));
        let mut voice = voice(row, claims);
        let fails = voice.verdict == "fails";
        match models.iter_mut().find(|model| model.figure == figure && model.check == check) {
            Some(model) => {
                model.stands &= !fails;
                let theory = model.voices.iter().find(|voice| voice.voice == Voice::Theory.word());
                voice.expected = expected(row.row, claims, theory.and_then(|theory| theory.value));
                model.voices.push(voice);
            }
            None => models.push(CheckModel {
                name: specs.iter().find(|spec| spec.id == figure).map_or(&*figure, |spec| spec.name()).to_owned(),
                text: capital(&plain(&row.claim.text)),
                reason: plain(&row.claim.reason),
                condition: row.claim.condition.as_deref().map(plain),
                quantity: word("quantity"),
                bound: bound(row.claim, word("bound")),
                voices: vec![voice],
                stands: !fails,
                figure,
                check,
            }),
        }
    }
    models
}

fn voice(row: &Row<'_>, claims: &Table) -> VoiceModel {
    let real = |column: &str| claims.real(column, row.row);
    VoiceModel {
        voice: row.heard.voice.word(),
        verdict: row.heard.verdict.word(),
        reading: real("value").map(|value| reading(value, real("resolution"))),
        value: real("value"),
        expected: None,
        needed: real("needed")
            .zip(claims.integer("n", row.row))
            .map(|(sets, n)| format!("{} data sets of N\u{a0}=\u{a0}{n}", number(sets))),
    }
}

/// Theory at the simulated points, if to the digits that the simulation tells it is not what theory itself tells.
fn expected(row: usize, claims: &Table, theory: Option<f64>) -> Option<String> {
    let told = |value: f64| cells(Some(value), claims.real("resolution", row))[0].clone();
    let expected = told(claims.real("expected", row)?);
    (theory.map(told).as_ref() != Some(&expected)).then_some(expected)
}

/// A bound in words; a range whose ends print alike is one number.
fn bound(claim: &Claim, words: String) -> String {
    match claim.relation {
        Relation::Within([low, high]) if number(low) == number(high) => number(low),
        Relation::Within(_)
        | Relation::Below(_)
        | Relation::Above(_)
        | Relation::AtMost(_)
        | Relation::AtLeast(_)
        | Relation::Outside(_) => words,
    }
}
