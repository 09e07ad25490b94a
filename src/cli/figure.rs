//! `figure`: one drawing of a figure in the format asked for, made first where it is stale.

use std::fs;
use std::io::{IsTerminal, Write};

use crate::pipeline;
use crate::workflow::View;

use super::Failure;
use super::args::Common;
use super::make::{Settings, make};
use super::show_args::{FigureOptions, Paint, Shown};
use super::target;

/// Writes one drawing to a file or to stdout.
pub(super) fn figure(common: &Common, options: &FigureOptions) -> Result<(), Failure> {
    let mut stdout = std::io::stdout();
    if options.format != Paint::Svg && !cfg!(feature = "pictures") {
        return Err(Failure::input(
            "--format pdf and png need the feature `pictures`, which this redistill was built without; valid here: svg",
        ));
    }
    if options.to.is_none() && options.format != Paint::Svg && stdout.is_terminal() {
        return Err(Failure::input("a picture is no text for a terminal; name a file with --to FILE"));
    }
    let (workflow, folders) = common.workflow()?;
    let id = target::figure(&workflow, &options.figure)?;
    make(&workflow, &folders, &Settings { targets: vec![format!("figure/{id}")], ..Settings::default() })?;
    let view = match options.view {
        Shown::Overlay => View::Overlay,
        Shown::Theory => View::Theory,
        Shown::Experiment => View::Experiment,
        Shown::Residuals => View::Residuals,
    };
    let svg = fs::read_to_string(folders.out.join(view.path(&id)))?;
    let bytes = painted(svg, options)?;
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
fn painted(svg: String, options: &FigureOptions) -> Result<Vec<u8>, Failure> {
    use super::show_args::ThemeName;
    use crate::plot::{self, Format, Theme};

    let theme = match options.theme {
        ThemeName::Light => Theme::Light,
        ThemeName::Dark => Theme::Dark,
    };
    let format = match options.format {
        Paint::Svg => return Ok(svg.into_bytes()),
        Paint::Pdf => Format::Pdf,
        Paint::Png => Format::Png { scale: options.scale },
    };
    plot::convert(&svg, format, theme).map_err(Failure::input)
}

/// Every other format has been refused already.
#[cfg(not(feature = "pictures"))]
fn painted(svg: String, _: &FigureOptions) -> Result<Vec<u8>, Failure> {
    Ok(svg.into_bytes())
}
