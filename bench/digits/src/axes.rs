//! Images in the principal axes of their pooled covariance within the classes.

use nalgebra::{DMatrix, SymmetricEigen};
use ndarray::{Array1, Array2, Axis};

use crate::images::TwoClasses;

/// Axes with less variance than this, grey values running from 0 to 1, are left out: there the images do not differ
/// but for a few pixels at the rim.
const NULL: f64 = 1e-6;

/// The images in their principal axes, the largest variance first, each axis turned so that class +1 has the larger
/// mean on it.
pub fn principal(images: &TwoClasses) -> Array2<f64> {
    let TwoClasses { x, y } = images;
    let pixels = x.ncols();
    let mut scatter: Array2<f64> = Array2::zeros((pixels, pixels));
    let mut half: Array1<f64> = Array1::zeros(pixels);
    for class in [1.0, -1.0] {
        let members: Vec<usize> = (0..y.len()).filter(|i| y[*i] == class).collect();
        let count = members.len() as f64;
        let x = x.select(Axis(0), &members);
        let sum = x.sum_axis(Axis(0));
        // grey values are whole numbers and their sums below 2⁵³, so these are exact in any order
        let squares = x.t().dot(&x) * count;
        let means = Array2::from_shape_fn((pixels, pixels), |(i, j)| sum[i] * sum[j]);
        scatter += &((squares - means) / count);
        half += &(sum * (class / (2.0 * count)));
    }
    let (variance, vectors) = eigen(&(scatter / (y.len() - 2) as f64));
    let mut order: Vec<usize> = (0..pixels).filter(|axis| variance[*axis] > NULL * 255.0 * 255.0).collect();
    order.sort_by(|a, b| variance[*b].total_cmp(&variance[*a]));
    let mut axes = vectors.select(Axis(1), &order);
    for mut axis in axes.axis_iter_mut(Axis(1)) {
        if axis.dot(&half) < 0.0 {
            axis *= -1.0;
        }
    }
    x.dot(&axes)
}

/// Eigenvalues and eigenvectors, a column each, of a symmetric matrix.
pub fn eigen(matrix: &Array2<f64>) -> (Array1<f64>, Array2<f64>) {
    let n = matrix.nrows();
    let SymmetricEigen { eigenvalues, eigenvectors } =
        SymmetricEigen::new(DMatrix::from_fn(n, n, |i, j| matrix[[i, j]]));
    (Array1::from_shape_fn(n, |i| eigenvalues[i]), Array2::from_shape_fn((n, n), |(i, j)| eigenvectors[(i, j)]))
}
