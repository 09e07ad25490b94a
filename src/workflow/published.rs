//! The published curves: readings of the paper's vector figures, good to about 1e-4.

use std::collections::BTreeMap;
use std::path::Path;

use super::ProjectError;

/// Vertices of the published curves by (figure, curve) as named in the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PublishedCurves {
    vertices: BTreeMap<(String, String), Vec<(f64, f64)>>,
}

impl PublishedCurves {
    /// Reads `figure,curve,x,y` lines after a header; an absent file has no curves.
    ///
    /// # Errors
    /// The first line that is not of that form, or an unreadable file.
    pub fn read(path: &Path) -> Result<Self, ProjectError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(ProjectError::Unreadable { path: path.to_owned(), reason: error.to_string() }),
        };
        let mut vertices: BTreeMap<(String, String), Vec<(f64, f64)>> = BTreeMap::new();
        for (index, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.is_empty()) {
            let malformed = || ProjectError::Malformed {
                path: path.to_owned(),
                line: index + 1,
                found: line.to_owned(),
                valid: "figure,curve,x,y",
            };
            let fields: Vec<&str> = line.split(',').collect();
            let [figure, curve, x, y] = fields[..] else { return Err(malformed()) };
            let vertex = (x.parse().map_err(|_| malformed())?, y.parse().map_err(|_| malformed())?);
            vertices.entry((figure.to_owned(), curve.to_owned())).or_default().push(vertex);
        }
        Ok(Self { vertices })
    }

    /// The vertices of one curve, none if it is not there.
    #[must_use]
    pub fn curve(&self, figure: &str, curve: &str) -> &[(f64, f64)] {
        self.vertices.get(&(figure.to_owned(), curve.to_owned())).map_or(&[], Vec::as_slice)
    }
}
