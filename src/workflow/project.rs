//! What a run starts from: the figures, the published curves, the profile.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::report::Vertex;
use crate::spec::{self, Curve, Figure, SpecError};

use super::{Profile, PublishedCurves};

/// A project that cannot be read.
#[derive(Debug, Error)]
pub enum ProjectError {
    /// A figure file is wrong.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// A file cannot be read.
    #[error("{}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// A line of a data file has another form.
    #[error("{}: line {line} (`{found}`) is not of the form {valid}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What it holds.
        found: String,
        /// What would be valid.
        valid: &'static str,
    },
}

/// Where the published curves are, relative to the project's root.
pub const PUBLISHED: &str = "data/paper/published_curves.csv";

/// Everything that is read before the first stage.
#[derive(Debug, Clone)]
pub struct Project {
    /// The folder that holds `figures` and `data`.
    pub root: PathBuf,
    /// All figures, by id.
    pub figures: Vec<Figure>,
    /// The published curves.
    pub published: PublishedCurves,
    /// Size of the experiments.
    pub profile: Profile,
}

impl Project {
    /// Reads and validates everything below `root`.
    ///
    /// # Errors
    /// The first file that is wrong, with what would be valid.
    pub fn read(root: &Path, profile: Profile) -> Result<Self, ProjectError> {
        let figures = spec::load_all(&root.join("figures"))?;
        let published = PublishedCurves::read(&root.join(PUBLISHED))?;
        Ok(Self { root: root.to_owned(), figures, published, profile })
    }

    /// The published vertices of a curve that the model can be evaluated at; readings of the axis itself,
    /// such as α = −0.001, are left out.
    #[must_use]
    pub fn vertices(&self, figure: &Figure, curve: &Curve) -> Vec<Vertex> {
        let Some(name) = figure.published_name(curve) else { return Vec::new() };
        let readings = self.published.curve(name, &curve.id).iter();
        let usable = readings.filter(|(x, _)| figure.point(curve, *x).is_ok());
        usable.map(|&(x, y)| Vertex { curve: curve.id.clone(), x, y }).collect()
    }

    /// The figure of that id.
    ///
    /// # Errors
    /// [`SpecError::UnknownFigure`] with the ids there are.
    pub fn figure(&self, id: &str) -> Result<&Figure, ProjectError> {
        self.figures.iter().find(|figure| figure.id == id).ok_or_else(|| {
            let known = self.figures.iter().map(|figure| figure.id.as_str()).collect::<Vec<_>>().join(", ");
            SpecError::UnknownFigure { id: id.to_owned(), known }.into()
        })
    }
}
