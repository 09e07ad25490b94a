//! The claims and the report, put together from tables, drawings and texts.

use crate::model::{Mixture, thresholds};
use crate::pipeline::{Digest, WorkError, source};
use crate::report::{self, CostsInput, FigureInput, Input, Reference, Report, Run};
use crate::spec::{Figure, Threshold};
use crate::table::{OfFigure, Table, TableName};
use crate::verdict::{self, Evidence, Ledger, Tried};

use super::alternatives::trials;
use super::drawing::View;
use super::inputs::Inputs;
use super::project::text_file;
use super::{Output, Project};

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

/// What is known of every figure.
fn evidence<'a>(figures: &'a [Figure], inputs: Inputs<'_>) -> Result<Vec<Evidence<'a>>, WorkError> {
    let read = |figure: &'a Figure| {
        let of = |table| inputs.table_of(figure, table);
        Ok(Evidence {
            spec: figure,
            theory: of(OfFigure::Theory)?,
            experiment: of(OfFigure::Experiment)?,
            agreement: of(OfFigure::Agreement)?,
            finite_size: of(OfFigure::FiniteSize)?,
            sized: of(OfFigure::Sized)?,
            published: of(OfFigure::Published)?,
            printed_points: of(OfFigure::PrintedPoints)?,
            measured: of(OfFigure::Measured)?,
            thresholds: thresholds_of(figure).into(),
        })
    };
    figures.iter().map(read).collect()
}

/// How the explanations of the errata fare against print.
///
/// # Errors
/// A table that cannot be read.
pub fn alternatives(project: &Project, inputs: Inputs<'_>) -> Result<Table, WorkError> {
    let evidence = evidence(&project.figures, inputs)?;
    let trials = trials(project).map_err(WorkError::failed)?;
    let solved = trials
        .iter()
        .map(|trial| trial.course(project).read(inputs, &trial.stage, &[]))
        .collect::<Result<Vec<_>, _>>()?;
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
pub fn claims(figures: &[Figure], ledger: &Ledger, inputs: Inputs<'_>) -> Result<[Table; 2], WorkError> {
    let evidence = evidence(figures, inputs)?;
    let claims = verdict::claims_table(&evidence).map_err(WorkError::failed)?;
    let alternatives = inputs.table(TableName::Alternatives)?;
    let verdicts = verdict::verdicts_table(ledger, &claims, &alternatives, &evidence);
    Ok([claims, verdicts.map_err(WorkError::failed)?])
}

/// The report as Markdown, HTML and summary.
///
/// # Errors
/// A text that names an unknown number, a ledger or a table that cannot be read.
pub fn report(project: &Project, inputs: Inputs<'_>) -> Result<Vec<Vec<u8>>, WorkError> {
    let (checks, verdicts) = (inputs.table(TableName::Claims)?, inputs.table(TableName::Verdicts)?);
    let alternatives = inputs.table(TableName::Alternatives)?;
    let figures = evidence(&project.figures, inputs)?.into_iter().map(|evidence| figure_input(evidence, inputs));
    let figures = figures.collect::<Result<Vec<_>, WorkError>>()?;
    let costs = match project.costs {
        Some(_) => {
            let [runs, scaling] = [TableName::Costs, TableName::Scaling].map(|table| inputs.table(table));
            Some((runs?, scaling?, inputs.text(Output::Scaling)?))
        }
        None => None,
    };
    let profile = &project.profile;
    let begins = figures.iter().find(|figure| figure.evidence.spec.name() == report::LEAD);
    let underneath = begins.map(|figure| Reference::of(&figure.evidence, "eg"));
    let explorer = report::explorer(underneath.as_ref());
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
            command: project.command,
        },
        title: &project.head.title,
        lede: &project.head.lede,
        costs: costs.as_ref().map(|(runs, scaling, drawing)| CostsInput { runs, scaling, drawing }),
        explorer: Some(&explorer),
    };
    let report = Report::new(&input).map_err(WorkError::failed)?;
    let texts = [report::markdown(&report), report::html(&report), report::summary(&report)];
    texts.into_iter().map(|text| text.map(String::into_bytes).map_err(WorkError::failed)).collect()
}

/// A figure with what its card is made of besides its tables.
fn figure_input<'a>(evidence: Evidence<'a>, inputs: Inputs<'_>) -> Result<FigureInput<'a>, WorkError> {
    let figure = evidence.spec;
    let text_path = text_file(figure);
    let text = inputs.file(&text_path)?;
    let drawn = |view| inputs.text(Output::Drawing(&figure.id, view));
    let (overlay, residuals) = (drawn(View::Overlay)?, drawn(View::Residuals)?);
    let finite_size = (!figure.finite_size.is_empty()).then(|| drawn(View::FiniteSize)).transpose()?;
    let of = |table| inputs.bytes(TableName::Of(&figure.id, table));
    let (theory, experiment) = (of(OfFigure::Theory)?, of(OfFigure::Experiment)?);
    let agreement = of(OfFigure::Agreement)?;
    let digest = Digest::of_sequence([&theory[..], &experiment]).short().to_owned();
    Ok(FigureInput { evidence, text, text_path, overlay, residuals, finite_size, experiment, agreement, digest })
}
