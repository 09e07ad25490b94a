//! How data sets come about, and the streams of random numbers they are made of, each from a seed that depends on the
//! data's own parameters only.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};

/// What is left to chance in a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sampling {
    /// Class counts are round(ρM) and M − round(ρM), and v = (1, …, 1), so that |v|² = N and the
    /// student's share of it is ηN exactly. Averages over data sets keep their limit; what fluctuates
    /// less is only what the paper lets fluctuate at order 1/√N.
    ///
    /// That v is the vector of ones costs no generality: z is invariant under rotations of the first
    /// ηN features among themselves and of the others among themselves, and such rotations carry any v
    /// with the same two norms to this one.
    Stratified,
    /// Labels are drawn one by one and v ~ N(0, I), as in the paper.
    Iid,
}

impl Sampling {
    /// Its name in keys, tables and project files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stratified => "stratified",
            Self::Iid => "iid",
        }
    }
}

/// How a data set comes about, apart from the mixture it samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Protocol {
    /// N, the number of features.
    pub n: usize,
    /// What is left to chance.
    pub sampling: Sampling,
    /// The root seed, from which every data set derives its own.
    pub seed: u64,
}

/// Independent streams of random numbers of one data set.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stream {
    Noise = 0,
    Labels = 1,
    Centre = 2,
    Teacher = 3,
    /// Which labels are flipped.
    Flips = 4,
    /// Which rows of a table are taken.
    Rows = 5,
    /// The first of the streams of further teachers, one each.
    FurtherTeachers = 16,
}

/// The seed of a data set: a hash of the root seed and of all that fixes its distribution, the ratio α, the variance Δ, the
/// weight ρ and what `more` adds where it is not at its default.
///
/// Neither the features in use nor the learner enters, so that curves which differ in them share their data and their
/// difference is free of the fluctuation that they share. 63 bits, to fit a signed column.
pub(super) fn seed_of(
    parameters: [f64; 3],
    replicate: u32,
    protocol: &Protocol,
    more: impl FnOnce(&mut blake3::Hasher),
) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"data set");
    hasher.update(&protocol.seed.to_le_bytes());
    for parameter in parameters {
        hasher.update(&parameter.to_bits().to_le_bytes());
    }
    hasher.update(&(protocol.n as u64).to_le_bytes());
    hasher.update(protocol.sampling.name().as_bytes());
    hasher.update(&replicate.to_le_bytes());
    more(&mut hasher);
    let mut seed = [0; 8];
    seed.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    u64::from_le_bytes(seed) >> 1
}

/// A stream of the data set with this seed.
pub(super) fn random(seed: u64, stream: Stream) -> ChaCha8Rng {
    numbered(seed, stream as u64)
}

/// The stream of a teacher that is independent of the data, counted from 0.
pub(super) fn teacher_stream(seed: u64, teacher: usize) -> ChaCha8Rng {
    match teacher {
        0 => random(seed, Stream::Teacher),
        _ => numbered(seed, Stream::FurtherTeachers as u64 + teacher as u64 - 1),
    }
}

fn numbered(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(stream);
    random
}
