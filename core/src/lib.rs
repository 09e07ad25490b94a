//! # redistill-core
//!
//! Who learns from whom on a mixture of two Gaussian clouds, and what comes of it: by replica theory and by
//! experiment at finite N. No file, clock, environment or terminal is touched here.
//!
//! | module | what it is | may use |
//! |---|---|---|
//! | [`numerics`] | graded quadrature, Anderson acceleration, Brent's methods | nothing |
//! | [`model`] | the mixture, the learners, the loss, Bayes bounds, thresholds | `numerics` |
//! | [`theory`] | fixed points of the order parameters, certified | `model`, `numerics` |
//! | [`experiment`] | data at finite N, fits run to a certificate | `model` |
//!
//! Theory and experiment never meet here, or their agreement would be no evidence.

/// The examples of the page on using this crate.
#[cfg(all(doctest, feature = "experiment"))]
#[doc = include_str!("../README.md")]
pub struct Readme;

#[cfg(feature = "experiment")]
pub mod experiment;
pub mod model;
pub mod numerics;
pub mod theory;
