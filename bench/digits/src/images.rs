//! The images as the package holds them: IDX files, whose numbers are big-endian.

use std::fs;
use std::path::Path;

use ndarray::Array2;

use crate::Failure;

/// Images and labels: the training set, and the test set after it.
const FILES: [(&str, &str); 2] =
    [("train-images-idx3-ubyte", "train-labels-idx1-ubyte"), ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")];

/// Images, a row each, and the digits they show.
pub struct Images {
    pixels: Array2<u8>,
    digits: Vec<u8>,
}

/// Two classes of images.
pub struct TwoClasses {
    /// Grey values, whole numbers from 0 to 255; a row an image.
    pub x: Array2<f64>,
    /// y = ±1.
    pub y: Vec<f64>,
}

impl Images {
    /// Reads the four files in a folder.
    pub fn read(folder: &Path) -> Result<Self, Failure> {
        let mut pixels = Vec::new();
        let mut digits = Vec::new();
        let mut size = 0;
        for (images, labels) in FILES {
            let (shape, values) = idx(&folder.join(images))?;
            size = shape[1..].iter().product();
            pixels.extend(values);
            digits.extend(idx(&folder.join(labels))?.1);
        }
        Ok(Self { pixels: Array2::from_shape_vec((digits.len(), size), pixels)?, digits })
    }

    /// The images whose digit has a class.
    pub fn two_classes(&self, class: fn(u8) -> Option<f64>) -> TwoClasses {
        let members = self.digits.iter().enumerate().filter_map(|(i, digit)| Some((i, class(*digit)?)));
        let (rows, y): (Vec<usize>, Vec<f64>) = members.unzip();
        let grey = |(i, j): (usize, usize)| f64::from(self.pixels[[rows[i], j]]);
        TwoClasses { x: Array2::from_shape_fn((rows.len(), self.pixels.ncols()), grey), y }
    }
}

/// Shape and values of an IDX file of bytes.
fn idx(path: &Path) -> Result<(Vec<usize>, Vec<u8>), Failure> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let wrong = || format!("{}: not an IDX file of bytes", path.display());
    let [0, 0, 8, dimensions] = *bytes.first_chunk().ok_or_else(wrong)? else { return Err(wrong().into()) };
    let (head, values) = bytes[4..].split_at_checked(4 * usize::from(dimensions)).ok_or_else(wrong)?;
    let number = |bytes: &[u8]| bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte));
    let shape: Vec<usize> = head.chunks_exact(4).map(number).collect();
    if shape.iter().product::<usize>() != values.len() {
        return Err(wrong().into());
    }
    Ok((shape, values.to_vec()))
}
