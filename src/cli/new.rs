//! `new`: a project, or a figure in one, that runs as it is and is there to be changed.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::pipeline;
use crate::spec;

use super::Failure;
use super::args::Common;
use super::run_args::{NewOptions, NewPart};

/// A figure, the claim that it may decide, and its text. Their vocabulary is that of figure files, and stands here alone.
const FIGURE: &str = include_str!("template/figure.toml");
const CLAIM: &str = include_str!("template/claim.toml");
const TEXT: &str = include_str!("template/text.md");

/// The other files of a project, by their path in it.
const FILES: [(&str, &str); 6] = [
    ("README.md", include_str!("template/README.md")),
    ("redistill.toml", include_str!("template/redistill.toml")),
    (".gitignore", include_str!("template/gitignore")),
    (".github/workflows/report.yml", include_str!("template/report.yml")),
    ("data/paper/claims.toml", include_str!("template/claims.toml")),
    ("data/paper/errata.toml", include_str!("template/errata.toml")),
];

/// The figure of a new project.
const FIRST: &str = "first";

/// Makes a project, or adds a figure to one.
pub(super) fn new(common: &Common, options: &NewOptions) -> Result<(), Failure> {
    match (&options.part, &options.folder) {
        (Some(NewPart::Figure { id }), _) => figure(&common.root()?, id),
        (None, Some(folder)) => project(folder),
        (None, None) => Err(Failure::input("nothing to make; valid: new DIR, or new figure ID")),
    }
}

/// Makes a project in a folder that is not there yet, or empty.
fn project(folder: &Path) -> Result<(), Failure> {
    let refuse = |problem: &str| {
        Failure::input(format!(
            "{}: {problem}; valid: a folder that is not there yet, or an empty one",
            folder.display()
        ))
    };
    match fs::read_dir(folder) {
        Ok(mut entries) => {
            if entries.next().is_some() {
                return Err(refuse("is not empty"));
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            // a link that leads nowhere is there all the same
            if folder.is_symlink() {
                return Err(refuse("is a link that leads nowhere"));
            }
        }
        Err(_) if folder.exists() => return Err(refuse("is not a folder that can be read")),
        Err(error) => return Err(refuse(&error.to_string())),
    }
    let mut files: Vec<(PathBuf, String)> =
        FILES.iter().map(|(path, text)| (PathBuf::from(path), text.replace("@id@", FIRST))).collect();
    files.extend(figure_files(FIRST, &format!("\n{CLAIM}")));
    write(folder, &files)?;
    let shown = folder.display();
    Ok(writeln!(std::io::stdout(), "{shown}: a project with one figure; `redistill run --root {shown}` makes it")?)
}

/// Adds a figure to a project. Its claim is commented out: which there are to decide is the project's affair.
fn figure(root: &Path, id: &str) -> Result<(), Failure> {
    spec::figure_id(id)
        .map_err(|valid| Failure::input(format!("`{}` is no id of a figure; valid: {valid}", spec::clip(id, 64))))?;
    let figures = root.join("figures");
    if !figures.is_dir() {
        let problem = "no folder of figures here; valid: a project, as `redistill new DIR` makes one";
        return Err(Failure::input(format!("{}: {problem}", figures.display())));
    }
    let folder = figures.join(id);
    if folder.exists() || folder.is_symlink() {
        return Err(Failure::input(format!("{}: is there already; valid: an id of its own", folder.display())));
    }
    let commented: String = CLAIM.lines().map(|line| format!("# {}\n", line.trim_start_matches("# "))).collect();
    write(root, &figure_files(id, &format!("\n{commented}")))?;
    Ok(writeln!(std::io::stdout(), "{}: a figure; `redistill run {id}` makes it", folder.display())?)
}

/// The two files of a figure.
fn figure_files(id: &str, claim: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new("figures").join(id);
    vec![
        (folder.join("figure.toml"), format!("{}{claim}", FIGURE.replace("@id@", id))),
        (folder.join("text.md"), TEXT.to_owned()),
    ]
}

fn write(root: &Path, files: &[(PathBuf, String)]) -> Result<(), Failure> {
    for (path, text) in files {
        let path = root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| Failure::failed(format!("{}: {error}", folder.display())))?;
        }
        pipeline::write(&path, text.as_bytes())?;
    }
    Ok(())
}
