//! The claims and the report, put together from tables, drawings and texts.

use crate::model::{Mixture, thresholds};
use crate::pipeline::{Context, Digest, Stage, WorkError, source};
use crate::report::{self, CostsInput, FigureInput, Input, Reference, Report, Run};
use crate::spec::{Figure, Threshold};
use crate::table::Table;
use crate::verdict::{self, Evidence, Ledger, Tried};

use super::Project;
use super::alternatives::trials;
use super::job::{ALTERNATIVES, COSTS, figure_stage};

/// The tables of one figure and the thresholds of its data.
pub struct FigureTables {
    theory: Table,
    experiment: Table,
    agreement: Table,
    finite_size: Table,
    sized: Table,
    published: Table,
    printed_points: Table,
    thresholds: [(Threshold, f64); 3],
}

/// The exact thresholds at a figure's η, Δ and ρ.
#[must_use]
pub fn thresholds_of(figure: &Figure) -> [(Threshold, f64); 3] {
    let data = &figure.data;
    let mixture = Mixture { alpha: 1.0, eta: data.eta(), delta: data.delta(), rho: data.rho() };
    [
        (Threshold::Interpolation, thresholds::interpolation(&mixture)),
        (Threshold::StudentSeparability, thresholds::separability(&mixture)),
        (Threshold::TeacherSeparability, thresholds::separability(&mixture.all_features())),
    ]
}

impl FigureTables {
    /// Reads the tables of a figure; `table` gives an output of a stage.
    fn read(figure: &Figure, table: impl Fn(&str, usize) -> Result<Table, WorkError>) -> Result<Self, WorkError> {
        let of = |arm: &str, output: usize| table(&figure_stage("table", figure, arm), output);
        Ok(Self {
            theory: of("theory", 0)?,
            experiment: of("experiment", 0)?,
            agreement: of("comparison", 0)?,
            finite_size: of("finite_size", 0)?,
            sized: if figure.finite_size.is_empty() { Table::default() } else { of("finite_size", 1)? },
            published: of("comparison", 1)?,
            printed_points: of("comparison", 3)?,
            thresholds: thresholds_of(figure),
        })
    }

    fn evidence<'a>(&'a self, spec: &'a Figure) -> Evidence<'a> {
        let Self { theory, experiment, agreement, finite_size, sized, published, printed_points, thresholds } = self;
        Evidence { spec, theory, experiment, agreement, finite_size, sized, published, printed_points, thresholds }
    }
}

/// The tables of every figure.
fn read_all(
    figures: &[Figure],
    table: impl Fn(&str, usize) -> Result<Table, WorkError>,
) -> Result<Vec<FigureTables>, WorkError> {
    figures.iter().map(|figure| FigureTables::read(figure, &table)).collect()
}

/// How the explanations of the errata fare against print.
///
/// # Errors
/// A table that cannot be read.
pub fn alternatives(
    project: &Project,
    table: impl Fn(&str, usize) -> Result<Table, WorkError>,
) -> Result<Table, WorkError> {
    let tables = read_all(&project.figures, &table)?;
    let evidence = evidence_of(&project.figures, &tables);
    let trials = trials(project).map_err(WorkError::failed)?;
    let solved = trials.iter().map(|trial| table(&trial.stage, 0)).collect::<Result<Vec<_>, _>>()?;
    let tried = trials.iter().zip(&solved);
    let tried: Vec<Tried<'_>> = tried
        .map(|(trial, theory)| Tried {
            entry: trial.entry,
            alternative: trial.alternative,
            held: trial.held,
            theory,
            printed: &trial.printed,
        })
        .collect();
    verdict::alternatives_table(&tried, &evidence).map_err(WorkError::failed)
}

/// Decides every check of every figure in every voice, and what they add up to: two tables.
///
/// # Errors
/// A table that cannot be read.
pub fn claims(
    figures: &[Figure],
    ledger: &Ledger,
    table: impl Fn(&str, usize) -> Result<Table, WorkError>,
) -> Result<[Table; 2], WorkError> {
    let tables = read_all(figures, &table)?;
    let evidence = evidence_of(figures, &tables);
    let claims = verdict::claims_table(&evidence).map_err(WorkError::failed)?;
    let alternatives = table(ALTERNATIVES, 0)?;
    let verdicts = verdict::verdicts_table(ledger, &claims, &alternatives, &evidence);
    Ok([claims, verdicts.map_err(WorkError::failed)?])
}

fn evidence_of<'a>(figures: &'a [Figure], tables: &'a [FigureTables]) -> Vec<Evidence<'a>> {
    figures.iter().zip(tables).map(|(figure, tables)| tables.evidence(figure)).collect()
}

/// The report as Markdown, HTML and summary.
///
/// # Errors
/// A text that names an unknown number, a ledger or a table that cannot be read.
pub fn report(
    project: &Project,
    stage: &Stage,
    context: &Context<'_>,
    table: impl Fn(&str, usize) -> Result<Table, WorkError>,
) -> Result<Vec<Vec<u8>>, WorkError> {
    let tables = read_all(&project.figures, &table)?;
    let (checks, verdicts, alternatives) = (table("claims", 0)?, table("claims", 1)?, table(ALTERNATIVES, 0)?);
    let figures = project.figures.iter().zip(&tables);
    let figures = figures.map(|(figure, tables)| figure_input(figure, tables.evidence(figure), stage, context));
    let figures = figures.collect::<Result<Vec<_>, WorkError>>()?;
    let costs = match project.costs {
        Some(_) => {
            let [tables, drawing] = COSTS;
            let drawn = context.read(stage, drawing)?.concat();
            Some((table(tables, 0)?, table(tables, 1)?, utf8(drawn)?))
        }
        None => None,
    };
    let profile = &project.profile;
    let begins = figures.iter().filter(|figure| figure.evidence.spec.name() == report::LEAD);
    let underneath: Vec<Reference> = begins.map(|figure| Reference::of(&figure.evidence, "eg")).collect();
    let explorer = report::explorer(&underneath);
    let input = Input {
        figures: &figures,
        claims: &checks,
        verdicts: &verdicts,
        alternatives: &alternatives,
        ledger: &project.ledger,
        run: Run {
            version: env!("CARGO_PKG_VERSION"),
            sources: source::tree(),
            profile: &profile.name,
            n: profile.n,
            replicates: profile.replicates,
            seed: profile.seed,
        },
        costs: costs.as_ref().map(|(runs, scaling, drawing)| CostsInput { runs, scaling, drawing }),
        explorer: Some(&explorer),
    };
    let report = Report::new(&input).map_err(WorkError::failed)?;
    let texts = [report::markdown(&report), report::html(&report), report::summary(&report)];
    texts.into_iter().map(|text| text.map(String::into_bytes).map_err(WorkError::failed)).collect()
}

/// A figure with what its card is made of besides its tables.
fn figure_input<'a>(
    figure: &Figure,
    evidence: Evidence<'a>,
    stage: &Stage,
    context: &Context<'_>,
) -> Result<FigureInput<'a>, WorkError> {
    let text_path = format!("figures/{}/text.md", figure.id);
    let text = utf8(context.file(stage, &text_path)?)?;
    let drawn = context.read(stage, &figure_stage("figure", figure, ""))?;
    let mut drawn = drawn.into_iter().map(utf8).collect::<Result<Vec<String>, _>>()?.into_iter();
    let (Some(overlay), Some(residuals), finite_size) = (drawn.next(), drawn.nth(2), drawn.next()) else {
        return Err(WorkError::failed(format!("{} lacks a drawing", figure.id)));
    };
    let of = |arm: &str| context.read(stage, &figure_stage("table", figure, arm));
    let [theory, experiment, agreement] = [of("theory")?, of("experiment")?, of("comparison")?];
    let digest = Digest::of_sequence(theory.iter().chain(&experiment).map(Vec::as_slice)).short().to_owned();
    let [experiment, agreement] = [experiment, agreement].map(|tables| tables.into_iter().next().unwrap_or_default());
    Ok(FigureInput { evidence, text, text_path, overlay, residuals, finite_size, experiment, agreement, digest })
}

fn utf8(bytes: Vec<u8>) -> Result<String, WorkError> {
    String::from_utf8(bytes).map_err(WorkError::failed)
}
