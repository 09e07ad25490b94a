//! The files: moments and a lineage for each task, tables of what was measured.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use polars::prelude::{DataFrame, PolarsResult, df};
use redistill::model::lineage::{Data, Spectrum};
use redistill::table::{Table, csv, parquet};

use crate::Failure;
use crate::learn::{SEED, STAGES, SetMeans, TEACHERS, stages, unit};
use crate::tails::Tail;

/// Writes the moments of a task, and a lineage on them: the teacher with the smaller ridge and its student at α = 1.
pub fn moments(out: &Path, task: &str, title: &str, data: &Data, images: usize) -> Result<(), Failure> {
    let Spectrum::Table { variance, mean } = &data.spectrum else { return Err("no table of moments".into()) };
    let metadata = [("task", title.to_owned()), ("rho", csv::real(data.rho)), ("images", images.to_string())];
    let metadata = metadata.map(|(key, value)| (key.to_owned(), value)).into();
    let table = Table::new(metadata, df!("variance" => variance, "mean" => mean)?)?;
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

/// Writes columns as CSV.
pub fn csv(path: &Path, columns: DataFrame) -> Result<(), Failure> {
    Ok(fs::write(path, csv::to_string(&Table::new(BTreeMap::new(), columns)?))?)
}

/// Where and how often something was trained.
#[derive(Clone, Copy)]
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

/// A teacher or a student at one α.
pub struct Measurement {
    trained: Trained,
    stage: &'static str,
    alpha: f64,
    teacher_lambda: f64,
    error: (f64, f64),
    gaussian: (f64, f64),
}

/// Each teacher and each student at one α.
pub fn measurements(trained: Trained, alpha: f64, means: &SetMeans) -> impl Iterator<Item = Measurement> {
    means.error.iter().zip(&means.gaussian).enumerate().map(move |(k, (error, gaussian))| Measurement {
        trained,
        stage: STAGES[k % 2],
        alpha,
        teacher_lambda: TEACHERS[k / 2],
        error: *error,
        gaussian: *gaussian,
    })
}

/// The table of errors.
pub fn errors(rows: &[Measurement]) -> PolarsResult<DataFrame> {
    df!(
        "task" => column(rows, |row| row.trained.task),
        "source" => column(rows, |row| row.trained.source),
        "stage" => column(rows, |row| row.stage),
        "alpha" => column(rows, |row| row.alpha),
        "teacher_lambda" => column(rows, |row| row.teacher_lambda),
        "error" => column(rows, |row| row.error.0),
        "standard_error" => column(rows, |row| row.error.1),
        "gaussian_error" => column(rows, |row| row.gaussian.0),
        "gaussian_standard_error" => column(rows, |row| row.gaussian.1),
        "sets" => column(rows, |row| i64::from(row.trained.sets)),
        "replicates" => column(rows, |row| i64::from(row.trained.replicates)),
        "seed" => column(rows, |_| SEED as i64),
        "n" => column(rows, |row| row.trained.n as i64),
        "samples" => column(rows, |row| row.trained.samples as i64),
    )
}

/// The table of tails.
pub fn tails(rows: &[Tail]) -> PolarsResult<DataFrame> {
    df!(
        "task" => column(rows, |row| row.task),
        "teacher_lambda" => column(rows, |row| row.teacher_lambda),
        "class" => column(rows, |row| row.class),
        "skewness" => column(rows, |row| row.skewness),
        "excess_kurtosis" => column(rows, |row| row.excess),
        "variance_ratio" => column(rows, |row| row.variance_ratio),
        "error" => column(rows, |row| row.error),
        "own_gaussian_error" => column(rows, |row| row.own_gaussian),
        "gaussian_error" => column(rows, |row| row.gaussian),
    )
}

fn column<R, T>(rows: &[R], of: impl Fn(&R) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}
