//! The files: moments and a lineage for each task, tables of what was measured.

use std::fs;
use std::path::Path;

use redistill::model::lineage::{Data, Spectrum};
use redistill::table::{Cell, Cells, Table, TableError, csv, parquet};

use crate::Failure;
use crate::learn::{SEED, STAGES, SetMeans, TEACHERS, stages, unit};
use crate::tails::Tail;

/// Writes the moments of a task, and a lineage on them: the teacher with the smaller ridge and its student at α = 1.
pub fn moments(out: &Path, task: &str, title: &str, data: &Data, images: usize) -> Result<(), Failure> {
    let Spectrum::Table { variance, mean } = &data.spectrum else { return Err("no table of moments".into()) };
    let mut table = Table::default();
    table.metadata.insert("task".to_owned(), title.to_owned());
    table.metadata.insert("rho".to_owned(), csv::real(data.rho));
    table.metadata.insert("images".to_owned(), images.to_string());
    for (name, values) in [("variance", variance), ("mean", mean)] {
        table.add_column(name, Cells::Real(values.iter().copied().map(Some).collect()))?;
    }
    fs::write(out.join(format!("{task}.parquet")), parquet::to_bytes(&table)?)?;
    let [teacher, student] = stages(TEACHERS[0], variance, 1);
    let text = format!(
        "# {title}: the moments of {images} images, in their principal axes. A teacher on all of the {n} axes, a student on
# the first {axes}. Ridges of {ridge} and {student_ridge}, in units of the mean variance of a feature, {unit}.
# Written by remake.sh; README.md beside it says more.
[data]
alpha = 1.0
rho = {rho}
spectrum = {{ file = \"{task}.parquet\" }}

[[stage]]
loss = \"logistic\"
lambda = {teacher_lambda}

[[stage]]
features = {features}
loss = \"logistic\"
lambda = {student_lambda}
targets = {{ from = 1 }}
",
        n = variance.len(),
        axes = (student.features * variance.len() as f64).round(),
        ridge = TEACHERS[0],
        student_ridge = csv::real(student.lambda / unit(variance)),
        unit = csv::real(unit(variance)),
        rho = data.rho,
        teacher_lambda = teacher.lambda,
        features = student.features,
        student_lambda = student.lambda,
    );
    Ok(fs::write(out.join(format!("{task}.toml")), text)?)
}

/// Writes a table as CSV.
pub fn csv(path: &Path, table: &Table) -> Result<(), Failure> {
    Ok(fs::write(path, csv::to_string(table))?)
}

/// Where and how often something was trained.
pub struct Trained {
    /// The task.
    pub task: &'static str,
    /// What the samples were.
    pub source: &'static str,
    /// N.
    pub n: usize,
    /// Samples in a set.
    pub samples: usize,
    /// Sets.
    pub sets: u32,
    /// Choices of training samples from all the sets together.
    pub replicates: u32,
}

/// An empty table of errors.
pub fn errors() -> Result<Table, TableError> {
    let reals = ["alpha", "teacher_lambda"];
    let measured = ["error", "standard_error", "gaussian_error", "gaussian_standard_error"];
    columns(&[(&["task", "source", "stage"], WORD), (&reals, REAL), (&measured, REAL), (&COUNTS, COUNT)])
}

const COUNTS: [&str; 5] = ["sets", "replicates", "seed", "n", "samples"];

/// Adds a row for each teacher and each student.
pub fn add_errors(table: &mut Table, trained: &Trained, alpha: f64, means: &SetMeans) -> Result<(), TableError> {
    for (k, (error, gaussian)) in means.error.iter().zip(&means.gaussian).enumerate() {
        table.push_row(&[
            ("task", Cell::Text(trained.task)),
            ("source", Cell::Text(trained.source)),
            ("stage", Cell::Text(STAGES[k % 2])),
            ("alpha", Cell::Real(alpha)),
            ("teacher_lambda", Cell::Real(TEACHERS[k / 2])),
            ("error", Cell::Real(error.0)),
            ("standard_error", Cell::Real(error.1)),
            ("gaussian_error", Cell::Real(gaussian.0)),
            ("gaussian_standard_error", Cell::Real(gaussian.1)),
            ("sets", Cell::Integer(trained.sets.into())),
            ("replicates", Cell::Integer(trained.replicates.into())),
            ("seed", Cell::Integer(SEED as i64)),
            ("n", Cell::Integer(trained.n as i64)),
            ("samples", Cell::Integer(trained.samples as i64)),
        ])?;
    }
    Ok(())
}

/// An empty table of tails.
pub fn tails() -> Result<Table, TableError> {
    let shape = ["skewness", "excess_kurtosis", "variance_ratio"];
    let errors = ["error", "own_gaussian_error", "gaussian_error"];
    columns(&[(&["task"], WORD), (&["teacher_lambda"], REAL), (&["class"], COUNT), (&shape, REAL), (&errors, REAL)])
}

/// Adds a row for each class.
pub fn add_tails(table: &mut Table, task: &str, teacher: f64, tails: &[Tail; 2]) -> Result<(), TableError> {
    for tail in tails {
        table.push_row(&[
            ("task", Cell::Text(task)),
            ("teacher_lambda", Cell::Real(teacher)),
            ("class", Cell::Integer(tail.class)),
            ("skewness", Cell::Real(tail.skewness)),
            ("excess_kurtosis", Cell::Real(tail.excess)),
            ("variance_ratio", Cell::Real(tail.variance_ratio)),
            ("error", Cell::Real(tail.error)),
            ("own_gaussian_error", Cell::Real(tail.own_gaussian)),
            ("gaussian_error", Cell::Real(tail.gaussian)),
        ])?;
    }
    Ok(())
}

const WORD: Cells = Cells::Text(Vec::new());
const REAL: Cells = Cells::Real(Vec::new());
const COUNT: Cells = Cells::Integer(Vec::new());

/// A table without rows.
fn columns(groups: &[(&[&str], Cells)]) -> Result<Table, TableError> {
    let mut table = Table::default();
    for (names, cells) in groups {
        names.iter().try_for_each(|name| table.add_column(*name, cells.clone()))?;
    }
    Ok(table)
}
