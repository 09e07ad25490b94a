//! Finding and reading the project a command works on.

use std::path::{Path, PathBuf};

use crate::pipeline::Folders;
use crate::workflow::{FIGURES, MOST_ELEMENTS, Profile, Project, SizeError, Workflow, largest_data, profiles, sources};

use super::Failure;
use super::args::Common;
use super::run_args::SizeOptions;

/// Where a path leads, whether all of it is there or not.
fn real(path: &Path) -> std::io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let known = |known: &Path| Some(known.canonicalize().ok()?.join(path.strip_prefix(known).ok()?));
    Ok(path.ancestors().find_map(known).unwrap_or(path.clone()))
}

impl Common {
    /// The profile named on the command line, with the sizes given there.
    fn sized_profile(&self, root: &Path, sizes: &SizeOptions) -> Result<Profile, Failure> {
        let profiles = profiles(root).map_err(Failure::input)?;
        let names = || profiles.iter().map(|profile| profile.name.as_str()).collect::<Vec<_>>().join(", ");
        let wanted = self.profile.as_deref().unwrap_or(Profile::USUAL);
        let valid = || Failure::input(format!("--profile: no profile is called {wanted}; valid: {}", names()));
        let profile = profiles.iter().find(|profile| profile.name == wanted).ok_or_else(valid)?;
        let sizes = sizes.sizes();
        sizes.check().map_err(|SizeError { key, value, valid }| {
            Failure::input(format!("--{key}: {value} is out of range; valid: {valid}"))
        })?;
        Ok(profile.with(&sizes))
    }

    /// Reads the project.
    pub fn project(&self, sizes: &SizeOptions) -> Result<Project, Failure> {
        let root = self.root()?;
        if !root.join(FIGURES).is_dir() {
            let problem = "no project there; valid: a folder that holds `figures`, as `redistill new DIR` makes one";
            return Err(Failure::input(format!("--root {}: {problem}", root.display())));
        }
        Ok(Project::read(&root, self.sized_profile(&root, sizes)?)?)
    }

    /// Reads the project and lays out the stages of every figure that can be run.
    pub fn workflow(&self, sizes: &SizeOptions) -> Result<(Workflow, Folders), Failure> {
        let (project, folders) = (self.project(sizes)?, self.folders()?);
        if let Some((figure, alpha, n)) = largest_data(&project) {
            let elements = alpha * (n as f64).powi(2);
            if elements > MOST_ELEMENTS {
                return Err(Failure::input(format!(
                    "profile {}: {figure} at α = {alpha} and N = {n} takes {elements:.1e} numbers of data; valid: \
                     α N² ≤ {MOST_ELEMENTS:e}",
                    project.profile
                )));
            }
        }
        Ok((Workflow::new(project)?, folders))
    }

    /// Where the project is and where its outputs go, which is not among what it is made of: outputs are replaced and
    /// cleaned away.
    pub fn folders(&self) -> Result<Folders, Failure> {
        let root = self.root()?;
        let out = self.out.clone().unwrap_or_else(|| root.join("out"));
        let (real_root, real_out) = (real(&root)?, real(&out)?);
        let within = |folder: &&str| real_out.starts_with(real_root.join(folder));
        if real_out == real_root || sources().iter().any(within) {
            let problem = "the project's own files are there; valid: a folder for nothing but outputs";
            return Err(Failure::input(format!("--out {}: {problem}", out.display())));
        }
        Ok(Folders { root, out })
    }

    /// Where the project is.
    pub fn root(&self) -> Result<PathBuf, Failure> {
        match &self.root {
            Some(root) => Ok(root.clone()),
            None => found_upwards(),
        }
    }
}

/// The nearest folder, from the current one upwards, that holds a `figures` folder.
fn found_upwards() -> Result<PathBuf, Failure> {
    let here = std::env::current_dir()?;
    let holds = |folder: &&Path| folder.join(FIGURES).is_dir();
    let found = here.ancestors().find(holds).map(Path::to_owned);
    found.ok_or_else(|| {
        Failure::input(
            "no `figures` folder here or above; name the project with --root DIR, or make one with `redistill new DIR`",
        )
    })
}
