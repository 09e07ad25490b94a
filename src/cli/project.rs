//! Finding and reading the project a command works on.

use std::path::{Path, PathBuf};

use crate::pipeline::Folders;
use crate::workflow::{Profile, Project, Workflow};

use super::Failure;
use super::args::Common;

impl Common {
    /// The profile named on the command line.
    pub fn profile(&self) -> Result<Profile, Failure> {
        let valid = || Failure::input(format!("--profile {}: not one of {}", self.profile, Profile::NAMES.join(", ")));
        Profile::named(&self.profile).ok_or_else(valid)
    }

    /// Reads the project and lays out its stages.
    pub fn workflow(&self) -> Result<(Workflow, Folders), Failure> {
        let folders = self.folders()?;
        let project = Project::read(&folders.root, self.profile()?)?;
        Ok((Workflow::new(project)?, folders))
    }

    /// Where the project is and where its outputs go.
    pub fn folders(&self) -> Result<Folders, Failure> {
        let root = match &self.root {
            Some(root) => root.clone(),
            None => found_upwards()?,
        };
        let out = self.out.clone().unwrap_or_else(|| root.join("out"));
        Ok(Folders { root, out })
    }
}

/// The nearest folder, from the current one upwards, that holds a `figures` folder.
fn found_upwards() -> Result<PathBuf, Failure> {
    let here = std::env::current_dir()?;
    let holds = |folder: &&Path| folder.join("figures").is_dir();
    let found = here.ancestors().find(holds).map(Path::to_owned);
    found.ok_or_else(|| Failure::input("no `figures` folder here or above; name the project with --root DIR"))
}
