//! The theory of lineages of one or two stages on isotropic data, for a page: numbers in, numbers out.
//!
//! A page writes the parameters where [`parameters`] points, calls [`solve`] or [`bounds`] and reads the answer where
//! [`answer`] points; of a refusal or a stage that does not converge, the reason stands in UTF-8 at [`reason`]. The
//! module imports nothing: no clock, no file, no random number. What each number means is told by [`Question`] and
//! [`told`], by which a machine asks and answers too.

#![allow(unsafe_code)]

mod question;

use std::cell::RefCell;

use redistill_core::model::lineage::LineageError;
use redistill_core::model::{Mixture, bayes, thresholds as exact};
use redistill_core::theory::lineage::{LineageSolution, StageSolution, Status, Warm, sketch, solve as certified};

pub use question::{PARAMETERS, Question};

/// Numbers told of a stage.
pub const PER_STAGE: usize = 8;
/// Numbers told at most.
pub const ANSWERS: usize = 2 * PER_STAGE + 1;

/// A stage is converged, or sketched.
const CONVERGED: f64 = 0.0;
/// A stage did not converge: its numbers are the best iterate.
const NOT_CONVERGED: f64 = 1.0;

/// Codes of [`solve`]: solved, the best iterate only, refused.
const SOLVED: i32 = 0;
const LOST: i32 = 1;
const REFUSED: i32 = 2;

/// What a page sees of this module, and where the last lineage asked in each slot was found.
#[derive(Default)]
struct Desk {
    parameters: [f64; PARAMETERS],
    answer: [f64; ANSWERS],
    reason: String,
    warm: Vec<Found>,
}

/// Where a lineage was found, and its parameters.
#[derive(Clone)]
struct Found {
    parameters: [f64; PARAMETERS],
    warm: Warm,
}

/// By what factor a parameter may differ between a lineage and one that it starts from: from farther away a start
/// costs more than none.
const NEAR: f64 = 2.0;

impl Found {
    /// The largest factor between its parameters and others; infinite where one of them is another's sign or 0.
    fn factor(&self, others: &[f64; PARAMETERS]) -> f64 {
        let apart = self.parameters.iter().zip(others).map(|(&a, &b)| if a == b { 1.0 } else { (a / b).max(b / a) });
        apart.fold(1.0, |most: f64, one| if one.is_finite() { most.max(one) } else { f64::INFINITY })
    }
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::default();
}

/// Slots at most: the points of a curve.
const SLOTS: usize = 4096;

/// Where the page writes the parameters, [`PARAMETERS`] doubles.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn parameters() -> *mut f64 {
    DESK.with_borrow_mut(|desk| desk.parameters.as_mut_ptr())
}

/// Where the page reads the answer, [`ANSWERS`] doubles.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn answer() -> *const f64 {
    DESK.with_borrow(|desk| desk.answer.as_ptr())
}

/// Where the reason of the last question stands.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn reason() -> *const u8 {
    DESK.with_borrow(|desk| desk.reason.as_ptr())
}

/// How many bytes the reason has; none where all went well.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn reason_length() -> usize {
    DESK.with_borrow(|desk| desk.reason.len())
}

/// Solves the lineage of the parameters: 0 if it converged, 1 if the answer is the best iterate, 2 if a parameter is
/// refused.
///
/// With a `slot`, a sketch is made from where the nearest of the last sketches of all slots was found, if that is near;
/// it is good for drawing. Without (−1) the lineage is solved from nothing to its certificate: the same numbers whatever was
/// asked before, and those that a machine finds, but for rounding.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn solve(slot: i32) -> i32 {
    DESK.with_borrow_mut(|desk| {
        let lineage = Question::read(&desk.parameters).lineage();
        let solution = match usize::try_from(slot) {
            Err(_) => certified(&lineage),
            Ok(slot) => {
                let slot = slot.min(SLOTS - 1);
                if desk.warm.len() <= slot {
                    let nothing = Found { parameters: [f64::NAN; PARAMETERS], warm: Warm::default() };
                    desk.warm.resize(slot + 1, nothing);
                }
                let factor = |found: &Found| found.factor(&desk.parameters);
                let nearest = desk.warm.iter().min_by(|one, other| factor(one).total_cmp(&factor(other)));
                let near = nearest.filter(|found| factor(found) <= NEAR);
                let warm = near.map_or_else(Warm::default, |found| found.warm.clone());
                let found = &mut desk.warm[slot];
                *found = Found { parameters: desk.parameters, warm };
                sketch(&lineage, &mut found.warm)
            }
        };
        let (code, numbers, reason) = told(&solution);
        (desk.answer, desk.reason) = (numbers, reason);
        code
    })
}

/// Forgets where lineages were found.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn forget() {
    DESK.with_borrow_mut(|desk| desk.warm.clear());
}

/// Bounds and thresholds of the data: the Bayes-optimal error on all features and on the student's share η, then, if
/// `thresholds` is not 0, α_S on all features and on η, and α_I = η. Those of labels that are flipped are NaN.
///
/// A student with samples of its own learns from its teacher's too, which are others; whoever had the labels of all of
/// them could not do better than the bound at the sum of both α, whatever of them the student is told.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn bounds(thresholds: i32) {
    DESK.with_borrow_mut(|desk| {
        let Question { alpha, fresh, delta, rho, label_noise, eta, .. } = Question::read(&desk.parameters);
        let mixture = Mixture { alpha: alpha + fresh, eta, delta, rho };
        desk.answer = [f64::NAN; ANSWERS];
        if mixture.validate().is_err() {
            return;
        }
        let all = mixture.all_features();
        if label_noise == 0.0 {
            desk.answer[0] = bayes::bound(&all);
            desk.answer[1] = bayes::bound(&mixture);
        }
        if label_noise == 0.0 && thresholds != 0 {
            desk.answer[2] = exact::separability(&all);
            desk.answer[3] = exact::separability(&mixture);
        }
        desk.answer[4] = exact::interpolation(&mixture);
    });
}

/// What [`solve`] says, leaves in the answer and gives as its reason: the sweeps it took, then of each stage
/// m, q, b, V, ε_g, S with the stage before, status (0 converged) and error.
#[must_use]
pub fn told(solution: &Result<LineageSolution, LineageError>) -> (i32, [f64; ANSWERS], String) {
    let mut numbers = [f64::NAN; ANSWERS];
    let solution = match solution {
        Ok(solution) => solution,
        Err(error) => return (REFUSED, numbers, error.to_string()),
    };
    numbers[0] = solution.sweeps as f64;
    for (own, stage) in numbers[1..].chunks_exact_mut(PER_STAGE).zip(&solution.stages) {
        let StageSolution { m, q, b, v, eg, status, error, .. } = *stage;
        let overlap = stage.s.last().copied().unwrap_or(f64::NAN);
        let status = match status {
            Status::Converged => CONVERGED,
            Status::NotConverged | Status::Undefined | Status::NotValid => NOT_CONVERGED,
        };
        own.copy_from_slice(&[m, q, b, v, eg, overlap, status, error]);
    }
    match solution.reason() {
        None => (SOLVED, numbers, String::new()),
        Some(reason) => (LOST, numbers, reason.to_owned()),
    }
}
