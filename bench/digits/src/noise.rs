//! What stands in for the images: the same class means, with other noise about them.

use ndarray::{Array1, Array2, Axis};
use ndarray_rand::RandomExt;
use ndarray_rand::rand_distr::StandardNormal;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use crate::axes::eigen;

/// Where the noise about the class means comes from. Its pooled covariance is that of the images in every case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noise {
    /// The images themselves.
    Images,
    /// That of an image of either class: the classes differ in their means alone.
    Exchanged,
    /// That of an image of the same class, its sign left to chance: it is as likely to point to the other class as
    /// away from it.
    RandomSign,
    /// That of an image of either class, turned round where the class is not its own: what points to the other class
    /// still does.
    Mirrored,
    /// On each axis that of an image of the same class of its own: the axes do not know each other.
    Shuffled,
    /// Gaussian with each class's own covariance.
    ClassCovariance,
    /// Gaussian with the pooled covariance: what the theory is about.
    Gaussian,
}

/// All but the images.
pub const OTHERS: [Noise; 6] =
    [Noise::Mirrored, Noise::Exchanged, Noise::RandomSign, Noise::Shuffled, Noise::ClassCovariance, Noise::Gaussian];

impl Noise {
    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Images => "images",
            Self::Exchanged => "exchanged",
            Self::Mirrored => "mirrored",
            Self::RandomSign => "random-sign",
            Self::Shuffled => "shuffled",
            Self::ClassCovariance => "class-covariance",
            Self::Gaussian => "gaussian",
        }
    }
}

/// Images as class means and noise.
pub struct Split {
    /// The labels, ±1.
    pub y: Vec<f64>,
    /// The means of class +1 and of class −1.
    pub means: [Array1<f64>; 2],
    /// What is left when each image's class mean is taken away.
    pub noise: Array2<f64>,
    /// Square roots of the covariances of class +1, of class −1 and of both.
    roots: [Array2<f64>; 3],
}

impl Split {
    /// Takes images apart.
    pub fn new(x: &Array2<f64>, y: Vec<f64>) -> Self {
        let means = CLASSES.map(|class| mean(x, &y, class));
        let mut noise = x.clone();
        noise.axis_iter_mut(Axis(0)).zip(&y).for_each(|(mut row, y)| row -= &means[usize::from(*y < 0.0)]);
        let scatter = CLASSES.map(|class| {
            let rows = noise.select(Axis(0), &members(&y, class));
            rows.t().dot(&rows)
        });
        let count = y.len() as f64;
        let pooled = root(&((&scatter[0] + &scatter[1]) / count));
        let own = |k: usize| root(&(&scatter[k] / members(&y, CLASSES[k]).len() as f64));
        let roots = [own(0), own(1), pooled];
        Self { y, means, noise, roots }
    }

    /// As many samples as images, with their labels, their class means and this noise.
    pub fn samples(&self, noise: Noise, seed: u64) -> Array2<f64> {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut rows = match noise {
            Noise::Images => self.noise.clone(),
            Noise::Exchanged => self.noise.select(Axis(0), &shuffled((0..self.y.len()).collect(), &mut chance)),
            Noise::Mirrored => {
                let donors = shuffled((0..self.y.len()).collect(), &mut chance);
                let mut rows = self.noise.select(Axis(0), &donors);
                for ((mut row, donor), y) in rows.axis_iter_mut(Axis(0)).zip(donors).zip(&self.y) {
                    row *= y * self.y[donor];
                }
                rows
            }
            Noise::RandomSign => {
                let mut rows = self.noise.clone();
                for mut row in rows.axis_iter_mut(Axis(0)) {
                    row *= if chance.next_u64() >> 63 == 1 { -1.0 } else { 1.0 };
                }
                rows
            }
            Noise::Shuffled => {
                let mut rows = self.noise.clone();
                for class in CLASSES {
                    let members = members(&self.y, class);
                    for (mut column, given) in rows.axis_iter_mut(Axis(1)).zip(self.noise.axis_iter(Axis(1))) {
                        let others = shuffled(members.clone(), &mut chance);
                        members.iter().zip(others).for_each(|(row, other)| column[*row] = given[other]);
                    }
                }
                rows
            }
            Noise::ClassCovariance => {
                let z = Array2::random_using(self.noise.dim(), StandardNormal, &mut chance);
                let mut rows = Array2::zeros(z.dim());
                for (class, root) in CLASSES.into_iter().zip(&self.roots) {
                    let members = members(&self.y, class);
                    let drawn = z.select(Axis(0), &members).dot(root);
                    members
                        .iter()
                        .zip(drawn.axis_iter(Axis(0)))
                        .for_each(|(row, drawn)| rows.row_mut(*row).assign(&drawn));
                }
                rows
            }
            Noise::Gaussian => Array2::random_using(self.noise.dim(), StandardNormal, &mut chance).dot(&self.roots[2]),
        };
        let own_means = CLASSES.map(|class| mean(&rows, &self.y, class));
        for (mut row, y) in rows.axis_iter_mut(Axis(0)).zip(&self.y) {
            let class = usize::from(*y < 0.0);
            row += &self.means[class];
            // chance has moved the means: they are put back, so that all sets have those of the images
            row -= &own_means[class];
        }
        rows
    }
}

const CLASSES: [f64; 2] = [1.0, -1.0];

fn members(y: &[f64], class: f64) -> Vec<usize> {
    (0..y.len()).filter(|i| y[*i] == class).collect()
}

fn mean(x: &Array2<f64>, y: &[f64], class: f64) -> Array1<f64> {
    let members = members(y, class);
    members.iter().fold(Array1::zeros(x.ncols()), |sum, i| sum + x.row(*i)) / members.len() as f64
}

/// Rows in random order.
fn shuffled(mut rows: Vec<usize>, chance: &mut ChaCha8Rng) -> Vec<usize> {
    for last in (1..rows.len()).rev() {
        rows.swap(last, (chance.next_u64() % (last as u64 + 1)) as usize);
    }
    rows
}

/// The symmetric root of a covariance, whose eigenvalues are negative by rounding only.
fn root(covariance: &Array2<f64>) -> Array2<f64> {
    let (values, vectors) = eigen(covariance);
    (&vectors * &values.mapv(|value| value.max(0.0).sqrt())).dot(&vectors.t())
}
