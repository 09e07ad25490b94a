//! What a run keeps of its work: the answers of theory along a curve, and trials, each with the question it answers.
//!
//! The bytes of a chunk are made here from nothing but the question, so that a run may key them by the digest of this
//! crate, of what it uses and of the question. A chunk holds that last digest: who reads it asks the same question
//! or is refused, and carrying chunks about needs no trust.

mod sweep;
mod trials;

use std::error;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use sweep::{Place, Solved, Sweep, as_drawn, solve_point};
pub use trials::{Trained, Trials, Tuned, train};

/// Why there is no chunk, or no answer in it.
pub type Failure = Box<dyn error::Error + Send + Sync>;

/// The digest of a question.
///
/// # Panics
/// Never on the questions of this module, which all have a form in MessagePack.
#[must_use]
pub fn question(asked: &impl Serialize) -> String {
    let bytes = rmp_serde::to_vec_named(asked).expect("a question has a form in MessagePack");
    blake3::hash(&bytes).to_hex().as_str().to_owned()
}

#[derive(Serialize, Deserialize)]
struct Kept<A> {
    /// Its digest.
    question: String,
    answer: A,
}

/// A chunk: the answer to a question, as bytes. Numbers keep their bits.
///
/// # Errors
/// None that the answers of this module give.
pub fn write(asked: &impl Serialize, answer: &impl Serialize) -> Result<Vec<u8>, Failure> {
    Ok(rmp_serde::to_vec_named(&Kept { question: question(asked), answer })?)
}

/// The answer that a chunk holds to this question.
///
/// # Errors
/// The bytes are no chunk, or answer another question.
pub fn read<A: DeserializeOwned>(bytes: &[u8], asked: &impl Serialize) -> Result<A, Failure> {
    let kept: Kept<A> = rmp_serde::from_slice(bytes)?;
    if kept.question != question(asked) {
        return Err("the chunk answers another question".into());
    }
    Ok(kept.answer)
}
