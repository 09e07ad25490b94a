//! Spectra that a figure names by files.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};

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
    // curves of a figure have few spectra between them: each file is read once
    let mut read: BTreeMap<PathBuf, Spectrum> = BTreeMap::new();
    for (key, data) in own.chain(curves) {
        let Some(Spectrum::File(file)) = &data.spectrum else { continue };
        let spectrum = match read.entry(folder.join(file)) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(new) => match read_spectrum(new.key()) {
                Ok(spectrum) => new.insert(spectrum).clone(),
                Err(problem) => {
                    let valid = "a Parquet file with the columns variance and mean, a row a feature";
                    return check.that(false, format!("{key}.spectrum"), problem, valid);
                }
            },
        };
        data.spectrum = Some(spectrum);
    }
    Ok(())
}
