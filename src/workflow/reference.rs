//! The committed reference: theory tables of all figures and the verdicts on the claims, as the quick profile gives them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::table::{OfFigure, TableError, TableName, parquet};

use super::Project;
use super::difference::{Match, compare};
use super::table_difference::TableDifference;

/// Where the reference is, relative to the project's root.
const FOLDER: &str = "data/reference";
/// The tables that the claims and errata are judged in.
const JUDGED: [TableName<'_>; 3] = [TableName::Claims, TableName::Verdicts, TableName::Alternatives];
/// The profile whose claims are committed; the theory is that of every profile.
const PROFILE: &str = "quick";

/// The tables that a run is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference<'a> {
    folder: PathBuf,
    /// The tables, by the names of their files.
    tables: Vec<TableName<'a>>,
    /// Files of the tables of figures that cannot be run.
    broken: Vec<String>,
}

/// What differs, by file name of the table.
pub type Findings = BTreeMap<String, TableDifference>;

impl<'a> Reference<'a> {
    /// The reference of a project: its claims count only in the profile they were made in.
    #[must_use]
    pub fn new(project: &'a Project) -> Self {
        let theory = project.figures.iter().map(|figure| TableName::Of(&figure.id, OfFigure::Theory));
        let mut tables: Vec<TableName<'_>> = theory.collect();
        // without one of the figures the claims are others
        if project.profile.name == PROFILE && project.broken.is_empty() {
            tables.extend(JUDGED);
        }
        tables.sort_by_key(|table| table.file());
        let broken = project.broken.iter().map(|figure| TableName::Of(&figure.id, OfFigure::Theory).file());
        Self { folder: project.root.join(FOLDER), tables, broken: broken.collect() }
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether there is one: any of its tables.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.files().any(|name| self.folder.join(name).exists())
    }

    /// Whether the claims are among the tables, which the reference can be renewed from only then.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.tables.contains(&JUDGED[0])
    }

    /// The profile that the reference is made with.
    #[must_use]
    pub fn profile() -> &'static str {
        PROFILE
    }

    /// The tables, by the names of their files.
    #[must_use]
    pub fn tables(&self) -> &[TableName<'a>] {
        &self.tables
    }

    /// The names of their files.
    pub fn files(&self) -> impl Iterator<Item = String> {
        self.tables.iter().map(|table| table.file())
    }

    /// Whether every table of the reference that is there can be read.
    ///
    /// # Errors
    /// The first that cannot, by its name.
    pub fn readable(&self) -> Result<(), TableError> {
        for path in self.files().map(|name| self.folder.join(name)).filter(|path| path.exists()) {
            parquet::read(&path)?;
        }
        Ok(())
    }

    /// Holds the tables in `data` against the reference; tables without a difference are left out.
    ///
    /// # Errors
    /// A table cannot be read; one that the reference lacks is a finding, no error.
    pub fn hold(&self, data: &Path) -> Result<Findings, TableError> {
        let mut findings = Findings::new();
        for name in self.files() {
            let path = self.folder.join(&name);
            let difference = if path.is_file() {
                compare(&parquet::read(&path)?, &parquet::read(&data.join(&name))?, Match::Tolerance)?
            } else {
                TableDifference::whole("the reference has no such table")
            };
            if !difference.is_empty() {
                findings.insert(name, difference);
            }
        }
        for name in self.orphans() {
            findings.insert(name, TableDifference::whole("no figure has this table any more"));
        }
        Ok(findings)
    }

    /// Replaces the reference by the tables in `data`; returns the names of the files that changed.
    ///
    /// # Errors
    /// A file cannot be read, written or removed.
    pub fn renew(&self, data: &Path) -> io::Result<Vec<String>> {
        let at = |path: &Path| {
            let path = path.to_owned();
            move |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()))
        };
        let mut changed = Vec::new();
        for name in self.files() {
            let (from, to) = (data.join(&name), self.folder.join(&name));
            let bytes = fs::read(&from).map_err(at(&from))?;
            if fs::read(&to).is_ok_and(|old| old == bytes) {
                continue;
            }
            crate::pipeline::write(&to, &bytes).map_err(io::Error::other)?;
            changed.push(name);
        }
        for name in self.orphans() {
            let path = self.folder.join(&name);
            fs::remove_file(&path).map_err(at(&path))?;
            changed.push(name);
        }
        Ok(changed)
    }

    /// Tables of the reference that belong to no figure.
    fn orphans(&self) -> BTreeSet<String> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let theory = TableName::Of("", OfFigure::Theory).file();
        let known: Vec<String> = self.files().chain(self.broken.iter().cloned()).collect();
        names.filter(|name| name.ends_with(&theory) && !known.contains(name)).collect()
    }
}
