//! `figure`: one drawing of a figure in the format asked for, made first where it is stale.

use std::fs;
use std::io::{IsTerminal, Write};
use std::path::Path;

use clap::ValueEnum;

use crate::pipeline;
use crate::workflow::{Output, View};

use super::Failure;
use super::args::Common;
use super::make::look;
use super::show_args::{FigureOptions, Paint, Shown};
use super::target;

#[cfg(feature = "pictures")]
/// Pixels of a PNG to a displayed pixel, where nothing is said of them.
const SCALE: f64 = 2.0;

/// The format that the end of a file's name stands for.
fn named(path: &Path) -> Option<Paint> {
    let end = path.extension()?.to_str()?;
    Paint::value_variants()
        .iter()
        .copied()
        .find(|paint| paint.to_possible_value().is_some_and(|p| p.matches(end, true)))
}

fn name(paint: Paint) -> &'static str {
    match paint {
        Paint::Svg => "svg",
        Paint::Pdf => "pdf",
        Paint::Png => "png",
    }
}

impl FigureOptions {
    /// The format: what --format says, else the name of the file, which may not contradict each other.
    fn paint(&self) -> Result<Paint, Failure> {
        let Some(path) = &self.to else { return Ok(self.format.unwrap_or(Paint::Svg)) };
        let shown = path.display();
        match (self.format, named(path)) {
            (Some(format), Some(named)) if format != named => Err(Failure::input(format!(
                "--format {}: contradicts the name {shown}; valid: one of the two, or --format {}",
                name(format),
                name(named)
            ))),
            (Some(paint), _) | (None, Some(paint)) => Ok(paint),
            (None, None) if path.extension().is_none() => Ok(Paint::Svg),
            (None, None) => Err(Failure::input(format!(
                "--to {shown}: the name does not say in which format; valid: a name in .svg, .pdf or .png, or --format"
            ))),
        }
    }

    /// Refuses what has no effect on a picture of this format.
    #[cfg(feature = "pictures")]
    fn refuse_idle_flags(&self, paint: Paint) -> Result<(), Failure> {
        let idle = match paint {
            Paint::Svg if self.theme.is_some() => Some(("theme", "an SVG follows its reader; valid with pdf, png")),
            Paint::Svg | Paint::Pdf if self.scale.is_some() => Some(("scale", "only pixels have one; valid with png")),
            Paint::Svg | Paint::Pdf | Paint::Png => None,
        };
        match idle {
            None => Ok(()),
            Some((flag, why)) => Err(Failure::input(format!("--{flag}: has no effect on {}: {why}", name(paint)))),
        }
    }
}

/// Refuses a file in a folder that is not there: a name mistyped makes no folders.
pub(super) fn in_a_folder(flag: &str, path: &Path) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if folder.is_dir() {
        return Ok(());
    }
    let (shown, folder) = (path.display(), folder.display());
    Err(Failure::input(format!(
        "--{flag} {shown}: there is no folder {folder}; valid: a file in a folder that is there"
    )))
}

/// Writes one drawing to a file or to stdout.
pub(super) fn figure(common: &Common, options: &FigureOptions) -> Result<(), Failure> {
    let mut stdout = std::io::stdout();
    let paint = options.paint()?;
    #[cfg(feature = "pictures")]
    options.refuse_idle_flags(paint)?;
    if paint != Paint::Svg && !cfg!(feature = "pictures") {
        return Err(Failure::input(
            "--format pdf and png need the feature `pictures`, which this redistill was built without; valid here: svg",
        ));
    }
    if options.to.is_none() && paint != Paint::Svg && stdout.is_terminal() {
        return Err(Failure::input("a picture is no text for a terminal; name a file with --to FILE"));
    }
    if let Some(path) = &options.to {
        in_a_folder("to", path)?;
    }
    let (workflow, folders) = common.workflow(&options.sizes)?;
    let id = target::figure(&workflow, &options.figure)?;
    let view = match options.view {
        Shown::Overlay => View::Overlay,
        Shown::Theory => View::Theory,
        Shown::Experiment => View::Experiment,
        Shown::Residuals => View::Residuals,
    };
    let output = Output::Drawing(&id, view);
    look(&workflow, &folders, output.stage())?;
    let drawn = folders.out.join(output.path());
    let svg = fs::read_to_string(&drawn).map_err(|error| Failure::failed(format!("{}: {error}", drawn.display())))?;
    let bytes = painted(svg, options, paint)?;
    match &options.to {
        None => Ok(stdout.write_all(&bytes)?),
        Some(path) => {
            pipeline::write(path, &bytes)?;
            Ok(writeln!(stdout, "{}", path.display())?)
        }
    }
}

/// A drawing in the format asked for.
#[cfg(feature = "pictures")]
fn painted(svg: String, options: &FigureOptions, paint: Paint) -> Result<Vec<u8>, Failure> {
    use super::show_args::ThemeName;
    use crate::plot::{self, Format, Theme};

    let theme = match options.theme {
        Some(ThemeName::Light) | None => Theme::Light,
        Some(ThemeName::Dark) => Theme::Dark,
    };
    let format = match paint {
        Paint::Svg => return Ok(svg.into_bytes()),
        Paint::Pdf => Format::Pdf,
        Paint::Png => Format::Png { scale: options.scale.unwrap_or(SCALE) },
    };
    plot::convert(&svg, format, theme).map_err(Failure::input)
}

/// Every other format has been refused already.
#[cfg(not(feature = "pictures"))]
fn painted(svg: String, _: &FigureOptions, _: Paint) -> Result<Vec<u8>, Failure> {
    Ok(svg.into_bytes())
}
