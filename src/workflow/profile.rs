//! Profiles: how large the experiments of a run are.

use std::fmt;

use crate::experiment::{Protocol, Sampling};

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

/// Root seed of every profile: the arXiv number of the paper.
pub const SEED: u64 = 201_200_194;

/// Largest N that is also run at four times its size.
const LARGEST_DOUBLED: usize = 1000;

impl Profile {
    /// Names of the profiles, smallest first.
    pub const NAMES: [&'static str; 4] = ["smoke", "quick", "full", "paper"];

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

    /// The same profile at another N, with about as much work a chunk.
    #[must_use]
    pub fn at_size(&self, n: usize) -> Self {
        let chunk = f64::from(self.chunk) * (self.n as f64 / n as f64).powi(2);
        Self { n, chunk: (chunk as u32).clamp(1, self.replicates), ..self.clone() }
    }

    /// The other sizes at which a figure's `finite_size` points are run: twice and four times N, or half
    /// and a quarter where that would outgrow the machine.
    #[must_use]
    pub fn sizes(&self) -> [usize; 2] {
        if self.n <= LARGEST_DOUBLED { [2 * self.n, 4 * self.n] } else { [self.n / 4, self.n / 2] }
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
