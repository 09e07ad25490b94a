//! What a run starts from: the figures, what was read off print, the profile.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::paper::{self, PaperError, Print, PrintedPoint, Vertex};
use crate::report::{ReportError, Text, proofread};
use crate::spec::{self, Curve, Figure, SpecError};
use crate::verdict::{CLAIMS_FILE, ERRATA_FILE, Ledger, VerdictError};

use super::Profile;
use super::alternatives;
use super::checks::{check_claims, check_labels, check_published, check_simulated};
use super::costs::{COSTS_FILE, Costs};
use super::project_file::{Head, head};

/// A project that cannot be read.
#[derive(Debug, Error)]
pub enum ProjectError {
    /// A figure file is wrong.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The measurement of what runs cost has another form.
    #[error("{}: {reason}", path.display())]
    Costs {
        /// The file.
        path: PathBuf,
        /// What the parser said.
        reason: toml::de::Error,
    },
    /// A data file has another form.
    #[error(transparent)]
    Data(#[from] ReportError),
    /// A file of readings has another form.
    #[error(transparent)]
    Paper(#[from] PaperError),
    /// The ledger of claims and errata has another form.
    #[error(transparent)]
    Ledger(#[from] VerdictError),
}

/// The text of a figure, relative to the project's root.
#[must_use]
pub fn text_file(figure: &Figure) -> String {
    format!("{FIGURES}/{}/text.md", figure.id)
}

/// Where the figures are, relative to the project's root.
pub const FIGURES: &str = "figures";

/// The folders below the root that a project is read from.
#[must_use]
pub fn sources() -> BTreeSet<&'static str> {
    let readings = [paper::CURVES, paper::POINTS, paper::LINES, paper::AXES];
    let files = [FIGURES, CLAIMS_FILE, ERRATA_FILE, COSTS_FILE].into_iter().chain(readings);
    files.filter_map(|file| file.split('/').next()).collect()
}

/// Everything that is read before the first stage.
#[derive(Debug)]
pub struct Project {
    /// The folder that holds `figures` and `data`.
    pub root: PathBuf,
    /// The figures that can be run, by id.
    pub figures: Vec<Figure>,
    /// The figures that cannot, which keep none of the others from being run.
    pub broken: Vec<Broken>,
    /// What was read off print.
    pub print: Print,
    /// The paper's claims, and where print is off.
    pub ledger: Ledger,
    /// The readings of each figure at which the model can be evaluated.
    readings: Vec<Readings>,
    /// Size of the experiments.
    pub profile: Profile,
    /// What runs cost on a machine that was measured, where that is written down.
    pub costs: Option<Costs>,
    /// What stands at the head of the report.
    pub head: Head,
    /// How the program is called here.
    pub command: &'static str,
}

/// A figure that cannot be run.
#[derive(Debug)]
pub struct Broken {
    /// The name of its folder.
    pub id: String,
    /// What is wrong, where, and what would be valid.
    pub error: ProjectError,
}

/// What print shows of a figure, without what stands at an axis' end such as α = 0, where there is no model.
#[derive(Debug, Clone)]
struct Readings {
    vertices: Vec<Vertex>,
    points: Vec<PrintedPoint>,
}

impl Project {
    /// Reads and validates everything below `root`. A figure that is wrong is set aside as [`Broken`].
    ///
    /// # Errors
    /// A file that all figures share is wrong, or every figure is: the first, with what would be valid.
    pub fn read(root: &Path, profile: Profile) -> Result<Self, ProjectError> {
        let print = read_print(root)?;
        let costs = read_if_there(root, COSTS_FILE)?.map(|text| Costs::parse(&text)).transpose();
        let costs = costs.map_err(|reason| ProjectError::Costs { path: root.join(COSTS_FILE), reason })?;
        let (ledger, head) = (read_ledger(root)?, head(root)?);
        let (mut figures, mut broken) = (Vec::new(), Vec::new());
        let named = spec::load_each(&root.join(FIGURES))?;
        ledger.rests_on(&named.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>())?;
        for (id, figure) in named {
            let whole = figure.map_err(ProjectError::from).and_then(|figure| {
                check_claims(&figure, &ledger)?;
                check_labels(&figure)?;
                check_published(&figure, &print)?;
                check_simulated(&figure, &profile)?;
                Ok(figure)
            });
            match whole {
                Ok(figure) => figures.push(figure),
                Err(error) => broken.push(Broken { id, error }),
            }
        }
        proofread_all(root, &mut figures, &mut broken, &ledger)?;
        broken.sort_by(|a, b| a.id.cmp(&b.id));
        if figures.is_empty() && !broken.is_empty() {
            return Err(broken.swap_remove(0).error);
        }
        let readings = figures.iter().map(|figure| usable(figure, &print)).collect();
        let (root, command) = (root.to_owned(), called(root));
        let project = Self { root, figures, broken, print, ledger, readings, profile, costs, head, command };
        alternatives::trials(&project)?;
        Ok(project)
    }

    /// The printed vertices of a figure, by its index.
    #[must_use]
    pub fn vertices(&self, figure: usize) -> &[Vertex] {
        &self.readings[figure].vertices
    }

    /// The printed points of a figure, by its index.
    #[must_use]
    pub fn printed_points(&self, figure: usize) -> &[PrintedPoint] {
        &self.readings[figure].points
    }

    /// Where the theory of a curve is evaluated, its printed vertices and points among them.
    #[must_use]
    pub fn theory_x(&self, figure: usize, curve: &Curve) -> Vec<f64> {
        let spec = &self.figures[figure];
        let vertices = self.vertices(figure).iter().filter(|vertex| vertex.curve == curve.id);
        let mut places: Vec<f64> = vertices.clone().map(|vertex| vertex.x).collect();
        places.extend(paper::reading_ends(vertices).filter(|&x| spec.point(curve, x).is_ok()));
        let points = self.printed_points(figure).iter().filter(|point| point.curve == curve.id);
        places.extend(points.map(|point| point.x));
        spec.theory_x(curve, &places)
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

/// How the program is called in a project: beside its own sources cargo builds it first.
fn called(root: &Path) -> &'static str {
    if root.join("Cargo.toml").is_file() { "cargo run --release --" } else { env!("CARGO_PKG_NAME") }
}

/// The text of a file that a project may do without.
fn read_if_there(root: &Path, file: &str) -> Result<Option<String>, ProjectError> {
    let path = root.join(file);
    // what cannot be told to be there is read all the same, for its error
    if path.try_exists().is_ok_and(|there| !there) { Ok(None) } else { Ok(Some(spec::read_text(&path)?)) }
}

/// Reads the four files of readings; a project may do without.
fn read_print(root: &Path) -> Result<Print, ProjectError> {
    let read = |file: &str| read_if_there(root, file).map(Option::unwrap_or_default);
    let (curves, points) = (read(paper::CURVES)?, read(paper::POINTS)?);
    let (lines, axes) = (read(paper::LINES)?, read(paper::AXES)?);
    Ok(Print::parse(paper::Files { curves: &curves, points: &points, lines: &lines, axes: &axes })?)
}

/// Reads the claims and the errata.
fn read_ledger(root: &Path) -> Result<Ledger, ProjectError> {
    let [claims, errata] = [CLAIMS_FILE, ERRATA_FILE].map(|file| spec::read_text(&root.join(file)));
    Ok(Ledger::parse(&claims?, &errata?)?)
}

/// Reads the texts, to refuse a wrong name before anything is computed. A figure whose text is wrong is broken too.
fn proofread_all(
    root: &Path,
    figures: &mut Vec<Figure>,
    broken: &mut Vec<Broken>,
    ledger: &Ledger,
) -> Result<(), ProjectError> {
    loop {
        let paths: Vec<String> = figures.iter().map(text_file).collect();
        let texts = paths.iter().map(|path| spec::read_text(&root.join(path))).collect::<Result<Vec<String>, _>>()?;
        let views = figures.iter().zip(&texts).zip(&paths);
        let views: Vec<Text<'_>> = views.map(|((spec, text), path)| Text { spec, text, path }).collect();
        let Err(error) = proofread(&views, ledger) else { return Ok(()) };
        match paths.iter().position(|path| error.file() == Some(path)) {
            Some(index) => broken.push(Broken { id: figures.remove(index).id, error: error.into() }),
            None => return Err(error.into()),
        }
    }
}

/// The readings of a figure at which the model exists.
fn usable(figure: &Figure, print: &Print) -> Readings {
    let exists = |id: &str, x: f64| {
        let curve = figure.curves.iter().find(|curve| curve.id == id);
        curve.is_some_and(|curve| figure.point(curve, x).is_ok())
    };
    Readings {
        vertices: print.curves(figure).into_iter().filter(|vertex| exists(&vertex.curve, vertex.x)).collect(),
        points: print.points(figure).into_iter().filter(|point| exists(&point.curve, point.x)).collect(),
    }
}
