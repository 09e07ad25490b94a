//! Profiles: how large the experiments of a run are.

use std::fmt;

use thiserror::Error;

use crate::experiment::{Protocol, Sampling};
pub use crate::spec::{FEWEST_FEATURES, MOST_FEATURES};

/// The size of a run's experiments. Theory is the same in every profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Its name on the command line.
    pub name: String,
    /// N, features.
    pub n: usize,
    /// R, independent data sets a point.
    pub replicates: u32,
    /// Data sets a chunk: what a kill can lose.
    pub chunk: u32,
    /// How the data are drawn.
    pub sampling: Sampling,
    /// Root seed.
    pub seed: u64,
}

/// Root seed of every built-in profile: the arXiv number of the paper.
pub const SEED: u64 = 201_200_194;

/// Most data sets a point.
pub const MOST_REPLICATES: u32 = 10_000;
/// Chunks of a point at most: a plan holds every one of them.
const MOST_CHUNKS: u32 = 64;
/// Numbers of one data set at most (8 bytes each, so 3.2 GB of memory a thread).
pub const MOST_ELEMENTS: f64 = 4e8;

/// What is asked for in place of a profile's own sizes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Sizes {
    /// N, features.
    pub n: Option<usize>,
    /// R, independent data sets a point.
    pub replicates: Option<u32>,
    /// How the data are drawn.
    pub sampling: Option<Sampling>,
    /// Root seed.
    pub seed: Option<u64>,
}

/// A size beyond its bounds.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{value} is out of range; valid: {valid}")]
pub struct SizeError {
    /// Its key.
    pub key: &'static str,
    /// The value that was refused.
    pub value: String,
    /// What would be valid.
    pub valid: String,
}

impl Sizes {
    /// Checks every size against its bounds.
    ///
    /// # Errors
    /// The first that is out of them.
    pub fn check(&self) -> Result<(), SizeError> {
        let within = |key, value: Option<u64>, least: u64, most: u64| match value {
            Some(value) if !(least..=most).contains(&value) => {
                Err(SizeError { key, value: value.to_string(), valid: format!("an integer from {least} to {most}") })
            }
            _ => Ok(()),
        };
        within("n", self.n.map(|n| n as u64), FEWEST_FEATURES as u64, MOST_FEATURES as u64)?;
        within("replicates", self.replicates.map(u64::from), 1, u64::from(MOST_REPLICATES))?;
        // TOML has no larger integers, and a seed is to be the same from a file and from a flag
        within("seed", self.seed, 0, i64::MAX as u64)
    }
}

/// Largest N that is also run at four times its size.
const LARGEST_DOUBLED: usize = 1000;
/// The largest N that a figure may ask for, over the profile's own, and the most data sets below that.
const LARGEST_FACTOR: usize = 4;
const MOST_SMALL_SETS: u32 = 1000;

impl Profile {
    /// Names of the profiles, smallest first.
    pub const NAMES: [&'static str; 4] = ["smoke", "quick", "full", "paper"];

    /// The one that a command works at where nothing is said.
    pub const USUAL: &'static str = "quick";

    /// The profile of that name: `smoke` (N = 60, for trying out a figure), `quick` (what CI runs),
    /// `full` (N = 1000), `paper` (N = 4000 and 10 replicates, as printed).
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (n, replicates, chunk) = match name {
            "smoke" => (60, 4, 4),
            "quick" => (400, 16, 4),
            "full" => (1000, 10, 1),
            "paper" => (4000, 10, 1),
            _ => return None,
        };
        Some(Self { name: name.to_owned(), n, replicates, chunk, sampling: Sampling::Stratified, seed: SEED })
    }

    /// The profile with other sizes, under a name that tells them; the profile itself where they are its own.
    #[must_use]
    pub fn with(&self, sizes: &Sizes) -> Self {
        let resized = self.resized(&self.name, sizes);
        let mut name = self.name.clone();
        let changes = [
            (resized.n != self.n).then(|| format!("n{}", resized.n)),
            (resized.replicates != self.replicates).then(|| format!("replicates{}", resized.replicates)),
            (resized.sampling != self.sampling).then(|| resized.sampling.name().to_owned()),
            (resized.seed != self.seed).then(|| format!("seed{}", resized.seed)),
        ];
        for change in changes.into_iter().flatten() {
            name = format!("{name}-{change}");
        }
        if name == self.name { self.clone() } else { Self { name, ..resized } }
    }

    /// A profile of another name, with what is not asked for as it is here.
    pub(super) fn resized(&self, name: &str, sizes: &Sizes) -> Self {
        let n = sizes.n.unwrap_or(self.n);
        let replicates = sizes.replicates.unwrap_or(self.replicates);
        let even = f64::from(self.chunk) * (self.n as f64 / n as f64).powi(2);
        let chunk = (even as u32).max(replicates.div_ceil(MOST_CHUNKS)).clamp(1, replicates);
        let (sampling, seed) = (sizes.sampling.unwrap_or(self.sampling), sizes.seed.unwrap_or(self.seed));
        Self { name: name.to_owned(), n, replicates, chunk, sampling, seed }
    }

    /// The same profile at another N, with about as much work a chunk.
    #[must_use]
    pub fn at_size(&self, n: usize) -> Self {
        let chunk = f64::from(self.chunk) * (self.n as f64 / n as f64).powi(2);
        let least = self.replicates.div_ceil(MOST_CHUNKS);
        Self { n, chunk: (chunk as u32).max(least).clamp(1, self.replicates), ..self.clone() }
    }

    /// The profiles of the other sizes at which a point of a figure is run: of the sizes it names those that the
    /// profile affords, with as many data sets below N as cost what a point at N costs. Where it names none, twice and
    /// four times N, or half and a quarter where that would outgrow the machine.
    #[must_use]
    pub fn sizes(&self, named: &[usize]) -> Vec<Self> {
        let own = if self.n <= LARGEST_DOUBLED { [2 * self.n, 4 * self.n] } else { [self.n / 4, self.n / 2] };
        if named.is_empty() {
            return own.map(|n| self.at_size(n)).into();
        }
        let afforded = named.iter().filter(|&&n| n != self.n && n <= LARGEST_FACTOR * self.n.min(LARGEST_DOUBLED));
        let sized = |&n: &usize| {
            let even = f64::from(self.replicates) * (self.n as f64 / n as f64).powi(2);
            let replicates = (even as u32).min(MOST_SMALL_SETS).max(self.replicates);
            Self { replicates, ..self.clone() }.at_size(n)
        };
        afforded.map(sized).collect()
    }

    /// What the experiment arm needs to know of it.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        Protocol { n: self.n, sampling: self.sampling, seed: self.seed }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)
    }
}
