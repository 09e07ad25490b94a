//! # redistill-core
//!
//! Who learns from whom on a mixture of two Gaussian clouds, and what comes of it: by replica theory and by
//! experiment at finite N. No file, clock, environment or terminal is touched here.
//!
//! | module | what it is | may use |
//! |---|---|---|
//! | [`numerics`] | Brent's methods, small symmetric matrices, vectors of numbers | nothing |
//! | [`model`] | the mixture, the learners, the loss, Bayes bounds, thresholds | `numerics` |
//! | [`theory`] | fixed points of the order parameters, certified | `model`, `numerics` |
//! | [`experiment`] | data at finite N, fits run to a certificate | `model` |
//! | `chunk` | answers of both arms as bytes that a run keeps, behind the feature of that name | all of the above |
//!
//! Theory and experiment never meet here, or their agreement would be no evidence.
//!
//! # A point
//!
//! A student of soft labels, solved and simulated:
//!
#![cfg_attr(feature = "experiment", doc = "```")]
#![cfg_attr(not(feature = "experiment"), doc = "```ignore")]
//! use redistill_core::experiment::{Protocol, Sampling, lineage::run, summarise};
//! use redistill_core::model::{Lineage, Mixture};
//! use redistill_core::theory::lineage::{Status, solve};
//!
//! let mixture = Mixture { alpha: 2.5, eta: 0.5, delta: 1.0, rho: 0.2 };
//! let lineage = Lineage::distilled(&mixture, 0.1, 0.0, 1e-3, 1.0, 1.0);
//! let solution = solve(&lineage)?;
//! assert_eq!(solution.status(), Status::Converged);
//! let theory = solution.stages[1].eg;
//!
//! let protocol = Protocol { n: 200, sampling: Sampling::Stratified, seed: 1 };
//! let mut errors = Vec::new();
//! for replicate in 0..8 {
//!     let trial = run(&lineage, replicate, &protocol, &|| false)?;
//!     errors.push(trial.stages[1].measured.as_ref().expect("a fit that converged").test_error);
//! }
//! let mean = summarise(&errors).mean.expect("eight fits");
//! assert!((mean - theory).abs() < 0.05 * theory, "{mean} at N = 200, {theory} in the limit");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Programs of a page each are in `core/examples`: a point in both arms, a sweep as CSV, rounds of self-distillation.

/// The examples of the page on using this crate.
#[cfg(all(doctest, feature = "experiment"))]
#[doc = include_str!("../README.md")]
pub struct Readme;

#[cfg(feature = "chunk")]
pub mod chunk;
#[cfg(feature = "experiment")]
pub mod experiment;
pub mod model;
pub mod numerics;
pub mod theory;
