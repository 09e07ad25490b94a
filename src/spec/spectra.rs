//! Spectra that a figure names by files.

use std::path::Path;

use super::lineage::read_spectrum;
use super::rules::Check;
use super::{Figure, SpecError};
use crate::model::lineage::Spectrum;

/// Puts the tables of spectra that are named by files in their places; the files are sought from the figure's folder.
pub(super) fn read_spectra(figure: &mut Figure, path: &Path) -> Result<(), SpecError> {
    let check = Check { path };
    let folder = figure.folder.clone();
    let own = std::iter::once(("data".to_owned(), &mut figure.data));
    let curves = figure.curves.iter_mut().enumerate();
    let curves = curves.map(|(index, curve)| (format!("curve[{index}] (`{}`).data", curve.id), &mut curve.data));
    for (key, data) in own.chain(curves) {
        let Some(Spectrum::File(file)) = &data.spectrum else { continue };
        match read_spectrum(&folder.join(file)) {
            Ok(spectrum) => data.spectrum = Some(spectrum),
            Err(problem) => {
                let valid = "a Parquet file with the columns variance and mean, a row a feature";
                check.that(false, format!("{key}.spectrum"), problem, valid)?;
            }
        }
    }
    Ok(())
}
