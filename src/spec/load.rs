//! Reading figure files: a run starts only from figures that are whole.

use std::path::{Path, PathBuf};

use super::measured::read_measured;
use super::rules::{Check, MOST_FIGURES, MOST_POINTS_IN_ALL};
use super::source::{read_text, toml_error};
use super::spectra::read_spectra;
use super::text::{TEXT, check_text};
use super::validate::validate;
use super::{Figure, SpecError};

/// A figure, in its folder.
const FILE: &str = "figure.toml";

/// Reads every `<folder>/<id>/figure.toml`, in the order of their ids.
///
/// # Errors
/// The first file that cannot be read or does not validate.
pub fn load_all(folder: &Path) -> Result<Vec<Figure>, SpecError> {
    load_each(folder)?.into_iter().map(|(_, figure)| figure).collect()
}

/// The name of a figure's folder, and the figure, if it can be used.
pub type Named = (String, Result<Figure, SpecError>);

/// The same, each figure for itself under the name of its folder: one that is wrong does not keep the others from being read.
///
/// # Errors
/// The folder cannot be read, holds no figure or too many, or the figures have too many points in all.
pub fn load_each(folder: &Path) -> Result<Vec<Named>, SpecError> {
    let unreadable =
        |error: std::io::Error| SpecError::Unreadable { path: folder.to_owned(), reason: error.to_string() };
    let mut files: Vec<(String, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let (name, path) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
        // a link that leads nowhere stands for a folder too
        if !name.starts_with('.') && !path.is_file() {
            files.push((name, path.join(FILE)));
        }
    }
    files.sort();
    if files.is_empty() {
        let reason = "no figure here; a figure is a folder with a figure.toml".to_owned();
        return Err(SpecError::Unreadable { path: folder.to_owned(), reason });
    }
    if files.len() > MOST_FIGURES {
        let reason = format!("{} figures; valid: {MOST_FIGURES} at most", files.len());
        return Err(SpecError::Unreadable { path: folder.to_owned(), reason });
    }
    let mut figures = Vec::new();
    let mut points = 0;
    for (name, file) in files {
        let figure = if file.is_file() { load(&file) } else { Err(without_file(&file)) };
        let curves = figure.iter().flat_map(|figure| figure.curves.iter().map(move |curve| (figure, curve)));
        points += curves.map(|(figure, curve)| figure.theory_x(curve, &[]).len()).sum::<usize>();
        if points > MOST_POINTS_IN_ALL {
            let reason = format!(
                "with this figure the project has {points} theory points; valid: {MOST_POINTS_IN_ALL} at most in all"
            );
            return Err(SpecError::Unreadable { path: file, reason });
        }
        figures.push((name, figure));
    }
    Ok(figures)
}

/// What is wrong with a folder that holds no figure.
fn without_file(file: &Path) -> SpecError {
    let folder = file.parent().unwrap_or(file).to_owned();
    let valid = format!("valid: {FILE} and {TEXT} in it, or no such folder");
    let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
    let alike = entries.map(|entry| entry.file_name()).find(|name| name.eq_ignore_ascii_case(FILE));
    let reason = match alike {
        Some(name) => format!("no {FILE}, but `{}`; {valid}", name.display()),
        None => format!("no {FILE}; {valid}"),
    };
    SpecError::Unreadable { path: folder, reason }
}

/// Reads and validates one figure file.
///
/// # Errors
/// [`SpecError`] naming the file, the key and what would be valid.
pub fn load(path: &Path) -> Result<Figure, SpecError> {
    let text = read_text(path)?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let mut figure = parse(&text, path)?;
    figure.folder = folder;
    read_spectra(&mut figure, path).map_err(|error| error.located(&text))?;
    read_measured(&mut figure, path).map_err(|error| error.located(&text))?;
    validate(&figure, path).map_err(|error| error.located(&text))?;
    check_text(&figure.folder.join(TEXT))?;
    Ok(figure)
}

/// The typed figure, or an error with line, key and near words.
fn parse(text: &str, path: &Path) -> Result<Figure, SpecError> {
    let shape = |error: toml::de::Error| SpecError::Shape { path: path.to_owned(), message: toml_error(text, &error) };
    let check = Check { path };
    let table: toml::Table = toml::from_str(text).map_err(shape)?;
    check.renamed(&table).map_err(|error| error.located(text))?;
    let figure = toml::from_str(text).map_err(shape)?;
    check.shown(&toml::Value::Table(table), String::new()).map_err(|error| error.located(text))?;
    Ok(figure)
}
