//! Eigenvalues of small symmetric matrices, by Jacobi's rotations.

/// Sweeps over all pairs; each squares what is left off the diagonal.
const MOST_SWEEPS: usize = 30;

/// The eigenvalues of a symmetric matrix in ascending order, each with its unit eigenvector.
#[must_use]
pub fn eigen(matrix: &[Vec<f64>]) -> Vec<(f64, Vec<f64>)> {
    let n = matrix.len();
    let mut a = matrix.to_vec();
    let mut v: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for _ in 0..MOST_SWEEPS {
        let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i][j].abs()).sum();
        if off == 0.0 || off.is_nan() {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                if a[p][q] == 0.0 {
                    continue;
                }
                let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
                let t = theta.signum() / (theta.abs() + libm::sqrt(theta * theta + 1.0));
                let c = 1.0 / libm::sqrt(t * t + 1.0);
                let s = t * c;
                for row in &mut a {
                    (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
                }
                let (above, below) = a.split_at_mut(q);
                for (x, y) in above[p].iter_mut().zip(&mut below[0]) {
                    (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
                }
                a[p][q] = 0.0;
                a[q][p] = 0.0;
                for row in &mut v {
                    (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
                }
            }
        }
    }
    let mut pairs: Vec<(f64, Vec<f64>)> = (0..n).map(|j| (a[j][j], v.iter().map(|row| row[j]).collect())).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvectors_are_only_stretched() {
        let matrix = [[2.0, -1.0, 0.5], [-1.0, 1e-3, 0.3], [0.5, 0.3, -4.0]].map(|row| row.to_vec());
        let pairs = eigen(&matrix);
        assert!(pairs.windows(2).all(|pair| pair[0].0 <= pair[1].0));
        for (value, vector) in &pairs {
            let norm: f64 = vector.iter().map(|x| x * x).sum();
            assert!((norm - 1.0).abs() < 1e-14);
            for (row, x) in matrix.iter().zip(vector) {
                let image: f64 = row.iter().zip(vector).map(|(a, x)| a * x).sum();
                assert!((image - value * x).abs() < 1e-13, "{pairs:?}");
            }
        }
    }
}
